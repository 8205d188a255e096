"""Compressed files, archives and documents: read as streams, nested, and never written to disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from freddy_guard.decode import limits
from freddy_guard.decode.archives import compressed, documents, packages, tarred, zipped
from freddy_guard.decode.archives.streams import Feed, Items, Stream
from freddy_guard.decode.kinds import HEAD, kind_of
from freddy_guard.decode.limits import Budget, LimitError

_FORMATS: dict[str, Callable[[Stream, Budget], Items]] = {
    "gzip": compressed.gzip,
    "zlib": compressed.zlibbed,
    "bzip2": compressed.bzip2,
    "xz": compressed.xz,
    "lzma": compressed.lzma_alone,
    "zstd": compressed.zstd,
    "tar": tarred.tar,
    "zip": zipped.zip_archive,
    "ar": packages.ar,
    "7z": packages.seven_zip,
    "pack": packages.pack,
    "png": documents.png,
    "pdf": documents.pdf,
}
_AS_STORED = frozenset(("tar", "ar"))  # what comes out was counted when it came in
_DOCUMENTS = frozenset(("png", "pdf"))  # of these we unpack some, and read the rest as it is


class Member(NamedTuple):
    """What came out: a stream, the decodings on the way to it, and its name in each archive."""

    stream: Stream
    via: tuple[str, ...] = ()
    name: tuple[str, ...] = ()


class Problem(NamedTuple):
    """What did not come out, and why."""

    name: tuple[str, ...]
    reason: str


def unpack(member: Member, budget: Budget, depth: int, *, kind: str | None = None) -> Iterator[Member | Problem]:
    """Yield the member itself if it is no archive, else everything in it, however deeply packed; and what failed.

    `depth` is how many more archives within each other are opened. `kind` says what it is where the first bytes do
    not: a program with a zip behind it. Raises LimitError.
    """
    head, member = _looked_into(member)
    kind = kind or kind_of(head)
    if kind is None:
        yield member
    elif depth == 0:
        yield Problem(member.name, f"more than {limits.DEPTH} archives within each other")
    elif kind not in _FORMATS:
        yield Problem(member.name, f"{kind} is not read")
    elif kind in _DOCUMENTS and depth < limits.DEPTH:
        yield from _document(kind, member, budget, depth)
    else:
        yield from _opened(kind, member, budget, depth)


def _looked_into(member: Member) -> tuple[bytes, Member]:
    """Return the first bytes, and the member with a stream that still has them."""
    if member.stream.file is not None:
        head = member.stream.file.read(HEAD)
        member.stream.file.seek(0)
        return head, member
    feed = Feed(member.stream.read)
    return feed.peek(HEAD), member._replace(stream=Stream(feed.read))


def _document(kind: str, member: Member, budget: Budget, depth: int) -> Iterator[Member | Problem]:
    feed = Feed(member.stream.read)
    with budget.held(feed.read, feed.push) as file:
        yield member._replace(stream=Stream(feed.read if file is None else file.read))
        if file is None:
            yield Problem(member.name, limits.too_large())
        else:
            file.seek(0)
            yield from _opened(kind, member._replace(stream=Stream(file.read, file)), budget, depth)


def _opened(kind: str, member: Member, budget: Budget, depth: int) -> Iterator[Member | Problem]:
    problems: list[Problem] = []
    try:
        for name, stream in _FORMATS[kind](member.stream, budget):
            budget.member()
            names = (*member.name, name) if name else member.name
            if isinstance(stream, str):
                problems.append(Problem(names, stream))
                continue
            note = partial(_note, problems, names, kind)
            read = budget.metered(stream.read, note, grows=kind not in _AS_STORED)
            yield from unpack(Member(Stream(read, stream.file), (*member.via, kind), names), budget, depth - 1)
    except LimitError:
        raise
    except Exception as error:  # the libraries raise a dozen kinds for the broken files of this world
        _note(problems, member.name, kind, error)
    yield from problems


def _note(problems: list[Problem], name: tuple[str, ...], kind: str, error: Exception) -> None:
    if "memory" in f"{type(error).__name__} {error}".lower():  # lzma and zstd say it in a text
        problem = Problem(name, f"{kind}: it needs more than {limits.DICTIONARY >> 20} MB of memory to unpack")
    else:
        problem = Problem(name, f"broken or cut off ({kind}: {type(error).__name__})")
    if problem not in problems[-1:]:
        problems.append(problem)

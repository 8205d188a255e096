"""Compressed files and archives, by their first bytes: read as streams, nested, and never written to disk."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO, NamedTuple

from freddy_guard.decode import limits
from freddy_guard.decode.limits import Budget, LimitError, filled

Read = Callable[[int], bytes]

HEAD = 1024  # bytes that tell a kind
_MAGIC = (
    ("gzip", 0, b"\x1f\x8b\x08"),
    ("zip", 0, b"PK\x03\x04"),
    ("zip", 0, b"PK\x05\x06"),
    ("bzip2", 4, b"1AY&SY"),
    ("xz", 0, b"\xfd7zXZ\x00"),
    ("tar", 257, b"ustar"),
    ("zstd", 0, b"\x28\xb5\x2f\xfd"),
    ("7z", 0, b"7z\xbc\xaf\x27\x1c"),
    ("rar", 0, b"Rar!\x1a\x07"),
    ("ar", 0, b"!<arch>\ndebian-binary"),  # a package; what a library holds is not packed and seen without us
    ("png", 0, b"\x89PNG\r\n\x1a\n"),
    ("pdf", 0, b"%PDF-"),
)


class Stream(NamedTuple):
    """Bytes to unpack: read forward, or as a file that can seek where the whole of it is at hand."""

    read: Read
    file: BinaryIO | None = None


class Member(NamedTuple):
    """What came out: a stream, the decodings on the way to it, and its name in each archive."""

    stream: Stream
    via: tuple[str, ...]
    name: tuple[str, ...]


class Problem(NamedTuple):
    """What did not come out, and why."""

    name: tuple[str, ...]
    reason: str


def kind_of(head: bytes) -> str | None:
    """Return the kind of archive that begins so, None for everything else."""
    for kind, offset, magic in _MAGIC:
        if head.startswith(magic, offset):
            return kind
    return None


def unpack(
    member: Member, budget: Budget, *, kind: str | None = None, depth: int = limits.DEPTH
) -> Iterator[Member | Problem]:
    """Yield the member itself if it is no archive, else everything in it, however deeply packed; and what failed.

    `kind` says what it is where the first bytes do not: a program with a zip behind it. Raises LimitError.
    """
    head, stream = _peek(member.stream)
    kind = kind or kind_of(head)
    if kind is None:
        yield member._replace(stream=stream)
    elif depth == 0:
        yield Problem(member.name, f"more than {limits.DEPTH} archives within each other")
    else:
        yield from _open(kind, member._replace(stream=stream), budget, depth)


def _open(kind: str, member: Member, budget: Budget, depth: int) -> Iterator[Member | Problem]:
    from freddy_guard.decode import formats

    problems: list[Problem] = []
    try:
        for name, stream in formats.FORMATS[kind](member.stream):
            budget.member()
            names = (*member.name, name) if name else member.name
            if isinstance(stream, str):
                yield Problem(names, stream)
                continue
            read = budget.metered(stream.read, partial(_note, problems, names, kind))
            inner = Member(Stream(read, stream.file), (*member.via, kind), names)
            yield from unpack(inner, budget, depth=depth - 1)
    except LimitError:
        raise
    except Exception as error:  # here too
        _note(problems, member.name, kind, error)
    yield from problems


def _note(problems: list[Problem], name: tuple[str, ...], kind: str, error: Exception) -> None:
    problems.append(Problem(name, f"broken or cut off ({kind}: {type(error).__name__})"))


def _peek(stream: Stream) -> tuple[bytes, Stream]:
    """Return the first bytes and a stream that still has them."""
    if stream.file is not None:
        head = stream.file.read(HEAD)
        stream.file.seek(0)
        return head, stream
    head = filled(stream.read, HEAD)
    return head, Stream(_Pushed(head, stream.read).read)


class _Pushed:
    """A reader with some bytes put back."""

    def __init__(self, head: bytes, read: Read) -> None:
        self._head, self._read = head, read

    def read(self, size: int) -> bytes:
        data, self._head = self._head[:size], self._head[size:]
        return data + self._read(size - len(data)) if len(data) < size else data


def as_file(stream: Stream) -> BinaryIO:
    """Return the stream as a file that can seek. Raises LimitError when it is too large to be held."""
    if stream.file is not None:
        return stream.file
    data = filled(stream.read, limits.IN_MEMORY + 1)
    if len(data) > limits.IN_MEMORY:
        raise LimitError(f"a member of more than {limits.IN_MEMORY >> 20} MB that must be read as a whole")
    return io.BytesIO(data)

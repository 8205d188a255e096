"""Streams objects out of a repository, and reads the raw form of commits, tags and trees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, NamedTuple

from freddy_guard.git.plumbing import Git, Stream
from freddy_guard.model import Coverage, Unread

KINDS = frozenset(("commit", "tag", "tree", "blob"))
_PROMISED = "from promisor remote"
LARGE = 16 << 20  # bytes: an object over this is handed out as a reader instead of as bytes


class Object:
    """One object: `data` holds it whole, or is None for a large blob, which `read(n)` then gives piece by piece.

    `kind` is blob, tree, commit or tag, `size` counts bytes.
    """

    __slots__ = ("_left", "_out", "data", "kind", "oid", "size")

    def __init__(self, oid: str, kind: str, size: int, data: bytes | None, out: IO[bytes] | None = None) -> None:
        self.oid, self.kind, self.size, self.data = oid, kind, size, data
        self._out, self._left = out, size if out else 0

    def read(self, size: int) -> bytes:
        """Return the next bytes of a large blob, at most `size`, none at its end."""
        data = self._out.read(min(size, self._left)) if self._out else b""
        self._left -= len(data)
        return data

    def drain(self) -> bool:
        """Read on to the end of a large blob. Returns whether it was all there."""
        while self._left:
            if not self.read(LARGE):
                return False
        return self._out is None or self._out.read(1) == b"\n"


class _OutOfStepError(Exception):
    """Git's answer is not as long as it said: what follows can't be told apart. The text is the object's id."""


def all_objects(git: Git, coverage: Coverage) -> Iterator[Object]:
    """Yield every object of the database and its alternates, reachable or not, in the order of the disk."""
    seen: set[str] = set()
    code, complaints = 0, list[str]()
    arguments = ("cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer")
    with git.stream(*arguments) as stream:
        try:
            for item in _parse(stream, coverage):
                seen.add(item.oid)
                yield item
            code, complaints = stream.finish()
        except _OutOfStepError as error:
            code = 1
            seen.discard(str(error))
    if code:
        # A corrupt pack ends the command: what is left is read object by object, around the damage.
        yield from _rest(git, seen, coverage)
    elif damage := [line for line in complaints if "uses promisor remotes" not in line]:
        coverage.unread.append(Unread("object database", damage[0]))


def all_commits(git: Git) -> Iterator[Object]:
    """Yield every commit of the database, reachable or not; those that cannot be read are left out."""
    arguments = ("cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)", "--unordered")
    with git.stream(*arguments, "--buffer") as stream:
        oids = [line[7:].decode("ascii").strip() for line in stream.out if line.startswith(b"commit ")]
        stream.finish()
    yield from some_objects(git, oids, Coverage())


def _rest(git: Git, seen: set[str], coverage: Coverage) -> Iterator[Object]:
    listing = git.attempt("cat-file", "--batch-all-objects", "--batch-check=%(objectname)", "--unordered")[1]
    left = [oid for oid in listing.decode("ascii").split() if oid not in seen]
    yield from some_objects(git, left, coverage)


def some_objects(git: Git, oids: Iterable[str], coverage: Coverage) -> Iterator[Object]:
    """Yield the objects named, in that order; those that are missing or corrupt are entered as unread."""
    left = list(dict.fromkeys(oids))
    while left:
        done = len(coverage.unread)
        at = 0
        # Without --buffer: everything before a corrupt object arrives before git dies of it.
        with git.stream("cat-file", "--batch", stdin=(f"{oid}\n".encode() for oid in left)) as stream:
            try:
                for item in _parse(stream, coverage):
                    at = left.index(item.oid, at) + 1
                    yield item
                code, complaints = stream.finish()
            except _OutOfStepError as error:
                at = left.index(str(error), max(at - 1, 0))
                code, complaints = 1, ["its size is not the one that git tells"]
        if not code:
            return
        at = _after_missing(left, at, coverage.unread[done:])
        reason = complaints[-1] if complaints else "git stopped reading"
        lost = _lost(git, left[at:], reason)
        coverage.unread += [Unread(f"object {oid}", why) for oid, why in lost.items()]
        left = [oid for oid in left[at:] if oid not in lost]


def _lost(git: Git, oids: Sequence[str], reason: str) -> dict[str, str]:
    """Return what cannot be read, and why, after git died of the first of these objects."""
    if _PROMISED in reason:
        # In a partial clone git would fetch what is missing, and dies of each object that it may not: find all at once.
        there = existing(git, oids)
        if lost := {oid: "was never fetched" for oid in oids if oid not in there}:
            return lost
    return dict.fromkeys(oids[:1], reason)


def existing(git: Git, oids: Iterable[str]) -> set[str]:
    """Return those of the objects that are in the database. Asks no remote for the others, as reading them would."""
    wanted, found = set(oids), set[str]()
    arguments = ("cat-file", "--batch-all-objects", "--batch-check=%(objectname)", "--unordered", "--buffer")
    with git.stream(*arguments) as stream:
        for line in stream.out:
            if (oid := line.decode("ascii", "replace").rstrip()) in wanted:
                found.add(oid)
        code, _ = stream.finish()
    return wanted if code else found


def kinds_of(git: Git, names: Sequence[str]) -> list[str]:
    """Return the kind of each object: commit, tag, tree or blob, "" for one that is missing or damaged."""
    kinds = []
    left = list(names)
    while left:
        asked = "".join(f"{name}\n" for name in left).encode()
        out = git.attempt("cat-file", "--batch-check=%(objecttype)", stdin=asked)[1].decode("ascii", "replace")
        answers = [line if line in KINDS else "" for line in out.splitlines()][: len(left)]
        kinds += answers or [""]  # git dies of some damage: what comes behind it is asked again
        left = left[max(1, len(answers)) :]
    return kinds


def _after_missing(oids: Sequence[str], at: int, entered: Sequence[Unread]) -> int:
    missing = {unread.what.rpartition(" ")[2] for unread in entered}
    while at < len(oids) and oids[at] in missing:
        at += 1
    return at


def _parse(stream: Stream, coverage: Coverage) -> Iterator[Object]:
    out, oid = stream.out, ""
    while header := out.readline():
        told = re.fullmatch(rb"([0-9a-f]{40,64}) (?:(blob|tree|commit|tag) ([0-9]{1,18})|(missing))\n", header)
        if not told:
            raise _OutOfStepError(oid)
        oid = told[1].decode()
        if told[4]:
            coverage.unread.append(Unread(f"object {oid}", "missing from the object database"))
            continue
        item = _object(out, oid, told[2].decode(), int(told[3]))
        yield item
        if not item.drain():
            raise _OutOfStepError(oid)


def _object(out: IO[bytes], oid: str, kind: str, size: int) -> Object:
    if size > LARGE and kind == "blob":
        return Object(oid, kind, size, None, out)
    data = out.read(size + 1)
    if len(data) <= size or data[size:] != b"\n":
        raise _OutOfStepError(oid)
    return Object(oid, kind, size, data[:-1])


def tree_entries(data: bytes, oid_size: int) -> list[tuple[bytes, bytes, bytes]]:
    """Return mode, name and object id of each entry of a raw tree; ids have `oid_size` bytes (20 or 32)."""
    return re.findall(rb"([0-7]{5,6}) ([^\0]+)\0([\s\S]{%d})" % oid_size, data)


class Commit(NamedTuple):
    """The raw text of a commit or tag, taken apart: headers in order, continuation lines joined, and the message."""

    headers: tuple[tuple[str, bytes], ...]
    message: bytes

    def first(self, name: str) -> bytes:
        """Return the first header of this name, or nothing."""
        return next((value for header, value in self.headers if header == name), b"")

    @property
    def parents(self) -> tuple[str, ...]:
        """Return the ids of the parents, as the commit itself names them."""
        return tuple(value.decode("ascii", "replace") for name, value in self.headers if name == "parent")

    @property
    def time(self) -> int:
        """Return the committer's date, in seconds since 1970; 0 when it is malformed."""
        match = re.match(_IDENTITY, self.first("committer") or self.first("tagger"))
        return int(match[2]) if match else 0

    @property
    def author(self) -> str:
        """Return name and address of the author, or of a tag's tagger."""
        return _who(self.first("author") or self.first("tagger"))

    @property
    def date(self) -> str:
        """Return the author's date, ISO 8601 with the author's own offset; "" when it is malformed."""
        return _iso_date(self.first("author") or self.first("tagger"))


def parse_commit(data: bytes) -> Commit:
    """Take apart a raw commit or tag."""
    head, _, message = data.partition(b"\n\n")
    headers: list[tuple[str, bytes]] = []
    for line in head.split(b"\n"):
        if line.startswith(b" ") and headers:
            name, value = headers[-1]
            headers[-1] = (name, value + b"\n" + line[1:])
        else:
            name_, _, value = line.partition(b" ")
            headers.append((name_.decode("utf-8", "replace"), value))
    return Commit(tuple(headers), message)


_IDENTITY = rb"(?s)(.*?) ?(-?\d+) ([+-]\d{4})\Z"


def _who(identity: bytes) -> str:
    match = re.match(_IDENTITY, identity)
    return (match[1] if match else identity).decode("utf-8", "surrogateescape")


def _iso_date(identity: bytes) -> str:
    from datetime import UTC, datetime, timedelta, timezone

    match = re.match(_IDENTITY, identity)
    if not match:
        return ""
    offset = timedelta(hours=int(match[3][:3]), minutes=int(match[3][:1] + match[3][3:]))
    try:
        zone = timezone(offset) if offset else UTC
        return datetime.fromtimestamp(int(match[2]), zone).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""

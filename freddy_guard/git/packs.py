"""Packs as files: the index of one, and its records inflated in the order of the disk, without asking git.

Formats: gitformat-pack(5). Only version 2 of both files and SHA-1 are read here; for all else there is git.
"""

from __future__ import annotations

import re
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from mmap import ACCESS_READ, mmap
from operator import lt
from pathlib import Path
from typing import NamedTuple, Protocol, cast

COMMIT, TREE, BLOB, TAG, _OFS_DELTA, _REF_DELTA = 1, 2, 3, 4, 6, 7
KINDS = {COMMIT: "commit", TREE: "tree", BLOB: "blob", TAG: "tag"}
LARGE = 16 << 20  # bytes: what is larger is left to git, which hands it on piece by piece
_OID, _HEADER, _FANOUT, _TRAILER = 20, 8, 1024, 20
_FIRST = 12  # the offset of the first record: before it stands what the file is
_MANY = 10_000  # objects in a pack that is read as a file: for fewer it is not worth it
_FAR = 1 << 31  # an offset with this bit stands in the table of large ones


class PackError(Exception):
    """A pack or its index is not what it should be; the text says how."""


class Record(NamedTuple):
    """One object as a pack holds it: whole, or as a delta against the record at offset `base` (0: it is whole).

    `kind` is the number of the object's own kind. `data` is the object, or the delta, inflated; None where it has to be
    read through git: too large, damaged, or a delta against an object named by its id.
    """

    rank: int
    kind: int
    base: int
    data: bytes | None


class Pack:
    """A pack file and its index. Objects are numbered by their place in the file: that number is the `rank`.

    Raises PackError and OSError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        index = path.with_suffix(".idx").read_bytes()
        if index[:_HEADER] != b"\xfftOc\0\0\0\2" or len(index) < _HEADER + _FANOUT:
            raise PackError("its index is not of version 2")
        self.count = int.from_bytes(index[_HEADER + _FANOUT - 4 : _HEADER + _FANOUT], "big")
        names = _HEADER + _FANOUT
        at = names + self.count * (_OID + 4)
        end = at + 4 * self.count
        offsets: Sequence[int] = _numbers("I", index[at:end])
        beyond = sum(offset >= _FAR for offset in offsets) if max(offsets, default=0) >= _FAR else 0
        if len(index) != end + 8 * beyond + 2 * _TRAILER:
            raise PackError("its index is not of SHA-1, or cut off")
        if beyond:
            far = _numbers("Q", index[end : end + 8 * beyond])
            offsets = [far[offset ^ _FAR] if offset & _FAR else offset for offset in offsets]
        self._names = index[names : names + self.count * _OID]
        self._positions: Sequence[int] = _reversed_index(path, self.count)
        self.offsets = array("Q", [offsets[position] for position in self._positions])
        if not all(map(lt, self.offsets, self.offsets[1:])) or len(self.offsets) != self.count:
            self._positions = sorted(range(self.count), key=offsets.__getitem__)
            self.offsets = array("Q", [offsets[position] for position in self._positions])
        self.size = path.stat().st_size
        with path.open("rb") as file:
            if file.read(_FIRST) != b"PACK\0\0\0\2" + self.count.to_bytes(4, "big"):
                raise PackError("it does not hold what its index says")
        if self.count and not _FIRST <= self.offsets[0] <= self.offsets[-1] < self.size - _TRAILER:
            raise PackError("it is cut off")

    def oid(self, rank: int) -> str:
        """Return the id of the object of this rank."""
        at = self._positions[rank] * _OID
        return self._names[at : at + _OID].hex()

    def oids(self) -> Iterator[bytes]:
        """Yield the ids of all objects, sorted."""
        return (self._names[at : at + _OID] for at in range(0, len(self._names), _OID))

    def __contains__(self, oid: bytes) -> bool:
        """Return whether the pack holds this object."""
        at = bisect_left(range(self.count), oid, key=lambda at: self._names[at * _OID : at * _OID + _OID])
        return self._names[at * _OID : at * _OID + _OID] == oid

    def part(self, start: int, end: int) -> Part:
        """Return the records of these ranks, to be read, in another process if need be."""
        ends = self.offsets[start : end + 1]
        if end == self.count:
            ends.append(self.size - _TRAILER)
        return Part(str(self.path), start, ends)


def _reversed_index(path: Path, count: int) -> Sequence[int]:
    """Return the numbers of a pack's objects in its index, in the order of the disk, if git has written them down."""
    try:
        data = path.with_suffix(".rev").read_bytes()
    except OSError:
        return ()
    numbers = _numbers("I", data[12 : -2 * _TRAILER])
    return numbers if data[:4] == b"RIDX" and len(numbers) == count and max(numbers, default=0) < count else ()


def _numbers(code: str, data: bytes) -> array[int]:
    found = array(code)
    found.frombytes(data[: len(data) // found.itemsize * found.itemsize])
    if sys.byteorder == "little":
        found.byteswap()
    return found


class Part(NamedTuple):
    """Records that follow each other in a pack. `offsets` has one more: where the last one ends."""

    path: str
    start: int
    offsets: Sequence[int]

    def records(self) -> Iterator[Record]:
        """Yield the records, in their order. Raises OSError."""
        with Path(self.path).open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            kinds: dict[int, int] = {}
            view = memoryview(data)
            inflate, broken = _inflate()
            try:
                for rank, (start, end) in enumerate(zip(self.offsets, self.offsets[1:], strict=False), self.start):
                    kind = base = 0
                    try:
                        # Written out: this runs a million times, and every call would cost a tenth of it.
                        at, byte = start + 1, data[start]
                        kind, size, shift = byte >> 4 & 7, byte & 15, 4
                        while byte & 0x80:
                            byte = data[at]
                            size |= (byte & 0x7F) << shift
                            shift += 7
                            at += 1
                        if kind == _OFS_DELTA:
                            byte = data[at]
                            back = byte & 0x7F
                            at += 1
                            while byte & 0x80:
                                byte = data[at]
                                back = (back + 1) << 7 | byte & 0x7F
                                at += 1
                            base = start - back
                            kind = kinds.get(base) or _kind_at(data, base)
                        kinds[start] = kind
                        whole = size < LARGE and kind < _REF_DELTA
                        text = inflate(view[at:end], 15, size or 1) if whole else None
                    except (IndexError, PackError, broken):
                        base, text = 0, None  # damaged: git says how, or reads it from elsewhere
                    yield Record(rank, kind, base, text)
            finally:
                view.release()


def _inflate() -> tuple[Callable[[memoryview, int, int], bytes], type[Exception]]:
    """Return what inflates a zlib stream, and the error that it raises: ISA-L where it is installed, or zlib.

    It takes about half the time.
    """
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib.decompress, zlib.error
    return isal_zlib.decompress, cast(type[Exception], isal_zlib.error)  # its stub takes it for an exception


def _kind_at(data: mmap, offset: int) -> int:
    """Return the kind of the object at an offset: that of the record at the end of its chain of deltas."""
    while True:
        if offset < _FIRST:
            raise PackError("a delta without a base")
        at, byte = offset + 1, data[offset]
        kind = byte >> 4 & 7
        if kind != _OFS_DELTA:
            return kind
        while byte & 0x80:
            byte = data[at]
            at += 1
        byte = data[at]
        back = byte & 0x7F
        at += 1
        while byte & 0x80:
            byte = data[at]
            back = (back + 1) << 7 | byte & 0x7F
            at += 1
        offset -= back or offset  # it would be its own base


class Known(Protocol):
    """What was read before: all of some packs, by name, and other objects, by id."""

    @property
    def packs(self) -> frozenset[str]:
        """Return the names of packs all of which is known."""

    @property
    def others(self) -> frozenset[str]:
        """Return the ids of known objects that were in none of them."""

    def ids(self) -> set[bytes]:
        """Return the ids of all known objects. Not quick."""


class Store(NamedTuple):
    """What of an object database is to be read: one large pack, or None, and objects outside of it, by id.

    `names` are those of all its packs.
    """

    names: frozenset[str]
    pack: Pack | None
    others: tuple[str, ...]


def open_store(objects: Path, known: Known | None = None) -> Store | None:
    """Open the database in a folder; None where git has to read it: no large pack, or anything unusual.

    What is `known` is left out.
    """
    try:
        paths = {path.stem: path for path in (objects / "pack").glob("pack-*.pack")}
        if (objects / "info" / "alternates").exists() or max(map(_count, paths.values()), default=0) < _MANY:
            return None
        others = _loose(objects)
        fresh = [Pack(path) for name, path in paths.items() if known is None or name not in known.packs]
    except (OSError, PackError):
        return None
    large = max(fresh, key=lambda pack: pack.count, default=None)
    if large is not None and large.count < _MANY:
        large = None
    others.update(oid for pack in fresh if pack is not large for oid in pack.oids())
    if known is not None:
        before = known.ids() if fresh else {bytes.fromhex(oid) for oid in known.others}
        others -= before
        if large is not None and len(before.intersection(large.oids())) > large.count // 2:
            others.update(oid for oid in large.oids() if oid not in before)  # git has packed the same objects anew
            large = None
    left = (oid.hex() for oid in others if large is None or oid not in large)
    return Store(frozenset(paths), large, tuple(sorted(left)))


def _count(path: Path) -> int:
    """Return how many objects a pack holds, by its index."""
    with path.with_suffix(".idx").open("rb") as file:
        file.seek(_HEADER + _FANOUT - 4)
        return int.from_bytes(file.read(4), "big")


def _loose(objects: Path) -> set[bytes]:
    """Return the ids of the objects that have a file of their own."""
    names = (
        folder.name + file.name
        for folder in objects.iterdir()
        if re.fullmatch("[0-9a-f]{2}", folder.name)
        for file in folder.iterdir()
    )
    return {bytes.fromhex(name) for name in names if re.fullmatch("[0-9a-f]{40}", name)}

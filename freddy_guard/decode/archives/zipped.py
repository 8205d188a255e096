"""Zip archives: by their directory where it can be reached, else forward, from one member's header to the next."""

from __future__ import annotations

import bz2
import lzma
import re
import struct
import zlib
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from freddy_guard.decode import limits
from freddy_guard.decode.archives.compressed import Engine, Inflate, Unpacker, zstd_engine
from freddy_guard.decode.archives.streams import CHUNK, ENCRYPTED, Feed, Items, Part, Read, Stream, named, reader_at
from freddy_guard.decode.limits import Budget

_LOCAL, _CENTRAL, _END, _END64, _LOCATOR, _DESCRIPTOR = (
    b"PK" + mark for mark in (b"\3\4", b"\1\2", b"\5\6", b"\6\6", b"\6\7", b"\7\x08")
)
_TAIL = 22 + 0xFFFF  # bytes of the record at the end, with the longest comment
_NOT_HERE = 0xFFFFFFFF  # of a size or an offset: the extra field has it


class _Member(NamedTuple):
    """What a header says of a member. `packed` and `size` count its bytes, `start` is where its own header stands."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int = 0

    @property
    def encrypted(self) -> bool:
        return bool(self.flags & 1) or self.method == 99

    @property
    def shown(self) -> str:
        return self.name.decode("utf-8" if self.flags & 0x800 else "cp437", "replace")


class _Directory(NamedTuple):
    start: int
    size: int
    shift: int  # what stands before the archive in the file
    comment: bytes


def zip_archive(stream: Stream, budget: Budget) -> Items:
    """Yield the members."""
    if stream.file is not None:
        yield from _read(stream.file)
        return
    feed = Feed(stream.read)
    with budget.held(feed.read, feed.push) as file:
        yield from _read(file) if file is not None else _forward(feed)


def _read(file: BinaryIO) -> Items:
    directory = _directory(file)
    try:
        if directory is None:
            raise ValueError
        yield from named(directory.comment)
        yield from _listed(file, directory)
    except (ValueError, struct.error):
        yield from _forward(Feed(reader_at(file, 0)))
        yield "", "its directory is broken or cut off; it was read without"


def _directory(file: BinaryIO) -> _Directory | None:
    """Return where the directory is, by the record at the end: the last one that makes sense."""
    size = file.seek(0, 2)
    base = max(0, size - _TAIL)
    file.seek(base)
    tail = file.read(_TAIL)
    at = tail.rfind(_END)
    while at >= 0:
        record = tail[at : at + 22]
        if len(record) == 22:
            directory = _pointed(file, base + at, record, tail[at + 22 :])
            if directory is not None:
                return directory
        at = tail.rfind(_END, 0, at)
    return None


def _pointed(file: BinaryIO, end: int, record: bytes, comment: bytes) -> _Directory | None:
    """Return the directory that a record at `end` points at, if there is one."""
    size, offset, comment_size = struct.unpack("<LLH", record[12:])
    large = _record64(file, end)
    if large is not None:
        end, size, offset = large
    start = end - size
    if start < 0:
        return None
    file.seek(start)
    if size and file.read(4) != _CENTRAL:
        return None
    return _Directory(start, size, start - offset, comment[:comment_size])


def _record64(file: BinaryIO, end: int) -> tuple[int, int, int] | None:
    """Return place, size and offset that the record of a large archive gives, which a locator before `end` names."""
    file.seek(max(0, end - 20))
    locator = file.read(20)
    if locator[:4] != _LOCATOR or len(locator) < 20:
        return None
    for place in (struct.unpack("<Q", locator[8:16])[0], end - 76):
        if 0 <= place < end:
            file.seek(place)
            record = file.read(56)
            if record[:4] == _END64 and len(record) == 56:
                return (place, *struct.unpack("<QQ", record[40:]))
    return None


def _listed(file: BinaryIO, directory: _Directory) -> Items:
    at, end = directory.start, directory.start + directory.size
    while at < end:
        file.seek(at)
        header = file.read(46)
        _, _, _, flags, method, _, _, crc, packed, size, name_size, extra_size, comment_size, _, _, _, start = (
            struct.unpack("<4s6H3L5H2L", header)
        )
        name, extra, comment = (file.read(length) for length in (name_size, extra_size, comment_size))
        if header[:4] != _CENTRAL:
            raise ValueError
        at += 46 + name_size + extra_size + comment_size
        size, packed, start = _large(extra, size, packed, start)
        member = _Member(name, flags, method, crc, packed, size, start + directory.shift)
        yield from named(name + b"\n" + extra + b"\n" + comment)
        if packed or size or not name.endswith(b"/"):
            yield member.shown, _content(file, member)


def _large(extra: bytes, *numbers: int) -> list[int]:
    """Return sizes and offsets, those that did not fit taken from the extra field."""
    found = list(numbers)
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == 1:
            values = (int.from_bytes(extra[at : at + 8], "little") for at in range(4, 4 + size, 8))
            found = [next(values, number) if number == _NOT_HERE else number for number in found]
        extra = extra[4 + size :]
    return found


def _content(file: BinaryIO, member: _Member) -> Stream | str:
    if member.encrypted:
        return ENCRYPTED
    file.seek(max(0, member.start))
    header = file.read(30)
    if header[:4] != _LOCAL or len(header) < 30:
        return "its header is not where the directory says"
    name_size, extra_size = struct.unpack("<HH", header[26:])
    part = Part(reader_at(file, member.start + 30 + name_size + extra_size), member.packed)
    return _unpacked(Feed(part.read), member, part)


def _forward(feed: Feed) -> Items:
    """Yield the members by their own headers."""
    while feed.skip_past(re.compile(_LOCAL), len(_LOCAL)) is not None:
        _, flags, method, _, _, crc, packed, size, name_size, extra_size = struct.unpack("<5H3L2H", feed.exactly(26))
        name, extra = feed.exactly(name_size), feed.exactly(extra_size)
        size, packed = _large(extra, size, packed)
        member = _Member(name, flags, method, crc, packed, size)
        yield from named(name)
        if member.encrypted:
            yield member.shown, ENCRYPTED
        elif method:
            yield member.shown, _unpacked(feed, member, None)
        elif flags & 8 and not packed:  # a stored member whose size stands behind it
            yield member.shown, Stream(lambda wanted: feed.until(_DESCRIPTOR, min(wanted, CHUNK)))
        else:
            part = Part(feed.read, packed)
            yield member.shown, Stream(part.read)
            part.skip()


def _unpacked(feed: Feed, member: _Member, part: Part | None) -> Stream | str:
    """Return the content of a member: of a `part`, or of a feed that goes on behind it."""
    if member.method == 0 and part is not None:
        return Stream(_checked(part.read, member.crc))
    start = _engine(feed, member)
    if start is None:
        return f"compressed by method {member.method}, which is not read"
    read = Unpacker(feed, start).read
    if member.method == 14:
        read = Part(read, member.size).read  # without an end mark of its own
    return Stream(_checked(read, member.crc) if part else read)


def _engine(feed: Feed, member: _Member) -> Callable[[], Engine] | None:
    engines: dict[int, Callable[[], Engine] | None] = {
        8: lambda: Inflate(-15),
        12: bz2.BZ2Decompressor,
        14: lambda: _lzma(feed),
        93: zstd_engine() if member.method == 93 else None,
        95: lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, limits.DICTIONARY),
    }
    return engines.get(member.method)


def _lzma(feed: Feed) -> Engine:
    """Return a decompressor for what a header of nine bytes describes: version, size of what follows, properties."""
    properties, dictionary = struct.unpack("<4xBL", feed.exactly(9))
    if dictionary > limits.DICTIONARY:
        raise MemoryError
    rest, lc = divmod(properties, 9)
    pb, lp = divmod(rest, 5)
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": lc, "lp": lp, "pb": pb}]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)


def _checked(read: Read, expected: int) -> Read:
    """Return a reader that raises an error at the end if the checksum is another."""
    crc = 0

    def checked(size: int) -> bytes:
        nonlocal crc
        data = read(size)
        crc = zlib.crc32(data, crc)
        if size and not data and crc != expected:
            raise ValueError("checksum")
        return data

    return checked

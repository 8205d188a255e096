"""Binaries that know how long a text is: a length before it, a PNG's chunks, the columns of a SQLite row."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from freddy_guard.decode.archives import kind_of
from freddy_guard.decode.reading import Fragment

_KEY_SIZES = (42, 43)
# How the formats write the size of what follows: a byte, two or four of them with the low one first (with the high one
# first they end as the single byte does), and Avro's zigzag numbers.
_LENGTHS = tuple(
    (mark, size)
    for size in _KEY_SIZES
    for mark in (
        bytes((size,)),
        bytes((size, 0)),
        bytes((size, 0, 0, 0)),
        bytes((size, 0, 0, 0, 0, 0, 0, 0)),
        bytes((2 * size,)),
    )
)
_NEAR = 48
_CONTROL = rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]"
_ROW, _HEADER = 2048, 64  # how far before a value its row, and before its number its header, is looked for
_SQLITE = b"SQLite format 3\0"
_PNG = b"\x89PNG\r\n\x1a\n"


def read(data: bytes) -> Iterator[Fragment]:
    """Yield the texts of a key's length that begin with its prefix. In packed data a length is mere chance."""
    if kind_of(data) is None:
        yield from _counted(data)
    if data.startswith(_SQLITE):
        yield from _columns(data)
    if data.startswith(_PNG):
        yield from _chunks(data)


def _counted(data: bytes) -> Iterator[Fragment]:
    """Yield what follows a number that says 42 or 43, in a binary.

    The byte after the text may be a letter by chance: the tag of the next field (protobuf), the type of the next object
    (pickle, marshal in .pyc files).
    """
    for found in re.finditer(rb"ak_[A-Za-z0-9]{39}", data):
        start = found.start()
        before = data[max(0, start - 8) : start]
        for mark, size in _LENGTHS:
            end = start + size
            if before.endswith(mark) and data[start + 3 : end].isalnum() and _is_binary(data, start, end):
                yield Fragment(data[start:end], range(start, end + 1), "")
                break


def _is_binary(data: bytes, start: int, end: int) -> bool:
    """Return whether the bytes around `data[start:end]` hold something that no text does."""
    start, end = max(0, start - _NEAR), min(len(data), end + _NEAR)
    while 0 < start < end and data[start] & 0xC0 == 0x80:  # a character that was cut
        start += 1
    near = data[start:end]
    if re.search(_CONTROL, near):
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(near, final=end == len(data))
    except UnicodeDecodeError:
        return True
    return False


def _chunks(data: bytes) -> Iterator[Fragment]:
    """Yield the texts of a picture: the checksum that follows each may begin with a letter."""
    at = len(_PNG)
    while at + 8 <= len(data):
        start, kind = at + 8, data[at + 4 : at + 8]
        end = min(start + int.from_bytes(data[at : at + 4], "big"), len(data))
        if kind in (b"tEXt", b"iTXt"):
            yield Fragment(data[start:end], range(start, end + 1), "")
        at = end + 4


def _columns(data: bytes) -> Iterator[Fragment]:
    """Yield each `ak_` in a database up to the length that its row's header gives it.

    A row is a header of numbers and then the values; a text of n bytes has the number 13 + 2n (SQLite's file format,
    "Record Format"): `a` and `c` for the two lengths. The numbers before it say how far into the row it begins.
    """
    for found in re.finditer(rb"ak_[A-Za-z0-9]{39}", data):
        for size in _KEY_SIZES:
            end = found.start() + size
            if data[found.start() + 3 : end].isalnum() and _is_column(data, found.start(), size):
                yield Fragment(data[found.start() : end], range(found.start(), end + 1), "")
                break


def _is_column(data: bytes, at: int, size: int) -> bool:
    """Return whether some row header before `at` puts a text (or a blob) of this size exactly there."""
    for kind in (13 + 2 * size, 12 + 2 * size):
        where = data.rfind(kind, max(0, at - _ROW), at)
        while where >= 0:
            for header in range(max(0, where - _HEADER), where):
                if where < header + data[header] <= at and _puts(data, header, where, at):
                    return True
            where = data.rfind(kind, max(0, at - _ROW), where)
    return False


def _puts(data: bytes, header: int, where: int, at: int) -> bool:
    """Return whether a row begins at `header` and has at `at` the value whose number stands at `where`."""
    end = header + data[header]
    numbers = list(_varints(data, header + 1, end))
    before = list(_varints(data, header + 1, where))
    if end + sum(map(_width, before)) != at:
        return False
    # Before the header stand the size of the row and, in a table, the row's number.
    size = _varint(data[header] + sum(map(_width, numbers)))
    return any(data[header - row - len(size) : header - row] == size for row in range(10))


def _varint(value: int) -> bytes:
    return bytes((value,)) if value < 0x80 else bytes((value >> 7 | 0x80, value & 0x7F))


def _varints(data: bytes, start: int, end: int) -> Iterator[int]:
    value = 0
    for byte in data[start:end]:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            yield value
            value = 0


def _width(kind: int) -> int:
    """Return how many bytes a value of this serial type takes."""
    if kind >= 12:
        return (kind - 12) // 2
    return (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)[kind]

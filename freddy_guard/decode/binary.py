"""Binaries that know how long a text is: a length before it, or the columns of a SQLite row back to back."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from freddy_guard.decode.kinds import HEAD, kind_of
from freddy_guard.decode.reading import Fragment

# How the formats write the size of what follows: a byte, two or four of them with the low one first (with the high one
# first they end as the single byte does), and Avro's zigzag numbers.
_LENGTHS = {size: (*(bytes((size,)) + bytes(zeros) for zeros in (0, 1, 3, 7)), bytes((2 * size,))) for size in (42, 43)}
_NEAR = 48
_CONTROL = rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]"
_ROW = 1024  # how far before a value its row is looked for
_HEADERS = re.compile(rb"[\x02-\x1f]")  # sizes: larger ones are rare, and every character of a text would look like one
_TRIED = 64  # of what may be such a size, the nearest ones


def read(data: bytes, hits: Sequence[int]) -> Iterator[Fragment]:
    """Yield the texts of a key's length that begin with its prefix. In packed data a length is mere chance."""
    kind = kind_of(data[:HEAD])
    if kind is None or kind == "png":
        for at in hits:
            yield from _sized(data, at - 1, _ends_chunk if kind else _is_told)


def _sized(data: bytes, start: int, is_told: Callable[[bytes, int, int], bool]) -> Iterator[Fragment]:
    """Yield the text of a key's length at `start`, if something says that it is so long.

    The byte after the text may be a letter by chance: the tag of the next field (protobuf), the type of the next object
    (pickle, marshal in .pyc files), a checksum (PNG).
    """
    for size in _LENGTHS:
        end = start + size
        if re.compile(rb"ak_[A-Za-z0-9]{%d}" % (size - 3)).match(data, max(0, start)) and is_told(data, start, size):
            yield Fragment(data[start:end], range(start, end + 1), "")
            return


def _is_told(data: bytes, start: int, size: int) -> bool:
    """Return whether the bytes before say that a text of this size begins here."""
    before = data[max(0, start - 8) : start]
    return _is_binary(data, start, start + size) and (before.endswith(_LENGTHS[size]) or _is_column(data, start, size))


def _ends_chunk(data: bytes, start: int, size: int) -> bool:
    """Return whether the chunk of a picture ends where a text of this size does."""
    at = data.rfind(b"Xt", max(0, start - _ROW), start) - 6  # tEXt or iTXt
    return at >= 0 and at + 8 + int.from_bytes(data[at : at + 4], "big") == start + size


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


def _is_column(data: bytes, at: int, size: int) -> bool:
    """Return whether some row before `at` puts a text (or a blob) of this size exactly there.

    A row is a header of numbers and then the values (SQLite's file format, "Record Format"): the header's own size, and
    for a text of n bytes 13 + 2n. The numbers before that one say how far into the row it begins.
    """
    before = data[max(0, at - _ROW) : max(0, at - 1)][::-1]  # the nearest first
    for found in islice(_HEADERS.finditer(before), _TRIED):
        header = at - 2 - found.start()
        end = header + data[header]
        if end <= at:
            for kind in (13 + 2 * size, 12 + 2 * size):
                where = data.find(kind, header + 1, end)
                while where >= 0:
                    if _puts(data, header, where, at):
                        return True
                    where = data.find(kind, where + 1, end)
    return False


def _puts(data: bytes, header: int, where: int, at: int) -> bool:
    """Return whether a row begins at `header` and has at `at` the value whose number stands at `where`."""
    end = header + data[header]
    if end + _total(data[header + 1 : where]) != at:
        return False
    # Before the header stand the size of the row and, in a table, the row's number.
    size = _varint(data[header] + _total(data[header + 1 : end]))
    return any(data[header - row - len(size) : header - row] == size for row in range(10))


def _varint(value: int) -> bytes:
    return bytes((value,)) if value < 0x80 else bytes((value >> 7 & 0x7F | 0x80, value & 0x7F))


def _varints(data: bytes) -> Iterator[int]:
    value = 0
    for byte in data:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            yield value
            value = 0


def _width(kind: int) -> int:
    """Return how many bytes a value of this serial type takes."""
    if kind >= 12:
        return (kind - 12) // 2
    return (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)[kind]


_WIDTHS = bytes(map(_width, range(128))).ljust(256)


def _total(kinds: bytes) -> int:
    """Return how many bytes the values take whose serial types these are."""
    return sum(kinds.translate(_WIDTHS)) if kinds.isascii() else sum(map(_width, _varints(kinds)))

"""UTF-16 and UTF-32 in either byte order, with and without a mark, in text files and inside of binaries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from freddy_guard.decode.reading import Fragment
from freddy_guard.decode.signs import has_wide_mark

_LETTER = {width: bytes(width - 1) + b"[A-Za-z0-9]" for width in (2, 4)}  # in either order zeros stand between
_FORMS = {
    width: re.compile(bytes(width - 1).join((b"a", b"k", b"_")) + b"(?:" + letter + b"){36,45}+(?!" + letter + b")")
    for width, letter in _LETTER.items()
}
_MARKS = {2: (b"\xff\xfe", b"\xfe\xff"), 4: (b"\xff\xfe\0\0", b"\0\0\xfe\xff")}
_BEFORE, _AFTER = 16, 64  # characters


def read(data: bytes, hits: Sequence[int]) -> Iterator[Fragment]:
    """Yield the characters around each form; what is not ASCII becomes a question mark.

    A text that begins with a mark is read as a whole: there may be something encoded in it.
    """
    if has_wide_mark(data):
        yield _whole(data)
        return
    for at in hits:
        for width, form in _FORMS.items():
            if form.match(data, max(0, at - width)):
                yield _around(data, at - width, width)


def _whole(data: bytes) -> Fragment:
    width = 4 if data[:4] in _MARKS[4] else 2
    low = width - 1 if data.startswith(_MARKS[width][1]) else 0  # where in a character its low byte stands
    size = len(data) // width * width
    text = bytearray(data[low:size:width])
    for other in range(width):
        if other != low:
            for strange in re.finditer(rb"[^\0]+", data[other:size:width]):
                text[strange.start() : strange.end()] = b"?" * (strange.end() - strange.start())
    return Fragment(bytes(text), range(0, size + 1, width), f"utf-{8 * width}")


def _around(data: bytes, at: int, width: int) -> Fragment:
    big = _is_big_endian(data, at, width)
    zeros = width - 1 if big else 0  # that stand before the low byte of a character, and belong to it
    start = at - width * min(_BEFORE, (at - zeros) // width)
    offsets = range(start, min(at + width * _AFTER, len(data)), width)
    text = bytes(_character(data, offset, width, big) for offset in offsets)
    begin = (at - start) // width
    places = (*(offset - zeros for offset in offsets), min(start - zeros + width * len(text), len(data)))
    return Fragment(text, places, f"utf-{8 * width}", (begin, begin + 1))


def _is_big_endian(data: bytes, at: int, width: int) -> bool:
    """Return whether the zero bytes of a character stand before its low byte."""
    if at < width - 1 or any(data[at - width + 1 : at]):
        return False
    # Zeros on both sides. The last character tells: only in big-endian order it may have something else behind it.
    for end in range(at, at + width * _AFTER, width):
        if not data[end : end + 1].isalnum() and data[end : end + 1] != b"_":
            break
        if any(data[end + 1 : end + width]) or end + width > len(data):
            return True
    return at % width == width - 1  # a text without a mark: the offset tells


def _character(data: bytes, offset: int, width: int, big: bool) -> int:
    high = data[max(0, offset - width + 1) : offset] if big else data[offset + 1 : offset + width]
    return data[offset] if not any(high) and data[offset] < 128 else ord("?")

"""UTF-16 and UTF-32 in either byte order, with and without a mark, in text files and inside of binaries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from freddy_guard.decode.reading import Fragment

_FORMS = ((rb"a\0k\0_", 2, "utf-16"), (rb"a\0\0\0k\0\0\0_", 4, "utf-32"))
_BEFORE, _AFTER = 16, 64  # characters


def read(data: bytes) -> Iterator[Fragment]:
    """Yield the characters around each form; what is not ASCII becomes a question mark."""
    for form, width, name in _FORMS:
        for found in re.finditer(form, data):
            at = found.start()
            big = _is_big_endian(data, at, width)
            start = at - width * min(_BEFORE, at // width)
            offsets = range(start, min(at + width * _AFTER, len(data)), width)
            text = bytes(_character(data, offset, width, big) for offset in offsets)
            focus = (at - start) // width
            yield Fragment(text, range(start, start + width * (len(text) + 1), width), name, (focus, focus + 1))


def _is_big_endian(data: bytes, at: int, width: int) -> bool:
    """Return whether the zero bytes of a character stand before its low byte."""
    marks = {2: (b"\xff\xfe", b"\xfe\xff"), 4: (b"\xff\xfe\0\0", b"\0\0\xfe\xff")}
    little, big = marks[width]
    if data.startswith(big):
        return True
    if data.startswith(little):
        return False
    # Without a mark: in a text, the offset tells; the low byte of little-endian stands at a multiple of the width.
    return at % width == width - 1


def _character(data: bytes, offset: int, width: int, big: bool) -> int:
    high = data[max(0, offset - width + 1) : offset] if big else data[offset + 1 : offset + width]
    return data[offset] if not any(high) and data[offset] < 128 else ord("?")

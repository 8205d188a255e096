"""Base64: plain and url-safe, padded or not, wrapped at any width, nested, at each of the three offsets."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from contextlib import suppress

from freddy_guard.decode.reading import Fixed, Fragment

# Where a line ends inside of an encoded text: as an end, or as its escape in a JSON string or a source.
_WRAP = rb"(?:(?:\\r)?\\n|\\?(?:\r?\n|\r))[ \t]*(?:#|//|\*|[>|]+)?[ \t]*"
# The prefix `ak_` has three forms, by its offset modulo 3: `YWtf`, `?FrX` and `ha1?`; where a group of four ends, a
# line may end. Each form with the distance from its first letter back to the start of a group:
_FORMS = (
    (rb"YWtf", 0),
    (rb"Fr(?:" + _WRAP + rb")?X[z0123]", 2),
    (rb"h(?:" + _WRAP + rb")?a1[89]", 3),
    (rb"YQBrAF8A", 0),  # in UTF-16, as PowerShell encodes a command
    (rb"hAGsAXw", 3),
    (rb"WVd0Z", 0),  # encoded twice: each of the three forms, at each of three offsets
    (rb"lXdGZ", 2),
    (rb"ZV3Rm", 3),
    (rb"RnJY[Me]", 0),
    (rb"ZyW[DH]", 2),
    (rb"Gcl[gh][6wxyz]", 3),
    (rb"hhMT[ghkl]", 2),
    (rb"oYTE[45]", 3),
    (rb"aGExO", 0),
    (rb"V1ZkMFp", 0),  # and three times
)
_STREAMS = (rb"H4sI", rb"SDRzSUF")  # gzip's first bytes, and those encoded again, as helm does
_LEFT, _RIGHT = 32, 200  # characters decoded before and after a form: the edge, and the longest key
_STREAM = rb"(?:[A-Za-z0-9+/_-]++|" + _WRAP + rb")++"
_STREAM_SIZE = 32 << 20  # characters of a compressed stream
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def read(data: bytes) -> Iterator[Fragment]:
    """Yield what stands around each form, decoded."""
    for form, back in _FORMS:
        for found in re.finditer(form, data):
            before = _before(data, found.start())
            before = before[(len(before) - back) % 4 :]
            after = _after(data, found.start())
            if len(before) >= back:
                yield from _decoded(data, before + after, len(before) - back)
    for form in _STREAMS:
        done = 0
        for found in re.finditer(form, data):
            if found.start() >= done:
                run = re.compile(_STREAM).match(data, found.start(), found.start() + _STREAM_SIZE)
                done = run.end() if run else 0
                yield from _stream(run[0] if run else b"", found.start())


def _before(data: bytes, end: int) -> list[int]:
    """Return the offsets of the characters before `end`, line ends passed over, in rising order."""
    start = max(0, end - 3 * _LEFT)
    return _characters(data[start:end], start, from_end=True)[-_LEFT:]


def _after(data: bytes, start: int) -> list[int]:
    return _characters(data[start : start + _RIGHT], start)


def _characters(text: bytes, base: int, *, from_end: bool = False) -> list[int]:
    """Return the offsets of the characters that the text begins (or ends) with, line ends passed over."""
    found: list[int] = []
    at = 0
    for run in re.finditer(_WRAP + rb"|([A-Za-z0-9+/_-]+)", text):
        if run.start() != at:
            if not from_end:
                return found
            found.clear()
        if run[1] is not None:
            found += range(base + run.start(), base + run.end())
        at = run.end()
    return found if at == len(text) or not from_end else []


def _decoded(data: bytes, offsets: list[int], keys_from: int) -> Iterator[Fragment]:
    offsets = offsets[: len(offsets) - (len(offsets) % 4 == 1)]
    text = bytes(data[offset] for offset in offsets).translate(_URL_SAFE)
    try:
        plain = binascii.a2b_base64(text + b"=" * (-len(text) % 4))
    except ValueError:
        return
    # Three bytes come from four characters; the last entry is the end of the last character.
    starts = [offsets[index * 4 // 3] for index in range(len(plain))] + [offsets[-1] + 1]
    begin = keys_from * 3 // 4
    yield Fragment(plain, starts, "base64", (begin, begin + 3))


def _stream(text: bytes, at: int) -> Iterator[Fragment]:
    text = re.sub(_WRAP, b"", text).translate(_URL_SAFE)
    text = text[: len(text) - (len(text) % 4 == 1)]
    with suppress(ValueError):
        yield Fragment(binascii.a2b_base64(text + b"=" * (-len(text) % 4)), Fixed(at), "base64")

"""Base64: plain and url-safe, padded or not, wrapped at any width or in pieces, nested, at each of its offsets."""

from __future__ import annotations

import binascii
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress

from freddy_guard.decode.reading import Fixed, Fragment, Pieces, Sixes

# Where a line ends inside of an encoded text (as an end, or as its escape in a JSON string or a source), or a literal.
_WRAP = (
    rb"(?:(?:\\+r)?\\+n|\\?(?:\r?\n|\r))[ \t]*(?:#|//(?=[ \t])|\*|[>|]+)?[ \t]*"
    rb"|[\"'`]\s*[+.]?\s*(?:\\\r?\n\s*)?[\"'`]"
)
_PARTS = re.compile(_WRAP + rb"|([A-Za-z0-9+/_-]++)")
_LEFT, _RIGHT = 64, 1024  # characters decoded before a hit and behind it
_FORM = 8  # characters that a form has before the letter that is the hit
_LONGEST = 400  # characters of a key that is encoded twice, or wide
_STREAM = re.compile(rb"H4sI|SDRzSUF|[/_]Td6WFoA|Qlpo[M-O].TFB")  # gzip, that again, xz, bzip2
_STREAM_SIZE = 16 << 20  # characters of compressed data
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def read(data: bytes, hits: Sequence[int]) -> Iterator[Fragment]:
    """Yield what stands around each hit, decoded at each of the four offsets: which one is right shows when read."""
    done = streamed = 0
    for at in hits:
        if at >= streamed and (stream := _STREAM.search(data, max(0, at - _FORM), at + 4)):
            streamed = yield from _stream(data, stream.start())
        elif at >= done:
            text, index = _characters(data, at)
            covered = len(text.data) if len(text.data) < index + _RIGHT else index + _RIGHT - _LONGEST
            done = text[covered]
            for shift in range(4):
                yield from _decoded(text, shift, (index - _FORM, covered))


def _characters(data: bytes, at: int) -> tuple[Pieces, int]:
    """Return the characters around a hit, line ends passed over, and which of them is the hit."""
    text, index, end = Pieces(), 0, max(0, at - 2 * _LEFT)
    for part in _PARTS.finditer(data, end, at + 2 * _RIGHT):
        if part.start() != end:
            if part.start() > at:
                break
            text = Pieces()
        if part.start() <= at < part.end():
            index = len(text.data) + at - part.start()
        if part[1]:
            text.add(part[1], part.start())
        end = part.end()
    text.add(b"", end)
    return text, index


def _decoded(text: Pieces, shift: int, body: tuple[int, int]) -> Iterator[Fragment]:
    characters = text.data[shift:].translate(_URL_SAFE)
    characters = characters[: len(characters) - (len(characters) % 4 == 1)]
    with suppress(ValueError):
        plain = binascii.a2b_base64(characters + b"=" * (-len(characters) % 4))
        begin, end = (max(0, index - shift) * 3 // 4 for index in body)
        yield Fragment(plain, Sixes(text, shift, len(plain)), "base64", (begin, end))


def _stream(data: bytes, start: int) -> Generator[Fragment, None, int]:
    """Yield the compressed data that begins at `start`; return where it ends."""
    run = re.compile(rb"(?:[A-Za-z0-9+/_-]++|" + _WRAP + rb")++").match(data, start, start + _STREAM_SIZE)
    if run is None:
        return start + 1
    text = re.sub(_WRAP, b"", run[0]).translate(_URL_SAFE)
    text = text[: len(text) - (len(text) % 4 == 1)]
    with suppress(ValueError):
        yield Fragment(binascii.a2b_base64(text + b"=" * (-len(text) % 4)), Fixed(start), "base64")
    return run.end()

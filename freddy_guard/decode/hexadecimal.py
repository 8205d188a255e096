"""Bytes as numbers: runs of hexadecimal digits, separated bytes, arrays in source, and dumps of xxd and hexdump."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from freddy_guard.decode.reading import Fragment, Pieces


class _Kind(NamedTuple):
    """One notation: what stands before a byte's number, between two bytes, and how `ak_` and a letter are written."""

    before: bytes
    between: bytes
    number: bytes = rb"([0-9A-Fa-f]{2})"
    prefix: tuple[bytes, bytes, bytes] = (rb"61", rb"6[bB]", rb"5[fF]")
    letter: bytes = rb"(?:3[0-9]|[46][1-9A-Fa-f]|[57][0-9aA])"
    base: int = 16
    rest: int = 2  # digits of the underscore's number from its 5 on


_KINDS = (
    _Kind(rb"", rb"(?:\r?\n[ \t]*)?"),
    _Kind(rb"", rb" ?"),  # in groups of two bytes or four
    _Kind(rb"(?:0[xX])?", rb"(?:[:.,-]\s{0,40}+|\s{1,40}+)"),
    _Kind(
        rb"",
        rb"(?:,\s{0,40}+| )",
        rb"([0-9]{1,3})",
        (rb"97", rb"107", rb"95"),
        rb"(?:4[89]|5[0-7]|6[5-9]|[78][0-9]|90|9[7-9]|1[01][0-9]|12[0-2])",
        10,
        1,
    ),
)
_PREFIX, _LONGEST = 96, 2400  # characters of the longest prefix, and of what follows it
_EDGE, _BYTES = 32, 56  # bytes decoded before a key, and from its begin on
_DUMP_LINE = rb"(?m)^[0-9A-Fa-f]{4,16}:?[ \t]+((?:(?:[0-9A-Fa-f]{2}){1,4}[ \t]{1,2}){1,16})"
_LINE, _DUMP = 100, 4000  # bytes of a line of a dump, and of those lines that are read at once


class _Patterns(NamedTuple):
    prefix: re.Pattern[bytes]
    body: re.Pattern[bytes]
    unit: re.Pattern[bytes]
    left: re.Pattern[bytes]  # the bytes before: they are the edge of the key


@cache
def _patterns(kind: _Kind) -> _Patterns:
    between, byte = b"(?:" + kind.between + b")", kind.before + kind.number
    letter = between + kind.before + kind.letter
    return _Patterns(
        re.compile(between.join(kind.before + number for number in kind.prefix) + rb"\Z"),
        re.compile(b"(?:" + letter + b"){36,45}+(?!" + letter + b")"),
        re.compile(between + b"?" + byte),
        re.compile(b"(?:" + byte + between + rb"){1,%d}\Z" % _EDGE),
    )


def read(data: bytes, hits: Sequence[int]) -> Iterator[Fragment]:
    """Yield the key whose underscore's number has its 5 at each hit, decoded, with the bytes on its either side."""
    dumped = 0
    for at in hits:
        for kind in _KINDS:
            start = _start(data, at, kind)
            if start is not None:
                yield _decoded(data, start, kind)
                break
        else:
            if at >= dumped:
                dumped = yield from _dumped(data, at)


def _start(data: bytes, at: int, kind: _Kind) -> int | None:
    """Return where the key begins whose underscore has its 5 at `at`, if one does."""
    patterns, end = _patterns(kind), at + kind.rest
    if not patterns.body.match(data, end, end + _LONGEST):
        return None
    prefix = patterns.prefix.search(data, max(0, at - _PREFIX), end)
    return prefix.start() if prefix else None


def _decoded(data: bytes, start: int, kind: _Kind) -> Fragment:
    text, places, begin = bytearray(), list[int](), 0
    left = _patterns(kind).left.search(data, max(0, start - _PREFIX), start)
    end = left.start() if left else start
    for unit in _patterns(kind).unit.finditer(data, end):
        if unit.start() != end or len(text) == begin + _BYTES:
            break
        text.append(int(unit[1], kind.base) & 0xFF)
        places.append(unit.start(1))
        end = unit.end()
        if end <= start:
            begin = len(text)
    return Fragment(bytes(text), (*places, end), "hex", (begin, begin + 1))


def _dumped(data: bytes, at: int) -> Generator[Fragment, None, int]:
    """Yield the bytes in the lines of a dump around a hit, if it stands in one; return where they end."""
    start = _line_start(data, at)
    if not re.compile(_DUMP_LINE).match(data, start, at + _LINE):
        return at
    for _ in range(2):  # the line before, for a prefix that begins there and for what stands before it
        start = _line_start(data, start - 1)
    text, end = Pieces(), min(at + _DUMP, len(data))
    lines = list(re.compile(_DUMP_LINE).finditer(data, start, end))
    for line in lines:
        for pair in re.compile(rb"[0-9A-Fa-f]{2}").finditer(data, *line.span(1)):
            text.add(bytes((int(pair[0], 16),)), pair.start())
    text.add(b"", end)
    whole = len(text.data) - (_BYTES if end < len(data) else 0)  # a key that begins later may be cut off
    begin = 3 if 0 < start == lines[0].start() else 0  # what stands before is not known, and such a key has its own hit
    yield Fragment(bytes(text.data), text, "hexdump", (begin, whole))
    return text[whole]


def _line_start(data: bytes, at: int) -> int:
    """Return where the line of `at` begins, or a place in it if it is too long for one of a dump."""
    return max(data.rfind(b"\n", max(0, at - _LINE), max(0, at)) + 1, at - _LINE, 0)

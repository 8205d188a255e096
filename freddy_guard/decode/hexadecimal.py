"""Hexadecimal: runs of digits in either case, separated bytes, arrays in C, and dumps as xxd and hexdump write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from freddy_guard.decode.reading import Fragment

# `ak_` in digits: bare, or bytes apart by a separator, with or without 0x before each.
_FORMS = (
    (rb"61(?=\s{0,2}6[bB]\s{0,2}5[fF])", rb"[0-9A-Fa-f]{2}(?:\r?\n[ \t]*)?"),
    (rb"61(?=([ :,.-])6[bB]\1 ?5[fF])", rb"[0-9A-Fa-f]{2}(?:[ :,.-]\s{0,2}|\b)"),
    (rb"0[xX]61(?=,\s*0[xX]6[bB],\s*0[xX]5[fF])", rb"0[xX]([0-9A-Fa-f]{2})(?:,\s*|\b)"),
)
_DUMP_LINE = rb"(?m)^[0-9A-Fa-f]{4,16}:?[ \t]+((?:[0-9A-Fa-f]{2,8}[ \t]{1,2}){1,32})"
_BYTES = 80  # decoded after the sign
_LEFT = 96  # characters looked at before it


def read(data: bytes) -> Iterator[Fragment]:
    """Yield what stands from each form on, decoded."""
    for form, unit in _FORMS:
        for found in re.finditer(form, data):
            yield from _from(data, found.start(), unit)
    yield from _dump(data)


def _from(data: bytes, start: int, unit: bytes) -> Iterator[Fragment]:
    text, offsets = bytearray(), []
    at = start
    while len(text) < _BYTES and (digits := re.compile(unit).match(data, at)):
        found = re.search(rb"[0-9A-Fa-f]{2}(?![xX])", digits[0])
        if found is None:
            break
        text.append(int(found[0], 16))
        offsets.append(digits.start())
        at = digits.end()
    left = _left(data, start, unit)
    yield Fragment(left + bytes(text), [start] * len(left) + [*offsets, at], "hex", (len(left), len(left) + 1))


def _left(data: bytes, start: int, unit: bytes) -> bytes:
    """Return the bytes that stand before the sign, as far as digits say them: they are the edge of the key."""
    before = re.search(rb"(?:" + unit + rb")+\Z", data[max(0, start - _LEFT) : start])
    if before is None:
        return b""
    pairs = re.findall(rb"[0-9A-Fa-f]{2}(?![xX])", before[0])
    return bytes(int(pair, 16) for pair in pairs)


def _dump(data: bytes) -> Iterator[Fragment]:
    """Yield the bytes of a hex dump, if the text is one from its first line on."""
    if not re.match(rb"\s*0000", data[:64]):
        return
    text, offsets = bytearray(), []
    for line in re.finditer(_DUMP_LINE, data):
        for pair in re.finditer(rb"[0-9A-Fa-f]{2}", line[1]):
            text.append(int(pair[0], 16))
            offsets.append(line.start(1) + pair.start())
    if text:
        yield Fragment(bytes(text), [*offsets, offsets[-1] + 2], "hexdump")

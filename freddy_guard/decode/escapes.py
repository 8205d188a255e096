"""Escapes: percent, backslash (u, x, octal), entities, quoted-printable; all characters or only the underscore."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from freddy_guard.decode.reading import Fragment


class _Kind(NamedTuple):
    """One notation: what stands before the number of an underscore, and how any character is written.

    Of the groups of `unit` one is set: the number, in the base that `bases` gives it (0: a name; -1: nothing at all).
    """

    name: str
    before: bytes
    unit: bytes
    bases: tuple[int, ...]


_PERCENT = _Kind("percent", rb"%(?:25)*(?:u00)?", rb"%(?:25)*(?:u([0-9A-Fa-f]{4})|([0-9A-Fa-f]{2}))", (16, 16))
_ESCAPE = _Kind(
    "escape",
    rb"\\+(?:[uU]\{?0*|x\{?0*)",
    rb"\\+(?:U([0-9A-Fa-f]{8})|u([0-9A-Fa-f]{4})|[ux]\{([0-9A-Fa-f]{1,8})\}|x([0-9A-Fa-f]{2})|0?([0-7]{3})"
    rb"|N\{(LOW LINE)\})",
    (16, 16, 16, 16, 8, 0),
)
_ENTITY = _Kind(
    "entity",
    rb"&(?:amp;)*#[xX]0*",
    rb"&(?:amp;)*(?:#([0-9]{1,8})|#[xX]([0-9A-Fa-f]{1,8})|(lowbar|UnderBar));?",
    (10, 16, 0),
)
_QUOTED_PRINTABLE = _Kind("quoted-printable", rb"=", rb"=([0-9A-Fa-f]{2})|(=\r?\n)", (16, -1))

# A hexadecimal number of an underscore, after what can stand before one: a pattern that begins with a letter is quick.
_HEXADECIMAL = rb"5[fF](?<=[%xX{=05]5[fF])"
_OTHERS = (
    (rb"&(?:amp;)*(?:#0*95(?![0-9])|lowbar|UnderBar)", _ENTITY),
    (rb"\\(?=\\*(?:0?137|N\{LOW LINE))", _ESCAPE),
)
# The longest notation takes ten characters for one: `&#x000005f;`.
_BEFORE, _AFTER = 64, 640


def read(data: bytes) -> Iterator[Fragment]:
    """Yield what stands around each escaped underscore, unescaped."""
    for found in re.finditer(_HEXADECIMAL, data):
        left = data[max(0, found.start() - 24) : found.start()]
        for kind in (_PERCENT, _ESCAPE, _ENTITY, _QUOTED_PRINTABLE):
            if re.search(kind.before + rb"\Z", left):
                yield from _around(data, found.start(), kind)
    for underscore, kind in _OTHERS:
        for found in re.finditer(underscore, data):
            yield from _around(data, found.start(), kind)


def _around(data: bytes, at: int, kind: _Kind) -> Iterator[Fragment]:
    """Yield the text around an escaped underscore if an `ak` stands before it."""
    start = previous = max(0, at - _BEFORE)
    text, offsets = bytearray(), list[int]()
    underscore = None
    for unit in re.finditer(kind.unit, data[start : at + _AFTER]):
        begin, end = start + unit.start(), start + unit.end()
        text += data[previous:begin]
        offsets += range(previous, begin)
        if begin <= at < end:
            underscore = len(text)
            if not text.endswith(b"ak"):
                return
        value = _value(unit, kind)
        text += value
        offsets += [begin] * len(value)
        previous = end
    if underscore is not None:
        rest = data[previous : at + _AFTER]
        offsets += range(previous, previous + len(rest) + 1)
        yield Fragment(bytes(text + rest), offsets, kind.name, (underscore - 2, underscore - 1))


def _value(unit: re.Match[bytes], kind: _Kind) -> bytes:
    for digits, base in zip(unit.groups(), kind.bases, strict=True):
        if digits is not None:
            if base < 0:
                return b""  # a soft line break
            code = int(digits, base) if base else ord("_")
            return bytes((code,)) if code < 128 else "\N{REPLACEMENT CHARACTER}".encode()
    return unit[0]

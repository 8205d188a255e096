"""Escapes: percent, backslash (u, x, octal), entities, quoted-printable; all characters or only the underscore."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from freddy_guard.decode.reading import Fragment

class _Kind(NamedTuple):
    """One notation: how an underscore looks in it, and how any character does (one group that is set is its number)."""

    name: str
    underscore: bytes
    unit: bytes
    bases: tuple[int, ...]  # the base of the number in each group


_KINDS = (
    _Kind("percent", rb"%(?:25)*(?:u00)?5[fF]", rb"%(?:25)*(?:u([0-9A-Fa-f]{4})|([0-9A-Fa-f]{2}))", (16, 16)),
    _Kind(
        "escape",
        rb"\\+(?:[uU]\{?0*5[fF]|x\{?0*5[fF]|0?137|N\{LOW LINE\})",
        rb"\\+(?:U([0-9A-Fa-f]{8})|u([0-9A-Fa-f]{4})|[ux]\{([0-9A-Fa-f]{1,8})\}|x([0-9A-Fa-f]{2})|0?([0-7]{3})|N\{(LOW LINE)\})",
        (16, 16, 16, 16, 8, 0),
    ),
    _Kind(
        "entity",
        rb"&(?:amp;)*(?:#0*95(?![0-9])|#[xX]0*5[fF]|lowbar|UnderBar)",
        rb"&(?:amp;)*(?:#([0-9]{1,8})|#[xX]([0-9A-Fa-f]{1,8})|(lowbar|UnderBar));?",
        (10, 16, 0),
    ),
    _Kind("quoted-printable", rb"=5[fF]", rb"=([0-9A-Fa-f]{2})|(=\r?\n)", (16, -1)),
)
# The longest notation takes ten characters for one: `&#x000005f;`.
_BEFORE, _AFTER = 64, 640


def read(data: bytes) -> Iterator[Fragment]:
    """Yield what stands around each escaped underscore, unescaped."""
    for kind in _KINDS:
        for found in re.finditer(kind.underscore, data):
            yield from _around(data, found.start(), kind)


def _around(data: bytes, at: int, kind: _Kind) -> Iterator[Fragment]:
    """Yield the text around an escaped underscore if an `ak` stands before it."""
    start = max(0, at - _BEFORE)
    text, offsets = bytearray(), []
    underscore = None
    previous = start
    for unit in re.finditer(kind.unit, data[start : at + _AFTER]):
        begin, end = start + unit.start(), start + unit.end()
        text += data[previous:begin]
        offsets += range(previous, begin)
        if begin <= at < end:
            underscore = len(text)
            if not _is_prefix(data, at, text):
                return
        value = _value(unit, kind)
        text += value
        offsets += [begin] * len(value)
        previous = end
    if underscore is not None:
        rest = data[previous : at + _AFTER]
        yield Fragment(
            bytes(text + rest),
            [*offsets, *range(previous, previous + len(rest) + 1)],
            kind.name,
            (max(0, underscore - 2), max(0, underscore - 1)),
        )


def _is_prefix(data: bytes, at: int, text: bytearray) -> bool:
    return text.endswith(b"ak")


def _value(unit: re.Match[bytes], kind: _Kind) -> bytes:
    for digits, base in zip(unit.groups(), kind.bases, strict=True):
        if digits is not None:
            if base < 0:
                return b""  # a soft line break
            code = int(digits, base) if base else ord("_")
            return bytes((code,)) if code < 128 else "\N{REPLACEMENT CHARACTER}".encode()
    return unit[0]

"""Escapes: percent, backslash, entities, quoted-printable, UTF-7; of all characters or of some, in one notation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from freddy_guard.decode.reading import Fragment, Pieces


class _Kind(NamedTuple):
    """One notation: a byte it can't do without, how it writes a character by its number, and what means nothing."""

    name: str
    mark: bytes
    form: bytes
    nothing: bytes = b"(?!)"


_KINDS = (
    _Kind("percent", b"%", rb"%(?:25)*+(?:u00)?<hex>"),
    _Kind(
        "escape",
        b"\\",
        rb"\\++(?:(?:x|u00|U0{6}|')<hex>|[ux]\{0*<hex>\}|0{4}<hex>[ \t]|0?<octal>|<hex>[ \t]|<name>)",
    ),
    _Kind("entity", b"&", rb"&(?:amp;)*+(?:#0*<decimal>|#[xX]0*<hex>|<name>);?"),
    _Kind("quoted-printable", b"=", rb"=<hex>", rb"=\r?\n"),
    _Kind("utf-7", b"+", rb"\+<name>-"),
)
_BASES = {b"hex": 16, b"octal": 8, b"decimal": 10, b"name": 0}
_ANY = {
    b"hex": rb"([0-7][0-9A-Fa-f])",
    b"octal": rb"([01][0-7]{2})",
    b"decimal": rb"([0-9]{2}|1[0-2][0-9])(?![0-9])",
    b"name": rb"(N\{LOW LINE\}|_|lowbar|UnderBar|AF8)",
}
_LETTER = {
    b"hex": rb"(?:3[0-9]|[46][1-9A-Fa-f]|[57][0-9aA])",
    b"octal": rb"(?:06[0-7]|07[01]|1(?:[04][1-7]|[1256][0-7]|3[0-2]|7[0-2]))",
    b"decimal": rb"(?:4[89]|5[0-7]|6[5-9]|[78][0-9]|90|9[7-9]|1[01][0-9]|12[0-2])(?![0-9])",
    b"name": rb"(?!)",
}
_PREFIX, _LONGEST, _AROUND = 40, 480, 64  # bytes: of the longest prefix, of the longest body, on either side


def _written(kind: _Kind, numbers: dict[bytes, bytes]) -> bytes:
    return re.sub(rb"<(\w+)>", lambda place: numbers[place[1]], kind.form)


def _character(kind: _Kind, character: bytes) -> bytes:
    """Return a pattern for one character, as it is or escaped."""
    code = character[0]
    name = _ANY[b"name"].replace(b"(", b"(?:", 1) if character == b"_" else rb"(?!)"
    digits = b"".join(b"[%c%c]" % (digit, digit ^ 32) if digit > 57 else b"%c" % digit for digit in b"%x" % code)
    numbers = {b"hex": digits, b"octal": b"%o" % code, b"decimal": b"%d(?![0-9])" % code, b"name": name}
    return b"(?:" + character + b"|" + _written(kind, numbers) + b")"


class _Patterns(NamedTuple):
    prefix: re.Pattern[bytes]
    body: re.Pattern[bytes]  # of a key, or of the first piece of one
    unit: re.Pattern[bytes]
    bases: tuple[int, ...]  # of the numbers in the groups of a unit


@cache
def _patterns(kind: _Kind) -> _Patterns:
    nothing = b"(?:" + kind.nothing + b")?"
    letter = nothing + b"(?:[A-Za-z0-9]|" + _written(kind, _LETTER) + b")"
    return _Patterns(
        re.compile(nothing.join(_character(kind, character) for character in (b"a", b"k", b"_"))),
        re.compile(b"(?:" + letter + b"){36}|(?:" + letter + b"){0,35}+\\\\*[\"'`]"),
        re.compile(_written(kind, _ANY) + b"|" + kind.nothing),
        tuple(_BASES[name] for name in re.findall(rb"<(\w+)>", kind.form)),
    )


def read(data: bytes, hits: Sequence[int]) -> Iterator[Fragment]:
    """Yield the key around each hit of which some is escaped, unescaped, with what stands around it."""
    for at in hits:
        near = data[max(0, at - _PREFIX) : at + _LONGEST]
        for kind in _KINDS:
            if kind.mark in near:
                yield from _keys(data, at, kind)


def _keys(data: bytes, at: int, kind: _Kind) -> Iterator[Fragment]:
    patterns = _patterns(kind)
    for prefix in patterns.prefix.finditer(data, max(0, at - _PREFIX), at + _PREFIX // 2):
        if prefix.start() <= at < prefix.end():
            body = patterns.body.match(data, prefix.end(), prefix.end() + _LONGEST)
            if body and patterns.unit.search(data, prefix.start(), body.end()):
                yield _unescaped(data, prefix.start(), body.end(), kind)


def _unescaped(data: bytes, start: int, end: int, kind: _Kind) -> Fragment:
    text, begin, at = Pieces(), 0, max(0, start - _AROUND)
    for unit in _patterns(kind).unit.finditer(data, at, end + _AROUND):
        if at <= start:
            begin = start - at + len(text.data)
        text.add(data[at : unit.start()], at)
        text.add(_value(unit, kind), unit.start())
        at = unit.end()
    text.add(data[at : end + _AROUND], at)
    return Fragment(bytes(text.data), text, kind.name, (begin, begin + 1))


def _value(unit: re.Match[bytes], kind: _Kind) -> bytes:
    """Return the character that a number stands for, or a name: the underscore. Nothing for what is nothing."""
    for digits, base in zip(unit.groups(), _patterns(kind).bases, strict=True):
        if digits is not None:
            return bytes((int(digits, base) & 0x7F,)) if base else b"_"
    return b""

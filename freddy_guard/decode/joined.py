"""Keys in pieces: string literals that are put together, lines that are continued, invisible characters in between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from freddy_guard.decode.reading import Fragment, Pieces

_QUOTE = rb"(?:\\*[\"'`])"
# White space, comments, and how a notebook parts the lines of its source.
_SPACE = rb"(?:[ \t\r\n]|\\\r?\n|\\[nrt]|(?:#|//)[^\r\n]{0,80}\r?\n|/\*[^*]{0,80}\*/|(?<=\\n)[\"'],\s*[\"'])*+"
_BEGIN = rb"\(?[fFrRbBuUlL@$]{0,2}" + _QUOTE
_OPERATORS = rb"\+\+?|\.{1,2}|&(?:\s*_)?|<>|[~*^]"
_BARS = rb"\|\|"


def _literals(operators: bytes) -> bytes:
    """Return a pattern for the end of one literal and the begin of the next, an operator between them or none."""
    return _QUOTE + rb"\)?" + _SPACE + rb"(?:" + operators + rb")?" + _SPACE + _BEGIN


# What else stands between the pieces of one literal or line.
_OTHERS = (
    _QUOTE + rb"\)*\s*\.\s*(?:concat|append|push|add|plus)\(\s*" + _QUOTE,
    _QUOTE + rb";?\s*[$\w]{1,40}\s*(?:\+|\.|<)[=<]\s*" + _QUOTE,  # k += "..." on the next line
    rb"(?:%[sv]|\{\})" + _QUOTE + rb"\s*(?:%|\.format\()\s*\(?" + _QUOTE,  # "...%s" % "..."
    _QUOTE + rb"?\}?[$#]?\{" + _QUOTE + rb"|" + _QUOTE + rb"\}" + _QUOTE + rb"?",  # f"{'...'}{'...'}..."
    # HTML, and the runs of Word, PowerPoint and OpenDocument, which only dress a text.
    rb"(?:</?(?:b|i|u|em|strong|span|mark|font|code|tt|w:\w+|a:\w+|text:[\w-]+)\b[^<>]{0,200}>\s*)+",
    # Continued lines (shell, properties, YAML, .env, cmd), soft line breaks of mail, and what a page does not show.
    rb"\\\r?\n[ \t]*|[=^]\r?\n|<wbr ?/?>|&(?:shy|ZeroWidthSpace|zwnj|zwj|#8203|#x200[bB]);",
    rb"\xe2\x80[\x8b-\x8d]|\xe2\x81\xa0|\xef\xbb\xbf|\xc2\xad|\\u(?:200[b-dB-D]|00[aA][dD])",
    rb"[\"'](?=[A-Za-z0-9_])",  # in a shell: ak_..."..."
)
_EDGE_SEAM = _literals(_OPERATORS)
_COMMA = _QUOTE + _SPACE + rb"," + _SPACE + _BEGIN
_SEAM = rb"|".join((_literals(_OPERATORS), *_OTHERS))
_SQL_SEAM = rb"|".join((_literals(_OPERATORS + rb"|" + _BARS), *_OTHERS))
ANY_SEAM = rb"(?:" + rb"|".join((_COMMA, _SQL_SEAM)) + rb")"  # all, for the sign
# What joins where something near says so: commas beside a call that joins, bars in SQL.
_NEARBY = (
    (rb"(?i)join|format|concat|implode|paste|sprint|%s%s|<<|string\(", ANY_SEAM),
    (rb"(?i)\b(?:select|insert|values|update|into|where|returning|declare|execute)\b", rb"(?:" + _SQL_SEAM + rb")"),
    (rb"", rb"(?:" + _SEAM + rb")"),
)
# Single characters are always parts of one text.
_CHARACTERS = rb"(?<=')a'\s*,\s*'k'\s*,\s*'_(?:'\s*,\s*'[A-Za-z0-9]){36,45}(?=')"
# A line up to a literal that begins with a bare word, which is no word of a language in which literals stand together.
_COMMAND = (
    rb"[ \t]*(?:[$#][ \t]+)?(?!(?:return|yield|print|puts|raise|throw|in|case|when)\b)"
    rb"[a-z][\w./-]*(?:[ \t]+[^=(,:\[{]*)?[\"']?\Z"
)
_NEAR, _BEFORE, _AFTER, _LONGEST = 120, 32, 24, 2000


def read(data: bytes, hits: Sequence[int]) -> Iterator[Fragment]:
    """Yield the key around each `k` that is one in pieces, put together, with what stands around it."""
    for at in hits:
        key = _key(data, at, ANY_SEAM)
        if key and _is_in_pieces(key[0]):  # what near it tells is costly to ask for
            near = data[max(0, at - _NEAR) : at + 3 * _NEAR]
            seam = next(seam for words, seam in _NEARBY if re.search(words, near))
            key = _key(data, at, seam)
            if key and _is_in_pieces(key[0]) and not _are_words(data, key.start(), key[0]):
                yield _put_together(data, key.start(), key.end(), seam)
            elif of_characters := re.compile(_CHARACTERS).match(data, _start(data, at, ANY_SEAM)):
                yield _put_together(data, *of_characters.span(), ANY_SEAM)


class _Patterns(NamedTuple):
    """How a key reads that is joined by certain seams, the `a` before a `k` at the end of a text, and a seam."""

    key: re.Pattern[bytes]
    before: re.Pattern[bytes]
    seam: re.Pattern[bytes]


@cache
def _patterns(seam: bytes) -> _Patterns:
    parted, letter = rb"(?:" + seam + rb")?", rb"(?:[A-Za-z0-9]|" + seam + rb"[A-Za-z0-9])"
    return _Patterns(
        re.compile(rb"a" + parted + rb"k" + parted + rb"_" + letter + rb"{36,45}"),
        re.compile(rb"a" + seam + rb"(?=k\Z)"),
        re.compile(seam),
    )


def _key(data: bytes, at: int, seam: bytes) -> re.Match[bytes] | None:
    """Return the key, or what looks like a longer one, whose `k` stands at `at`."""
    start = _start(data, at, seam)
    return _patterns(seam).key.match(data, start, start + _LONGEST) if start >= 0 else None


def _start(data: bytes, at: int, seam: bytes) -> int:
    """Return where the `a` before a `k` stands, in the same literal or in the one before, -1 where none does."""
    if data[at - 1 : at] == b"a":
        return at - 1
    before = _patterns(seam).before.search(data, max(0, at - _NEAR), at + 1)
    return before.start() if before else -1


def _is_in_pieces(key: bytes) -> bool:
    return not key.replace(b"_", b"", 1).isalnum()  # the plain reading sees what is whole


def _are_words(data: bytes, start: int, pieces: bytes) -> bool:
    """Return whether these are the words of a shell command: quoted, and parted by blanks alone."""
    line = data[max(data.rfind(b"\n", max(0, start - _NEAR), start) + 1, start - _NEAR, 0) : start]
    return re.search(rb"[\"'][ \t]+[\"']", pieces) is not None and re.match(_COMMAND, line) is not None


def _put_together(data: bytes, start: int, end: int, seam: bytes) -> Fragment:
    # The edges too are looked for across seams: `"pe" "ak_" "..."` and `"ak_" "..." "_more"` hold no key.
    before = re.search(rb"[A-Za-z0-9_-]" + _EDGE_SEAM + rb"\Z", data[max(0, start - _NEAR) : start])
    edge = start - len(before[0]) + 1 if before else start
    text, at = Pieces(), max(0, edge - _BEFORE)
    text.add(data[at:edge], at)
    begin, at = len(text.data), start
    for found in _patterns(seam).seam.finditer(data, start, end):
        text.add(data[at : found.start()], at)
        at = found.end()
    text.add(data[at:end], at)
    after = re.compile(_EDGE_SEAM).match(data, end, end + _NEAR)
    at = after.end() if after else end
    text.add(data[at : at + _AFTER], at)
    return Fragment(bytes(text.data), text, "joined", (begin, begin + 1))

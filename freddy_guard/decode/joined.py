"""Keys in pieces: string literals that are put together, lines that are continued, invisible characters in between."""

from __future__ import annotations

import re
from collections.abc import Iterator

from freddy_guard.decode.reading import Fragment

_SPACE = rb"(?:[ \t\r\n]|\\\r?\n|(?:#|//)[^\r\n]{0,80}\r?\n|/\*[^*]{0,80}\*/)*+"
_QUOTE = rb"(?:\\*[\"'`])"
# The end of one literal and the beginning of the next, with an operator between them or none (Python, C, Ruby).
_LITERALS = (
    _QUOTE
    + rb"\)?"
    + _SPACE
    + rb"(?:\+|\.{1,2}|&(?:\s*_)?|\|\||<>|~|\+\+|\^)?"
    + _SPACE
    + rb"\(?[fFrRbBuUlL@$]{0,2}"
    + _QUOTE
)
# The same with a comma: only where something near says that the parts are put together.
_LISTED = _QUOTE + _SPACE + rb"," + _SPACE + rb"[fFrRbBuUlL@$]{0,2}" + _QUOTE
_INTERPOLATED = _QUOTE + rb"\}[$#]?\{" + _QUOTE  # f"{'ak_...'}{'...'}", and the same in JavaScript and Ruby
_CALLED = _QUOTE + rb"\)*\s*\.\s*(?:concat|append|push|add|plus)\(\s*" + _QUOTE
# What only dresses a text: HTML, and the runs of Word, PowerPoint and OpenDocument.
_MARKUP = rb"(?:</?(?:b|i|u|em|strong|span|mark|font|code|tt|w:\w+|a:\w+|text:[\w-]+)\b[^<>]{0,200}>\s*)+"
# Continued lines (shell, properties, YAML, .env), soft line breaks of mail, and what a page does not show.
_CONTINUED = (
    rb"\\\r?\n[ \t]*|=\r?\n|<wbr ?/?>|&(?:shy|ZeroWidthSpace|zwnj|zwj|#8203|#x200[bB]);|"
    rb"\xe2\x80[\x8b-\x8d]|\xe2\x81\xa0|\xef\xbb\xbf|\xc2\xad|\\u(?:200[b-dB-D]|00[aA][dD])"
)
_HALF_QUOTED = rb"[\"'](?=[A-Za-z0-9_])"  # in a shell: ak_..."..."
_JOIN = rb"(?:" + rb"|".join((_LITERALS, _INTERPOLATED, _CALLED, _CONTINUED, _MARKUP, _HALF_QUOTED)) + rb")"
_JOIN_LISTED = rb"(?:" + rb"|".join((_LITERALS, _LISTED, _CALLED, _CONTINUED, _HALF_QUOTED)) + rb")"
_TOGETHER = rb"(?i)join|format|concat|implode|paste|sprint|%s%s|<<|string\("
_SQL = rb"(?i)\b(?:select|insert|values|update|into|where|returning|declare|execute)\b"
# A line up to a literal that begins with a bare word, which is no word of a language in which literals stand together.
_COMMAND = (
    rb"[ \t]*(?:[$#][ \t]+)?(?!(?:return|yield|print|puts|raise|throw|in|case|when)\b)"
    rb"[a-z][\w./-]*(?:[ \t]+[^=(,:\[{]*)?[\"']?\Z"
)
_PREFIX = rb"k(?:(?=_)|(?=[\"'`\\=])(?<=ak))"
_NEAR, _BEFORE, _AFTER, _LONGEST = 120, 32, 24, 2000


def _pattern(join: bytes) -> bytes:
    joined = rb"(?:" + join + rb")?"
    return rb"a" + joined + rb"k" + joined + rb"_(?:" + joined + rb"[A-Za-z0-9])++"


def read(data: bytes) -> Iterator[Fragment]:
    """Yield each `ak_` that is not whole, its pieces joined, with what stands around it."""
    for found in re.finditer(_PREFIX, data):
        start = _start(data, found.start())
        if start is None or re.match(rb"ak_[A-Za-z0-9]{40}", data[start : start + 44]):
            continue  # no prefix, or whole: the plain reading sees it
        join = _join(data[max(0, start - _NEAR) : start + 3 * _NEAR])
        pieces = re.match(_pattern(join), data[start : start + _LONGEST])
        if pieces and re.search(join, pieces[0]) and not _are_words(data, start, pieces[0]):
            yield _put_together(data, start, start + pieces.end(), join)


def _start(data: bytes, at: int) -> int | None:
    """Return where the `a` before a `k` stands, in the same literal or in the one before."""
    if data[at - 1 : at] == b"a":
        return at - 1
    before = re.search(rb"a" + _JOIN + rb"\Z", data[max(0, at - _NEAR) : at])
    return at - len(before[0]) if before else None


def _join(near: bytes) -> bytes:
    """Return what joins here: a comma only beside a call that joins, `||` only in SQL (elsewhere it is an or)."""
    join = _JOIN_LISTED if re.search(_TOGETHER, near) else _JOIN
    return join if re.search(_SQL, near) else join.replace(rb"|\|\|", b"")


def _are_words(data: bytes, start: int, pieces: bytes) -> bool:
    """Return whether these are the words of a shell command: quoted, and parted by blanks alone."""
    line = data[max(data.rfind(b"\n", 0, start) + 1, start - _NEAR) : start]
    return re.search(rb"[\"'][ \t]+[\"']", pieces) is not None and re.match(_COMMAND, line) is not None


def _put_together(data: bytes, start: int, end: int, join: bytes) -> Fragment:
    # The edges too are looked for across seams: `"pe" "ak_" "..."` and `"ak_" "..." "_more"` hold no key.
    before = re.search(rb"[A-Za-z0-9_-]" + join + rb"\Z", data[max(0, start - _NEAR) : start])
    edge = start - len(before[0]) + 1 if before else start
    offsets = list(range(max(0, edge - _BEFORE), edge))
    left = len(offsets)
    at = start
    for seam in re.finditer(join, data[start:end]):
        offsets += range(at, start + seam.start())
        at = start + seam.end()
    offsets += range(at, end)
    after = re.match(join, data[end : end + _NEAR])
    at = end + after.end() if after else end
    offsets += range(at, min(len(data), at + _AFTER))
    text = bytes(data[offset] for offset in offsets)
    return Fragment(text, [*offsets, offsets[-1] + 1], "joined", (left, left + 1))

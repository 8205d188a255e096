"""Keys in pieces: string literals that are put together, lines that are continued, invisible characters in between."""

from __future__ import annotations

import re
from collections.abc import Iterator

from freddy_guard.decode.reading import Fragment

_SPACE = rb"(?:[ \t\r\n]|\\\r?\n|(?:#|//)[^\r\n]{0,80}\r?\n|/\*[^*]{0,80}\*/)*+"
_QUOTE = rb"(?:\\*[\"'`])"
# The end of one literal and the beginning of the next, with an operator between them or none (Python, C, Ruby).
_LITERALS = _QUOTE + rb"\)?" + _SPACE + rb"(?:\+|\.{1,2}|&|\|\||<>|~|\+\+|%+)?" + _SPACE + rb"\(?[fFrRbBuUlL@$]{0,2}" + _QUOTE
# The same with a comma: only where something near says that the parts are put together.
_LISTED = _QUOTE + _SPACE + rb"," + _SPACE + rb"[fFrRbBuUlL@$]{0,2}" + _QUOTE
_INTERPOLATED = _QUOTE + rb"\}\{" + _QUOTE  # f"{'ak_...'}{'...'}"
# Continued lines (shell, properties, YAML, .env), soft line breaks of mail, and what a page does not show.
_CONTINUED = (
    rb"\\\r?\n[ \t]*|=\r?\n|<wbr ?/?>|&(?:shy|ZeroWidthSpace|zwnj|zwj|#8203|#x200[bB]);|"
    rb"\xe2\x80[\x8b-\x8d]|\xe2\x81\xa0|\xef\xbb\xbf|\xc2\xad|\\u(?:200[b-dB-D]|00[aA][dD])"
)
_JOIN = rb"(?:" + _LITERALS + rb"|" + _INTERPOLATED + rb"|" + _CONTINUED + rb")"
_JOIN_LISTED = rb"(?:" + _LITERALS + rb"|" + _LISTED + rb"|" + _CONTINUED + rb")"
_TOGETHER = rb"(?i)join|format|concat|implode|paste0|sprintf|%s%s|<<"
_NEAR, _BEFORE, _AFTER = 120, 32, 24


def _pattern(join: bytes) -> bytes:
    joined = rb"(?:" + join + rb")?"
    return rb"a" + joined + rb"k" + joined + rb"_(?:" + joined + rb"[A-Za-z0-9])++"


def read(data: bytes) -> Iterator[Fragment]:
    """Yield each `ak_` that is not whole, its pieces joined, with what stands around it."""
    for found in re.finditer(rb"a(?=k_|k?[\"'`\\<=&\xe2\xef\xc2])", data):
        if re.compile(rb"ak_[A-Za-z0-9]{36}").match(data, found.start()):
            continue  # whole: the plain reading sees it
        near = data[max(0, found.start() - _NEAR) : found.start() + 3 * _NEAR]
        join = _JOIN_LISTED if re.search(_TOGETHER, near) else _JOIN
        pieces = re.compile(_pattern(join)).match(data, found.start(), found.start() + 2000)
        if pieces and re.search(join, pieces[0]):
            yield _put_together(data, pieces.start(), pieces.end(), join)


def _put_together(data: bytes, start: int, end: int, join: bytes) -> Fragment:
    offsets = list(range(max(0, start - _BEFORE), start))
    left = len(offsets)
    at = start
    for seam in re.finditer(join, data[start:end]):
        offsets += range(at, start + seam.start())
        at = start + seam.end()
    offsets += range(at, min(len(data), end + _AFTER))
    text = bytes(data[offset] for offset in offsets)
    return Fragment(text, [*offsets, offsets[-1] + 1], "joined", (left, left + 1))

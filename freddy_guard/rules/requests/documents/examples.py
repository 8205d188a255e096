"""Which examples of a document are there to show what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from freddy_guard.rules.requests.documents.blocks import Block, Line

_WRONG = re.compile(
    r"\b(?:wrong|incorrect|don'?t|dont|do not|does(?:n't| not)|won'?t|never|bad|avoid|mistakes?|pitfalls?|invalid|"
    r"broken|fails?|failing|rejected|refused|forg[eo]t(?:ten|ting)?|missing|insecure|unsafe|vulnerable|anti-?patterns?|deprecated|"
    r"no longer|legacy|instead of|unauthori[sz]ed|unauthenticated|anonymous|401|403|counter-?example|"
    r"INVALID_API_KEY|nope|not work\w*|not like this|problem|leaks?)\b"
    r"|\b(?:with(?:out)?|no) (?:(?:the|a|an|any|your|its|no|sending|setting|passing) )*"
    r"(?:api[ -]?key|key|header|auth\w*|credentials?|`?x-api-key`?)"
    r"|^\W*(?:before|old|previously|v0)\b[^.]{0,24}:?\W*$|^\W*(?:no|not ok)\W*$"
    r"|[❌✗✘✖🚫⛔👎🙅]|\(x\)|:x:|:no_entry\w*:|:::\s*danger|!!!\s*(?:danger|failure|bug)",
    re.IGNORECASE | re.MULTILINE,
)
_NOT_WRONG = r"\bwith (?:the|a|an|your)\b[^\n.]*|\bno (?:key|header)s? (?:in|is)\b|don'?t forget\b|do not forget\b"
_RIGHT = re.compile(
    r"\b(?:correct|right|good|do this|fixed|instead|after)\b\W*:?\W*$|[✅✔👍]", re.IGNORECASE | re.MULTILINE
)
_ANSWER = re.compile(r"[ \t]*(?:< )?HTTP/[\d.]+ 40[13]\b|.{0,200}INVALID_API_KEY")
_REFUSED = re.compile(r"\b(?:401|403|unauthori[sz]ed|INVALID_API_KEY)\b", re.IGNORECASE)
_FOLLOWS = re.compile(
    r"\W*(?:this|that|it|the (?:call|request|api|server|above|response|result)|returns?|response|results?|output|which|"
    r"and|gives|\xe2\x86\x92|=>).*(?:401|403|unauthori|reject|fail|wrong|error|refuse|does(?:n't| not) work|"
    r"INVALID_API_KEY)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"#{1,6} |={1,5} |=== ")
_COMMENT = re.compile(r"[ \t]*(?:#|//|--|<!--|/?\*)(?P<text>.*)")
_BEHIND = re.compile(r".*?[ \t](?:#|//|\xe2\x86\x92|<!--)(?P<text>[^'\"]*)\Z")
_NEAR = 8  # lines
_FAR = 400
_LONG = 300  # characters
_LEVELS = 7


def is_wrong(lines: list[Line], block: Block, following: Block | None) -> bool:
    """Return whether what stands around a block says that it is wrong, or shows how it fails."""
    before, heading = _before(lines, block.opened)
    if says_wrong(before):
        return True
    if says_wrong(heading) and not _RIGHT.search(before):
        return True
    if any(_ANSWER.match(line.text) for line in block.lines):
        return True
    after, stops_at = _after(lines, block.closed)
    if _FOLLOWS.match(after):
        return True
    shown = following is not None and following.opened == stops_at and following.language in _ANSWERS
    return shown and following is not None and any(_REFUSED.search(line.text) for line in following.lines[:6])


_ANSWERS = frozenset(["json", "text", "http", "", "txt", "output", "console", "plaintext"])


def says_wrong(said: str) -> bool:
    """Return whether a text introduces what is wrong."""
    plain = said.encode("latin-1", "replace").decode("utf-8", "replace").replace("\u2019", "'")
    if not _WRONG.search(re.sub(_NOT_WRONG, "", plain, flags=re.IGNORECASE)):
        return False
    last = plain.strip().rpartition("\n")[2]
    return not (_RIGHT.search(last) and not _WRONG.search(last))


def _before(lines: list[Line], opened: int) -> tuple[str, str]:
    """Return the paragraph above a block, and the heading that it stands under."""
    at = opened - 1
    while at >= 0 and not lines[at].text.strip():
        at -= 1
    paragraph: list[str] = []
    while at >= 0 and lines[at].text.strip() and len(paragraph) < _NEAR and not _HEADING.match(lines[at].text):
        if re.match(r"[ \t>]*(?:```|~~~|----)", lines[at].text):
            break
        paragraph.insert(0, lines[at].text)
        at -= 1
    return "\n".join(paragraph), "\n".join(_headings(lines[max(at + 1 - _FAR, 0) : at + 1]))


def _headings(lines: list[Line]) -> Iterator[str]:
    """Yield the heading of the section that lines end in, and those around it below the title of the page."""
    level = _LEVELS
    for line in reversed(lines):
        match = _HEADING.match(line.text)
        depth = len(match[0].strip()) if match else _LEVELS
        if match and depth < level and (depth > 1 or level == _LEVELS):
            yield line.text
            level = depth


def _after(lines: list[Line], closed: int) -> tuple[str, int]:
    """Return the line of text below a block, and the number of the line at which the next thing begins."""
    at = closed
    while at < len(lines) and not lines[at].text.strip():
        at += 1
    text = lines[at].text if at < len(lines) else ""
    if re.match(r"[ \t>]*(?:```|~~~)", text) or _HEADING.match(text):
        return "", at
    begin = at
    while begin < min(len(lines), at + _NEAR) and not re.match(r"[ \t>]*(?:```|~~~|#)", lines[begin].text):
        begin += 1
    return text, begin if begin <= at + 3 else -1


def is_commented_wrong(source: str, start: int, end: int) -> bool:
    """Return whether a comment above, within or behind a call in an example says that it is wrong."""
    begin, finish = source.rfind("\n", 0, start) + 1, source.find("\n", end)
    own = source[begin : finish if finish >= 0 else len(source)].split("\n")
    behind = [match["text"] for line in own if (match := _BEHIND.match(line[-_LONG:]))]
    if any(says_wrong(text) for text in behind):
        return True
    for line in reversed(source[max(begin - _NEAR * _LONG, 0) : begin].split("\n")[-_NEAR - 1 : -1]):
        match = _COMMENT.match(line)
        if match:
            return says_wrong(match["text"])
    return False

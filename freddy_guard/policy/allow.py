"""Allow comments, in any comment syntax: `allow FG101[, FG102] [until=2026-12-31] -- reason`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from freddy_guard.config import suggestion
from freddy_guard.model import Document
from freddy_guard.policy import KEYWORD
from freddy_guard.redact import printable

LONGEST, BEFORE, SHOWN = 4000, 200, 300  # bytes read of a comment and before it, characters kept of a reason

_USAGE = f"write `{KEYWORD.decode()} FG101 -- why`"
_SIGN = re.compile(KEYWORD + rb"([\w-]*+)(?![\"'`)])")
_LINE_END = re.compile(rb"[\r\n]")
_DASH = re.compile(r"-{2,}|—")
# What opened last says what closes a comment, and code may follow that. A quote opens only right before it.
_OPENER = re.compile(rb"/\*|<!--|\{#|\{%|\(\*|\"(?=\s*$)|['`]$|#|//|--")
_CLOSERS = {
    b"/*": re.compile(rb"\*/"),
    b"<!--": re.compile(rb"-->"),
    b"{#": re.compile(rb"#\}"),
    b"{%": re.compile(rb"\{%|%\}"),
    b"(*": re.compile(rb"\*\)"),
    b'"': re.compile(rb'(?<!\\)"'),
    b"'": re.compile(rb"(?<!\\)'"),
    b"`": re.compile(rb"`"),
}
# A block comment that began on an earlier line shows only its end.
_END = re.compile(rb"(?:\*+/\}?|--%?>|[#%]\}|\*\)|\"\"\"|\'\'\'|[-%#]>|(?:--)?\}\}|-\}|\]\])$")


@dataclass(frozen=True, slots=True)
class Comment:
    """An allow comment on `line` for what stands on line `target`. Without `rules` it is not honoured."""

    line: int
    target: int
    rules: tuple[str, ...] = ()
    reason: str = ""
    problems: tuple[str, ...] = ()


def parse(document: Document, known: Mapping[str, str], today: datetime.date) -> Iterator[Comment]:
    """Yield the allow comments that begin in the body of a document, in order, with what is wrong with each.

    `known` maps every rule id and name, in lower case, to the id.
    """
    data, line, counted = document.data, document.start.line, 0
    first, last = document.body or (0, len(data))
    for sign in _SIGN.finditer(data):
        if not first <= sign.start() < last:
            continue
        suffix = sign[1].decode("utf-8", "replace")
        if suffix and not suffix.startswith("-"):
            continue  # prose: "allowed", "allows"
        line += _line_ends(data, counted, sign.start())
        counted = sign.start()
        target = line + 1 if suffix == "-next-line" else line
        rules, reason, problems = _read(suffix, _body(data, sign), known, today)
        yield Comment(line, target, rules, reason, problems)


def day(text: str) -> datetime.date | None:
    """Return the day that `YYYY-MM-DD` names, or None if it is written otherwise or does not exist."""
    try:
        date = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return date if date.isoformat() == text else None


def says_something(reason: str) -> bool:
    """Return whether a reason is more than spaces and punctuation."""
    return any(char.isalnum() for char in reason)


def _line_ends(data: bytes, start: int, end: int) -> int:
    ends = data.count(b"\n", start, end) + data.count(b"\r", start, end)
    return ends - data.count(b"\r\n", start, end)


def _body(data: bytes, sign: re.Match[bytes]) -> str:
    """Return the text of a comment after its verb, without what closes the comment and what follows that."""
    stop = data.find(KEYWORD, sign.end())
    stop = len(data) if stop < 0 else stop
    end = _LINE_END.search(data, sign.end(), stop)
    text = data[sign.end() : end.start() if end else stop]
    if len(text) > LONGEST:  # in whole words: half a key would not be masked
        text = text[:LONGEST].rpartition(b" ")[0]
    before = _LINE_END.split(data[max(0, sign.start() - BEFORE) : sign.start()])[-1]
    opener = (_OPENER.findall(before) or [b""])[-1]
    if opener in _CLOSERS:
        text = _CLOSERS[opener].split(text, 1)[0]
    return _END.sub(b"", text.rstrip()).decode("utf-8", "replace")


def _read(
    suffix: str, body: str, known: Mapping[str, str], today: datetime.date
) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Return the rules that a comment allows, its reason, and what is wrong with it."""
    if suffix not in ("", "-next-line"):
        return (), "", (f"allow{printable(suffix)[:40]} is not known: write allow or allow-next-line",)
    dash = _DASH.search(body)
    reason = printable(body[dash.end() :].strip())[:SHOWN] if dash else ""
    words = [word for word in re.split(r"[\s,]+", body[: dash.start()] if dash else body) if word]
    names = [word for word in words if "=" not in word]
    options = [word for word in words if "=" in word]
    fatal = _fatal(names, options, reason, today)
    if fatal:
        return (), reason, (fatal,)
    rules = tuple(dict.fromkeys(known[name.lower()] for name in names if name.lower() in known))
    return rules, reason, tuple(_unknown(name, known) for name in names if name.lower() not in known)


def _fatal(names: Sequence[str], options: Sequence[str], reason: str, today: datetime.date) -> str:
    """Return why a comment is not honoured at all, or nothing."""
    if not names:
        return f"a rule id is required: {_USAGE}"
    if not says_something(reason):
        return f"a reason is required: {_USAGE}"
    for option in options:
        name, _, value = option.partition("=")
        until = day(value)
        if name.lower() != "until":
            return f'"{printable(name)[:40]}=" is not known: the only option is until=YYYY-MM-DD'
        if until is None:
            return f'"{printable(value)[:40]}" is not a date: write until=YYYY-MM-DD'
        if until < today:
            return f"it expired on {value}: remove the key, or renew the date"
    return ""


def _unknown(name: str, known: Mapping[str, str]) -> str:
    near = suggestion(name, known)
    return f'there is no rule "{printable(name)[:40]}"{near or ": remove it from the comment"}'

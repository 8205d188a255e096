"""The blocks of code in a document, with their languages: Markdown, reStructuredText, AsciiDoc."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from freddy_guard.rules.requests.code import Builder, Code

_FENCE = re.compile(r"(?P<indent>(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)\Z")
_DIRECTIVE = re.compile(r"(?P<indent>[ \t]*)\.\. (?:code-block|code|sourcecode|prompt)::[ \t]*(?P<language>\S*)")
_ASCIIDOC = re.compile(r"\[(?:source|,)[ ,]*(?P<language>[\w+#-]*).*\]\s*\Z")


class Line(NamedTuple):
    """A line of a document without its end, one character for each byte."""

    start: int
    text: str


class Block(NamedTuple):
    """A block of code: the lines from `first` up to `last`, opened on line `opened`, closed before line `closed`."""

    language: str
    opened: int
    closed: int
    lines: tuple[Line, ...]


def lines_of(data: bytes) -> list[Line]:
    """Return the lines of a document."""
    found = re.finditer(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)", data.decode("latin-1"))
    return [Line(match.start(), match[1]) for match in found]


def blocks(lines: list[Line], suffix: str) -> Iterator[Block]:
    """Yield the blocks of code of a document."""
    if suffix == "rst":
        return _directives(lines)
    return _listings(lines) if suffix == "adoc" else _fences(lines)


def _fences(lines: list[Line]) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        text = lines[at].text
        opening = _FENCE.match(text)
        if opening:
            closed = _closing(lines, at + 1, opening["mark"])
            inner = tuple(_unindented(line, opening["indent"]) for line in lines[at + 1 : closed])
            yield Block(_language(opening["info"]), at, closed + 1, inner)
            at = closed
        elif "<!--" in text and "-->" not in text.rpartition("<!--")[2]:
            at = next((i for i in range(at, len(lines)) if "-->" in lines[i].text), len(lines))
        at += 1


def _closing(lines: list[Line], first: int, mark: str) -> int:
    end = re.compile(rf"[ \t>]*{re.escape(mark)}{re.escape(mark[0])}*[ \t]*\Z")
    return next((i for i in range(first, len(lines)) if end.match(lines[i].text)), len(lines))


def _unindented(line: Line, indent: str) -> Line:
    """Return a line without the indent, the quote marks or the list that its fence stands in."""
    depth = 0
    while depth < min(len(indent), len(line.text)) and line.text[depth] in " \t>":
        depth += 1
    return Line(line.start + depth, line.text[depth:])


def _language(info: str) -> str:
    match = re.match(r"[ \t]*\{?[ .]*([\w+#-]*)", info)
    return match[1].lower() if match else ""


def _directives(lines: list[Line]) -> Iterator[Block]:
    for at, line in enumerate(lines):
        match = _DIRECTIVE.match(line.text)
        if match:
            indent, last = len(match["indent"]), at + 1
            while last < len(lines) and (not lines[last].text.strip() or _indent(lines[last].text) > indent):
                last += 1
            inner = list(lines[at + 1 : last])
            while inner and (not inner[0].text.strip() or inner[0].text.lstrip().startswith(":")):
                inner.pop(0)
            least = min((_indent(one.text) for one in inner if one.text.strip()), default=0)
            block = tuple(Line(one.start + least, one.text[least:]) for one in inner)
            yield Block(match["language"].lower(), at, last, block)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _listings(lines: list[Line]) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        match = _ASCIIDOC.match(lines[at].text)
        if match and at + 1 < len(lines) and re.fullmatch(r"(-{4,}|\.{4,})\s*", lines[at + 1].text):
            closed = _closing(lines, at + 2, lines[at + 1].text.strip())
            yield Block(match["language"].lower(), at, closed + 1, tuple(lines[at + 2 : closed]))
            at = closed
        at += 1


def joined(lines: tuple[Line, ...], head: str = "") -> Code:
    """Return the code of lines, behind some that the document has further up."""
    code = Builder()
    if head:
        code.add(head.encode("latin-1"), lines[0].start if lines else 0)
    for line in lines:
        code.add(f"{line.text}\n".encode("latin-1"), line.start)
    return code.built()

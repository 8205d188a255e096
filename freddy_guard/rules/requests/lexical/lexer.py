"""Tokens of any language here: names, texts with what is filled into them, brackets and their partners, no comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from freddy_guard.rules.requests.lexical.syntax import KEYWORDS_OF_END, Quote, Syntax

NAME, TEXT, NUMBER, OPEN, CLOSE, END, OP = "name", "text", "number", "open", "close", "end", "op"
Span = tuple[int, int]  # from, and up to

_PAIRS = {")": "(", "]": "[", "}": "{", "end": "do"}
_NESTED = re.compile(r"""[(\[{]|[)\]}]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""")
_LONGEST_HOLE = 2000  # characters of an expression in a text
_BEFORE_OPERAND = frozenset(["=", "(", ",", "=>", "||", "&&", "!", "==", "{", "[", "return", "then", "else", "do"])
_ENDLESS = re.compile(r"def\s+(?:self\.)?\w+[?!]?(?:\([^()\n]*\))?\s+=\s")


class Token(NamedTuple):
    """A token, from byte `start` up to `end`. `pieces` of a text are what stands in it, and spans of code in it."""

    kind: str
    text: str
    start: int
    end: int
    spaced: bool = False
    pieces: tuple[str | Span, ...] = ()


class Unbalanced(Exception):  # noqa: N818 - says what the text is
    """A bracket has no partner: half a file, or what we cannot read."""


class Lexer:
    """Reads the tokens of a text in which a character is a byte. `partner` leads from a bracket to its other one."""

    def __init__(self, source: str, syntax: Syntax, span: Span | None = None) -> None:
        self.tokens: list[Token] = []
        self.partner: dict[int, int] = {}
        self._source, self._syntax = source, syntax
        self._open: list[int] = []
        self._spaced = False
        self._waiting: list[str] = []  # labels of here-documents that begin on the next line
        self._loop = False  # the `do` of this line belongs to its `while`
        start, end = span or (0, len(source))
        self._read(start + (syntax.skips.match(source, start, end) or re.match("", "")).end() * (span is None), end)  # type: ignore[union-attr]

    def _read(self, at: int, end: int) -> None:
        pattern, source = _pattern(self._syntax), self._source
        while at < end:
            match = pattern.match(source, at, end)
            if match is None:
                at += 1
                continue
            kind = match.lastgroup or ""
            at = self._take(kind, match)
        if self._open:
            raise Unbalanced

    def _take(self, kind: str, match: re.Match[str]) -> int:
        """Take what was matched; return where it ends."""
        if kind in ("space", "comment"):
            self._spaced = True
            return match.end()
        if kind == "line":
            return self._line(match)
        if kind.startswith("quote"):
            return self._quote(self._syntax.quotes[int(kind[5:])], match)
        if kind == "here":
            self._waiting.append(match["label"])
            self._add(TEXT, match, ((match.end(), match.end()),))
            return match.end()
        self._add(kind, match)
        return match.end()

    def _line(self, match: re.Match[str]) -> int:
        self._spaced, self._loop = True, False
        if self._syntax.lines and not (self._open and self.tokens[self._open[-1]].text in "(["):
            self._add(END, match)
        at = match.end()
        for label in self._waiting:
            found = re.compile(rf"^[ \t]*{re.escape(label)}\b", re.MULTILINE).search(self._source, at)
            at = found.end() if found else len(self._source)
        self._waiting.clear()
        return at

    def _add(
        self, kind: str, match: re.Match[str], pieces: tuple[str | Span, ...] = (), end: int | None = None
    ) -> None:
        text = match[0]
        if kind == NAME and self._syntax.keyword_blocks:
            kind, text = self._keyword(match)
        if kind == OP and text == ";":
            kind = END
        if kind == OP and text in self._syntax.members:
            text = "?."
        if kind == NAME and self._syntax.folds:
            text = text.lower()
        index = len(self.tokens)
        self.tokens.append(Token(kind, text, match.start(), match.end() if end is None else end, self._spaced, pieces))
        self._spaced = False
        if kind == OPEN:
            self._open.append(index)
        elif kind == CLOSE:
            self._close(index, text)

    def _close(self, index: int, text: str) -> None:
        if not self._open or self.tokens[self._open[-1]].text != _PAIRS[text]:
            raise Unbalanced
        opened = self._open.pop()
        self.partner[opened], self.partner[index] = index, opened

    def _keyword(self, match: re.Match[str]) -> tuple[str, str]:
        """Return kind and text of a word that may open or close a block without a bracket."""
        word = match[0]
        before = self.tokens[-1] if self.tokens else None
        member = before is not None and before.kind == OP and before.text in (".", "&.", "::")
        if word not in KEYWORDS_OF_END or member or re.match(r":(?!:)", self._source[match.end() : match.end() + 2]):
            return NAME, word
        if word == "end":
            return CLOSE, word
        if word == "do":
            opens, self._loop = not self._loop, False
            return (OPEN, "do") if opens else (NAME, word)
        starts = before is None or before.kind in (END, OPEN) or before.text in _BEFORE_OPERAND
        if word in ("if", "unless", "while", "until", "for") and not starts:
            return NAME, word
        if word == "def" and _ENDLESS.match(self._source, match.start()):
            return NAME, word
        self._loop = word in ("while", "until", "for")
        return OPEN, "do"

    def _quote(self, quote: Quote, match: re.Match[str]) -> int:
        pieces, end = self._pieces(quote, match)
        self._add(TEXT, match, pieces, end)
        return end

    def _pieces(self, quote: Quote, match: re.Match[str]) -> tuple[tuple[str | Span, ...], int]:
        """Return the pieces of a text and where it ends."""
        closes = _fitting(quote.closes, match)
        pattern = re.compile(
            f"(?P<close>{closes})" + (f"|(?P<hole>{quote.holes})" if quote.holes else "") + _escaped(quote)
        )
        pieces: list[str | Span] = []
        at = match.end()
        while (found := pattern.search(self._source, at)) is not None:
            pieces.append(self._source[at : found.start()])
            if found.lastgroup == "close":
                return _joined(pieces), found.end()
            if found.lastgroup == "escape":
                pieces.append(found[0][1:])
                at = found.end()
            else:
                span, at = self._hole(found)
                pieces.append(span)
        raise Unbalanced

    def _hole(self, found: re.Match[str]) -> tuple[Span, int]:
        """Return the span of the code that a text has here, and where the text goes on."""
        if found[0][-1] not in "({":
            return (found.start() + self._syntax.sigil, found.end()), found.end()
        depth = 1
        for nested in _NESTED.finditer(self._source, found.end(), found.end() + _LONGEST_HOLE):
            depth += (nested[0] in "([{") - (nested[0] in ")]}")
            if depth == 0:
                return (found.end(), nested.start()), nested.end()
        raise Unbalanced


def _fitting(closes: str, match: re.Match[str]) -> str:
    """Return the pattern that ends a text, with the label or the hashes of its beginning."""
    if "@" not in closes:
        return closes
    label = next(
        (value for name, value in match.groupdict().items() if name.startswith("at") and value is not None), ""
    )
    return closes.replace("@", re.escape({"(": ")", "[": "]", "{": "}", "<": ">"}.get(label, label)))


def _escaped(quote: Quote) -> str:
    return rf"|(?P<escape>{quote.escape}(?s:.))" if quote.escape else ""


def _joined(pieces: list[str | Span]) -> tuple[str | Span, ...]:
    done: list[str | Span] = []
    for piece in pieces:
        if isinstance(piece, str) and done and isinstance(done[-1], str):
            done[-1] += piece
        elif piece:
            done.append(piece)
    return tuple(done)


@cache
def _pattern(syntax: Syntax) -> re.Pattern[str]:
    return re.compile("|".join(_alternatives(syntax)), re.MULTILINE)


def _alternatives(syntax: Syntax) -> Iterator[str]:
    yield r"(?P<space>[ \t\r\f\ufeff]+|\\\r?\n)" if syntax.lines else r"(?P<space>[ \t\r\f\n]+)"
    yield f"(?P<comment>{syntax.comments})"
    if syntax.lines:
        yield r"(?P<line>\n)"
    if syntax.here:
        yield f"(?P<here>{syntax.here})"
    for index, quote in enumerate(syntax.quotes):
        yield f"(?P<quote{index}>{quote.opens})"
    yield rf"(?P<{NUMBER}>\d[\w]*(?:\.\d\w*)?)"
    yield f"(?P<{NAME}>{syntax.names})"
    yield rf"(?P<{OPEN}>[(\[{{])|(?P<{CLOSE}>[)\]}}])"
    yield (
        rf"(?P<{OP}>\?->|\?\?=|\|\|=|[=!]==?|<=|>=|:=|::|\?\.|&\.|!!|\.\.\.?|&&|\|\||[-+.*/%]=|"
        r"\?\?|\?:|->|=>|<-|[^\s\w])"
    )

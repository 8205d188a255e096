"""A program as tokens in brackets: its statements, chains of members and calls, and what they are handed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from freddy_guard.rules.requests.lexical.lexer import CLOSE, END, NAME, OP, OPEN, TEXT, Lexer, Token
from freddy_guard.rules.requests.lexical.syntax import Syntax

Range = tuple[int, int]  # indexes of tokens, from and up to
MEMBER = frozenset([".", "?.", "::", "&.", "!!"])
_CONTINUES = frozenset(["+", "?:", "||", "&&", "??", "?", ":", "or", "and"]) | MEMBER
_OPERATORS = frozenset(
    ["+", "-", "*", "/", "%", "=", ",", ".", "&&", "||", "??", "?:", ":=", "==", "+=", "=>", "?", ":", "|"]
)
WORDS = frozenset(
    [
        "if",
        "else",
        "unless",
        "while",
        "until",
        "for",
        "foreach",
        "switch",
        "when",
        "case",
        "return",
        "throw",
        "new",
        "await",
        "in",
        "is",
        "as",
        "do",
        "end",
        "then",
        "yield",
        "guard",
        "let",
        "var",
        "val",
        "const",
        "final",
        "try",
        "catch",
        "where",
        "using",
        "import",
        "package",
        "func",
        "fun",
        "fn",
        "def",
        "class",
        "struct",
        "and",
        "or",
        "not",
        "defer",
        "go",
    ]
)
THIS = frozenset(["this", "self", "$this", "static", "Self"])


class Argument(NamedTuple):
    """What a call is handed: with its name where it has one."""

    name: str
    lo: int
    hi: int


class Link(NamedTuple):
    """A member of a chain; `args` and `block` are the indexes of the brackets behind it, -1 without."""

    name: str
    at: int
    args: int = -1
    block: int = -1
    command: Range = (0, 0)  # arguments without brackets

    @property
    def called(self) -> bool:
        """Return whether something is handed over here."""
        return self.args >= 0 or self.block >= 0 or self.command != (0, 0)


class Chain(NamedTuple):
    """An operand: a name, a text or a bracket, and the members that hang on it."""

    lo: int
    hi: int
    links: tuple[Link, ...]


class Code:
    """The tokens of a file, or of a piece of code in a text."""

    def __init__(self, source: str, syntax: Syntax, span: Range | None = None) -> None:
        lexer = Lexer(source, syntax, span)
        self.syntax, self.source = syntax, source
        self.tokens: list[Token] = lexer.tokens
        self.partner = lexer.partner
        self.size = len(self.tokens)
        self._chains: dict[int, Chain | None] = {}

    def text(self, index: int) -> str:
        """Return a token's text, "" outside of the program."""
        return self.tokens[index].text if 0 <= index < self.size else ""

    def kind(self, index: int) -> str:
        """Return a token's kind, that of an end outside of the program."""
        return self.tokens[index].kind if 0 <= index < self.size else END

    @cached_property
    def parents(self) -> list[int]:
        """The innermost bracket around each token, -1 at the top."""
        found, stack = [], [-1]
        for index, token in enumerate(self.tokens):
            if token.kind == CLOSE:
                stack.pop()
            found.append(stack[-1])
            if token.kind == OPEN:
                stack.append(index)
        return found

    def inside(self, bracket: int) -> Range:
        """Return what stands between a bracket and its partner."""
        return bracket + 1, self.partner[bracket]

    def after(self, index: int) -> int:
        """Return the next index on the same level."""
        return self.partner[index] + 1 if self.kind(index) == OPEN else index + 1

    def level(self, lo: int, hi: int) -> Iterator[int]:
        """Yield the indexes of a range that are in no bracket of it."""
        while lo < hi:
            yield lo
            lo = self.after(lo)

    def split(self, lo: int, hi: int, *texts: str) -> list[Range]:
        """Return the pieces of a range between separators, without empty ones; ends of statements separate as `;`."""
        cuts = [i for i in self.level(lo, hi) if self._separates(i, texts)]
        edges = [lo - 1, *cuts, hi]
        pieces = [(left + 1, right) for left, right in itertools.pairwise(edges)]
        return [piece for piece in pieces if piece[0] < piece[1]]

    def _separates(self, index: int, texts: tuple[str, ...]) -> bool:
        kind, text = self.tokens[index].kind, self.tokens[index].text
        return (kind in (OP, NAME) and text in texts) or (kind == END and ";" in texts)

    def statement_end(self, index: int) -> int:
        """Return where the expression that begins here ends."""
        start = index
        header = self.text(self.statement_start(index)) in ("if", "while", "for", "guard", "switch")
        while index < self.size:
            token = self.tokens[index]
            if token.kind == CLOSE or (token.kind == OP and token.text == ","):
                break
            if token.kind == END and (token.text == ";" or not self._continues(index, start)):
                break
            if token.text in ("else", "do") and token.kind != TEXT and index > start and header:
                break
            if header and token.text == "{":
                break
            index = self.after(index)
        return index

    def _continues(self, index: int, start: int) -> bool:
        """Return whether an expression goes on behind the end of a line."""
        if index == start or (self.kind(index - 1) == OP and self.text(index - 1) in _OPERATORS):
            return True
        while self.kind(index) == END and index < self.size:
            index += 1
        return self.kind(index) in (OP, NAME) and self.text(index) in _CONTINUES

    def statement_start(self, index: int) -> int:
        """Return where the statement or the item around a token begins."""
        while index > 0:
            kind = self.kind(index - 1)
            if kind in (END, OPEN) or (kind == CLOSE and self.text(index - 1) in ("}", "end")):
                break
            if kind == OP and self.text(index - 1) == ",":
                break
            index = self.partner[index - 1] if kind == CLOSE else index - 1
        return index

    def chain(self, index: int) -> Chain | None:
        """Return the operand that begins at a token, None where none does."""
        if index not in self._chains:
            self._chains[index] = self._read_chain(index)
        return self._chains[index]

    def _read_chain(self, lo: int) -> Chain | None:
        new = self.text(lo) in ("new", "const") and self.kind(lo) == NAME
        at = lo + new
        kind = self.kind(at)
        if kind not in (NAME, TEXT, OPEN) or (kind == NAME and self.text(at) in WORDS):
            return None
        links = [Link("" if kind == OPEN else self.text(at), at, at if kind == OPEN else -1)]
        at = self.after(at)
        while at < self.size:
            step = self._link(links, at, new)
            if step == at:
                break
            at = step
        return Chain(lo, at, tuple(links))

    def _link(self, links: list[Link], at: int, new: bool) -> int:
        """Take what hangs on a chain at a token; return what is behind it, the same where nothing does."""
        token, last = self.tokens[at], links[-1]
        if token.kind == END and token.text != ";":
            ahead = at
            while self.kind(ahead) == END and ahead < self.size:
                ahead += 1
            return ahead if self.kind(ahead) == OP and self.text(ahead) in MEMBER - {"!!"} else at
        if token.kind == OP:
            return self._member(links, at)
        if token.kind == OPEN and token.text == "(":
            fits = last.args < 0 and not last.called and self.kind(last.at) == NAME
            if self.syntax.name in ("ruby", "powershell") and token.spaced:
                return at if self.syntax.name == "powershell" else self._command(links, at)
            links[-1:] = [last._replace(args=at)] if fits else [last, Link("", at, at)]
            return self.after(at)
        if token.kind == OPEN and token.text == "[" and not (token.spaced and self.syntax.lines):
            links.append(Link("[]", at, at))
            return self.after(at)
        if token.kind == OPEN and self._takes_block(last, at, new):
            links[-1] = last._replace(block=at)
            return self.after(at)
        return self._command(links, at) if self.syntax.keyword_blocks else at

    def _takes_block(self, last: Link, at: int, new: bool) -> bool:
        language, text = self.syntax.name, self.text(at)
        if last.block >= 0 or self.kind(last.at) not in (NAME, OPEN) or text not in "{do":
            return False
        if language == "go":
            return not self.tokens[at].spaced and last.args < 0
        if language == "csharp":
            return new
        if language == "java":
            return new and last.called
        if language == "ruby":
            return last.called or text == "do" or self.text(last.at - 1) in MEMBER
        return language == "kotlin" and self.text(last.at - 1) != ":"

    def _command(self, links: list[Link], at: int) -> int:
        """Take the arguments of a call that has no brackets."""
        token, last = self.tokens[at], links[-1]
        starts = token.kind in (TEXT, OPEN) or (token.kind == NAME and token.text not in WORDS)
        starts = starts or (token.kind == OP and token.text in ("::",))
        plain = self.kind(last.at) == NAME and not last.called and token.text not in ("do", "{")
        if not (starts and plain and token.spaced and len(links) > 1) or self.kind(at - 1) != NAME:
            return at
        end = at
        while end < self.size and self.kind(end) != CLOSE and not self._ends_command(end):
            end = self.after(end)
        links[-1] = last._replace(command=(at, end))
        return end

    def _ends_command(self, at: int) -> bool:
        if self.kind(at) == END:
            return self.text(at) == ";" or self.text(at - 1) != ","
        return self.text(at) == "do" or (
            self.kind(at) == NAME and self.text(at) in ("if", "unless", "and", "or", "rescue")
        )

    def _member(self, links: list[Link], at: int) -> int:
        text = self.text(at)
        if text == "<":
            end = self._generics(at)
            return end if end and (self.text(end) in ("(", "{", "[") or self.text(end) in MEMBER) else at
        if text == "!!" or (text == "!" and not self.tokens[at].spaced):
            return at + 1 if self.text(at + 1) != "=" else at
        if text == "?" and self.text(at + 1) in MEMBER and not self.tokens[at].spaced:
            return at + 1
        if text == "?" and self.syntax.name == "rust":
            return at + 1
        if text not in MEMBER or (text == "." and self.syntax.sums == "."):
            return at
        if text == "." and self.kind(at + 1) == OPEN and self.syntax.name == "dart":
            return at
        name = at + 1
        while self.kind(name) == END and name < self.size:
            name += 1
        if text == "::" and self.text(name) == "<":
            return self._generics(name) or at
        if self.kind(name) not in (NAME, "number"):
            return at
        links.append(Link(self.text(name), name))
        return name + 1

    def _generics(self, at: int) -> int:
        """Return what is behind the types in angle brackets, 0 where there are none."""
        depth = 0
        for index in range(at, min(at + 40, self.size)):
            text, kind = self.text(index), self.kind(index)
            depth += (text == "<") - (text == ">")
            if depth == 0:
                return index + 1
            if kind not in (NAME, OP) and text not in "[]()":
                return 0
            if kind == OP and text not in ("<", ">", ",", ".", "?", "::", "&", "*", ":"):
                return 0
        return 0

    def arguments(self, link: Link) -> list[Argument]:
        """Return what a call is handed in its brackets, or without them."""
        lo, hi = self.inside(link.args) if link.args >= 0 else link.command
        return [self._argument(*piece) for piece in self.split(lo, hi, ",")]

    def _argument(self, lo: int, hi: int) -> Argument:
        while lo < hi and self.kind(lo) == END:
            lo += 1
        while lo < hi and self.kind(hi - 1) == END:
            hi -= 1
        named = self.kind(lo) in (NAME, TEXT) and lo + 1 < hi
        signs = {"kotlin": ("=",), "ruby": (":", "=>"), "java": (), "go": ()}.get(self.syntax.name, (":",))
        if named and self.kind(lo + 1) == OP and self.text(lo + 1) in signs:
            return Argument(self.label(lo), lo + 2, hi)
        return Argument("", lo, hi)

    def label(self, index: int) -> str:
        """Return the name that a token gives to what follows it."""
        token = self.tokens[index]
        pieces = token.pieces
        return (pieces[0] if pieces and isinstance(pieces[0], str) else "") if token.kind == TEXT else token.text

    def header(self, block: int) -> int:
        """Return where what stands before a block begins."""
        start = block
        while start > 0 and block - start < 80:
            kind, text = self.kind(start - 1), self.text(start - 1)
            if kind in (END, OPEN) or (kind == CLOSE and text == "}") or (kind == OP and text in ("=", ":=")):
                break
            start = self.partner[start - 1] if kind == CLOSE else start - 1
        return start

"""What expressions stand for, as far as texts, names and the usual ways to join them go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from freddy_guard.rules.requests.call import UNKNOWN, Part, Value, joined, named, text
from freddy_guard.rules.requests.lexical.code import THIS, Argument, Chain, Code, Link, Range
from freddy_guard.rules.requests.lexical.idioms import APPENDED, ENVIRON, FORMATS, QUERY, SAME, SUFFIXES, UNSLASHED
from freddy_guard.rules.requests.lexical.lexer import END, NAME, OP, OPEN, TEXT, Token, Unbalanced
from freddy_guard.rules.requests.lexical.scopes import Scopes

DEEPEST = 12  # names that stand for names

_FIELD = r"%%|%[-+0-9.]*\$?[a-zA-Z@]|\{\{|\}\}|\{[\w.]*(?::[^{}]*)?\}"


class Reader(NamedTuple):
    """A program and its bindings: evaluates ranges of it."""

    code: Code
    scopes: Scopes

    def value(self, lo: int, hi: int, depth: int = 0) -> Value:
        """Return what a range stands for."""
        code = self.code
        lo, hi = self.trimmed(lo, hi)
        if lo >= hi or depth > DEEPEST:
            return UNKNOWN
        for sign in ("??", "?:", "||", "or"):
            sides = code.split(lo, hi, sign)
            if len(sides) > 1:
                return self._either([self.value(*side, depth + 1) for side in sides[:2]])
        pieces = code.split(lo, hi, code.syntax.sums)
        if len(pieces) > 1:
            return joined(self.value(*piece, depth + 1) for piece in pieces)
        if code.kind(lo) == OPEN and code.text(lo) == "(" and code.partner[lo] == hi - 1:
            return self.value(*code.inside(lo), depth + 1)
        if all(code.kind(i) == TEXT for i in range(lo, hi)):  # texts beside each other are one
            return joined(self.written(code.tokens[i], i, depth) for i in range(lo, hi))
        chain = code.chain(lo)
        return self.head(chain, len(chain.links), depth) if chain is not None and chain.hi == hi else UNKNOWN

    def trimmed(self, lo: int, hi: int) -> Range:
        """Return a range without what changes no value around it."""
        code = self.code
        while lo < hi and code.kind(hi - 1) == END:
            hi -= 1
        while lo < hi and (
            code.kind(lo) == END or code.text(lo) in ("&", "*", "await", "try", "mut", "return", "?", "!", "...")
        ):
            if code.kind(lo) == TEXT or code.text(lo) == "...":
                break
            lo += 1
        if self.is_cast(lo, hi):
            lo = code.partner[lo] + 1
        if hi - lo > 2 and code.text(hi - 2) == "as" and code.kind(hi - 2) == NAME:
            hi -= 2
        return lo, hi

    def is_cast(self, lo: int, hi: int) -> bool:
        """Return whether a range begins with a type in brackets."""
        code = self.code
        if code.text(lo) != "(" or code.syntax.name not in ("java", "csharp", "php") or code.partner[lo] + 1 >= hi:
            return False
        inner, end = code.partner[lo] - lo, code.partner[lo] + 1
        return 1 < inner < 6 and code.kind(lo + 1) == NAME and (code.kind(end) in (NAME, TEXT) or code.text(end) == "(")

    @staticmethod
    def _either(sides: list[Value]) -> Value:
        left, right = sides
        return right if left.literal is None and right.pattern.startswith(("http", "//")) else left

    def written(self, token: Token, at: int, depth: int) -> Value:
        """Return what a text stands for, with what is filled into it."""
        parts = [text(piece) if isinstance(piece, str) else self._hole(piece, at, depth) for piece in token.pieces]
        return joined(parts)

    def _hole(self, span: Range, at: int, depth: int) -> Value:
        """Return the value of a piece of code in a text, at the token of that text."""
        try:
            code = Code(self.code.source, self.code.syntax, span)
        except Unbalanced:
            return UNKNOWN
        hi = next((i for i in code.level(0, code.size) if code.text(i) in (":", ",") and code.kind(i) == OP), code.size)
        chain = code.chain(0) if hi else None
        if chain is None or chain.hi != hi:
            return UNKNOWN
        return _Piece(code, self, at).chain(chain, depth + 1)

    def head(self, chain: Chain, upto: int, depth: int = 0) -> Value:
        """Return what the first members of a chain stand for."""
        return _Piece(self.code, self, chain.lo).chain(chain._replace(links=chain.links[:upto]), depth)


class _Piece(NamedTuple):
    """A chain's code, and where in the program its names are looked up: that of a text is a program of its own."""

    code: Code
    reader: Reader
    at: int

    def value(self, lo: int, hi: int, depth: int) -> Value:
        if self.code is self.reader.code:
            return self.reader.value(lo, hi, depth + 1)
        chain = self.code.chain(lo)
        return self.chain(chain, depth + 1) if chain is not None and chain.hi == hi else UNKNOWN

    def chain(self, chain: Chain, depth: int) -> Value:
        """Return what a chain stands for."""
        links = chain.links
        if not links or depth > DEEPEST:
            return UNKNOWN
        last = links[-1]
        if len(links) == 1 and not last.called:
            return self._single(last, depth)
        if links[0].name in THIS and len(links) == 2 and not last.called:
            return self._variable(last.name, depth, field=True)
        if links[0].name[:1].isupper() and len(links) == 2 and not links[0].called and not last.called:
            return self._constant(links)
        if links[0].name == "" and links[0].args >= 0 and len(links) == 1:
            return self.value(*self.code.inside(last.args), depth)
        return self._call(chain, depth)

    def _single(self, link: Link, depth: int) -> Value:
        if self.code.kind(link.at) == TEXT:
            return self.reader.written(self.code.tokens[link.at], self.at, depth)
        if link.name.startswith("$env:"):
            return named(link.name[5:])
        return self._variable(link.name, depth)

    def _variable(self, name: str, depth: int, *, field: bool = False) -> Value:
        binding = self.reader.scopes.lookup(name, self.at, field=field)
        if binding is None:
            return named(name)
        found = self.reader.value(binding.lo, binding.hi, depth + 1)
        changed = self.reader.scopes.changed.get(binding.name)
        if changed is not None:
            return found.joined(text("?")).joined(UNKNOWN) if "uery" in changed else UNKNOWN
        parts = (part if part.text is not None else Part(None, (name, *part.names)) for part in found.parts)
        return Value(tuple(parts))

    def _constant(self, links: tuple[Link, ...]) -> Value:
        """Return what a member of a class by its name stands for."""
        scopes = self.reader.scopes
        bindings = scopes.bindings.get(links[1].name.lstrip("$"), [])
        if len(bindings) > 1:
            bindings = [one for one in bindings if scopes.class_name(one.scope[0]) == links[0].name]
        if len(bindings) != 1 or bindings[0].lo == bindings[0].hi:
            return named(links[1].name)
        return self.reader.value(bindings[0].lo, bindings[0].hi, DEEPEST - 4)

    def _call(self, chain: Chain, depth: int) -> Value:
        links, last = chain.links, chain.links[-1]
        path = ".".join(link.name for link in links)
        arguments = self.code.arguments(last) if last.args >= 0 or last.command != (0, 0) else []
        values = [self.value(one.lo, one.hi, depth) for one in arguments[:8]]
        before = chain._replace(links=links[:-1])
        if (path in FORMATS or last.name == "format!") and values:
            return self._formatted(values, depth)
        if last.name in ("format", "formatted") and self.code.kind(links[0].at) == TEXT:
            return self._formatted([self.chain(before, depth + 1), *values], depth)
        if path in ("Uri.https", "Uri.http") and len(values) >= 2:
            query = list(self._query(arguments[2], depth)) if len(values) > 2 else []
            return joined([text(f"{last.name}://"), values[0], text("/"), Value(_unslashed(values[1])), *query])
        if last.name in SUFFIXES and len(links) > 1:
            return self.chain(before, depth + 1)
        if last.name in UNSLASHED and len(links) > 1 and path not in ("strings.TrimSuffix", "strings.TrimRight"):
            return _without_slash(self.chain(before, depth + 1))
        if last.name in ("rtrim", "strings.TrimSuffix", "strings.TrimRight") and values:
            return _without_slash(values[0])
        if last.name in APPENDED and values and len(links) > 1:
            return joined([_without_slash(self.chain(before, depth + 1)), text("/"), Value(_unslashed(values[0]))])
        if last.name in QUERY and len(values) == 2:
            base = self.chain(before, depth + 1)
            return joined([base, text("&" if "?" in base.pattern else "?"), values[0], text("="), values[1]])
        return self._other(chain, values)

    def _other(self, chain: Chain, values: list[Value]) -> Value:
        links, last = chain.links, chain.links[-1]
        if last.name in ("resolve", "join", "Uri", "URL", "URI") and len(values) == (2 if last.name[0] == "U" else 1):
            pair = values if len(values) == 2 else [self.chain(chain._replace(links=links[:-1]), 1), *values]
            return _resolved(*(pair if pair[0].pattern.startswith("http") else pair[::-1]))
        env = ENVIRON.match(last.name)
        if env and values and values[0].literal is not None and not values[0].pattern.startswith(("http", "/")):
            return self._default(named(values[0].literal), values[1:])
        if last.name in SAME and values:
            if last.name == "AuthenticationHeaderValue" and len(values) == 2:
                return joined([values[0], text(" "), values[1]])
            return values[0]
        if not values and self.code.kind(last.at) == NAME:
            return named(last.name)
        return UNKNOWN

    def _formatted(self, values: list[Value], depth: int) -> Value:
        """Return a pattern with its fields filled: `%s` of C, `{}` and `{name}` of Rust, `{0}` of .NET."""
        rest = iter(values[1:])
        parts: list[Value] = []
        for part in values[0].parts:
            pieces = [part.text] if part.text is None else re.split(f"({_FIELD})", part.text)
            parts += [Value((part,)) if piece is None else self._field(piece, values, rest, depth) for piece in pieces]
        return joined(parts)

    def _field(self, piece: str, values: list[Value], rest: Iterator[Value], depth: int) -> Value:
        if piece in ("%%", "{{", "}}"):
            return text(piece[0])
        number = re.fullmatch(r"\{(\d+)[^}]*\}|%(\d+)\$\w", piece)
        if number:
            index = int(number[1]) + 1 if number[1] else int(number[2])
            return values[index] if index < len(values) else UNKNOWN
        if re.fullmatch(_FIELD, piece) is None:
            return text(piece)
        name = re.fullmatch(r"\{([A-Za-z_]\w*)[^}]*\}", piece)
        return self._variable(name[1], depth) if name else next(rest, UNKNOWN)

    def _query(self, argument: Argument, depth: int) -> Iterator[Value]:
        """Yield the query that a table of Dart makes."""
        code = self.code
        if code.text(argument.lo) != "{" or code.partner[argument.lo] != argument.hi - 1:
            yield text("?").joined(UNKNOWN)
            return
        for lo, hi in code.split(argument.lo + 1, argument.hi - 1, ","):
            value = self.value(lo + 2, hi, depth) if code.text(lo + 1) == ":" else UNKNOWN
            yield joined([text(f"?{code.label(lo)}="), value])

    @staticmethod
    def _default(value: Value, others: list[Value]) -> Value:
        return others[0] if others and others[0].pattern.startswith("http") else value


def _without_slash(value: Value) -> Value:
    *first, last = value.parts or (Part(""),)
    return Value((*first, Part(last.text.rstrip("/")))) if last.text is not None else value


def _unslashed(value: Value) -> tuple[Part, ...]:
    first, *rest = value.parts or (Part(""),)
    return (Part(first.text.lstrip("/")), *rest) if first.text is not None else value.parts


def _resolved(base: Value, path: Value) -> Value:
    """Return a relative URL, resolved as browsers do."""
    literal = base.literal
    if path.pattern.startswith("http"):
        return path
    if literal is None or not path.parts or path.parts[0].text is None:
        return UNKNOWN
    try:
        head = urljoin(literal, path.parts[0].text)
    except ValueError:  # no URL: a bracket in the host
        return UNKNOWN
    return Value((Part(head), *path.parts[1:]))


def joined_url(base: Value, path: Value, *, resolves: bool, folder: bool) -> Value:
    """Return a client's base URL with the path of a call behind it. `folder`: the base never loses its last segment."""
    if not path.parts or path.pattern.startswith(("http://", "https://")):
        return path if path.parts else base
    if resolves:
        return _resolved(joined([_without_slash(base), text("/")]) if folder else base, path)
    return joined([_without_slash(base), text("/"), Value(_unslashed(path))])

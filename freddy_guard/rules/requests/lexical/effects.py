"""What a call does to a thing with what it is handed, by the words of the library's table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from freddy_guard.rules.requests.call import HOLE, UNKNOWN, Part, Value, joined, text
from freddy_guard.rules.requests.lexical.code import Argument, Link
from freddy_guard.rules.requests.lexical.lexer import NAME
from freddy_guard.rules.requests.lexical.options import EMPTY, Options
from freddy_guard.rules.requests.lexical.scopes import Binding
from freddy_guard.rules.requests.lexical.tables import Tables
from freddy_guard.rules.requests.lexical.things import Thing

if TYPE_CHECKING:
    from freddy_guard.rules.requests.lexical.finder import Finder

_METHODS = frozenset(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
_WITHOUT = _METHODS | {"send", "open", "block", "read", "POSTED"}
_PAIRS = frozenset(["name", "value", "user", "pass", "param_name", "param_value"])


class Effects:
    """Applies the words of tables."""

    def __init__(self, finder: Finder) -> None:
        self.finder, self.reader, self.code = finder, finder.reader, finder.code
        self.tables = Tables(finder)
        self.options = Options(finder, self)

    def spec(self, table: Mapping[str, str], key: str, link: Link) -> str | None:
        """Return the words for a call, by its path and its first argument, else by its path alone."""
        bare = key.removesuffix("()")
        if link.called and f"{bare}(" in table:
            first = self.code.label(link.args + 1 if link.args >= 0 else link.command[0])
            return table.get(f"{bare}({first})", table[f"{bare}("])
        return table.get(key)

    def apply(self, spec: str, thing: Thing, link: Link, skip: int = 0) -> None:
        """Apply the words for a call to a thing."""
        called = link.args >= 0 or link.command != (0, 0)
        self.hand(spec, thing, self.code.arguments(link)[skip:] if called else [])
        words = set(spec.split()) if self.code.syntax.lines and self.code.syntax.name != "go" else set()
        if link.block >= 0 and "?" in words:
            thing.complete = False  # the block is an argument
        elif link.block >= 0 and not (words and words <= {"_", "*"}):
            self.block(thing, link.block)

    def hand(self, spec: str, thing: Thing, arguments: list[Argument]) -> None:
        """Give arguments to the words of a spec."""
        words = spec.split()
        labelled = dict(word.split(":", 1) for word in words if ":" in word)
        positional = [word for word in words if ":" not in word]
        for word in [word for word in positional if word in _WITHOUT]:
            positional.remove(word)
            self._mark(word, thing)
        if any(self._is_spread(one) for one in arguments):
            thing.complete = False
        pair: dict[str, Argument] = {}
        if positional in (["pairs"], ["option"]):
            (self._pairs if positional == ["pairs"] else self.options.option)(thing, arguments)
            return
        for argument in arguments:
            word = labelled.get(argument.name, "") if argument.name else ""
            if self._is_entry(argument, word, positional):
                found = thing.headers if positional[0] == "headers" else thing.query
                found.append((argument.name.replace("_", "-"), self.reader.value(argument.lo, argument.hi)))
                continue
            if argument.name and not word and "opening" in positional:
                self._opening(thing, argument)
                continue
            if not word and (not argument.name or positional[:1] == ["*"] or argument.name not in labelled):
                word = positional[0] if positional else "?"
                if word not in ("*",) and positional:
                    positional.pop(0)
            if word in _PAIRS:
                pair[word] = argument
            else:
                self.take(word, thing, argument.lo, argument.hi)
        self._pair(thing, pair)

    def _is_spread(self, argument: Argument) -> bool:
        """Return whether an argument stands for any number of them."""
        first = self.code.text(argument.lo)
        return first.startswith("...") or (first == "*" and self.code.syntax.name in ("kotlin", "ruby"))

    def _is_entry(self, argument: Argument, word: str, positional: list[str]) -> bool:
        """Return whether an argument is one entry of a table of Ruby that has no brackets."""
        bare = bool(argument.name) and not word and self.code.syntax.keyword_blocks
        return bare and positional[:1] in (["headers"], ["query"])

    @staticmethod
    def _mark(word: str, thing: Thing) -> None:
        """Take a word that is for no argument."""
        if word == "POSTED":
            thing.method = "POST" if thing.method in ("", "GET") else thing.method
        elif word in _METHODS:
            thing.method = word
        thing.sent = thing.sent or word in ("send", "open")
        thing.open = thing.open or word == "open"

    def _pair(self, thing: Thing, pair: dict[str, Argument]) -> None:
        values = {word: self.reader.value(one.lo, one.hi) for word, one in pair.items()}
        if "user" in values:
            thing.headers.append(("Authorization", joined([text("Basic "), *values.values()])))
        if "param_name" in pair:
            thing.query.append((values["param_name"].pattern, values.get("param_value", UNKNOWN)))
        if "name" in pair:
            self._header(thing, pair["name"].lo, pair["name"].hi, values.get("value", UNKNOWN))

    def _header(self, thing: Thing, lo: int, hi: int, value: Value) -> None:
        name = self.tables.header_name(lo, hi)
        if name is None:
            thing.complete = False
        else:
            thing.headers.append((name, value))

    def _pairs(self, thing: Thing, arguments: list[Argument]) -> None:
        if len(arguments) % 2:
            thing.complete = False
        for name, value in zip(arguments[::2], arguments[1::2], strict=False):
            self._header(thing, name.lo, name.hi, self.reader.value(value.lo, value.hi))

    def take(self, word: str, thing: Thing, lo: int, hi: int) -> None:
        """Take one argument of a call."""
        if word in ("_", "*", "request") or (
            word in ("headers", "lines", "query", "options") and self.code.text(lo) in EMPTY
        ):
            return
        taker = {
            "headers": self.options.headers,
            "options": self.options.options,
            "lines": self.options.lines,
            "query": self.options.query,
            "context": self.options.context,
            "header_text": self.options.header_text,
            "entity": self.options.entity,
            "tuples": self.options.tuples,
            "encoded": self.options.encoded,
            "configuration": self.options.configuration,
        }.get(word)
        if taker is not None:
            taker(thing, lo, hi)
        elif word == "method":
            thing.method = self._method(lo, hi)
        elif word in ("?", "opening"):
            thing.complete = False
        else:
            self.value(word, thing, self.reader.value(lo, hi))

    @staticmethod
    def value(word: str, thing: Thing, value: Value) -> None:
        """Take the value of an argument."""
        if word == "base":
            thing.base = value
        elif word == "path" or word in ("url", "either"):
            thing.url = value
        elif word in ("auth", "bearer"):
            scheme = [text("Bearer ")] if word == "bearer" else []
            thing.headers.append(("Authorization", joined([*scheme, value])))
        elif word == "basic":
            thing.headers.append(("Authorization", joined([text("Basic "), value])))
        elif word == "line":
            name, separator, _ = (value.parts[0].text or "" if value.parts else "").partition(":")
            if separator and name:
                thing.headers.append((name.strip(), _behind(value, name)))
            else:
                thing.complete = False

    def _method(self, lo: int, hi: int) -> str:
        literal = self.reader.value(lo, hi).literal
        said = literal if literal is not None else self.code.text(hi - 1 - (self.code.text(hi - 1) == ")") * 2)
        said = said.removeprefix("Method").upper()
        return said if said in _METHODS else ""

    def _opening(self, thing: Thing, argument: Argument) -> None:
        """Take an option of Ruby's open-uri: what has a text for its name is a header."""
        if self.code.text(argument.lo - 2)[0] in "\"'":
            thing.headers.append((argument.name, self.reader.value(argument.lo, argument.hi)))

    def block(self, thing: Thing, block: int) -> None:
        """Apply what stands in the block of a call: fields of an initializer, or statements about the thing."""
        code = self.code
        lo, hi = code.inside(block)
        names, begin = self._parameters(lo, hi)
        if names:
            self._named_block(thing, names, begin, hi)
        elif code.syntax.name in ("kotlin", "csharp", "go", "java"):
            separators = (";",) if code.syntax.name == "kotlin" else (",", ";")
            for piece in code.split(lo, hi, *separators):
                self._statement(thing, *self.tables.bare(*piece))

    def _parameters(self, lo: int, hi: int) -> tuple[list[str], int]:
        code = self.code
        for i in range(lo, min(lo + 8, hi)):
            if code.text(i) in ("->", "|") and i > lo:
                return [code.text(j) for j in range(lo, i) if code.kind(j) == NAME], i + 1
        return [], lo

    def _named_block(self, thing: Thing, names: list[str], lo: int, hi: int) -> None:
        binding = Binding(names[0], lo - 1, lo, lo, (lo, hi), declared=True)
        self.finder.uses(binding, thing)

    def _statement(self, thing: Thing, lo: int, hi: int) -> None:
        """Apply a statement of a block that is about the thing without naming it."""
        code = self.code
        chain = code.chain(lo)
        if lo >= hi:
            return
        if chain is None:
            thing.lose()
            return
        key = ".".join(link.name for link in chain.links)
        steps = thing.library.of(thing.kind)
        if chain.hi < hi and code.text(chain.hi) in ("=", ":"):
            spec = steps.get(key + "=")
            items = [Argument("", *code.inside(chain.links[-1].args))] if chain.links[-1].name == "[]" else []
            self.hand(spec if spec is not None else "?", thing, [*items, Argument("", chain.hi + 1, hi)])
            return
        spec = self.spec(steps, key, chain.links[-1])
        if spec is None:
            thing.lose()
        else:
            self.apply(spec, thing, chain.links[-1])


def _behind(value: Value, name: str) -> Value:
    """Return the value of a header that is written behind its name and a colon."""
    first, *rest = value.parts
    literal = (first.text or "")[len(name) + 1 :].lstrip()
    parts = (Part(literal), *rest) if literal else tuple(rest)
    return Value(parts) if HOLE not in name else UNKNOWN

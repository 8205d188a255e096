"""What a call does to a thing with what it is handed, by the words of the library's table."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from freddy_guard.rules.requests.call import HOLE, UNKNOWN, Part, Value, joined, text
from freddy_guard.rules.requests.lexical.code import Argument, Link, Range
from freddy_guard.rules.requests.lexical.lexer import NAME, OP, OPEN, TEXT
from freddy_guard.rules.requests.lexical.scopes import Binding
from freddy_guard.rules.requests.lexical.things import TABLE, Thing

if TYPE_CHECKING:
    from freddy_guard.rules.requests.lexical.finder import Finder

_METHODS = frozenset(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
_WITHOUT = _METHODS | {"send", "open", "block", "read", "POSTED"}
_PAIRS = frozenset(["name", "value", "user", "pass", "param_name", "param_value"])
_STANDARD = {  # headers that libraries have names for, as far as anyone sets them
    name.replace("-", "").lower(): name
    for name in [
        "Authorization",
        "Accept",
        "Content-Type",
        "User-Agent",
        "Accept-Language",
        "Accept-Encoding",
        "Accept-Charset",
        "Cache-Control",
        "Connection",
        "Content-Length",
        "Cookie",
        "Host",
        "Origin",
        "Referer",
        "If-None-Match",
        "Proxy-Authorization",
    ]
}
_PAIRED = frozenset(["of", "headersOf", "Headers.of", "Map.of"])
_EMPTY = frozenset(["nil", "null", "None", "$null", "undefined"])


class Item(NamedTuple):
    """A key of a table, with the range of its value."""

    key: int
    key_end: int
    lo: int
    hi: int


class Effects:
    """Applies the words of tables."""

    def __init__(self, finder: Finder) -> None:
        self.finder, self.reader, self.code = finder, finder.reader, finder.code
        self._depth = 0

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
            (self._pairs if positional == ["pairs"] else self._option)(thing, arguments)
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

    def _option(self, thing: Thing, arguments: list[Argument]) -> None:
        """Take the name of an option and its value."""
        if len(arguments) != 2:
            thing.complete = False
            return
        name, value = arguments
        self._one_option(thing, self.code.text(name.hi - 1), value.lo, value.hi)

    def _one_option(self, thing: Thing, key: str | None, lo: int, hi: int) -> None:
        word = thing.library.options.get(key, "?") if key is not None else "?"
        if " " in word:
            self.hand(word, thing, [Argument("", lo, hi)])
        else:
            self.take(word, thing, lo, hi)

    def _pair(self, thing: Thing, pair: dict[str, Argument]) -> None:
        values = {word: self.reader.value(one.lo, one.hi) for word, one in pair.items()}
        if "user" in values:
            thing.headers.append(("Authorization", joined([text("Basic "), *values.values()])))
        if "param_name" in pair:
            thing.query.append((values["param_name"].pattern, values.get("param_value", UNKNOWN)))
        if "name" in pair:
            self._header(thing, pair["name"].lo, pair["name"].hi, values.get("value", UNKNOWN))

    def _header(self, thing: Thing, lo: int, hi: int, value: Value) -> None:
        name = self.header_name(lo, hi)
        if name is None:
            thing.complete = False
        else:
            thing.headers.append((name, value))

    def header_name(self, lo: int, hi: int) -> str | None:
        """Return the name of a header that a range stands for, None where it is not known."""
        literal = self.reader.value(lo, hi).literal
        if literal:
            return literal
        last = self.code.text(hi - 1) if self.code.kind(hi - 1) == NAME else ""
        return _STANDARD.get(re.sub(r"header$|_", "", last.lower()))

    def _pairs(self, thing: Thing, arguments: list[Argument]) -> None:
        if len(arguments) % 2:
            thing.complete = False
        for name, value in zip(arguments[::2], arguments[1::2], strict=False):
            self._header(thing, name.lo, name.hi, self.reader.value(value.lo, value.hi))

    def take(self, word: str, thing: Thing, lo: int, hi: int) -> None:
        """Take one argument of a call."""
        if word in ("_", "*", "request") or (
            word in ("headers", "lines", "query", "options") and self.code.text(lo) in _EMPTY
        ):
            return
        taker = {
            "headers": self._headers,
            "options": self._options,
            "lines": self._lines,
            "query": self._query,
            "context": self._context,
            "header_text": self._header_text,
            "entity": self._entity,
            "tuples": self._tuples,
            "encoded": self._encoded,
            "configuration": self._configuration,
        }.get(word)
        if taker is not None:
            taker(thing, lo, hi)
        elif word == "method":
            thing.method = self._method(lo, hi)
        elif word in ("?", "opening"):
            thing.complete = False
        else:
            self._value(word, thing, self.reader.value(lo, hi))

    @staticmethod
    def _value(word: str, thing: Thing, value: Value) -> None:
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

    def _headers(self, thing: Thing, lo: int, hi: int) -> None:
        table = self.table(lo, hi)
        if table is None:
            thing.complete = False
            return
        thing.headers += table.headers
        thing.complete = thing.complete and table.complete

    def _query(self, thing: Thing, lo: int, hi: int) -> None:
        table = self.table(lo, hi)
        thing.query += table.headers if table is not None else []

    def _lines(self, thing: Thing, lo: int, hi: int) -> None:
        """Take a list of headers, each as one text; what is put into it later counts."""
        items = self._literal(*self._resolved(lo, hi))
        found = Thing(TABLE, self.finder.tables, lo, hi)
        found.complete = items is not None
        for item in items or []:
            self._value("line", found, self.reader.value(*item))
        binding = self._binding(*self.reader.trimmed(lo, hi))
        if binding is not None:
            self.finder.uses(binding, found)
        thing.headers += found.headers
        thing.complete = thing.complete and found.complete

    def _options(self, thing: Thing, lo: int, hi: int) -> None:
        """Take a table of options, each with a word of its own."""
        items = self.items(*self._resolved(lo, hi))
        if items is None or self.changed(self._binding(*self.reader.trimmed(lo, hi))):
            thing.complete = False
            return
        for item in items:
            self._one_option(thing, self.label_of(item), item.lo, item.hi)

    def _tuples(self, thing: Thing, lo: int, hi: int) -> None:
        """Take a query of Rust: a list of pairs, or something that has fields."""
        for item_lo, item_hi in self._literal(*self.reader.trimmed(lo, hi)) or []:
            pair = self.code.split(item_lo + 1, item_hi - 1, ",")
            if len(pair) == 2:
                thing.query.append((self.reader.value(*pair[0]).pattern, self.reader.value(*pair[1])))

    def changed(self, binding: Binding | None) -> bool:
        """Return whether a table of options is changed after it was made."""
        probe = Thing(TABLE, self.finder.tables, 0, 0)
        if binding is not None:
            self.finder.uses(binding, probe)
        return bool(probe.headers) or not probe.complete

    def _encoded(self, thing: Thing, lo: int, hi: int) -> None:
        """Take the query that the values of Go make."""
        chain = self.code.chain(lo)
        binding = (
            self.finder.scopes.lookup(self.code.text(lo), lo) if chain is not None and len(chain.links) == 2 else None
        )
        found = Thing(TABLE, self.finder.tables, lo, hi)
        if binding is None:
            thing.complete = False
            return
        self.finder.uses(binding, found)
        thing.query += found.headers
        thing.complete = thing.complete and found.complete

    def _context(self, thing: Thing, lo: int, hi: int) -> None:
        """Take the context of a stream of PHP."""
        lo, hi = self._resolved(lo, hi)
        chain = self.code.chain(lo) if lo < hi else None
        if chain is not None and chain.hi == hi and chain.links[-1].name == "stream_context_create":
            for argument in self.code.arguments(chain.links[-1])[:1]:
                self._options(thing, argument.lo, argument.hi)
        else:
            thing.complete = False

    def _header_text(self, thing: Thing, lo: int, hi: int) -> None:
        """Take headers that are lines of one text, or a list of such lines."""
        lo, hi = self._resolved(lo, hi)
        if self._literal(lo, hi) is not None:
            self._lines(thing, lo, hi)
            return
        value = self.reader.value(lo, hi)
        for line in _lines_of(value):
            self._value("line", thing, line)

    def _entity(self, thing: Thing, lo: int, hi: int) -> None:
        """Take what Spring sends: an HttpEntity has headers, other things have none."""
        lo, hi = self._resolved(lo, hi)
        chain = self.code.chain(lo) if lo < hi else None
        if self.code.text(lo) in _EMPTY or self.code.kind(lo) == TEXT:
            return
        if chain is None or chain.hi != hi or chain.links[-1].name != "HttpEntity":
            thing.complete = False
            return
        arguments = self.code.arguments(chain.links[-1])
        if len(arguments) == 2:
            self._headers(thing, arguments[1].lo, arguments[1].hi)
        elif arguments:
            thing.complete = False

    def _opening(self, thing: Thing, argument: Argument) -> None:
        """Take an option of Ruby's open-uri: what has a text for its name is a header."""
        if self.code.text(argument.lo - 2)[0] in "\"'":
            thing.headers.append((argument.name, self.reader.value(argument.lo, argument.hi)))

    def _configuration(self, thing: Thing, lo: int, hi: int) -> None:
        """Take how a session of Swift is made: as it comes, or in a way that is not known."""
        said = "".join(self.code.text(i) for i in range(lo, hi))
        if said not in (
            ".default",
            ".ephemeral",
            "URLSessionConfiguration.default",
            "URLSessionConfiguration.ephemeral",
        ):
            thing.complete = False

    def label_of(self, item: Item) -> str | None:
        """Return a key as it is written: a text, or the name at its end."""
        code, last = self.code, item.key_end - 1
        if item.key_end - item.key == 1 and code.kind(last) == TEXT:
            return code.label(last)
        return code.text(last) if code.kind(last) == NAME else None

    def _binding(self, lo: int, hi: int) -> Binding | None:
        alone = hi - lo == 1 and self.code.kind(lo) == NAME
        return self.finder.scopes.lookup(self.code.text(lo), lo) if alone else None

    def _resolved(self, lo: int, hi: int) -> Range:
        """Return the range of what a name stands for, the same where it is none."""
        lo, hi = self.reader.trimmed(lo, hi)
        binding = self._binding(lo, hi)
        return self.reader.trimmed(binding.lo, binding.hi) if binding is not None else (lo, hi)

    def table(self, lo: int, hi: int) -> Thing | None:
        """Return the table of headers that a range stands for, None where it is not known."""
        if self._depth > 6:
            return None
        self._depth += 1
        try:
            return self._table(*self.reader.trimmed(lo, hi))
        finally:
            self._depth -= 1

    def _table(self, lo: int, hi: int) -> Thing | None:
        code = self.code
        chain = code.chain(lo)
        found = Thing(TABLE, self.finder.tables, lo, hi)
        field = (
            chain is not None
            and chain.hi == hi
            and code.text(lo) in ("this", "self", "$this")
            and len(chain.links) == 2
        )
        if (hi - lo == 1 and code.kind(lo) == NAME) or field:
            return self._named_table(code.text(hi - 1), hi - 1, field=field)
        items = self.items(lo, hi)
        if items is not None:
            for item in items:
                self._entry(found, item)
            return found
        if chain is None or chain.hi != hi:
            return None
        return self._made(found, chain.links)

    def _made(self, found: Thing, links: tuple[Link, ...]) -> Thing | None:
        """Return the table that a chain makes: one that was empty or is handed its headers, and steps."""
        path: list[str] = []
        begun = False
        for link in links:
            path.append(link.name)
            key = ".".join(path) + ("" if begun else "()" * link.called)
            spec = self.spec(found.library.steps if begun else found.library.starts, key, link)
            if spec is not None:
                self.apply(spec, found, link)
                begun = True
                path.clear()
        return found if begun and not path else None

    def _named_table(self, name: str, at: int, *, field: bool) -> Thing | None:
        binding = self.finder.scopes.lookup(name, at, field=field)
        found = self.table(binding.lo, binding.hi) if binding is not None else None
        if binding is not None and found is not None:
            self.finder.uses(binding, found)
        return found

    def _entry(self, found: Thing, item: Item) -> None:
        key = self._symbol(item) or self.header_name(item.key, item.key_end)
        if key is None:
            found.complete = False
        else:
            found.headers.append((key, self._first(item.lo, item.hi)))

    def _symbol(self, item: Item) -> str:
        """Return a key that is a bare word in languages where that is a text."""
        code, language = self.code, self.code.syntax.name
        token = code.tokens[item.key]
        if item.key_end - item.key != 1:
            return ""
        if language == "ruby" and (token.kind == NAME or token.text == ":"):
            return code.label(item.key).replace("_", "-")
        return token.text if language == "powershell" and token.kind == NAME and token.text[0] != "$" else ""

    def _first(self, lo: int, hi: int) -> Value:
        """Return a value, or the only one of a list."""
        code = self.code
        lo, hi = self.reader.trimmed(lo, hi)
        if hi > lo and code.kind(hi - 1) != OPEN and code.text(hi - 1) in ("}", "]"):
            opened = code.partner[hi - 1]
            items = code.split(opened + 1, hi - 1, ",")
            if (len(items) == 1 and opened == lo) or (code.text(opened) == "{" and len(items) == 1):
                return self.reader.value(*items[0])
        return self.reader.value(lo, hi)

    def items(self, lo: int, hi: int) -> list[Item] | None:
        """Return keys and values of what is written as a table, None where it is no table or a part is not known."""
        pieces = self._literal(lo, hi)
        found = [self._item(*piece) for piece in pieces] if pieces is not None else [None]
        return [item for item in found if item is not None] if None not in found else None

    def _literal(self, lo: int, hi: int) -> list[Range] | None:
        """Return the items of a list or table that is written here."""
        code = self.code
        if lo >= hi or code.kind(hi - 1) != "close":
            return None
        opened = code.partner[hi - 1]
        before = "".join(code.text(i) for i in range(lo, opened))
        allowed = re.fullmatch(
            r"@?|new(?:\w|[<>,.\[\]?])*(?:\(\))?|map\[string\](?:\[\])?\w+|(?:\[\])?(?:http\.Header|string)|<String,\w+\??>|array|\[String:String\]"
            r"|(?:mutable|linked|hash)?[mM]apOf(?:<.*>)?|(?:\w+\.)*Map\.of(?:Entries)?|(?:BaseOptions|Options|HTTPHeaders)|\[\w+\]|&|vec!"
            r"|(?:listOf|List\.of|arrayOf|Arrays\.asList)",
            before,
        )
        if allowed is None or (before.startswith("new") and code.text(opened) == "("):
            return None
        inner = (
            code.split(opened + 1, hi - 1, ",", ";")
            if code.text(opened) == "{"
            else code.split(opened + 1, hi - 1, ",")
        )
        if code.syntax.name == "powershell" and code.text(opened) == "{":
            inner = [piece for part in inner for piece in self._lines_of(*part)]
        inner = [self._bare(*piece) for piece in inner]
        inner = [piece for piece in inner if piece[0] < piece[1]]
        if before.endswith("Map.of"):
            return [(a[0], b[1]) for a, b in zip(inner[::2], inner[1::2], strict=False)]
        return inner

    def _lines_of(self, lo: int, hi: int) -> Iterator[Range]:
        cuts = [i for i in self.code.level(lo, hi) if self.code.kind(i) == "end"]
        edges = [lo - 1, *cuts, hi]
        yield from ((a + 1, b) for a, b in itertools.pairwise(edges))

    def _bare(self, lo: int, hi: int) -> Range:
        while lo < hi and self.code.kind(lo) == "end":
            lo += 1
        while lo < hi and self.code.kind(hi - 1) == "end":
            hi -= 1
        return lo, hi

    def _item(self, lo: int, hi: int) -> Item | None:
        code = self.code
        if code.kind(lo) == OPEN and code.text(lo) in "{" and code.partner[lo] == hi - 1:
            lo, hi = lo + 1, hi - 1
        for i in code.level(lo, hi):
            text_, kind = code.text(i), code.kind(i)
            separates = (kind == OP and text_ in (":", "=>", "=", ",")) or (kind == NAME and text_ == "to")
            if separates and i > lo:
                if code.text(lo) == "[" and code.partner[lo] == i - 1:
                    return Item(lo + 1, i - 1, i + 1, hi)
                return Item(lo, i, i + 1, hi)
        return None

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
                self._statement(thing, *self._bare(*piece))

    def _parameters(self, lo: int, hi: int) -> tuple[list[str], int]:
        code = self.code
        for i in range(lo, min(lo + 8, hi)):
            if code.text(i) in ("->", "|") and i > lo:
                return [code.text(j) for j in range(lo, i) if code.kind(j) == NAME], i + 1
        return [], lo

    def _named_block(self, thing: Thing, names: list[str], lo: int, hi: int) -> None:
        binding = Binding(names[0], lo - 1, lo, lo, (lo - 2, hi), declared=True)
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


def _lines_of(value: Value) -> Iterator[Value]:
    """Yield the lines of a value, without those that are empty."""
    line: list[Part] = []
    for part in value.parts:
        pieces = [part.text] if part.text is None else re.split(r"(?:\r?\n|rn|(?<=.)n(?=[A-Z]|\Z))", part.text)
        for index, piece in enumerate(pieces):
            if index:
                yield Value(tuple(line))
                line = []
            if piece is None or piece:
                line.append(part if piece is None else Part(piece))
    if line:
        yield Value(tuple(line))

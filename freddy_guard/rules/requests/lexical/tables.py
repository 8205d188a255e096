"""What is written as a table or a list: headers, options, lines."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from freddy_guard.rules.requests.call import Value
from freddy_guard.rules.requests.lexical.code import Link, Range
from freddy_guard.rules.requests.lexical.lexer import NAME, OP, OPEN, TEXT
from freddy_guard.rules.requests.lexical.scopes import Binding
from freddy_guard.rules.requests.lexical.things import TABLE, Thing

if TYPE_CHECKING:
    from freddy_guard.rules.requests.lexical.finder import Finder

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


class Item(NamedTuple):
    """A key of a table, with the range of its value."""

    key: int
    key_end: int
    lo: int
    hi: int


class Tables:
    """Reads tables."""

    def __init__(self, finder: Finder) -> None:
        self.finder, self.reader, self.code = finder, finder.reader, finder.code
        self._depth = 0

    def label_of(self, item: Item) -> str | None:
        """Return a key as it is written: a text, or the name at its end."""
        code, last = self.code, item.key_end - 1
        if item.key_end - item.key == 1 and code.kind(last) == TEXT:
            return code.label(last)
        return code.text(last) if code.kind(last) == NAME else None

    def binding(self, lo: int, hi: int) -> Binding | None:
        """Return the binding of a range that is one name."""
        alone = hi - lo == 1 and self.code.kind(lo) == NAME
        return self.finder.scopes.lookup(self.code.text(lo), lo) if alone else None

    def resolved(self, lo: int, hi: int) -> Range:
        """Return the range of what a name stands for, the same where it is none."""
        lo, hi = self.reader.trimmed(lo, hi)
        binding = self.binding(lo, hi)
        return self.reader.trimmed(binding.lo, binding.hi) if binding is not None else (lo, hi)

    def header_name(self, lo: int, hi: int) -> str | None:
        """Return the name of a header that a range stands for, None where it is not known."""
        literal = self.reader.value(lo, hi).literal
        if literal:
            return literal
        last = self.code.text(hi - 1) if self.code.kind(hi - 1) == NAME else ""
        return _STANDARD.get(re.sub(r"header$|_", "", last.lower()))

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
            spec = self.finder.effects.spec(found.library.steps if begun else found.library.starts, key, link)
            if spec is not None:
                self.finder.effects.apply(spec, found, link)
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
        pieces = self.literal(lo, hi)
        found = [self._item(*piece) for piece in pieces] if pieces is not None else [None]
        return [item for item in found if item is not None] if None not in found else None

    def literal(self, lo: int, hi: int) -> list[Range] | None:
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
        inner = [self.bare(*piece) for piece in inner]
        inner = [piece for piece in inner if piece[0] < piece[1]]
        if before.endswith("Map.of"):
            return [(a[0], b[1]) for a, b in zip(inner[::2], inner[1::2], strict=False)]
        return inner

    def _lines_of(self, lo: int, hi: int) -> Iterator[Range]:
        cuts = [i for i in self.code.level(lo, hi) if self.code.kind(i) == "end"]
        edges = [lo - 1, *cuts, hi]
        yield from ((a + 1, b) for a, b in itertools.pairwise(edges))

    def bare(self, lo: int, hi: int) -> Range:
        """Return a range without the ends of lines around it."""
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

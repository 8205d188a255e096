"""What a library takes in its own way: tables of options, lists of headers, queries, contexts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from freddy_guard.rules.requests.call import Part, Value
from freddy_guard.rules.requests.lexical.code import Argument
from freddy_guard.rules.requests.lexical.lexer import TEXT
from freddy_guard.rules.requests.lexical.scopes import Binding
from freddy_guard.rules.requests.lexical.things import TABLE, Thing

if TYPE_CHECKING:
    from freddy_guard.rules.requests.lexical.effects import Effects
    from freddy_guard.rules.requests.lexical.finder import Finder

EMPTY = frozenset(["nil", "null", "None", "$null", "undefined"])


class Options:
    """Takes one argument each."""

    def __init__(self, finder: Finder, effects: Effects) -> None:
        self.finder, self.reader, self.code = finder, finder.reader, finder.code
        self.effects, self.tables = effects, effects.tables

    def headers(self, thing: Thing, lo: int, hi: int) -> None:
        """Take a table of headers."""
        table = self.tables.table(lo, hi)
        if table is None:
            thing.complete = False
            return
        thing.headers += table.headers
        thing.complete = thing.complete and table.complete

    def query(self, thing: Thing, lo: int, hi: int) -> None:
        """Take a table of the query's fields."""
        table = self.tables.table(lo, hi)
        thing.query += table.headers if table is not None else []

    def lines(self, thing: Thing, lo: int, hi: int) -> None:
        """Take a list of headers, each as one text; what is put into it later counts."""
        items = self.tables.literal(*self.tables.resolved(lo, hi))
        found = Thing(TABLE, self.finder.tables, lo, hi)
        found.complete = items is not None
        for item in items or []:
            self.effects.value("line", found, self.reader.value(*item))
        binding = self.tables.binding(*self.reader.trimmed(lo, hi))
        if binding is not None:
            self.finder.uses(binding, found)
        thing.headers += found.headers
        thing.complete = thing.complete and found.complete

    def options(self, thing: Thing, lo: int, hi: int) -> None:
        """Take a table of options, each with a word of its own."""
        items = self.tables.items(*self.tables.resolved(lo, hi))
        if items is None or self.changed(self.tables.binding(*self.reader.trimmed(lo, hi))):
            thing.complete = False
            return
        for item in items:
            self.one_option(thing, self.tables.label_of(item), item.lo, item.hi)

    def option(self, thing: Thing, arguments: list[Argument]) -> None:
        """Take the name of an option and its value."""
        if len(arguments) != 2:
            thing.complete = False
            return
        name, value = arguments
        self.one_option(thing, self.code.text(name.hi - 1), value.lo, value.hi)

    def one_option(self, thing: Thing, key: str | None, lo: int, hi: int) -> None:
        """Take the value of an option by its name."""
        word = thing.library.options.get(key, "?") if key is not None else "?"
        if " " in word:
            self.effects.hand(word, thing, [Argument("", lo, hi)])
        else:
            self.effects.take(word, thing, lo, hi)

    def tuples(self, thing: Thing, lo: int, hi: int) -> None:
        """Take a query of Rust: a list of pairs, or something that has fields."""
        for item_lo, item_hi in self.tables.literal(*self.reader.trimmed(lo, hi)) or []:
            pair = self.code.split(item_lo + 1, item_hi - 1, ",")
            if len(pair) == 2:
                thing.query.append((self.reader.value(*pair[0]).pattern, self.reader.value(*pair[1])))

    def changed(self, binding: Binding | None) -> bool:
        """Return whether a table of options is changed after it was made."""
        probe = Thing(TABLE, self.finder.tables, 0, 0)
        if binding is not None:
            self.finder.uses(binding, probe)
        return bool(probe.headers) or not probe.complete

    def encoded(self, thing: Thing, lo: int, hi: int) -> None:
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

    def context(self, thing: Thing, lo: int, hi: int) -> None:
        """Take the context of a stream of PHP."""
        lo, hi = self.tables.resolved(lo, hi)
        chain = self.code.chain(lo) if lo < hi else None
        if chain is not None and chain.hi == hi and chain.links[-1].name == "stream_context_create":
            for argument in self.code.arguments(chain.links[-1])[:1]:
                self.options(thing, argument.lo, argument.hi)
        else:
            thing.complete = False

    def header_text(self, thing: Thing, lo: int, hi: int) -> None:
        """Take headers that are lines of one text, or a list of such lines."""
        lo, hi = self.tables.resolved(lo, hi)
        if self.tables.literal(lo, hi) is not None:
            self.lines(thing, lo, hi)
            return
        value = self.reader.value(lo, hi)
        for line in _lines_of(value):
            self.effects.value("line", thing, line)

    def entity(self, thing: Thing, lo: int, hi: int) -> None:
        """Take what Spring sends: an HttpEntity has headers, other things have none."""
        lo, hi = self.tables.resolved(lo, hi)
        chain = self.code.chain(lo) if lo < hi else None
        if self.code.text(lo) in EMPTY or self.code.kind(lo) == TEXT:
            return
        if chain is None or chain.hi != hi or chain.links[-1].name != "HttpEntity":
            thing.complete = False
            return
        arguments = self.code.arguments(chain.links[-1])
        if len(arguments) == 2:
            self.headers(thing, arguments[1].lo, arguments[1].hi)
        elif arguments:
            thing.complete = False

    def configuration(self, thing: Thing, lo: int, hi: int) -> None:
        """Take how a session of Swift is made: as it comes, or in a way that is not known."""
        said = "".join(self.code.text(i) for i in range(lo, hi))
        if said not in (
            ".default",
            ".ephemeral",
            "URLSessionConfiguration.default",
            "URLSessionConfiguration.ephemeral",
        ):
            thing.complete = False


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

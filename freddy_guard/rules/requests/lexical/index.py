"""Where in a program things are: its chains, what these are handed, the mentions of names, the values bound."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from freddy_guard.rules.requests.lexical.code import MEMBER, Chain, Range
from freddy_guard.rules.requests.lexical.lexer import NAME, OP, OPEN, TEXT
from freddy_guard.rules.requests.lexical.values import Reader


class Index:
    """`chains` are the outermost ones, `handed` what stands first in an argument: its call and where it ends.

    `owners` are the calls by their brackets and blocks, `names` all mentions, `bound` the bindings by their values.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader, self.code = reader, reader.code
        self.handed: dict[int, tuple[Chain, int, int]] = {}
        self.owners: dict[int, tuple[Chain, int]] = {}
        self.names: dict[str, list[int]] = defaultdict(list)
        known = (one for found in reader.scopes.bindings.values() for one in found if one.lo < one.hi)
        self.bound = {reader.trimmed(one.lo, one.hi)[0]: one for one in known}
        self.chains = list(self._heads())

    def mentions(self, name: str, span: Range) -> list[int]:
        """Return where a name stands in a range."""
        found = self.names.get(name, [])
        return found[bisect_left(found, span[0]) : bisect_left(found, span[1])]

    def _heads(self) -> Iterator[Chain]:
        """Yield the outermost chains of the program, and note what hangs on them."""
        code = self.code
        for index, token in enumerate(code.tokens):
            if token.kind == NAME:
                self.names[token.text].append(index)
            if token.kind not in (NAME, TEXT, OPEN) or (code.text(index - 1) in MEMBER and code.kind(index - 1) == OP):
                continue
            if code.text(index - 1) == "new" and code.kind(index - 1) == NAME:
                continue
            chain = code.chain(index)
            if chain is None or (token.kind == OPEN and index in self.owners):
                continue
            self._note(chain)
            yield chain

    def _note(self, chain: Chain) -> None:
        for k, link in enumerate(chain.links):
            if k == 0 and self.code.kind(link.at) == OPEN:
                continue
            for bracket in (link.args, link.block):
                if bracket >= 0:
                    self.owners.setdefault(bracket, (chain, k))
            if link.name != "[]" and (link.args >= 0 or link.command != (0, 0)):
                for argument in self.code.arguments(link):
                    self.handed.setdefault(self.reader.trimmed(argument.lo, argument.hi)[0], (chain, k, argument.hi))

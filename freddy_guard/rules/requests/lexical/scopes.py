"""Which value a name has at a place: the one binding that can have been made last, or none that is known."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from freddy_guard.rules.requests.lexical.code import MEMBER, THIS, Code, Range
from freddy_guard.rules.requests.lexical.declared import declared
from freddy_guard.rules.requests.lexical.lexer import NAME, OP, OPEN

_CLASSES = frozenset(
    [
        "class",
        "struct",
        "object",
        "impl",
        "extension",
        "enum",
        "interface",
        "module",
        "trait",
        "actor",
        "companion",
        "record",
        "namespace",
    ]
)
_IN_HEADERS = frozenset(["using", "try", "if", "while", "guard", "switch", "await"])

_CHANGES = r"\b(\w+)\.(query|Query|RawQuery|query_values|queryItems|path|Path|host|Host|scheme|hostname)\s*=[^=]"
_NEAREST = 500  # functions before a token that are looked at


class Binding(NamedTuple):
    """A name and the range of its value; `lo == hi` where that is not known. `scope` are the brackets around it."""

    name: str
    at: int
    lo: int
    hi: int
    scope: Range
    declared: bool
    field: bool = False


class Scopes:
    """The bindings of a program."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.bindings: dict[str, list[Binding]] = defaultdict(list)
        for binding in self._found():
            self.bindings[binding.name].append(binding)

    def _found(self) -> Iterator[Binding]:
        code = self.code
        for index, token in enumerate(code.tokens):
            grown = token.text in ("+=", ".=", "||=", "??=", "-=")
            if token.kind == OP and (token.text in ("=", ":=") or grown) and index:
                scope = self._scope(index)
                if scope is not None:
                    yield from self._bound(index, scope, grown)

    def _scope(self, index: int) -> Range | None:
        """Return the block in which a binding holds, None where it is none: a named argument, an initializer."""
        code, parent = self.code, self.code.parents[index]
        if parent < 0:
            return (-1, code.size)
        made = code.text(parent - 1) == "@" or (code.syntax.name == "csharp" and self._is_made(parent))
        if code.text(parent) in "{do" and not made:
            return (parent, code.partner[parent])
        close = code.partner[parent]
        if code.text(parent) == "(" and code.text(parent - 1) in _IN_HEADERS and code.text(close + 1) == "{":
            return (parent, code.partner[close + 1])
        return None

    def _is_made(self, block: int) -> bool:
        """Return whether a block has the fields of a new object."""
        return any(self.code.text(i) == "new" for i in range(self.code.header(block), block))

    def _bound(self, index: int, scope: Range, grown: bool) -> Iterator[Binding]:
        code = self.code
        start = code.statement_start(index)
        while code.syntax.name == "go" and code.text(start - 1) == "," and code.kind(start - 2) == NAME:
            start = code.statement_start(start - 1)
        names, is_field = self._targets(start, index)
        declared = code.text(index) == ":=" or (
            index - start > 1 and not is_field and code.text(index - 2) not in MEMBER
        )
        lo, hi = index + 1, code.statement_end(index + 1)
        for position, name in enumerate(names):
            known = position == 0 and not grown
            yield Binding(name, index, lo, hi if known else lo, scope, declared, is_field)

    def _targets(self, start: int, index: int) -> tuple[list[str], bool]:
        """Return the names that are bound between the start of a statement and its `=`, and whether `this` has them."""
        code = self.code
        inner = list(code.level(start, index))
        colon = next((i for i in inner if code.text(i) == ":" and code.kind(i) == OP), -1)
        last = colon - 1 if colon > start else index - 1
        if code.syntax.name == "go":
            return self._go_targets(inner), False
        if code.text(last) == "]":
            return [], False
        if code.kind(last) != NAME:
            return [code.text(i) for i in range(start, index) if code.kind(i) == NAME], False
        if code.text(last - 1) in MEMBER and code.kind(last - 1) == OP:
            owned = code.text(last - 2) in THIS and code.text(last - 3) not in MEMBER
            return ([_bare(code.text(last))] if owned else []), owned
        name = code.text(last)
        return [_bare(name)], name.startswith("@")

    def _go_targets(self, inner: list[int]) -> list[str]:
        code = self.code
        if any(code.text(i) in MEMBER or code.kind(i) == OPEN for i in inner[:2]):
            return []
        inner = [i for i in inner if code.text(i) not in ("var", "const", "if", "switch", "for")]
        names = inner[:1] + [b for a, b in itertools.pairwise(inner) if code.text(a) == ","]
        return [code.text(i) for i in names if code.kind(i) == NAME]

    @cached_property
    def changed(self) -> dict[str, str]:
        """The part of a URL that is assigned to later, by the name of the URL."""
        return {match[1]: match[2] for match in re.finditer(_CHANGES, self.code.source)}

    @cached_property
    def declared(self) -> dict[str, list[Range]]:
        """Where the names hold that functions declare, by name, in their order."""
        found: dict[str, list[Range]] = defaultdict(list)
        for names, span in declared(self.code):
            for name in names:
                found[name].append(span)
        return {name: sorted(spans) for name, spans in found.items()}

    @cached_property
    def classes(self) -> frozenset[Range]:
        """The bodies of classes."""
        code = self.code
        return frozenset(
            (i, code.partner[i])
            for i, token in enumerate(code.tokens)
            if token.kind == OPEN and token.text in ("{", "do") and self._is_class(i)
        )

    def _is_class(self, block: int) -> bool:
        code = self.code
        if code.syntax.keyword_blocks:
            return code.source.startswith(("class", "module"), code.tokens[block].start)
        header = range(code.header(block), block)
        return (
            any(code.text(i) in _CLASSES and code.kind(i) == NAME for i in header) and code.text(block - 1) != ")"
        ) or any(code.text(i) in ("class", "record", "struct") for i in header)

    def class_name(self, block: int) -> str:
        """Return the name of the class whose body begins at a bracket, "" where none does."""
        code = self.code
        header = range(code.header(block), block) if block >= 0 else range(0)
        return next((code.text(i + 1) for i in header if code.text(i) in _CLASSES), "")

    def class_of(self, index: int) -> Range:
        """Return the innermost class around a token, the file without one."""
        around = ((block, self.code.partner[block]) for block in _around(self.code, index))
        return next((one for one in around if one in self.classes), (-1, self.code.size))

    def shadow(self, name: str, at: int, since: int = -1) -> int:
        """Return where the innermost function around a token, and after another, begins that declares a name; or -1."""
        spans = self.declared.get(_bare(name), [])
        last = bisect_right(spans, (at, self.code.size + 1))
        near = spans[max(0, last - _NEAREST) : last]
        return max((span[0] for span in near if at < span[1] and span[0] > since), default=-1)

    def lookup(self, name: str, at: int, *, field: bool = False) -> Binding | None:
        """Return the binding of a name at a token, None where it could be another or is not known."""
        name = _bare(name)
        bindings = self.bindings.get(name, [])
        if not field:
            visible = [one for one in bindings if one.scope[0] < at <= one.scope[1] and one.at < at and not one.field]
            found = visible[-1] if visible else None
            if found is not None and not self._is_outer(found):
                return self._sure(found, at, bindings)
            if self.shadow(name, at, found.scope[0] if found else -1) >= 0:
                return None
        return self._member(bindings, at)

    def _is_outer(self, binding: Binding) -> bool:
        """Return whether a binding stands in a class, or at the top of a file whose parts may run in any order."""
        top = binding.scope[0] < 0 and self.code.syntax.name not in ("php", "ruby", "powershell")
        return top or binding.scope in self.classes

    def _sure(self, found: Binding, at: int, bindings: list[Binding]) -> Binding | None:
        """Return a binding if no other can have come between it and a token."""
        if self.shadow(found.name, at, found.at) >= 0:
            return None
        between = [
            one
            for one in bindings
            if found.at < one.at < at and not one.declared and found.scope[0] <= one.scope[0] <= found.scope[1]
        ]
        return None if between or found.lo == found.hi or self._leaves(found, at) else found

    def _leaves(self, found: Binding, at: int) -> bool:
        """Return whether a function of PHP, Ruby or PowerShell, which sees no variable outside, is between."""
        if self.code.syntax.name not in ("php", "ruby") or found.name.isupper():
            return False
        code = self.code
        return any(self._is_def(block) and found.at < block for block in _around(code, at) if found.scope[0] < block)

    def _is_def(self, block: int) -> bool:
        code = self.code
        if code.syntax.keyword_blocks:
            return code.source.startswith("def", code.tokens[block].start)
        header = [code.text(i) for i in range(code.header(block), block)]
        return "function" in header and "use" not in header

    def _member(self, bindings: list[Binding], at: int) -> Binding | None:
        """Return the one binding that a member of the class or of the file has."""
        around = self.class_of(at)
        mine = [one for one in bindings if around[0] <= one.scope[0] and one.scope[1] <= around[1]]
        mine = [one for one in mine if one.field or not one.declared or self._is_outer(one) or one.scope == around]
        if not mine:
            mine = [one for one in bindings if (one.scope[0] < 0 or one.scope in self.classes) and self._is_outer(one)]
        return mine[0] if len(mine) == 1 and mine[0].lo < mine[0].hi else None

    def life(self, binding: Binding) -> list[Range]:
        """Return where a name still has the value of a binding."""
        if binding.field or self._is_outer(binding):
            around = self.class_of(binding.at)
            return [(around[0] + 1, binding.at - 1), (binding.hi, around[1])]
        others = [one for one in self.bindings[binding.name] if one.at > binding.at and one.scope == binding.scope]
        ends = [one.at for one in others if self.code.text(one.lo) != self.code.text(binding.at - 1)]
        return [(binding.hi, min([*ends, binding.scope[1]]))]


def _around(code: Code, index: int) -> Iterator[int]:
    index = code.parents[index] if index < code.size else -1
    while index >= 0:
        yield index
        index = code.parents[index]


def _bare(name: str) -> str:
    """Return a name without the sign of a variable, so that `$this->x` and `$x` of its declaration are one."""
    return name.lstrip("$@\\").removeprefix("script:").removeprefix("global:")

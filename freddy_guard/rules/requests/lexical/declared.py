"""The names that functions, loops and closures declare: what these stand for outside does not count inside."""

from __future__ import annotations

from collections.abc import Iterator

from freddy_guard.rules.requests.lexical.code import Code, Range
from freddy_guard.rules.requests.lexical.lexer import CLOSE, END, NAME, OP, OPEN

_BLOCK_NAMES = {"kotlin": "->", "swift": "in", "ruby": "|"}  # what ends the names that a block declares first in it
_BEFORE_FUNCTION = frozenset(["func", "fun", "fn", "function", "def"])


def declared(code: Code) -> Iterator[tuple[frozenset[str], Range]]:
    """Yield the names that functions, loops and closures declare, with where these hold."""
    for index, token in enumerate(code.tokens):
        if token.kind == OPEN and token.text in ("{", "do"):
            yield _declared(code, index), code.inside(index)
        elif token.text == "param" and code.text(index + 1) == "(":
            parent = code.parents[index]
            yield _names(code, *code.inside(index + 1)), (index, code.partner[parent] if parent >= 0 else code.size)
        elif token.kind == OP and token.text in ("=>", "->", "|", "=") and index:
            yield from _arrow(code, index)


def _declared(code: Code, block: int) -> frozenset[str]:
    """Return the names that are declared for a block: before it, or first in it."""
    lo, hi = code.inside(block)
    names: set[str] = set()
    for index in range(lo, min(lo + 12, hi)):
        text = code.text(index)
        if index > lo and text == _BLOCK_NAMES.get(code.syntax.name):
            names |= _names(code, lo, index)
            break
    if code.syntax.keyword_blocks:
        if code.source.startswith("def", code.tokens[block].start):
            stop = next((i for i in range(lo, hi) if code.kind(i) == END), hi)
            return frozenset(names | _names(code, lo, min(stop, lo + 40)))
        return frozenset(names)
    start = code.header(block)
    if code.text(start) in ("if", "while", "switch", "when", "using", "try", "guard", "lock", "else"):
        return frozenset(names)
    groups = [i for i in code.level(start, block) if code.text(i) == "("]
    for group in groups:
        names |= _names(code, *code.inside(group))
    if code.text(start) in ("for", "foreach"):
        names |= _names(code, start + 1, block)
    return frozenset(names)


def _arrow(code: Code, index: int) -> Iterator[tuple[frozenset[str], Range]]:
    """Yield the parameters of a function that is one expression."""
    end = code.statement_end(index + 1)
    text, before = code.text(index), index - 1
    if text == "|":
        opening = index - 1
        while opening > 0 and code.kind(opening) in (NAME, OP) and code.text(opening) != "|" and index - opening < 12:
            opening -= 1
        if code.text(opening) == "|" and code.syntax.name == "rust":
            yield _names(code, opening, index), (index + 1, end)
        return
    if code.kind(before) == NAME and text != "=":
        yield _names(code, before, index), (index + 1, end)
        before = code.statement_start(before) if text == "=" else before
    group = index
    while group > 0 and index - group < 8 and code.kind(group - 1) in (NAME, OP, CLOSE) and code.text(group - 1) != ")":
        group -= 1
    if code.text(group - 1) == ")" and (text != "=" or _is_function(code, code.partner[group - 1])):
        yield _names(code, *code.inside(code.partner[group - 1])), (index + 1, end)


def _is_function(code: Code, group: int) -> bool:
    return any(code.text(i) in _BEFORE_FUNCTION for i in range(code.statement_start(group), group))


def _names(code: Code, lo: int, hi: int) -> frozenset[str]:
    return frozenset(code.text(i).lstrip("$@") for i in range(lo, hi) if code.kind(i) == NAME)

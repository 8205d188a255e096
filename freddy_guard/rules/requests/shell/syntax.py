"""What the lexer makes of shell source: commands, their words, and the pieces of those."""

from __future__ import annotations

import re
from typing import NamedTuple

# What a template fills in before the shell sees it, whatever the quotes: `\1name\2`.
OPEN, CLOSE = "\1", "\2"
TEMPLATE = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")


class Piece(NamedTuple):
    """A piece of a word, of one kind.

    `text` as it stands; `variable`, its name, then operator and operand; `output` of commands; `template`, a name that
    something fills in beforehand.
    """

    kind: str
    text: str
    quoted: bool = False
    operator: str = ""
    operand: tuple[Piece, ...] = ()
    inner: tuple[Command, ...] = ()


class Word(NamedTuple):
    """A word, from byte `start` up to `end`."""

    start: int
    end: int
    pieces: tuple[Piece, ...]

    @property
    def plain(self) -> str:
        """Return the text of a word without expansions, "" for another."""
        return "".join(piece.text for piece in self.pieces) if all(p.kind == "text" for p in self.pieces) else ""

    @property
    def bare(self) -> str:
        """Return the text of a word without expansions and quotes, "" for another."""
        return self.plain if not any(piece.quoted for piece in self.pieces) else ""


class Assignment(NamedTuple):
    """`name=value`, `name+=value`, or `name=(values)`. Without values the shell sets it to what is not known."""

    name: str
    values: tuple[Word, ...]
    grows: bool = False
    is_array: bool = False


class Command(NamedTuple):
    """A simple command. `function` is the one it stands in, `block` its place in branches and loops (() for none)."""

    start: int
    words: tuple[Word, ...]
    assignments: tuple[Assignment, ...]
    function: str
    block: tuple[int, ...]
    documents: tuple[tuple[int, str], ...] = ()
    follows: str = ""  # the operator behind it

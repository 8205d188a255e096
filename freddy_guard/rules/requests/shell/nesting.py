"""In which function, branches and loops of shell source a command stands."""

from __future__ import annotations

_OPENS, _CLOSES = frozenset(["if", "while", "until", "for", "case", "select"]), frozenset(["fi", "done", "esac"])
_OTHERS = frozenset(["then", "elif", "else", "do", "{", "}", "!", "time", "function"])
_BRACE = -1  # a block between braces, which always runs


class Nesting:
    """The functions and blocks that have begun and not ended. A block is known by where it begins."""

    def __init__(self) -> None:
        self._functions: list[tuple[str, int]] = []  # names, and how many blocks each stands in
        self.blocks: list[int] = []

    @property
    def function(self) -> str:
        """Return the name of the innermost function, "" outside of all."""
        return self._functions[-1][0] if self._functions else ""

    def copy(self) -> Nesting:
        """Return one to come back to."""
        copied = Nesting()
        copied._functions, copied.blocks = list(self._functions), list(self.blocks)
        return copied

    def begin(self, name: str) -> None:
        """Begin a function."""
        self._functions.append((name or "?", len(self.blocks)))
        self.blocks.append(_BRACE)

    def reserved(self, bare: str, start: int) -> bool:
        """Return whether a word at the begin of a command is none of its words; keep count of the blocks."""
        if bare in _OPENS:
            self.blocks.append(start)
        elif bare in ("else", "elif") and self.blocks:
            self.blocks[-1] = start
        elif bare in _CLOSES and self.blocks:
            self.blocks.pop()
        elif bare == "{":
            self.blocks.append(_BRACE)
        elif bare == "}":
            self._end()
        return bare in _OPENS or bare in _CLOSES or bare in _OTHERS

    def _end(self) -> None:
        if self.blocks:
            self.blocks.pop()
        if self._functions and len(self.blocks) <= self._functions[-1][1]:
            self._functions.pop()

"""Colours for a terminal: plain ANSI codes, or nothing."""

from __future__ import annotations

from freddy_guard.model import Severity

BOLD, DIM, RED, GREEN, YELLOW, CYAN = "1", "2", "1;31", "1;32", "1;33", "1;36"
BY_SEVERITY = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.NOTE: CYAN}


class Paint:
    """Wraps text in a colour, or leaves it alone."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, text: str, code: str) -> str:
        """Return the text in the given colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self._color else text

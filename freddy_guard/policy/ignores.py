"""Paths that are silenced by gitignore patterns, and which of the patterns never silenced anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from freddy_guard.errors import UsageError
from freddy_guard.redact import printable

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Ignores:
    """Gitignore patterns, the last one that fits a path decides.

    They are compiled at the first question: pathspec takes 30 ms to import, and most runs have none to ask.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = tuple(patterns)
        self._used: set[int] = set()
        self._spec: GitIgnoreSpec | None = None

    def match(self, path: str) -> str | None:
        """Return the pattern that ignores this path (with `/`, undecodable bytes as surrogates), or None.

        Raises `UsageError` if a pattern is not valid.
        """
        if not self._patterns:
            return None
        result = self._compiled().check_file(path)
        if result.index is None:
            return None
        self._used.add(result.index)
        return self._patterns[result.index] if result.include else None

    def unused(self) -> tuple[str, ...]:
        """Return the patterns that decided over no path that was asked about. Raises as `match` does."""
        if self._patterns:
            self._compiled()
        return tuple(pattern for index, pattern in enumerate(self._patterns) if index not in self._used)

    def _compiled(self) -> GitIgnoreSpec:
        if self._spec is None:
            self._spec = _compile(self._patterns)
        return self._spec


def _compile(patterns: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    for pattern in patterns:
        try:
            GitIgnoreSpec.from_lines([pattern])
        except (ValueError, re.error):
            raise UsageError(f'ignore: "{printable(pattern)}" is not a valid gitignore pattern') from None
    return GitIgnoreSpec.from_lines(patterns)

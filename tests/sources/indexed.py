"""States of an index: cases that build a repository and say where `staged` must find a key, and their check."""

from __future__ import annotations

from collections.abc import Callable

from freddy_guard.git.plumbing import Git
from freddy_guard.model import Finding
from freddy_guard.sources.staged import Staged
from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.scans import Seen, found, places

KEY, OTHER = key(1), key(2)
LEAK = f'client = Client("{KEY}")\n'
APP = [Seen("app.py")]

Case = Callable[[Repo], list[Seen]]


class Cases(dict[str, Case]):
    """Cases by their function's name."""

    def add(self, case: Case) -> Case:
        """Enter a case."""
        self[case.__name__] = case
        return case


def staged(repo: Repo) -> list[Finding]:
    """Return the keys found in a repository's index."""
    return found(Staged(Git(str(repo.path))))


def check(repo: Repo, case: Case) -> None:
    """Build the case and compare."""
    expected = case(repo)
    assert places(staged(repo)) == expected

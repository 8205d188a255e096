"""What a history must tell of a key: cases that build a repository and say what is expected, and their check."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from freddy_guard.git.plumbing import Git
from freddy_guard.model import Place
from freddy_guard.sources.history import History
from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.scans import only

KEY = key(1)
LEAK = f'client = Client("{KEY}")\n'


class Told(NamedTuple):
    """What a finding must say of its origin."""

    commit: str
    path: str = "app.py"
    place: Place = Place.FILE
    refs: tuple[str, ...] = ("refs/heads/main",)
    in_head: bool | None = False


Case = Callable[[Repo], Told]


class Cases(dict[str, Case]):
    """Cases by their function's name."""

    def add(self, case: Case) -> Case:
        """Enter a case."""
        self[case.__name__] = case
        return case


def check(repo: Repo, case: Case) -> None:
    """Build the case and compare, with all objects loose and then with all of them packed."""
    expected = case(repo)
    compare(repo, expected)
    repo.pack("--keep-unreachable")
    repo.git("pack-refs", "--all")
    compare(repo, expected)


def compare(repo: Repo, expected: Told) -> None:
    """Compare what the history tells with what is expected, and author and date with what git says."""
    origin = only(History(Git(str(repo.path)))).origin
    assert Told(origin.commit, origin.path, origin.place, origin.refs, origin.in_head) == expected
    if origin.commit and origin.place not in (Place.REF_NAME, Place.TAG_MESSAGE):
        assert origin.date == repo.author_date(origin.commit)
        assert origin.author == repo.author(origin.commit)

"""What is staged while a merge, a cherry-pick or a revert is going on."""

from __future__ import annotations

import pytest

from tests.sources.indexed import APP, LEAK, Cases, check
from tests.support.repo import Repo
from tests.support.scans import Seen

CASES = Cases()


def _fork(repo: Repo, theirs: str, ours: str = "", path: str = "app.py") -> None:
    repo.commit({"readme": "none\n"})
    repo.start("side")
    repo.commit({path: theirs})
    repo.switch("main")
    repo.commit({path: ours} if ours else {"main.py": "main\n"})


@CASES.add
def merge_in_progress(repo: Repo) -> list[Seen]:
    """What the other branch brings is new to ours."""
    _fork(repo, LEAK, path="app.py")
    repo.git("merge", "--no-commit", "--no-ff", "side")
    return APP


@CASES.add
def merge_in_progress_with_a_key_of_its_own(repo: Repo) -> list[Seen]:
    _fork(repo, "none\n", path="side.py")
    repo.git("merge", "--no-commit", "--no-ff", "side")
    repo.stage("app.py", LEAK)
    return APP


@CASES.add
def conflict_with_a_key_on_their_side(repo: Repo) -> list[Seen]:
    _fork(repo, LEAK, "ours\n")
    assert repo.attempt("merge", "side").returncode
    return APP


@CASES.add
def conflict_with_a_key_on_our_side(repo: Repo) -> list[Seen]:
    """HEAD has it already."""
    _fork(repo, "theirs\n", LEAK)
    assert repo.attempt("merge", "side").returncode
    return []


@CASES.add
def conflict_between_a_file_and_its_removal(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": "none\n"})
    repo.start("side")
    repo.commit({"app.py": LEAK})
    repo.switch("main")
    repo.remove("app.py")
    assert repo.attempt("merge", "side").returncode
    return APP


@CASES.add
def conflict_resolved(repo: Repo) -> list[Seen]:
    _fork(repo, "theirs\n", "ours\n")
    assert repo.attempt("merge", "side").returncode
    repo.stage("app.py", LEAK)
    return APP


@CASES.add
def cherry_pick_in_progress(repo: Repo) -> list[Seen]:
    _fork(repo, LEAK, path="app.py")
    repo.git("cherry-pick", "--no-commit", "side")
    return APP


@CASES.add
def revert_in_progress(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": LEAK})
    repo.remove("app.py")
    repo.git("revert", "--no-commit", "HEAD")
    return APP


@CASES.add
def soft_reset(repo: Repo) -> list[Seen]:
    repo.commit({"readme": "none\n"})
    repo.commit({"app.py": LEAK})
    repo.git("reset", "--quiet", "--soft", "HEAD~1")
    return APP


@CASES.add
def stash_popped_with_its_index(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": "none\n"})
    repo.stage("app.py", LEAK)
    repo.stash()
    repo.git("stash", "pop", "--quiet", "--index")
    return APP


@pytest.mark.parametrize("name", CASES)
def test_index(repo: Repo, name: str) -> None:
    check(repo, CASES[name])

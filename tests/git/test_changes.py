"""What commits brought, the index and trees, compared with what git says of them in other ways."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from freddy_guard.errors import GitError
from freddy_guard.git.changes import FIND_LIMIT, Change, commit_changes, index_entries, tree_changes
from freddy_guard.git.plumbing import Git
from freddy_guard.model import Coverage
from tests.support.repo import Repo


def history(repo: Repo) -> list[tuple[str, list[str]]]:
    """Return all commits with their parents, older first."""
    lines = repo.git("rev-list", "--all", "--parents", "--reverse", "--topo-order").splitlines()
    return [(oid, parents) for oid, *parents in map(str.split, lines)]


def changes(repo: Repo, find: list[str] | None = None) -> list[tuple[str, str, str]]:
    coverage = Coverage()
    found = commit_changes(Git(str(repo.path)), history(repo), coverage, find or [])
    told = [(change.commit, change.path, change.oid) for change in found]
    assert coverage.unread == []
    return told


def tree(repo: Repo, commit: str) -> dict[str, str]:
    return {change.path: change.oid for change in tree_changes(Git(str(repo.path)), commit) if change.is_blob}


def oracle(repo: Repo) -> set[tuple[str, str, str]]:
    """Compare whole trees: a commit brought what none of its parents had at the path."""
    return {
        (commit, path, oid)
        for commit, parents in history(repo)
        for path, oid in tree(repo, commit).items()
        if all(tree(repo, parent).get(path) != oid for parent in parents)
    }


@pytest.fixture
def tangled(repo: Repo) -> Repo:
    """Return a history grown at random: branches, merges evil and not, renames, removals, odd names."""
    chance = random.Random(5)  # noqa: S311 - the same history in every run
    names = ["a", "b/c", "b/d e", "caf\udce9", "new\nline", "x/y/z"]
    repo.commit({name: f"{name} 0\n" for name in names[:3]})
    for number in range(24):
        action = chance.choice(["edit", "edit", "branch", "merge", "evil", "remove"])
        branches = repo.git("branch", "--format=%(refname:short)").splitlines()
        if action == "branch":
            repo.start(f"branch-{number}", chance.choice(branches))
        elif action in ("merge", "evil"):
            repo.attempt("merge", "--no-ff", "--no-commit", "--strategy-option=theirs", chance.choice(branches))
            repo.git("add", "--all")
            repo.commit({chance.choice(names): f"evil {number}\n"} if action == "evil" else {}, "merge")
        elif action == "remove" and (tracked := repo.git("ls-files", "-z").split("\0")[:-1]):
            repo.git("--literal-pathspecs", "rm", "--quiet", "--", chance.choice(tracked))
            repo.commit()
        else:
            repo.commit({chance.choice(names): f"content {number % 7}\n"})
    return repo


def test_every_change_of_a_tangled_history(tangled: Repo) -> None:
    found = changes(tangled)
    assert set(found) == oracle(tangled)
    assert len(set(found)) == len(found)


def test_search_for_objects_finds_what_the_whole_stream_holds(tangled: Repo) -> None:
    whole = changes(tangled)
    wanted = sorted({oid for _, _, oid in whole})[::3]
    assert len(wanted) <= FIND_LIMIT
    found = [change for change in changes(tangled, wanted) if change[2] in wanted]
    assert found == [change for change in whole if change[2] in wanted]


def test_commits_come_in_the_order_given(tangled: Repo) -> None:
    order = [commit for commit, _ in history(tangled)]
    ranks = [order.index(commit) for commit, _, _ in changes(tangled)]
    assert ranks == sorted(ranks)


def test_modes_and_submodules(repo: Repo) -> None:
    repo.write("run.sh", "x\n")
    repo.link("link", "target")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    repo.stage("run.sh")
    repo.git("update-index", "--chmod=+x", "run.sh")
    repo.commit()
    found = list(commit_changes(Git(str(repo.path)), history(repo), Coverage()))
    assert [(change.path, change.mode) for change in found] == [("link", "120000"), ("run.sh", "100755")]
    modules = [change.path for change in tree_changes(Git(str(repo.path)), "HEAD") if not change.is_blob]
    assert modules == ["module"]


def test_no_commits(repo: Repo) -> None:
    assert list(commit_changes(Git(str(repo.path)), [], Coverage())) == []


def test_commit_that_cannot_be_compared_is_told_and_holds_all_it_has(repo: Repo) -> None:
    first = repo.commit({"a": "a\n", "b": "b\n"})
    second = repo.commit({"c": "c\n"})
    third = repo.commit({"d": "d\n"})
    commits = history(repo)
    repo.lose(first)
    coverage = Coverage()
    found = list(commit_changes(Git(str(repo.path)), commits[1:], coverage))
    assert [(change.commit, change.path) for change in found] == [
        (second, "a"),
        (second, "b"),
        (second, "c"),
        (third, "d"),
    ]
    assert [unread.what for unread in coverage.unread] == [f"commit {second}"]


class TestIndex:
    def test_every_entry_from_anywhere(self, repo: Repo) -> None:
        files = {"top": "1\n", "deep/er/file": "2\n", "new\nline": "3\n", "caf\udce9": "4\n"}
        repo.commit(files)
        for folder in (repo.path, repo.path / "deep" / "er"):
            assert {entry.path for entry in index_entries(Git(str(folder)))} == set(files)

    def test_conflict_has_every_side(self, repo: Repo) -> None:
        repo.commit({"a": "base\n"})
        repo.start("side")
        repo.commit({"a": "side\n"})
        repo.switch("main")
        repo.commit({"a": "main\n"})
        assert repo.attempt("merge", "side").returncode
        assert len(list(index_entries(Git(str(repo.path)), "--unmerged"))) == 3

    def test_bare_repository_and_none_at_all(self, tmp_path: Path) -> None:
        with pytest.raises(GitError):
            list(index_entries(Git(str(tmp_path))))


def test_tree_that_is_not_there_holds_nothing(repo: Repo) -> None:
    assert list(tree_changes(Git(str(repo.path)), "HEAD")) == []
    assert list(tree_changes(Git(str(repo.path)), "")) == []
    assert list(tree_changes(Git(str(repo.path)), repo.blob("x\n"))) == []


def test_change_knows_what_is_no_file() -> None:
    assert Change("", "a", "100644", "").is_blob
    assert not Change("", "a", "160000", "").is_blob

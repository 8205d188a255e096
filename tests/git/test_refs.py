"""Refs of every kind, and what a repository says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from freddy_guard.errors import GitError
from freddy_guard.git.plumbing import Git
from freddy_guard.git.refs import Ref, list_refs
from freddy_guard.git.repository import open_repository
from freddy_guard.model import Coverage
from tests.support.repo import Repo


def refs(repo: Repo) -> list[Ref]:
    coverage = Coverage()
    found = list_refs(Git(str(repo.path)), coverage)
    assert coverage.unread == []
    return found


class TestRefs:
    def test_kinds_and_order(self, repo: Repo) -> None:
        commit = repo.commit({"a": "x\n"})
        tag = repo.tag("annotated", "HEAD", "one\n")
        repo.tag("tree", "HEAD^{tree}")
        repo.tag("blob", "HEAD:a")
        assert refs(repo) == [
            Ref("HEAD", commit, "commit"),
            Ref("refs/heads/main", commit, "commit"),
            Ref("refs/tags/annotated", tag, "tag"),
            Ref("refs/tags/blob", repo.oid("HEAD:a"), "blob"),
            Ref("refs/tags/tree", repo.oid("HEAD^{tree}"), "tree"),
        ]

    @pytest.mark.parametrize("packed", [False, True])
    def test_loose_and_packed_and_both(self, repo: Repo, packed: bool) -> None:
        first = repo.commit()
        repo.ref("refs/pull/1/head", first)
        repo.ref("refs/heads/caf\u00e9", first)
        if packed:
            repo.git("pack-refs", "--all")
        second = repo.commit()
        told = {ref.name: ref.oid for ref in refs(repo)}
        assert told == {
            "HEAD": second,
            "refs/heads/main": second,
            "refs/heads/caf\u00e9": first,
            "refs/pull/1/head": first,
        }

    def test_name_that_is_not_utf8(self, repo: Repo) -> None:
        oid = repo.commit()
        repo.git("update-ref", b"refs/heads/caf\xe9", oid)
        assert "refs/heads/caf\udce9" in {ref.name for ref in refs(repo)}

    @pytest.mark.parametrize("state", ["unborn", "detached", "branch", "symbolic chain"])
    def test_head(self, repo: Repo, state: str) -> None:
        first = repo.commit()
        if state == "unborn":
            repo.orphan("new")
        elif state == "detached":
            repo.git("switch", "--quiet", "--detach")
        elif state == "symbolic chain":
            repo.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
            repo.git("symbolic-ref", "HEAD", "refs/heads/alias")
        heads = [ref.oid for ref in refs(repo) if ref.name == "HEAD"]
        assert heads == ([] if state == "unborn" else [first])

    def test_thousands(self, repo: Repo) -> None:
        oid = repo.commit()
        repo.git("update-ref", "--stdin", stdin="".join(f"create refs/x/{number} {oid}\n" for number in range(3000)))
        repo.git("pack-refs", "--all")
        assert len(refs(repo)) == 3002

    def test_outside_of_a_repository(self, tmp_path: Path) -> None:
        coverage = Coverage()
        assert list_refs(Git(str(tmp_path)), coverage) == []
        assert coverage.unread


class TestRepository:
    def test_plain(self, repo: Repo) -> None:
        facts = open_repository(Git(str(repo.path)))
        assert (facts.objects, facts.shallow, facts.promisors) == (repo.git_dir / "objects", (), ())

    def test_shallow_also_from_a_linked_worktree(self, repo: Repo, tmp_path: Path) -> None:
        repo.commit()
        tip = repo.commit()
        clone = repo.clone(tmp_path / "clone", "--depth=1")
        linked = clone.worktree(tmp_path / "linked", "side")
        for place in (clone, linked):
            assert open_repository(Git(str(place.path))).shallow == (tip,)

    @pytest.mark.parametrize("broken", ["", '[core] bare = false\n[user]\n\tname = "J\udce9r"\n'])
    def test_configuration_that_only_git_can_read(self, repo: Repo, tmp_path: Path, broken: str) -> None:
        repo.commit()
        tip = repo.commit()
        clone = repo.clone(tmp_path / "clone", "--depth=1", "--filter=blob:none")
        linked = clone.worktree(tmp_path / "linked", "side")
        with (clone.git_dir / "config").open("a", errors="surrogateescape") as file:
            file.write(broken)
        for place in (clone, linked):
            facts = open_repository(Git(str(place.path)))
            assert (facts.shallow, facts.promisors) == ((tip,), ("origin",))

    def test_older_form_of_a_partial_clone(self, repo: Repo) -> None:
        repo.config("core.repositoryFormatVersion", "1")
        repo.config("extensions.partialClone", "upstream")
        assert open_repository(Git(str(repo.path))).promisors == ("upstream",)

    def test_none(self, tmp_path: Path) -> None:
        with pytest.raises(GitError, match="not a git repository"):
            open_repository(Git(str(tmp_path)))

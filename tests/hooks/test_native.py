"""Hooks as git itself calls them: real commits and pushes, with our command in .git/hooks."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from tests.support.keys import key
from tests.support.repo import Repo

KEY, OTHER = key(1), key(2)
LEAK = f'client = Client("{KEY}")\n'
SOURCES = Path(__file__).parents[2]


def install(repo: Repo, hook: str, command: str = "") -> Repo:
    """Make git call us in this hook."""
    path = repo.git_dir / "hooks" / hook
    path.parent.mkdir(exist_ok=True)
    called = f"{shlex.quote(sys.executable)} -m freddy_guard hook {command or hook}"
    path.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(SOURCES))} exec {called} "$@"\n')
    path.chmod(0o755)
    return repo


def refused(repo: Repo, *arguments: str, env: dict[str, str] | None = None) -> bool:
    """Run git; return whether our hook refused because of the key, which it must not print."""
    done = repo.attempt(*arguments, env=env)
    said = (done.stdout + done.stderr).decode(errors="replace")
    assert KEY not in said
    assert (done.returncode != 0) == ("FG101" in said), said
    return done.returncode != 0


class TestCommit:
    @pytest.fixture
    def guarded(self, repo: Repo) -> Repo:
        repo.commit({"readme": "none\n", "app.py": "none\n", "lib/x": "x\n"})
        return install(repo, "pre-commit")

    def test_staged_key(self, guarded: Repo) -> None:
        guarded.stage("app.py", LEAK)
        assert refused(guarded, "commit", "-m", "x")
        guarded.stage("app.py", "clean\n")
        assert not refused(guarded, "commit", "-m", "x")

    def test_all(self, guarded: Repo) -> None:
        guarded.write("app.py", LEAK)
        assert refused(guarded, "commit", "-a", "-m", "x")

    def test_all_of_what_is_intended_to_be_added(self, guarded: Repo) -> None:
        guarded.write("new.py", LEAK)
        guarded.git("add", "--intent-to-add", "new.py")
        assert refused(guarded, "commit", "-a", "-m", "x")

    def test_only_the_paths_named(self, guarded: Repo) -> None:
        guarded.stage("app.py", LEAK)
        guarded.write("readme", "other\n")
        assert not refused(guarded, "commit", "-m", "x", "readme")
        guarded.write("readme", LEAK)
        assert refused(guarded, "commit", "-m", "x", "readme")

    def test_paths_included(self, guarded: Repo) -> None:
        guarded.write("lib/x", LEAK)
        assert refused(guarded, "commit", "-m", "x", "--include", "lib/x")

    def test_amend(self, guarded: Repo) -> None:
        guarded.stage("app.py", LEAK)
        assert refused(guarded, "commit", "--amend", "-m", "x")

    def test_from_a_subdirectory(self, guarded: Repo) -> None:
        guarded.stage("app.py", LEAK)
        assert refused(Repo(guarded.path / "lib"), "commit", "-m", "x")

    def test_from_a_linked_worktree(self, guarded: Repo, tmp_path: Path) -> None:
        linked = guarded.worktree(tmp_path / "linked", "side")
        linked.stage("app.py", LEAK)
        assert refused(linked, "commit", "-m", "x")

    def test_with_the_repository_in_the_environment(self, guarded: Repo, tmp_path: Path) -> None:
        guarded.stage("app.py", LEAK)
        env = {"GIT_DIR": str(guarded.git_dir), "GIT_WORK_TREE": str(guarded.path)}
        assert refused(Repo(tmp_path), "commit", "-m", "x", env=env)

    def test_with_literal_pathspecs(self, guarded: Repo) -> None:
        guarded.git("symbolic-ref", "HEAD", "refs/heads/new")
        guarded.stage("app.py", LEAK)
        assert refused(guarded, "--literal-pathspecs", "commit", "-m", "x")

    def test_merge_that_brings_a_key(self, repo: Repo) -> None:
        repo.commit({"readme": "none\n"})
        repo.start("side")
        repo.commit({"side.py": LEAK})
        repo.switch("main")
        install(repo, "pre-merge-commit", command="pre-commit")
        assert refused(repo, "merge", "--no-ff", "--no-edit", "side")


def test_message(repo: Repo) -> None:
    install(repo, "commit-msg")
    assert refused(repo, "commit", "--allow-empty", "-m", f"with {KEY}")
    assert not refused(repo, "commit", "--allow-empty", "-m", "without")


def test_push(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"readme": "none\n"})
    clone = install(repo.clone(tmp_path / "clone", "--no-checkout"), "pre-push")
    clone.git("switch", "--quiet", "--create", "side")
    clone.commit({"app.py": LEAK})
    clone.commit({"app.py": "none\n"})
    assert refused(clone, "push", "origin", "side")
    assert not repo.git("branch", "--list", "side")
    clone.git("reset", "--quiet", "--hard", "origin/main")
    assert not refused(clone, "push", "origin", "side")


class TestReceive:
    """A server that refuses: the pushed objects lie in a quarantine and are gone afterwards."""

    @pytest.fixture
    def server(self, tmp_path: Path) -> Repo:
        return install(Repo.init(tmp_path / "server.git", "--bare"), "pre-receive")

    @pytest.fixture
    def client(self, repo: Repo, server: Repo) -> Repo:
        repo.commit({"readme": "none\n"})
        repo.git("remote", "add", "origin", str(server.path))
        assert not refused(repo, "push", "origin", "main")
        return repo

    def test_branch_whose_middle_commit_had_the_key(self, server: Repo, client: Repo) -> None:
        leak = client.commit({"app.py": LEAK})
        client.commit({"app.py": "none\n"})
        assert refused(client, "push", "origin", "main")
        assert server.oid("main") == client.oid("HEAD~2")
        assert server.attempt("cat-file", "-e", leak).returncode, "nothing of it was kept"

    def test_clean_push_and_known_keys(self, server: Repo, client: Repo) -> None:
        client.commit({"other": "x\n"})
        assert not refused(client, "push", "origin", "main", "HEAD:refs/heads/side")

    def test_ref_whose_name_holds_a_line_separator(self, server: Repo, client: Repo) -> None:
        assert not refused(client, "push", "origin", "main:refs/heads/a\u2028b\x85c")
        client.commit({"app.py": LEAK})
        assert refused(client, "push", "origin", "main:refs/heads/d\u2028e")

    def test_packed_push(self, server: Repo, client: Repo) -> None:
        client.commit({f"f{number}": f"{number}\n" for number in range(120)})
        client.commit({"app.py": LEAK})
        assert refused(client, "push", "origin", "main")

    def test_tag_message(self, server: Repo, client: Repo) -> None:
        client.tag("v1", "HEAD", f"with {KEY}\n")
        assert refused(client, "push", "origin", "v1")

    def test_shallow_client(self, server: Repo, client: Repo, tmp_path: Path) -> None:
        shallow = server.clone(tmp_path / "shallow", "--depth=1")
        shallow.commit({"app.py": LEAK})
        assert refused(shallow, "push", "origin", "main")

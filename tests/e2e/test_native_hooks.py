"""Hooks without a framework: git itself calls us."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.tool import COMMAND, environment

KEY = key(91)
LEAK = f"client = Freddy('{KEY}')\n"


def install(repo: Repo, **hooks: str) -> None:
    """Write hooks (with _ for -) that call us; nothing of this environment is left to git."""
    command = shlex.join(["env", f"PYTHONPATH={environment()['PYTHONPATH']}", *COMMAND, "hook"])
    for name, ours in hooks.items():
        path = repo.git_dir / "hooks" / name.replace("_", "-")
        path.write_text(f'#!/bin/sh\nexec {command} {ours} "$@"\n')
        path.chmod(0o755)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo.init(tmp_path / "repo")
    made.commit({"app.py": "x = 1\n", "sub/app.py": "x = 1\n"})
    install(made, pre_commit="pre-commit", pre_merge_commit="pre-commit", commit_msg="commit-msg", pre_push="pre-push")
    return made


@pytest.fixture
def server(repo: Repo, tmp_path: Path) -> Repo:
    made = Repo.init(tmp_path / "server", "--bare")
    repo.git("remote", "add", "origin", str(made.path))
    return made


def blocked(done: subprocess.CompletedProcess[bytes], *words: str) -> bool:
    shown = (done.stdout + done.stderr).decode()
    assert KEY[8:20] not in shown
    return done.returncode != 0 and all(word in shown for word in (*words, "FG101 hardcoded-key"))


@pytest.mark.parametrize("folder", [".", "sub"])
def test_a_commit_from_any_folder(folder: str, repo: Repo) -> None:
    there = Repo(repo.path / folder)
    repo.stage("sub/new.py", LEAK)
    assert blocked(there.attempt("commit", "--message=x"), "sub/new.py:1:18")
    repo.stage("sub/new.py", "x = 1\n")
    assert there.attempt("commit", "--message=x").returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("commit", "--all", "--message=x"), ("commit", "--message=x", "app.py"),
        ("commit", "--amend", "--all", "--no-edit"),
        ("commit", "--only", "--message=x", "app.py"), ("commit", "--include", "--message=x", "app.py"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_the_index_of_a_commit_in_the_making(arguments: tuple[str, ...], repo: Repo) -> None:
    repo.write("app.py", LEAK)
    assert blocked(repo.attempt(*arguments), "app.py:1:18")
    repo.write("app.py", "x = 2\n")
    repo.write("other.py", LEAK)
    assert repo.attempt(*arguments).returncode == 0


def test_a_commit_in_a_linked_worktree(repo: Repo, tmp_path: Path) -> None:
    linked = repo.worktree(tmp_path / "linked", "topic")
    linked.stage("new.py", LEAK)
    repo.stage("app.py", "x = 3\n")
    assert repo.attempt("commit", "--message=x").returncode == 0
    assert blocked(linked.attempt("commit", "--message=x"), "new.py:1:18")


def test_the_first_commit_of_all(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "new")
    install(repo, pre_commit="pre-commit")
    repo.stage("a.py", LEAK)
    assert blocked(repo.attempt("commit", "--message=x"), "a.py:1:18")
    repo.stage("a.py", "x = 1\n")
    assert repo.attempt("commit", "--message=x").returncode == 0
    assert repo.attempt("commit", "--allow-empty", "--message=nothing").returncode == 0


def test_a_merge_and_its_message(repo: Repo) -> None:
    repo.start("topic")
    repo.commit({"topic.py": LEAK}, "unseen", "--no-verify")
    repo.switch("main")
    repo.commit({"main.py": "x = 1\n"})
    assert blocked(repo.attempt("merge", "--no-edit", "topic"), "topic.py:1:18")
    repo.git("merge", "--abort")
    assert blocked(repo.attempt("commit", "--allow-empty", f"--message=see {KEY}"), "COMMIT_EDITMSG:1:5")


def test_several_refs_of_one_push(repo: Repo, server: Repo) -> None:
    repo.git("push", "--quiet", "origin", "main")
    for branch in ("one", "two", "three"):
        repo.start(branch, "main")
        repo.commit({f"{branch}.py": LEAK if branch == "two" else "x = 1\n"}, branch, "--no-verify")
    repo.tag("v1", "three", message=f"with {KEY}\n")
    assert blocked(repo.attempt("push", "origin", "one", "two", "three", "v1"), "two.py:1:18", "message of tag v1:1:6")
    assert server.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert blocked(repo.attempt("push", "--all", "origin"), "two.py:1:18")
    assert repo.attempt("push", "origin", "one", "three").returncode == 0
    assert repo.attempt("push", "origin", ":one", "three:four").returncode == 0
    assert blocked(repo.attempt("push", "origin", "v1"), "message of tag v1:1:6")


def test_a_push_of_a_branch_that_once_held_a_key(repo: Repo, server: Repo) -> None:
    repo.commit({"a.py": LEAK}, "added", "--no-verify")
    repo.commit({"a.py": "x = 1\n"}, "removed")
    assert blocked(repo.attempt("push", "origin", "main"), "a.py:1:18")
    repo.git("reset", "--quiet", "--soft", "HEAD~2")
    assert repo.attempt("commit", "--message=squashed").returncode == 0
    assert repo.attempt("push", "origin", "main").returncode == 0


def test_a_name_of_a_branch_is_a_key(repo: Repo, server: Repo) -> None:
    assert blocked(repo.attempt("push", "origin", f"main:refs/heads/{KEY}"), "name of the ref")


def test_a_server_refuses_from_its_quarantine(repo: Repo, server: Repo) -> None:
    install(server, pre_receive="pre-receive")
    repo.commit({"a.py": LEAK}, "added", "--no-verify")
    repo.commit({"a.py": "x = 1\n"}, "removed")
    refused = repo.attempt("push", "--no-verify", "origin", "main", "main:other")
    assert blocked(refused, "remote: ", "a.py:1:18", "pre-receive hook declined")
    assert server.git("for-each-ref") == ""
    assert server.git("count-objects") == "0 objects, 0 kilobytes"
    repo.git("reset", "--quiet", "--hard", "HEAD~2")
    assert repo.attempt("push", "--no-verify", "origin", "main").returncode == 0
    assert repo.attempt("push", "--no-verify", "origin", "main:other").returncode == 0
    assert repo.attempt("push", "--no-verify", "origin", ":other").returncode == 0


def test_a_hook_without_git_on_its_path_blocks_and_says_why(repo: Repo) -> None:
    install(repo, pre_commit="pre-commit")
    hook = repo.git_dir / "hooks" / "pre-commit"
    hook.write_text(hook.read_text().replace("exec env ", f"exec env PATH={shlex.quote(str(repo.path))} ", 1))
    repo.stage("a.py", "x = 1\n")
    done = repo.attempt("commit", "--message=x")
    assert done.returncode != 0
    assert b"git is not installed, or not on PATH" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a terminal is needed")
def test_a_push_hook_that_a_person_runs_reads_what_the_remote_lacks(repo: Repo, server: Repo) -> None:
    import pty

    repo.git("push", "--quiet", "origin", "main")
    repo.git("fetch", "--quiet")
    repo.commit({"a.py": LEAK}, "added", "--no-verify")
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [*COMMAND, "hook", "pre-push"], cwd=repo.path, env=environment(), stdin=theirs, capture_output=True, check=False
    )
    os.close(ours)
    os.close(theirs)
    assert blocked(done, "a.py:1:18", "read 1 commit,")

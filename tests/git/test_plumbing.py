"""Running git: what it is told and what it is not, and what becomes of its complaints."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from freddy_guard.errors import ExitCode, GitError
from freddy_guard.git.plumbing import Git, explain
from tests.support.keys import key
from tests.support.repo import Repo


@pytest.fixture
def spy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program called git first on PATH that writes down its environment."""
    seen = tmp_path / "seen"
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nenv > "{seen}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return seen


KEPT_WHERE_WE_STAND = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_QUARANTINE_PATH"]
NEVER_KEPT = ["GIT_TRACE", "GIT_TRACE2_EVENT", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"]


@pytest.mark.parametrize("name", [*KEPT_WHERE_WE_STAND, *NEVER_KEPT])
@pytest.mark.parametrize("where", [None, "."])
def test_environment(spy: Path, monkeypatch: pytest.MonkeyPatch, name: str, where: str | None) -> None:
    monkeypatch.setenv(name, "something")
    Git(where).run("version")
    passed = name in {line.partition("=")[0] for line in spy.read_text().splitlines()}
    assert passed == (where is None and name in KEPT_WHERE_WE_STAND)


def test_user_settings_that_are_safe_are_kept(spy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/home")
    Git().run("version")
    assert "GIT_CEILING_DIRECTORIES=/home\n" in spy.read_text()


def test_no_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for call in (lambda: Git().run("version"), lambda: Git().attempt("version")):
        with pytest.raises(GitError, match="git is not installed"):
            call()
    with pytest.raises(GitError, match="git is not installed"), Git().stream("version"):
        pass


def test_git_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "git").write_text("no program")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="cannot be started"):
        Git().run("version")


def test_failure_has_gits_own_words(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not a git repository") as caught:
        Git(str(tmp_path)).run("rev-parse", "HEAD")
    assert caught.value.exit_code is ExitCode.INCOMPLETE


@pytest.mark.parametrize(
    ("complaint", "expected"),
    [
        (b"fatal: not a git repository (or any parent)\n", "not a git repository: fatal"),
        (b"fatal: detected dubious ownership in repository at '/x'\n", "another user owns it"),
        (b"fatal: one\nhint: two\n", "git log failed: fatal: one / hint: two"),
        (b"", "git log failed: no reason given"),
        (b"fatal: caf\xe9 \x1b[31m", "caf\\xe9 \\x1b[31m"),
        (f"fatal: bad revision '{key(1)}'".encode(), f"bad revision '{key(1)[:7]}…"),
    ],
)
def test_explanations_are_safe_to_print(complaint: bytes, expected: str) -> None:
    text = explain(complaint, "log")
    assert expected in text
    assert key(1) not in text
    assert text.isprintable()


def test_paths_with_odd_names(tmp_path: Path) -> None:
    for name in ("-dash", "new\nline", "caf\udce9", " a b ", ":(top)"):
        repo = Repo.init(tmp_path / name)
        top = Git(str(repo.path)).run("rev-parse", "--show-toplevel")
        assert os.fsdecode(top.removesuffix(b"\n")) == str(repo.path)


def endless(oid: str) -> Iterator[bytes]:
    while True:
        yield f"{oid}\n".encode()


class TestStream:
    def test_large_input_and_output_at_once(self, repo: Repo) -> None:
        """Neither side may wait for the other to read."""
        blob = repo.blob(b"x" * 1000)
        asked = (f"{blob}\n".encode() for _ in range(20_000))
        with Git(str(repo.path)).stream("cat-file", "--batch", stdin=asked) as stream:
            size = sum(len(piece) for piece in iter(lambda: stream.out.read(1 << 20), b""))
            assert stream.finish() == (0, [])
        assert size == 20_000 * (1000 + len(f"{blob} blob 1000\n") + 1)

    def test_left_in_the_middle(self, repo: Repo) -> None:
        blob = repo.blob(b"x" * 1000)
        with Git(str(repo.path)).stream("cat-file", "--batch", stdin=endless(blob)) as stream:
            assert stream.out.readline() == f"{blob} blob 1000\n".encode()

    def test_error_of_ours_ends_git_too(self, repo: Repo) -> None:
        asked = endless(repo.blob(b"x" * 1000))
        with (
            pytest.raises(ValueError, match="ours"),
            Git(str(repo.path)).stream("cat-file", "--batch", stdin=asked) as stream,
        ):
            raise ValueError("ours")
        assert stream.finish()[0] != 0

    def test_complaints_are_safe_to_print(self, repo: Repo) -> None:
        with Git(str(repo.path)).stream("rev-list", f"no-{key(1)}", "--") as stream:
            assert stream.out.read() == b""
            code, complaints = stream.finish()
        assert code == 128
        assert complaints
        assert key(1) not in "".join(complaints)

    def test_input_that_git_does_not_want(self, repo: Repo) -> None:
        with Git(str(repo.path)).stream("version", stdin=(b"x" * 65536 for _ in range(100))) as stream:
            assert stream.out.read().startswith(b"git version")
            assert stream.finish() == (0, [])

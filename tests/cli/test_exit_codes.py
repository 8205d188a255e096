"""The contract: 0 clean, 1 findings, 2 usage, 3 not all read or nothing read (130: see test_interrupt.py)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from freddy_guard.reports import REPORTERS
from tests.support.keys import key
from tests.support.repo import ZERO, Repo
from tests.support.tool import run

KEY, OTHER = key(11), key(12)
LEAK = f"client = Freddy('{KEY}')\n"


def clean(repo: Repo) -> None:
    repo.commit({"a.py": "x = 1\n"})
    repo.stage("b.py", "y = 2\n")


def leaking(repo: Repo) -> None:
    repo.commit({"a.py": LEAK})
    repo.stage("b.py", f"other = '{OTHER}'\n")


def warned(repo: Repo) -> None:
    repo.commit({".env": "PORT=3000\n"})
    repo.stage("b/.env", "PORT=3000\n")


def noted(repo: Repo) -> None:
    sample = "ak_" + "1234567890abcdef" * 2 + "12345678"
    repo.commit({"a.py": f"key = '{sample}'\n"})
    repo.stage("b.py", f"key = '{sample}'\n")


SOURCES: dict[str, tuple[str, ...]] = {
    "scan": ("scan",),
    "staged": ("staged",),
    "commits": ("commits", "HEAD"),
    "history": ("history",),
    "pre-commit": ("hook", "pre-commit"),
    "pre-push": ("hook", "pre-push", "origin", "nowhere"),
}
scanning = pytest.mark.parametrize("command", SOURCES.values(), ids=SOURCES)


@scanning
@pytest.mark.parametrize("name", REPORTERS)
@pytest.mark.parametrize(("build", "code"), [(clean, 0), (leaking, 1)])
def test_every_source_in_every_format(
    build: Callable[[Repo], None], code: int, name: str, command: tuple[str, ...], repo: Repo
) -> None:
    build(repo)
    result = run(*command, "--format", name, cwd=repo.path)
    assert result.code == code, result
    assert result.out


@pytest.mark.parametrize("command", [("scan",), ("history",), ("hook", "pre-commit")], ids=" ".join)
@pytest.mark.parametrize(
    ("build", "threshold", "code"),
    [
        (leaking, "error", 1), (leaking, "never", 0),
        (warned, "error", 0), (warned, "warning", 1), (warned, "note", 1), (warned, "never", 0),
        (noted, "warning", 0), (noted, "note", 1),
    ],
)  # fmt: skip
def test_the_threshold(
    build: Callable[[Repo], None], threshold: str, code: int, command: tuple[str, ...], repo: Repo
) -> None:
    build(repo)
    assert run(*command, "--fail-on", threshold, cwd=repo.path).code == code


@pytest.mark.parametrize(("build", "code"), [(warned, 1), (noted, 0)])
def test_warnings_fail_by_default_and_notes_do_not(build: Callable[[Repo], None], code: int, repo: Repo) -> None:
    build(repo)
    assert run("history", cwd=repo.path).code == code


# Nothing read


def test_an_empty_folder(tmp_path: Path) -> None:
    result = run("scan", cwd=tmp_path)
    assert (result.code, result.out) == (3, "read nothing, source: files\nnothing was read\n")


@pytest.mark.parametrize(
    "command", [("staged",), ("history",), ("commits", "HEAD..HEAD"), ("scan", "-")], ids=lambda words: words[0]
)
@pytest.mark.parametrize("flag", ["--fail-on=never", "--quiet", *(f"--format={name}" for name in REPORTERS)])
def test_nothing_read_is_never_called_clean(command: tuple[str, ...], flag: str, repo: Repo) -> None:
    if command[0] == "commits":
        clean(repo)
        repo.commit()
    result = run(*command, flag, cwd=repo.path)
    assert result.code == 3
    assert "no findings" not in result.out + result.err


@pytest.mark.parametrize(
    ("command", "stdin"),
    [
        (("hook", "pre-commit"), b""),
        (("hook", "pre-push", "origin", "nowhere"), b""),
        (("hook", "pre-push", "origin", "nowhere"), f"(delete) {ZERO} refs/heads/x {'1' * 40}\n".encode()),
        (("hook", "pre-receive"), b""),
        (("hook", "pre-receive"), f"{'1' * 40} {ZERO} refs/heads/x\n".encode()),
    ],
)
def test_a_hook_passes_when_git_has_nothing_to_add(command: tuple[str, ...], stdin: bytes, repo: Repo) -> None:
    repo.commit()
    repo.ref("refs/remotes/origin/main", "HEAD")
    result = run(*command, cwd=repo.path, stdin=stdin)
    assert (result.code, result.err) == (0, "")


def test_an_empty_commit_message_passes(repo: Repo) -> None:
    repo.write("MESSAGE", "")
    assert run("hook", "commit-msg", "MESSAGE", cwd=repo.path).code == 0


# Not all read


def missing_object(repo: Repo) -> None:
    clean(repo)
    repo.lose(repo.oid("HEAD:a.py"))
    repo.lose(repo.git("rev-parse", ":b.py"))


@pytest.mark.parametrize("name", ["staged", "commits", "history", "pre-commit", "pre-push"])
def test_what_cannot_be_read_is_said(name: str, repo: Repo) -> None:
    missing_object(repo)
    result = run(*SOURCES[name], "--format=json", cwd=repo.path)
    coverage = result.json()["coverage"]
    assert (result.code, coverage["complete"]) == (3, False)
    assert any("object" in item["what"] and item["reason"] for item in coverage["unread"])


@pytest.mark.parametrize(("threshold", "code"), [("warning", 1), ("never", 3)])
def test_findings_beat_incomplete(threshold: str, code: int, repo: Repo) -> None:
    leaking(repo)
    repo.commit({"c.py": "lost\n"})
    repo.lose(repo.oid("HEAD:c.py"))
    result = run("history", "--fail-on", threshold, "--format=json", cwd=repo.path)
    assert result.code == code
    assert len(result.rules()) == 2
    assert not result.json()["coverage"]["complete"]


def test_a_file_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "leak.py").write_text(LEAK)
    result = run("scan", "loop", "leak.py", "--format=json", cwd=tmp_path)
    assert (result.code, result.rules()) == (1, ["FG101"])
    assert [item["what"] for item in result.json()["coverage"]["unread"]] == ["loop"]
    assert run("scan", "loop", cwd=tmp_path).code == 3


def test_a_commit_message_that_is_not_there(repo: Repo) -> None:
    assert run("hook", "commit-msg", "nowhere", cwd=repo.path).code == 3


# Not possible


@pytest.mark.parametrize("name", ["staged", "commits", "history", "pre-commit", "pre-push"])
def test_not_a_repository(name: str, tmp_path: Path) -> None:
    result = run(*SOURCES[name], cwd=tmp_path, env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("freddy-guard: not a git repository")


@pytest.mark.parametrize("name", ["staged", "commits", "history", "pre-commit", "pre-push"])
def test_no_git_on_the_path(name: str, repo: Repo) -> None:
    clean(repo)
    result = run(*SOURCES[name], cwd=repo.path, env={"PATH": str(repo.path)})
    assert (result.code, result.out) == (3, "")
    assert result.err == "freddy-guard: git is not installed, or not on PATH: install git 2.30 or later\n"


def test_files_are_scanned_without_git(repo: Repo) -> None:
    leaking(repo)
    result = run("scan", "--format=json", cwd=repo.path, env={"PATH": str(repo.path)})
    assert (result.code, result.rules()) == (1, ["FG101", "FG101"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nonsense",), "No such command 'nonsense'"),
        (("scan", "--nonsense"), "No such option '--nonsense'"),
        (("scan", "nowhere.py"), "nowhere.py: there is no such file or folder"),
        (("scan", "-", "a.py"), '"-" is standard input and stands alone'),
        (("scan", "--fail-on", "everything"), "'everything' is not one of 'error', 'warning', 'note', 'never'"),
        (("commits",), "Missing argument 'RANGE'"),
        (("commits", "nowhere..HEAD"), "Is the range spelled right"),
        (("commits", "--", "--all"), "a range is needed"),
        (("history", "nowhere"), "nowhere: there is no such folder"),
        (("hook", "post-commit"), "No such command 'post-commit'"),
        (("hook", "commit-msg"), "Missing argument 'FILE'"),
        (("baseline", "write"), "Missing option '--reason'"),
        (("baseline", "write", "--reason", " "), "a baseline entry needs a reason"),
        (("baseline", "write", "--reason", "x", "--until", "soon"), '"soon" is not a day to come'),
        (("baseline", "write", "--reason", "x", "--until", "2001-01-01"), '"2001-01-01" is not a day to come'),
        (("rules", "FG999"), "there is no rule FG999"),
        (("rules", "FG101", "FG102"), "unexpected extra argument"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)  # fmt: skip
def test_usage(arguments: tuple[str, ...], words: str, repo: Repo) -> None:
    clean(repo)
    result = run(*arguments, cwd=repo.path)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(("command", "stdin"), [("pre-push", b"a b c\n"), ("pre-receive", b"one two\n")])
def test_lines_that_git_does_not_write(command: str, stdin: bytes, repo: Repo) -> None:
    clean(repo)
    result = run("hook", command, cwd=repo.path, stdin=stdin)
    assert (result.code, result.out) == (2, "")
    assert "not a line as git writes it" in result.err

"""The life of a baseline: written once, never in the way of what is new, gone when it is not needed."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.tool import Result, run

OLD, PAST, NEW = key(61), key(62), key(63)
NAME = ".freddy-guard-baseline.jsonl"
TODAY = datetime.date.today()


@pytest.fixture
def known(repo: Repo) -> Repo:
    """One key in the files, one in the history alone, both in the baseline."""
    repo.commit({"old.py": f"key = '{OLD}'\n", "past.py": f"key = '{PAST}'\n"})
    repo.remove("past.py")
    assert write(repo).code == 0
    repo.stage(NAME)
    repo.commit()
    return repo


def write(repo: Repo, *options: str) -> Result:
    return run("baseline", "write", "--reason=before our time", *options, cwd=repo.path)


def entries(repo: Repo) -> list[dict[str, str]]:
    header, *rows = (repo.path / NAME).read_text().splitlines()
    assert json.loads(header) == {"freddy-guard-baseline": 1}
    return [json.loads(row) for row in rows]


def report(command: str, repo: Repo, *options: str) -> tuple[int, list[str], list[str]]:
    """Return the exit code, the commits or paths of what is found, and the states of what is not counted."""
    result = run(command, "--format=json", *options, cwd=repo.path)
    found: dict[str, Any] = result.json()
    return (
        result.code,
        [finding["path"] for finding in found["findings"]],
        [f"{finding['path']} {finding['status']}: {finding['reason']}" for finding in found["suppressed"]],
    )


def test_write_takes_the_files_and_the_history(repo: Repo) -> None:
    repo.commit({"old.py": f"key = '{OLD}'\n", "past.py": f"key = '{PAST}'\n"})
    repo.remove("past.py")
    result = write(repo, "--owner=Ada", "--until=2999-12-31")
    assert (result.code, result.err) == (0, "")
    assert result.out == f"{repo.path / NAME}: 2 entries added, 2 in all\n"
    assert {entry["path"] for entry in entries(repo)} == {"old.py", "past.py"}
    assert all(
        entry.items() >= {"rule": "FG101", "reason": "before our time", "owner": "Ada", "until": "2999-12-31"}.items()
        for entry in entries(repo)
    )


def test_what_is_known_is_kept_in_the_report_and_blocks_nothing(known: Repo) -> None:
    old, past = "old.py baselined: before our time", "past.py baselined: before our time"
    assert report("scan", known) == (0, [], [old])
    assert report("history", known) == (0, [], [old, past])


def test_a_new_key_is_found(known: Repo) -> None:
    known.commit({"old.py": f"key = '{OLD}'\nother = '{NEW}'\n"})
    code, found, _ = report("history", known)
    assert (code, found) == (1, ["old.py"])


def test_a_rename_and_a_rewritten_history_change_nothing(known: Repo) -> None:
    known.git("mv", "old.py", "moved.py")
    known.write("moved.py", f"# one line down\n\nkey = '{OLD}'\n")
    known.commit({"moved.py": known.path.joinpath("moved.py").read_bytes()})
    known.git("commit", "--quiet", "--amend", "--author=Other <o@example.org>", "--message=rewritten")
    assert report("scan", known) == (0, [], ["moved.py baselined: before our time"])
    assert report("history", known)[:2] == (0, [])


def test_a_commit_of_what_is_known_elsewhere_is_not_blocked(known: Repo) -> None:
    known.stage("copy.py", f"key = '{OLD}'\n")
    assert run("hook", "pre-commit", cwd=known.path).code == 0
    known.stage("copy.py", f"key = '{NEW}'\n")
    assert run("hook", "pre-commit", cwd=known.path).code == 1


def test_write_leaves_what_is_there(known: Repo) -> None:
    before = entries(known)
    known.write("new.py", f"key = '{NEW}'\n")
    result = run("baseline", "write", "--reason=later", cwd=known.path)
    assert ": 1 entry added, 3 in all\n" in result.out
    assert [entry for entry in entries(known) if entry in before] == before
    assert run("baseline", "write", "--reason=again", cwd=known.path).out.endswith(": 0 entries added, 3 in all\n")


def test_prune_removes_what_is_gone(repo: Repo) -> None:
    repo.commit({"a.py": "x = 1\n"})
    old, new = repo.write("old.py", f"key = '{OLD}'\n"), repo.write("new.py", f"key = '{NEW}'\n")
    write(repo)
    old.unlink()
    result = run("baseline", "prune", cwd=repo.path)
    assert result.code == 0
    assert result.out.startswith("removed FG101 ")
    assert result.out.endswith(f"{repo.path / NAME}: 1 entry removed, 1 kept\n")
    assert [entry["path"] for entry in entries(repo)] == ["new.py"]
    assert new.exists()
    before = (repo.path / NAME).stat().st_mtime_ns
    assert run("baseline", "prune", cwd=repo.path).out.endswith(": 0 entries removed, 1 kept\n")
    assert (repo.path / NAME).stat().st_mtime_ns == before


def test_prune_keeps_what_only_the_history_holds(known: Repo) -> None:
    assert run("baseline", "prune", cwd=known.path).out.endswith(": 0 entries removed, 2 kept\n")


@pytest.mark.parametrize("command", ["write", "prune"])
def test_what_cannot_be_read_is_said(command: str, known: Repo) -> None:
    known.lose(known.oid("HEAD:old.py"))
    reason = ("--reason=later",) if command == "write" else ()
    result = run("baseline", command, *reason, cwd=known.path)
    assert result.code == 3
    assert "NOT read: object " in result.err
    assert ("Nothing was removed" in result.err) == (command == "prune")
    assert len(entries(known)) == 2


@pytest.mark.parametrize("command", ["write", "prune"])
def test_without_git_the_history_is_not_silently_left_out(command: str, known: Repo) -> None:
    reason = ("--reason=later",) if command == "write" else ()
    result = run("baseline", command, *reason, cwd=known.path, env={"PATH": str(known.path)})
    assert result.code == 3
    assert "NOT read: history: git is not installed" in result.err


def test_a_folder_without_a_repository(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"key = '{OLD}'\n")
    repo = Repo(tmp_path)
    env = {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    assert run("baseline", "write", "--reason=known", cwd=tmp_path, env=env).code == 0
    assert report("scan", repo)[0] == 0


def test_an_expired_entry_silences_nothing_is_reported_pruned_and_renewed(known: Repo) -> None:
    path = known.path / NAME
    yesterday = (TODAY - datetime.timedelta(days=1)).isoformat()
    path.write_text(path.read_text().replace('"until": ""', f'"until": "{yesterday}"'))
    result = run("scan", "--format=json", cwd=known.path)
    assert (result.code, result.rules()) == (1, ["FG101"])
    assert len([notice for notice in result.json()["notices"] if f"it expired on {yesterday}" in notice]) == 2
    assert run("baseline", "show", cwd=known.path).out.count(f" EXPIRED {yesterday}: before our time") == 2
    assert write(known, f"--until={TODAY.isoformat()}").out.endswith(": 2 entries added, 2 in all\n")
    assert report("scan", known)[0] == 0
    path.write_text(path.read_text().replace(TODAY.isoformat(), yesterday))
    assert run("baseline", "prune", cwd=known.path).out.endswith(": 2 entries removed, 0 kept\n")


def unused(repo: Repo, *command: str) -> list[str]:
    notices = run(*command, "--format=json", cwd=repo.path).json()["notices"]
    return [notice.partition(" entries silenced nothing here")[0].rpartition(": ")[2] for notice in notices]


def test_entries_without_a_finding_are_counted_where_all_was_read(known: Repo) -> None:
    assert unused(known, "scan") == ["1 of 2"]
    assert unused(known, "history") == []
    assert unused(known, "scan", NAME) == []
    (known.path / "old.py").unlink()
    assert unused(known, "scan") == ["2 of 2"]


def test_show(known: Repo) -> None:
    result = run("baseline", "show", cwd=known.path)
    assert (result.code, result.err) == (0, "")
    for line, entry in zip(result.out.splitlines(), entries(known), strict=True):
        assert line == f"FG101 {entry['fingerprint']} {entry['redacted']} {entry['path']}: before our time"


def test_show_nothing(repo: Repo) -> None:
    result = run("baseline", "show", cwd=repo.path)
    assert (result.code, result.out, result.err) == (0, "", f"{repo.path / NAME}: no entries\n")


def test_a_subfolder_has_the_same_baseline(known: Repo) -> None:
    sub = known.path / "sub"
    sub.mkdir()
    assert len(run("baseline", "show", cwd=sub).out.splitlines()) == 2
    run("baseline", "write", "--reason=again", cwd=sub)
    assert not (sub / NAME).exists()


def test_notes_and_silenced_findings_need_no_entry(repo: Repo) -> None:
    sample = "ak_" + "1234567890abcdef" * 2 + "12345678"
    repo.write("sample.py", f"key = '{sample}'\n")
    repo.write("allowed.py", f"key = '{OLD}'  # freddy-guard: allow FG101 -- a test\n")
    repo.write("ignored.py", f"key = '{NEW}'\n")
    repo.write(".freddy-guard.toml", 'ignore = ["ignored.py"]\n')
    assert write(repo).out.endswith(": 0 entries added, 0 in all\n")
    assert write(repo, "--no-allow").out.endswith(": 1 entry added, 1 in all\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ":1: the baseline is empty, without its header"),
        ("<<<<<<< ours\n", ":1: a merge conflict was left here"),
        ('{"freddy-guard-baseline": 2}\n', ":1: the version of this baseline is not 1"),
        ('{"freddy-guard-baseline": 1}\n{"ruel": ""}\n', ':2: unknown key "ruel"; did you mean "rule"?'),
    ],
)
@pytest.mark.parametrize("command", [("scan",), ("hook", "pre-commit"), ("baseline", "prune"), ("baseline", "show")])
def test_a_broken_baseline(text: str, words: str, command: tuple[str, ...], repo: Repo) -> None:
    repo.write(NAME, text)
    repo.stage("a.py", f"key = '{OLD}'\n")
    result = run(*command, cwd=repo.path)
    assert (result.code, result.out) == (2, "")
    assert f"{NAME}{words}" in result.err


def test_a_baseline_that_cannot_be_written(repo: Repo) -> None:
    repo.write("a.py", f"key = '{OLD}'\n")
    result = write(repo, "--baseline=nowhere/known.jsonl")
    assert (result.code, result.out) == (2, "")
    assert "nowhere/known.jsonl: the baseline can't be written: No such file or directory" in result.err

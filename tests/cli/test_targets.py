"""--format: which reports, and where they go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.tool import run

LEAK = f"key = '{key(21)}'\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "leak.py").write_text(LEAK)
    return tmp_path


def test_one_scan_several_reports(folder: Path) -> None:
    formats = ["text", "json=a.json", "jsonl=b.jsonl", "sarif=c.sarif", "text=d.txt"]
    result = run("scan", "in", *(f"--format={name}" for name in formats), "--color", cwd=folder)
    assert (result.code, result.err) == (1, "")
    assert "\x1b[" in result.out
    plain = (folder / "d.txt").read_text()
    assert "in/leak.py:1:8: error: FG101" in plain
    assert "\x1b[" not in plain
    assert len(json.loads((folder / "a.json").read_text())["findings"]) == 1
    assert json.loads((folder / "b.jsonl").read_text().splitlines()[-1])["type"] == "coverage"
    assert json.loads((folder / "c.sarif").read_text())["version"] == "2.1.0"


def test_a_report_in_a_file_leaves_stdout_alone_and_says_the_outcome_on_stderr(folder: Path) -> None:
    result = run("scan", "in", "--format=json=a.json", cwd=folder)
    assert (result.code, result.out, result.err) == (1, "", "freddy-guard: 1 error\n")


@pytest.mark.parametrize("flag", ["-q", "--quiet"])
def test_quiet_says_nothing_on_stderr(flag: str, folder: Path) -> None:
    result = run("scan", "in", "--format=json=a.json", flag, cwd=folder)
    assert (result.code, result.out, result.err) == (1, "", "")


def test_a_hyphen_is_stdout(folder: Path) -> None:
    assert run("scan", "in", "--format=json=-", cwd=folder).rules() == ["FG101"]


@pytest.mark.parametrize(
    ("formats", "words"),
    [
        (["yaml"], "--format yaml: there is no such format; there are text, json, jsonl, sarif"),
        (["jsn"], '--format jsn: there is no such format; did you mean "json"?'),
        (["text", "json"], "only one report can go to stdout"),
        (["text=-", "json"], "only one report can go to stdout"),
        (["json=a", "sarif=./a"], "two reports cannot go to one file"),
        (["json="], "--format json=: there is no path after the ="),
        (["json=nowhere/a.json"], "--format json=nowhere/a.json: there is no folder nowhere"),
        (["json=in"], "--format json=in: that is a folder"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_cannot_be_written_is_refused_before_anything_is_read(
    formats: list[str], words: str, folder: Path
) -> None:
    result = run("scan", "in", *(f"--format={name}" for name in formats), cwd=folder)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
    assert not (folder / "a").exists()


def test_a_file_that_cannot_be_written(folder: Path) -> None:
    (folder / "loop").symlink_to("loop")
    result = run("scan", "in", "--format=json=loop", cwd=folder)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("freddy-guard: cannot write loop: ")


def test_formats_of_the_configuration(folder: Path) -> None:
    (folder / ".freddy-guard.toml").write_text('format = ["jsonl", "sarif=c.sarif"]\n')
    result = run("scan", "in", cwd=folder)
    assert json.loads(result.out.splitlines()[0])["type"] == "run"
    assert (folder / "c.sarif").exists()
    assert run("scan", "in", "--format=json", cwd=folder).json()["version"] == 1


def test_an_unknown_format_in_the_configuration_is_told_by_its_line(folder: Path) -> None:
    (folder / ".freddy-guard.toml").write_text('# ours\nformat = ["xml"]\n')
    result = run("scan", "in", cwd=folder)
    assert result.code == 2
    assert ".freddy-guard.toml:2: format xml: there is no such format" in result.err


@pytest.mark.parametrize("name", ["json", "jsonl", "sarif"])
def test_reports_for_machines_are_utf8_and_the_same_every_time(name: str, repo: Repo) -> None:
    repo.commit({"é.py": LEAK}, f"grün {key(22)}\n")
    environments = [
        {"PYTHONIOENCODING": encoding, "PYTHONHASHSEED": seed}
        for encoding, seed in [("utf-8", "1"), ("ascii", "2"), ("latin-1", "3")]
    ]
    results = {run("history", f"--format={name}", cwd=repo.path, env=env).out for env in environments}
    assert len(results) == 1
    assert "…" in results.pop()

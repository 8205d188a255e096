"""Allow comments and ignored paths, seen from the reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.tool import run

KEY = key(71)
SIGN = "freddy-guard: allow"


TEXTS = [
    (f"key = '{KEY}'  # {SIGN} FG101 -- revoked long ago\n", "revoked long ago"),
    (f"key = '{KEY}'  # {SIGN} hardcoded-key -- revoked\n", "revoked"),
    (f"// {SIGN}-next-line FG101 until=2999-12-31 -- revoked\nconst key = '{KEY}'\n", "revoked"),
    (f"<a k='{KEY}'> <!-- {SIGN} FG101 -- a sample -->\n", "a sample"),
    (f"/* {SIGN}-next-line FG101, FG102 -- a sample */\r\nkey('{KEY}')\r\n", "a sample"),
]
SOURCES = [("staged",), ("commits", "HEAD"), ("history",), ("hook", "pre-commit")]


@pytest.mark.parametrize(
    ("text", "reason", "command"),
    [*((*text, ("scan",)) for text in TEXTS), *((*TEXTS[0], command) for command in SOURCES)],
)
def test_an_allowed_key_stays_in_the_report_with_its_reason(
    text: str, reason: str, command: tuple[str, ...], repo: Repo
) -> None:
    repo.stage("a.txt", text)
    if command[0] in ("commits", "history"):
        repo.commit()
    report = run(*command, "--format=json", cwd=repo.path)
    assert (report.code, report.rules()) == (0, [])
    silenced = [(finding["status"], finding["reason"]) for finding in report.json()["suppressed"]]
    assert silenced == [("allowed", reason)]
    assert run(*command, "--no-allow", cwd=repo.path).code == 1


@pytest.fixture
def silenced(repo: Repo) -> Repo:
    """One key of each kind of silence, and one that is found."""
    repo.write("allowed.py", f"key = '{key(72)}'  # {SIGN} FG101 -- the reason of a comment\n")
    repo.write("ignored.py", f"key = '{key(73)}'\n")
    repo.write("known.py", f"key = '{key(74)}'\n")
    repo.write(".freddy-guard.toml", 'ignore = ["ignored.py"]\n')
    run("baseline", "write", "--reason=the reason of an entry", "--owner=Ada", cwd=repo.path)
    repo.write("open.py", f"key = '{key(75)}'\n")
    return repo


REASONS = {
    "allowed.py": "the reason of a comment",
    "ignored.py": "path ignored by pattern ignored.py",
    "known.py": "the reason of an entry (owner: Ada)",
}


def test_reasons_in_text(silenced: Repo) -> None:
    shown = run("scan", cwd=silenced.path).out
    assert "not counted: 1 allowed, 1 ignored, 1 baselined (-v shows them)\n" in shown
    assert not [reason for reason in REASONS.values() if reason in shown]
    shown = run("scan", "-v", cwd=silenced.path).out
    assert [path for path, reason in REASONS.items() if not (path in shown and reason in shown)] == []


def test_reasons_in_json(silenced: Repo) -> None:
    report = run("scan", "--format=json", cwd=silenced.path).json()
    assert {finding["path"]: finding["reason"] for finding in report["suppressed"]} == REASONS
    assert [finding["path"] for finding in report["findings"]] == ["open.py"]


def test_reasons_in_json_lines(silenced: Repo) -> None:
    lines = [json.loads(line) for line in run("scan", "--format=jsonl", cwd=silenced.path).out.splitlines()]
    assert {line["path"]: line["reason"] for line in lines if line["type"] == "suppressed"} == REASONS


def test_reasons_in_sarif(silenced: Repo) -> None:
    results = run("scan", "--format=sarif", cwd=silenced.path).json()["runs"][0]["results"]
    found = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: [
            suppression["justification"] for suppression in result.get("suppressions", [])
        ]
        for result in results
    }
    assert found == {**{path: [reason] for path, reason in REASONS.items()}, "open.py": []}


@pytest.mark.parametrize(
    ("comment", "words", "code"),
    [
        (f"{SIGN}", "a rule id is required", 1),
        (f"{SIGN} FG101", "a reason is required", 1),
        (f"{SIGN} FG101 -- ...", "a reason is required", 1),
        (f"{SIGN} FG101 until=2001-01-01 -- old", "it expired on 2001-01-01", 1),
        (f"{SIGN} FG101 until=soon -- old", '"soon" is not a date', 1),
        (f"{SIGN} FG101 because=x -- old", '"because=" is not known', 1),
        (f"{SIGN}-file FG101 -- old", "allow-file is not known", 1),
        (f"{SIGN} FG102 -- old", "it silences no FG102; remove it", 1),
        (f"{SIGN} FG101 FG102 -- old", "it silences no FG102; remove it", 0),
        (f"{SIGN} FG1O1 -- old", 'there is no rule "FG1O1"', 1),
    ],
)
def test_a_comment_that_does_not_count_is_reported(comment: str, words: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"\nkey = '{KEY}'  # {comment}\n")
    others = ("text", "jsonl", "sarif")
    result = run("scan", "--format=json", *(f"--format={name}={name}" for name in others), cwd=tmp_path)
    assert result.code == code
    assert [notice for notice in result.json()["notices"] if notice.startswith("a.py:2: ") and words in notice]
    for name in others:
        assert words in (tmp_path / name).read_text().replace('\\"', '"')


def test_a_comment_beside_nothing_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"key = None  # {SIGN} FG101 -- gone\n")
    result = run("scan", cwd=tmp_path)
    assert result.code == 0
    assert "notice: a.py:1: allow comment: it silences no FG101; remove it\n" in result.out


def test_a_pattern_that_ignores_nothing_is_reported(repo: Repo) -> None:
    repo.write(".freddy-guard.toml", 'ignore = ["used.py", "unused/"]\n')
    repo.write("used.py", f"key = '{KEY}'\n")
    repo.commit({"used.py": f"key = '{KEY}'\n"})
    for command in ("scan", "history"):
        result = run(command, "--format=json", cwd=repo.path)
        assert (result.code, result.json()["notices"]) == (0, ["ignore: pattern unused/ silenced nothing here"])
    assert run("scan", "used.py", "--format=json", cwd=repo.path).json()["notices"] == []


@pytest.mark.parametrize("pattern", ["docs/", "*.md", "docs/**", "!*.py\ndocs", "/docs/a.md"])
def test_patterns_are_those_of_gitignore(pattern: str, repo: Repo) -> None:
    repo.write(".freddy-guard.toml", f"ignore = {json.dumps(pattern.split())}\n")
    repo.commit({"docs/a.md": f"`{KEY}`\n"})
    (repo.path / "elsewhere").mkdir()
    for command in (("scan", ".."), ("history",)):
        result = run(*command, "--format=json", cwd=repo.path / "elsewhere")
        assert (result.code, len(result.json()["suppressed"])) == (0, 1)

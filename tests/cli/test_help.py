from __future__ import annotations

from pathlib import Path

import pytest

import freddy_guard
from freddy_guard.rules import RULES
from tests.cli.surface import commands, options
from tests.support.tool import run


@pytest.mark.parametrize("path", list(commands()), ids="-".join)
def test_every_command_explains_itself(path: tuple[str, ...], tmp_path: Path) -> None:
    result = run(*path, "-h", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"Usage: {' '.join(('freddy-guard', *path))} [OPTIONS]")


@pytest.mark.parametrize("path", list(commands()), ids="-".join)
def test_every_option_says_what_it_is_for(path: tuple[str, ...]) -> None:
    command = commands()[path]
    assert command.help
    assert [option.name for option in options(command) if not option.help] == []


def test_help_has_a_long_name_too(tmp_path: Path) -> None:
    assert run("scan", "--help", cwd=tmp_path) == run("scan", "-h", cwd=tmp_path)


def test_the_list_of_commands_tells_what_each_is_for(tmp_path: Path) -> None:
    listed = run("-h", cwd=tmp_path).out.partition("Commands:")[2]
    names = [line.split()[0] for line in listed.strip().splitlines()]
    assert names == ["scan", "staged", "commits", "history", "hook", "baseline", "rules", "config"]


@pytest.mark.parametrize("path", [(), ("hook",), ("baseline",)], ids="-".join)
def test_a_group_without_a_command_shows_its_help_and_is_not_called_clean(
    path: tuple[str, ...], tmp_path: Path
) -> None:
    result = run(*path, cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert "Commands:\n" in result.err


def test_version(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path).out == f"freddy-guard {freddy_guard.__version__}\n"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("freddy-guard sc", ["plain,scan"]),
        ("freddy-guard hook pre-p", ["plain,pre-push"]),
        ("freddy-guard scan --fail", ["plain,--fail-on"]),
        ("freddy-guard scan --fail-on w", ["plain,warning"]),
        ("freddy-guard history --format sa", ["plain,sarif"]),
        ("freddy-guard scan src", ["file,src"]),
    ],
)
def test_bash_completes(words: str, expected: list[str], tmp_path: Path) -> None:
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" ")), "_FREDDY_GUARD_COMPLETE": "bash_complete"}
    result = run(cwd=tmp_path, env=asked)
    assert (result.code, result.out.splitlines()) == (0, expected)


@pytest.mark.parametrize(("shell", "code"), [("bash", 0), ("zsh", 0), ("fish", 0), ("cmd", 2)])
def test_completion_scripts(shell: str, code: int, tmp_path: Path) -> None:
    result = run(cwd=tmp_path, env={"_FREDDY_GUARD_COMPLETE": f"{shell}_source"})
    assert result.code == code
    assert ("_FREDDY_GUARD_COMPLETE" in result.out) == (code == 0)


def test_rules_are_listed(tmp_path: Path) -> None:
    listed = run("rules", cwd=tmp_path).out.splitlines()
    assert [line.split()[0] for line in listed] == [rule.id for rule in RULES]


@pytest.mark.parametrize("name", [name for rule in RULES for name in (rule.id, rule.id.lower(), rule.name)])
def test_a_rule_is_explained_by_id_and_name(name: str, tmp_path: Path) -> None:
    result = run("rules", name, cwd=tmp_path)
    rule = next(rule for rule in RULES if name.upper() == rule.id or name == rule.name)
    assert result.code == 0
    assert result.out.startswith(f"{rule.id} {rule.name} ({rule.severity.label}, confidence ")
    assert rule.remedy[0].partition("{")[0] in result.out
    assert ("\nFound:\n" in result.out) == bool(rule.bad)


def test_an_unknown_rule_is_a_usage_error(tmp_path: Path) -> None:
    result = run("rules", "hardcoded-kee", cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert result.err == 'freddy-guard: there is no rule hardcoded-kee; did you mean "hardcoded-key"?\n'

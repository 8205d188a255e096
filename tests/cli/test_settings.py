"""Which configuration and which baseline count."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.tool import run

KEY = key(31)
LEAK = f"key = '{KEY}'\n"
IGNORE = 'ignore = ["leak.py"]\n'


def findings(*arguments: str, cwd: Path) -> list[str]:
    return run(*arguments, "--format=json", cwd=cwd).rules()


@pytest.fixture
def leaking(repo: Repo) -> Repo:
    repo.commit({"leak.py": LEAK, "sub/ok.py": "x = 1\n"})
    return repo


@pytest.mark.parametrize(
    ("name", "text"),
    [(".freddy-guard.toml", IGNORE), ("pyproject.toml", f"[tool.freddy-guard]\n{IGNORE}")],
)
@pytest.mark.parametrize("command", ["scan", "history"])
def test_the_configuration_lies_at_the_top(name: str, text: str, command: str, leaking: Repo) -> None:
    leaking.write(name, text)
    top = () if command == "history" else ("..",)
    assert findings(command, *top, cwd=leaking.path / "sub") == []
    assert findings(command, *top, "--no-config", cwd=leaking.path / "sub") == ["FG101"]


def test_a_configuration_of_ones_own(leaking: Repo, tmp_path: Path) -> None:
    leaking.write(".freddy-guard.toml", "nonsense = 1\n")
    (tmp_path / "ours.toml").write_text(IGNORE)
    assert findings("scan", "--config=../ours.toml", cwd=leaking.path) == []


@pytest.mark.parametrize("name", [".freddy-guard.toml", "pyproject.toml"])
def test_the_configuration_of_a_commit(name: str, leaking: Repo) -> None:
    header = "[tool.freddy-guard]\n" if name == "pyproject.toml" else ""
    leaking.commit({name: f'{header}fail-on = "never"\n'})
    leaking.commit({name: f"{header}{IGNORE}"})
    assert run("scan", cwd=leaking.path).code == 0
    assert run("scan", "--config-from=HEAD~2", cwd=leaking.path).code == 1
    result = run("scan", "--config-from=HEAD~1", "--format=json", cwd=leaking.path)
    assert (result.code, result.rules()) == (0, ["FG101"])


def test_the_configuration_of_a_commit_lies_where_the_history_is(leaking: Repo, tmp_path: Path) -> None:
    leaking.commit({".freddy-guard.toml": IGNORE})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert findings("history", "../repo", cwd=elsewhere) == ["FG101"]
    assert findings("history", "../repo", "--config-from=main", cwd=elsewhere) == []


def test_the_baseline_of_a_commit(leaking: Repo) -> None:
    assert run("baseline", "write", "--reason=old", cwd=leaking.path).code == 0
    leaking.commit({".freddy-guard-baseline.jsonl": leaking.path.joinpath(".freddy-guard-baseline.jsonl").read_bytes()})
    assert findings("scan", "--config-from=HEAD", cwd=leaking.path) == []
    assert findings("scan", "--config-from=HEAD~1", cwd=leaking.path) == ["FG101"]
    assert findings("scan", "--no-config", cwd=leaking.path) == ["FG101"]


def test_a_baseline_that_is_named(leaking: Repo) -> None:
    run("baseline", "write", "--reason=old", "--baseline=known.jsonl", cwd=leaking.path)
    assert findings("scan", cwd=leaking.path) == ["FG101"]
    assert findings("scan", "--no-config", "--baseline=known.jsonl", cwd=leaking.path) == []
    leaking.write(".freddy-guard.toml", 'baseline = "known.jsonl"\n')
    assert findings("scan", "..", cwd=leaking.path / "sub") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ignor = []", '.freddy-guard.toml:1: unknown key "ignor"; did you mean "ignore"?'),
        ("fail_on = 'error'", '.freddy-guard.toml:1: unknown key "fail_on"; did you mean "fail-on"?'),
        ("whatever = 1", '.freddy-guard.toml:1: unknown key "whatever"; the keys are fail-on, '),
        ('fail-on = "sometimes"', "fail-on must be one of error, warning, note, never"),
        ("ignore = [", "this is not valid TOML"),
        ('ignore = ["[z-a]"]', '"[z-a]" is not a valid gitignore pattern'),
        ('disable = ["FG999"]', ".freddy-guard.toml:1: there is no rule FG999"),
        ('disable = ["hardcoded-kee"]', 'there is no rule hardcoded-kee; did you mean "hardcoded-key"?'),
    ],
)
@pytest.mark.parametrize("command", [("scan",), ("hook", "pre-commit")], ids=" ".join)
def test_a_broken_configuration(text: str, words: str, command: tuple[str, ...], leaking: Repo) -> None:
    leaking.write(".freddy-guard.toml", text)
    leaking.stage("new.py", f"key = '{key(32)}'\n")
    result = run(*command, cwd=leaking.path)
    assert (result.code, result.out) == (2, "")
    assert words in result.err


@pytest.mark.parametrize(
    "command",
    [("staged",), ("commits", "HEAD"), ("history",), ("hook", "pre-push"), ("baseline", "prune")],
    ids=" ".join,
)
def test_every_command_reads_the_configuration(command: tuple[str, ...], leaking: Repo) -> None:
    leaking.write(".freddy-guard.toml", "nonsense = 1\n")
    assert run(*command, cwd=leaking.path).code == 2
    assert run(*command, "--no-config", cwd=leaking.path).code != 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--config=nowhere.toml",), "nowhere.toml: there is no such configuration file"),
        (("--config=.",), ".: the configuration can't be read: Is a directory"),
        (("--config=pyproject.toml",), "it has no [tool.freddy-guard] table"),
        (("--config=a.toml", "--no-config"), "exclude each other"),
        (("--config-from=HEAD", "--no-config"), "exclude each other"),
        (("--config-from=nowhere",), "--config-from nowhere: there is no such commit here"),
        (("--config-from=HEAD^{tree}",), "there is no such commit here"),
        (("--config-from=--all",), "--config-from --all: there is no such commit here"),
        (("--baseline=nowhere",), "--baseline nowhere: there is no such file"),
        (("--baseline=sub",), "sub: the baseline can't be read: Is a directory"),
        (("--baseline=leak.py",), "leak.py:1: this line is not a JSON object"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)  # fmt: skip
def test_settings_that_are_not_there(arguments: tuple[str, ...], words: str, leaking: Repo) -> None:
    leaking.write("pyproject.toml", "[tool.other]\n")
    result = run("scan", *arguments, cwd=leaking.path)
    assert (result.code, result.out) == (2, "")
    assert words in result.err


def test_a_commit_of_no_repository(tmp_path: Path) -> None:
    result = run("scan", "--config-from=main", cwd=tmp_path, env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert result.code == 3
    assert "not a git repository" in result.err


def test_the_effective_configuration(leaking: Repo) -> None:
    leaking.write("pyproject.toml", f'[project]\nname = "x"\n\n[tool.freddy-guard]\n{IGNORE}fail-on = "note"\n')
    result = run("config", "--fail-on=error", "--format=sarif=out.sarif", cwd=leaking.path / "sub")
    assert result.code == 0
    assert result.out.splitlines() == [
        'fail-on = "error"  # command line',
        'ignore = ["leak.py"]  # pyproject.toml:5',
        "disable = []  # default",
        'baseline = ".freddy-guard-baseline.jsonl"  # default',
        "respect-gitignore = false  # default",
        'format = ["sarif=out.sarif"]  # command line',
    ]


@pytest.mark.parametrize("text", ['format = ["xml"]', 'disable = ["FG000"]', "nonsense = 1"])
def test_the_configuration_is_checked_before_it_is_shown(text: str, leaking: Repo) -> None:
    leaking.write(".freddy-guard.toml", text)
    assert run("config", cwd=leaking.path).code == 2


def test_respect_gitignore_is_asked_for(leaking: Repo) -> None:
    leaking.write(".gitignore", "secret.py\n")
    leaking.write("secret.py", LEAK)
    assert findings("scan", cwd=leaking.path) == ["FG101", "FG101"]
    assert findings("scan", "--respect-gitignore", cwd=leaking.path) == ["FG101"]
    leaking.write(".freddy-guard.toml", "respect-gitignore = true\n")
    assert findings("scan", cwd=leaking.path) == ["FG101"]


def test_a_rule_can_be_disabled_by_name_and_id(leaking: Repo) -> None:
    for name in ("FG101", "hardcoded-key"):
        leaking.write(".freddy-guard.toml", f'disable = ["{name}"]\n')
        assert findings("scan", cwd=leaking.path) == []


def test_the_one_who_pushes_configures_no_server(leaking: Repo, tmp_path: Path) -> None:
    server = Repo.init(tmp_path / "server", "--bare")
    server.write(".freddy-guard.toml", 'fail-on = "never"\n')
    leaking.git("push", "--quiet", str(server.path), "main:refs/heads/incoming")
    line = f"{'0' * 40} {leaking.oid()} refs/heads/main\n".encode()
    server.git("update-ref", "-d", "refs/heads/incoming")
    assert run("hook", "pre-receive", cwd=server.path, stdin=line).code == 1
    assert run("hook", "pre-receive", "--config=.freddy-guard.toml", cwd=server.path, stdin=line).code == 0

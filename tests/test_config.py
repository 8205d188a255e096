from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from freddy_guard.config import KEYS, Config, find, load, parse, suggestion
from freddy_guard.errors import ExitCode, UsageError
from tests.support.keys import key
from tests.support.tool import unmeasured

FULL = """\
fail-on = "error"
ignore = ["tests/", "!tests/real/"]
disable = ["FG102"]

baseline = "ci/baseline.jsonl"
respect-gitignore = true
format = ["sarif"]
"""
DEDICATED, SHARED = ".freddy-guard.toml", "pyproject.toml"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / {"dedicated": DEDICATED, "shared": SHARED}[name]).write_text(text, encoding="utf-8")
    return folder


def refused(data: str | bytes, name: str = DEDICATED) -> str:
    with pytest.raises(UsageError) as caught:
        parse(data.encode() if isinstance(data, str) else data, name, name == DEDICATED)
    assert caught.value.exit_code is ExitCode.USAGE
    return str(caught.value)


def test_every_key_is_read_with_its_origin() -> None:
    config = parse(FULL.encode(), DEDICATED, True)
    assert (config.fail_on, config.baseline, config.respect_gitignore) == ("error", "ci/baseline.jsonl", True)
    assert (config.ignore, config.disable, config.formats) == (
        ("tests/", "!tests/real/"),
        ("FG102",),
        ("sarif",),
    )
    lines = {"fail-on": 1, "ignore": 2, "disable": 3, "baseline": 5, "respect-gitignore": 6, "format": 7}
    assert config.origins == {name: f"{DEDICATED}:{line}" for name, line in lines.items()}
    assert set(lines) == set(KEYS)


def test_the_defaults() -> None:
    config = Config()
    assert config == load(None) == parse(b"", DEDICATED, True) == parse(b"", SHARED, False)
    assert (config.fail_on, config.ignore, config.disable) == ("warning", (), ())
    assert (config.baseline, config.respect_gitignore, config.formats) == (
        ".freddy-guard-baseline.jsonl",
        False,
        (),
    )
    assert set(config.origins.values()) == {"default"}
    assert set(config.origins) == set(KEYS)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('ignore = ["elsewhere"]\n[tool.freddy-guard]\n# note\nignore = ["x"]\n', ":4"),
        ('[tool."freddy-guard"]\n"ignore" = ["x"]\n', ":2"),
        ('[tool]\nfreddy-guard.ignore = ["x"]\n', ""),
        ('tool.freddy-guard = { ignore = ["x"] }\n', ""),
        ('\ufeff[tool.freddy-guard]\r\nignore = ["x"]\r\n', ":2"),
    ],
)
def test_pyproject(text: str, line: str) -> None:
    config = parse(text.encode(), SHARED, False)
    assert config.ignore == ("x",)
    assert config.origins["ignore"] == SHARED + line


def test_a_pyproject_that_is_not_about_us_is_not_even_parsed() -> None:
    assert parse(b"this is [not toml", SHARED, False) == Config()
    assert parse(b"# freddy-guard\n[tool.other]\nx = 1\n", SHARED, False) == Config()
    assert parse(b"tool = 3  # freddy-guard\n", SHARED, False) == Config()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fail_on = 'error'", f'{DEDICATED}:1: unknown key "fail_on"; did you mean "fail-on"?'),
        ("\nignores = []", f'{DEDICATED}:2: unknown key "ignores"; did you mean "ignore"?'),
        ("zzz = 1", f'{DEDICATED}:1: unknown key "zzz"; the keys are fail-on, ignore, disable, baseline'),
        ("[tool.freddy-guard]\nignore = []", f"{DEDICATED}: in this file the keys stand at the top level"),
        (
            "fail-on = 'high'",
            f'{DEDICATED}:1: fail-on must be one of error, warning, note, never, not "high"',
        ),
        ("fail-on = 3", f"{DEDICATED}:1: fail-on must be one of error, warning, note, never, not an integer"),
        (
            "ignore = 'tests/'",
            f'{DEDICATED}:1: ignore must be an array of strings that are not empty, like ["..."], not a s',
        ),
        ("ignore = ['a', 3]", f"{DEDICATED}:1: ignore must be an array of strings"),
        ("ignore = ['']", f"{DEDICATED}:1: ignore must be an array of strings that are not empty"),
        ("disable = {}", f"{DEDICATED}:1: disable must be an array of strings that are not empty"),
        (
            "format = 2026-01-01",
            f'{DEDICATED}:1: format must be an array of strings that are not empty, like ["..."], not a d',
        ),
        ("baseline = ''", f"{DEDICATED}:1: baseline must be a string that is not empty"),
        ("baseline = false", f"{DEDICATED}:1: baseline must be a string that is not empty, not a boolean"),
        (
            "respect-gitignore = 'yes'",
            f"{DEDICATED}:1: respect-gitignore must be true or false, not a string",
        ),
        ("respect-gitignore = 1.0", f"{DEDICATED}:1: respect-gitignore must be true or false, not a float"),
        ("\n\nfail-on: 'error'", f"{DEDICATED}:3: this is not valid TOML"),
        ("ignore = []\nignore = []\n", f"{DEDICATED}:2: this is not valid TOML"),
        ("x = " + "[" * 20_000, f"{DEDICATED}: this is not valid TOML: nested too deeply"),
        ("x = " + "1" * 5_000, f"{DEDICATED}: this is not valid TOML"),
    ],
)
def test_what_is_not_understood_is_said(text: str, said: str) -> None:
    assert refused(text).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[tool.freddy-guard]\nfail-no = 'error'",
            f'{SHARED}:2: unknown key "fail-no"; did you mean "fail-on"?',
        ),
        ("[tool.freddy-guard]\ntool = 1", f'{SHARED}:2: unknown key "tool"'),
        ("[tool]\nfreddy-guard = 3", f"{SHARED}: tool.freddy-guard must be a table, not an integer"),
        (
            "[tool.freddy_guard]\nfail-on = 'error'",
            f"{SHARED}: [tool.freddy_guard] is not read; write [tool.freddy-guard]",
        ),
    ],
)
def test_what_is_not_understood_of_pyproject_is_said(text: str, said: str) -> None:
    assert refused(text, SHARED).startswith(said)


def test_bytes_that_are_no_utf8_are_said_with_their_line() -> None:
    assert refused(b"# fine\n# caf\xe9\n") == f"{DEDICATED}:2: this is not UTF-8; save the file as UTF-8"


@pytest.mark.parametrize(
    "text",
    ["{key} = 1", "fail-on = '{key}'", "baseline = {key}", "{key}", "[{key}]\n[{key}]", "ignore = ['{key}"],
)
def test_no_error_shows_a_key(text: str) -> None:
    assert key(1)[8:30] not in refused(text.format(key=key(1)))


def test_no_error_shows_a_key_in_the_name_of_the_file() -> None:
    with pytest.raises(UsageError) as caught:
        parse(b"zzz = 1", f"{key(1)}.toml", True)
    assert key(1)[8:30] not in str(caught.value)


def test_the_dedicated_file_wins_and_says_so(tmp_path: Path) -> None:
    write(tmp_path, dedicated="fail-on = 'error'\n", shared="[tool.freddy-guard]\nfail-on = 'never'\n")
    config = load(str(tmp_path))
    assert config.fail_on == "error"
    assert config.origins["fail-on"] == f"{DEDICATED}:1 (wins over [tool.freddy-guard] in pyproject.toml)"
    assert config.origins["ignore"] == "default"
    write(tmp_path, shared="[project]\ndependencies = ['freddy-guard']\n")
    assert load(str(tmp_path)).origins["fail-on"] == f"{DEDICATED}:1"


def test_what_is_found(tmp_path: Path) -> None:
    assert find(str(tmp_path)) is None
    assert load(str(tmp_path)) == Config()
    write(tmp_path, shared="[project]\nname = 'x'\n")
    assert find(str(tmp_path)) is None
    write(tmp_path, shared="[tool.freddy-guard]\nfail-on = 'note'\n")
    found = find(str(tmp_path))
    assert found is not None
    assert found[0] == SHARED
    assert load(str(tmp_path)).fail_on == "note"
    write(tmp_path, dedicated="")
    assert find(str(tmp_path)) == (DEDICATED, b"")
    assert load(str(tmp_path)).fail_on == "warning"


def test_an_explicit_file_is_the_only_one_read(tmp_path: Path) -> None:
    write(tmp_path, dedicated="this is not toml")
    other = tmp_path / "strict.toml"
    other.write_text("fail-on = 'note'\n")
    config = load(str(tmp_path), str(other))
    assert config.fail_on == "note"
    assert config.origins["fail-on"] == f"{other}:1"
    assert load(None) == Config()


def test_an_explicit_file_must_configure_something(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such configuration file"):
        load(str(tmp_path), str(tmp_path / "none.toml"))
    write(tmp_path, shared="[project]\nname = 'freddy-guard'\n")
    with pytest.raises(UsageError, match=r"it has no \[tool.freddy-guard\] table"):
        load(str(tmp_path), str(tmp_path / SHARED))
    write(tmp_path, shared="[tool.freddy-guard]\nfail-on = 'note'\n")
    assert load(None, str(tmp_path / SHARED)).fail_on == "note"


def test_a_file_that_can_not_be_read_is_not_skipped(tmp_path: Path) -> None:
    (tmp_path / DEDICATED).mkdir()
    with pytest.raises(UsageError, match="the configuration can't be read"):
        load(str(tmp_path))


def test_a_config_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Config().fail_on = "never"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("word", "said"),
    [("FG1O1", '; did you mean "fg101"?'), ("disabled", '; did you mean "disable"?'), ("qqq", "")],
)
def test_a_suggestion(word: str, said: str) -> None:
    assert suggestion(word, ["fg101", "disable"]) == said


@pytest.mark.parametrize(
    ("text", "imported"), [("[project]\nname = 'x'\n", "[]"), ("[tool.freddy-guard]\n", "['tomllib']")]
)
def test_tomllib_is_imported_only_for_a_table_of_ours(tmp_path: Path, text: str, imported: str) -> None:
    write(tmp_path, shared=text)
    heavy = "{'tomllib', 'difflib', 'click', 'pathspec', 'json', 'freddy_guard.rules', 'freddy_guard.policy'}"
    program = "import sys, pathlib\nfrom freddy_guard.config import load\nload(pathlib.Path(sys.argv[1]))\n"
    program += f"print(sorted({heavy} & set(sys.modules)))"
    command = [sys.executable, "-c", program, str(tmp_path)]
    run = subprocess.run(command, env=unmeasured(), capture_output=True, text=True, check=True)
    assert run.stdout.strip() == imported

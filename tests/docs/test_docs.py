"""The documentation says what is so: commands, options, exit codes, formats, rules, rooms."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from freddy_guard.cli.commands import cli
from freddy_guard.config import KEYS, parse
from freddy_guard.detect import Detector
from freddy_guard.errors import ExitCode
from freddy_guard.model import Document, Origin
from freddy_guard.reports import REPORTERS
from freddy_guard.rules import RULES
from tests.docs.rules import PAGE, facts, updated

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def _section(title: str, text: str = README) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


def _first_cells(section: str) -> list[str]:
    """Return the first cell of each row of the tables in a section."""
    rows = re.findall(r"^\| (.*?) (?<!\\)\|", section, re.MULTILINE)
    return [row for row in rows if "`" in row or row.isdigit()]


def _commands(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield from _commands(command, (*path, name))
    else:
        yield path, group


COMMANDS = dict(_commands(cli))


def _options(command: click.Command) -> set[str]:
    help_text = command.get_help(click.Context(command, help_option_names=["-h", "--help"]))
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", help_text))


def test_every_command_is_in_the_readme_and_no_other() -> None:
    told: set[tuple[str, ...]] = set()
    for cell in _first_cells(_section("Commands"))[: len(COMMANDS)]:
        first, *others = re.findall(r"`(?:freddy-guard )?([^`]+)`", cell)
        words = tuple(word for word in first.split() if word.islower())
        told.add(words)
        told.update((*words[:-1], other) for other in others)
    options = {words for words in told if words and words[0].startswith("-")}
    assert told - options == set(COMMANDS)


def test_every_option_is_in_the_readme_and_no_other() -> None:
    section = _section("Commands")
    told = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", section))
    real = {option for command in COMMANDS.values() for option in _options(command)} | {"--version", "--help"}
    assert told == real


def test_examples_use_options_that_exist() -> None:
    for page in PAGES:
        for line in re.findall(r"freddy-guard ([a-z-]+(?: [a-z-]+)?)([^`\n]*)", page.read_text(encoding="utf-8")):
            words = tuple(line[0].split())
            command = COMMANDS.get(words) or COMMANDS.get(words[:1])
            for option in re.findall(r"(?<!\S)--[a-z][a-z-]+", line[1]) if command else ():
                assert option in _options(command) | {"--help"}, (page.name, line)  # type: ignore[arg-type]


def test_exit_codes() -> None:
    assert [int(cell) for cell in _first_cells(_section("Exit codes"))] == sorted(ExitCode)


def test_formats() -> None:
    assert [cell.strip("`") for cell in _first_cells(_section("Reports"))] == list(REPORTERS)


def test_the_example_configuration_sets_every_key() -> None:
    example = re.search(r"```toml\n(.*?)```", _section("Configuration"), re.DOTALL)
    assert example
    config = parse(example[1].encode(), ".freddy-guard.toml", True)
    assert {key for key, where in config.origins.items() if where != "default"} == set(KEYS)


def test_the_hooks_of_the_manifest() -> None:
    manifest = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    ids = re.findall(r"^- id: (\S+)", manifest, re.MULTILINE)
    assert re.findall(r"- id: (\S+)", _section("As a hook of pre-commit")) == ids


def test_the_two_commands_are_one_line_each() -> None:
    head = README.partition("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", head, re.DOTALL)
    assert [block.count("\n") for block in blocks] == [1, 1]
    assert "freddy-guard history ." in blocks[0]
    if not shutil.which("sed"):
        return
    # As .ci/run takes it out of the page.
    taken = subprocess.run(
        ["sed", "-n", "/<!-- test command -->/,/```$/p", "README.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in taken.stdout.splitlines() if "<!--" not in line and "```" not in line]
    assert lines == [blocks[1].rstrip("\n")]


def test_the_page_of_rules_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == updated(page), "run: python -m tests.docs.rules"
    assert re.findall(r"^## (.*)", page, re.MULTILINE) == [f"{rule.id} {rule.name}" for rule in RULES]
    for rule in RULES:
        assert facts(rule) in page


def test_the_rooms() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = [cell.strip("`") for cell in _first_cells(_section("The rooms", text))]
    package = ROOT / "freddy_guard"
    real = {f"{path.name}/" for path in package.iterdir() if (path / "__init__.py").is_file()}
    real |= {path.name for path in package.glob("*.py") if not path.name.startswith("__")}
    assert set(told) == real
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = " ".join(contracts[0]["layers"])
    for room in real:
        assert f"freddy_guard.{room.rstrip('/').removesuffix('.py')}" in layers, room


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_holds_no_key_and_no_broken_link(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = Detector(RULES).find(Document(text.encode(), Origin(path=page.name)), [])
    assert found == []
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        assert target.startswith("https://") or (page.parent / target).exists(), target
    assert not re.search(r"/(?:work|tmp|home|root|Users)/", text)

"""A hook runs at every commit: what it loads is counted, for time is not the same twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.tool import COMMAND, unmeasured

# Each of these costs 3 to 80 ms.
CONTRACT = {"git", "gitdb", "pathspec", "multiprocessing", "urllib", "logging", "importlib.metadata", "tree_sitter"}
HEAVY = CONTRACT | {
    *("json", "hashlib", "pathlib", "dataclasses", "tomllib", "difflib", "tempfile", "concurrent", "asyncio"),
    *("zipfile", "tarfile", "gzip", "bz2", "lzma", "socket", "ssl", "http", "email", "xml"),
}
PROBE = """
import sys
sys.path[:0] = [sys.argv.pop(1)]
if sys.argv[1] == "click":
    import click
    code = 0
else:
    from freddy_guard.__main__ import main
    code = main(sys.argv[1:])
print(code, *sys.modules, file=sys.stderr)
"""


def loaded(*arguments: str, cwd: Path) -> tuple[int, set[str]]:
    """Run the tool and return its exit code and what it has loaded."""
    env = unmeasured()
    command = [sys.executable, "-I", "-c", PROBE, env.pop("PYTHONPATH"), *arguments]
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=True)
    code, *modules = done.stderr.split()
    return int(code), set(modules)


@pytest.fixture
def staged(repo: Repo) -> Repo:
    names = [f"file{number}.py" for number in range(5)]
    repo.commit(dict.fromkeys(names, "x = 1\n"))
    for name in names:
        repo.stage(name, "import os\nkey = os.environ['FREDDY_API_KEY']\n")
    return repo


@pytest.mark.parametrize("named", [False, True], ids=["native", "framework"])
@pytest.mark.parametrize("changed", [True, False], ids=["staged", "nothing staged"])
def test_a_commit_loads_nothing_heavy(changed: bool, named: bool, staged: Repo) -> None:
    names = [f"file{number}.py" for number in range(5)] if named and changed else []
    if not changed:
        staged.commit()
    code, modules = loaded("hook", "pre-commit", *names, cwd=staged.path)
    assert code == 0
    assert modules & HEAVY == set()
    assert not any(
        name.startswith(("freddy_guard.rules.requests.p", "freddy_guard.rules.requests.j")) for name in modules
    )


def test_click_loads_none_of_them_either(tmp_path: Path) -> None:
    assert loaded("click", cwd=tmp_path)[1] & HEAVY == set()


@pytest.mark.parametrize(
    "arguments", [("-h",), ("--version",), ("rules",), ("hook", "commit-msg", "message")], ids=" ".join
)
def test_other_quick_commands(arguments: tuple[str, ...], staged: Repo) -> None:
    staged.write("message", "a message\n")
    code, modules = loaded(*arguments, cwd=staged.path)
    assert code == 0
    assert modules & CONTRACT == set()


def test_a_finding_loads_only_what_it_needs(staged: Repo) -> None:
    staged.stage("leak.py", f"key = '{key(95)}'\n")
    code, modules = loaded("hook", "pre-commit", cwd=staged.path)
    assert code == 1
    assert modules & (HEAVY - {"hashlib"}) == set()


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for git")
def test_few_git_commands_are_started(staged: Repo, tmp_path: Path) -> None:
    """Each takes a millisecond and a half."""
    log, script = tmp_path / "log", tmp_path / "bin" / "git"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\necho "$@" >>{log}\nexec {shutil.which("git")} "$@"\n')
    script.chmod(0o755)
    env = unmeasured({"PATH": f"{script.parent}:{os.environ['PATH']}"})
    subprocess.run([*COMMAND, "hook", "pre-commit"], cwd=staged.path, env=env, check=True, capture_output=True)
    assert len(log.read_text().splitlines()) <= 2

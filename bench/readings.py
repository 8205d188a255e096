"""Measures what the other readings of bytes cost: python bench/readings.py FOLDER...

Runs `freddy-guard scan` on each folder, with the plain reading alone and with all readings, and beside it whatever
peers are on the PATH, all with one equal rule. Each tool runs once per round, in turn, so that a busy machine is busy
for all of them; shown are the medians of CPU seconds (user + system), and MB/s. A peer that does not find a key that
we plant is left out, with a word.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import string
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

SHAPE = r"\bak_[A-Za-z0-9]{39,40}\b"
BAR = 2.0  # all readings may cost so many times the plain one
PLAIN, ALL = "freddy-guard, plain reading", "freddy-guard, all readings"
PROJECT = str(Path(__file__).resolve().parent.parent)


class Tool(NamedTuple):
    """A scanner: how it is called on a folder, and the exit codes with which it says that it found something."""

    name: str
    program: str
    command: Callable[[str], Sequence[str]]
    tells: Callable[[subprocess.CompletedProcess[str]], bool]


def main() -> int:
    """Measure every tool on every folder. Returns 1 when all readings cost more than the bar allows."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        tools = list(_ready(_tools(Path(folder)), Path(folder)))
        ratios = [_measured(target, tools, options.rounds) for target in options.folders]
    return 1 if max(ratios) > BAR else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER", type=Path)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each tool [3]")
    return parser.parse_args()


def _tools(folder: Path) -> list[Tool]:
    own = [sys.executable, "-m", "freddy_guard", "scan", "--no-config", "--format", "jsonl", "--fail-on", "error"]
    rule = {name: str(_written(folder / name, text)) for name, text in _RULES.items()}
    return [
        Tool(PLAIN, sys.executable, lambda path: [*own, "--decode-depth", "0", path], _fails),
        Tool(ALL, sys.executable, lambda path: [*own, path], _fails),
        Tool("rg -uuu -c 'ak_'", "rg", lambda path: ["rg", "-uuu", "-c", "ak_", path], _succeeds),
        Tool(
            "gitleaks",
            "gitleaks",
            lambda path: ["gitleaks", "dir", "--no-banner", "-c", rule["rule.toml"], path],
            _fails,
        ),
        Tool("betterleaks", "betterleaks", lambda path: ["betterleaks", "-c", rule["rule.toml"], path], _speaks),
        Tool("kingfisher", "kingfisher", lambda path: _kingfisher(rule["rule.yml"], path), _speaks),
        Tool("detect-secrets", "detect-secrets", lambda path: _detect_secrets(rule["rule.py"], path), _speaks),
    ]


_RULES = {
    "rule.toml": f"""[[rules]]\nid = "freddy"\nregex = '''{SHAPE}'''\nkeywords = ["ak_"]\n""",
    "rule.yml": f"rules:\n- name: Freddy key\n  id: freddy.1\n  pattern: '({SHAPE})'\n  min_entropy: 0\n"
    "  examples: []\n",
    "rule.py": "import re\nfrom detect_secrets.plugins.base import RegexBasedDetector\n\n"
    f"class Freddy(RegexBasedDetector):\n    secret_type = 'Freddy'\n    denylist = [re.compile(r'{SHAPE}')]\n",
}


def _kingfisher(rule: str, path: str) -> list[str]:
    fixed = ["--load-builtins=false", "--no-validate", "--no-update-check", "--git-history", "none"]
    return ["kingfisher", "scan", *fixed, "--rules-path", rule, path]


def _detect_secrets(rule: str, path: str) -> list[str]:
    listed = subprocess.run(
        ["detect-secrets", "scan", "--list-all-plugins"], capture_output=True, text=True, check=True
    )
    others = [part for plugin in listed.stdout.split() for part in ("--disable-plugin", plugin)]
    return ["detect-secrets", "-C", path, "scan", "--all-files", "--no-verify", *others, "--plugin", rule, "."]


def _fails(run: subprocess.CompletedProcess[str]) -> bool:
    return run.returncode == 1


def _succeeds(run: subprocess.CompletedProcess[str]) -> bool:
    return run.returncode == 0


def _speaks(run: subprocess.CompletedProcess[str]) -> bool:
    return "planted.py" in run.stdout


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _ready(tools: Sequence[Tool], folder: Path) -> list[Tool]:
    """Return the tools that are installed and find a key of the rule's shape."""
    planted = folder / "planted"
    planted.mkdir()
    body = "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=40))  # noqa: S311 - no secret
    _written(planted / "planted.py", f'KEY = "ak_{body}"\n')
    ready = []
    for tool in tools:
        if shutil.which(tool.program) is None:
            _say(f"{tool.name}: not installed, left out")
        elif not tool.tells(_run(tool.command(str(planted)))):
            _say(f"{tool.name}: does not find a planted key, left out")
        else:
            ready.append(tool)
    return ready


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": PROJECT}
    return subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment, check=False)


def _measured(target: Path, tools: Sequence[Tool], rounds: int) -> float:
    """Measure and print; return how many times the plain reading all of them cost."""
    files, size = _size(target)
    _say(f"\n{target}: {files:,} files, {size / 1e6:,.0f} MB; medians of {rounds} rounds")
    seconds: dict[str, list[float]] = {tool.name: [] for tool in tools}
    for _ in range(rounds):
        for tool in tools:
            seconds[tool.name].append(_cpu(tool.command(str(target))))
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    for name, median in medians.items():
        spread = f"{min(seconds[name]):.2f} to {max(seconds[name]):.2f}"
        _say(
            f"  {name:28} {median:8.2f} s CPU ({spread:>16})  {size / 1e6 / median:8,.0f} MB/s"
            f"  {median / medians[PLAIN]:6.2f} x plain"
        )
    return medians[ALL] / medians[PLAIN]


def _size(target: Path) -> tuple[int, int]:
    files = [os.path.join(folder, name) for folder, _, names in os.walk(target) for name in names]
    return len(files), sum(os.lstat(file).st_size for file in files)


def _cpu(command: Sequence[str]) -> float:
    before = os.times()
    _run(command)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())

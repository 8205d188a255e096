"""Runs the tool as its users do: a process of its own, with nothing of the tester's configuration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.repo import ISOLATED

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "freddy_guard"]
_DROPPED = ("GIT_", "PRE_COMMIT", "PREK", "FREDDY", "_FREDDY", "NO_COLOR", "FORCE_COLOR", "PYTHONDONTWRITE")


class Result(NamedTuple):
    """How a process ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Return what stdout holds, as JSON."""
        return json.loads(self.out)

    def rules(self) -> list[str]:
        """Return the rule of each finding of a JSON report."""
        return [finding["rule"] for finding in self.json()["findings"]]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which the tool can be run, without what would change how it behaves."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
    return {**kept, **ISOLATED, "PYTHONPATH": str(ROOT), **(extra or {})}


def unmeasured(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the same without coverage: for tests of what a process loads, prints at its end, or leaves behind."""
    return {name: value for name, value in environment(extra).items() if not name.startswith("COVERAGE")}


def run(*arguments: str | bytes, cwd: Path, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Result:
    """Run the tool in a folder, without a terminal."""
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=cwd, input=stdin, capture_output=True, env=environment(env), timeout=60, check=False
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

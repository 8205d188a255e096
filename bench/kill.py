"""Kills scans of a history at random moments, and looks at what the next one says: python bench/kill.py.

Every second time what was kept is thrown away before, so that the scan is killed while it reads all; the other times it
is killed while it reads what is new. The next scan must find what one without memory finds.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support.keys import key
from tests.support.large import large_history
from tests.support.repo import Repo
from tests.support.tool import COMMAND, environment, run


def main() -> int:
    """Kill, and compare. Returns 1 for any difference."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=200, help="how many scans are killed [200]")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - no secret
    different = 0
    with tempfile.TemporaryDirectory() as folder:
        repo = large_history(Path(folder) / "bare", key(71))
        began = time.monotonic()
        _told(repo)
        whole = time.monotonic() - began
        for number in range(options.count):
            if number % 2:
                shutil.rmtree(repo.path / "freddy-guard", ignore_errors=True)
            else:
                _add(repo, number)
            _kill(repo, chance.uniform(0.05, whole))
            different += _told(repo) != _told(repo, "--no-cache")
    print(f"{options.count} scans killed, {different} different")
    return 1 if different else 0


def _add(repo: Repo, number: int) -> None:
    """Add a commit, with a key now and then."""
    text = f"{key(1000 + number)}\n" if number % 8 == 0 else f"{number}\n"
    repo.ref("refs/heads/main", repo.raw_commit(repo.tree({"new.txt": repo.blob(text)}), repo.oid("main")))


def _kill(repo: Repo, after: float) -> None:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*COMMAND, "history"], cwd=repo.path, env=environment(), stdout=quiet, stderr=quiet)
    time.sleep(after)
    process.kill()
    process.wait()


def _told(repo: Repo, *options: str) -> list[object]:
    found = json.loads(run("history", "--format=json", *options, cwd=repo.path).out)
    return [(item["fingerprint"], item["path"], item["commit"], item["refs"]) for item in found["findings"]]


if __name__ == "__main__":
    sys.exit(main())

"""CPU of `freddy-guard hook pre-commit` on five staged files beside that of `python -c 'import click'`.

Run it with the Python of an environment in which the package is installed. User and system time count, those of the git
commands that we start included. The two take turns, so that what else the machine does meets both.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

BAR = 1.6
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 15
FILE = "import os\n\n\ndef answer() -> int:\n    return len(os.environ['FREDDY_API_KEY'])\n" * 40


def cpu(command: list[str], folder: Path) -> float:
    """Run a command and return the milliseconds of CPU that it and its children took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def staged(folder: Path) -> None:
    """Make a repository with a commit, and stage a change to each of its five files."""
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    for content in (FILE, FILE + "\n"):
        for number in range(5):
            (folder / f"file{number}.py").write_text(content, encoding="utf-8")
        subprocess.run(["git", "add", "."], cwd=folder, check=True)
        if content is FILE:
            subprocess.run(["git", *identity, "commit", "--quiet", "--message=first"], cwd=folder, check=True)


def main() -> None:
    """Print both medians and their ratio."""
    script = os.path.join(os.path.dirname(sys.executable), "freddy-guard")
    clicks = [sys.executable, "-c", "import click"]
    hook = [script, "hook", "pre-commit"]
    with tempfile.TemporaryDirectory() as folder:
        staged(Path(folder))
        cpu(hook, Path(folder))  # the first run may write .pyc files
        rounds = [(cpu(clicks, Path(folder)), cpu(hook, Path(folder))) for _ in range(ROUNDS)]
    click, ours = (statistics.median(times) for times in zip(*rounds, strict=True))
    print(f"import click: {click:.1f} ms, hook pre-commit: {ours:.1f} ms, ratio {ours / click:.2f} (at most {BAR})")


if __name__ == "__main__":
    main()

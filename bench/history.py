"""Measures what a scan of a whole history costs: python bench/history.py REPOSITORY....

Copies each repository, plants keys in a dozen places of its history, and runs on it, in turn: the limit (git printing
every object to nowhere), two such streams with a search behind them, `freddy-guard history` with the plain reading and
with all, a second scan with nothing new and one after a new commit, and whatever peers are on the PATH, all with one
equal rule. Prints the medians of CPU (user + system, children too) and wall seconds, the ratio to the limit, the
largest process, and how many of the planted keys were found.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import os
import random
import shutil
import statistics
import string
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

SHAPE = r"\bak_[A-Za-z0-9]{39,40}\b"
PROJECT = str(Path(__file__).resolve().parent.parent)
OURS = [sys.executable, "-m", "freddy_guard", "history", "--no-config", "--format=jsonl", "--fail-on=never", "--quiet"]
LIMIT = "git cat-file --batch-all-objects (the limit)"
_STREAMS = """
import subprocess, sys
found = 0
for half in (0, 1):  # every second object, in the order of the disk
    listing = subprocess.run(["git", "-C", sys.argv[1], "cat-file", "--batch-all-objects", "--unordered", "--buffer",
        "--batch-check=%(objectname)"], capture_output=True).stdout.splitlines()
    ids = b"\\n".join(listing[half * len(listing) // 2 : (half + 1) * len(listing) // 2]) + b"\\n"
    process = subprocess.Popen(["git", "-C", sys.argv[1], "cat-file", "--batch", "--buffer"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, bufsize=1 << 20)
    import threading
    threading.Thread(target=lambda: (process.stdin.write(ids), process.stdin.close())).start()
    while header := process.stdout.readline():
        size = header.split()[-1]
        if size.isdigit():
            found += process.stdout.read(int(size) + 1).find(b"ak_") >= 0
"""


class Tool(NamedTuple):
    """A way to read a history. `before` runs ahead of each round and is not measured."""

    name: str
    command: Sequence[str]
    before: Callable[[], object] = bool


class Cost(NamedTuple):
    """What one run took: seconds of CPU and of the clock, the largest process in MB, and the keys it told."""

    cpu: float
    wall: float
    memory: float
    found: int


def main() -> int:
    """Measure every tool on every repository."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("repositories", nargs="+", metavar="REPOSITORY", type=Path, help="a bare repository")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each tool [3]")
    options = parser.parse_args()
    for repository in options.repositories:
        with tempfile.TemporaryDirectory(dir=repository.parent, prefix="bench-") as folder:
            copy = Path(folder) / "copy"
            shutil.copytree(repository, copy, copy_function=os.link, ignore=shutil.ignore_patterns("freddy-guard"))
            _measure(repository, copy, Path(folder), options.rounds)
    return 0


def _measure(repository: Path, copy: Path, folder: Path, rounds: int) -> None:
    keys = plant(copy)
    tools = _tools(copy, folder)
    costs: dict[str, list[Cost]] = {tool.name: [] for tool in tools}
    for _ in range(rounds):
        for tool in tools:
            tool.before()
            costs[tool.name].append(_run(tool, keys, folder))
    limit = statistics.median(cost.cpu for cost in costs[LIMIT])
    print(f"\n{repository}: {len(keys)} keys planted, medians of {rounds} rounds")
    print(f"{'':52} {'CPU s':>8} {'x limit':>8} {'wall s':>8} {'MB':>6} {'keys':>5}")
    for name, runs in costs.items():
        cpu, wall, memory, found = (statistics.median(values) for values in zip(*runs, strict=True))
        print(f"{name:52} {cpu:8.2f} {cpu / limit:8.2f} {wall:8.2f} {memory:6.0f} {found:5.0f}", flush=True)


def _tools(copy: Path, folder: Path) -> list[Tool]:
    def forget() -> None:
        shutil.rmtree(copy / "freddy-guard", ignore_errors=True)

    rule = folder / "rule.toml"
    rule.write_text(f"[[rules]]\nid = 'freddy'\nregex = '''{SHAPE}'''\nkeywords = ['ak_']\n")
    yml = folder / "rule.yml"
    yml.write_text(
        f"rules:\n- name: Freddy key\n  id: freddy.1\n  pattern: '({SHAPE})'\n  min_entropy: 0\n  examples: []\n"
    )
    git = ["git", "-C", str(copy), "cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer"]
    kingfisher = ["--load-builtins=false", "--rules-path", str(yml), "--no-validate", "--no-update-check", "--turbo"]
    peers = [
        Tool("kingfisher --turbo", ["kingfisher", "scan", *kingfisher, str(copy)]),
        Tool("gitleaks", ["gitleaks", "git", "--no-banner", "-v", "-c", str(rule), str(copy)]),
        Tool("betterleaks", ["betterleaks", "git", "--no-banner", "-v", "-c", str(rule), str(copy)]),
    ]
    return [
        Tool(LIMIT, git),
        Tool("two streams of git cat-file and a search", [sys.executable, "-c", _STREAMS, str(copy)]),
        Tool("freddy-guard, plain reading", [*OURS, "--no-cache", "--decode-depth=0", str(copy)]),
        Tool("freddy-guard, all readings", [*OURS, str(copy)], forget),
        Tool("freddy-guard, nothing new", [*OURS, str(copy)]),
        Tool("freddy-guard, one commit more", [*OURS, str(copy)], lambda: _commit(copy)),
        *(tool for tool in peers if shutil.which(tool.command[0])),
    ]


def plant(repository: Path) -> list[str]:
    """Plant keys in a history as fast-import makes one, and return them."""
    chance = random.Random(7)  # noqa: S311 - no secret
    keys = ["ak_" + "".join(chance.choices(string.ascii_letters + string.digits, k=40)) for _ in range(12)]
    contents = [
        f'KEY = "{keys[0]}"\n'.encode(),
        b"\0\1\2" + keys[1].encode() + b"\0",
        base64.b64encode(f'{{"key": "{keys[2]}"}}'.encode()),
        keys[3].encode("utf-16"),
        gzip.compress(keys[4].encode(), mtime=0),
        keys[5].encode().hex().encode(),
        f'KEY = "{keys[6][:20]}" + "{keys[6][20:]}"\n'.encode(),
        f"url=https%3A//x/{keys[7].replace('_', '%5F')}".encode(),
    ]
    lines = [_commit_lines("refs/heads/planted", b"add", {f"f{at}.bin": data for at, data in enumerate(contents)})]
    lines.append(_commit_lines("refs/heads/planted", b"remove", {f"f{at}.bin": b"" for at in range(len(contents))}))
    lines.append(_commit_lines("refs/heads/planted", f"message {keys[8]}".encode(), {}))
    lines.append(_commit_lines("refs/heads/planted", b"name", {f"{keys[9]}.txt": b"x"}))
    lines.append(_commit_lines("refs/pull/999999/head", b"pull", {"pull.txt": keys[10].encode()}))
    lines.append(_commit_lines("refs/notes/planted", b"note", {"1" * 40: keys[11].encode()}))
    command = ["git", "-C", str(repository), "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet", "--force"]
    subprocess.run(command, input=b"".join(lines), check=True)
    return keys


def _commit_lines(ref: str, message: bytes, files: dict[str, bytes]) -> bytes:
    """Return a commit as fast-import reads it."""
    lines = [f"commit {ref}\ncommitter C <c@example.com> 1700000000 +0000\ndata {len(message)}\n".encode(), message]
    for name, data in files.items():
        lines += [f"\nM 100644 inline {name}\ndata {len(data)}\n".encode(), data]
    return b"".join([*lines, b"\n"])


def _commit(repository: Path) -> None:
    """Add a commit to the branch that HEAD names."""
    git, data = ["git", "-C", str(repository)], str(time.time()).encode()
    branch = subprocess.run([*git, "symbolic-ref", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    head, _, files = _commit_lines(branch, data, {"new.txt": data}).partition(b"\nM ")
    lines = head + f"\nfrom {branch}^0\nM ".encode() + files
    subprocess.run([*git, "fast-import", "--quiet", "--force"], input=lines, check=True)


def _run(tool: Tool, keys: Sequence[str], folder: Path) -> Cost:
    out = folder / "out"
    with out.open("wb") if tool.name != LIMIT else open(os.devnull, "wb") as file:
        begun = time.monotonic()
        environment = {**os.environ, "PYTHONPATH": PROJECT}
        process = subprocess.Popen(tool.command, stdout=file, stderr=subprocess.DEVNULL, env=environment)
        _, _, used = os.wait4(process.pid, 0)
    text = out.read_text(errors="replace") if tool.name != LIMIT else ""
    told = sum(key in text or hashlib.sha256(key.encode()).hexdigest() in text for key in keys)
    return Cost(used.ru_utime + used.ru_stime, time.monotonic() - begun, used.ru_maxrss / 1024, told)


if __name__ == "__main__":
    sys.exit(main())

"""Ctrl-C: exit code 130 at once, no traceback, nothing left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.tool import COMMAND, environment

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs the signals of POSIX")
KEY = key(51)


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "fifo")
    return tmp_path / "fifo"


def start(*arguments: str, cwd: Path, env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    command = [*COMMAND, *arguments]
    return subprocess.Popen(command, cwd=cwd, env=environment(env), stdin=pipe, stdout=pipe, stderr=pipe)


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Press Ctrl-C, and check how it ends."""
    time.sleep(0.1)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130
    assert time.monotonic() - begun < 2
    out, err = process.communicate()
    assert (out, err) == (b"", b"freddy-guard: interrupted; nothing is said of what was not read yet\n")


@pytest.mark.parametrize("name", ["text", "json", "sarif=report"])
def test_while_a_file_is_read(name: str, fifo: Path) -> None:
    process = start("scan", "fifo", f"--format={name}", cwd=fifo.parent)
    with fifo.open("wb") as pipe:  # opens as soon as the tool does
        pipe.write(f"key = '{KEY}'\n".encode())
        pipe.flush()
        interrupt(process)
    assert not (fifo.parent / "report").exists()


@pytest.mark.parametrize("arguments", [("scan", "-"), ("hook", "pre-push"), ("hook", "pre-receive")], ids=" ".join)
def test_while_standard_input_is_read(arguments: tuple[str, ...], repo: Repo) -> None:
    repo.commit()
    process = start(*arguments, cwd=repo.path)
    assert process.stdin is not None
    process.stdin.write(f"{KEY}\n".encode() * 5000)  # more than a pipe holds, so it is being read
    process.stdin.flush()
    interrupt(process)


def test_while_git_is_at_work(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a.py": "x = 1\n"})
    mark, script = tmp_path / "mark", tmp_path / "bin" / "git"
    script.parent.mkdir()
    script.write_text(
        f"""#!/bin/sh
case "$*" in *--batch-all-objects*) echo $$ >{mark}.new; mv {mark}.new {mark}; exec sleep 60;; esac
exec {shutil.which("git")} "$@"
"""
    )
    script.chmod(0o755)
    process = start("history", cwd=repo.path, env={"PATH": f"{script.parent}:{os.environ['PATH']}"})
    while not mark.exists():
        time.sleep(0.01)
    interrupt(process)
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)

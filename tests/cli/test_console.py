"""Terminals, pipes that close, disks that are full, encodings that are narrow."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.keys import key
from tests.support.tool import COMMAND, Result, environment, run, unmeasured

KEY = key(41)

posix = pytest.mark.skipif(os.name == "nt", reason="needs pseudo-terminals, file descriptors and signals of POSIX")


@pytest.fixture
def leak(tmp_path: Path) -> Path:
    (tmp_path / "leak.py").write_text(f"key = '{KEY}'\n", encoding="utf-8")
    return tmp_path


def on_terminal(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None, feed: Callable[[], object] = list
) -> str:
    """Run the tool with stdout and stderr on a terminal, and return all that it shows there."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment({"TERM": "xterm", **(env or {})}),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    feed()
    shown = b""
    try:
        while more := os.read(ours, 65536):
            shown += more
    except OSError:
        pass  # how Linux says that the other side has closed
    os.close(ours)
    process.wait(60)
    return shown.decode()


def closing(*redirections: int, arguments: tuple[str, ...], cwd: Path) -> Result:
    """Run the tool with these streams closed."""

    def close() -> None:
        for number in redirections:
            os.close(number)

    command = [*COMMAND, *arguments]
    done = subprocess.run(command, cwd=cwd, env=unmeasured(), capture_output=True, preexec_fn=close, check=False)
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


@posix
@pytest.mark.parametrize(
    ("flags", "env", "colored"),
    [
        ((), {}, True),
        ((), {"NO_COLOR": "1"}, False),
        ((), {"NO_COLOR": ""}, True),
        (("--color",), {"NO_COLOR": "1"}, True),
        (("--no-color",), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_on_a_terminal(flags: tuple[str, ...], env: dict[str, str], colored: bool, leak: Path) -> None:
    assert ("\x1b[" in on_terminal("scan", *flags, cwd=leak, env=env)) == colored


@pytest.mark.parametrize(
    ("flags", "env", "colored"),
    [
        ((), {}, False),
        (("--color",), {}, True),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "0"}, False),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (("--format=json", "--color"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_in_a_pipe(flags: tuple[str, ...], env: dict[str, str], colored: bool, leak: Path) -> None:
    assert ("\x1b[" in run("scan", *flags, cwd=leak, env=env).out) == colored


# Progress


def slowly(path: Path, seconds: float) -> Callable[[], None]:
    """Return what feeds a FIFO for that long."""

    def feed() -> None:
        import time

        with path.open("wb") as pipe:
            pipe.write(b"x = 1\n" * 1000)
            pipe.flush()
            time.sleep(seconds)

    return feed


CLOSINGS = (
    "freddy-guard: no findings",
    "read 1 file (6.0 kB), source: files\r\n\x1b[1mno findings\x1b[0m",
)


@posix
@pytest.mark.parametrize(
    ("seconds", "flags", "expected"),
    [(1.8, (), True), (1.8, ("--quiet",), False), (0.3, (), False), (1.8, ("--format=json=out.json",), True)],
)
def test_progress_on_a_terminal(seconds: float, flags: tuple[str, ...], expected: bool, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    shown = on_terminal("scan", "fifo", *flags, cwd=tmp_path, feed=slowly(tmp_path / "fifo", seconds))
    assert ("\r\x1b[Kreading: " in shown) == expected
    assert not expected or shown.rpartition("\r\x1b[K")[2].strip() in CLOSINGS


@posix
def test_no_progress_without_a_terminal(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    process = subprocess.Popen([*COMMAND, "scan", "fifo"], cwd=tmp_path, env=unmeasured(), stderr=subprocess.PIPE,
                               stdout=subprocess.DEVNULL)  # fmt: skip
    slowly(tmp_path / "fifo", 1.5)()
    assert process.communicate(timeout=60)[1] == b""


# Streams that fail


OUTPUT = {
    "scan": (("scan",), 1), "json": (("scan", "--format=json", "-q"), 1), "never": (("scan", "--fail-on=never"), 0),
    "rules": (("rules",), 0), "rule": (("rules", "FG101"), 0), "config": (("config",), 0), "help": (("-h",), 3),
}  # fmt: skip


@posix
@pytest.mark.parametrize(("arguments", "code"), OUTPUT.values(), ids=OUTPUT)
def test_a_reader_that_leaves(arguments: tuple[str, ...], code: int, leak: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=leak, env=unmeasured(), stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (code, b"")


@posix
@pytest.mark.parametrize(("arguments", "code"), OUTPUT.values(), ids=OUTPUT)
def test_stdout_is_closed(arguments: tuple[str, ...], code: int, leak: Path) -> None:
    code = 0 if arguments == ("-h",) else code
    assert closing(1, arguments=arguments, cwd=leak) == (code, "", "")


@posix
@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("scan",), 1), (("scan", "nowhere"), 2), (("--nonsense",), 2), (("scan", "-"), 3), (("hook", "pre-push"), 3)],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
@pytest.mark.parametrize("streams", [(2,), (0, 1, 2)], ids=str)
def test_stderr_is_closed_and_more(arguments: tuple[str, ...], code: int, streams: tuple[int, ...], leak: Path) -> None:
    result = closing(*streams, arguments=arguments, cwd=leak)
    assert (result.code, result.err) == (code, "")


@posix
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [("scan",), ("scan", "--format=json"), ("rules",)], ids=" ".join)
def test_a_full_disk(arguments: tuple[str, ...], leak: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*COMMAND, *arguments], cwd=leak, env=unmeasured(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 3
    assert done.stderr == b"freddy-guard: cannot write to standard output: No space left on device\n"


@posix
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_under_a_report(leak: Path) -> None:
    result = run("scan", "--format=json=/dev/full", cwd=leak)
    assert (result.code, result.err) == (2, "freddy-guard: cannot write /dev/full: No space left on device\n")


BASELINE = f"""\
{{"freddy-guard-baseline": 1}}
{{"rule": "FG101", "fingerprint": "{"0" * 64}", "redacted": "ak_…", "reason": "grün…"}}
"""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8", "utf-16"])
@pytest.mark.parametrize(
    "arguments",
    [("scan",), ("rules", "FG101"), ("config",), ("baseline", "show"), ("scan", "nö…where"), ("--nö…",)],
    ids=" ".join,
)
def test_narrow_encodings(arguments: tuple[str, ...], encoding: str, leak: Path) -> None:
    (leak / ".freddy-guard-baseline.jsonl").write_text(BASELINE, encoding="utf-8")
    (leak / ".freddy-guard.toml").write_text('ignore = ["grün…"]\n', encoding="utf-8")
    env = environment({"PYTHONIOENCODING": encoding})
    done = subprocess.run([*COMMAND, *arguments], cwd=leak, env=env, capture_output=True, check=False)
    shown = (done.stdout + done.stderr).decode(encoding)
    assert done.returncode in (0, 1, 2)
    assert "internal error" not in shown
    assert "gr" in shown or "FG101" in shown or "…where" in shown or r"\u2026" in shown or "nö" in shown


@posix
def test_arguments_that_are_no_text(leak: Path) -> None:
    result = run("scan", b"\xff\xfe.py", cwd=leak)
    assert (result.code, result.err) == (2, "freddy-guard: \\xff\\xfe.py: there is no such file or folder\n")


# Modules that lie around


@pytest.mark.parametrize("name", ["click.py", "git/__init__.py", "pathspec.py", "json.py", "subprocess.py"])
def test_modules_where_we_stand_are_not_ours(name: str, leak: Path) -> None:
    (leak / name).parent.mkdir(exist_ok=True)
    (leak / name).write_text("raise SystemExit('taken over')\n")
    assert run("scan", "--format=json", cwd=leak).rules() == ["FG101"]

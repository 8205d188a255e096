"""A planted key appears in no byte of any output: of any command, option, format and error path.

Commands and options are read off the command line: a new one fails these tests until CALLS or VALUES knows it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from freddy_guard.reports import REPORTERS
from tests.cli.surface import Path as Words
from tests.cli.surface import commands, options
from tests.support.leaks import Planted, planted, traces
from tests.support.tool import COMMAND, environment

pytestmark = pytest.mark.skipif(os.name == "nt", reason="file names of this kind need POSIX")

LEAVES = {words: command for words, command in commands().items() if not isinstance(command, click.Group)}
names = pytest.mark.parametrize("words", list(LEAVES), ids="-".join)


class Call(NamedTuple):
    """What is said after the name of a command, and what it reads."""

    arguments: tuple[str, ...] = ()
    stdin: bytes = b""


# How each command can be called: rightly, and with a key by mistake.
CALLS: dict[Words, Callable[[Planted], list[Call]]] = {
    ("scan",): lambda all_: [
        Call((".",)), Call(("-",), f"{planted()} {planted()}\n".encode()), Call((*all_.names, all_.loop)),
        Call((planted(),)), Call(("-", planted())), Call((f"./{planted()}/{planted()}",)),
    ],
    ("staged",): lambda _: [Call(), Call((planted(),))],
    ("commits",): lambda all_: [
        Call(("HEAD",)), Call((f"{all_.tag}..{all_.branch}", "main")), Call((planted(),)),
        Call((f"HEAD..{planted()}",)),
    ],
    ("history",): lambda all_: [Call(), Call((str(all_.repo.path),)), Call((planted(),)), Call((".", planted()))],
    ("hook", "pre-commit"): lambda all_: [
        Call(), Call((*all_.names, all_.loop, "link")), Call((planted(),)), Call((f"{planted()}/x",)),
    ],
    ("hook", "commit-msg"): lambda _: [Call(("message",)), Call((planted(),)), Call(("message", planted()))],
    ("hook", "pre-push"): lambda all_: [
        Call(("origin", all_.remote), all_.updates("pre-push")), Call((planted(), planted())),
        Call((planted(),), f"{planted()} {planted()}\n".encode()),
        Call(("origin",), f"{planted()} {planted()} {planted()} {planted()}\n".encode()),
    ],
    ("hook", "pre-receive"): lambda all_: [
        Call((), all_.updates("pre-receive")), Call((), f"{planted()}\n".encode()), Call((planted(),)),
        Call((), f"{'1' * 40} {planted()} {planted()}\n".encode()),
    ],
    ("baseline", "write"): lambda _: [
        Call(("--reason", planted(), "--owner", planted())), Call(("--reason=x", planted())),
        Call(("--reason=x", "--until", planted())),
    ],
    ("baseline", "prune"): lambda _: [Call(), Call((planted(),))],
    ("baseline", "show"): lambda _: [Call(), Call((planted(),))],
    ("rules",): lambda _: [Call(), Call(("FG101",)), Call((planted(),)), Call(("FG101", planted()))],
    ("config",): lambda _: [Call(), Call((planted(),))],
}  # fmt: skip

# A right value for each option that takes one; every option gets a wrong one too.
VALUES: dict[str, Callable[[], str]] = {
    "formats": lambda: f"json=../out/{planted()}.json",
    "fail_on": lambda: "never",
    "config_path": lambda: "other.toml",
    "config_from": lambda: "HEAD",
    "baseline_path": lambda: "known.jsonl",
    "reason": lambda: f"because {planted()}",
    "owner": lambda: planted(),
    "until": lambda: "2999-01-01",
    "decode_depth": lambda: "1",
    "jobs": lambda: "2",
}


class Lab:
    """A copy of the planted repository, and all that comes out of the commands that run in it."""

    def __init__(self, origin: Planted, folder: Path) -> None:
        self.planted, self.folder = origin, folder
        self.repo = origin.copy(folder / planted() / "repo")
        for name in ("out", "tmp", "home"):
            (folder / name).mkdir()
        self.repo.write("other.toml", f"# {planted()}\n")
        self._link_out()

    def _link_out(self) -> None:
        (self.repo.path.parent / "out").symlink_to(self.folder / "out")

    def run(self, words: Words, call: Call, *flags: str, env: dict[str, str] | None = None) -> int:
        """Run a command, look for traces in all that it wrote, and return its exit code."""
        before = _state(self.repo.path)
        written = {"TMPDIR": str(self.folder / "tmp"), "HOME": str(self.folder / "home"), "FREDDY_API_KEY": planted()}
        done = subprocess.run(
            [*COMMAND, *words, *flags, *call.arguments],
            cwd=self.repo.path,
            env=environment({**written, **(env or {})}),
            input=call.stdin,
            capture_output=True,
            check=False,
        )
        said = [done.stdout, done.stderr, *self._files(before)]
        shown = b"\n".join(said)
        assert not (found := traces(shown)), f"{words} {flags} gives {found} away: {_redacted(shown)}"
        assert b"Traceback" not in shown
        assert b"internal error" not in shown, done.stderr
        assert done.returncode in (0, 1, 2, 3)
        return done.returncode

    def _files(self, before: dict[Path, int]) -> Iterator[bytes]:
        """Yield what was written: reports, caches, whatever is new in the repository or in its .git. Then remove it."""
        assert [*(self.folder / "tmp").iterdir(), *(self.folder / "home").iterdir()] == []
        changed = [path for path, when in _state(self.repo.path).items() if before.get(path) != when]
        assert all(path.name.endswith(".jsonl") or path.name.startswith("ak_") for path in changed), changed
        reports = [path for path in (self.folder / "out").iterdir() if path.is_file()]
        for path in [*changed, *reports]:
            yield path.read_bytes()
            if path not in before:
                path.unlink()


def _state(folder: Path) -> dict[Path, int]:
    return {path: path.lstat().st_mtime_ns for path in folder.rglob("*") if not path.is_symlink() and path.is_file()}


def _redacted(shown: bytes) -> list[str]:
    """Return the lines that give something away, without giving it away in the log of a test."""
    lines = shown.splitlines()
    return [line[:6].decode("ascii", "replace") + f"... (line {n})" for n, line in enumerate(lines, 1) if traces(line)]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return Planted(tmp_path_factory.mktemp(planted()) / "repo")


@pytest.fixture(scope="module")
def essentials(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return Planted(tmp_path_factory.mktemp(planted()) / "repo", ["plain.py", "allowed.py", ".env"])


@pytest.fixture(scope="module")
def lab(everything: Planted, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(everything, tmp_path_factory.mktemp("lab"))


@pytest.fixture(scope="module")
def small_lab(essentials: Planted, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A lab in which a run takes half the time, for what goes wrong before many files are read."""
    return Lab(essentials, tmp_path_factory.mktemp("lab"))


@pytest.fixture
def broken_lab(essentials: Planted, tmp_path: Path) -> Lab:
    """A lab that a test may damage."""
    return Lab(essentials, tmp_path)


def takes(words: Words, name: str) -> bool:
    return any(option.name == name for option in options(LEAVES[words]))


def test_every_command_and_option_is_in_these_tests() -> None:
    assert CALLS.keys() == LEAVES.keys()
    valued = {
        option.name for leaf in LEAVES.values() for option in options(leaf) if not (option.is_flag or option.count)
    }
    assert valued == VALUES.keys()


@names
def test_as_it_is_called(words: Words, lab: Lab) -> None:
    rightly, *by_mistake = [lab.run(words, call) for call in CALLS[words](lab.planted)]
    assert rightly in (0, 1, 3)  # 3: an archive is cut off, on purpose
    assert by_mistake


def to_files(*formats: str) -> tuple[str, ...]:
    return tuple(f"--format={name}=../out/{planted()}.{name}" for name in formats)


LOOKS: list[Callable[[], tuple[str, ...]]] = [
    lambda: ("-v",),
    lambda: ("-vv", "--color"),
    lambda: ("-q", "--format=json"),
    lambda: ("--no-allow", "-v", *to_files(*REPORTERS)),
]


@pytest.mark.parametrize("words", [words for words in LEAVES if takes(words, "verbose")], ids="-".join)
@pytest.mark.parametrize("look", range(len(LOOKS)))
def test_every_look(look: int, words: Words, lab: Lab) -> None:
    assert lab.run(words, CALLS[words](lab.planted)[0], *LOOKS[look]()) in (0, 1, 3)


def own_options(words: Words) -> list[click.Option]:
    """Return the options of a command that it does not share with `staged`, whose tests stand for all."""
    shared = {option.name for option in options(LEAVES["staged",])} if words != ("staged",) else set()
    return [option for option in options(LEAVES[words]) if option.name not in shared]


@pytest.mark.parametrize("words", [words for words in LEAVES if own_options(words)], ids="-".join)
def test_every_option(words: Words, small_lab: Lab) -> None:
    lab, call = small_lab, CALLS[words](small_lab.planted)[0]
    for option in own_options(words):
        for name in [*option.opts, *option.secondary_opts]:
            lab.run(words, call, f"{name}={planted()}" if name.startswith("--") else f"{name}{planted()}")
            if option.is_flag or option.count:
                lab.run(words, call, name)
            else:
                lab.run(words, call, name, f"json=../out/{planted()}/{planted()}")
                lab.run(words, call, f"{name}={VALUES[str(option.name)]()}")


# What can go wrong


def _damaged(lab: Lab) -> dict[str, str]:
    for path in sorted((lab.repo.path / ".git" / "objects").glob("??/*"))[::3]:
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:20])
    return {}


def _lost(lab: Lab) -> dict[str, str]:
    for path in sorted((lab.repo.path / ".git" / "objects").glob("??/*"))[1::3]:
        path.unlink()
    return {}


def _index(lab: Lab) -> dict[str, str]:
    lab.repo.write(".git/index", f"DIRC{planted()}")
    return {}


def _refs(lab: Lab) -> dict[str, str]:
    lab.repo.write(f".git/refs/heads/{planted()}", f"{planted()}\n")
    lab.repo.write(f".git/refs/heads/gone_{planted()}", f"{'1' * 40}\n")
    lab.repo.write(".git/packed-refs", f"# pack-refs with: peeled\n{planted()}\n")
    return {}


def _head(lab: Lab) -> dict[str, str]:
    lab.repo.write(".git/HEAD", f"{planted()}\n")
    return {}


def _git_config(text: str) -> Callable[[Lab], dict[str, str]]:
    def damage(lab: Lab) -> dict[str, str]:
        path = lab.repo.path / ".git" / "config"
        path.write_text(path.read_text() + text.replace("<key>", planted()))
        return {}

    return damage


def _ours(name: str, text: str) -> Callable[[Lab], dict[str, str]]:
    def damage(lab: Lab) -> dict[str, str]:
        lab.repo.write(name, text.replace("<key>", planted()))
        return {}

    return damage


def _shared(lab: Lab) -> dict[str, str]:
    (lab.repo.path / ".freddy-guard.toml").unlink()
    return _ours("pyproject.toml", '[tool.freddy-guard]\n<key> = ["<key>"]\n')(lab)


def _no_repository(lab: Lab) -> dict[str, str]:
    shutil.rmtree(lab.repo.path / ".git")
    return {"GIT_CEILING_DIRECTORIES": str(lab.folder)}


def _no_git(lab: Lab) -> dict[str, str]:
    return {"PATH": str(lab.folder / planted())}


def _elsewhere(name: str) -> Callable[[Lab], dict[str, str]]:
    return lambda lab: {name: str(lab.folder / planted())}


def _set(**values: str) -> Callable[[Lab], dict[str, str]]:
    return lambda _: {name: value.replace("<key>", planted()) for name, value in values.items()}


_BASELINE = '{"freddy-guard-baseline": 1}\n'
DAMAGES: dict[str, Callable[[Lab], dict[str, str]]] = {
    "corrupt objects": _damaged,
    "lost objects": _lost,
    "broken index": _index,
    "broken refs": _refs,
    "broken HEAD": _head,
    "broken .git/config": _git_config("\n[<key>\n<key>"),
    "wrong number in .git/config": _git_config('\n[core]\n\tbigFileThreshold = "<key>"\n\tabbrev = <key>\n'),
    "wrong boolean in .git/config": _git_config("\n[core]\n\tfileMode = <key>\n\tbare = <key>\n"),
    "unknown extension": _git_config("\n[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\t<key> = <key>\n"),
    "no repository": _no_repository,
    "no git": _no_git,
    "GIT_DIR": _elsewhere("GIT_DIR"),
    "GIT_INDEX_FILE": _elsewhere("GIT_INDEX_FILE"),
    "GIT_OBJECT_DIRECTORY": _elsewhere("GIT_OBJECT_DIRECTORY"),
    "GIT_CONFIG": _set(GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="<key>", GIT_CONFIG_VALUE_0="<key>"),
    "GIT_TRACE": _set(GIT_TRACE="1", GIT_TRACE2="1", GIT_TRACE_SETUP="1", GIT_CURL_VERBOSE="1", GIT_TRACE_PACKET="1"),
    "framework": _set(PRE_COMMIT_FROM_REF="<key>", PRE_COMMIT_TO_REF="<key>", PRE_COMMIT_REMOTE_BRANCH="<key>"),
    "framework, new branch": _set(PRE_COMMIT_LOCAL_BRANCH="<key>", PRE_COMMIT_REMOTE_NAME="<key>"),
    "unknown key": _ours(".freddy-guard.toml", '<key> = "<key>"\n'),
    "wrong value": _ours(".freddy-guard.toml", 'fail-on = "<key>"\n'),
    "wrong kind": _ours(".freddy-guard.toml", 'ignore = "<key>"\n'),
    "wrong pattern": _ours(".freddy-guard.toml", 'ignore = ["[z-a]<key>"]\n'),
    "wrong rule": _ours(".freddy-guard.toml", 'disable = ["<key>"]\n'),
    "wrong format": _ours(".freddy-guard.toml", 'format = ["<key>=<key>"]\n'),
    "two formats": _ours(".freddy-guard.toml", 'format = ["json=<key>", "sarif=<key>"]\n'),
    "no TOML": _ours(".freddy-guard.toml", '<key> = "<key>\n'),
    "no UTF-8": _ours(".freddy-guard.toml", "\udcff<key>"),
    "key in pyproject": _shared,
    "baseline elsewhere": _ours(".freddy-guard.toml", 'baseline = "<key>/<key>"\n'),
    "baseline of nonsense": _ours("known.jsonl", "<key>\n"),
    "baseline with unknown keys": _ours("known.jsonl", _BASELINE + '{"<key>": "<key>"}\n'),
    "baseline with wrong values": _ours("known.jsonl", _BASELINE + '{"rule": "<key>", "fingerprint": "<key>"}\n'),
    "baseline of keys": _ours(
        "known.jsonl",
        f'{_BASELINE}{{"rule": "<key>", "fingerprint": "{"0" * 64}", "redacted": "<key>", "path": "<key>", '
        '"reason": "<key>", "owner": "<key>", "until": "2001-01-01"}\n',
    ),
    "ASCII": _set(PYTHONIOENCODING="ascii", LC_ALL="C"),
    "developer's Python": _set(PYTHONDEVMODE="1", PYTHONWARNINGS="always"),
}


# Of all that can be wrong with our own files, these meet everything: one for each way to the same two functions.
READERS = [("scan",), ("history",), ("hook", "pre-commit"), ("baseline", "prune"), ("baseline", "show"), ("config",)]
EVERYWHERE = {"unknown key", "baseline of nonsense", "baseline of keys"}


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_error_path(damage: str, broken_lab: Lab) -> None:
    lab, env = broken_lab, DAMAGES[damage](broken_lab)
    ours = DAMAGES[damage].__qualname__.startswith("_ours")
    for words in READERS if ours and damage not in EVERYWHERE else LEAVES:
        flags = ("-v", "--format=text", *to_files("json", "sarif")) if takes(words, "verbose") else ()
        lab.run(words, CALLS[words](lab.planted)[0], *flags, env=env)


@pytest.mark.parametrize("shape", ["<key>", "--<key>", "-<key>", "--<key>=<key>", "-h<key>", "--version=<key>"])
@pytest.mark.parametrize("words", [words for words in commands() if words not in LEAVES], ids="-".join)
def test_a_key_where_a_command_belongs(words: Words, shape: str, small_lab: Lab) -> None:
    small_lab.run(words, Call((shape.replace("<key>", planted()), planted())))


@pytest.mark.parametrize(
    "typed", ["<key>", "scan <key>", "scan --fail-on <key>", "hook <key>", "history --config <key>"]
)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str, typed: str, small_lab: Lab) -> None:
    text = f"freddy-guard {typed.replace('<key>', planted())}"
    asked = {"COMP_WORDS": text, "COMP_CWORD": str(text.count(" ")) if shell != "fish" else text.rpartition(" ")[2]}
    small_lab.run((), Call(), env={**asked, "_FREDDY_GUARD_COMPLETE": f"{shell}_complete"})

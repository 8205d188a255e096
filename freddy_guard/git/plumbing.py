"""Runs git: plumbing commands only, with all configuration that could run or fetch something switched off."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import IO, BinaryIO, cast

from freddy_guard.errors import GitError
from freddy_guard.redact import printable

_SAFE_CONFIG = (
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.quotePath=false"),
    *("-c", "core.pager=cat"),
    *("-c", "core.packedGitWindowSize=16m", "-c", "core.packedGitLimit=128m"),  # else a whole pack is mapped
    *("-c", "core.bigFileThreshold=16m"),  # larger blobs are handed on as they are unpacked, not held in memory
    *("-c", "core.commitGraph=false"),  # a cache of the history that nothing checks: one flipped bit hides commits
    *("-c", "advice.graftFileDeprecated=false"),
    *("-c", "fetch.bundleURI="),  # git 2.40 to 2.43 asks there before it asks which protocols are allowed
)
_SAFE_ENVIRONMENT = {
    "GIT_NO_REPLACE_OBJECTS": "1",  # both sides of a replacement are in the object database: read them as they are
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",  # git 2.44 and later (2.39.4 in its series); older ones fetch over no protocol:
    "GIT_ALLOW_PROTOCOL": ":",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
# These change what a command means or says: `git --literal-pathspecs commit` hands them on to its hooks.
_UNWANTED_ENVIRONMENT = (
    "GIT_TRACE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
)
# These say which repository, index or objects are meant: kept where git itself set them (a hook, a quarantine),
# dropped when the user names another repository.
_LOCAL_ENVIRONMENT = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_SHALLOW_FILE",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
)
_OBJECTS = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
if os.name == "nt":  # otherwise Windows prefers a git.exe in the folder where we stand to the one on PATH
    os.environ.setdefault("NoDefaultCurrentDirectoryInExePath", "1")


class Git:
    """Git in one repository: where we stand, as the environment says, or in the folder that `where` names."""

    def __init__(self, where: str | None = None) -> None:
        self.where = where
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_UNWANTED_ENVIRONMENT)}
        if where is not None:
            for name in _LOCAL_ENVIRONMENT:
                environment.pop(name, None)
        self.elsewhere = any(name in environment for name in _OBJECTS)  # objects are not where the repository has them
        self._environment: Mapping[str, str] = {**environment, **_SAFE_ENVIRONMENT}
        self._command = ["git", *(() if where is None else ("-C", where)), *_SAFE_CONFIG]

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Return what a command prints. Raises GitError, with git's own words, when it fails."""
        code, out, complaint = self.attempt(*arguments, stdin=stdin)
        if code:
            raise GitError(explain(complaint, arguments[0]))
        return out

    def attempt(self, *arguments: str, stdin: bytes = b"") -> tuple[int, bytes, bytes]:
        """Return exit code, output and complaints of a command. Raises GitError when there is no git."""
        with self._start(arguments, piped=bool(stdin)) as process:
            out, complaint = process.communicate(stdin or None)
        return process.returncode, out, complaint

    @contextmanager
    def blob(self, oid: str) -> Iterator[BinaryIO]:
        """Open a blob to read it as a stream."""
        with self.stream("cat-file", "blob", oid) as stream:
            yield cast(BinaryIO, stream.out)

    @contextmanager
    def stream(self, *arguments: str, stdin: Iterable[bytes] = ()) -> Iterator[Stream]:
        """Start a command whose output is read while it runs, fed from `stdin` by a thread of its own."""
        with self._start(arguments) as process:
            stream = Stream(process, stdin)
            try:
                yield stream
            finally:
                stream.close()

    def _start(self, arguments: Iterable[str], *, piped: bool = True) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                [*self._command, *arguments],
                stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=1 << 18,
                env=self._environment,
            )
        except FileNotFoundError:
            raise GitError("git is not installed, or not on PATH: install git 2.30 or later") from None
        except OSError as error:
            raise GitError(f"git cannot be started: {error.strerror}") from None


class Stream:
    """A running git command: its output, and what it complains of."""

    def __init__(self, process: subprocess.Popen[bytes], stdin: Iterable[bytes]) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise AssertionError("all three pipes are asked for")
        self._process = process
        self.out: IO[bytes] = process.stdout
        self._complaint: list[bytes] = []
        self._threads = [
            Thread(target=_feed, args=(process.stdin, stdin), daemon=True),
            Thread(target=_collect, args=(process.stderr, self._complaint), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def finish(self) -> tuple[int, list[str]]:
        """Wait for the end. Returns the exit code and git's complaints, a line each, safe to print."""
        code = self._process.wait()
        for thread in self._threads:
            thread.join()
        lines = b"".join(self._complaint).decode("utf-8", "surrogateescape").splitlines()
        return code, [printable(line) for line in lines if line.strip()]

    def close(self) -> None:
        """End the command, wherever it is."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()


def _feed(pipe: IO[bytes], pieces: Iterable[bytes]) -> None:
    try:
        with pipe:
            for piece in pieces:
                pipe.write(piece)
    except (BrokenPipeError, OSError):
        pass  # git ended early: its exit code and its complaint say why


def _collect(pipe: IO[bytes], complaint: list[bytes]) -> None:
    complaint.extend(pipe)


def explain(complaint: bytes, command: str) -> str:
    """Return git's complaint as one of ours, with the remedy where we know one."""
    text = printable(complaint.decode("utf-8", "surrogateescape").strip().replace("\n", " / "))
    if "not a git repository" in text:
        return f"not a git repository: {text}. Go to one, or name one"
    if "dubious ownership" in text:
        return f"git refuses this repository because another user owns it: {text}"
    return f"git {command} failed: {text or 'no reason given'}"

"""What a person sees: lines that no closed pipe, full disk or narrow encoding turns into a crash."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from freddy_guard.errors import FreddyGuardError


def open_streams() -> None:
    """Give stdin, stdout and stderr a place if the caller closed them: else the next file opened would take it."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - open as long as the process
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


@contextmanager
def stdout() -> Iterator[BinaryIO]:
    """Give the bytes of stdout. A reader that has left is no error, a full disk is. Raises FreddyGuardError."""
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except OSError as error:
        discard_stdout()
        if not isinstance(error, BrokenPipeError):
            raise FreddyGuardError(f"cannot write to standard output: {error.strerror}") from None


def discard_stdout() -> None:
    """Let all that is still written to stdout go nowhere: Python itself flushes once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """Write a line to stdout. Raises FreddyGuardError."""
    with stdout() as out:
        out.write(f"{text}\n".encode(sys.stdout.encoding, "backslashreplace"))


def complain(text: str) -> None:
    """Write a line to stderr."""
    try:
        sys.stderr.buffer.write(f"{text}\n".encode(sys.stderr.encoding, "backslashreplace"))
        sys.stderr.buffer.flush()
    except OSError:
        pass  # nobody is listening; the exit code still speaks

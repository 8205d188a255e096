"""What can go wrong, and the number that the process says it with."""

from __future__ import annotations

import enum


class ExitCode(enum.IntEnum):
    """The contract of every command (docs/architecture.md, "Exit codes")."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    INCOMPLETE = 3
    INTERRUPTED = 130


class FreddyGuardError(Exception):
    """An error a person can act on: the text says what happened, where, and what to do."""

    exit_code = ExitCode.INCOMPLETE


class UsageError(FreddyGuardError):
    """The command line or the configuration asks for something impossible."""

    exit_code = ExitCode.USAGE


class GitError(FreddyGuardError):
    """Git is missing, refused, or could not read what was asked for."""

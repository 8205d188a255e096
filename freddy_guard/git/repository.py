"""What GitPython and git know of a repository as a whole: where its data lies, and which parts were never fetched."""

from __future__ import annotations

import os
from configparser import Error as ConfigurationError
from dataclasses import dataclass
from pathlib import Path

from freddy_guard.git.plumbing import Git


@dataclass(frozen=True, slots=True)
class Repository:
    """Facts about a repository: `shallow` are the commits where it was cut off, `promisors` know missing objects.

    `objects` is where its objects lie, None where the environment names another place, or several.
    """

    objects: Path | None
    shallow: tuple[str, ...]
    promisors: tuple[str, ...]


def open_repository(git: Git) -> Repository:
    """Return the facts about the repository that git finds where it stands. Raises GitError."""
    # Asked first, so that git's own opinion (safe.directory, safe.bareRepository) stands before anything is read.
    found = _path(git.run("rev-parse", "--absolute-git-dir"))
    common = _common_dir(found) or Path(git.where or ".") / _path(git.run("rev-parse", "--git-common-dir"))
    return Repository(None if git.elsewhere else common / "objects", _shallow(common), _promisors(git))


def _common_dir(git_dir: Path) -> Path | None:
    # Without this the import fails where there is no git binary, and prints its own advice.
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    import git as gitpython

    try:
        with gitpython.Repo(git_dir, expand_vars=False) as repository:
            return Path(repository.common_dir)
    except (gitpython.GitError, ConfigurationError, OSError, ValueError):
        return None  # git takes configuration files that GitPython does not: in Latin-1, or `[core] bare = false`


def _promisors(git: Git) -> tuple[str, ...]:
    """Return the remotes that promised to send what a partial clone left out."""
    names = r"^(remote\..*\.promisor|extensions\.partialclone)$"
    _, out, _ = git.attempt("config", "--null", "--get-regexp", names)
    entries = (entry.decode("utf-8", "surrogateescape").partition("\n") for entry in out.split(b"\0") if entry)
    found = (
        value if name == "extensions.partialclone" else name.removeprefix("remote.").removesuffix(".promisor")
        for name, _, value in entries
    )
    return tuple(dict.fromkeys(found))


def _path(line: bytes) -> Path:
    return Path(line.decode("utf-8", "surrogateescape").rstrip("\n"))


def _shallow(common: Path) -> tuple[str, ...]:
    try:
        return tuple((common / "shallow").read_text("ascii").split())
    except (OSError, UnicodeDecodeError):
        return ()

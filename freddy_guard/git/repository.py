"""What GitPython knows about a repository as a whole: where it lies, and whether parts of it were never fetched."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from freddy_guard.errors import GitError
from freddy_guard.git.plumbing import Git
from freddy_guard.redact import printable


@dataclass(frozen=True, slots=True)
class Repository:
    """Facts about a repository: `worktree` is None for a bare one, `promisors` are remotes with missing objects."""

    git_dir: Path
    common_dir: Path
    worktree: Path | None
    shallow: tuple[str, ...]
    promisors: tuple[str, ...]


def open_repository(git: Git) -> Repository:
    """Return the facts about the repository that git finds where it stands. Raises GitError."""
    # Asked first, so that git's own opinion (safe.directory, safe.bareRepository) stands before anything is read.
    found = git.run("rev-parse", "--absolute-git-dir").decode("utf-8", "surrogateescape").rstrip("\n")
    # Without this the import fails where there is no git binary, and prints its own advice.
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    import git as gitpython

    try:
        with gitpython.Repo(found, expand_vars=False) as repository:
            common = Path(repository.common_dir)
            worktree = None if repository.bare or not repository.working_tree_dir else Path(repository.working_tree_dir)
            promisors = _promisors(repository)
    except (gitpython.GitError, OSError, ValueError) as error:
        raise GitError(f"cannot open the repository at {printable(found)}: {printable(str(error))}") from None
    return Repository(Path(found), common, worktree, _shallow(common), promisors)


def _promisors(repository: object) -> tuple[str, ...]:
    import git as gitpython

    if not isinstance(repository, gitpython.Repo):
        raise TypeError("a git.Repo is needed")
    config = repository.config_reader("repository")
    return tuple(
        section.removeprefix('remote "').removesuffix('"')
        for section in config.sections()
        if section.startswith("remote ") and config.has_option(section, "promisor")
    )


def _shallow(common: Path) -> tuple[str, ...]:
    try:
        return tuple((common / "shallow").read_text("ascii").split())
    except (OSError, UnicodeDecodeError):
        return ()

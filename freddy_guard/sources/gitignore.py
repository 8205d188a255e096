"""What `.gitignore` files exclude, for scans that ask to respect them."""

from __future__ import annotations

import os

from pathspec import GitIgnoreSpec

from freddy_guard.errors import GitError
from freddy_guard.git.plumbing import Git


class GitIgnore:
    """The `.gitignore` files of a folder, its parents up to the repository's top, and its subfolders.

    A file that git tracks is never excluded, whatever the patterns say: that is git's own rule.
    """

    def __init__(self, folder: str) -> None:
        self._specs: dict[str, GitIgnoreSpec] = {}
        self._top = os.path.abspath(folder)
        self._tracked: frozenset[str] = frozenset()
        try:
            git = Git(self._top)
            top = os.fsdecode(git.run("rev-parse", "--show-toplevel").rstrip(b"\n"))
            self._tracked = _with_folders(git.run("ls-files", "-z", "--full-name", ":/"))
        except GitError:
            return  # not in a repository: the patterns count all the same
        self._top = os.path.normpath(top)

    def excludes(self, path: str, is_folder: bool) -> bool:
        """Return whether the nearest pattern that speaks of this path excludes it."""
        path = os.path.realpath(os.path.dirname(path)) + os.sep + os.path.basename(path)
        if os.path.relpath(path, self._top).replace(os.sep, "/") in self._tracked:
            return False
        folder = os.path.dirname(path)
        while True:
            name = os.path.relpath(path, folder).replace(os.sep, "/") + ("/" if is_folder else "")
            verdict = self._spec(folder).check_file(name).include
            if verdict is not None:
                return verdict
            if folder in (self._top, os.path.dirname(folder)):
                return False
            folder = os.path.dirname(folder)

    def _spec(self, folder: str) -> GitIgnoreSpec:
        if folder not in self._specs:
            lines = _lines(os.path.join(folder, ".gitignore"))
            if folder == self._top:
                lines = _lines(os.path.join(folder, ".git", "info", "exclude")) + lines
            self._specs[folder] = GitIgnoreSpec.from_lines(lines)
        return self._specs[folder]


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read().splitlines()
    except OSError:
        return []


def _with_folders(listing: bytes) -> frozenset[str]:
    found = set()
    for name in listing.decode("utf-8", "surrogateescape").split("\0"):
        while name and name not in found:
            found.add(name)
            name = name.rpartition("/")[0]
    return frozenset(found)

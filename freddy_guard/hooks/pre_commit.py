"""pre-commit and pre-merge-commit: the index, and of the files named those that are not staged."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from freddy_guard.git.plumbing import Git
from freddy_guard.model import Coverage, Document, Signs, Unread
from freddy_guard.sources.staged import Staged

_ABSENT = "there is no such file or folder"


class PreCommit:
    """What the next commit adds, and what a framework names besides (`pre-commit run --all-files` names everything).

    The names alone would not do: a framework leaves out symlinks, sparse files and what a merge brings.
    """

    name = "staged"

    def __init__(self, git: Git, names: Sequence[str], root: str) -> None:
        """Take the names as given where we stand; `root` is the top of the worktree."""
        self._staged = Staged(git)
        self._names = names
        self._root = root

    def documents(self, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        """Yield the staged documents, then those of the other files named."""
        yield from self._staged.documents(signs, coverage)
        staged = self._staged.paths
        others = [name for name in self._names if self._from_top(name) not in staged]
        coverage.unread += [Unread(name, _ABSENT) for name in others if not os.path.lexists(name)]
        there = [name for name in others if os.path.lexists(name)]
        files = [name for name in there if not os.path.isdir(name) or os.path.islink(name)]
        if len(files) < len(there):  # git lists no folders but submodules, whose files are not ours
            coverage.read["submodules"] += len(there) - len(files)
        if files:
            from freddy_guard.sources.files import Files

            yield from Files(files, self._root, follow=False).documents(signs, coverage)

    def _from_top(self, name: str) -> str:
        return os.path.relpath(name, self._root).replace(os.sep, "/")

"""The index: what the next commit would add to HEAD, never what lies in the worktree."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from freddy_guard.git.changes import Change, staged_changes
from freddy_guard.git.objects import some_objects
from freddy_guard.git.plumbing import Git
from freddy_guard.model import Coverage, Document, Origin, Signs
from freddy_guard.sources.blobs import pieces, place, placed
from freddy_guard.sources.names import Names


class Staged:
    """The staged files of the repository we stand in, GIT_INDEX_FILE honoured."""

    name = "staged"

    def __init__(self, git: Git) -> None:
        self._git = git
        self.paths: set[str] = set()  # what is staged, relative to the top of the worktree, once it was read

    def documents(self, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        """Yield what is staged. Raises GitError where there is no index to read."""
        names = Names(signs)
        by_blob: dict[str, list[Change]] = {}
        for change in staged_changes(self._git):
            self.paths.add(change.path)
            coverage.read["paths"] += 1
            yield from names.documents(Origin(path=change.path, tracked=True))
            if change.is_blob:
                by_blob.setdefault(change.oid, []).append(change)
        for item in some_objects(self._git, by_blob, coverage) if by_blob else ():
            coverage.read["blobs"] += 1
            coverage.read["bytes"] += item.size
            changes = by_blob[item.oid]
            origins = [Origin(change.path, place(change.mode), item.oid, tracked=True) for change in changes]
            before = {change.path: change.before for change in changes}
            for document in placed(self._git, item, origins, signs):
                yield document._replace(before=partial(self._before, document.origin, before[document.origin.path]))

    def _before(self, origin: Origin, blob: str) -> Iterator[Document]:
        """Yield what HEAD has at the same path."""
        for item in some_objects(self._git, [blob] if blob else [], Coverage()):
            for piece in pieces(self._git, item):
                yield piece._replace(origin=origin._replace(blob=blob))

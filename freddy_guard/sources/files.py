"""Files and folders as they lie on disk, hidden and ignored ones too: those are where keys live."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence

from freddy_guard.errors import GitError, UsageError
from freddy_guard.git.plumbing import Git, explain
from freddy_guard.model import Coverage, Document, Origin, Place, Signs, Unread
from freddy_guard.sources.names import Names
from freddy_guard.text import windows

# Of a git directory only what is text and not the work of `history`: a remote's URL or a hook can hold a key.
_GIT_TEXTS = ("config", "config.worktree", "hooks", "info", "modules", "worktrees")

_SPARE = 4096

Excluded = Callable[[str, bool], bool]


class Files:
    """The files named and all files under the folders named; links are read, not followed, except those named.

    Paths are told relative to `root` where they lie below it, so that they are the same wherever one stands.
    """

    name = "files"

    def __init__(
        self, paths: Sequence[str], root: str, *, follow: bool = True, respect_gitignore: bool = False
    ) -> None:
        self._given = paths
        self._paths = dict.fromkeys(_tidy(path) for path in paths)
        self._root = os.path.join(root, "")
        self._follow = follow
        self._respect_gitignore = respect_gitignore
        self._tracked = _Tracked()

    def documents(self, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        """Yield what shows a sign, in the order of the paths. Raises UsageError for a path that is not there."""
        for path in self._given:
            if not os.path.lexists(path):
                raise UsageError(f"{path}: there is no such file or folder")
        names = Names(signs)
        for path in self._paths:
            for found in self._walk(path, coverage):
                yield from self._read(found, names, signs, coverage)

    def _walk(self, path: str, coverage: Coverage) -> Iterator[str]:
        if not os.path.isdir(path) or (os.path.islink(path) and not self._follow):
            yield path
            return
        if self._respect_gitignore:
            from freddy_guard.sources.gitignore import GitIgnore

            yield from self._walk_folder(path, coverage, GitIgnore(path).excludes)
        else:
            yield from self._walk_folder(path, coverage, None)

    def _read(self, path: str, names: Names, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        origin = Origin(path=self._shown(path))
        yield from names.documents(origin)
        try:
            if os.path.islink(path):
                coverage.read["links"] += 1
                target = os.fsencode(os.readlink(path))
                if signs.in_data(target):
                    yield Document(target, origin._replace(place=Place.SYMLINK))
                if not self._follow or path not in self._paths:
                    return
            if signs.in_name(os.fsencode(os.path.basename(path))):
                origin = origin._replace(tracked=self._tracked.knows(path, coverage))
            yield from _contents(path, origin, signs, coverage)
        except OSError as error:
            coverage.unread.append(Unread(self._shown(path), error.strerror or type(error).__name__, self._shown(path)))

    def _walk_folder(self, folder: str, coverage: Coverage, excluded: Excluded | None) -> Iterator[str]:
        """Yield the files under a folder in the order of their paths. No recursion: folders can be very deep."""
        waiting = [folder]
        while waiting:
            path = waiting.pop()
            try:
                mode = (os.stat if path == folder else os.lstat)(path).st_mode  # a link is followed where it is named
                if not stat.S_ISDIR(mode):
                    if stat.S_ISREG(mode) or stat.S_ISLNK(mode):
                        yield path
                    else:
                        coverage.read["special files"] += 1
                    continue
                names = sorted(os.listdir(path), reverse=True)
            except OSError as error:
                coverage.unread.append(
                    Unread(self._shown(path), error.strerror or type(error).__name__, self._shown(path))
                )
                continue
            if _is_git_directory(path, names):
                names = [name for name in names if name in _GIT_TEXTS]
            inside = [os.path.join(path, name) for name in names]
            waiting += [p for p in inside if excluded is None or not excluded(p, _is_folder(p))]

    def _shown(self, path: str) -> str:
        """Return the path as reports show it: with `/`, relative to the root when it lies below."""
        path = os.path.abspath(path).removeprefix(self._root) if self._is_below(path) else path
        return path.replace(os.sep, "/")

    def _is_below(self, path: str) -> bool:
        return os.path.abspath(path).startswith(self._root)


def _tidy(path: str) -> str:
    """Return the path without detours: `folder/` and `./folder` are `folder`, `link/..` is where the link leads."""
    if os.pardir not in path.split(os.sep):
        return os.path.normpath(path)
    folder, name = os.path.split(path.rstrip(os.sep))
    return os.path.realpath(path) if name == os.pardir else os.path.join(os.path.realpath(folder), name)


def _contents(path: str, origin: Origin, signs: Signs, coverage: Coverage) -> Iterator[Document]:
    named = signs.in_name(os.fsencode(os.path.basename(path)))
    with open(path, "rb", buffering=0) as file:
        # A little over the size, for a read of 16 MB would get its memory before it knows that the file is small.
        expected = os.fstat(file.fileno()).st_size + _SPARE

        def read(size: int) -> bytes:
            pieces, left = [], size
            while left and (more := file.read(min(left, expected))):
                pieces.append(more)
                left -= len(more)
            coverage.read["bytes"] += size - left
            return pieces[0] if len(pieces) == 1 else b"".join(pieces)

        for piece in windows(read, origin, reopen=lambda: open(path, "rb")):  # noqa: SIM115 - who calls it closes it
            if named or signs.in_data(piece.data):
                yield piece
    coverage.read["files"] += 1


def _is_git_directory(path: str, names: Sequence[str]) -> bool:
    parts = {"HEAD", "objects", "refs"} if not path.endswith(".git") else {"HEAD"}
    return parts <= set(names) and ("config" in names or "commondir" in names)


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


class _Tracked:
    """Knows which files git tracks. Asked only about files whose name alone can be a finding."""

    def __init__(self) -> None:
        self._by_folder: dict[str, frozenset[str]] = {}

    def knows(self, path: str, coverage: Coverage) -> bool:
        """Return whether git tracks this file in the repository it lies in."""
        folder, name = os.path.split(os.path.abspath(path))
        if folder not in self._by_folder:
            self._by_folder[folder] = self._list(folder, coverage)
        return name in self._by_folder[folder]

    @staticmethod
    def _list(folder: str, coverage: Coverage) -> frozenset[str]:
        try:
            code, out, complaint = Git(folder).attempt("ls-files", "-z", "--", ":(glob)*")
        except GitError:
            return frozenset()  # without git nothing is known to be tracked
        if b"dubious ownership" in complaint:
            coverage.unread.append(Unread("what git tracks", explain(complaint, "ls-files")))
        return frozenset(os.fsdecode(name) for name in out.split(b"\0") if name) if not code else frozenset()

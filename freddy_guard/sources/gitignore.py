"""What git ignores, for scans that ask to leave it out: git itself is asked, once for each repository."""

from __future__ import annotations

import os

from freddy_guard.git.plumbing import Git


class GitIgnore:
    """The ignored files and folders below a folder, nested repositories by their own rules.

    A file that git tracks is never ignored, whatever the patterns say, and neither is what the user named. Outside
    of a repository nothing is.
    """

    def __init__(self, folder: str) -> None:
        self._ignored: set[str] = set()
        self._enter(os.path.abspath(folder))

    def excludes(self, path: str, is_folder: bool) -> bool:
        """Return whether git ignores this path. Folders are asked about before what lies in them."""
        path = os.path.abspath(path)
        if path in self._ignored:
            return True
        if is_folder and os.path.lexists(os.path.join(path, ".git")):
            self._enter(path)
        return False

    def _enter(self, folder: str) -> None:
        code, out, _ = Git(folder).attempt("rev-parse", "--show-prefix")
        if code:
            return
        prefix = os.fsdecode(out).removesuffix("\n")
        # Asked at the top: in a folder that is ignored itself, git's answer is of no use.
        top = Git(os.path.join(folder, *[os.pardir] * prefix.count("/")))
        listing = top.run("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
        for name in os.fsdecode(listing).split("\0"):
            if name.startswith(prefix) and name not in ("", prefix):
                self._ignored.add(os.path.join(folder, *name.removeprefix(prefix).rstrip("/").split("/")))

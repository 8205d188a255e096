"""Builds real repositories with real git: fixed people, a clock that ticks, and none of the user's configuration."""

from __future__ import annotations

import os
import subprocess
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

AUTHOR = "Ada Lovelace <ada@example.org>"
ZERO = "0" * 40
_START = 1_700_000_000  # 2023-11-14T22:13:20Z
_PEOPLE = {
    "GIT_AUTHOR_NAME": "Ada Lovelace",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Charles Babbage",
    "GIT_COMMITTER_EMAIL": "charles@example.org",
}
ISOLATED = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
Content = str | bytes


class Repo:
    """One repository, by the folder in which its commands run. Commits are a minute apart, authors in +02:00."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._minutes = 0

    @classmethod
    def init(cls, path: Path, *options: str, branch: str = "main") -> Repo:
        """Create a repository; options are those of `git init`, as `--bare` or `--object-format=sha256`."""
        path.mkdir(parents=True, exist_ok=True)
        repo = cls(path)
        repo.git("init", "--quiet", f"--initial-branch={branch}", *options, ".")
        return repo

    # Running git

    def git(self, *arguments: str | bytes, stdin: Content = b"", env: Mapping[str, str] | None = None) -> str:
        """Run git and return what it prints. Fails the test when git fails."""
        done = self.attempt(*arguments, stdin=stdin, env=env)
        if done.returncode:
            raise AssertionError(f"git {arguments!r}: {done.stderr.decode(errors='replace')}")
        return os.fsdecode(done.stdout).removesuffix("\n")

    def attempt(
        self, *arguments: str | bytes, stdin: Content = b"", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git, whether it fails or not."""
        self._minutes += 1
        date = _START + 60 * self._minutes
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        dates = {"GIT_AUTHOR_DATE": f"{date} +0200", "GIT_COMMITTER_DATE": f"{date + 3600} +0000"}
        environment = {**kept, **ISOLATED, **_PEOPLE, **dates, **(env or {})}
        command = ["git", "-c", "protocol.file.allow=always", *arguments]
        return subprocess.run(
            command, cwd=self.path, input=_bytes(stdin), capture_output=True, env=environment, check=False
        )

    def oid(self, revision: str = "HEAD") -> str:
        """Return the id of the object that a revision names."""
        return self.git("rev-parse", "--verify", revision)

    def author_date(self, commit: str) -> str:
        """Return a commit's author date as git prints it, ISO 8601."""
        return self.git("--no-replace-objects", "show", "--no-patch", "--format=%aI", commit)

    def author(self, commit: str) -> str:
        """Return a commit's author as git prints it."""
        return self.git("--no-replace-objects", "show", "--no-patch", "--format=%an <%ae>", commit)

    def config(self, name: str, value: str) -> None:
        """Set one value in the repository's configuration."""
        self.git("config", name, value)

    @property
    def git_dir(self) -> Path:
        """Return the folder that git keeps its data in."""
        return Path(self.git("rev-parse", "--absolute-git-dir"))

    # The worktree and the index

    def write(self, name: Content, content: Content = b"") -> Path:
        """Write a file, folders included."""
        path = self.path / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_bytes(content))
        return path

    def stage(self, name: str, content: Content | None = None) -> None:
        """Add one file to the index, ignored or not, after writing it when a content is given."""
        if content is not None:
            self.write(name, content)
        self._add([name])

    def _add(self, names: Iterable[str]) -> None:
        options = ("--force", "--pathspec-from-file=-", "--pathspec-file-nul")
        self.git("--literal-pathspecs", "add", *options, stdin="\0".join(names))

    def link(self, name: str, target: str) -> None:
        """Stage a symbolic link, on systems without them too."""
        blob = self.git("hash-object", "-w", "--stdin", stdin=target)
        self.git("update-index", "--add", "--cacheinfo", f"120000,{blob},{name}")

    # Commits

    def commit(self, files: Mapping[str, Content] | None = None, message: Content = "change", *options: str) -> str:
        """Commit these files on top of what is staged, and return the commit's id."""
        for name, content in (files or {}).items():
            self.write(name, content)
        if files:
            self._add(files)
        self.git("commit", "--quiet", "--allow-empty", "--file=-", *options, stdin=message)
        return self.oid()

    def remove(self, *names: str) -> str:
        """Commit the removal of files."""
        self.git("rm", "--quiet", "--", *names)
        return self.commit(message="remove")

    def start(self, branch: str, at: str = "HEAD") -> None:
        """Create a branch and stand on it."""
        self.git("switch", "--quiet", "--create", branch, at)

    def orphan(self, branch: str) -> None:
        """Stand on a branch without commits, with nothing staged."""
        self.git("switch", "--quiet", "--orphan", branch)

    def switch(self, branch: str) -> None:
        """Stand on a branch."""
        self.git("switch", "--quiet", branch)

    def merge(self, *branches: str, options: Iterable[str] = ()) -> str:
        """Merge branches without a fast-forward, and return the merge's id."""
        self.git("merge", "--quiet", "--no-ff", "--no-edit", "--allow-unrelated-histories", *options, *branches)
        return self.oid()

    def evil_merge(self, branch: str, files: Mapping[str, Content]) -> str:
        """Merge a branch, conflicts or not, with these files as only the merge has them."""
        self.attempt("merge", "--no-ff", "--no-commit", branch)
        return self.commit(files, "merge")

    # Names and what hangs on them

    def tag(self, name: str, target: str = "HEAD", message: Content = "") -> str:
        """Tag an object, annotated when there is a message, and return what the tag's ref names."""
        annotated = ("--annotate", "--file=-") if message else ()
        self.git("tag", *annotated, name, target, stdin=message)
        return self.oid(f"refs/tags/{name}")

    def ref(self, name: str, target: str) -> None:
        """Point any ref at an object."""
        self.git("update-ref", name, target)

    def note(self, text: str, target: str = "HEAD") -> None:
        """Attach a note to an object."""
        self.git("notes", "add", "--force", "--file=-", target, stdin=text)

    def stash(self, *options: str) -> str:
        """Stash what lies in the worktree, and return the stash's id."""
        self.git("stash", "push", "--quiet", *options)
        return self.oid("refs/stash")

    # Raw objects

    def blob(self, content: Content) -> str:
        """Write a blob that nothing refers to, and return its id."""
        return self.git("hash-object", "-w", "--no-filters", "--stdin", stdin=content)

    def tree(self, files: Mapping[str, str]) -> str:
        """Write a tree of these blobs (name -> id), and return its id."""
        return self.git("mktree", stdin="".join(f"100644 blob {oid}\t{name}\n" for name, oid in files.items()))

    def object(self, kind: str, data: Content) -> str:
        """Write an object just as given, however odd, and return its id."""
        return self.git("hash-object", "-t", kind, "-w", "--stdin", "--literally", stdin=data)

    def raw_commit(self, tree: str, *parents: str, headers: str = "", message: str = "raw\n", who: str = AUTHOR) -> str:
        """Write a commit with headers of its own, and return its id."""
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"{role} {who} {_START} +0200" for role in ("author", "committer")]
        return self.object("commit", "\n".join([*lines, *headers.splitlines(), "", message]))

    # Storage and its damages

    def loose(self, oid: str) -> Path:
        """Return where an object lies that is in no pack."""
        return self.git_dir / "objects" / oid[:2] / oid[2:]

    def lose(self, oid: str) -> None:
        """Delete a loose object."""
        _writable(self.loose(oid)).unlink()

    def corrupt(self, oid: str) -> None:
        """Damage the content of a loose object, which stays in its place."""
        path = _writable(self.loose(oid))
        data = bytearray(path.read_bytes())
        data[len(data) // 2 :] = b"\0" * (len(data) - len(data) // 2)
        path.write_bytes(bytes(data))

    def pack(self, *options: str) -> Path:
        """Pack everything that is reachable, and return the newest pack."""
        self.git("repack", "-q", "-a", "-d", *options)
        return max(self.packs(), key=lambda path: path.stat().st_mtime_ns)

    def packs(self) -> list[Path]:
        """Return the packs."""
        return sorted((self.git_dir / "objects" / "pack").glob("*.pack"))

    def corrupt_packed(self, *oids: str) -> None:
        """Damage objects inside their pack."""
        for pack in self.packs():
            listing = self.git("verify-pack", "--verbose", str(pack.with_suffix(".idx")))
            for fields in map(str.split, listing.splitlines()):
                if fields[0] in oids:
                    overwrite(pack, int(fields[4]) + 2, b"\xff" * (int(fields[3]) - 2))

    # Other repositories

    def clone(self, path: Path, *options: str) -> Repo:
        """Clone over the file protocol, as over a network: `--depth` and `--filter` work."""
        self.config("uploadpack.allowFilter", "true")
        self.git("clone", "--quiet", *options, self.path.as_uri(), str(path))
        return Repo(path)

    def worktree(self, path: Path, branch: str) -> Repo:
        """Check out a new branch in a linked worktree."""
        self.git("worktree", "add", "--quiet", "-b", branch, str(path))
        return Repo(path)

    def submodule(self, other: Repo, name: str) -> Repo:
        """Add another repository as a submodule (staged, not committed)."""
        self.git("submodule", "--quiet", "add", str(other.path), name)
        return Repo(self.path / name)


def overwrite(path: Path, offset: int, data: bytes) -> None:
    """Write over a part of a file that git made read-only."""
    with _writable(path).open("r+b") as file:
        file.seek(offset)
        file.write(data)


def zipped(kind: str, data: bytes, size: int | None = None) -> bytes:
    """Return the form of a loose object; `size` may lie."""
    return zlib.compress(f"{kind} {len(data) if size is None else size}\0".encode() + data)


def _bytes(content: Content) -> bytes:
    return content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content


def _writable(path: Path) -> Path:
    path.chmod(0o644)
    return path

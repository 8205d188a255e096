"""What each commit brought: the blobs and paths that differ from all of its parents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

from freddy_guard.git.plumbing import Git
from freddy_guard.model import Coverage, Unread

FIND_LIMIT = 100  # objects git looks for by itself; beyond that it is quicker to read the whole stream


class Change(NamedTuple):
    """One path as one commit (or the index) left it. A path that was deleted is no change of interest."""

    commit: str
    path: str
    mode: str
    oid: str
    before: str = ""  # what the path held until then; "" when there was nothing

    @property
    def is_blob(self) -> bool:
        """Return whether the path holds a file or a symlink, not a submodule."""
        return self.mode != "160000"


def commit_changes(
    git: Git, commits: Sequence[tuple[str, Sequence[str]]], coverage: Coverage, find: Sequence[str] = ()
) -> Iterator[Change]:
    """Yield what each of these commits, given with its parents, brought; with `find` only these objects.

    A merge brings what differs from every parent: conflict resolutions and evil merges, not what it merely took over.
    A commit that git cannot compare is entered as unread, and told as if it had brought everything that it holds.
    """
    arguments = ["diff-tree", "--stdin", "--root", "-r", "-c", "-z", "--raw", "--no-renames", "--no-abbrev", "--always"]
    arguments += [f"--find-object={oid}" for oid in find if len(find) <= FIND_LIMIT]
    at = 0
    while at < len(commits):
        last = at - 1
        feed = (" ".join((oid, *parents)).encode() + b"\n" for oid, parents in commits[at:])
        with git.stream(*arguments, stdin=feed) as stream:
            for change in _parse(stream.out):
                if not change.path:
                    last = next(i for i in range(last + 1, len(commits)) if commits[i][0] == change.commit)
                elif change.is_blob:
                    yield change
            code, complaints = stream.finish()
        if not code:
            return
        failed = min(last + 1, len(commits) - 1)
        oid = commits[failed][0]
        coverage.unread.append(Unread(f"commit {oid}", complaints[-1] if complaints else "unreadable"))
        yield from (change._replace(commit=oid) for change in tree_changes(git, oid) if change.is_blob)
        at = failed + 1


def staged_changes(git: Git) -> Iterator[Change]:
    """Yield what the index holds that HEAD does not, of a conflict every side. Raises GitError.

    On a branch without commits, or where HEAD can't be read, it is the whole index.
    """
    arguments = ("diff-index", "--cached", "--raw", "-z", "-r", "--no-renames", "--no-abbrev", "--no-relative")
    code, out, _ = git.attempt(*arguments, "HEAD", "--")
    if code:
        yield from index_entries(git)
        return
    conflicts: dict[str, str] = {}
    fields = iter(out.split(b"\0"))
    for field in fields:
        if field.startswith(b":"):
            old_mode, mode, before, oid, status = field[1:].decode().split(" ")
            path = next(fields).decode("utf-8", "surrogateescape")
            kept = before if old_mode not in ("000000", "160000") else ""
            if status == "U":
                conflicts[path] = kept
            elif status != "D":
                yield Change("", path, mode, oid, kept)
    if conflicts:
        sides = index_entries(git, "--unmerged")
        yield from dict.fromkeys(side._replace(before=conflicts.get(side.path, "")) for side in sides)


def index_entries(git: Git, *options: str) -> Iterator[Change]:
    """Yield every entry of the index, in conflicts every side. Raises GitError."""
    for line in git.run("ls-files", "--stage", *options, "-z", "--full-name", "--", ":/").split(b"\0"):
        if line:
            entry, _, name = line.partition(b"\t")
            mode, oid, _stage = entry.decode().split(" ")
            yield Change("", name.decode("utf-8", "surrogateescape"), mode, oid)


def tree_changes(git: Git, tree: str) -> Iterator[Change]:
    """Yield every entry below a tree (or below the tree of a commit, HEAD for instance); none when it is not there."""
    for line in git.attempt("ls-tree", "-r", "-z", "--full-tree", tree)[1].split(b"\0"):
        if line:
            entry, _, name = line.partition(b"\t")
            mode, _kind, oid = entry.decode().split(" ")
            yield Change("", name.decode("utf-8", "surrogateescape"), mode, oid)


def _parse(out: IO[bytes]) -> Iterator[Change]:
    """Parse `diff-tree --raw -z`. A Change without a path announces a commit."""
    commit = ""
    fields = _fields(out)
    for field in fields:
        if field.startswith(b":"):
            parents = len(field) - len(field.lstrip(b":"))
            columns = field[parents:].decode("ascii").split(" ")  # a mode and an id for each parent, then ours
            mode, oid, status = columns[parents], columns[2 * parents + 1], columns[-1]
            path = next(fields, b"")
            if path and not status.endswith("D"):
                yield Change(commit, path.decode("utf-8", "surrogateescape"), mode, oid)
        else:
            commit = field.decode("ascii", "replace").strip()
            yield Change(commit, "", "", "")


def _fields(out: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := out.read1(1 << 20):  # type: ignore[attr-defined]
        *fields, rest = (rest + chunk).split(b"\0")
        yield from fields

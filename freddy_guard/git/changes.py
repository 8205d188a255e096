"""What each commit brought: the blobs and paths that differ from all of its parents."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import IO, NamedTuple

from freddy_guard.git.objects import existing, parse_commit, some_objects
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


Listed = tuple[str, Sequence[str]]  # a commit and its parents


def commit_changes(
    git: Git, commits: Sequence[Listed], coverage: Coverage, find: Sequence[str] = ()
) -> Iterator[Change]:
    """Yield what each of these commits brought; with `find` only these objects.

    A merge brings what differs from every parent: conflict resolutions and evil merges, not what it merely took over.
    A commit that git cannot compare is entered as unread, and told as if it had brought everything that it holds.
    """
    done, lost = 0, frozenset[str]()
    while done < len(commits):
        end = next((i for i in range(done, len(commits)) if _touches(commits[i], lost)), len(commits))
        compared, complaint = (yield from _compare(git, commits[done:end], find)) if done < end else (0, "")
        done += compared
        if done < len(commits):
            if not lost and done < end:
                lost = _without_tree(git, commits[done:])
            oid = commits[done][0]
            coverage.unread.append(Unread(f"commit {oid}", complaint or "its tree, or that of a parent, is missing"))
            if oid not in lost:
                yield from (change._replace(commit=oid) for change in tree_changes(git, oid) if change.is_blob)
            done += 1


def _touches(commit: Listed, lost: frozenset[str]) -> bool:
    return bool(lost) and (commit[0] in lost or not lost.isdisjoint(commit[1]))


def _without_tree(git: Git, commits: Sequence[Listed]) -> frozenset[str]:
    """Return the commits and parents whose tree is not there: a partial clone can lack all but one."""
    oids = [oid for commit, parents in commits for oid in (commit, *parents)]
    found = some_objects(git, oids, Coverage())
    trees = {item.oid: parse_commit(item.data or b"").first("tree").decode("ascii", "replace") for item in found}
    there = existing(git, trees.values())
    return frozenset(oid for oid in oids if trees.get(oid) not in there)


def _compare(git: Git, commits: Sequence[Listed], find: Sequence[str]) -> Generator[Change, None, tuple[int, str]]:
    """Yield what these commits brought. Returns how many were compared before git gave up, and its complaint."""
    arguments = ["diff-tree", "--stdin", "--root", "-r", "-c", "-z", "--raw", "--no-renames", "--no-abbrev", "--always"]
    arguments += [f"--find-object={oid}" for oid in find if len(find) <= FIND_LIMIT]
    feed = (" ".join((oid, *parents)).encode() + b"\n" for oid, parents in commits)
    done = 0
    with git.stream(*arguments, stdin=feed) as stream:
        for change in _parse(stream.out):
            if not change.path:
                done = next(i for i in range(done, len(commits)) if commits[i][0] == change.commit) + 1
            elif change.is_blob:
                yield change
        code, complaints = stream.finish()
    if not code or done == len(commits):
        return len(commits), ""
    return done, complaints[-1] if complaints else "unreadable"


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

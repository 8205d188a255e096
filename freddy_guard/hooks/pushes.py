"""pre-push and pre-receive: every commit that changes hands, whatever the end state looks like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from freddy_guard.errors import UsageError
from freddy_guard.git.objects import KINDS
from freddy_guard.git.plumbing import Git
from freddy_guard.git.refs import list_refs
from freddy_guard.model import Coverage
from freddy_guard.redact import printable
from freddy_guard.sources.commits import EVERYTHING, REMOTES, Commits


class Update(NamedTuple):
    """One ref that a push changes: its name, the object it comes to name, and the one it named before."""

    ref: str
    new: str
    old: str


def pre_push(git: Git, remote: str, stdin: Iterable[str], environ: Mapping[str, str]) -> Commits:
    """Return the commits that a push sends.

    Git tells the refs on stdin. The pre-commit framework keeps stdin to itself and sets PRE_COMMIT_TO_REF and
    PRE_COMMIT_FROM_REF, or for a branch with a new root only the branch. When nobody says what is pushed, it is
    everything that the remote lacks. Raises UsageError for lines that git does not write.
    """
    remote = remote or environ.get("PRE_COMMIT_REMOTE_NAME", "")
    if pushed := environ.get("PRE_COMMIT_TO_REF") or environ.get("PRE_COMMIT_LOCAL_BRANCH"):
        known = _known(git, [environ.get("PRE_COMMIT_FROM_REF", "")])
        refs = [name for name in (environ.get("PRE_COMMIT_REMOTE_BRANCH"),) if name]
        return Commits(git, known, tips=[_existing(git, pushed)], known_to=remote, refs=refs)
    updates = [_from_push(line) for line in stdin if line.strip()]
    if updates:
        return _sent(git, updates, remote)
    git.run("rev-parse", "--git-dir")  # raises where there is no repository: to find no refs there is no answer
    tips = [
        ref
        for ref in list_refs(git, Coverage())
        if ref.name == "HEAD" or ref.name.startswith(("refs/heads/", "refs/tags/"))
    ]
    return _sent(git, [Update(ref.name, ref.oid, "") for ref in tips], remote or REMOTES)


def pre_receive(git: Git, stdin: Iterable[str]) -> Commits:
    """Return the commits that a server is about to accept: they lie in the quarantine that the environment names."""
    return _sent(git, [_from_receive(line) for line in stdin if line.strip()], EVERYTHING)


def _from_push(line: str) -> Update:
    fields = line.rstrip("\n").rsplit(" ", 3)  # what stands first is as the user wrote it: HEAD^{/fix the build}
    if len(fields) != 4 or not all(re.fullmatch("[0-9a-f]{40,64}", oid) for oid in fields[1::2]):
        raise UsageError(f"pre-push: not a line as git writes it: {printable(line.strip())}")
    return Update(fields[2], fields[1], fields[3])


def _from_receive(line: str) -> Update:
    fields = line.rstrip("\n").split(" ", 2)
    if len(fields) != 3 or not all(re.fullmatch("[0-9a-f]{40,64}", oid) for oid in fields[:2]):
        raise UsageError(f"pre-receive: not a line as git writes it: {printable(line.strip())}")
    return Update(fields[2], fields[1], fields[0])


def _sent(git: Git, updates: Sequence[Update], known_to: str) -> Commits:
    kept = [update for update in updates if update.new.strip("0")]  # all zeros: the ref is deleted
    known = _known(git, [update.old for update in kept])
    return Commits(
        git, known, known_to=known_to, tips=[update.new for update in kept], refs=[update.ref for update in kept]
    )


def _known(git: Git, names: Sequence[str]) -> list[str]:
    """Return those of the old objects that we have too, as revisions to leave out."""
    wanted = [name for name in names if name.strip("0")]
    return [f"^{oid}" for oid, kind in _look_up(git, wanted) if kind in ("commit", "tag")]


def _existing(git: Git, name: str) -> str:
    """Return the id of the object that a framework names. Raises UsageError when there is none."""
    for oid, _ in _look_up(git, [name]):
        return oid
    raise UsageError(f"{printable(name)}: there is no such commit here")


def _look_up(git: Git, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return id and kind of those of the objects that exist."""
    asked = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    if not asked:
        return []
    answers = git.run("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked).decode("ascii", "replace")
    found = (line.split(" ") for line in answers.splitlines())
    return [(fields[0], fields[1]) for fields in found if len(fields) == 2 and fields[1] in KINDS]

"""The refs of a repository, broken ones included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from freddy_guard.git.objects import kinds_of
from freddy_guard.git.plumbing import Git
from freddy_guard.model import Coverage, Unread
from freddy_guard.redact import printable


class Ref(NamedTuple):
    """A ref by its full name (or HEAD), the object it names, and that object's kind."""

    name: str
    oid: str
    kind: str


def list_refs(git: Git, coverage: Coverage) -> list[Ref]:
    """Return all refs and HEAD, sorted by name; those that name nothing readable are entered as unread."""
    # Only names and ids: asking for more would make git give up at the first ref whose object is missing.
    _, out, complaint = git.attempt("for-each-ref", "--format=%(objectname) %(refname)")
    for line in complaint.decode("utf-8", "surrogateescape").splitlines():
        coverage.unread.append(Unread("refs", printable(line)))
    names = [line.partition(b" ") for line in out.split(b"\n") if line]
    refs = [(name.decode("utf-8", "surrogateescape"), oid.decode("ascii")) for oid, _, name in names]
    if head := _head(git, dict(refs)):
        refs.append(("HEAD", head))
    found = []
    for (name, oid), kind in zip(refs, kinds_of(git, [oid for _, oid in refs]), strict=True):
        if kind:
            found.append(Ref(name, oid, kind))
        else:
            coverage.unread.append(Unread(printable(name), f"it points to {oid}, which is missing or damaged"))
    return sorted(found)


def _head(git: Git, refs: Mapping[str, str]) -> str:
    """Return what HEAD names, "" on a branch without commits. `rev-parse` would then take a branch called HEAD."""
    code, branch, _ = git.attempt("symbolic-ref", "--quiet", "HEAD")
    if not code:
        return refs.get(branch.decode("utf-8", "surrogateescape").strip(), "")
    return git.attempt("rev-parse", "--verify", "--quiet", "HEAD")[1].decode("ascii", "replace").strip()

"""Where known finds stand after refs have moved: asked of the few new commits, instead of the whole history again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from freddy_guard.git.changes import commit_changes, tree_changes
from freddy_guard.git.plumbing import Git
from freddy_guard.model import Coverage, Place
from freddy_guard.sources.attribution import Found

_FEW = 500  # commits; for more the history is asked as a whole

Listed = dict[str, list[str]]  # commits and their parents


def follow(git: Git, places: Sequence[Found], before: Mapping[str, str], now: Mapping[str, str]) -> list[Found] | None:
    """Return the places as the refs (name -> object) are now; None where that takes a look at the whole history.

    Refs may have gone, moved forward, or come out of one that was there. Commits that came may not bring a known blob
    to a new place.
    """
    came: dict[str, Listed] = {}
    origins: dict[str, str] = {}  # the ref out of which each one came
    for name, oid in now.items():
        if before.get(name) != oid:
            origins[name] = name if name in before else _parent(oid, before)
            listed = _forward(git, before.get(origins[name], ""), oid)
            if listed is None:
                return None
            came[name] = listed
    new = {commit: parents for listed in came.values() for commit, parents in listed.items()}
    if len(new) > _FEW or _bring(git, new, places):
        return None
    head = {(change.oid, change.path) for change in tree_changes(git, "HEAD")} if "HEAD" in came else None
    return [_followed(place, now, came, origins, head) for place in places]


def _parent(oid: str, before: Mapping[str, str]) -> str:
    """Return the ref of which a new one is likely to be a branch: one at the same commit, or the one checked out."""
    likely = (oid, before.get("HEAD", ""))
    return next((name for one in likely for name, at in before.items() if at == one and name != "HEAD"), "")


def _forward(git: Git, before: str, now: str) -> Listed | None:
    """Return the commits that a ref came to reach; None if it is new, or moved elsewhere than forward."""
    if not before or git.attempt("merge-base", "--is-ancestor", before, now)[0]:
        return None
    code, out, _ = git.attempt("rev-list", "--parents", f"--max-count={_FEW + 1}", now, f"^{before}")
    if code:
        return None
    return {commit: parents for commit, *parents in map(str.split, out.decode("ascii").splitlines())}


def _bring(git: Git, commits: Listed, places: Sequence[Found]) -> bool:
    blobs = {place.oid for place in places}
    changes = commit_changes(git, list(commits.items()), Coverage())
    return any(change.oid in blobs for change in changes)


def _followed(
    place: Found,
    now: Mapping[str, str],
    came: Mapping[str, Listed],
    origins: Mapping[str, str],
    head: set[tuple[str, str]] | None,
) -> Found:
    origin = place.origin
    refs = {name for name in origin.refs if name in now}
    for name, commits in came.items():
        if name != "HEAD" and (origin.commit in commits or origins[name] in origin.refs):
            refs.add(name)
    in_head = origin.in_head
    if head is not None and origin.in_head is not None:
        if place.oid and origin.place not in (Place.COMMIT_MESSAGE, Place.TAG_MESSAGE):
            in_head = (place.oid, origin.path) in head
        elif place.oid:
            in_head = in_head or origin.commit in came["HEAD"]
        else:
            in_head = any(path == origin.path or path.startswith(f"{origin.path}/") for _, path in head)
    return place._replace(origin=origin._replace(refs=tuple(sorted(refs)), in_head=in_head))

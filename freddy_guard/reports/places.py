"""Where a finding stands, in words."""

from __future__ import annotations

from freddy_guard.model import Origin, Place

SHORT = 8  # hex digits shown of an object id

_WORDS = {
    Place.FILE: "",
    Place.SYMLINK: "target of the symlink",
    Place.PATH_NAME: "name of the file or folder",
    Place.COMMIT_MESSAGE: "message of commit",
    Place.COMMIT_HEADER: "header of",
    Place.IDENTITY: "identity in",
    Place.TAG_MESSAGE: "message of tag",
    Place.NOTE: "note on",
    Place.REF_NAME: "name of the ref",
}


def where(origin: Origin) -> str:
    """Return the path, or the kind of place and its owner: `message of commit 1a2b3c4d`. Not redacted."""
    return f"{_WORDS[origin.place]} {_owner(origin) or '(unnamed)'}".strip()


def _owner(origin: Origin) -> str:
    if origin.path:
        return origin.path
    if origin.refs and origin.place in (Place.REF_NAME, Place.TAG_MESSAGE):
        return short_ref(origin.refs[0])
    return (origin.commit or origin.blob)[:SHORT]


def short_ref(name: str) -> str:
    """Return the name of a ref as git shows it: `main`, `origin/main`, `v1.0`."""
    for prefix in ("refs/heads/", "refs/remotes/", "refs/tags/"):
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name

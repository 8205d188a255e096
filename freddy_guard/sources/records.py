"""Commits and tags as documents: the message, the identities and every other header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from freddy_guard.git.objects import Commit
from freddy_guard.model import Document, Origin, Place, Signs

_IDENTITIES = frozenset({"author", "committer", "tagger"})


def record_origin(oid: str, kind: str, record: Commit, refs: Sequence[str] = ()) -> Origin:
    """Return the origin of the message of a commit or an annotated tag."""
    if kind == "tag":
        target = record.first("object").decode("ascii", "replace")
        return Origin("", Place.TAG_MESSAGE, oid, target, record.author, record.date, tuple(refs))
    return Origin("", Place.COMMIT_MESSAGE, "", oid, record.author, record.date, tuple(refs))


def record_documents(record: Commit, origin: Origin, signs: Signs) -> Iterator[Document]:
    """Yield the parts of a commit or tag that show a sign; `origin` is that of its message."""
    parts = [(origin.place, record.message)]
    for name, value in record.headers:
        if name != "tag":
            parts.append((Place.IDENTITY if name in _IDENTITIES else Place.COMMIT_HEADER, value))
        elif f"refs/tags/{value.decode('utf-8', 'surrogateescape')}" not in origin.refs:
            parts.append((Place.REF_NAME, value))  # the name that a tag had once: that of today is read as a ref's
    for place, data in parts:
        if signs.in_data(data):
            yield Document(data, origin._replace(place=place))

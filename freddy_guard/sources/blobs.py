"""Blobs as documents: whole, or in windows when they are large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from freddy_guard.git.objects import Object
from freddy_guard.git.plumbing import Git
from freddy_guard.model import Document, Origin, Place, Signs
from freddy_guard.text import windows


def pieces(git: Git, item: Object) -> Iterator[Document]:
    """Yield the blob as documents without a path."""
    if item.data is not None:
        yield Document(item.data, Origin(blob=item.oid))
    else:
        yield from windows(item.read, Origin(blob=item.oid), reopen=partial(git.blob, item.oid))


def placed(git: Git, item: Object, origins: Sequence[Origin], signs: Signs) -> Iterator[Document]:
    """Yield the documents of a blob that show a sign, for each of the places it stands in."""
    named = [signs.in_name(origin.path.rpartition("/")[2].encode("utf-8", "surrogateescape")) for origin in origins]
    for piece in pieces(git, item):
        worth = signs.in_data(piece.data)
        for origin, wanted in zip(origins, named, strict=True):
            if worth or wanted:
                yield piece._replace(origin=origin)


def place(mode: str) -> Place:
    """Return the kind of place a tree entry of this mode is."""
    return Place.SYMLINK if mode == "120000" else Place.FILE


def runs(places: Iterable[tuple[str, str]]) -> Iterator[dict[str, list[str]]]:
    """Yield blobs with their paths, so that each run names a blob once, and all runs together keep the order.

    A blob has to be read again where it came to a second path after other blobs had stood there.
    """
    run: dict[str, list[str]] = {}
    last = ""
    for oid, path in places:
        if oid in run and oid != last:
            yield run
            run = {}
        run.setdefault(oid, []).append(path)
        last = oid
    if run:
        yield run

"""Other readings of bytes: encodings, escapes, joined literals, binaries, archives; each says how it was read.

Nothing here costs more than a look unless a cheap sign of an encoded key is there.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator

from freddy_guard.decode import limits
from freddy_guard.decode.kinds import is_archive
from freddy_guard.decode.limits import Budget, LimitError
from freddy_guard.decode.reading import Reading
from freddy_guard.decode.signs import hits, shows_sign
from freddy_guard.model import Document, Unread

__all__ = ["DEPTH", "is_archive", "may_hold_key", "readings"]

DEPTH = 4  # readings within readings


def may_hold_key(data: bytes) -> bool:
    """Return whether some reading of these bytes can hold a key. A wrong yes costs time, a wrong no a key."""
    return shows_sign(data) or is_archive(data)


def readings(document: Document, unread: list[Unread], depth: int = DEPTH) -> Iterator[Reading]:
    """Yield the plain reading of a document, then all others, nested down to `depth`; 0 is the plain one alone.

    What cannot be unpacked or is too much is appended to `unread`.
    """
    plain = Reading(document)
    yield plain
    if depth:
        yield from _deeper(plain, Budget(), unread, depth)


def _deeper(reading: Reading, budget: Budget, unread: list[Unread], depth: int) -> Iterator[Reading]:
    for child in _children(reading, budget, unread):
        if depth == 0:
            _tell(unread, reading.document, f"more than {len(reading.via)} encodings within each other")
            return
        yield child
        yield from _deeper(child, budget, unread, depth - 1)


def _children(reading: Reading, budget: Budget, unread: list[Unread]) -> Iterator[Reading]:
    yield from _decoded(reading, budget, unread)
    document = reading.document
    if document.start.offset == 0 and is_archive(document.data):
        from freddy_guard.decode.unpacked import unpacked

        yield from unpacked(reading, budget, unread)


def _decoded(reading: Reading, budget: Budget, unread: list[Unread]) -> Iterator[Reading]:
    document = reading.document
    try:
        for decoders, places in hits(document.data):
            if len(places) > limits.HITS:
                _tell(unread, document, f"more than {limits.HITS:,} signs of encoded keys")
            for decoder in decoders:
                for fragment in importlib.import_module(f"{__name__}.{decoder}").read(document.data, places):
                    budget.piece()
                    yield reading.child(fragment)
    except LimitError as error:
        _tell(unread, document, f"not decoded to its end: {error}")


def _tell(unread: list[Unread], document: Document, reason: str) -> None:
    path = document.origin.path
    entry = Unread(path or document.origin.blob, reason, path)
    if entry not in unread[-1:]:
        unread.append(entry)

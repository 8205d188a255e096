"""Other readings of bytes: encodings, escapes, joined literals, binaries, archives; each says how it was read.

Nothing here costs more than a look unless a cheap sign of an encoded key is there.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator

from freddy_guard.decode.reading import Fragment, Reading
from freddy_guard.decode.signs import decoders, shows_sign
from freddy_guard.model import Document, Unread

DEPTH = 4  # readings within readings

# The first two bytes of every archive but tar.
_ARCHIVES = frozenset((b"\x1f\x8b", b"PK", b"BZ", b"\xfd7", b"\x28\xb5", b"7z", b"Ra", b"!<", b"\x89P", b"%P"))


def may_hold_key(data: bytes) -> bool:
    """Return whether some reading of these bytes can hold a key. A wrong yes costs time, a wrong no a key."""
    return shows_sign(data) or is_archive(data)


def is_archive(data: bytes) -> bool:
    """Return whether these bytes begin (a zip: also end) as something that must be unpacked."""
    if data[:2] not in _ARCHIVES and data[257:262] != b"ustar" and data[-22:-18] != b"PK\x05\x06":
        return False
    from freddy_guard.decode.archives import kind_of

    return kind_of(data) is not None or data[-22:-18] == b"PK\x05\x06"


def readings(document: Document, unread: list[Unread], depth: int = DEPTH) -> Iterator[Reading]:
    """Yield the plain reading of a document, then all others, nested down to `depth`; 0 is the plain one alone.

    What cannot be unpacked is appended to `unread`.
    """
    plain = Reading(document)
    yield plain
    yield from _deeper(plain, unread, depth)


def _deeper(reading: Reading, unread: list[Unread], depth: int) -> Iterator[Reading]:
    if not depth:
        return
    for child in _children(reading, unread):
        yield child
        yield from _deeper(child, unread, depth - 1)


def _children(reading: Reading, unread: list[Unread]) -> Iterator[Reading]:
    document = reading.document
    for fragment in _fragments(document.data):
        yield reading.child(fragment)
    if document.start.offset == 0 and is_archive(document.data):
        from freddy_guard.decode.unpacked import unpacked

        yield from unpacked(reading, unread)


def _fragments(data: bytes) -> Iterator[Fragment]:
    for name in decoders(data):
        yield from importlib.import_module(f"{__name__}.{name}").read(data)

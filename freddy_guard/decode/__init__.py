"""Other readings of bytes: encodings, escapes, joined literals, binaries, archives; each says how it was read.

Nothing here costs more than a look unless a cheap sign of an encoded key is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from freddy_guard.decode.reading import Fragment, Reading
from freddy_guard.model import Document, Unread

DEPTH = 4  # readings within readings

# Cheap signs, and the decoders to call where one is found. Every key in every encoding we read shows one of them.
# Each pattern begins with one letter, the rarest it has, and looks around from there: so written `re` reads 3 to 6 GB/s;
# a pattern that begins with alternatives or with a look behind reads 0.1 to 0.3.
_SIGNS: tuple[tuple[bytes, tuple[str, ...]], ...] = (
    # ak_ itself, whole or in pieces ("ak" + "_...") or with zero bytes between its letters
    (
        rb"k(?:(?=_)(?<=[a\"'`]k)|(?=[\"'`\\])(?<=ak)|(?=\0(?:_|\0\0_)))",
        ("joined", "binary", "wide"),
    ),
    # an underscore as a hexadecimal number, in whatever notation
    (rb"5(?=[fF])", ("escapes", "hexadecimal")),
    # an underscore as a decimal or octal number, or by name
    (rb"&(?=(?:amp;)*(?:#0*95|lowbar|UnderBar))", ("escapes",)),
    (rb"\\(?=\\*(?:0?137|N\{LOW))", ("escapes",)),
    # base64: YWtf and its two shifted forms, those of UTF-16 and of text encoded again, and of gzip's first bytes
    (rb"W(?:(?=tf)(?<=YW)|(?=Vd0Z))", ("b64",)),
    (rb"F(?:(?=r(?:X[z0123]|[\r\n\\]))|(?=8A)(?<=YQBrAF)|(?=p)(?<=V1ZkMF)|(?<=SDRzSUF))", ("b64",)),
    (rb"h(?:(?=a1[89])|(?=[\r\n\\]{1,4}[nr\\]{0,3}[ \t>|]*a1[89])|(?=AGsAXw))", ("b64",)),
    (rb"H(?=4sI)", ("b64",)),
)


@cache
def _compiled() -> tuple[tuple[re.Pattern[bytes], tuple[str, ...]], ...]:
    return tuple((re.compile(pattern), decoders) for pattern, decoders in _SIGNS)


def shows_sign(data: bytes) -> bool:
    """Return whether some reading of these bytes can hold a key. A wrong yes costs time, a wrong no a key."""
    return any(pattern.search(data) for pattern, _ in _compiled()) or is_archive(data)


def is_archive(data: bytes) -> bool:
    """Return whether these bytes begin (a zip: also end) as something that must be unpacked."""
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
    import importlib

    called = set()
    for pattern, decoders in _compiled():
        if not called.issuperset(decoders) and pattern.search(data):
            for name in decoders:
                if name not in called:
                    called.add(name)
                    yield from importlib.import_module(f"{__name__}.{name}").read(data)

"""Other readings of bytes: encodings, escapes, joined literals, binaries, archives; each says how it was read.

Nothing here costs more than a look unless a cheap sign of an encoded key is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from freddy_guard.decode.reading import Fragment, Reading
from freddy_guard.model import Document, Unread

DEPTH = 4  # readings within readings

# The first two bytes of every archive but tar.
_ARCHIVES = frozenset((b"\x1f\x8b", b"PK", b"BZ", b"\xfd7", b"\x28\xb5", b"7z", b"Ra", b"!<", b"\x89P", b"%P"))

_WIDE_MARKS = frozenset((b"\xff\xfe", b"\xfe\xff"))  # of UTF-16 in either order, and of UTF-32 in one

# Two of the signs below take 7 ms to compile: a hook that meets neither of these quick ones does without.
_QUICK = {
    b"k": rb"k(?=[\"'`\\=&\0_])(?<=[a\"'`\s\0]k)",
    b"5": rb"5(?:[fF](?<=[kbB%xXuU05={;:, .\r\n-]5[fF])|(?<=[0#]95)|(?=3\\)(?<=\\15))",
}

# What notations put between a k (or its number) and the number of an underscore.
_NOTATION = rb"[%\\xXuU{};&#=0-9: ,.amp\r\n-]"
_AFTER_K = b"|".join(rb"(?<=[kbB]" + _NOTATION * size + rb"5[fF])" for size in range(10))
_DECIMAL = b"|".join(rb"(?<=&#" + b"0" * zeros + rb"95)" for zeros in range(6))
# A literal or a line that goes on where the last one ended.
_AFTER_SEAM = b"|".join(
    (
        *(rb"(?<=a[\"'`]k)", rb"(?<=[\s+.&|~<>^\"'`@$fFrRbBuUlL][\"'`]k)", rb"(?<==\nk)", rb"(?<=\r\nk)"),
        *(rb"(?<=\\\n" + rb"[ \t]" * size + rb"k)" for size in range(17)),
    )
)

# Cheap signs, and the decoders to call where one is found. Every key in every encoding we read shows one of them.
# Each pattern begins with one letter, the rarest it has, and looks around from there: so written `re` reads 3 to 6
# GB/s; a pattern that begins with alternatives or with a look behind reads 0.1 to 0.3.
_SIGNS: tuple[tuple[bytes, tuple[str, ...]], ...] = (
    # ak_ itself, whole or in pieces ("ak" + "_..."), with zero bytes between, or with the underscore by its name
    (
        rb"k(?:(?=_)(?:(?<=ak)|"
        + _AFTER_SEAM
        + rb")|(?=[\"'`\\=][^A-Za-z0-9]{0,60}(?:[fFrRbBuUlL]{1,2}[\"'`])?_)(?<=ak)"
        rb"|(?=\0_)(?<=a\0k)|(?=\0\0\0_)(?<=a\0\0\0k)|(?=&(?:amp;)*(?:lowbar|UnderBar)|\\+(?:0?137|N\{LOW))(?<=ak))",
        ("joined", "binary", "wide", "escapes"),
    ),
    # an underscore as a number: hexadecimal in whatever notation, decimal in an entity, octal after an octal k
    (
        rb"5(?:[fF](?:" + _AFTER_K + rb")|" + _DECIMAL + rb"|(?=3\\+0?137)(?<=15))",
        ("escapes", "hexadecimal"),
    ),
    # base64: YWtf and its two shifted forms; the nine of those encoded again, and one of the third time; `ak_` in
    # UTF-16; gzip's first bytes, once and twice
    (rb"W(?:(?=tf)(?<=YW)|(?=Vd0Z)|(?=[DH])(?<=ZyW))", ("b64",)),
    (
        rb"F(?:(?=r(?:[\r\n\\][nr\r\n\\ \t>|#*/]{0,40})?X[z0123])|(?=8A)(?<=YQBrAF)|(?=p)(?<=V1ZkMF)|(?<=SDRzSUF))",
        ("b64",),
    ),
    (rb"h(?:(?=(?:[\r\n\\][nr\r\n\\ \t>|#*/]{0,40})?a1[89])|(?=AGsAXw)|(?=MT)(?<=hh))", ("b64",)),
    (rb"G(?:(?=Z)(?<=lXdG)|(?=cl[gh])(?<=[1Jd]G)|(?=ExO)(?<=aG))", ("b64",)),
    (rb"Y(?:(?=TE[45])(?<=oY)|(?<=RnJY))", ("b64",)),
    (rb"R(?=m)(?<=ZV3R)", ("b64",)),
    (rb"H(?=4sI)", ("b64",)),
)


class _Sign:
    """A sign that is compiled when its quick form is met."""

    __slots__ = ("_pattern", "_quick", "_search", "decoders")

    def __init__(self, pattern: bytes, decoders: tuple[str, ...]) -> None:
        self._pattern, self.decoders = pattern, decoders
        self._search: Callable[[bytes], object] | None = None
        self._quick = re.compile(_QUICK.get(pattern[:1], pattern)).search

    def shows(self, data: bytes) -> bool:
        """Return whether the bytes show it."""
        if not self._quick(data):
            return False
        if self._search is None:
            self._search = re.compile(self._pattern).search
        return self._search(data) is not None


@cache
def _signs() -> tuple[_Sign, ...]:
    return tuple(_Sign(pattern, decoders) for pattern, decoders in _SIGNS)


def shows_sign(data: bytes) -> bool:
    """Return whether some reading of these bytes can hold a key. A wrong yes costs time, a wrong no a key."""
    for sign in _signs():  # asked of everything that is ever read: a generator would take twice as long
        if sign.shows(data):
            return True
    return data[:2] in _WIDE_MARKS or data[:4] == b"\0\0\xfe\xff" or is_archive(data)


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
    import importlib

    called: set[str] = set()
    if data[:2] in _WIDE_MARKS or data[:4] == b"\0\0\xfe\xff":
        called.add("wide")
        yield from importlib.import_module(f"{__name__}.wide").read(data)
    for sign in _signs():
        if not called.issuperset(sign.decoders) and sign.shows(data):
            for name in sign.decoders:
                if name not in called:
                    called.add(name)
                    yield from importlib.import_module(f"{__name__}.{name}").read(data)

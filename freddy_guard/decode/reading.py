"""A reading: bytes decoded from other bytes, that remember where in the file each of them came from."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple, Protocol

from freddy_guard.model import Document


class Offsets(Protocol):
    """Where each byte of a reading lies in the bytes it was read from, and one more: where the last one ends."""

    def __getitem__(self, index: int) -> int: ...


class Fragment(NamedTuple):
    """What one decoder makes of a piece of some bytes.

    `body` are the offsets in `data` at which a key may begin, None for all: a piece that was cut out of a longer text
    begins with an edge that is none.
    """

    data: bytes
    offsets: Offsets
    via: str
    body: tuple[int, int] | None = None


class Fixed:
    """Everything comes from one place: a member of an archive has no line of its own."""

    __slots__ = ("_at",)

    def __init__(self, at: int) -> None:
        self._at = at

    def __getitem__(self, index: int) -> int:
        return self._at


class Pieces:
    """Bytes put together from pieces that lie apart, each as long as it was. Filled from the left to the right."""

    __slots__ = ("_origins", "_starts", "data")

    def __init__(self) -> None:
        self.data = bytearray()
        self._starts: list[int] = []
        self._origins: list[int] = []

    def add(self, piece: bytes, origin: int) -> None:
        """Append what lies at `origin`, or what one escape there stands for. Add an empty one where all ends."""
        self._starts.append(len(self.data))
        self._origins.append(origin)
        self.data += piece

    def __getitem__(self, index: int) -> int:
        number = bisect_right(self._starts, index) - 1
        return self._origins[number] + index - self._starts[number]


class Sixes:
    """Bytes decoded from characters of six bits each, which are `pieces` from the character `shift` on."""

    __slots__ = ("_pieces", "_shift", "_size")

    def __init__(self, pieces: Pieces, shift: int, size: int) -> None:
        self._pieces, self._shift, self._size = pieces, shift, size

    def __getitem__(self, index: int) -> int:
        if index < self._size:
            return self._pieces[self._shift + index * 4 // 3]
        return self._pieces[self._shift + (self._size * 4 - 1) // 3] + 1  # the end of the last character


class _Composed:
    """A reading of a reading."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, outer: Offsets, inner: Offsets) -> None:
        self._outer, self._inner = outer, inner

    def __getitem__(self, index: int) -> int:
        return self._outer[self._inner[index]]


class Reading(NamedTuple):
    """One way to read a document. `via` lists the decodings, the outermost first: none for the plain reading."""

    document: Document
    via: tuple[str, ...] = ()
    offsets: Offsets | None = None
    member: tuple[str, ...] = ()  # the name in each archive, the outermost first

    def child(self, fragment: Fragment) -> Reading:
        """Return what a decoder made of this reading."""
        inner = fragment.offsets
        offsets = inner if self.offsets is None else _Composed(self.offsets, inner)
        document = Document(fragment.data, self.document.origin, body=fragment.body, outer=self.document)
        via = (*self.via, fragment.via) if fragment.via else self.via
        return Reading(document, via, offsets, self.member)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the file `data[start:end]` of this reading lies."""
        if self.offsets is None:
            return start, end
        first = self.offsets[start]
        return first, max(self.offsets[end], first)

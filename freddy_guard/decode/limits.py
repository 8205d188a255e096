"""How far decoding goes: files come from strangers, and some are made to break whoever opens them."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

DEPTH = 6  # archives within archives
MEMBERS = 100_000
UNPACKED = 2 << 30  # bytes, of all that one file holds
SUSPECT, RATIO = 1280 << 20, 200  # beyond so many bytes, so many times the packed size is a bomb
SECONDS = 120.0
IN_MEMORY = 64 << 20  # bytes of all members of one file that are needed as a whole
DICTIONARY = 128 << 20  # bytes of memory a decompressor may take
PIECES = 50_000  # decoded out of one document, or one member of an archive
HITS = 100_000  # signs of one letter in one document: a real text has a few, one of nothing else would take minutes


class LimitError(Exception):
    """A limit was reached; the text says which."""


def too_large() -> str:
    """Return the reason why what needs to be in memory as a whole was not read."""
    return f"more than {IN_MEMORY >> 20} MB that must be read as a whole"


def filled(read: Callable[[int], bytes], size: int) -> bytes:
    """Return `size` bytes, fewer only at the end: a decompressor may stop short where one member ends."""
    pieces = []
    while size and (piece := read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


class Budget:
    """What may still be unpacked from one file."""

    def __init__(self) -> None:
        self._packed = 1
        self._unpacked = self._members = self._held = self._pieces = 0
        self._end = time.monotonic() + SECONDS

    def packed(self, size: int) -> None:
        """Tell how large an archive is. The largest of those within each other counts."""
        self._packed = max(self._packed, size)

    def member(self) -> None:
        """Count a member. Raises LimitError when there are too many."""
        self._members += 1
        if self._members > MEMBERS:
            raise LimitError(f"more than {MEMBERS:,} members")

    def piece(self) -> None:
        """Count a piece decoded. Raises LimitError when there are too many."""
        self._pieces += 1
        if self._pieces > PIECES:
            raise LimitError(f"more than {PIECES:,} pieces in it are encoded")

    def next_text(self) -> None:
        """Begin to count pieces anew: a large archive holds many texts."""
        self._pieces = 0

    @contextmanager
    def held(self, read: Callable[[int], bytes], push: Callable[[bytes], None]) -> Iterator[io.BytesIO | None]:
        """Hold a stream in memory, as a file that can seek. What is too large for that is pushed back, and is None."""
        left = IN_MEMORY - self._held
        data = filled(read, left + 1)
        if len(data) > left:
            push(data)
            yield None
            return
        self._held += len(data)
        try:
            yield io.BytesIO(data)
        finally:
            self._held -= len(data)

    def metered(
        self, read: Callable[[int], bytes], broken: Callable[[Exception], None], *, grows: bool
    ) -> Callable[[int], bytes]:
        """Return a reader that counts what it gives if that `grows`, and raises LimitError when it is too much.

        Where the packed data breaks off or makes no sense the reader ends, and `broken` is told why.
        """
        ended = False

        def counted(size: int) -> bytes:
            nonlocal ended
            pieces = []
            try:
                while size and not ended and (piece := read(size)):
                    self._count(len(piece) if grows else 0)
                    pieces.append(piece)
                    size -= len(piece)
            except LimitError:
                raise
            except Exception as error:  # the libraries raise a dozen kinds for the broken files of this world
                ended = True
                broken(error)
            return b"".join(pieces)

        return counted

    def _count(self, size: int) -> None:
        self._unpacked += size
        if self._unpacked > UNPACKED:
            raise LimitError(f"it unpacks to more than {UNPACKED >> 20:,} MB")
        if self._unpacked > SUSPECT and self._unpacked > RATIO * self._packed:
            raise LimitError(f"it unpacks to more than {RATIO} times its size")
        if time.monotonic() > self._end:
            raise LimitError(f"unpacking takes more than {SECONDS:.0f} s")

"""How far unpacking goes: archives come from strangers, and some are made to break whoever opens them."""

from __future__ import annotations

import time
from collections.abc import Callable

DEPTH = 6  # archives within archives
MEMBERS = 100_000
UNPACKED = 2 << 30  # bytes, of all that one file holds
SUSPECT, RATIO = 1280 << 20, 200  # beyond so many bytes, so many times the packed size is a bomb
SECONDS = 120.0
IN_MEMORY = 64 << 20  # bytes of a member, or of a blob, that is needed as a whole
DICTIONARY = 128 << 20  # bytes of memory a decompressor may take


class LimitError(Exception):
    """A limit was reached; the text says which."""


def filled(read: Callable[[int], bytes], size: int) -> bytes:
    """Return `size` bytes, fewer only at the end: a decompressor may stop short where one member ends."""
    data = read(size)
    while 0 < len(data) < size and (more := read(size - len(data))):
        data += more
    return data


class Budget:
    """What may still be unpacked from one file."""

    def __init__(self, packed: int) -> None:
        self._packed = max(packed, 1)
        self._unpacked = self._members = 0
        self._end = time.monotonic() + SECONDS

    def member(self) -> None:
        """Count a member. Raises LimitError when there are too many."""
        self._members += 1
        if self._members > MEMBERS:
            raise LimitError(f"more than {MEMBERS:,} members")

    def metered(self, read: Callable[[int], bytes], broken: Callable[[Exception], None]) -> Callable[[int], bytes]:
        """Return a reader that counts what it gives, and raises LimitError when it is too much.

        Where the packed data breaks off or makes no sense the reader ends, and `broken` is told why.
        """

        def counted(size: int) -> bytes:
            data = b""
            try:
                while len(data) < size and (more := read(size - len(data))):
                    data += more
                    self._count(len(more))
            except LimitError:
                raise
            except Exception as error:  # the libraries raise a dozen kinds for the broken files of this world
                broken(error)
            return data

        return counted

    def _count(self, size: int) -> None:
        self._unpacked += size
        if self._unpacked > UNPACKED:
            raise LimitError(f"it unpacks to more than {UNPACKED >> 20:,} MB")
        if self._unpacked > SUSPECT and self._unpacked > RATIO * self._packed:
            raise LimitError(f"it unpacks to more than {RATIO} times its size")
        if time.monotonic() > self._end:
            raise LimitError(f"unpacking takes more than {SECONDS:.0f} s")

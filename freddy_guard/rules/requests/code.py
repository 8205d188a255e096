"""Code that stands within another text, put together, with where each byte of it stands in the file."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple


class Code(NamedTuple):
    """A program put together, with where its pieces begin in it and in the file."""

    source: bytes
    starts: list[int]
    origins: list[int]

    def offset(self, at: int) -> int:
        """Return where a byte of the program stands in the file."""
        index = bisect_right(self.starts, at) - 1
        return self.origins[index] + (at - self.starts[index] if self.starts[index + 1 : index + 2] != [at] else 0)


class Builder:
    """Puts code together from pieces of a file."""

    def __init__(self) -> None:
        self._source = bytearray()
        self._starts, self._origins = [0], [0]

    def add(self, piece: bytes, origin: int) -> None:
        """Add a piece as it stands in the file from `origin` on, or what is put in its place."""
        self._starts.append(len(self._source))
        self._origins.append(origin)
        self._source += piece

    def built(self) -> Code:
        """Return what was put together."""
        return Code(bytes(self._source), self._starts, self._origins)

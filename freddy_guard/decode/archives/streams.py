"""Streams of bytes as unpacking needs them: read forward, looked ahead of, searched, parted, held back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from freddy_guard.decode.limits import filled

Read = Callable[[int], bytes]

CHUNK = 1 << 16
ENCRYPTED = "encrypted"
NEEDS_EXTRA = "it needs the extra: pip install 'freddy-guard[archives]'"


class Stream(NamedTuple):
    """Bytes to unpack: read forward, or as a file that can seek where the whole of it is at hand."""

    read: Read
    file: BinaryIO | None = None


# A name ("" where the format has none), and the content or the reason why there is none.
Items = Iterator[tuple[str, Stream | str]]


def stream_of(data: bytes) -> Stream:
    """Return bytes as a stream."""
    file = io.BytesIO(data)
    return Stream(file.read, file)


def named(text: bytes) -> Items:
    """Yield texts out of an archive's directory as content of their own, where one can hold a key."""
    if b"ak_" in text:
        yield "", stream_of(text)


class Feed:
    """A stream that is read forward, and into which can be put back what was read too far."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._back, self._at = b"", 0

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end."""
        if self._at == len(self._back):
            return self._read(size)
        data = self._back[self._at : self._at + size]
        self._at += len(data)
        return data

    def push(self, data: bytes) -> None:
        """Put bytes back: they are read next."""
        self._back, self._at = data + self._back[self._at :], 0

    def peek(self, size: int) -> bytes:
        """Return what is read next, fewer than `size` bytes only at the end."""
        data = filled(self.read, size)
        self.push(data)
        return data

    def exactly(self, size: int) -> bytes:
        """Return so many bytes. Raises EOFError when there are fewer."""
        data = filled(self.read, size)
        if len(data) < size:
            raise EOFError
        return data

    def until(self, needle: bytes, size: int) -> bytes:
        """Return up to `size` bytes of those before a needle, or before the end where there is none."""
        data = self.peek(size + len(needle))
        at = data.find(needle)
        return self.read(at if at >= 0 else min(size, max(1, len(data) - len(needle) + 1)))

    def skip_past(self, sought: re.Pattern[bytes], keep: int) -> tuple[bytes, bytes] | None:
        """Go on to behind what is sought; return up to `keep` bytes that stand before it, and itself.

        `keep` is at least as long as what is sought can be.
        """
        seen = b""
        while data := self.read(CHUNK):
            seen += data
            found = sought.search(seen)
            if found:
                self.push(seen[found.end() :])
                return seen[max(0, found.start() - keep) : found.start()], found[0]
            seen = seen[-2 * keep :]
        return None


class Part:
    """The next `size` bytes of a stream."""

    def __init__(self, read: Read, size: int) -> None:
        self._read, self._left = read, size
        self.size = size

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end of the part. Raises EOFError where it is cut off."""
        data = self._read(min(size, self._left)) if self._left else b""
        self._left -= len(data)
        if self._left and size and not data:
            raise EOFError
        return data

    def skip(self) -> None:
        """Read on to the end."""
        while self.read(CHUNK):
            pass


def reader_at(file: BinaryIO, start: int) -> Read:
    """Return a reader from a place in a file on, whoever else reads the file meanwhile."""
    at = start

    def read(size: int) -> bytes:
        nonlocal at
        file.seek(at)
        data = file.read(size)
        at += len(data)
        return data

    return read

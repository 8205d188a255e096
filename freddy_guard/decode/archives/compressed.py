"""Compressed streams: gzip, zlib, bzip2, xz, lzma and zstd, several of them in a row, and what stands behind them."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Protocol

from freddy_guard.decode import limits
from freddy_guard.decode.archives.streams import CHUNK, NEEDS_EXTRA, Feed, Items, Read, Stream
from freddy_guard.decode.limits import Budget

_WINDOW = 27  # the logarithm of the memory that a zstd stream may ask for


class Engine(Protocol):
    """A decompressor of one stream, as bz2, lzma and zstd have it."""

    @property
    def eof(self) -> bool:
        """Return whether the stream has ended."""

    @property
    def needs_input(self) -> bool:
        """Return whether nothing comes out before more goes in."""

    @property
    def unused_data(self) -> bytes:
        """Return what went in and stands behind the end."""

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        """Return up to so many bytes of what comes out."""


class Inflate:
    """zlib's decompressor with the manners of the others. The window says what frames the data: see zlib's manual."""

    def __init__(self, window: int) -> None:
        self._engine = zlib.decompressobj(window)
        self.eof, self.needs_input, self.unused_data = False, True, b""

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        """Return up to so many bytes of what comes out."""
        text = self._engine.decompress(self._engine.unconsumed_tail + data, max_length)
        self.needs_input = not self._engine.unconsumed_tail and len(text) < max_length
        self.eof, self.unused_data = self._engine.eof, self._engine.unused_data
        return text


class Unpacker:
    """Reads one compressed stream, or as many as follow each other and begin with `magic`, out of a feed."""

    def __init__(self, feed: Feed, start: Callable[[], Engine], magic: bytes = b"") -> None:
        self._feed, self._start, self._magic = feed, start, magic
        self._engine: Engine | None = None
        self.done = False  # all was read: the feed stands behind it

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end. Raises EOFError where the data is cut off."""
        while not self.done:
            if self._engine is None:
                self._engine = self._start()
            data = self._feed.read(CHUNK) if self._engine.needs_input else b""
            if self._engine.needs_input and not data:
                raise EOFError
            text = self._engine.decompress(data, size)
            if self._engine.eof:
                self._feed.push(self._engine.unused_data)
                self.done, self._engine = not self._goes_on(), None
            if text:
                return text
        return b""

    def _goes_on(self) -> bool:
        """Return whether another stream follows, zeros between them passed over."""
        while self._magic and (data := self._feed.read(CHUNK)):
            if rest := data.lstrip(b"\0"):
                self._feed.push(rest)
                return self._feed.peek(len(self._magic)) == self._magic
        return False


def unpacked(read: Read, start: Callable[[], Engine], magic: bytes = b"") -> Items:
    """Yield what comes out, and what stands behind it."""
    feed = Feed(read)
    unpacker = Unpacker(feed, start, magic)
    yield "", Stream(unpacker.read)
    if unpacker.done and feed.peek(1):
        yield "", Stream(feed.read)


def gzip(stream: Stream, budget: Budget) -> Items:
    """Yield the content of a gzip file."""
    return unpacked(stream.read, lambda: Inflate(31), b"\x1f\x8b")


def zlibbed(stream: Stream, budget: Budget) -> Items:
    """Yield the content of a zlib stream."""
    return unpacked(stream.read, lambda: Inflate(15))


def bzip2(stream: Stream, budget: Budget) -> Items:
    """Yield the content of a bzip2 file."""
    return unpacked(stream.read, bz2.BZ2Decompressor, b"BZh")


def xz(stream: Stream, budget: Budget) -> Items:
    """Yield the content of an xz file. A header can ask for gigabytes of memory: it gets an error."""
    return unpacked(stream.read, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, limits.DICTIONARY), b"\xfd7zXZ")


def lzma_alone(stream: Stream, budget: Budget) -> Items:
    """Yield the content of an lzma file, the format before xz."""
    return unpacked(stream.read, lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, limits.DICTIONARY))


def zstd(stream: Stream, budget: Budget) -> Items:
    """Yield the content of a zstd file."""
    start = zstd_engine()
    if start is None:
        return iter([("", f"zstd: {NEEDS_EXTRA}")])
    return unpacked(stream.read, start, b"\x28\xb5\x2f\xfd")


def zstd_engine() -> Callable[[], Engine] | None:
    """Return how to make a decompressor, None where the library is not installed."""
    try:
        from backports import zstd as library
    except ImportError:
        return None
    options = {int(library.DecompressionParameter.window_log_max): _WINDOW}
    return lambda: library.ZstdDecompressor(options=options)

"""Documents that hold compressed texts: PDF and PNG."""

from __future__ import annotations

import base64
import re
import struct
import zlib

from freddy_guard.decode.archives.compressed import Inflate, Unpacker
from freddy_guard.decode.archives.streams import CHUNK, ENCRYPTED, Feed, Items, Part, Read, Stream, stream_of
from freddy_guard.decode.limits import Budget, filled

_MARKS = re.compile(rb"stream\r?\n|/Encrypt\b")
_DICTIONARY = 512  # bytes before a stream in which its dictionary stands
_TEXT = 16 << 20  # bytes of a text in a picture, or of a stream in ASCII


def pdf(stream: Stream, budget: Budget) -> Items:
    """Yield the deflated streams of a document. What else it holds is seen without us."""
    feed, encrypted, broken = Feed(stream.read), False, [0]
    while (found := feed.skip_past(_MARKS, _DICTIONARY)) is not None:
        before, mark = found
        encrypted = encrypted or mark == b"/Encrypt"
        dictionary = before.rpartition(b" obj")[2]
        if mark == b"/Encrypt" or before.endswith(b"end"):
            continue
        source = feed
        if b"85" in dictionary:
            source = Feed(stream_of(_ascii85(feed)).read)
            if b"/Fl" not in dictionary:
                yield "", Stream(source.read)
        if b"/Fl" in dictionary:
            yield "", Stream(_forgiving(Unpacker(source, lambda: Inflate(15)).read, broken))
    if encrypted:
        yield "", ENCRYPTED
    elif broken[0]:
        yield "", f"broken streams in it: {broken[0]}"


def _ascii85(feed: Feed) -> bytes:
    text = b""
    while len(text) < _TEXT and (piece := feed.until(b"~>", CHUNK)):
        text += piece
    try:
        return base64.a85decode(text)
    except ValueError:
        return b""


def _forgiving(read: Read, broken: list[int]) -> Read:
    """Return a reader that ends where the data is broken, and counts that: in an encrypted document all of it is."""
    ended = False

    def forgiving(size: int) -> bytes:
        nonlocal ended
        try:
            return b"" if ended else read(size)
        except (zlib.error, EOFError):
            ended = True
            broken[0] += 1
            return b""

    return forgiving


def png(stream: Stream, budget: Budget) -> Items:
    """Yield the compressed texts of a picture. Plain ones are seen without us."""
    feed = Feed(stream.read)
    feed.exactly(8)
    kind = b""
    while kind != b"IEND":
        size, kind = struct.unpack(">L4s", feed.exactly(8))
        chunk = Part(feed.read, size)
        if kind in (b"zTXt", b"iTXt"):
            if text := _packed(kind, filled(chunk.read, _TEXT)):
                yield "", Stream(Unpacker(Feed(stream_of(text).read), lambda: Inflate(15)).read)
            if size > _TEXT:
                yield "", f"a text of more than {_TEXT >> 20} MB"
        chunk.skip()
        feed.exactly(4)


def _packed(kind: bytes, chunk: bytes) -> bytes:
    """Return the compressed part of a text, which stands behind a keyword and a NUL."""
    text = chunk.partition(b"\0")[2]
    if kind == b"zTXt":
        return text[1:]  # behind the method
    # Behind flag, method, language, NUL, the keyword in that language and NUL; nothing where the flag is not set.
    return text[2:].split(b"\0", 2)[-1] if text[:1] == b"\1" else b""

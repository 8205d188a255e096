"""Unix's ar archives, as a .deb is one; 7z; packs and bundles of git."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from freddy_guard.decode import limits
from freddy_guard.decode.archives.compressed import Inflate, Unpacker
from freddy_guard.decode.archives.streams import ENCRYPTED, NEEDS_EXTRA, Feed, Items, Part, Stream, named, stream_of
from freddy_guard.decode.limits import Budget, filled, too_large

if TYPE_CHECKING:
    from py7zr import SevenZipFile


def ar(stream: Stream, budget: Budget) -> Items:
    """Yield the members: a header of 60 characters, then the content."""
    feed = Feed(stream.read)
    feed.exactly(8)
    while header := filled(feed.read, 60):
        size = re.fullmatch(rb"[ -~]{48}([0-9]{1,10}) *`\n", header)
        if size is None:
            raise ValueError
        content = Part(feed.read, int(size[1]))
        yield header[:16].decode("ascii", "replace").strip().rstrip("/"), Stream(content.read)
        content.skip()
        feed.read(content.size % 2)


def seven_zip(stream: Stream, budget: Budget) -> Items:
    """Yield the members of a 7z archive."""
    try:
        import py7zr
    except ImportError:
        yield "", f"7z: {NEEDS_EXTRA}"
        return
    feed = Feed(stream.read)
    with budget.held(feed.read, feed.push) as file:
        if file is None:
            yield "", too_large()
            return
        with py7zr.SevenZipFile(file) as archive:
            if archive.needs_password():
                yield "", ENCRYPTED
            else:
                yield from named("\n".join(archive.getnames()).encode("utf-8", "surrogateescape"))
                yield from _products(archive)


def _products(archive: SevenZipFile) -> Items:
    """Yield what the library unpacks, all at once and in memory: for more than fits there it is not called."""
    from py7zr.io import BytesIOFactory

    files = {file.filename: file for file in archive.files if not file.is_directory}
    if sum(file.uncompressed for file in files.values()) > limits.IN_MEMORY:
        yield "", too_large()
        return
    factory, failure = BytesIOFactory(limits.IN_MEMORY), None
    inside = [name for name in files if is_inside(name)]  # the library refuses all for one that is not
    try:
        archive.extract(targets=inside, factory=factory)
    except Exception as error:
        failure = error
    for name, product in factory.products.items():
        product.seek(0)
        yield name, stream_of(product.read())
    yield from ((name, "its name leads out of the archive") for name in files if name not in inside)
    if failure is not None:
        raise failure


def is_inside(name: str) -> bool:
    """Return whether a name leads to a place below where one stands."""
    parts = name.replace("\\", "/").split("/")
    return bool(parts[0]) and ".." not in parts and ":" not in parts[0]


def pack(stream: Stream, budget: Budget) -> Items:
    """Yield the objects of a git pack, or of a bundle, which is a pack behind a list of refs."""
    feed = Feed(stream.read)
    oid_size = 32 if feed.peek(1024).find(b"object-format=sha256") >= 0 else 20
    if feed.peek(1) == b"#":
        feed.skip_past(re.compile(rb"\n\n"), 2)
    count = int.from_bytes(feed.exactly(12)[8:], "big")
    for _ in range(count):
        yield "", _object(feed, oid_size)


def _object(feed: Feed, oid_size: int) -> Stream:
    """Return an object, or what changes in it: inflated, behind a head of its kind and size and of what it changes."""
    first = byte = feed.exactly(1)[0]
    while byte & 0x80:
        byte = feed.exactly(1)[0]
    kind = first >> 4 & 7
    if kind == 6:  # changes an object so many bytes before
        while feed.exactly(1)[0] & 0x80:
            pass
    elif kind == 7:
        feed.exactly(oid_size)
    return Stream(Unpacker(feed, lambda: Inflate(15)).read)

"""Tar archives: read forward, header by header, so that nothing is held whose size a header could choose."""

from __future__ import annotations

from freddy_guard.decode.archives.streams import Feed, Items, Part, Stream, named
from freddy_guard.decode.limits import Budget, filled

_BLOCK = 512
_EMPTY = b"123456"  # types of members without content: links, devices, folders, pipes
_EXTENDED = b"xgXLK"  # types that hold names and more for the next member
_TEXT = 1 << 20  # bytes of such that are read


def is_header(block: bytes) -> bool:
    """Return whether a block is the header of a member: its checksum is right, of signed bytes in some old tars."""
    digits = block[148:156].strip(b" \0")
    if len(block) < _BLOCK or not digits or digits.strip(b"01234567"):
        return False
    summed = block[:148] + b" " * 8 + block[156:]
    return sum(summed) - int(digits, 8) in (0, 256 * sum(byte >> 7 for byte in summed))


def tar(stream: Stream, budget: Budget) -> Items:
    """Yield the members that have content, and the names of any that may hold a key."""
    feed, long_name, lost = Feed(stream.read), "", 0
    while block := filled(feed.read, _BLOCK):
        if not is_header(block):
            lost += bool(block.strip(b"\0"))  # zeros are the end, or a gap: archives are appended to each other
            continue
        kind, content = block[156:157], Part(feed.read, _size(block))
        if kind in _EXTENDED:
            text = filled(content.read, _TEXT)
            long_name = _long_name(kind, text) or long_name
            yield from named(text)
        else:
            yield from named(_name(block) + b"\n" + block[157:257])
            if kind not in _EMPTY:
                _skip_maps(kind, block, feed)
                yield long_name or _name(block).decode("utf-8", "surrogateescape"), Stream(content.read)
            long_name = ""
        content.skip()
        feed.exactly(-content.size % _BLOCK)
    if lost:
        yield "", f"{lost} blocks of it are no members"


def _size(block: bytes) -> int:
    field = block[124:136]
    if field[0] & 0x80:  # a number of bytes, for those of 8 GB and more
        return int.from_bytes(field[1:], "big")
    return int(field.strip(b" \0") or b"0", 8)


def _name(block: bytes) -> bytes:
    name = block[:100].partition(b"\0")[0]
    prefix = block[345:500].partition(b"\0")[0] if block[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _long_name(kind: bytes, text: bytes) -> str:
    """Return the name of the next member, if this text says it: GNU's is all of it, POSIX has lines of `size key=`."""
    if kind == b"L":
        return text.rstrip(b"\0").decode("utf-8", "surrogateescape")
    found = text.partition(b" path=")[2].partition(b"\n")[0] if kind in b"xX" else b""
    return found.decode("utf-8", "surrogateescape")


def _skip_maps(kind: bytes, block: bytes, feed: Feed) -> None:
    """Go past the further maps of a file with holes, which stand between its header and its content."""
    more = kind == b"S" and block[482]
    while more:
        more = feed.exactly(_BLOCK)[504]

"""Signs of a key in what a delta inserts, and in what a delta can copy.

Git stores most objects as deltas: ranges copied out of a base, and inserted bytes. A key that an object has and its
base has not is either inserted, or stands across a seam. An inserted one shows in the raw delta as it is. Across a seam
the prefix is whole on one side, or it is cut; and then, because git copies no fewer than sixteen bytes at a time, one
of the two sides holds a piece of it that is rare by itself: ` ak` where the underscore is cut off, `k_` and the body
where the `a` is. So a delta is looked at only where its raw bytes show a sign or such a piece, or where its base,
read as a whole, holds one that could be copied. What is left are keys whose prefix was cut in two places by edits of
several versions, and no version of which holds one of the pieces whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from freddy_guard.decode.kinds import ZIP_END, is_archive
from freddy_guard.decode.signs import hits

_BODY = rb"[A-Za-z0-9]{13}"  # with `k_` or `_` what git copies at least
# Every pattern begins with its rarest letter: see signs. A named group is a piece that counts only where the operations
# of a delta are so: by chance it stands among their numbers, too.
_PIECES = re.compile(
    rb"k(?:(?<=ak)(?:_(?:(?<![a-z]{2}ak_)|" + _BODY + rb")|(?P<ends>(?<![a-z]{2}ak)(?:[\x80-\xff]|[\x01-\x7f]_)))"
    rb"|(?<=[^A-Za-z0-9]ak)(?P<free>)|\0_|_" + _BODY + rb"|(?<=[\x01-\x10]k)(?P<begins>_)|(?<=\x01k)(?P<alone>))"
)
# The same in base64, less the first letter of each form: a base may have had that one by chance.
_ENCODED = (re.compile(rb"Wtf"), re.compile(rb"X(?<=rX)[z0123]"), re.compile(rb"1(?<=a1)[89][A-Za-z0-9+/]{10}"))
_BEGINS = re.compile(
    rb"\x1f[\x8b\x9d]|PK\x03\x04|BZh|\xfd7zX|\x28\xb5\x2f\xfd|7z\xbc\xaf|!<arch|PACK|# v[23]|\x89PNG|%PDF|Rar!"
    rb"|\x04\x22\x4d|LZIP|MSCF|\xed\xab\xee|x[\x01\x5e\x9c\xda]|\]\0\0|\xff\xfe|\xfe\xff"
)
# The length of an operation, by its first byte: a copy has as many bytes behind that as it has bits, an insertion says
# how many. (Zero is reserved.)
_STEPS = tuple(1 + (byte & 0x7F).bit_count() if byte & 0x80 else 1 + byte for byte in range(256))
_LONGEST = 127  # bytes of an insertion
_HEAD = 24  # bytes of a delta in which the begin of what it makes stands, if it inserts that

# What an object hands on: a prefix or a piece of one that stands free, behind an escape, or before a body.
_CARRIED = re.compile(
    rb"k(?:(?<=[^A-Za-z0-9]ak)|_(?:"
    + _BODY
    + rb"|(?<=ak_)(?:"
    + b"|".join(rb"(?<=[\\%%=#;\[\x1b][\s\S]{%d}ak_)" % size for size in range(1, 10))
    + rb")))"
)


def in_delta(data: bytes, *, decoded: bool) -> Iterator[int]:
    """Yield where deltas, or whole objects, show a sign of a key or a piece of one. `data` may be many in a row.

    `decoded`: look for keys in encodings too.
    """
    for found in _PIECES.finditer(data):
        yield found.start()
    if decoded:
        for pattern in _ENCODED:
            for found in pattern.finditer(data):
                yield found.start()
        for _, places in hits(data):
            yield from places


def stand(delta: bytes, places: Iterable[int]) -> bool:
    """Return whether something found at these places of a delta, in their order, is more than chance."""
    before = start = end = 0
    for _ in range(2):  # the sizes of the base and of the result
        while delta[end] & 0x80:
            end += 1
        end += 1
    for at in places:
        piece = _PIECES.match(delta, at)
        if piece is None or piece.lastgroup is None:
            return True
        if _may_stand(delta, at, piece.lastgroup):
            while end <= at:
                before, start = start, end
                end += _STEPS[delta[end]]
            if not delta[start] & 0x80 and _stands(piece.lastgroup, at, start + 1, end - 1):
                # An insertion of 127 bytes goes on in the next: then the edge is not the begin of that one.
                goes_on = at == start + 2 and delta[before] == _LONGEST and delta[start - 1 : start].isalnum()
                if piece.lastgroup != "free" or not goes_on:
                    return True
    return False


def _may_stand(delta: bytes, at: int, piece: str) -> bool:
    """Return whether some operation might be such that the piece stands: to walk through all of them is dear."""
    return piece != "ends" or any(delta[at - size] == size for size in range(2, min(at, 128)))


def _stands(piece: str, at: int, first: int, last: int) -> bool:
    """Return whether a piece stands rightly in an insertion from the byte `first` to the byte `last`."""
    return piece == "free" or (piece == "begins" and first == at) or (piece in ("ends", "alone") and last == at)


def in_heads(texts: Sequence[bytes]) -> Iterator[int]:
    """Yield the numbers of those deltas, or whole objects, that may be archives, or text in UTF-16."""
    for found in _BEGINS.finditer(b"".join(text[:_HEAD].ljust(_HEAD) for text in texts)):
        yield found.start() // _HEAD
    for number, text in enumerate(texts):
        if text[257:262] == b"ustar" or text[-22:-18] == ZIP_END:
            yield number


def hands_on(data: bytes, *, decoded: bool) -> bool:
    """Return whether an object holds what a delta against it could copy, and make a key of."""
    if data[:2] == b"ak" or _CARRIED.search(data):
        return True
    return decoded and (is_archive(data) or any(True for _ in hits(data)))

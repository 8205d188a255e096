"""Cheap signs: what bytes must show for a decoder to be called at all.

Every key in every encoding that we read shows one of them. A sign has a quick pattern and then exact ones, each with
the decoder that it calls for. A quick pattern begins with one letter, the rarest there is, and looks around from there:
so written `re` reads 3 to 6 GB/s, while a pattern that begins with alternatives or with a look behind reads 0.1 to 0.3.
Exact patterns are compiled when the quick one is met (some take milliseconds, and most hooks meet none).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple


class _Sign(NamedTuple):
    quick: bytes
    exact: tuple[tuple[bytes, str], ...]  # pattern and decoder; "" is the plain reading, which is always there


# A literal or a line that goes on where the last one ended: what stands before `k_` when the `a` stands further back.
_SEAMS = b"|".join(
    (
        *(rb"(?<=a[\"'`]k)", rb"(?<=[\s+.&|~<>^\"'`@$fFrRbBuUlL][\"'`]k)", rb"(?<==\nk)", rb"(?<=\r\nk)"),
        *(rb"(?<=\\" + end + rb"[ \t]" * size + rb"k)" for end in (rb"\n", rb"\r\n") for size in range(17)),
    )
)
# An underscore as a hexadecimal number, after a k (or its number) and what the notation puts between the two.
_NOTATION = rb"[%\\xXuU{};&#=0-9: ,.amp\r\n-]"
_HEXADECIMAL = rb"5[fF](?:" + b"|".join(rb"(?<=[kbB]" + _NOTATION * size + rb"5[fF])" for size in range(10)) + rb")"
_ENTITY = rb"5(?:" + b"|".join(rb"(?<=&#" + b"0" * zeros + rb"95)" for zeros in range(6)) + rb")"
_OCTAL = rb"5(?=3\\+0?137)(?<=15)"
_COMMENT = rb"(?:(?:#|//)[^\r\n]{0,80}[\r\n]|/\*[^*]{0,80}\*/)"
_WRAP = rb"[\r\n\\][nr\r\n\\ \t>|#*/]{0,40}"

_SIGNS = (
    # ak_ itself: whole, of a length that a binary may say better, in pieces, wide, or with the underscore by its name
    _Sign(
        rb"k(?=[\"'`\\=&\0_])(?<=[a\"'`\s\0]k)",
        (
            (rb"ak_", ""),
            (rb"ak_[A-Za-z0-9]{39}", "binary"),
            (rb"ak_[A-Za-z0-9]{0,39}+[\"'`\\=<&}\xc2\xe2\xef]", "joined"),
            (rb"k(?=_)(?:" + _SEAMS + rb")", "joined"),
            (rb"ak(?=[\"'`\\=][^A-Za-z0-9]{0,60}(?:[fFrRbBuUlL]{1,2}[\"'`])?_)", "joined"),
            (rb"ak[\"'][^A-Za-z0-9\r\n/#]{0,8}" + _COMMENT + rb"[^A-Za-z0-9]{0,60}_", "joined"),
            (rb"a\0k\0_", "wide"),
            (rb"a\0\0\0k\0\0\0_", "wide"),
            (rb"ak(?:&(?:amp;)*(?:lowbar|UnderBar)|\\+(?:0?137|N\{LOW))", "escapes"),
        ),
    ),
    # an underscore as a number: hexadecimal in whatever notation, decimal in an entity, octal after an octal k
    _Sign(
        rb"5(?:[fF](?<=[kbB%xXuU05={;:, .\r\n-]5[fF])|(?<=[0#]95)|(?=3\\)(?<=15))",
        ((_HEXADECIMAL, "escapes"), (_HEXADECIMAL, "hexadecimal"), (_ENTITY, "escapes"), (_OCTAL, "escapes")),
    ),
    # base64: YWtf and its two shifted forms; the nine of those encoded again, and one of the third time; `ak_` in
    # UTF-16; gzip's first bytes, once and twice
    _Sign(rb"W(?:(?=tf)(?<=YW)|(?=Vd0Z)|(?=[DH])(?<=ZyW))", ((b"", "b64"),)),
    _Sign(rb"F(?:(?=r(?:" + _WRAP + rb")?X[z0123])|(?=8A)(?<=YQBrAF)|(?=p)(?<=V1ZkMF)|(?<=SDRzSUF))", ((b"", "b64"),)),
    _Sign(rb"h(?:(?=(?:" + _WRAP + rb")?a1[89])|(?=AGsAXw)|(?=MT)(?<=hh))", ((b"", "b64"),)),
    _Sign(rb"G(?:(?=Z)(?<=lXdG)|(?=cl[gh])(?<=[1Jd]G)|(?=ExO)(?<=aG))", ((b"", "b64"),)),
    _Sign(rb"Y(?:(?=TE[45])(?<=oY)|(?<=RnJY))", ((b"", "b64"),)),
    _Sign(rb"R(?=m)(?<=ZV3R)", ((b"", "b64"),)),
    _Sign(rb"H(?=4sI)", ((b"", "b64"),)),
)

_MARKS = frozenset((b"\xff\xfe", b"\xfe\xff"))  # of UTF-16 in either order, and of UTF-32 in one
_BIG_MARK = b"\0\0\xfe\xff"  # of UTF-32 in the other


@cache
def _quick() -> tuple[tuple[re.Pattern[bytes], tuple[tuple[bytes, str], ...]], ...]:
    return tuple((re.compile(sign.quick), sign.exact) for sign in _SIGNS)


def shows_sign(data: bytes) -> bool:
    """Return whether some reading of these bytes can hold a key. A wrong yes costs time, a wrong no a key."""
    for quick, exact in _quick():  # asked of everything that is ever read: no generator, and no call per sign
        if quick.search(data) and any(re.search(pattern, data) for pattern, _ in exact):
            return True
    return has_wide_mark(data)


def has_wide_mark(data: bytes) -> bool:
    """Return whether the bytes begin with the mark of UTF-16 or UTF-32."""
    return data[:2] in _MARKS or data[:4] == _BIG_MARK


def decoders(data: bytes) -> Iterator[str]:
    """Yield the name of each decoder that these bytes call for, once."""
    called = {""}
    if has_wide_mark(data):
        called.add("wide")
        yield "wide"
    for quick, exact in _quick():
        if all(decoder in called for _, decoder in exact) or not quick.search(data):
            continue
        for pattern, decoder in exact:
            if decoder not in called and re.search(pattern, data):
                called.add(decoder)
                yield decoder

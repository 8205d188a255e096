"""Cheap signs: what bytes must show for a decoder to be called, and where.

Every key in every encoding that we read shows one of them. A sign is one letter and what stands around it: a pattern
that begins with one letter is searched at 2.5 to 7 GB/s, one that begins with alternatives or with a look behind at 0.1
to 0.3. So it is the number of letters that costs, 0.35 s of CPU for each in a GB, and eight suffice: `k` for the key
itself, `5` for the number of an underscore, six for base64. Each stands in many forms and is rare in source.

A sign has a quick pattern, which may err, and exact ones, which are compiled when the quick one is met: that takes
milliseconds, and most hooks meet none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

from freddy_guard.decode import limits
from freddy_guard.decode.joined import ANY_SEAM


class _Sign(NamedTuple):
    """A letter with what stands around it, and the decoders to call there."""

    quick: bytes
    decoders: tuple[str, ...]
    exact: tuple[bytes, ...] = ()  # without the letter; none where the quick pattern is exact
    plain: bytes = b"(?!)"  # what is a sign, but of the plain reading alone


def _after(*texts: bytes) -> bytes:
    """Return a pattern: one of these stands before. A look behind takes alternatives of one length only."""
    return b"(?:" + b"|".join(b"(?<=" + text + b")" for text in texts) + b")"


def _broken(first: bytes, *rest: bytes) -> bytes:
    """Return a pattern for parts between which a line may end. Not an option: that would cost at each miss."""
    return first + b"(?:" + _broken(*rest) + b"|" + _BREAK + _broken(*rest) + b")" if rest else first


# The key itself: whole, of a length that a binary may know better, in pieces, wide, or with some of it in numbers.
_UNSEEN = rb"\x8b-\x8d\xa0\xad\xbf"  # the last bytes of characters that a page does not show
_CONTINUED = tuple(end + rb"[ \t]" * size for end in (rb"[\\=^]\n", rb"[\\=^]\r\n") for size in range(17))
# A word ends here (`peak_`), not an escape, of which no two letters stand together but hexadecimal digits.
_NO_WORD = rb"(?<![A-Za-z][G-Zg-z]ak_)(?<![G-Zg-z][A-Za-z]ak_)"
_KEY = _Sign(
    rb"k(?=[\"'`\\=&<{$#%\0_\xc2\xe2\xef])(?<=[a\"'`\s\0>;1" + _UNSEEN + rb"]k)",
    ("joined", "binary", "wide", "escapes"),
    (
        rb"_(?<=ak_)(?:[A-Za-z0-9]{39}|"
        + _NO_WORD
        + rb"[A-Za-z0-9]{0,38}+(?:[%\\&=][0-9A-Za-z#\\{]|"
        + ANY_SEAM
        + rb"))",
        rb"(?<=[a\"'`]k)" + ANY_SEAM + rb"_",
        rb"_(?<=[\"'`]k_)" + _after(rb"a[\"'`]k_", rb"[\s+.&|~<>^,\"'`@$fFrRbBuUlL(*{\\][\"'`]k_"),
        rb"_(?<=[\s>;" + _UNSEEN + rb"]k_)" + _after(rb"[>;" + _UNSEEN + rb"]k_", *(end + b"k_" for end in _CONTINUED)),
        rb"_(?<=[1;]k_)" + _after(rb"%61k_", rb"x61k_", rb"0061k_", rb"97;k_", rb"61;k_"),
        rb"(?<=ak)(?:&(?:amp;)*(?:lowbar|UnderBar)|\\+(?:0?137|N\{LOW|_))",
        rb"\0_(?<=a\0k\0_)|\0\0\0_(?<=a\0\0\0k\0\0\0_)",
    ),
    rb"_(?<=ak_)",
)

# An underscore as a number after a k, which may be one too: hexadecimal, decimal or octal, in whatever notation.
_ESCAPES = (
    *(rb"%", rb"%25", rb"%2525", rb"%u00", rb"=", rb"\\", rb"\\0{4}", rb"\\'"),
    *(slashes + form for slashes in (rb"\\", rb"\\{2}", rb"\\{4}") for form in (rb"x", rb"u00", rb"U0{6}")),
    *(rb"\\" + form + b"0" * zeros for form in (rb"u\{", rb"x\{") for zeros in range(5)),
    *(rb"&" + more + rb"#[xX]" + b"0" * zeros for more in (b"", b"amp;") for zeros in range(7)),
)
_ENTITIES = tuple(rb"&" + more + rb"#" + b"0" * zeros for more in (b"", b"amp;") for zeros in range(6))
_BETWEEN = (rb"[\s:,.-]", rb"\r\n", rb"[\s,:] ")
_NUMBER = _Sign(
    rb"5(?:[fF](?<=[kbB%xX05={;:, .\n'\\-]5[fF])|(?<=[0# ,]95)|(?=3\\)(?<=15))",
    ("escapes", "hexadecimal"),
    (
        rb"[fF](?<=[%=\\'xX05{]5[fF])" + _after(*(rb"[kbB;}]" + form + rb"5[fF]" for form in _ESCAPES)),
        rb"[fF](?<=[bB]5[fF])"
        + _after(*(form + rb"6[bB]5[fF]" for form in (rb"61", rb"61\s", rb"61\r\n", rb"0[: ] "))),
        rb"[fF](?<=[\s:,.-]5[fF])" + _after(*(rb"6[bB]" + form + rb"5[fF]" for form in _BETWEEN), rb"0[: ] 5[fF]"),
        rb"[fF](?<=[xX]5[fF])" + _after(rb"[bB],0[xX]5[fF]", rb"[\s,]0[xX]5[fF]"),
        rb"(?<=95)" + _after(*(rb"[k;]" + form + rb"95" for form in _ENTITIES), rb"107, 95", rb"107[, ]95"),
        rb"(?<=15)3\\+0?137",
    ),
)

# `ak_` in base64 is `YWtf`, `?FrX?` or `ha1?`, by its offset modulo 3, and `ak` with an escape behind it is much the
# same; `6b5f` and each of all these encoded again have three forms again. The rest is one form of the third time, `ak_`
# in UTF-16, and how compressed data begins: gzip, that again, bzip2, xz. A bar is where a line may end: of the doubled
# forms only after groups of four, as most widths have it.
_GOES_ON = rb"(?![^\r\n]{0,5}[ (){};:,@<>])"  # `sha1write(` does not
_FORMS: dict[bytes, tuple[tuple[bytes, bytes], ...]] = {
    b"Y": ((b"", b"|W|[ts]|[fclm9]"), (b"RnJ", b"|[Me]"), (b"o|", b"TE[45]"), (b"NjE2", b"jVm"), (b"", b"xN[mk]I1")),
    b"Z": (
        *((b"", b"y|W[DH]"), (b"", b"|V3Rm"), (b"WVd0|", b""), (b"lX|dG", b""), (b"V1", b"kMFp")),
        (b"2MT", b"[iC]N[WU]"),
    ),
    b"F": (
        *((b"", b"|r|[XJP]|[z0123DEFHTim]"), (b"YQBrA", b"8A"), (b"SDRzSU", b"")),
        *((b"Qlpo[M-O].", b"BWSZT"), (b"[/_]Td6W", b"oA"), (rb"ak\+A", b"8-")),  # the last: an underscore in UTF-7
    ),
    b"G": ((b"[1Jd]", b"|cl[gh]"), (b"a", b"Ex|O"), (b"hA", b"sAXw"), (b"", b"EAawB")),
    b"h": ((b"", b"|a|[1yz]|[089wxUYZ]" + _GOES_ON), (b"h", b"|MT[ghkl]")),
    b"4": ((b"H", b"sI[A-H]"),),
}
_END, _MORE = rb"[\r\n\\\"'`]", rb"[nr\r\n\\ \t>|#*/\"'`+.]{0,40}"
_BREAK = _END + _MORE
_BREAKS = (b"", b"\n", b"\r\n", b"\\\\n", b"\n  ", b"\n    ")


def _form(letter: bytes, before: bytes, after: bytes) -> bytes:
    """Return a pattern for what stands around a letter, in the order in which most letters fail soonest."""
    if b"|" in before:
        lefts = [before.replace(b"|", end) for end in _BREAKS]
        guard = b"(?<=[" + bytes({left[-1] for left in lefts}) + b"]" + letter + b")"
        return guard + _after(*(left + letter for left in lefts)) + after
    if not before:
        return _broken(*after.split(b"|"))
    rest = after.removeprefix(b"|")
    first = b"".join(re.findall(rb"\A(?:\[.*?\]|.)", rest))
    form = first + b"(?<=" + before + letter + first + b")" + _broken(*rest[len(first) :].split(b"|"))
    return form if rest == after else form + b"|" + _END + b"(?<=" + before + letter + _END + b")" + _MORE + rest


_READERS = {b"F": ("b64", "escapes")}

_SIGNS = (
    _KEY,
    _NUMBER,
    *(
        _Sign(
            letter + b"(?:" + b"|".join(_form(letter, *form) for form in forms) + b")", _READERS.get(letter, ("b64",))
        )
        for letter, forms in _FORMS.items()
    ),
)


@cache
def _quick() -> tuple[tuple[re.Pattern[bytes], _Sign], ...]:
    return tuple((re.compile(sign.quick), sign) for sign in _SIGNS)


def _exact(sign: _Sign, *more: bytes) -> re.Pattern[bytes]:
    """Return the exact pattern of a sign, or of it and more. What was compiled, re remembers."""
    if not sign.exact:
        return re.compile(sign.quick)
    letter, around = sign.quick[:1], sign.quick[1:]  # the quick pattern rejects most letters soonest
    return re.compile(letter + b"(?=" + around + b")(?:" + b"|".join((*more, *sign.exact)) + b")")


def shows_sign(data: bytes) -> bool:
    """Return whether some reading of these bytes can hold a key. A wrong yes costs time, a wrong no a key."""
    for quick, sign in _quick():  # asked of everything that is ever read: no generator, and no call per sign
        met = quick.search(data)
        if met and (not sign.exact or _exact(sign, sign.plain).search(data, met.start())):
            return True
    return has_wide_mark(data)


def hits(data: bytes) -> Iterator[tuple[tuple[str, ...], list[int]]]:
    """Yield where signs stand in these bytes, with the decoders to call there."""
    if has_wide_mark(data):
        yield ("wide",), [0]
    for quick, sign in _quick():
        if quick.search(data):
            found = [hit.start() for hit in islice(_exact(sign).finditer(data), limits.HITS + 1)]
            if found:
                yield sign.decoders, found


_MARKS = frozenset((b"\xff\xfe", b"\xfe\xff"))  # of UTF-16 in either order, and of UTF-32 in one
_BIG_MARK = b"\0\0\xfe\xff"  # of UTF-32 in the other


def has_wide_mark(data: bytes) -> bool:
    """Return whether the bytes begin with the mark of UTF-16 or UTF-32."""
    return data[:2] in _MARKS or data[:4] == _BIG_MARK

"""Bodies that look like a key and are none: placeholders, counted-up alphabets, words, names in camel case.

The thresholds were measured: they reject about 5 of a million random base62 bodies, 43 hexadecimal, 3 base36.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

# Words of five letters and more: by chance a body holds one of these less than once in ten million.
_WORDS = (
    rb"(?i)example|sample|placeholder|replace|change_?me|insert|dummy|redacted|secret|apikey|freddy|aitronos|notreal|"
    rb"notakey|thisis|your\w{0,12}key|test\w{0,8}key|fake\w{0,8}key|mykey|goeshere|keyhere|xxxxx|"
    rb"yourtoken|yourfreddy|yourreal|invalid|abcdef\w{0,8}abcdef|deadbeef|lorem|ipsum|foobar|password|qwerty|hunter2"
)
_RUN_OF_SIX = rb"(.)\1{5}"
_PIECES = rb"(.{2,20}?)\1+"
_CAMEL_CASE = rb"[a-z]{2,}(?:[A-Z][a-z]+)+[A-Z]?[0-9]{0,3}"


def is_placeholder(body: bytes) -> bool:
    """Return whether the part after `ak_` was made up by a person rather than drawn by a generator."""
    return bool(
        re.search(_RUN_OF_SIX, body)
        or len(set(body)) < 8
        or body.isdigit()
        or (body.isalpha() and (body.islower() or body.isupper()))
        or re.search(_WORDS, body)
        or _repeats(body)
        or _ascends(body)
        or _ascends(body[::2])
        or _ascends(body[1::2])
        or _is_camel_case(body)
        or _entropy(body) < 3
    )


def _repeats(body: bytes) -> bool:
    """Return whether a piece and its repetitions make up nearly all of the body, as in the documented example."""
    return any(len(body) - len(match[0]) <= max(8, len(match[1])) for match in re.finditer(_PIECES, body))


def _ascends(body: bytes) -> bool:
    """Return whether over 40 % of the body lies in runs that count up or down: `abcdef`, `98765`."""
    counted = run = 0
    last_step = None
    for before, after in pairwise(body):
        step = after - before
        if step in (1, -1) and step == last_step:
            run += 1
        else:
            counted += run if run >= 4 else 0
            run = 2 if step in (1, -1) else 0
        last_step = step
    counted += run if run >= 4 else 0
    return counted > 0.4 * len(body)


def _is_camel_case(body: bytes) -> bool:
    """Return whether the body reads as an identifier: words of four letters and more on average."""
    capitals = sum(1 for byte in body if 65 <= byte <= 90)
    return capitals >= 2 and len(body) >= 4 * (capitals + 1) and re.fullmatch(_CAMEL_CASE, body) is not None


def _entropy(body: bytes) -> float:
    """Return the Shannon entropy of the body's characters, in bits per character."""
    size = len(body)
    return -sum(count / size * math.log2(count / size) for count in Counter(body).values())

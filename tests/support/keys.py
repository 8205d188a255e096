"""Keys that look real and are not: drawn from a seeded generator, so that none is ever written down."""

from __future__ import annotations

import itertools
import random
import re
import string

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase

# What the markers of test data stand for: `<key>`, `<key:39>`, `<alnum:24>`, `<hex:64>`, `<upper:16>`, `<base64:44>`.
_ALPHABETS = {
    "key": BASE62,
    "alnum": BASE62,
    "hex": string.digits + "abcdef",
    "upper": string.digits + string.ascii_uppercase,
    "base36": string.digits + string.ascii_lowercase,
    "base58": "".join(char for char in BASE62 if char not in "0OIl"),
    "base64": BASE62 + "+/",
    "url": BASE62 + "-_",
}
_MARKER = re.compile(rf"<({'|'.join(_ALPHABETS)})(?::(\d+))?>")


def key(seed: int, length: int = 40, alphabet: str = BASE62) -> str:
    """Return the key of this seed, with a body of `length` characters."""
    body = random.Random(seed).choices(alphabet, k=length)  # noqa: S311 - the same key in every run is the point
    return "ak_" + "".join(body)


def expand(text: str, seed: int = 0) -> str:
    """Return the text with each marker replaced by what it stands for, the n-th drawn from the seed `seed` + n."""
    seeds = itertools.count(seed)
    return _MARKER.sub(lambda marker: _drawn(next(seeds), marker[1], int(marker[2] or 40)), text)


def _drawn(seed: int, kind: str, length: int) -> str:
    if kind == "key":
        return key(seed, length)
    padding = "=" if kind == "base64" else ""
    rng = random.Random(seed)  # noqa: S311 - as above
    while True:  # one in thirty short ones has no digit, and then it looks like a word
        drawn = "".join(rng.choices(_ALPHABETS[kind], k=length - len(padding))) + padding
        if any(char.isdigit() for char in drawn):
            return drawn

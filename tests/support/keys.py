"""Keys that look real and are not: drawn from a seeded generator, so that none is ever written down."""

from __future__ import annotations

import random
import string

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def key(seed: int, length: int = 40, alphabet: str = BASE62) -> str:
    """Return the key of this seed, with a body of `length` characters."""
    body = random.Random(seed).choices(alphabet, k=length)  # noqa: S311 - the same key in every run is the point
    return "ak_" + "".join(body)

"""What a place is, who draws what goes into it, and what a scan made of it."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.support.keys import BASE62, key

FILES, STAGED, HISTORY = MODES = ("files", "staged", "history")
HEX = "0123456789abcdef"
BASE36 = string.digits + string.ascii_lowercase
MARK = "<key>"


def as_it_is(data: bytes) -> bytes:
    """Return the bytes: the proof of a place that hides nothing."""
    return data


class Place(NamedTuple):
    """One file with one key in it; without a key, one file in which nothing must be found.

    `proof` reads the file as its owner would and must bring the key to light. `anchor` is what stands for the key in
    the file, where the key itself does not: a finding must point into it. `also` are further keys in the same file,
    each with the kind of place that it stands in. `link`: a symbolic link, and `data` is its target.
    """

    kind: str
    path: str
    data: bytes
    key: str = ""
    proof: Callable[[bytes], bytes] = as_it_is
    reach: bool = False
    anchor: bytes = b""
    also: tuple[tuple[str, str], ...] = ()
    modes: tuple[str, ...] = MODES
    link: bool = False
    near_miss: bool = False  # a warning is right, an error is not


class Draw:
    """A seeded source of keys and of everything else that should not be the same each time."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the same places in every run are the point

    def key(self, length: int | None = None) -> str:
        """Return a new key: of both lengths, and of each alphabet that a generator of keys may use."""
        alphabet = self.random.choice((BASE62, BASE62, HEX, BASE36))
        return key(self.random.getrandbits(64), length or self.random.choice((39, 40)), alphabet)

    def body(self, size: int, alphabet: str = BASE62) -> str:
        """Return the body of something that is no key."""
        return "".join(self.random.choices(alphabet, k=size))

    def word(self) -> str:
        """Return a short name, as programs are full of."""
        return "".join(self.random.choices(string.ascii_lowercase, k=self.random.randint(3, 8)))

    def lines(self, size: int) -> bytes:
        """Return about so many bytes of dull text lines that hold nothing and compress well."""
        line = f"{self.word()} = {self.word()}({self.random.randint(1, 999)})\n".encode()
        return line * (size // len(line) + 1)

    def parts(self, text: str, count: int) -> list[str]:
        """Return the text cut at random into so many pieces, none of them empty."""
        cuts = sorted(self.random.sample(range(1, len(text)), count - 1))
        return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


Family = Callable[[Draw], Iterator[Place]]


class Claim(NamedTuple):
    """What a scan must find (a key), must not find (a key in a place that is not scanned), or must admit (no key)."""

    kind: str
    key: str = ""
    reach: bool = False
    wanted: bool = True
    lines: tuple[str, int, int] | None = None  # path, first and last line that a finding may point at


class Outcome(NamedTuple):
    """What became of a claim in one mode. `alarm`: something was flagged that is no key."""

    kind: str
    mode: str
    found: bool
    reach: bool = False
    alarm: bool = False
    detail: str = ""

    @property
    def right(self) -> bool:
        return self.found and not self.alarm

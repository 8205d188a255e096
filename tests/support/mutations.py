"""Breaks files at random, from a seed: what decoders get to see when a file was cut, overwritten, or made to hurt."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

Change = Callable[[bytearray, random.Random], None]

_EDGES = (
    b"\0",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\xff\xff",
    b"\xff\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\x80",
    b"ak_",
)


def mutated(data: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """Return the data with a few changes; some of them put in what stands in the others."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 5, 8))):
        if rng.random() < 0.1:
            _insert(changed, _piece(rng.choice(others), rng), rng)
        else:
            rng.choice(_CHANGES)(changed, rng)
    return bytes(changed)


def _flip(data: bytearray, rng: random.Random) -> None:
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _overwrite(data: bytearray, rng: random.Random) -> None:
    """Overwrite with what a size, an offset or a count had better not be."""
    edge = rng.choice(_EDGES)
    at = rng.randrange(max(1, len(data)))
    data[at : at + len(edge)] = edge


def _noise(data: bytearray, rng: random.Random) -> None:
    at, size = rng.randrange(max(1, len(data))), rng.randint(1, 16)
    data[at : at + size] = rng.randbytes(size)


def _delete(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(max(1, len(data)))
    del data[at : at + rng.choice((1, 2, 16, 512, len(data)))]


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(max(1, len(data))) :]


def _repeat(data: bytearray, rng: random.Random) -> None:
    _insert(data, _piece(bytes(data), rng) * rng.choice((1, 2, 50)), rng)


def _piece(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(max(1, len(data)))
    return data[at : at + rng.choice((1, 4, 30, 512, 4000))]


def _insert(data: bytearray, piece: bytes, rng: random.Random) -> None:
    at = rng.randint(0, len(data))
    data[at:at] = piece


_CHANGES: tuple[Change, ...] = (_flip, _flip, _overwrite, _overwrite, _noise, _delete, _cut, _repeat)

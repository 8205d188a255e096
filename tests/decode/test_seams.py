"""What a delta must show for the object that it makes to be looked at, and what is chance."""

from __future__ import annotations

import pytest

from freddy_guard.decode.seams import hands_on, in_delta, in_heads, stand
from tests.support.keys import key

KEY = key(5).encode()
BODY = KEY[3:]
COPY = b"\x91\x10\x28"  # forty bytes from the sixteenth on


def delta(*operations: bytes) -> bytes:
    """Return a delta against a base of 1,000 bytes; an operation is a copy, encoded, or text to insert."""
    made = [b"\xe8\x07\xe8\x07"]
    for operation in operations:
        pieces = (operation[at : at + 127] for at in range(0, len(operation), 127))
        made += [operation] if operation is COPY else [bytes((len(piece),)) + piece for piece in pieces]
    return b"".join(made)


def shows(data: bytes) -> bool:
    return stand(data, sorted(in_delta(data, decoded=True)))


@pytest.mark.parametrize(
    "operations",
    [
        (b'"' + KEY + b'"',),
        (COPY, KEY, COPY),
        (KEY[:20], COPY),
        (b"x" * 100 + b" " + KEY,),  # the insertion is cut after 127 bytes
        (b"x" * 125 + b" " + KEY,),
        (b"x" * 124 + b" " + KEY,),
        (b' "ak', COPY),  # what is copied may go on with an underscore
        (COPY, b"k" + KEY[2:], COPY),
        (COPY, b"k_" + BODY[:6], COPY),
        (COPY, b"k", COPY),  # a letter that was forgotten
        (COPY, b"data: WVd0ZlhYWFhYWFhYWA==",),
        (COPY, b"Wtf" + b"Q" * 50, COPY),  # base64 of which the first letter was there
        (COPY, b"ak%5F" + BODY, COPY),
        (COPY, KEY.decode().encode("utf-16-le"), COPY),
        (COPY, KEY.hex().encode(), COPY),
    ],
)  # fmt: skip
def test_shown(operations: tuple[bytes, ...]) -> None:
    assert shows(delta(*operations))


@pytest.mark.parametrize(
    "operations",
    [
        (b"nothing of interest", COPY),
        (b"      break", COPY),  # a word ends here
        (b"peak_memory = 1", COPY),
        (COPY, b"x" * 126 + b"break", COPY),
        (b"task_id", COPY),
        (b"x", b"\x93ak\x40", COPY),  # numbers of a copy, which are letters by chance
    ],
)
def test_not_shown(operations: tuple[bytes, ...]) -> None:
    data = delta(*operations)
    if operations[-2].startswith(b"\x93"):
        data = delta(b"x") + operations[-2] + COPY
    assert not shows(data)


@pytest.mark.parametrize(
    ("data", "handed"),
    [
        (b'key = "ak_your_api_key_here"', True),
        (b'"\\nak_<key>"', True),
        (b"ak", True),
        (b'x = "ak"', True),
        (b"leak_" + BODY, True),  # of which a delta could copy the end
        (b"k_" + BODY, True),
        (b"the peak_memory and a break;", False),
        (b"task_id make token", False),
        (b"PK\3\4" + bytes(40), True),
        (b"\x1f\x8b\x08" + bytes(40), True),
        (b"\xff\xfea\0", True),
        (b'"ak" + "_x"', True),
    ],
)
def test_handed_on(data: bytes, handed: bool) -> None:
    assert hands_on(data, decoded=True) is handed


def test_heads() -> None:
    texts = [b"text", delta(b"\x1f\x8b\x08 and more"), b"%PDF-1.7", delta(b"\xff\xfea\0"), bytes(257) + b"ustar"]
    assert sorted(set(in_heads(texts))) == [1, 2, 3, 4]

from __future__ import annotations

import random

import pytest

from freddy_guard.rules.keys import SAMPLE
from freddy_guard.rules.placeholders import is_placeholder
from tests.support.keys import BASE62, key

HEX = "0123456789abcdef"
BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"

MADE_UP = {
    "one letter": "x" * 40,
    "one capital": "X" * 39,
    "zeros": "0" * 40,
    "a run of six": "k3J9dQ2mZ7" + "a" * 6 + "P0sX8vB4nL6tR1wE5yU9cH2g",
    "two letters": "ab" * 20,
    "few letters": "abcabdabeabfabcabdabeabfabcabdabeabfabcd",
    "digits": "4829105738264019573826401957382640195738",
    "small letters": "qwmznxbcvlaksjdhfgpoeirutyqpwmznxbcvlaks",
    "capitals": "QWMZNXBCVLAKSJDHFGPOEIRUTYQPWMZNXBCVLAKS",
    "the documented sample": SAMPLE.decode(),
    "the documented sample, 39": SAMPLE.decode()[:39],
    "a piece again and again": "a1B2c3D4" * 5,
    "a long piece twice": "kQ3mZ9xW2pL7vN4bT8sR" * 2,
    "counted up": "0123456789abcdefghijklmnopqrstuvwxyzABCD",
    "counted down": "9876543210zyxwvutsrqponmlkjihgfedcbaZYXW",
    "the alphabet, then more": "abcdefghijklmnopqrstuvwxyz0Kd93jSkq2Lm8X",
    "interleaved": "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9t0",
    "interleaved, capitals": "1A2B3C4D5E6F7G8H9I0J1K2L3M4N5O6P7Q8R9S0T",
    "camel case": "getUserAccountInformationFromRemoteSrv1",
    "camel case, capitals first": "parseConfigurationFileFromTheUserFolder1",
}
WORDS = [
    *("example", "EXAMPLE", "Sample", "placeholder", "replace", "changeme", "change_me", "insert", "dummy"),
    *("redacted", "secret", "apikey", "ApiKey", "freddy", "Aitronos", "notreal", "notakey", "thisis"),
    *("yourkey", "yourApiKey", "testkey", "testApiKey", "fakekey", "mykey", "goeshere", "keyhere", "xxxxx"),
    *("yourtoken", "invalid", "deadbeef", "lorem", "ipsum", "foobar", "password", "qwerty", "hunter2"),
]


def body(seed: int, length: int = 40, alphabet: str = BASE62) -> bytes:
    return key(seed, length, alphabet)[3:].encode()


@pytest.mark.parametrize("name", MADE_UP)
def test_bodies_that_people_make_up(name: str) -> None:
    assert is_placeholder(MADE_UP[name].encode())


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_bodies_with_a_word_in_them(word: str, where: str) -> None:
    rest = body(20, 40 - len(word)).decode()
    at = {"first": 0, "middle": len(rest) // 2, "last": len(rest)}[where]
    assert is_placeholder(f"{rest[:at]}{word}{rest[at:]}".encode())


@pytest.mark.parametrize("word", ["your", "fake", "todo", "mock", "test", "live", "prod", "key"])
def test_four_letters_are_no_proof(word: str) -> None:
    """They turn up by chance: in one of five thousand bodies each."""
    rest = body(21, 36).decode()
    assert not is_placeholder(f"{rest[:9]}{word}{rest[9:]}".encode())


def test_a_body_without_a_digit_can_be_a_key() -> None:
    letters = "".join(char for char in BASE62 if char.isalpha())
    bodies = [body(seed, 40, letters) for seed in range(200)]
    assert sum(map(is_placeholder, bodies)) <= 1


def test_short_runs_and_repeats_happen_by_chance() -> None:
    rest = body(22, 32).decode()
    for piece in ("aaaaa", "abcdef", "12345", "abab", "xyzxyz"):
        assert not is_placeholder(f"{rest[:11]}{piece}{rest[11:]}"[:40].encode()), piece


@pytest.mark.parametrize(
    ("alphabet", "most"), [(BASE62, 3), (HEX, 7), (BASE36, 3)], ids=["base62", "hex", "base36"]
)  # measured over millions: 5, 43 and 3 of a million
def test_of_random_bodies_hardly_any_is_rejected(alphabet: str, most: int) -> None:
    drawn = random.Random(alphabet)  # noqa: S311 - the same bodies every time
    bodies = ("".join(drawn.choices(alphabet, k=39 + seed % 2)).encode() for seed in range(34_000))
    assert sum(map(is_placeholder, bodies)) <= most

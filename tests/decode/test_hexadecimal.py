"""A key as the numbers of its bytes, in runs, lists and dumps."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from tests.decode.looks import KEY, look, only
from tests.support.keys import key

HEX = KEY.encode().hex()
RUNS: list[tuple[str, Callable[[str], str]]] = [
    ("lower", str),
    ("upper", str.upper),
    ("in two-byte groups", lambda run: " ".join(textwrap.wrap(run, 4))),
    ("in lines", lambda run: "\n".join(textwrap.wrap(run, 30))),
    ("in CRLF lines", lambda run: "\r\n  ".join(textwrap.wrap(run, 16))),
    *((f"parted by {mark!r}", mark.join) for mark in (" ", ":", "-", ",", "\n")),
]
LISTS = [
    ("C", lambda codes: ", ".join(f"0x{code:02x}" for code in codes)),
    ("C, upper, tight", lambda codes: ",".join(f"0X{code:02X}" for code in codes)),
    ("C, in lines", lambda codes: ",\n    ".join(f"0x{code:02x}" for code in codes)),
    ("decimal", lambda codes: ", ".join(map(str, codes))),
    ("decimal, tight", lambda codes: ",".join(map(str, codes))),
    ("decimal, by blanks", lambda codes: " ".join(map(str, codes))),
]


@pytest.mark.parametrize(("name", "write"), RUNS, ids=[name for name, _ in RUNS])
@pytest.mark.parametrize("before", ["", "key = ", "INSERT INTO k\n  VALUES (0x", "\\\\x", "sha1:da39a3ee5e6b4b0d,"])
def test_a_run_of_digits(name: str, write: Callable[[object], str], before: str) -> None:
    text = write(textwrap.wrap(HEX, 2) if name.startswith("parted") else HEX)
    seen = only(f"{before}{text};")
    assert (seen.key, seen.via) == (KEY, ("hex",))
    assert seen.start == (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)


def test_a_finding_covers_the_digits_of_the_key() -> None:
    seen = only("x: " + f"k={KEY}\n".encode().hex())
    assert (seen.start, seen.end) == ((1, 8), (1, 8 + len(HEX)))


@pytest.mark.parametrize(("name", "write"), LISTS, ids=[name for name, _ in LISTS])
@pytest.mark.parametrize("before", ["", "k=", "\n"])
def test_a_list_of_numbers(name: str, write: Callable[[list[int]], str], before: str) -> None:
    seen = only(f"bytes = {{{write(list(before.encode() + KEY.encode()))}}}")
    assert (seen.key, seen.via) == (KEY, ("hex",))


def dumped(text: bytes, form: str) -> str:
    lines = []
    for at in range(0, len(text), 16):
        row = text[at : at + 16]
        if form == "xxd":
            lines.append(f"{at:08x}: {' '.join(textwrap.wrap(row.hex(), 4)):<39}  {row.decode('ascii', 'replace')}")
        else:
            lines.append(f"{at:08x}  {row[:8].hex(' ')}  {row[8:].hex(' ')}  |{row.decode('ascii', 'replace')}|")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("form", ["xxd", "hexdump -C"])
@pytest.mark.parametrize("before", range(0, 36, 5))
def test_a_dump(form: str, before: int) -> None:
    seen = only("$ dump\n" + dumped(b"." * before + KEY.encode() + b"." * 40, form))
    assert (seen.key, seen.via, seen.start[0]) == (KEY, ("hexdump",), 2 + before // 16)


def test_each_key_of_a_long_dump_is_found_once() -> None:
    keys = [key(number) for number in range(100)]
    assert look(dumped(b"\n".join(each.encode() for each in keys), "hexdump -C")).keys == keys


@pytest.mark.parametrize(
    "text",
    [
        b"pe<key>",
        b"x_<key>",
        b"<key>xxxxx",
        b"<key>_x",
        b"ak-<body>",
        b"ak_" + b"x" * 40,
        b"ak_" + bytes(40),
        b"ak_short",
    ],
)
@pytest.mark.parametrize("write", [bytes.hex, lambda text: text.hex(" "), lambda text: ", ".join(map(str, text))])
def test_the_edges_hold_in_it(text: bytes, write: Callable[[bytes], str]) -> None:
    text = text.replace(b"<key>", KEY.encode()).replace(b"<body>", KEY[3:].encode())
    assert look(f"v: {write(b'; ' + text + b';')}.\n") == ([], [])


@pytest.mark.parametrize("digits", ["5f" * 60, "616b5f" * 40, "6b5f" + "61" * 50, "0" * 200])
def test_digits_that_spell_nothing(digits: str) -> None:
    assert look(digits) == ([], [])

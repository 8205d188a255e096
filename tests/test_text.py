"""Offsets, lines, columns and snippets, and that a file read in windows is told like one read whole."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterable

import pytest

from freddy_guard.detect import Detector
from freddy_guard.model import Document, Match, Origin, Position, Region
from freddy_guard.rules import RULES
from freddy_guard.secret import Secret
from freddy_guard.text import LEAD, TAIL, Lines, Secrets, snippet, windows
from tests.support.keys import key

KEY = key(1)
ORIGIN = Origin(path="x.txt")


def oracle(data: bytes, offset: int) -> Position:
    """Say where an offset is, the slow and simple way."""
    text = data[:offset].decode("utf-8", "replace").removeprefix("\ufeff")
    lines = re.split("\r\n|\r|\n", text)
    return Position(offset, len(lines), len(lines[-1]) + 1)


TEXTS = {
    "nothing": b"",
    "one line": b"abc",
    "LF": b"a\nbc\n\nd",
    "CRLF": b"a\r\nbc\r\n\r\nd",
    "lone CR": b"a\rbc\r\rd",
    "mixed": b"a\n\rb\r\n\nc\r\r\nd\n",
    "only ends": b"\r\n\r\r\n\n",
    "mark": b"\xef\xbb\xbfabc\nd",
    "mark alone": b"\xef\xbb\xbf",
    "two bytes": "äöü\näx".encode(),
    "three and four bytes": "€🔑x\n🔑🔑y\r\n€".encode(),
    "not UTF-8": b"a\xff\xfea\xe9\n\x80\x80b\xf0\x9f\nc\xe2\x82",
    "NUL": b"\0\0a\n\0b",
    "tabs": b"\ta\n\t\tb",
    "other line ends of Unicode": "a\u2028b\u0085c\x0bd\x0ce\n".encode(),
}


@pytest.mark.parametrize("name", TEXTS)
def test_position_of_every_offset(name: str) -> None:
    data = TEXTS[name]
    begin = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    ends = [at for at in range(begin, len(data) + 1) if not is_inside(data, at)]
    rising = Lines(Document(data, ORIGIN))
    assert [rising.position(at) for at in ends] == [oracle(data, at) for at in ends]
    falling = Lines(Document(data, ORIGIN))
    assert [falling.position(at) for at in reversed(ends)] == [oracle(data, at) for at in reversed(ends)]


def is_inside(data: bytes, at: int) -> bool:
    """Return whether an offset parts a CRLF or a character, as no match does."""
    return data[at - 1 : at + 1] == b"\r\n" or (at < len(data) and data[at] & 0xC0 == 0x80)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_position_in_wide_text(codec: str, mark: str) -> None:
    before = "first line of it\r\nthe ä second\n  "
    data = (mark + before + KEY + " more").encode(codec)
    if not mark and codec.startswith("utf-32"):
        pytest.skip("without a mark it is not told from binary data")
    start = len((mark + before).encode(codec))
    assert Lines(Document(data, ORIGIN)).position(start) == Position(start, 3, 3)


def test_positions_go_on_where_a_window_begins() -> None:
    lines = Lines(Document(b"cd\nef", ORIGIN, start=Position(100, 7, 3)))
    assert lines.position(1) == Position(101, 7, 4)
    assert lines.position(4) == Position(104, 8, 2)
    assert lines.region(0, 5) == Region(Position(100, 7, 3), Position(105, 8, 3))


def noise(chance: random.Random, size: int) -> bytes:
    """Return bytes of all kinds: text, line ends, characters of several bytes, and what is no text at all."""
    pieces = ["abc ", "\n", "\r\n", "\r", "ä", "€", "🔑", "\t", "ak_", "x=1;", " " * 7]
    raw = [piece.encode() for piece in pieces] + [b"\x80", b"\xf0\x9f", b"\0", b"\xff"]
    return b"".join(chance.choices(raw, k=size))


def told(documents: Iterable[Document]) -> list[tuple[str, str, Region]]:
    detector = Detector(RULES, depth=0)
    findings = [finding for document in documents for finding in detector.find(document, [])]
    return [(finding.rule.id, finding.fingerprint, finding.region) for finding in findings]


def whole_and_windowed(data: bytes, size: int) -> tuple[list[Document], list[Document]]:
    return [Document(data, ORIGIN)], list(windows(io.BytesIO(data).read, ORIGIN, size))


@pytest.mark.parametrize("size", [64, 65, 100, 127, 500, 1000, 4096, 5000])
@pytest.mark.parametrize("seed", range(3))
def test_windows_tell_what_the_whole_tells(seed: int, size: int) -> None:
    """Keys around every cut, in random data: same keys, same positions, each once."""
    chance = random.Random(seed)  # noqa: S311 - the same data in every run
    data = bytearray(noise(chance, 6000))
    for number, cut in enumerate(range(size, len(data), size if size >= 500 else 7 * size)):
        at = min(cut + chance.randrange(-48, 6), len(data))
        data[at:at] = chance.choice((b" ", b"\n", b"\r\n", "ä ".encode())) + key(number).encode() + b" "
    whole, pieces = whole_and_windowed(bytes(data), size)
    assert len(pieces) > 1
    assert told(pieces) == told(whole)
    assert len(told(whole)) >= 2


@pytest.mark.parametrize("shift", range(-45, 3))
def test_every_way_in_which_a_cut_can_part_a_key(shift: int) -> None:
    size = 200
    data = b"." * (size + shift) + b" " + KEY.encode() + b"\n" + b"." * (TAIL + 500)
    whole, pieces = whole_and_windowed(data, size)
    assert told(pieces) == told(whole)
    assert len(told(whole)) == 1


@pytest.mark.parametrize("glued", ["bre", "x_", "\\n", "%20", "_"])
@pytest.mark.parametrize("shift", range(-12, 2))
def test_what_stands_before_a_key_is_seen_across_the_cut(shift: int, glued: str) -> None:
    size = 200
    data = b"." * (size + shift) + glued.encode() + KEY.encode() + b"\n" + b"." * (TAIL + 500)
    whole, pieces = whole_and_windowed(data, size)
    assert told(pieces) == told(whole)


@pytest.mark.parametrize("size", [64, 100, 1000])
@pytest.mark.parametrize("length", [0, 1, TAIL - 1, TAIL, TAIL + 63, TAIL + 64, TAIL + 1000, 3 * TAIL + 1])
def test_bodies_hold_every_byte_once(size: int, length: int) -> None:
    data = noise(random.Random(length), length)[:length]  # noqa: S311 - the same data in every run
    joined = b""
    for piece in whole_and_windowed(data, size)[1]:
        begin, end = piece.body or (0, len(piece.data))
        assert piece.start.offset + begin == len(joined)
        assert begin >= min(len(joined), LEAD)
        joined += piece.data[begin:end]
    assert joined == data


def test_window_is_never_cut_within_a_character_or_a_line_end() -> None:
    for text in ("🔑", "€", "ä", "\r\n"):
        for shift in range(4):
            data = (b"." * shift) + text.encode() * 3000
            for piece in whole_and_windowed(data, 100)[1]:
                assert not is_inside(data, piece.start.offset)


def match(data: bytes, secret: str = KEY) -> Match:
    start = data.index(secret.encode())
    return Match(start, start + len(secret), Secret(secret.encode()))


MASKED = f"{KEY[:7]}…{KEY[-2:]}"
SNIPPETS = {
    "a line of its own": (f"a\n  key = {KEY}  # x\nb", f"  key = {MASKED}  # x"),
    "first and last byte": (KEY, MASKED),
    "CR ends a line": (f"a\r{KEY}\rb", MASKED),
    "tab": (f"\t{KEY}", f" {MASKED}"),
    "control characters": (f"\x1b[31m{KEY}\x07", f"\\x1b[31m{MASKED}\\x07"),
    "not UTF-8": (f"caf\udce9 {KEY}", f"caf\ufffd {MASKED}"),
    "another long word": (f"{KEY} eyJhbGciOiJIUzI1NiJ9abcdefgh", f"{MASKED} eyJh…"),
    "a long line": ("x; " * 1000 + KEY + " y;" * 1000, None),
}


@pytest.mark.parametrize("name", SNIPPETS)
def test_snippet(name: str) -> None:
    text, expected = SNIPPETS[name]
    data = text.encode("utf-8", "surrogateescape")
    found = match(data)
    shown, (start, end) = snippet(data, found, Secrets([found]))
    assert shown[start:end] == MASKED
    assert expected is None or shown == expected
    assert len(shown) <= 2 * 60 + len(MASKED)
    assert KEY not in shown


def test_snippet_masks_the_other_keys_on_the_line() -> None:
    keys = [key(number) for number in range(5)]
    data = " ".join(keys).encode()
    matches = [match(data, each) for each in keys]
    for found in matches:
        shown, _ = snippet(data, found, Secrets(matches))
        assert not any(each[10:30] in shown for each in keys)


def test_thousands_of_keys_on_one_line_are_told_in_no_time() -> None:
    """Each costs its own neighbourhood, not the whole line."""
    data = " ".join(key(number) for number in range(20_000)).encode()
    matches = [Match(at, at + 43, Secret(data[at : at + 43])) for at in range(0, len(data), 44)]
    lines, secrets = Lines(Document(data, ORIGIN)), Secrets(matches)
    regions = [lines.region(found.start, found.end) for found in matches]
    shown = [snippet(data, found, secrets) for found in matches]
    assert regions[-1].end == Position(len(data), 1, len(data) + 1)
    assert len(shown) == 20_000

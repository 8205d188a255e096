"""UTF-16 and UTF-32: texts with a mark, texts without, and texts in binaries."""

from __future__ import annotations

import codecs

import pytest

from tests.decode.looks import KEY, look, only

MARKS = {
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
ORDERS = tuple(MARKS)


@pytest.mark.parametrize("encoding", ORDERS)
@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("before", ["", "x=", "one\r\ntwo\n  ", "\nключ: "])
def test_a_text(encoding: str, marked: bool, before: str) -> None:
    text = f"{before}{KEY}\n"
    seen = only((MARKS[encoding] if marked else b"") + text.encode(encoding))
    assert (seen.key, seen.via) == (KEY, (encoding[:6],))
    # Without a mark a UTF-32 text is a binary to who counts lines.
    if marked or (encoding.startswith("utf-16") and before.isascii()):
        last = before.rpartition("\n")[2]
        line, column = before.count("\n") + 1, len(last) + 1
        assert (seen.start, seen.end) == ((line, column), (line, column + len(KEY)))


@pytest.mark.parametrize("encoding", ORDERS)
@pytest.mark.parametrize("before", [b"MZ\x90\0", b"MZ\x90", b"\x01\x57", b"text\n", b"\xff\xee\xdd\xcc"])
@pytest.mark.parametrize("after", [b"\0\0\0\0", b"\0\0\0", b"\x01\x02\x03\x04", b""])
def test_in_a_binary(encoding: str, before: bytes, after: bytes) -> None:
    found = look(before + f"K={KEY}".encode(encoding) + after)
    assert found.keys == [KEY]


@pytest.mark.parametrize("encoding", ORDERS)
def test_what_a_marked_text_holds_is_read_too(encoding: str) -> None:
    seen = only(MARKS[encoding] + f'k = "{KEY[:9]}" + "{KEY[9:]}"'.encode(encoding))
    assert (seen.key, seen.via, seen.start) == (KEY, (encoding[:6], "joined"), (1, 6))


@pytest.mark.parametrize("encoding", ORDERS)
@pytest.mark.parametrize(
    "text", ["pe<key>", "x_<key>", "<key>xxxxxx", "<key>_x", "ak-<body>", "ak_" + "x" * 40, "é<key>é"]
)
@pytest.mark.parametrize("marked", [True, False])
def test_the_edges_hold_in_it(encoding: str, text: str, marked: bool) -> None:
    text = text.replace("<key>", KEY).replace("<body>", KEY[3:])
    found = look((MARKS[encoding] if marked else b"") + f" {text} ".encode(encoding))
    assert found.keys == ([KEY] if "é" in text else [])


@pytest.mark.parametrize("size", range(1, 8))
def test_a_text_that_ends_in_the_middle_of_a_character(size: int) -> None:
    for encoding in ORDERS:
        data = b"\1" + f"  {KEY}".encode(encoding)
        assert look(data[:-size]).unread == []

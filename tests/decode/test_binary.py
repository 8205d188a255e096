"""Binaries that know better than letters where a text ends."""

from __future__ import annotations

import marshal
import pickle
import sqlite3
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.decode.looks import KEY, look, only
from tests.support.keys import key

SHORT = key(302, 39)


@pytest.mark.parametrize("text", [KEY, SHORT], ids=["40", "39"])
@pytest.mark.parametrize("after", [b"N", b"x", b"9", b"abc", b"\0", b""])
@pytest.mark.parametrize(
    "before",
    [
        b"\n<n>",
        b"\x8c<n>",
        b"X<n>\0\0\0",
        b"\0\0\0<n>",
        b"\0<n>",
        b"<n>\0",
        b"\x12<n>",
        b"\0<n>\0\0\0\0\0\0\0",
        b"\0<2n>",
    ],
)
def test_a_length_before_the_text(text: str, before: bytes, after: bytes) -> None:
    sized = before.replace(b"<n>", bytes((len(text),))).replace(b"<2n>", bytes((2 * len(text),)))
    seen = only(b"\x7fELF\0\1" + sized + text.encode() + after + b"\0\1\2")
    assert (seen.key, seen.via) == (text, ())


@pytest.mark.parametrize("protocol", range(1, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle(protocol: int) -> None:
    assert KEY in look(pickle.dumps({"k": KEY, KEY[3:20]: [1, KEY]}, protocol)).keys


@pytest.mark.parametrize("value", [KEY, [KEY, "N"], {"a": KEY, "b": None}, (KEY, 7)])
def test_what_marshal_writes(value: Any) -> None:
    assert look(marshal.dumps(value)).keys == [KEY]


@pytest.mark.parametrize("before", ["", "robin", "x" * 90, "é"])
@pytest.mark.parametrize("after", ["", "robin", 7, None, 2.5])
def test_the_columns_of_a_sqlite_row(tmp_path: Path, before: str, after: object) -> None:
    base = sqlite3.connect(tmp_path / "a.db")
    base.execute("CREATE TABLE t (a, k, b)")
    base.executemany("INSERT INTO t VALUES (?, ?, ?)", [("x", "y", n) for n in range(20)])
    base.execute("INSERT INTO t VALUES (?, ?, ?)", (before, KEY, after))
    base.commit()
    base.close()
    assert look((tmp_path / "a.db").read_bytes()).keys == [KEY]


@pytest.mark.parametrize("kind", [b"tEXt", b"iTXt"])
def test_the_text_of_a_picture_ends_where_its_chunk_does(kind: bytes) -> None:
    text = b"Comment\0" + (b"\0\0\0\0" if kind == b"iTXt" else b"") + KEY.encode()
    chunk = struct.pack(">L4s", len(text), kind) + text + b"abcd"
    data = b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">L4sL", 0, b"IEND", zlib.crc32(b"IEND"))
    assert look(data).keys == [KEY]


@pytest.mark.parametrize(
    "data",
    [
        b"a text with a plus +<key>x and no more\n",  # 43 is a plus sign in a text
        b"a text with a star *<short>xxxxxx and no more\n",
        b"\0\1\2 x<key>x \0",
        b"\0\1\x2c<key>xxx\0",  # the length of something longer
        b"\0\1\x2bpe<key>\0",
        b"\0\1\x2bak_" + b"x" * 40,
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x2b<key>x\0",  # packed: chance
    ],
)
def test_no_length_is_read_where_none_stands(data: bytes) -> None:
    data = data.replace(b"<key>", KEY.encode()).replace(b"<short>", SHORT.encode())
    assert [seen for seen in look(data, "x").seen if len(seen.key) in (42, 43)] == []

"""UTF-16 and UTF-32, with and without a byte order mark, as whole files and inside of others."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator

from tests.places.base64s import standard
from tests.places.model import Draw, Place

TEXTS = (
    ("alone", "<key>"),
    ("first", "<key> is the key\n"),
    ("last", "the key is\n<key>"),
    (
        "registry",
        'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Freddy]\r\n"Key"="<key>"\r\n',
    ),
    ("env", "PORT=1\r\nFREDDY_API_KEY=<key>\r\n"),
    ("csv", "id\tkey\n1\t<key>\tend\n"),
    ("other scripts", "密钥是<key>。ключ\r\n"),
    ("after an escape", '{"x": "one\\n<key>\\n"}'),
    ("utf-8 signs", "→ <key> ✓ \U0001f511\n"),
)
NESTED: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("of base64", lambda key: f"auth {standard(b'robin:' + key.encode())}\r\n"),
    ("of base64 of json", lambda key: f"auth {standard(json.dumps({'key': key}).encode())}\r\n"),
    ("of \\u", lambda key: json.dumps({"k": key}).replace("_", "\\u005f")),
    ("of percent codes", lambda key: f"GET /?k={key.replace('_', '%5F')}\r\n"),
    ("of joined literals", lambda key: f'$k = "{key[:3]}" + "{key[3:]}"\r\n'),
)
MARKS = {
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def places(draw: Draw) -> Iterator[Place]:
    for encoding, mark in MARKS.items():
        for bom in (True, False):
            for name, text in TEXTS:
                kind = f"{encoding}{' with a mark' if bom else ''}/{name}"
                yield _place(draw, kind, encoding, text, mark if bom else b"", reach="32" in encoding)
        yield from _long(draw, encoding, mark)
    yield from _inside(draw)
    yield from _nested(draw)


def _read(encoding: str, skip: int = 0) -> Callable[[bytes], bytes]:
    return lambda data: data[skip:].decode(encoding, "replace").encode("utf-8", "replace")


def _place(draw: Draw, kind: str, encoding: str, text: str, before: bytes = b"", *, reach: bool = False) -> Place:
    key = draw.key()
    data = before + text.replace("<key>", key).encode(encoding)
    odd = len(before) % 2
    anchor = b"" if "16" in encoding or "32" in encoding else key.encode()
    return Place(kind, "notes.txt", data, key, _read(encoding, odd), reach, anchor)


def _long(draw: Draw, encoding: str, mark: bytes) -> Iterator[Place]:
    """Texts that are longer than what a reader looks at, with the key at the end or across a boundary."""
    reach = "32" in encoding
    width = len("a".encode(encoding))
    for size in (65_536,) if reach else (65_536, 1 << 20):
        filler = draw.lines(size).decode()
        yield _place(draw, f"{encoding}/after {size} characters", encoding, filler + "<key>\n", mark, reach=reach)
        cut = (size - len(mark)) // width - 20
        across = filler[:cut] + " <key> " + filler
        yield _place(draw, f"{encoding}/across {size}", encoding, across, mark, reach=reach)


def _inside(draw: Draw) -> Iterator[Place]:
    """UTF-16 in the middle of something else, at even and odd offsets."""
    for encoding in ("utf-16-le", "utf-16-be"):
        for name, before, after in (
            ("even offset", b"MZ\x90\0\x03\0\0\0", b"\0\0"),
            ("odd offset", b"MZ\x90\0\x03\0\0", b"\0\0\0"),
            ("length before", b"\x01\x57", b"\x00\x01\x02"),
            ("in plain text", b"plain text first\n", b"\nplain text after\n"),
            ("in noise", b"\xfe\x81" + draw.random.randbytes(5001) + b"\0\0", b"\0\0" + draw.random.randbytes(500)),
        ):
            key = draw.key()
            wide = f"Key={key}".encode(encoding)
            proof = _window(encoding, len(before), len(wide))
            yield Place(f"inside/{encoding}, {name}", "app.bin", before + wide + after, key, proof, True)


def _window(encoding: str, start: int, size: int) -> Callable[[bytes], bytes]:
    return lambda data: data[start : start + size].decode(encoding).encode()


def _nested(draw: Draw) -> Iterator[Place]:
    for encoding in ("utf-16-le", "utf-16-be"):
        mark = MARKS[encoding]
        for name, spell in NESTED:
            key = draw.key()
            data = mark + spell(key).encode(encoding)
            yield Place(f"nested/{encoding} {name}", "a.ps1", data, key, _nested_proof(key), True)


def _nested_proof(key: str) -> Callable[[bytes], bytes]:
    """The layer below is proved by the families it comes from: here only that something hides the key."""
    return lambda data: b"" if key.encode() in data else key.encode()

"""Where in a file the key stands, and what stands right beside it."""

from __future__ import annotations

import string
from collections.abc import Iterator

from tests.places.model import Draw, Place

BOUNDARIES = (
    4096,
    8192,
    65536,
    100_000,
    131_072,
    262_144,
    1 << 20,
    4 << 20,
    10_000_000,
    10 << 20,
    16 << 20,
    16_777_999,
)
LINE_ENDS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r", "form feed": "\f", "NEL": "\x85", "line separator": "\u2028"}
LEFT = [
    *(set(string.punctuation) - set("_-")),
    " ",
    "\t",
    "\xa0",
    "是",
    "é",
    "→",
    "\U0001f511",
    "\u200b",
    "\ufeff",
    "\x7f",
]
RIGHT = [*(set(string.punctuation) - set("_")), " ", "\t", "\xa0", "。", "é", "…", "\U0001f511", "\u200b", "_ ", '_"']
LEGACY = {"latin-1": "é", "cp1252": "“", "gb18030": "密", "euc-kr": "키", "koi8-r": "ж", "big5": "中"}


def places(draw: Draw) -> Iterator[Place]:
    yield from _ends(draw)
    yield from _neighbours(draw)
    yield from _line_ends(draw)
    yield from _boundaries(draw)
    yield from _one_line(draw)


def _place(draw: Draw, kind: str, text: str, encoding: str = "utf-8", path: str = "notes.txt") -> Place:
    key = draw.key()
    return Place(kind, path, text.replace("<key>", key).encode(encoding), key)


def _ends(draw: Draw) -> Iterator[Place]:
    yield _place(draw, "ends/first byte", "<key>\nand more\n")
    yield _place(draw, "ends/last byte", "key:\n<key>")
    yield _place(draw, "ends/nothing else", "<key>")
    yield _place(draw, "ends/alone on its line", "one\n<key>\ntwo\n")
    yield _place(draw, "ends/after a byte order mark", "\ufeff<key>\r\n")
    yield _place(draw, "ends/after blank lines", "\n" * 3000 + "<key>")
    yield _place(draw, "ends/in a list of keys", "0," + ",".join(["ak_"] * 9) + ",<key>,ak_,ak_short")
    yield _place(draw, "ends/far to the right", " " * 70_000 + "<key>" + " " * 70_000)
    yield _place(draw, "ends/between NUL bytes", "a\0\0<key>\0\0b")
    yield _place(draw, "ends/after a control sequence", "\x1b[2J\x1b[H\x07<key>\x08")


def _neighbours(draw: Draw) -> Iterator[Place]:
    for char in sorted(LEFT):
        yield _place(draw, f"neighbours/{char!a} before", f"word{char}<key>\n")
    for char in sorted(RIGHT):
        yield _place(draw, f"neighbours/{char!a} after", f"is <key>{char}\n")
    for encoding, char in LEGACY.items():
        yield _place(draw, f"neighbours/{encoding}", f"{char}<key>{char}\n", encoding)


def _line_ends(draw: Draw) -> Iterator[Place]:
    for name, end in LINE_ENDS.items():
        yield _place(draw, f"line ends/{name}", f"one{end}<key>{end}two{end}")
    yield _place(draw, "line ends/mixed", "one\r\n\n\rtwo\r<key>\r\r\nthree\n")


def _boundaries(draw: Draw) -> Iterator[Place]:
    """Files in which a key lies across each boundary at which a reader may stop to take a breath."""
    filler = b"# all about freddy\n" + draw.lines(BOUNDARIES[-1] + 5000)
    for name, back in (
        ("cut after its prefix", 3),
        ("cut in the middle", 21),
        ("ends there", None),
        ("begins there", 0),
    ):
        data, keys = bytearray(filler), []
        for boundary in BOUNDARIES:
            key = draw.key()
            text = f" {key} ".encode()
            start = boundary - (len(key) if back is None else back) - 1
            data[start : start + len(text)] = text
            keys.append((f"chunks/{boundary} {name}", key))
        yield Place(keys[0][0], "big.txt", bytes(data), keys[0][1], also=tuple(keys[1:]))


def _one_line(draw: Draw) -> Iterator[Place]:
    code = "".join(f"function {draw.word()}(e,t){{return e+t*{n}}}" for n in range(40))
    half = code * (2_500_000 // len(code))
    yield _place(draw, "long lines/minified", f'{half}var k={{apiKey:"<key>"}};{half}', path="app.min.js")
    yield _place(draw, "long lines/minified, at its end", f'{half}k("<key>")', path="bundle.js")
    values = ",".join(str(draw.random.random()) for _ in range(5000))
    yield _place(draw, "long lines/json", f'{{"v":[{values}],"k":"<key>","w":[{values}]}}', path="big.json")

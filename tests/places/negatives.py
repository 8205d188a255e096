"""Places in which nothing must be found: look-alikes as they are and in every encoding, and noise in quantity."""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import json
import lzma
import quopri
import urllib.parse
import zlib
from collections.abc import Callable, Iterator

from tests.places import stores
from tests.places.binaries import elf, pyc
from tests.places.boxes import TGZ, ZIP
from tests.places.documents import chunk, pdf, png
from tests.places.encodings import each, only
from tests.places.lookalikes import LOOKALIKES
from tests.places.model import HEX, Draw, Place
from tests.support.keys import BASE62

# What a look-alike stands in; `@` is where.
CARRIERS = (
    ("a.txt", "@\n"),
    ("a.py", 'NAME = "@"\n'),
    ("a.json", '{"x": "one\\n@\\n"}'),
    ("a.log", "GET /v1?x%3D@%26y HTTP/1.1\n"),
    ("a.md", "See `@`, (@) and @.\n"),
    ("a.min.js", "var a={b:'@',c:1};"),
)
Encode = Callable[[str], bytes]


def _text(spell: Callable[[str], str]) -> Encode:
    return lambda text: f"value: {spell(text)}\n".encode()


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


ENCODERS: tuple[tuple[str, str, Encode], ...] = (
    ("base64", "a.yaml", _text(_b64)),
    ("base64, one byte before", "b.yaml", _text(lambda text: _b64(":" + text))),
    ("base64, two bytes before", "c.yaml", _text(lambda text: _b64("x=" + text + "\n"))),
    ("base64, url-safe", "a.jwt", _text(lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))),
    ("base64, twice", "d.yaml", _text(lambda text: _b64(_b64(text)))),
    ("hex", "a.hex", _text(lambda text: text.encode().hex())),
    ("hex, upper", "b.hex", _text(lambda text: "0x" + text.encode().hex().upper())),
    ("percent codes", "a.url", _text(each("%{:02X}"))),
    ("percent code of _", "b.url", _text(only("_", "%5F"))),
    ("form", "c.url", _text(urllib.parse.quote_plus)),
    ("\\u", "a.json", _text(each("\\u{:04x}"))),
    ("\\u of _", "b.json", _text(only("_", "\\u005f"))),
    ("\\x of _", "a.js", _text(only("_", "\\x5f"))),
    ("entities", "a.html", _text(each("&#{};"))),
    ("entity of _", "b.html", _text(only("_", "&#95;"))),
    ("html", "c.html", _text(html.escape)),
    ("quoted-printable", "a.eml", lambda text: quopri.encodestring(f"{text}\n".encode())),
    ("utf-16-le", "a.reg", lambda text: f"\ufeff{text}\r\n".encode("utf-16-le")),
    ("utf-16-be", "b.reg", lambda text: f"x={text}\r\n".encode("utf-16-be")),
    ("json in json", "c.json", lambda text: json.dumps({"a": json.dumps({"b": f"\n{text}"})}).encode()),
    ("gzip", "a.gz", lambda text: gzip.compress(text.encode(), mtime=0)),
    ("bz2", "a.bz2", lambda text: bz2.compress(text.encode())),
    ("xz", "a.xz", lambda text: lzma.compress(text.encode())),
    ("zip", "a.zip", lambda text: ZIP.pack({"a.txt": text.encode(), "b.txt": f"k={_b64(text)}".encode()})),
    ("tgz", "a.tgz", lambda text: TGZ.pack({"a.txt": text.encode()})),
    ("docx", "a.docx", lambda text: ZIP.pack({"word/document.xml": f"<w:t>{html.escape(text)}</w:t>".encode()})),
    ("pdf", "a.pdf", lambda text: pdf((b"/FlateDecode", zlib.compress(f"({text}) Tj".encode())))),
    # The full stop: right behind the text stands a checksum, and a byte of it may happen to be a letter.
    ("png", "a.png", lambda text: png(chunk(b"tEXt", b"Comment\0" + text.encode() + b"."))),
    ("program", "app", lambda text: elf(text.encode())),
    ("pyc", "a.pyc", lambda text: pyc(f"K = {text!r}\nL = 1\n")),
    ("pickle", "a.pkl", lambda text: stores.pickles(text)["protocol 4"]),
    ("protobuf", "a.pb", lambda text: stores.field(1, b"x") + stores.field(2, text.encode()[:120]) + b"\x1a\1x"),
)
# Literals that stand beside each other and are not joined. <p> is the prefix, <b> a body of the right length.
APART = (
    ("list", "a.py", 'x = ["<p>", "<b>"]\n'),
    ("list over lines", "b.py", 'x = [\n    "<p>",\n    "<b>",\n]\n'),
    ("arguments", "c.py", 'f("<p>", "<b>")\n'),
    ("keyword arguments", "d.py", 'f(prefix="<p>", body="<b>")\n'),
    ("dict", "e.py", 'x = {"<p>": "<b>"}\n'),
    ("two statements", "f.py", 'p = "<p>"\nb = "<b>"\n'),
    ("semicolon", "a.js", "p = '<p>'; b = '<b>';\n"),
    ("variable between", "g.py", 'x = "<p>" + mode + "<b>"\n'),
    ("call between", "h.py", 'x = "<p>" + f() + "<b>"\n'),
    ("call around the second", "i.py", 'x = "<p>" + load("<b>")\n'),
    ("index between", "j.py", 'x = "<p>" + y[0] + "<b>"\n'),
    ("template with a variable", "b.js", "x = `<p>${mode}<b>`;\n"),
    ("f-string with a variable", "k.py", 'x = f"<p>{mode}<b>"\n'),
    ("comparison", "l.py", 'if "<p>" == "<b>": pass\n'),
    ("membership", "m.py", 'if "<p>" in "<b>": pass\n'),
    ("condition", "n.py", 'x = "<p>" if y else "<b>"\n'),
    ("ternary", "c.js", "x = y ? '<p>' : '<b>';\n"),
    ("or", "d.js", "x = '<p>' || '<b>';\n"),
    ("comma in C", "a.c", 'const char *x[] = {"<p>", "<b>"};\n'),
    ("comma over lines in C", "b.c", 'const char *x[] = {\n  "<p>",\n  "<b>",\n};\n'),
    ("tuple in Go", "a.go", 'a, b := "<p>", "<b>"\n'),
    ("yaml list", "a.yaml", '- "<p>"\n- "<b>"\n'),
    ("yaml map", "b.yaml", 'p: "<p>"\nb: "<b>"\n'),
    ("json list", "a.json", '["<p>", "<b>"]\n'),
    ("csv", "a.csv", '"<p>","<b>"\n'),
    ("xml attributes", "a.xml", '<x p="<p>" b="<b>"/>\n'),
    ("html elements", "a.html", "<td><p></td>\n<td><b></td>\n"),
    ("sql columns", "a.sql", "INSERT INTO t VALUES ('<p>', '<b>');\n"),
    ("shell words", "a.sh", "echo '<p>' '<b>'\n"),
    ("shell words over lines", "b.sh", "echo <p> \\\n  <b>\n"),
    ("two words", "a.txt", "the prefix is <p> <b>\n"),
    ("env lines", ".env", "PREFIX=<p>\nBODY=<b>\n"),
    ("properties", "a.properties", "prefix=<p>\nbody=<b>\n"),
    ("joined to a longer word", "o.py", 'x = "pe" "<p>" + "<b>"\n'),
    ("joined with a word before", "p.py", 'x = "x_" + "<p>" + "<b>"\n'),
    ("joined and going on", "q.py", 'x = "<p>" + "<b>" + "_more"\n'),
    ("joined, too long", "r.py", 'x = "<p>" + "<b>" + "0a1b"\n'),
    ("joined, with a space", "s.py", 'x = "<p>" + " " + "<b>"\n'),
    ("multiplied", "t.py", 'x = "<p>" * 2 + "<b>"\n'),
    ("subtracted", "e.js", "x = '<p>' - '<b>';\n"),
    ("formatted elsewhere", "u.py", 'x = "%s<p>" % "<b>"\n'),
)  # fmt: skip


def look_alikes(draw: Draw) -> Iterator[Place]:
    for name, make in LOOKALIKES:
        for path, text in CARRIERS:
            yield Place(f"plain/{name} in {path}", path, text.replace("@", make(draw)).encode())
    for name, path, text in APART:
        body = draw.body(draw.random.choice((39, 40)))
        yield Place(f"apart/{name}", path, text.replace("<p>", "ak_").replace("<b>", body).encode())
    for size in (36, 37, 38, 41, 42, 43, 44):
        text = f"FREDDY_API_KEY=ak_{draw.body(size)}\n"
        yield Place(f"near miss/{size} in context", "app.cfg", text.encode(), near_miss=True)


def encoded(draw: Draw) -> Iterator[Place]:
    for name, path, encode in ENCODERS:
        for kind, make in draw.random.sample(LOOKALIKES, 40):
            yield Place(f"{name}/{kind}", path, encode(make(draw)))
        for size in (36, 38, 41, 44):
            yield Place(f"{name}/{size}", path, encode("ak_" + draw.body(size)))


def noise(draw: Draw) -> Iterator[Place]:
    """Megabytes of what files are full of, with the signs of a key sprinkled in that would make a reader look."""
    raw = draw.random.randbytes(1_500_000)
    text = base64.b64encode(raw).decode()
    yield Place("noise/bytes", "a.bin", raw)
    yield Place(
        "noise/base64 in lines", "a.pem", "\n".join(text[at : at + 64] for at in range(0, len(text), 64)).encode()
    )
    yield Place("noise/base64 in one line", "a.b64", text.encode())
    yield Place("noise/base64, url-safe", "b.b64", base64.urlsafe_b64encode(raw))
    yield Place("noise/hex", "a.hex", raw[:700_000].hex().encode())
    yield Place("noise/letters", "a.dat", "\n".join(draw.body(99) for _ in range(10_000)).encode())
    yield Place("noise/escapes", "a.js", ("k='" + "".join(f"\\x{byte:02x}" for byte in raw[:200_000]) + "'").encode())
    yield Place("noise/percent codes", "a.log", urllib.parse.quote(raw[:300_000]).encode())
    yield Place(
        "noise/wide", "a.reg", b"\xff\xfe" + "".join(draw.body(90) + "\r\n" for _ in range(3000)).encode("utf-16-le")
    )
    yield Place("noise/gzip", "a.gz", gzip.compress(draw.body(400_000).encode(), mtime=0))
    plain = ("ak%5F", "ak\\u005f", "a\0k\0_\0", "ak_", "ak&#95;", "61 6b 5f ", "616b5f", "616B5F")
    yield Place("noise/signs among letters", "b.dat", _sprinkled(draw, plain, BASE62).encode())
    encoded_signs = ("YWtf", "FrX", "hax8", "WVd0Z", "lXdG", "ZV3Rm")
    yield Place("noise/signs among base64", "c.dat", _sprinkled(draw, encoded_signs, BASE62 + "+/").encode())
    yield Place("noise/signs among hex digits", "d.dat", _sprinkled(draw, plain[6:], HEX).encode())
    tails = ("pe", "le", "bre", "kecc", "clo")
    words = [f"{draw.word()}{draw.random.choice(tails)}ak_{draw.body(45)}" for _ in range(20_000)]
    yield Place("noise/minified names", "a.min.js", ("var " + ",".join(words) + ";").encode())
    literals = ",".join(f'"{draw.body(draw.random.choice((3, 39, 40)))}"' for _ in range(20_000))
    yield Place("noise/lists of texts", "b.min.js", f'var x=["ak_",{literals},"ak_"];'.encode())


def _sprinkled(draw: Draw, signs: tuple[str, ...], alphabet: str) -> str:
    """Return lines of random letters, each with a sign in its middle: too many letters on either side of it."""
    halves = ((draw.body(61, alphabet), draw.body(draw.random.randint(60, 99), alphabet)) for _ in range(8000))
    return "\n".join(left + draw.random.choice(signs) + right for left, right in halves)

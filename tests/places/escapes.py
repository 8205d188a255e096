"""A letter before the key that is only an escape's, and keys inside quoted texts inside quoted texts."""

from __future__ import annotations

import ast
import html
import json
import urllib.parse
from collections.abc import Callable, Iterator

from tests.places.model import Draw, Place

# How it looks in the file, and in which files such a thing stands. What is before the key is a letter or a digit.
BEFORE = (
    ("\\n", "a.json", '{"x": "one\\n<key>"}'),
    ("\\t", "a.json", '{"x": "one\\t<key>\\ttwo"}'),
    ("\\r\\n", "a.json", '{"x": "one\\r\\n<key>\\r\\n"}'),
    ("\\r", "a.js", "x = 'one\\r<key>'"),
    ("\\f", "a.c", 'x = "one\\f<key>"'),
    ("\\v", "a.c", 'x = "one\\v<key>"'),
    ("\\n in source", "a.go", 'x := "one\\n<key>\\n"'),
    ("\\n in a shell", "a.sh", "printf 'one\\n<key>\\n'"),
    ("\\n in a dollar string", "b.sh", "x=$'one\\n<key>'"),
    ("\\n in yaml", "a.yaml", 'x: "one\\n<key>\\n"'),
    ("\\n in toml", "a.toml", 'x = "one\\n<key>"'),
    ("\\n in an env file", ".env", 'X="one\\n<key>"'),
    ("\\n in sql", "a.sql", "INSERT INTO x VALUES ('one\\n<key>');"),
    ("\\t in a tab separated dump", "a.txt", "one\\t<key>\\ttwo"),
    ("\\n twice", "b.json", '{"x": "one\\n\\n<key>"}'),
    ("\\n deep", "c.json", '{"x": "\\"one\\\\n<key>\\\\n\\""}'),
    ("%3D", "a.txt", "https://a.example/login?next=%2Fv1%3Fapi_key%3D<key>%26x"),
    ("%3d", "a.txt", "q=api_key%3d<key>"),
    ("%20", "a.txt", "authorization=Bearer%20<key>"),
    ("%22", "a.txt", "body=%7B%22key%22%3A%22<key>%22%7D"),
    ("%27", "a.txt", "q=%27<key>%27"),
    ("%0A", "a.txt", "text=one%0A<key>%0A"),
    ("%0D%0A", "a.txt", "text=one%0D%0A<key>"),
    ("%26", "a.txt", "x=1%26<key>"),
    ("%3A", "a.txt", "robin%3A<key>%40host"),
    ("%2F", "a.txt", "path=%2Fk%2F<key>%2F"),
    ("%2C", "a.txt", "list=a%2C<key>%2Cb"),
    ("%253D", "a.txt", "next=%252Fv1%253Fapi_key%253D<key>%2526x"),
    ("%25253D", "a.txt", "next=api_key%25253D<key>"),
    ("%u003d", "a.asp", "escape('x')=api_key%u003d<key>"),
    ("\\u003d", "a.json", '{"url": "https://a.example/?api_key\\u003d<key>\\u0026x\\u003d1"}'),
    ("\\u003D", "a.json", '{"url": "?api_key\\u003D<key>"}'),
    ("\\u0022", "a.json", '{"x": "say \\u0022<key>\\u0022"}'),
    ("\\u0026", "a.json", '{"x": "?a=1\\u0026<key>"}'),
    ("\\u000a", "a.json", '{"x": "one\\u000a<key>"}'),
    ("\\u{3d}", "a.js", "x = 'api_key\\u{3d}<key>'"),
    ("\\U0000003d", "a.py", "x = 'api_key\\U0000003d<key>'"),
    ("\\N{EQUALS SIGN}", "a.py", "x = 'api_key\\N{EQUALS SIGN}<key>'"),
    ("\\x3d", "a.js", "x = 'api_key\\x3d<key>\\x26'"),
    ("\\x22", "a.html", "data('\\x22key\\x22:\\x22<key>\\x22')"),
    ("\\x0a", "a.py", "x = 'one\\x0a<key>'"),
    ("\\x0A", "a.log", "one\\x0A<key>\\x0A"),
    ("\\x{3d}", "a.pl", 'x = "api_key\\x{3d}<key>"'),
    ("=3D", "a.eml", "Content-Transfer-Encoding: quoted-printable\n\napi_key=3D<key>\n"),
    ("=3D=22", "a.eml", "Content-Transfer-Encoding: quoted-printable\n\n<a key=3D=22<key>=22>\n"),
    ("=20", "a.eml", "Content-Transfer-Encoding: quoted-printable\n\nkey:=20<key>\n"),
    ("=0A", "a.vcf", "NOTE;ENCODING=QUOTED-PRINTABLE:one=0A<key>=0A\n"),
    ("=09", "a.eml", "Content-Transfer-Encoding: quoted-printable\n\nkey=09<key>\n"),
    ("\\075", "a.sh", "printf 'api_key\\075<key>'"),
    ("\\042", "a.c", 'x = "say \\042<key>\\042"'),
    ("\\012", "a.sql", "E'one\\012<key>'"),
    ("\\040", "fstab", "/srv/my\\040<key> /mnt none\n"),
    ("&#61;", "a.html", "<a href='?api_key&#61;<key>&amp;x'>"),
    ("&#x3d;", "a.html", "<a href='?api_key&#x3d;<key>'>"),
    ("&quot;", "a.html", "<a data-x='{&quot;key&quot;:&quot;<key>&quot;}'>"),
    ("&nbsp;", "a.html", "<p>key&nbsp;<key>&nbsp;</p>"),
)
COLOURS = (
    "[33m", "[m", "[0m", "[1m", "[1;31m", "[01;32m", "[0;1;33m", "[38;5;208m", "[38;2;255;100;0m", "[48;5;16m",
    "[39;49m",    "[31;1;4m", "[4:3m", "[01;31m\x1b[K", "[K", "[0K", "[32m\x1b[m\x1b[32m", "(B\x1b[m",
)  # fmt: skip
WRITTEN = (
    "\\x1b[32m",
    "\\033[0;31m",
    "\\e[1m",
    "\\u001b[36m",
    "\\x1B[38;5;9m",
    "^[[33m",
    "\\\\x1b[32m",
    "\\u{1b}[1m",
    "#{e}[31m",
)
BEYOND = (
    ("\\b", "a.c", 'x = "one\\b<key>"'),
    ("\\a", "a.c", 'x = "one\\a<key>"'),
    ("\\0", "a.c", 'x = "one\\0<key>"'),
    ("\\e", "a.rb", 'x = "one\\e<key>"'),
    ("\\uuu003d", "A.java", 'x = "api_key\\uuu003d<key>"'),
    ("#012", "syslog", "May  4 03:02:01 host app: one#012<key>#012two"),
    ("_x003D_", "a.xml", "<t>api_key_x003D_<key></t>"),
    ("cursor movement", "a.log", "\x1b[2K\x1b[1G<key>"),
)


def places(draw: Draw) -> Iterator[Place]:
    for reach, table in ((False, BEFORE), (True, BEYOND)):
        for name, path, text in table:
            yield _place(draw, f"before/{name}", path, text, reach=reach)
    for colour in COLOURS:
        yield _place(draw, f"colour/{colour!r}", "build.log", f"key: \x1b{colour}<key>\x1b[0m done\n")
    for colour in WRITTEN:
        yield _place(draw, f"colour/written {colour}", "a.sh", f'echo "key {colour}<key>\\x1b[0m"\n')
    yield from _after(draw)
    yield from _inside(draw)


def _place(draw: Draw, kind: str, path: str, text: str, *, reach: bool = False) -> Place:
    key = draw.key()
    return Place(kind, path, text.replace("<key>", key).encode(), key, reach=reach)


def _after(draw: Draw) -> Iterator[Place]:
    for escape in (
        "\\n",
        "\\u0026",
        "\\x22",
        "%26",
        "%22",
        "=20",
        "=\n",
        "&amp;",
        "\\\\n",
        '\\"',
        "\\",
        "\x1b[0m",
        "\\x1b[m",
    ):
        yield _place(draw, f"after/{escape!r}", "a.txt", f'x: "<key>{escape} and more"')


def _inside(draw: Draw) -> Iterator[Place]:
    """JSON inside JSON inside JSON, and what other languages make of a quoted text with a line break in it."""
    for text in ('{"key": "<key>"}', "one\n<key>\ttwo", "?a=<key>&b", '"<key>"'):
        for depth in (1, 2, 3, 4):
            key = draw.key()
            inner = text.replace("<key>", key)
            for _ in range(depth):
                inner = json.dumps({"body": inner})
            yield Place(f"inside/json {depth} deep around {text!r}", "a.json", inner.encode(), key, _json_proof(depth))
    for name, path, quote, unquote in QUOTES:
        key = draw.key()
        data = quote(f'one=\n{key}\r\n"two"').encode()
        yield Place(f"inside/{name}", path, data, key, _proof(unquote))


def _unquote_twice(text: str) -> str:
    return urllib.parse.unquote(urllib.parse.unquote(text))


def _proof(unquote: Callable[[str], str]) -> Callable[[bytes], bytes]:
    return lambda data: unquote(data.decode()).encode()


def _json_proof(depth: int) -> Callable[[bytes], bytes]:
    def read(data: bytes) -> bytes:
        text = data.decode()
        for _ in range(depth):
            text = json.loads(text)["body"]
        return text.encode()

    return read


QUOTES: tuple[tuple[str, str, Callable[[str], str], Callable[[str], str]], ...] = (
    ("python repr", "a.py", repr, ast.literal_eval),
    ("form value", "a.txt", urllib.parse.quote_plus, urllib.parse.unquote_plus),
    ("form value twice", "b.txt", lambda text: urllib.parse.quote(urllib.parse.quote(text)), _unquote_twice),
    ("html attribute", "a.html", lambda t: html.escape(json.dumps(t)), lambda t: str(json.loads(html.unescape(t)))),
    (
        "json in a form",
        "c.txt",
        lambda t: urllib.parse.quote(json.dumps(t)),
        lambda t: str(json.loads(urllib.parse.unquote(t))),
    ),
    (
        "json in python",
        "b.py",
        lambda t: repr(json.dumps({"x": t})),
        lambda t: str(json.loads(ast.literal_eval(t))["x"]),
    ),
)

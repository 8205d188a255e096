"""Base64: at its three offsets, wrapped, unpadded, url-safe, and in all that carries it."""

from __future__ import annotations

import base64
import bz2
import gzip
import json
import lzma
import re
import textwrap
import urllib.parse
import zlib
from collections.abc import Callable, Iterator

from tests.places.model import Draw, Place

Encode = Callable[[bytes], str]


def standard(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unpadded(data: bytes) -> str:
    return standard(data).rstrip("=")


def url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def url_safe_unpadded(data: bytes) -> str:
    return url_safe(data).rstrip("=")


def squeezed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def decode(token: str) -> bytes:
    """Read base64 of any alphabet, padded or not, with whatever is between the characters."""
    clean = re.sub(r"[^A-Za-z0-9+/_-]", "", token).translate(str.maketrans("-_", "+/"))
    clean = clean[: len(clean) - (len(clean) % 4 == 1)]
    return base64.b64decode(clean + "=" * (-len(clean) % 4))


ENCODERS: tuple[tuple[str, Encode], ...] = (
    ("standard", standard),
    ("unpadded", unpadded),
    ("url-safe", url_safe),
    ("url-safe unpadded", url_safe_unpadded),
)
# What is encoded, the key with what stands around it. Between them they lie at all three offsets.
INNER = (
    ("alone", "<key>"),
    ("with a newline", "<key>\n"),
    ("after one byte", ":<key>"),
    ("after two bytes", "k=<key>"),
    ("basic auth, as the password", "robin:<key>"),
    ("basic auth, as the user", "<key>:"),
    ("env file", "PORT=1\nFREDDY_API_KEY=<key>\nDEBUG=0\n"),
    ("json", '{"api_key": "<key>", "n": 1}'),
    ("json with an escape", '{"text": "one\\n<key>"}'),
    ("not ascii", "ключ → <key> ✓"),
)
# What the token stands in. <b64> is standard base64 of the inner text, <url> is url-safe and unpadded.
CARRIERS = (
    ("k8s secret", "secret.yaml", "kind: Secret\ndata:\n  key: <b64>\ntype: Opaque\n"),
    ("k8s secret in json", "secret.json", '{"kind": "Secret", "data": {"key": "<b64>"}}'),
    ("sealed in a list", "list.yaml", "- one\n- '<b64>'\n- two\n"),
    ("basic auth header", "headers.txt", "Authorization: Basic <b64>\r\nHost: a.example\r\n"),
    ("basic auth in curl", "a.sh", "curl -H 'Authorization: Basic <b64>' https://a.example\n"),
    ("docker auth", ".docker/config.json", '{"auths": {"a.example": {"auth": "<b64>"}}}'),
    ("npm auth", ".npmrc", "//registry.example.org/:_auth=<b64>\n"),
    ("env value", ".env", "CREDENTIALS=<b64>\n"),
    ("env value, url-safe", ".env.local", "CREDENTIALS=<url>\n"),
    ("jwt payload", "jwt.txt", "token: eyJhbGciOiJIUzI1NiJ9.<url>.c2lnbmF0dXJl\n"),
    ("jwt header", "jwt2.txt", "Bearer <url>.eyJzdWIiOiIxIn0.c2lnbmF0dXJl\n"),
    ("data uri", "a.html", '<a href="data:text/plain;base64,<b64>">key</a>'),
    ("data uri in css", "a.css", "a{background:url(data:application/json;charset=utf-8;base64,<b64>)}"),
    (
        "har body",
        "a.har",
        '{"response": {"content": {"mimeType": "text/plain", "text": "<b64>", "encoding": "base64"}}}',
    ),
    ("json with escaped slashes", "slashes.json", '{"auth":"<slashes>"}'),
    ("json in json", "deep.json", '{"body": "{\\"auth\\": \\"<b64>\\"}"}'),
    ("url query", "a.log", "GET /cb?state=<percent>&x=1 HTTP/1.1\n"),
    ("url query, url-safe", "b.log", "GET /cb?state=<url>&x=1 HTTP/1.1\n"),
    ("cookie", "cookies.txt", "Set-Cookie: session=<percent>; Path=/; HttpOnly\r\n"),
    ("signed cookie", "c.log", "Cookie: session=<url>.ZYx1Ag.c2lnbmF0dXJl\r\n"),
    ("xml element", "a.xml", "<data encoding='base64'><b64></data>\n"),
    ("plist data", "a.plist", "<key>k</key>\n<data>\n\t<b64>\n</data>\n"),
    ("source", "a.js", "const k = atob('<b64>');\n"),
    ("source, one letter before", "b.py", "KEY = b64decode(b'<b64>')\n"),
    ("shell", "b.sh", "echo <b64> | base64 -d\n"),
    ("csv", "a.csv", "1,<b64>,x\n"),
    ("markdown", "README.md", "Decode `<b64>` first.\n"),
    ("sql", "a.sql", "INSERT INTO s VALUES (FROM_BASE64('<b64>'));\n"),
    ("ldif", "a.ldif", "dn: cn=robin\nuserPassword:: <b64>\n"),
    ("cloud-init", "user-data", "write_files:\n- encoding: b64\n  content: <b64>\n  path: /etc/key\n"),
    ("tfstate", "terraform.tfstate", '{"attributes": {"user_data_base64": "<b64>"}}'),
    ("first byte", "first.txt", "<b64>\n"),
    ("only", "only.txt", "<b64>"),
    ("after an escape", "a.json", '{"x": "key:\\n<b64>\\n"}'),
    ("after a percent code", "d.log", "q=auth%3D<percent>%26x\n"),
    ("after a colour", "build.log", "\x1b[32m<b64>\x1b[0m\n"),
    ("minified", "app.min.js", "<js>var a=atob('<b64>');<js>"),
    ("notebook", "a.ipynb", '{"cells": [{"source": ["k = \\"<b64>\\"\\n"]}]}'),
)
# How a long token is broken into lines: name, file, width, prefix of each line, end of each line.
WRAPS = (
    ("64", "a.pem", 64, "", "\n"),
    ("76 CRLF", "mime.eml", 76, "", "\r\n"),
    ("76 LF", "a.b64", 76, "", "\n"),
    ("60", "a.txt", 60, "", "\n"),
    ("70 with CR", "mac.txt", 70, "", "\r"),
    ("100", "b.txt", 100, "", "\n"),
    ("20", "narrow.txt", 20, "", "\n"),
    ("yaml block", "block.yaml", 64, "    ", "\n"),
    ("yaml block CRLF", "block2.yaml", 76, "      ", "\r\n"),
    ("tabs", "tabs.txt", 48, "\t\t", "\n"),
    ("quoted mail", "reply.eml", 72, "> ", "\n"),
    ("ldif fold", "fold.ldif", 76, " ", "\n"),
    ("python comment", "a.py", 76, "# ", "\n"),
    ("shell continuation", "a.sh", 64, "", "\\\n"),
    ("escaped newlines", "a.json", 64, "", "\\n"),
    ("escaped CRLF", "b.json", 76, "", "\\r\\n"),
)


def places(draw: Draw) -> Iterator[Place]:
    for name, encode in ENCODERS:
        for inner, text in INNER:
            yield _place(draw, f"{name}/{inner}", "x.txt", "auth <token> end\n", text, encode)
    yield from _carried(draw)
    yield from _wrapped(draw)
    yield from _twice(draw)
    yield from _source_map(draw)
    yield from _reach(draw)


def _place(
    draw: Draw, kind: str, path: str, outer: str, inner: str, encode: Encode, *, reach: bool = False
) -> Place:  # fmt: skip
    key = draw.key()
    token = encode(inner.replace("<key>", key).encode())
    assert key.encode() not in token.encode()
    data = outer.replace("<token>", token).encode()
    return Place(kind, path, data, key, lambda _: decode(token), reach, token.encode())


def _carried(draw: Draw) -> Iterator[Place]:
    code = "".join(f"function {draw.word()}(e){{return e*{n}}}" for n in range(9)) * 5000
    for name, path, outer in CARRIERS:
        inner, text = draw.random.choice(INNER)
        key = draw.key()
        data = text.replace("<key>", key).encode()
        forms = {
            "<b64>": standard(data),
            "<url>": url_safe_unpadded(data),
            "<percent>": urllib.parse.quote(standard(data), safe=""),
            "<slashes>": standard(data).replace("/", "\\/"),
        }
        form = next(mark for mark in forms if mark in outer)
        token = forms[form]
        filled = outer.replace(form, token).replace("<js>", code).encode()
        proof = _reader(token.replace("\\/", "/"))
        yield Place(f"carried/{name}, {inner}", path, filled, key, proof, anchor=token.encode())


def _reader(token: str) -> Callable[[bytes], bytes]:
    return lambda _: decode(urllib.parse.unquote(token))


def _wrapped(draw: Draw) -> Iterator[Place]:
    for name, path, width, prefix, end in WRAPS:
        for where, size in (("short", 0), ("long", 700)):
            key = draw.key()
            before, after = draw.lines(size)[: size + draw.random.randint(0, 5)], draw.lines(size)[:size]
            lines = textwrap.wrap(standard(before + b"\nK=" + key.encode() + b"\n" + after), width)
            block = end.join(prefix + line for line in lines) + end
            text = _block(path, block)
            plain = block.replace("\\n", "").replace("\\r", "")
            yield Place(f"wrapped/{name}, {where}", path, text.encode(), key, _reader(plain), anchor=block.encode())


def _block(path: str, block: str) -> str:
    """Return a wrapped token in the kind of file that has such ones."""
    if path.endswith(".pem"):
        return f"-----BEGIN DATA-----\n{block}-----END DATA-----\n"
    if path.endswith(".eml"):
        return f"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n{block}\r\n--b--\r\n"
    if path.endswith(".yaml"):
        return f"data:\n  key: |\n{block}next: 1\n"
    if path.endswith(".json"):
        return f'{{"data": "{block}", "n": 1}}'
    if path.endswith(".ldif"):
        return f"dn: cn=robin\nuserPassword::\n{block}cn: robin\n"
    if path.endswith(".sh"):
        return f"base64 -d <<< {block}\n"
    return f"some data:\n\n{block}\nend.\n"


def _twice(draw: Draw) -> Iterator[Place]:
    for first, outer in ENCODERS:
        for second, inner in ENCODERS:
            for name, text in draw.random.sample(INNER, 3):
                encode = _chain(inner, outer)
                place = _place(draw, f"double/{second} in {first}, {name}", "x.txt", "v: <token>\n", text, encode)
                yield place._replace(proof=_layers(place.proof, decode))
    key = draw.key()
    auths = json.dumps({"auths": {"a.example": {"auth": standard(b"robin:" + key.encode())}}})
    token = standard(auths.encode())
    text = f"type: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: {token}\n"
    proof = _layers(_reader(token), lambda t: decode(json.loads(t)["auths"]["a.example"]["auth"]))
    yield Place("double/dockerconfigjson", "pull.yaml", text.encode(), key, proof, anchor=token.encode())
    key = draw.key()
    lines = textwrap.wrap(standard(f"user={standard(key.encode())}\n".encode() * 3), 76)
    token = "\r\n".join(lines)
    proof = _layers(_reader(token), lambda t: decode(t.split("=")[1]))
    yield Place("double/mime", "a.eml", f"\r\n{token}\r\n".encode(), key, proof, anchor=token.encode())


def _chain(*steps: Encode) -> Encode:
    def encode(data: bytes) -> str:
        for step in steps:
            data = step(data).encode()
        return data.decode()

    return encode


def _layers(first: Callable[[bytes], bytes], *rest: Callable[[str], bytes]) -> Callable[[bytes], bytes]:
    def read(data: bytes) -> bytes:
        data = first(data)
        for step in rest:
            data = step(data.decode("latin-1"))
        return data

    return read


def _source_map(draw: Draw) -> Iterator[Place]:
    for name, source in (
        ("source map", "const k = '<key>';\n"),
        ("source map, long", "x();\n" * 4000 + 'k("<key>");\n'),
    ):
        key = draw.key()
        content = json.dumps({"version": 3, "sources": ["a.ts"], "sourcesContent": [source.replace("<key>", key)]})
        token = standard(content.encode())
        text = f"f();\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,{token}"
        yield Place(f"carried/{name}", "a.js", text.encode(), key, _reader(token), anchor=token.encode())


def _reach(draw: Draw) -> Iterator[Place]:
    inner = '{"config": {"freddy": {"apiKey": "<key>"}}, "pad": "aaaaaaaaaaaaaaaa"}'
    for name, pack, unpack in (
        ("gzip", squeezed, gzip.decompress),
        ("zlib", zlib.compress, zlib.decompress),
        ("bz2", bz2.compress, bz2.decompress),
        ("xz", lzma.compress, lzma.decompress),
        ("utf-16", lambda data: data.decode().encode("utf-16-le"), lambda data: data.replace(b"\0", b"")),
    ):  # fmt: skip
        place = _place(draw, f"of other things/{name}", "x.yaml", "v: <token>\n", inner, _packed(pack, 1), reach=True)
        yield place._replace(proof=_layers(place.proof, _unpacked(unpack)))
    place = _place(
        draw,
        "of other things/helm release",
        "release.yaml",
        "data:\n  release: <token>\n",
        inner,
        _packed(squeezed, 2),
        reach=True,
    )
    yield place._replace(proof=_layers(place.proof, decode, _unpacked(gzip.decompress)))
    place = _place(draw, "triple", "x.txt", "v: <token>\n", inner, _chain(standard, standard, standard), reach=True)
    yield place._replace(proof=_layers(place.proof, decode, decode))
    key = draw.key()
    token = standard(f'Set-Item -Path env:FREDDY -Value "{key}"'.encode("utf-16-le"))
    text = f"powershell -EncodedCommand {token}\r\n"
    proof = _layers(_reader(token), lambda data: data.replace("\0", "").encode("latin-1"))
    yield Place("of other things/powershell", "a.bat", text.encode(), key, proof, True, token.encode())
    key = draw.key()
    token = standard(f"key={key} and more of it".encode())
    parts = " +\n    ".join(f'"{part}"' for part in textwrap.wrap(token, 30))
    yield Place("of other things/in joined literals", "a.js", f"x = {parts};\n".encode(), key, _reader(token), True)


def _packed(pack: Callable[[bytes], bytes], times: int) -> Encode:
    return lambda data: _chain(*[standard] * times)(pack(data))


def _unpacked(unpack: Callable[[bytes], bytes]) -> Callable[[str], bytes]:
    return lambda text: unpack(text.encode("latin-1"))

"""Names that hold a key, and keys in files with names that trip a reader up."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from tests.places.model import Draw, Place

# A key is in the name.
KEYED = (
    ("file", "<key>"),
    ("file with an extension", "<key>.txt"),
    ("file after a dot", "backup.<key>.json"),
    ("file after a space", "the key <key> is live.txt"),
    ("file after an equals sign", "curl?api_key=<key>&x=1"),
    ("file after a percent code", "index.html%3Fapi_key%3D<key>"),
    ("file after an at sign", "robin@<key>"),
    ("file in brackets", "key (<key>).txt"),
    ("file, not ascii", "密钥是<key>.txt"),
    ("hidden file", ".<key>"),
    ("folder", "<key>/notes.txt"),
    ("folder in a folder", "a/b/<key>/c/d.txt"),
    ("folder after an equals sign", "run/key=<key>/part-0.csv"),
    ("file of no bytes", "<key>.empty"),
)
# The name is hard to handle, the key is in the file.
HARD = (
    ("newline", "one\ntwo.txt"),
    ("carriage return", "one\rtwo.txt"),
    ("tab", "one\ttwo.txt"),
    ("quotes", 'it\'s "quoted".txt'),
    ("backslash", "one\\two.txt"),
    ("escape", "one\x1b[31mtwo.txt"),
    ("space first", " leading.txt"),
    ("space last", "trailing.txt "),
    ("dot last", "trailing."),
    ("leading dash", "-rf.txt"),
    ("two dashes", "--help"),
    ("pathspec magic", ":(exclude)x.txt"),
    ("pathspec short magic", ":!x.txt"),
    ("glob", "*?[a-z].txt"),
    ("percent", "100%s%41.txt"),
    ("dollar", "$(touch x) ${HOME} `id`.txt"),
    ("semicolon", "a;b|c&d.txt"),
    ("hash", "#file#"),
    ("tilde", "~root"),
    ("at sign", "@{u}"),
    ("emoji", "\U0001f511\U0001f469‍\U0001f4bb.txt"),
    ("right to left", "gnp.\u202etxt"),
    ("combining", "cafe\u0301.txt"),
    ("line separator", "one\u2028two.txt"),
    ("a name of 255 bytes", "x" * 251 + ".txt"),
    ("a device of Windows", "con.txt"),
    ("like a lock", "index.lock"),
    ("like an object", "objects/ab/cdef"),
    ("like a repository", "x.git/HEAD"),
    ("like an option of git", "HEAD"),
    ("hidden folder", ".cache/.deep/.x"),
    ("vendored", "node_modules/x/index.js"),
    ("built", "dist/app.js"),
    ("virtual environment", "venv/lib/site.py"),
    ("lock file", "package-lock.json"),
    ("test data", "tests/fixtures/data.txt"),
    ("example", "examples/example.py"),
    ("swap file", ".config.swp"),
    ("backup", "config.py~"),
    ("deep", "/".join(["d"] * 200) + "/x.txt"),
)
URLS = (
    "https://robin:<key>@git.example.org/x.git",
    "https://git.example.org/x.git?key=<key>",
    "ssh://<key>@a.example/x",
)


def places(draw: Draw) -> Iterator[Place]:
    for name, path in KEYED:
        key = draw.key()
        yield Place(f"keyed/{name}", path.replace("<key>", key), b"" if "no bytes" in name else b"x\n", key)
    for name, path in HARD:
        key = draw.key()
        yield Place(f"hard/{name}", path, f"key = {key}\n".encode(), key)
    yield from _long(draw)
    yield from _links(draw)
    yield from _entries(draw)
    if sys.platform == "linux":
        for name, raw in (
            ("latin-1", b"caf\xe9.txt"),
            ("any byte", bytes(range(128, 256))),
            ("in a folder", b"\xff/\xfe.txt"),
        ):
            key = draw.key()
            yield Place(f"bytes/{name}", os.fsdecode(raw), f"key = {key}\n".encode(), key)
        key = draw.key()
        yield Place("bytes/with the key", os.fsdecode(b"\xff" + key.encode() + b"\xfe"), b"x\n", key)


def _long(draw: Draw) -> Iterator[Place]:
    """Paths of up to four kilobytes: longer than the system takes at once, once it stands in a folder."""
    for size in (1000, 3000, 3950):
        key = draw.key()
        parts = ["p" * 100] * (size // 101)
        yield Place(f"long/{size} bytes", "/".join((*parts, "x.txt")), f"{key}\n".encode(), key)
    key = draw.key()
    yield Place("long/with the key at its end", "/".join(["q" * 200] * 12 + [f"{key}.txt"]), b"x\n", key)


def _links(draw: Draw) -> Iterator[Place]:
    targets = {
        "target": "<key>",
        "folder": "/run/<key>/x",
        "url": "https://a.example/?k=<key>",
        "dangling": "../<key>.txt",
    }
    for name, target in targets.items():
        key = draw.key()
        yield Place(f"links/{name}", "link", target.replace("<key>", key).encode(), key, link=True)
    key = draw.key()
    yield Place("links/named so", f"{key}.lnk", b"nowhere", key, link=True)


def _entries(draw: Draw) -> Iterator[Place]:
    for number, url in enumerate(URLS):
        key = draw.key()
        text = f'[submodule "x"]\n\tpath = x\n\turl = {url}\n'.replace("<key>", key)
        yield Place(f"entries/gitmodules {number}", ".gitmodules", text.encode(), key)

"""Compressed files and archives, of every make, and one in the other."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import itertools
import json
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping

from tests.places import boxes
from tests.places.base64s import standard
from tests.places.boxes import AR, BZ2, GZ, TAR, TBZ, TGZ, TXZ, XZ, ZIP, Box, Files, Pack, tarred, zipped
from tests.places.model import Draw, Place

Unpack = Callable[[bytes], list[bytes]]


def under(folder: str, box: Box = ZIP) -> Pack:
    """Return how to pack files in a folder of the archive."""
    return lambda files: box.pack({f"{folder}/{name}": data for name, data in files.items()})


def gem(files: Files) -> bytes:
    return TAR.pack({"metadata.gz": b"", "data.tar.gz": TGZ.pack(files)})


def deb(box: Box) -> Pack:
    name = f"data{box.suffix}"
    return lambda files: AR.pack({"debian-binary": b"2.0\n", "control.tar.gz": b"x", name: box.pack(files)})


# All that is a container, with the file names that it goes by.
MADE: tuple[tuple[str, str, Pack, Unpack], ...] = (
    ("gzip/plain", "app.log.1.gz", boxes.gz, GZ.unpack),
    ("gzip/several members", "app.log.2.gz", boxes.gz_in_members, GZ.unpack),
    ("gzip/all header fields", "env.gz", boxes.gz_with_header, GZ.unpack),
    ("gzip/zeros after it", "tape.gz", lambda files: boxes.gz(files) + bytes(600), GZ.unpack),
    ("gzip/stored", "level0.gz", lambda files: gzip.compress(boxes.only(files), 0, mtime=0), GZ.unpack),
    ("bzip2/plain", "a.bz2", BZ2.pack, BZ2.unpack),
    ("bzip2/several streams", "b.bz2", lambda files: bz2.compress(b"one\n" * 50) + BZ2.pack(files), BZ2.unpack),
    ("xz/plain", "a.xz", XZ.pack, XZ.unpack),
    ("xz/several streams", "b.xz", lambda files: lzma.compress(b"one\n" * 50) + XZ.pack(files), XZ.unpack),
    ("zip/deflated", "a.zip", ZIP.pack, ZIP.unpack),
    ("zip/stored", "b.zip", zipped(zipfile.ZIP_STORED), ZIP.unpack),
    ("zip/bzip2", "c.zip", zipped(zipfile.ZIP_BZIP2), ZIP.unpack),
    ("zip/lzma", "d.zip", zipped(zipfile.ZIP_LZMA), ZIP.unpack),
    ("zip/data descriptors", "e.zip", zipped(stream=True), ZIP.unpack),
    ("zip/data descriptors, stored", "f.zip", zipped(zipfile.ZIP_STORED, stream=True), ZIP.unpack),
    ("zip/level 9", "g.zip", zipped(level=9), ZIP.unpack),
    ("zip/bytes after it", "h.zip", lambda files: ZIP.pack(files) + b"\n", ZIP.unpack),
    ("zip/self-extracting", "setup.exe", zipped(before=b"MZ" + bytes(700) + b"This program"), ZIP.unpack),
    ("zip/named jar", "app.jar", lambda files: ZIP.pack({"META-INF/MANIFEST.MF": b"x: 1\n", **files}), ZIP.unpack),
    ("zip/named war", "app.war", under("WEB-INF/classes"), ZIP.unpack),
    ("zip/named ear", "app.ear", ZIP.pack, ZIP.unpack),
    ("zip/named apk", "app.apk", under("assets"), ZIP.unpack),
    ("zip/named aab", "app.aab", ZIP.pack, ZIP.unpack),
    ("zip/named ipa", "app.ipa", ZIP.pack, ZIP.unpack),
    ("zip/named whl", "app-1-py3-none-any.whl", under("app"), ZIP.unpack),
    ("zip/named egg", "app.egg", ZIP.pack, ZIP.unpack),
    ("zip/named pyz", "app.pyz", lambda files: b"#!/usr/bin/env python3\n" + ZIP.pack(files), ZIP.unpack),
    ("zip/named vsix", "app.vsix", ZIP.pack, ZIP.unpack),
    ("zip/named xpi", "app.xpi", ZIP.pack, ZIP.unpack),
    ("zip/lambda package", "function.zip", zipped(stream=True), ZIP.unpack),
    ("tar/pax", "a.tar", TAR.pack, TAR.unpack),
    ("tar/gnu", "b.tar", tarred(tarfile.GNU_FORMAT), TAR.unpack),
    ("tar/ustar", "c.tar", tarred(tarfile.USTAR_FORMAT), TAR.unpack),
    ("tar/v7", "d.tar", boxes.v7, TAR.unpack),
    ("tar/without its end", "e.tar", lambda files: TAR.pack(files)[:-1024], TAR.unpack),
    ("tar/gz", "a.tar.gz", TGZ.pack, TGZ.unpack),
    ("tar/tgz", "b.tgz", TGZ.pack, TGZ.unpack),
    ("tar/bz2", "a.tar.bz2", TBZ.pack, TBZ.unpack),
    ("tar/tbz2", "b.tbz2", TBZ.pack, TBZ.unpack),
    ("tar/xz", "a.tar.xz", TXZ.pack, TXZ.unpack),
    ("tar/npm tgz", "app-1.0.0.tgz", under("package", TGZ), TGZ.unpack),
    ("tar/sdist", "app-1.0.tar.gz", under("app-1.0", TGZ), TGZ.unpack),
    ("tar/gem", "app-1.0.gem", gem, lambda data: TGZ.unpack(TAR.unpack(data)[1])),
    ("wrong name/zip as txt", "notes.txt", ZIP.pack, ZIP.unpack),
    ("wrong name/gzip as bin", "blob.bin", boxes.gz, GZ.unpack),
    ("wrong name/tgz without any", "backup", TGZ.pack, TGZ.unpack),
    ("wrong name/tar as dat", "dump.dat", TAR.pack, TAR.unpack),
    ("wrong name/xz as png", "logo.png", XZ.pack, XZ.unpack),
)  # fmt: skip


def _cut_short(data: bytes) -> list[bytes]:
    return [zlib.decompressobj(31).decompress(data)]


BEYOND: tuple[tuple[str, str, Pack, Unpack], ...] = (
    ("beyond/lzma alone", "a.lzma", boxes.LZMA.pack, boxes.LZMA.unpack),
    ("beyond/zlib", "a.zlib", lambda files: zlib.compress(boxes.only(files)), lambda data: [zlib.decompress(data)]),
    ("beyond/nupkg", "App.1.0.0.nupkg", under("content"), ZIP.unpack),
    ("beyond/ar", "a.a", AR.pack, AR.unpack),
    ("beyond/deb", "app.deb", deb(TXZ), lambda data: TXZ.unpack(AR.unpack(data)[2])),
    ("beyond/deb with gz", "app2.deb", deb(TGZ), lambda data: TGZ.unpack(AR.unpack(data)[2])),
    ("beyond/gzip cut short", "cut.gz", lambda files: boxes.gz(files)[:-9], _cut_short),
)  # fmt: skip
SPELLINGS: Mapping[str, Callable[[str], bytes]] = {
    "base64": lambda key: f"auth: {standard(b'robin:' + key.encode())}\n".encode(),
    "utf-16": lambda key: f"\ufeffKEY={key}\r\n".encode("utf-16-le"),
    "joined literals": lambda key: f'K = "{key[:3]}" + "{key[3:]}"\n'.encode(),
    "percent codes": lambda key: f"GET /?k={key.replace('_', '%5F')}\n".encode(),
    "json": lambda key: json.dumps({"x": f"one\n{key}"}).encode(),
    "binary": lambda key: b"\x7fELF\2\1\1" + bytes(50) + key.encode() + bytes(50),
}
PLAIN: Mapping[str, Callable[[bytes], bytes]] = {
    "base64": lambda data: base64.b64decode(data.split()[1]),
    "utf-16": lambda data: data.decode("utf-16").encode(),
    "joined literals": lambda data: data.replace(b'" + "', b""),
    "percent codes": lambda data: data.replace(b"%5F", b"_"),
}
DEEP = (("zip", "tar", "gz"), ("tgz", "zip", "zip"), ("zip", "zip", "zip", "zip"), ("tar", "gz", "bz2", "xz"))
NESTING = {"gz": GZ, "bz2": BZ2, "xz": XZ, "zip": ZIP, "tar": TAR, "tgz": TGZ}


def places(draw: Draw) -> Iterator[Place]:
    for reach, table in ((False, MADE), (True, BEYOND)):
        for kind, path, pack, unpack in table:
            key = draw.key()
            data = pack(_files(draw, key))
            yield Place(kind, path, data, key, reads(unpack), reach)
    yield from _nested(draw)
    yield from _members(draw)
    yield from _names(draw)


def _files(draw: Draw, key: str, size: int = 4000) -> dict[str, bytes]:
    """Return a small project: the key in its largest file, in the middle or at either end."""
    filler = draw.lines(size).splitlines(keepends=True)
    start = draw.random.choice((0, len(filler) // 2, len(filler)))
    line = draw.random.choice((f"FREDDY_API_KEY={key}\n", f"{key}\n", f'{{"k": "one\\n{key}"}}\n'))
    text = b"".join((*filler[:start], line.encode(), *filler[start:]))
    names = ["README.md", f"src/{draw.word()}.py", ".env"]
    return {names[0]: b"# Nothing\n", names[1]: b"print(1)\n" * 9, names[2]: text}


def reads(*steps: Callable[[bytes], list[bytes]]) -> Callable[[bytes], bytes]:
    """Return a proof that opens one box after the other and gives all that lies in the last."""

    def read(data: bytes) -> bytes:
        layer = [data]
        for step in steps:
            layer = step(max(layer, key=len))
        return b"\0".join(layer)

    return read


def _nested(draw: Draw) -> Iterator[Place]:
    for outer, inner in itertools.product(NESTING, NESTING):
        key = draw.key()
        data = _in(NESTING[outer], NESTING[inner], NESTING[inner].pack(_files(draw, key)))
        proof = reads(NESTING[outer].unpack, NESTING[inner].unpack)
        yield Place(f"nested/{inner} in {outer}", f"a{NESTING[outer].suffix}", data, key, proof)
    for names in DEEP:
        key = draw.key()
        chain = [NESTING[name] for name in names]
        data = chain[0].pack(_files(draw, key))
        for within, around in itertools.pairwise(chain):
            data = _in(around, within, data)
        proof = reads(*(box.unpack for box in reversed(chain)))
        yield Place(f"nested deep/{' in '.join(names)}", f"a{chain[-1].suffix}", data, key, proof, len(chain) > 3)


def _in(outer: Box, inner: Box, data: bytes) -> bytes:
    return outer.pack({"README": b"x", f"inner{inner.suffix}": data})


def _members(draw: Draw) -> Iterator[Place]:
    """What a member can be: encoded, wide, large, one of very many."""
    for name, spell in SPELLINGS.items():
        for suffix, box in (("zip", ZIP), ("tgz", TGZ), ("gz", GZ)):
            key = draw.key()
            data = box.pack({"a": b"x", "secret": spell(key)})
            proof = _then(reads(box.unpack, lambda data: [data]), PLAIN.get(name))
            yield Place(f"members/{name} in {suffix}", f"a.{suffix}", data, key, proof)
    lines = draw.lines(3_000_000)
    for name, box in (("zip", ZIP), ("tgz", TGZ), ("gz", GZ)):
        key = draw.key()
        large = {"dump.sql": lines + f"\n{key}\n".encode() + lines}
        yield Place(f"members/of 6 MB in {name}", f"dump.{name}", box.pack(large), key, reads(box.unpack))
    for name, box in (("zip", ZIP), ("tgz", TGZ)):
        key = draw.key()
        many = {f"d{n % 7}/f{n}.txt": f"{n}\n".encode() for n in range(1500)}
        many["d3/zz.txt"] = f"key={key}\n".encode()
        yield Place(f"members/one of 1500 in {name}", f"many.{name}", box.pack(many), key, _all(box))


def _all(box: Box) -> Callable[[bytes], bytes]:
    return lambda data: b"\0".join(box.unpack(data))


def _then(first: Callable[[bytes], bytes], second: Callable[[bytes], bytes] | None) -> Callable[[bytes], bytes]:
    return first if second is None else lambda data: second(first(data))


def _names(draw: Draw) -> Iterator[Place]:
    """The names and comments in an archive (reach)."""
    for name, box in (("zip", ZIP), ("tar", TAR), ("tgz", TGZ)):
        key = draw.key()
        yield Place(f"names/member of a {name}", f"n.{name}", box.pack({f"keys/{key}.txt": b"x"}), key, _listing, True)
    key = draw.key()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("x"), b"x")
        archive.comment = f"made with {key}".encode()
    yield Place("names/comment of a zip", "comment.zip", out.getvalue(), key, reach=True)
    key = draw.key()
    out = io.BytesIO()
    with gzip.GzipFile(f"{key}.txt", "wb", fileobj=out, mtime=0) as file:
        file.write(b"x")
    yield Place("names/name in a gzip", "name.gz", out.getvalue(), key, reach=True)
    key = draw.key()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, f"/run/{key}"
        tar.addfile(link)
    yield Place("names/link in a tgz", "link.tgz", gzip.compress(out.getvalue(), mtime=0), key, gzip.decompress, True)


def _listing(data: bytes) -> bytes:
    if data.startswith(b"PK"):
        return "\n".join(zipfile.ZipFile(io.BytesIO(data)).namelist()).encode()
    return "\n".join(tarfile.open(fileobj=io.BytesIO(data)).getnames()).encode()

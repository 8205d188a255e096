"""Packs files in all the ways that we open, and makes archives as nobody's tool would."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from backports import zstd
from py7zr import SevenZipFile

Pack = Callable[[bytes], bytes]
NAME = "app/.env"


def zipped(data: bytes, name: str = NAME, method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("README", b"nothing")
        archive.writestr(name, data)
        archive.comment = comment
    return out.getvalue()


def tarred(data: bytes, name: str = NAME, form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for member, content in (("README", b"nothing"), (name, data)):
            info = tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def seven_zip(data: bytes, password: str | None = None) -> bytes:
    out = io.BytesIO()
    with SevenZipFile(out, "w", password=password) as archive:
        archive.writestr(data, NAME)
    return out.getvalue()


def ar(data: bytes) -> bytes:
    out = b"!<arch>\n"
    for name, content in (("debian-binary", b"2.0\n"), ("data.tar", tarred(data))):
        out += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode() + content
        out += b"\n" * (len(content) % 2)
    return out


def pack(data: bytes) -> bytes:
    """Return a pack of git with one blob."""
    size = len(data)
    head = bytes([0x30 | size & 15 | (0x80 if size > 15 else 0)])
    size >>= 4
    while size:
        head += bytes([size & 127 | (0x80 if size > 127 else 0)])
        size >>= 7
    return b"PACK" + struct.pack(">LL", 2, 1) + head + zlib.compress(data) + bytes(20)


def bundle(data: bytes) -> bytes:
    return b"# v2 git bundle\n" + b"1" * 40 + b" refs/heads/main\n\n" + pack(data)


def png(data: bytes) -> bytes:
    text = b"Comment\0\0" + zlib.compress(data)
    chunks = ((b"IHDR", bytes(13)), (b"zTXt", text), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L4s", len(body), kind) + body + bytes(4) for kind, body in chunks
    )


def pdf(data: bytes) -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Filter /FlateDecode >>\nstream\n" + zlib.compress(data) + b"\nendstream\nendobj\n"


COMPRESSORS: dict[str, Pack] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zlib": zlib.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
    "zstd": zstd.compress,
}
ARCHIVES: dict[str, Pack] = {"zip": zipped, "tar": tarred, "7z": seven_zip}
DOCUMENTS: dict[str, Pack] = {"png": png, "pdf": pdf, "pack": pack}


def many(count: int) -> bytes:
    """Return a zip with so many empty members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}", b"")
    return out.getvalue()


def overlapping(data: bytes, count: int) -> bytes:
    """Return a zip whose directory names the same content over and over again."""
    local = zipped(data).partition(b"PK\1\2")[0]
    at = local.rindex(b"PK\3\4")
    packed = len(local) - at - 30 - len(NAME)
    fields = (20, 20, 0, 8, 0, 0, zlib.crc32(data), packed, len(data), 1, 0, 0, 0, 0, 0, at)
    entries = b"".join(b"PK\1\2" + struct.pack("<6H3L5H2L", *fields) + b"x" for _ in range(count))
    end = struct.pack("<4H2LH", 0, 0, count, count, len(entries), len(local), 0)
    return local + entries + b"PK\5\6" + end

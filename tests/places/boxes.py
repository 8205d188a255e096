"""How to pack files: every container is a function from names and contents to bytes, with one that unpacks it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

Files = Mapping[str, bytes]
Pack = Callable[[Files], bytes]


class Box(NamedTuple):
    """A kind of archive: the end of its files' names, how it is made, and how all that it holds is read again."""

    suffix: str
    pack: Pack
    unpack: Callable[[bytes], list[bytes]]


def only(files: Files) -> bytes:
    """Return the largest of the files: a compressor takes one."""
    return max(files.values(), key=len)


def gz(files: Files) -> bytes:
    return gzip.compress(only(files), 6, mtime=0)


def gz_in_members(files: Files) -> bytes:
    data = only(files)
    return b"".join(gzip.compress(data[at : at + 3000], 6, mtime=0) for at in range(0, len(data), 3000))


def gz_with_header(files: Files) -> bytes:
    """All optional fields: extra, name, comment and a checksum of the header."""
    head = b"\x1f\x8b\x08\x1e\0\0\0\0\2\3" + struct.pack("<H4s", 4, b"AB\0\0") + b".env\0" + b"a comment\0"
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = only(files)
    body = packer.compress(data) + packer.flush()
    check = struct.pack("<H", zlib.crc32(head) & 0xFFFF)
    return head + check + body + struct.pack("<II", zlib.crc32(data), len(data))


def zipped(method: int = zipfile.ZIP_DEFLATED, *, stream: bool = False, before: bytes = b"", level: int = 6) -> Pack:
    """Return how to make a zip. `stream`: as into a pipe, sizes after the data; `before`: a program in front of it."""

    def pack(files: Files) -> bytes:
        out = _Pipe() if stream else io.BytesIO()
        out.write(before)
        with zipfile.ZipFile(out, "w", method, compresslevel=level) as archive:
            for name, data in files.items():
                info = zipfile.ZipInfo(name, (2026, 5, 4, 3, 2, 0))
                info.external_attr = (stat.S_IFREG | 0o644) << 16
                archive.writestr(info, data, method)
        return out.getvalue()

    return pack


class _Pipe(io.BytesIO):
    """A file that cannot go back, as a socket cannot."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError("this is a pipe")

    def seek(self, offset: int, whence: int = 0) -> int:
        raise OSError("this is a pipe")


def tarred(form: int = tarfile.PAX_FORMAT, compress: Callable[[bytes], bytes] | None = None) -> Pack:
    def pack(files: Files) -> bytes:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=form) as archive:
            for name, data in files.items():
                info = tarfile.TarInfo(name)
                info.size, info.mtime, info.mode = len(data), 1_770_000_000, 0o644
                archive.addfile(info, io.BytesIO(data))
        return compress(out.getvalue()) if compress else out.getvalue()

    return pack


def v7(files: Files) -> bytes:
    """Return a tar as of 1979, without the word ustar in it."""
    out = b""
    for name, data in files.items():
        head = name.encode()[:99].ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2
        head += f"{len(data):011o} 00000000000 ".encode()
        total = sum(head) + 8 * 32
        head += f"{total:06o}\0 ".encode()
        out += head.ljust(512, b"\0") + data.ljust(-(-len(data) // 512) * 512, b"\0")
    return out + bytes(1024)


def ar(files: Files) -> bytes:
    """Return a Unix `ar` archive, as a .deb is one."""
    out = b"!<arch>\n"
    for name, data in files.items():
        out += f"{name:<16}{1770000000:<12}{0:<6}{0:<6}{100644:<8}{len(data):<10}`\n".encode() + data
        out += b"\n" * (len(data) % 2)
    return out


def read_ar(data: bytes) -> list[bytes]:
    found, at = [], 8
    while at < len(data):
        size = int(data[at + 48 : at + 58])
        found.append(data[at + 60 : at + 60 + size])
        at += 60 + size + size % 2
    return found


def read_zip(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def read_tar(data: bytes) -> list[bytes]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:*") as archive:
        files = (archive.extractfile(member) for member in archive.getmembers())
        return [file.read() for file in files if file is not None]


def _one(read: Callable[[bytes], bytes]) -> Callable[[bytes], list[bytes]]:
    return lambda data: [read(data)]


GZ = Box(".gz", gz, _one(gzip.decompress))
BZ2 = Box(".bz2", lambda files: bz2.compress(only(files)), _one(bz2.decompress))
XZ = Box(".xz", lambda files: lzma.compress(only(files)), _one(lzma.decompress))
LZMA = Box(".lzma", lambda files: lzma.compress(only(files), lzma.FORMAT_ALONE), _one(lzma.decompress))
ZIP = Box(".zip", zipped(), read_zip)
TAR = Box(".tar", tarred(), read_tar)
TGZ = Box(".tgz", tarred(compress=lambda data: gzip.compress(data, mtime=0)), read_tar)
TBZ = Box(".tar.bz2", tarred(compress=bz2.compress), read_tar)
TXZ = Box(".tar.xz", tarred(compress=lzma.compress), read_tar)
AR = Box(".a", ar, read_ar)

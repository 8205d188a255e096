"""Each format of compressed files, archives and documents: a stream goes in, names and streams come out."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

from freddy_guard.decode import limits
from freddy_guard.decode.archives import Read, Stream, as_file

# A name ("" where the format has none), and the content or the reason why there is none.
Items = Iterator[tuple[str, Stream | str]]

_CHUNK = 1 << 16
_EXTRA = "it needs the extra: pip install 'freddy-guard[archives]'"
_ENCRYPTED = "encrypted"


class _File(io.RawIOBase):
    """A stream as the file object that a library wants."""

    def __init__(self, read: Read) -> None:
        self._source = read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._source(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _file(stream: Stream) -> BinaryIO:
    return stream.file or cast(BinaryIO, io.BufferedReader(_File(stream.read), _CHUNK))


def _bytes(data: bytes) -> Stream:
    file = io.BytesIO(data)
    return Stream(file.read, file)


def _gzip(stream: Stream) -> Items:
    yield "", Stream(gzip.GzipFile(fileobj=_file(stream)).read)


def _bzip2(stream: Stream) -> Items:
    yield "", Stream(bz2.BZ2File(_file(stream)).read)


def _xz(stream: Stream) -> Items:
    yield "", Stream(_Xz(_file(stream)).read)


class _Xz:
    """One xz stream after the other, with a bound on the memory that a stream's header can ask for."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._start()

    def _start(self) -> None:
        self._engine = lzma.LZMADecompressor(lzma.FORMAT_XZ, limits.DICTIONARY)

    def read(self, size: int) -> bytes:
        while True:
            if self._engine.eof:
                rest = (self._engine.unused_data or self._file.read(_CHUNK)).lstrip(b"\0")
                if not rest:
                    return b""
                self._start()
            else:
                rest = self._file.read(_CHUNK) if self._engine.needs_input else b""
                if self._engine.needs_input and not rest:
                    raise EOFError
            data = self._engine.decompress(rest, size)
            if data:
                return data


def _zstd(stream: Stream) -> Items:
    try:
        from backports import zstd
    except ImportError:
        yield "", f"zstd: {_EXTRA}"
        return
    yield "", Stream(zstd.ZstdFile(_file(stream)).read)


def _tar(stream: Stream) -> Items:
    with tarfile.open(fileobj=_file(stream), mode="r|") as archive:
        for member in archive:
            yield from _names(member.name, member.linkname, *member.pax_headers.values())
            content = archive.extractfile(member) if member.isfile() else None
            if content is not None:
                yield member.name, Stream(content.read)


def _names(*texts: str) -> Items:
    """Yield texts of an archive's directory as content of their own, where one can hold a key."""
    text = "\n".join(texts).encode("utf-8", "surrogateescape")
    if b"ak_" in text:
        yield "", _bytes(text)


def _zip(stream: Stream) -> Items:
    file = as_file(stream)
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        yield from _zip_without_directory(file)
        return
    with archive:
        if archive.comment:
            yield "", _bytes(archive.comment)
        for member in archive.infolist():
            yield from _names(member.filename, member.comment.decode("utf-8", "surrogateescape"))
            if member.flag_bits & 1:
                yield member.filename, _ENCRYPTED
            elif not member.is_dir():
                yield member.filename, _zip_member(archive, member)


def _zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Stream | str:
    try:
        return Stream(archive.open(member).read)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, struct.error, ValueError) as error:
        return f"it cannot be unpacked ({type(error).__name__})"


def _zip_without_directory(file: BinaryIO) -> Items:
    """Yield what the local headers say: an archive that is cut off has lost its directory, which stands at its end."""
    file.seek(0)
    data = file.read(limits.IN_MEMORY)
    for header in re.finditer(rb"PK\x03\x04", data):
        fields = data[header.end() : header.end() + 26]
        if len(fields) < 26:
            break
        _, flags, method, *_, name_size, extra_size = struct.unpack("<HHHHHLLLHH", fields)
        start = header.end() + 26 + name_size + extra_size
        name = data[header.end() + 26 : header.end() + 26 + name_size].decode("utf-8", "replace")
        if flags & 1:
            yield name, _ENCRYPTED
        elif method == zipfile.ZIP_DEFLATED:
            yield name, Stream(_Inflated(data, start, -15).read)
    yield "", "its directory is broken or cut off; what stood before that was read"


class _Inflated:
    """Reads deflated data that stands in the middle of other bytes, as far as it goes."""

    def __init__(self, data: bytes, start: int, window: int) -> None:
        self._engine = zlib.decompressobj(window)
        self._data, self._at = data, start

    def read(self, size: int) -> bytes:
        while not self._engine.eof:
            rest = self._engine.unconsumed_tail
            if not rest:
                rest = self._data[self._at : self._at + _CHUNK]
                self._at += len(rest)
            if not rest:
                return b""
            try:
                data = self._engine.decompress(rest, size)
            except zlib.error:
                return b""
            if data:
                return data
        return b""


def _ar(stream: Stream) -> Items:
    """Yield the members of a Unix archive, as in a .deb: a header of 60 characters, then the content."""
    file = _file(stream)
    file.read(8)
    while len(header := file.read(60)) == 60:
        size = int(header[48:58])
        content = _Part(file, size)
        yield header[:16].decode("ascii", "replace").strip().rstrip("/"), Stream(content.read)
        content.skip()
        file.read(size % 2)


class _Part:
    """The next bytes of a file."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._left = file, size

    def read(self, size: int) -> bytes:
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data

    def skip(self) -> None:
        while self.read(_CHUNK):
            pass


def _seven_zip(stream: Stream) -> Items:
    try:
        import py7zr
        from py7zr.io import BytesIOFactory
    except ImportError:
        yield "", f"7z: {_EXTRA}"
        return
    with py7zr.SevenZipFile(as_file(stream)) as archive:
        if archive.needs_password():
            yield "", _ENCRYPTED
            return
        factory = BytesIOFactory(limits.IN_MEMORY)
        yield from _names(*archive.getnames())
        archive.extractall(factory=factory)  # noqa: S202 - into memory, nothing is written
        for name, product in factory.products.items():
            product.seek(0)
            yield name, _bytes(product.read())


def _rar(stream: Stream) -> Items:
    yield "", "rar archives are not read"


def _png(stream: Stream) -> Items:
    """Yield the compressed texts of a picture (zTXt, iTXt); the plain ones are `binary`'s."""
    file = _file(stream)
    file.read(8)
    while len(header := file.read(8)) == 8:
        size, kind = struct.unpack(">L4s", header)
        chunk = _Part(file, size)
        if kind in (b"zTXt", b"iTXt") and size <= limits.IN_MEMORY:
            text = chunk.read(size).partition(b"\0")[2]
            start = text.find(b"x")  # the first byte of a zlib stream
            if start >= 0:
                yield "", Stream(_Inflated(text, start, 15).read)
        chunk.skip()
        file.read(4)


def _pdf(stream: Stream) -> Items:
    """Yield the deflated streams of a document."""
    data = as_file(stream).read()
    if b"/Encrypt" in data:
        yield "", _ENCRYPTED
        return
    for found in re.finditer(rb"(?<!end)stream\r?\n", data):
        dictionary = data[max(0, found.start() - 512) : found.start()].rpartition(b" obj")[2]
        if b"/Fl" in dictionary:
            yield "", Stream(_Inflated(data, found.end(), 15).read)


FORMATS: dict[str, Callable[[Stream], Items]] = {
    "gzip": _gzip,
    "bzip2": _bzip2,
    "xz": _xz,
    "zstd": _zstd,
    "tar": _tar,
    "zip": _zip,
    "ar": _ar,
    "7z": _seven_zip,
    "rar": _rar,
    "png": _png,
    "pdf": _pdf,
}

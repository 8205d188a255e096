"""What a file is by its first bytes: names lie, and many archives have none."""

from __future__ import annotations

import zlib

HEAD = 1024  # bytes that tell a kind
_MAGIC = (
    ("gzip", 0, b"\x1f\x8b\x08"),
    ("zip", 0, b"PK\3\4"),
    ("zip", 0, b"PK\5\6"),
    ("bzip2", 4, b"1AY&SY"),
    ("xz", 0, b"\xfd7zXZ\0"),
    ("tar", 257, b"ustar"),
    ("zstd", 0, b"\x28\xb5\x2f\xfd"),
    ("7z", 0, b"7z\xbc\xaf\x27\x1c"),
    ("ar", 0, b"!<arch>\ndebian-binary"),  # a package; what a library holds is not packed and seen without us
    ("pack", 0, b"PACK\0\0\0"),
    ("pack", 0, b"# v2 git bundle\n"),
    ("pack", 0, b"# v3 git bundle\n"),
    ("png", 0, b"\x89PNG\r\n\x1a\n"),
    ("pdf", 0, b"%PDF-"),
    # What we cannot open: it is told.
    ("rar", 0, b"Rar!\x1a\7"),
    ("lz4", 0, b"\x04\x22\x4d\x18"),
    ("lzip", 0, b"LZIP\1"),
    ("compress", 0, b"\x1f\x9d"),
    ("cab", 0, b"MSCF\0\0\0\0"),
    ("rpm", 0, b"\xed\xab\xee\xdb"),
)
_BEGINS = frozenset(magic[:2] for _, offset, magic in _MAGIC if not offset)
_DEFLATED = frozenset((b"x\x01", b"x\x5e", b"x\x9c", b"x\xda"))
_LZMA = b"]\0\0"
_MARKED = _BEGINS | _DEFLATED | {b"BZ", _LZMA[:2]}
ZIP_END = b"PK\5\6"
_PROGRAMS = frozenset((b"MZ", b"#!", b"\x7fE"))
_TAIL = 1 << 16  # bytes behind a program in which the end of a zip is looked for


def kind_of(head: bytes) -> str | None:
    """Return the kind of archive that begins so, None for everything else."""
    for kind, offset, magic in _MAGIC:
        if head.startswith(magic, offset):
            return kind
    if head[:2] in _DEFLATED and _inflates(head):
        return "zlib"
    return "lzma" if head[:3] == _LZMA and _is_lzma(head) else None


def is_archive(data: bytes) -> bool:
    """Return whether these bytes begin (a zip: also end) as something that must be unpacked."""
    if data[-22:-18] == ZIP_END or (data[:2] in _PROGRAMS and _has_zip_behind(data)):
        return True
    return (data[:2] in _MARKED or data[257:262] == b"ustar") and kind_of(data[:HEAD]) is not None


def _has_zip_behind(data: bytes) -> bool:
    """Return whether a zip stands at the end, and behind it no more than a comment or a signature."""
    at = data.rfind(ZIP_END, max(0, len(data) - _TAIL))
    start = at - int.from_bytes(data[at + 12 : at + 16], "little")  # of the directory, which has this size
    return start > 0 and data.startswith(b"PK\1\2", start)


def _inflates(head: bytes) -> bool:
    try:
        return bool(zlib.decompressobj().decompress(head, 64))
    except zlib.error:
        return False


def _is_lzma(head: bytes) -> bool:
    """Return whether the head of 13 bytes makes sense: a dictionary of a usual size, and a size or none."""
    dictionary, size = int.from_bytes(head[1:5], "little"), int.from_bytes(head[5:13], "little")
    return len(head) > 13 and dictionary.bit_count() <= 2 and (size < 1 << 40 or size == (1 << 64) - 1)

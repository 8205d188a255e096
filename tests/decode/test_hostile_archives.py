"""Archives that are broken, locked or made to hurt: what is not read is told, a scan is incomplete, nothing crashes."""

from __future__ import annotations

import base64
import gzip
import io
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from freddy_guard import decode
from freddy_guard.decode import limits
from freddy_guard.decode.archives import compressed
from freddy_guard.sources.files import Files
from tests.decode import packing
from tests.decode.looks import KEY, look
from tests.decode.packing import COMPRESSORS, NAME, seven_zip, tarred, zipped
from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.scans import scanned, unread
from tests.support.tool import run

TEXT = f"FREDDY_API_KEY={KEY}\n".encode()
NOISE = b"".join(b"%d %d\n" % (number, number**5) for number in range(4000))
LARGE = 1 << 20


_CUT = "not unpacked to its end:"
LIMITS: list[tuple[str, int | float, bytes, str]] = [
    ("MEMBERS", 50, packing.many(60), f"{_CUT} more than 50 members"),
    ("UNPACKED", LARGE, gzip.compress(bytes(2 * LARGE)), f"{_CUT} it unpacks to more than 1 MB"),
    ("SUSPECT", LARGE, gzip.compress(bytes(4 * LARGE)), f"{_CUT} it unpacks to more than 200 times its size"),
    ("SECONDS", -1.0, gzip.compress(NOISE), f"{_CUT} unpacking takes more than -1 s"),
    ("IN_MEMORY", 10_000, gzip.compress(packing.pdf(NOISE * 9)), "more than 0 MB that must be read as a whole"),
    ("IN_MEMORY", 10_000, seven_zip(NOISE), "more than 0 MB that must be read as a whole"),
    ("DICTIONARY", 10_000, COMPRESSORS["xz"](NOISE), "xz: it needs more than 0 MB of memory to unpack"),
    ("DICTIONARY", 10_000, COMPRESSORS["lzma"](NOISE), "lzma: it needs more than 0 MB of memory to unpack"),
    ("DICTIONARY", 10_000, zipped(NOISE, method=zipfile.ZIP_LZMA), "zip: it needs more than 0 MB of memory to unpack"),
    ("DEPTH", 1, gzip.compress(gzip.compress(TEXT * 9)), "more than 1 archives within each other"),
    ("HITS", 5, f"'ak_' + '{KEY[:9]}' + x\n".encode() * 20, "more than 5 signs of encoded keys"),
    ("PIECES", 5, b"YWtf\n" * 20 + b"YWtf-x " * 40, "not decoded to its end: more than 5 pieces in it are encoded"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "data", "reason"), LIMITS, ids=[f"{row[0]} {row[3]}" for row in LIMITS])
def test_a_limit_is_told(
    name: str, value: int, data: bytes, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert look(data).reasons == []
    monkeypatch.setattr(limits, name, value)
    assert set(look(data).reasons) == {reason}
    (tmp_path / "a.bin").write_bytes(data)
    report = scanned(Files([str(tmp_path / "a.bin")], str(tmp_path)))
    assert not report.coverage.complete
    assert unread(report)
    assert all(line.startswith("a.bin") and line.endswith(f": {reason}") for line in unread(report))


def test_every_limit_has_a_test() -> None:
    numbers = {name for name, value in vars(limits).items() if name.isupper() and isinstance(value, int | float)}
    assert numbers == {row[0] for row in LIMITS} | {"RATIO"}  # which SUSPECT brings in


@pytest.mark.parametrize("times", [1, 2, 3])
def test_encodings_within_each_other(times: int) -> None:
    data = TEXT
    for _ in range(times):
        data = base64.b64encode(gzip.compress(data + NOISE[:900]))
    found = look(data)
    if 2 * times <= decode.DEPTH:
        assert [seen.via for seen in found.seen] == [("base64", "gzip") * times]
        assert found.reasons == []
    else:
        assert (found.keys, found.reasons) == ([], ["more than 4 encodings within each other"])


@pytest.mark.parametrize("depth", [limits.DEPTH, limits.DEPTH + 1])
def test_archives_in_archives(depth: int) -> None:
    data = TEXT * 9
    for _ in range(depth):
        data = zipped(data, "inner.zip")
    found = look(data)
    assert (bool(found.keys), bool(found.reasons)) == ((True, False) if depth == limits.DEPTH else (False, True))


def test_a_problem_in_one_member_hides_no_other() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.gz", gzip.compress(NOISE)[:-2000])
        archive.writestr("b.7z", seven_zip(TEXT, "a password"))
        archive.writestr("c.txt", TEXT)
    found = look(out.getvalue())
    assert found.keys == [KEY]
    assert [unread.what.partition("!")[2] for unread in found.unread] == ["a.gz", "b.7z"]
    assert [unread.path for unread in found.unread] == ["freddy/notes.txt"] * 2


BROKEN = [
    *((name, wrap(NOISE)[:-9], f"broken or cut off ({name}: EOFError)") for name, wrap in COMPRESSORS.items()),
    *((name, wrap(NOISE)[:900] + bytes(900), f"broken or cut off ({name}: ") for name, wrap in COMPRESSORS.items()),
    ("tar", tarred(NOISE)[:9000], "broken or cut off (tar: EOFError)"),
    ("tar, damaged", tarred(NOISE)[:1024] + b"x" * 512 + tarred(NOISE)[1536:], "blocks of it are no members"),
    ("zip", zipped(NOISE)[:9000], "broken or cut off (zip: EOFError)"),
    ("zip, its directory", zipped(NOISE)[:-30], "its directory is broken or cut off; it was read without"),
    ("zip, a checksum", zipped(NOISE, method=0).replace(b"1234", b"4321", 1), "broken or cut off (zip: ValueError)"),
    ("zip, a header", zipped(NOISE).replace(b"PK\3\4", b"PK\3\5", 1), "its header is not where the directory says"),
    ("7z", seven_zip(NOISE)[:-9], "broken or cut off (7z: "),
    ("ar", packing.ar(NOISE)[:-900], "broken or cut off (ar: EOFError)"),
    ("png", packing.png(NOISE)[:-900], "broken or cut off (png: EOFError)"),
    ("pdf", packing.pdf(NOISE)[:900], "broken streams in it: 1"),
    ("pack", packing.pack(NOISE)[:900], "broken or cut off (pack: EOFError)"),
    ("7z, locked", seven_zip(NOISE, "a password"), "encrypted"),
    ("zip, locked", zipped(NOISE).replace(b"\0\0\x08\0", b"\1\0\x08\0"), "encrypted"),
    ("pdf, locked", packing.pdf(NOISE) + b"<< /Encrypt 5 0 R >>", "encrypted"),
    ("rar", b"Rar!\x1a\7\1\0" + bytes(30), "rar is not read"),
    ("a method", zipped(NOISE).replace(b"\0\0\x08\0", b"\0\0\x0b\0"), "compressed by method 11, which is not read"),
]


@pytest.mark.parametrize(("name", "data", "reason"), BROKEN, ids=[f"{row[0]} {row[2]}" for row in BROKEN])
def test_what_cannot_be_read_is_told(name: str, data: bytes, reason: str) -> None:
    reasons = look(data).reasons
    assert reasons
    assert all(reason in each or "cut off" in each for each in reasons)
    assert any(reason in each for each in reasons)


def test_each_of_them_is_in_the_receipt(tmp_path: Path) -> None:
    for number, (_, data, _) in enumerate(BROKEN):
        (tmp_path / f"{number}.bin").write_bytes(data)
    result = run("scan", "--no-config", "--format", "json", ".", cwd=tmp_path)
    assert (result.code, result.err.count("Traceback")) == (3, 0)
    told = {entry["what"].partition("!")[0] for entry in result.json()["coverage"]["unread"]}
    assert told == {path.name for path in tmp_path.iterdir()}


def test_the_receipt_is_the_same_in_all_modes(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "repo")
    for number, (_, data, _) in enumerate(BROKEN):
        repo.stage(f"{number}.bin", data)
    told = []
    for mode in ("scan", "staged", "history"):
        if mode == "history":
            repo.commit({}, "broken")
        result = run(mode, "--no-config", "--format", "json", cwd=repo.path)
        assert (result.code, result.err.count("Traceback")) == (3, 0)
        told.append({(entry["what"], entry["reason"]) for entry in result.json()["coverage"]["unread"]})
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("name", list(COMPRESSORS))
def test_what_comes_before_the_damage_is_found(name: str) -> None:
    text = TEXT + b"".join(b"%d %d\n" % (number, number**5) for number in range(50_000))  # bzip2 has blocks of 900 kB
    found = look(COMPRESSORS[name](text)[:-200])
    assert (found.keys, len(found.reasons)) == ([KEY], 1)


def test_a_library_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "py7zr", None)
    monkeypatch.setitem(__import__("sys").modules, "backports", None)
    for data in (seven_zip(TEXT), COMPRESSORS["zstd"](NOISE)):
        (reason,) = look(data).reasons
        assert reason.endswith("it needs the extra: pip install 'freddy-guard[archives]'")
    assert compressed.zstd_engine() is None


def test_members_that_overlap_are_read_within_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED", 2 << 20)
    data = packing.overlapping(NOISE, 2000)
    assert len(data) < 2 * len(NOISE) + 2000 * 60
    assert look(data).reasons == ["not unpacked to its end: it unpacks to more than 2 MB"]


def test_a_link_in_a_tar_is_a_name_and_nothing_more(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(KEY)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind, target in (
            (tarfile.SYMTYPE, str(secret)),
            (tarfile.LNKTYPE, f"/run/{key(303)}"),
            (tarfile.CHRTYPE, ""),
        ):
            info = tarfile.TarInfo("link")
            info.type, info.linkname, info.size = kind, target, 0
            archive.addfile(info)
    assert look(out.getvalue()).keys == [key(303)]


@pytest.mark.parametrize("number", range(6))
def test_sizes_that_lie(number: int) -> None:
    """A header may promise any size: nothing is held for it, and what is there is read."""
    huge = struct.pack("<L", 0xFFFFFFF0)
    data = zipped(TEXT, method=zipfile.ZIP_STORED)
    at = [at for at in range(len(data)) if data.startswith(struct.pack("<L", len(TEXT)), at)]
    if number < len(at):
        assert look(data[: at[number]] + huge + data[at[number] + 4 :]).keys in ([KEY], [KEY, KEY])


def test_a_tar_member_of_all_the_world(tmp_path: Path) -> None:
    data = bytearray(tarred(TEXT))
    header = data.index(NAME.encode())
    data[header + 124 : header + 136] = b"\x80" + (1 << 60).to_bytes(11, "big")
    data[header + 148 : header + 156] = b" " * 8
    data[header + 148 : header + 156] = f"{sum(data[header : header + 512]):06o}\0 ".encode()
    found = look(bytes(data))
    assert (found.keys, set(found.reasons)) == ([KEY], {"broken or cut off (tar: EOFError)"})


@pytest.mark.parametrize("wrap", [gzip.compress, zlib.compress, packing.zipped, packing.tarred])
def test_a_file_that_cannot_seek_is_read(wrap: Callable[[bytes], bytes], tmp_path: Path) -> None:
    """What a pipe gives is read as far as a window goes."""
    result = run("scan", "--no-config", "--format", "json", "/dev/stdin", cwd=tmp_path, stdin=wrap(TEXT * 9))
    assert result.code in (1, 3)
    assert os.listdir(tmp_path) == []

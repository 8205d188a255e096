"""Archives of every kind: what is in them is found, under its name, and says how it was read."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest

from freddy_guard.decode.archives.packages import is_inside
from tests.decode import packing
from tests.decode.looks import KEY, look, only
from tests.decode.packing import ARCHIVES, COMPRESSORS, DOCUMENTS, NAME, Pack, tarred, zipped
from tests.support.keys import key
from tests.support.tool import run

# Long and dull enough that every compressor makes something else of it.
TEXT = b"".join(b"LINE_%d=%d\n" % (number, number**3) for number in range(300)) + f"FREDDY_API_KEY={KEY}\n".encode()
EVERY = {**COMPRESSORS, **ARCHIVES, **DOCUMENTS}
AT_ONCE = ((1, 1), (1, 1))


def named(kinds: dict[str, Pack]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("kind", "wrap"), kinds.items(), ids=list(kinds))


@named(EVERY)
def test_each_kind_is_opened_whatever_it_is_called(kind: str, wrap: Pack) -> None:
    assert KEY.encode() not in wrap(TEXT) or kind == "tar"
    found = look(wrap(TEXT), "freddy/notes.txt")
    assert (found.keys, found.reasons) == ([KEY], [])
    if kind != "tar":  # whose content stands in it as it is, and is found there first
        assert found.seen[0][1:] == ((kind,), *AT_ONCE)


@named(COMPRESSORS)
@pytest.mark.parametrize("inner", ["zip", "tar", "gzip", "xz"])
def test_one_in_the_other(kind: str, wrap: Pack, inner: str) -> None:
    assert only(wrap(EVERY[inner](TEXT)))[:2] == (KEY, (kind, inner))


def test_archives_within_each_other() -> None:
    assert only(zipped(tarred(COMPRESSORS["xz"](zipped(TEXT))))).via == ("zip", "tar", "xz", "zip")


@pytest.mark.parametrize("data", [packing.ar(COMPRESSORS["gzip"](TEXT)), packing.bundle(TEXT)], ids=["deb", "bundle"])
def test_packages(data: bytes) -> None:
    assert only(data).key == KEY


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("name", ["a/b.txt", "a" * 90 + "/" + "b" * 60, "x" * 300])
def test_the_member_is_named(form: int, name: str, tmp_path: Path) -> None:
    if form == tarfile.USTAR_FORMAT and len(name) > 200:
        return
    (tmp_path / "a.tgz").write_bytes(COMPRESSORS["gzip"](tarred(TEXT, name, form)))
    result = run("scan", "--format", "json", ".", cwd=tmp_path)
    (finding,) = result.json()["findings"]
    assert finding["path"] == "a.tgz"
    assert name in finding["message"]
    assert finding["via"] == ["gzip", "tar"]


def test_a_tar_whose_checksums_are_of_signed_bytes() -> None:
    data = bytearray(tarred(COMPRESSORS["gzip"](TEXT), "schl\u00fcssel.gz", tarfile.USTAR_FORMAT))
    at = data.index("schl\u00fcssel".encode())
    header = data[at : at + 148] + b" " * 8 + data[at + 156 : at + 512]
    data[at + 148 : at + 156] = f"{sum(header) - 256 * 2:06o}\0 ".encode()
    assert only(bytes(data))[:2] == (KEY, ("tar", "gzip"))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_the_methods_of_a_zip(method: int) -> None:
    assert look(zipped(TEXT, method=method)).keys == [KEY]


@pytest.mark.parametrize("before", [b"MZ and a program", b"#!/usr/bin/env python3\n"])
@pytest.mark.parametrize("after", [b"", b"\n", bytes(3000)])
def test_a_zip_behind_a_program(before: bytes, after: bytes) -> None:
    assert only(before + zipped(TEXT) + after)[:2] == (KEY, ("zip",))


def test_a_program_that_speaks_of_zip_is_none() -> None:
    assert look(b"\x7fELF" + bytes(99) + b"PK\1\2PK\3\4PK\5\6" + bytes(99)) == ([], [])


@pytest.mark.parametrize("after", [b"\n", b"a signature", bytes(70_000)])
def test_a_zip_before_something_else(after: bytes) -> None:
    assert look(zipped(TEXT) + after).keys == [KEY]


@pytest.mark.parametrize(
    "data",
    [
        zipped(b"x", comment=KEY.encode()),
        zipped(b"x", f"keys/{KEY}.txt"),
        COMPRESSORS["gzip"](tarred(b"x", f"keys/{KEY}.txt")),
    ],
    ids=["comment", "name in a zip", "name in a tar"],
)
def test_names_and_comments(data: bytes) -> None:
    assert set(look(data).keys) == {KEY}


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz", "zstd"])
def test_streams_that_follow_each_other(kind: str) -> None:
    wrap = COMPRESSORS[kind]
    assert only(wrap(TEXT[:20]) + wrap(b"") + wrap(TEXT[20:])).key == KEY


@named({kind: wrap for kind, wrap in COMPRESSORS.items() if kind != "lzma"})  # which has no end of its own
def test_what_stands_behind_it_is_read(kind: str, wrap: Pack) -> None:
    assert look(wrap(b"nothing") + zipped(TEXT)).keys == [KEY]


def test_each_key_of_each_member_is_found() -> None:
    keys = [key(number) for number in range(40)]
    data = zipped("\n".join(keys).encode())
    assert sorted(look(data).keys) == sorted(keys)


def test_a_member_is_read_in_all_ways() -> None:
    text = f"k = '{KEY[:9]}' + '{KEY[9:]}'\n".encode()
    assert only(zipped(COMPRESSORS["gzip"](text))).via == ("zip", "gzip", "joined")
    assert only(COMPRESSORS["xz"](f"k: {KEY}".encode("utf-16"))).via == ("xz", "utf-16")


@pytest.mark.parametrize(
    "data",
    [
        b"PK\3\4",
        b"PK\5\6",
        b"\x1f\x8b\x08",
        b"BZh91AY&SY",
        b"\xfd7zXZ\0",
        b"x\x9c",
        b"]\0\0",
        b"%PDF-",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_a_mere_begin_crashes_nothing(data: bytes) -> None:
    for size in (0, 1, 20, 600):
        assert look(data + bytes(size)).keys == []
        assert look(data + b"ak_" * size).keys == []


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("a/b", True),
        (".env", True),
        ("../a", False),
        ("/a", False),
        ("a/../../b", False),
        ("C:/a", False),
        ("..\\a", False),
    ],
)
def test_what_leads_out_of_an_archive(name: str, inside: bool) -> None:
    assert is_inside(name) is inside


def test_nothing_is_written_whatever_the_names_say(tmp_path: Path) -> None:
    work = tmp_path / "deep" / "work"
    work.mkdir(parents=True)
    for number, name in enumerate(("../../evil", "/tmp/evil-of-freddy", "a/../../evil", "..\\evil", "evil\0x", NAME)):  # noqa: S108
        (work / f"{number}.zip").write_bytes(zipped(TEXT, name))
        (work / f"{number}.tar").write_bytes(tarred(TEXT, name))
    before = sorted(tmp_path.rglob("*"))
    result = run("scan", "--format", "json", ".", cwd=work)
    assert {finding["path"] for finding in result.json()["findings"]} == {path.name for path in work.iterdir()}
    assert sorted(tmp_path.rglob("*")) == before
    assert not Path("/tmp/evil-of-freddy").exists()  # noqa: S108

"""Files broken at random crash nothing, and findings point into them. bench/fuzz.py does the same for longer."""

from __future__ import annotations

import random

import pytest

from freddy_guard.model import Document, Origin, Unread
from tests.decode import packing
from tests.decode.looks import DETECTOR, KEY
from tests.decode.packing import ARCHIVES, COMPRESSORS, DOCUMENTS
from tests.places import base64s, binaries, encodings, splits, wide
from tests.places.model import Draw
from tests.support.mutations import mutated

TEXT = f"PORT=1\nFREDDY_API_KEY={KEY}\n".encode() * 9
PACKED = [wrap(TEXT) for wrap in (*COMPRESSORS.values(), *ARCHIVES.values(), *DOCUMENTS.values())]
PACKED += [packing.ar(TEXT), packing.bundle(TEXT), packing.zipped(packing.tarred(packing.seven_zip(TEXT)))]
FAMILIES = (base64s, binaries, encodings, splits, wide)
ENCODED = [place.data for family in FAMILIES for place in family.places(Draw("fuzz")) if len(place.data) < 20_000]


@pytest.mark.parametrize("files", [PACKED, ENCODED], ids=["packed", "encoded"])
def test_nothing_crashes(files: list[bytes]) -> None:
    for number in range(400):
        rng = random.Random(f"test {number}")  # noqa: S311 - the same files in every run are the point
        _look(mutated(rng.choice(files), files, rng))


def _look(data: bytes) -> None:
    unread: list[Unread] = []
    for finding in DETECTOR.find(Document(data, Origin(path="case")), unread):
        start, end = finding.region
        assert 0 <= start.offset <= end.offset <= len(data), finding.via
    assert all(entry.reason for entry in unread)


@pytest.mark.parametrize(
    ("data", "encoding"), [(b"\xff\0", "utf-16-be"), (b"\1\2\3", "utf-32-be"), (b"", "utf-32-be"), (b"\1", "utf-16-le")]
)
@pytest.mark.parametrize("cut", range(4))
def test_a_wide_key_at_the_end_points_into_the_file(data: bytes, encoding: str, cut: int) -> None:
    wide_key = f" {KEY}".encode(encoding)
    _look(data + wide_key[: len(wide_key) - cut])

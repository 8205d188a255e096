"""What each format looks like, byte for byte. UPDATE_GOLDEN=1 writes the files anew; read the diff."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import freddy_guard
from freddy_guard.reports import PLAIN, REPORTERS, Style
from tests.reports.samples import everything, rendered
from tests.support.keys import key

GOLDEN = Path(__file__).parent / "golden"
CASES = {
    "report.txt": ("text", PLAIN),
    "report-verbose.txt": ("text", Style(verbose=1)),
    "report-color.txt": ("text", Style(color=True)),
    "report.json": ("json", PLAIN),
    "report.jsonl": ("jsonl", PLAIN),
    "report.sarif": ("sarif", PLAIN),
}


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freddy_guard, "__version__", "0.0.0")
    got = rendered(everything(), *CASES[name])
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / name).write_bytes(got)
    assert got == (GOLDEN / name).read_bytes()


def test_every_format_has_a_golden_file() -> None:
    assert {reporter for reporter, _ in CASES.values()} == set(REPORTERS)


@pytest.mark.parametrize("name", CASES)
def test_golden_files_hold_no_key(name: str) -> None:
    data = (GOLDEN / name).read_text("utf-8")
    assert not any(key(seed)[3:] in data for seed in range(1, 9))

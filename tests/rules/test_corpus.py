"""Labelled texts: what is a key among them, what nearly one, and what only looks like it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from freddy_guard.model import Coverage, Document, Origin, Severity, Signs
from tests.support.keys import expand
from tests.support.scans import scanned

CASES = [json.loads(line) for line in (Path(__file__).parents[1] / "data" / "keys.jsonl").read_text().splitlines()]
ENCODED = re.compile("<b64>(.*?)</b64>")
KEYS = {"key", "key-split", "key-decoded"}


class _Text:
    """A source of one text."""

    name = "files"

    def __init__(self, path: str, text: str) -> None:
        self._document = Document(text.encode(), Origin(path=path))

    def documents(self, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        coverage.read["files"] += 1
        yield self._document


def _filled(template: str, seed: int) -> str:
    text = expand(template, seed)
    return ENCODED.sub(lambda found: base64.b64encode(found[1].encode()).decode(), text)


@pytest.mark.parametrize("seed", [1000, 2000])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['class']}-{case['path'].replace('/', '.')}")
def test_labelled_texts(case: dict[str, Any], seed: int) -> None:
    report = scanned(_Text(case["path"], _filled(case["text"], seed)))
    seen = {(v.finding.rule.id, v.finding.severity) for v in report.open() if v.finding.rule.id in ("FG101", "FG102")}
    is_key, is_near = ("FG101", Severity.ERROR) in seen, ("FG102", Severity.WARNING) in seen
    if case["expect"] != "optional":
        assert (is_key, is_near) == (case["expect"] in KEYS, case["expect"] == "near-miss")
    if case["expect"] == "example":
        assert seen == {("FG101", Severity.NOTE)}


def test_the_corpus_is_whole_and_holds_no_key() -> None:
    assert len({case["class"] for case in CASES}) >= 30
    assert [
        case["text"] for case in CASES if case["expect"] in KEYS and re.search("ak_[A-Za-z0-9]{9}", case["text"])
    ] == []

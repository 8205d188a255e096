"""Cases for one language in a text file, and what the rules see in one."""

from __future__ import annotations

import re
from pathlib import Path

from freddy_guard.detect import Detector
from freddy_guard.model import Document, Finding, Origin
from freddy_guard.rules import RULES

DETECTOR = Detector([rule for rule in RULES if rule.id.startswith("FG3")])
Marks = list[tuple[str, int]]


def load(name: str) -> dict[str, str]:
    """Return the cases of a file: `=== name`, then the text. The one called head is put in front of each."""
    page = (Path(__file__).parent / name).read_text(encoding="utf-8")
    found = re.findall(r"^=== ([^\n]+)\n(.*?)(?=^=== |\Z)", page, re.DOTALL | re.MULTILINE)
    assert len({title for title, _ in found}) == len(found)
    cases = dict(found)
    head = cases.pop("head", "")
    return {title: head + text for title, text in cases.items()}


def findings(text: str | bytes, path: str) -> list[Finding]:
    """Return what the rules find in a file."""
    data = text.encode() if isinstance(text, str) else text
    return DETECTOR.find(Document(data, Origin(path=path)), [])


def seen(text: str | bytes, path: str) -> Marks:
    """Return rule and line of each finding."""
    return sorted((finding.rule.id, finding.region.start.line) for finding in findings(text, path))


def marked(text: str) -> Marks:
    """Return rule and line of each mark."""
    lines = enumerate(text.splitlines(), 1)
    return sorted((rule, number) for number, line in lines for rule in re.findall(r"!(FG\d+)", line))

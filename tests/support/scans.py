"""Runs one source through all rules, and tells what came out in a form that is easy to compare."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from freddy_guard.detect import Detector
from freddy_guard.model import Document, Finding, Place, Report, Source, Unread
from freddy_guard.policy import Policy
from freddy_guard.rules import RULES
from freddy_guard.scan import scan

KEY_RULE = "FG101"


class Seen(NamedTuple):
    """Where one key was found."""

    path: str
    place: Place = Place.FILE


def policy() -> Policy:
    """Return a policy that silences nothing but by comments."""
    return Policy(rule_ids={rule.id: rule.id for rule in RULES}, today=datetime.date(2024, 1, 1))


def scanned(source: Source) -> Report:
    """Scan with all rules."""
    return scan(source, RULES, policy())


def keys(report: Report) -> list[Finding]:
    """Return the open findings of the rule for keys, in the order of the report."""
    return [verdict.finding for verdict in report.open() if verdict.finding.rule.id == KEY_RULE]


def found(source: Source) -> list[Finding]:
    """Scan and return the keys found. Fails the test where not all was read."""
    report = scanned(source)
    assert report.coverage.unread == []
    return keys(report)


def only(source: Source) -> Finding:
    """Scan and return the one key found."""
    (finding,) = found(source)
    return finding


def places(findings: Iterable[Finding]) -> list[Seen]:
    """Return where the findings stand."""
    return [Seen(finding.origin.path, finding.origin.place) for finding in findings]


def unread(report: Report) -> list[str]:
    """Return what was not read, and why, a line each."""
    return [f"{item.what}: {item.reason}" for item in report.coverage.unread]


class EverySign(Detector):
    """Shows every document, whatever is in it."""

    def __init__(self) -> None:
        super().__init__(())

    def in_data(self, data: bytes) -> bool:
        return True

    def looked(self, data: bytes) -> tuple[bool, list[Unread]]:
        return True, []

    def in_name(self, name: bytes) -> bool:
        return True

    def in_names(self, data: bytes) -> bool:
        return True


def contents(documents: Iterable[Document]) -> dict[str, bytes]:
    """Return what each path holds."""
    return {document.origin.path: document.data for document in documents}

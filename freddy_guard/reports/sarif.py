"""The report as SARIF 2.1.0, for GitHub code scanning and whatever else reads the OASIS standard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from freddy_guard.model import Report, Rule, Severity, Status, Verdict
from freddy_guard.reports import Style
from freddy_guard.reports.encode import dumps
from freddy_guard.reports.fields import Fields, coverage_fields, tool
from freddy_guard.reports.places import SHORT
from freddy_guard.reports.sarif_location import locations, uri

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# GitHub shows over 9.0 as critical, from 7.0 as high, from 4.0 as medium, below as low.
_SECURITY_SEVERITY = {Severity.ERROR: "9.8", Severity.WARNING: "6.5", Severity.NOTE: "3.1"}


def render(report: Report, _style: Style) -> Iterator[str]:
    """Yield the report as SARIF."""
    yield dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}, indent=2)
    yield "\n"


def _run(report: Report) -> Fields:
    found = {verdict.finding.rule.id: verdict.finding.rule for verdict in report.verdicts}
    rules = [found[rule] for rule in sorted(found)]
    return {
        "tool": {"driver": {**tool(), "rules": [_rule(rule) for rule in rules]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": list(_results(report, {rule.id: index for index, rule in enumerate(rules)})),
        "properties": {"source": report.source, "coverage": coverage_fields(report.coverage)},
    }


def _rule(rule: Rule) -> Fields:
    steps = "\n".join(line.replace("{path}", "<path>") for line in rule.remedy)
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.message},
        "fullDescription": {"text": rule.description},
        "help": {
            "text": f"{rule.description}\n\n{steps}" if steps else rule.description,
            "markdown": f"{rule.description}\n\n```text\n{steps}\n```" if steps else rule.description,
        },
        "defaultConfiguration": {"level": rule.severity.label},
        "properties": {
            "tags": ["security", "secrets"],
            "precision": rule.confidence.value,
            "security-severity": _SECURITY_SEVERITY[rule.severity],
        },
    }


def _invocation(report: Report) -> Fields:
    coverage = report.coverage
    errors = [f"not read: {item.what}: {item.reason}" for item in coverage.unread]
    if coverage.empty:
        errors.insert(0, "nothing was read")
    notes = [_notification("error", text) for text in errors]
    notes += [_notification("note", f"left out: {item.what}: {item.reason}") for item in coverage.left_out]
    notes += [_notification("note", text) for text in report.notices]
    return {"executionSuccessful": not errors, "toolExecutionNotifications": notes}


def _notification(level: str, text: str) -> Fields:
    return {"level": level, "message": {"text": text}}


def _results(report: Report, index: dict[str, int]) -> Iterator[Fields]:
    seen: Counter[tuple[str, str, str]] = Counter()
    for verdict in report.verdicts:
        finding = verdict.finding
        same = (finding.rule.id, uri(finding.origin), finding.fingerprint)
        seen[same] += 1
        yield _result(verdict, index[finding.rule.id], f"{finding.fingerprint}:{seen[same]}")


def _result(verdict: Verdict, index: int, identity: str) -> Fields:
    """Return one result. `identity` is the finding's fingerprint and its number among the same in that file.

    GitHub tells alerts apart by rule, path and `primaryLocationLineHash`; where that is missing it hashes the
    line. Such a hash changes with every edit of the line, and for a key that only history holds it is that of
    an unrelated line. Ours knows neither lines nor commits: an alert survives moves, rebases and squashes.
    """
    finding = verdict.finding
    return {
        "ruleId": finding.rule.id,
        "ruleIndex": index,
        "level": finding.severity.label,
        "message": {"text": finding.message + _history(verdict) + (f"\n\n{finding.fix}" if finding.fix else "")},
        "locations": locations(finding),
        "partialFingerprints": {"freddyGuard/v1": identity, "primaryLocationLineHash": identity},
        "suppressions": _suppressions(verdict),
        "properties": _properties(verdict),
    }


def _history(verdict: Verdict) -> str:
    origin = verdict.finding.origin
    if not origin.commit:
        return ""
    gone = ", no longer in HEAD" if origin.in_head is False else ""
    return f" (commit {origin.commit[:SHORT]}{gone})"


def _suppressions(verdict: Verdict) -> list[Fields]:
    """Return why a result does not count. If one result has this list all must: an open one has it empty."""
    if verdict.status is Status.OPEN:
        return []
    kind = "inSource" if verdict.status is Status.ALLOWED else "external"
    reason = verdict.reason or verdict.status.value
    return [{"kind": kind, "status": "accepted", "justification": reason}]


def _properties(verdict: Verdict) -> Fields:
    finding, origin = verdict.finding, verdict.finding.origin
    return {
        "confidence": finding.confidence.value,
        "redacted": finding.secret.redacted if finding.secret else "",
        "place": origin.place.value,
        "via": list(finding.via),
        "commit": origin.commit,
        "author": origin.author,
        "date": origin.date,
        "blob": origin.blob,
        "refs": list(origin.refs),
        "in_head": origin.in_head,
        "status": verdict.status.value,
    }

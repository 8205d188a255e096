"""The fields of the JSON contract (docs/architecture.md, "JSON"). All but an addition is a new version."""

from __future__ import annotations

from collections.abc import Mapping

import freddy_guard
from freddy_guard.model import Coverage, Report, Verdict

VERSION = 1
Fields = dict[str, object]

_KINDS = ("commits", "trees", "blobs", "tags", "refs", "files", "paths")


def tool() -> Fields:
    """Return who made the report."""
    return {"name": "freddy-guard", "version": freddy_guard.__version__}


def counts(read: Mapping[str, int]) -> dict[str, int]:
    """Return what was read, in an order that does not depend on what was read first; bytes come last."""
    rest = sorted(read.keys() - {*_KINDS, "bytes"})
    return {kind: read[kind] for kind in (*_KINDS, *rest, "bytes") if kind in read}


def coverage_fields(coverage: Coverage) -> Fields:
    """Return the receipt: what was read and what was not."""
    unread, left_out = (
        [{"what": item.what, "reason": item.reason} for item in items] for items in (coverage.unread, coverage.left_out)
    )
    return {**counts(coverage.read), "complete": coverage.complete, "unread": unread, "left_out": left_out}


def verdict_fields(verdict: Verdict) -> Fields:
    """Return one finding with its verdict. Every field is always there; what is not known is empty."""
    from freddy_guard.reports.remedy import steps  # here: the receipt of a hook that finds nothing needs none of it

    finding, region = verdict.finding, verdict.finding.region
    return {
        "rule": finding.rule.id,
        "name": finding.rule.name,
        "severity": finding.severity.label,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "remedy": "\n".join(steps(finding.rule, [finding.origin.path])),
        "fix": finding.fix,
        "path": finding.origin.path,
        "line": region.start.line,
        "column": region.start.column,
        "end_line": region.end.line,
        "end_column": region.end.column,
        **_origin_fields(verdict),
        "status": verdict.status.value,
        "reason": verdict.reason,
    }


def _origin_fields(verdict: Verdict) -> Fields:
    finding, origin = verdict.finding, verdict.finding.origin
    return {
        "place": origin.place.value,
        "via": list(finding.via),
        "redacted": finding.secret.redacted if finding.secret else "",
        "fingerprint": finding.fingerprint,
        "commit": origin.commit,
        "author": origin.author,
        "date": origin.date,
        "blob": origin.blob,
        "refs": list(origin.refs),
        "in_head": origin.in_head,
    }


def report_fields(report: Report) -> Fields:
    """Return the whole report."""
    return {
        "version": VERSION,
        "tool": tool(),
        "source": report.source,
        "coverage": coverage_fields(report.coverage),
        "findings": [verdict_fields(verdict) for verdict in report.open()],
        "suppressed": [verdict_fields(verdict) for verdict in report.suppressed()],
        "notices": list(report.notices),
    }

"""The report as one JSON document, for programs: the versioned contract."""

from __future__ import annotations

from collections.abc import Iterator

from freddy_guard.model import Report
from freddy_guard.reports import Style
from freddy_guard.reports.encode import dumps
from freddy_guard.reports.fields import report_fields


def render(report: Report, _style: Style) -> Iterator[str]:
    """Yield the report as JSON."""
    yield dumps(report_fields(report), indent=2)
    yield "\n"

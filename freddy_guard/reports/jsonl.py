"""The report as JSON lines, for pipes: the run, every finding, every notice, and the receipt last.

A file without its last line, of the type `coverage`, is a report that was cut off.
"""

from __future__ import annotations

from collections.abc import Iterator

from freddy_guard.model import Report
from freddy_guard.reports import Style
from freddy_guard.reports.encode import dumps
from freddy_guard.reports.fields import VERSION, Fields, coverage_fields, tool, verdict_fields


def render(report: Report, _style: Style) -> Iterator[str]:
    """Yield the report line by line."""
    for line in _lines(report):
        yield dumps(line) + "\n"


def _lines(report: Report) -> Iterator[Fields]:
    yield {"type": "run", "version": VERSION, "tool": tool(), "source": report.source}
    for verdict in report.open():
        yield {"type": "finding", **verdict_fields(verdict)}
    for verdict in report.suppressed():
        yield {"type": "suppressed", **verdict_fields(verdict)}
    for notice in report.notices:
        yield {"type": "notice", "message": notice}
    yield {"type": "coverage", **coverage_fields(report.coverage)}

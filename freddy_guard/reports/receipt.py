"""The receipt: what a scan read, what it did not, and the closing line, which never promises too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from freddy_guard.model import Coverage, Report
from freddy_guard.redact import printable
from freddy_guard.reports import Style
from freddy_guard.reports.fields import counts

UNREAD_SHOWN = 20
LEFT_OUT_SHOWN = 5


def receipt(report: Report, style: Style) -> Iterator[str]:
    """Yield what was read, then everything that was not, then what is not for some of the rules."""
    yield f"read {_read(report.coverage)}, source: {printable(report.source)}"
    unread = report.coverage.unread
    shown = unread if style.verbose else unread[:UNREAD_SHOWN]
    for item in shown:
        yield f"NOT read: {printable(item.what)}: {printable(item.reason)}"
    if len(unread) > len(shown):
        yield f"NOT read: {len(unread) - len(shown)} more (-v shows all)"
    left_out = report.coverage.left_out
    shown = left_out if style.verbose else left_out[:LEFT_OUT_SHOWN]
    for item in shown:
        yield f"left out: {printable(item.what)}: {printable(item.reason)}"
    if len(left_out) > len(shown):
        yield f"left out: {len(left_out) - len(shown)} more (-v shows all)"


def closing(report: Report) -> str:
    """Return the last line: how many findings, after what keeps them from being all there is."""
    coverage = report.coverage
    found = tally(report)
    if coverage.empty:
        return ", ".join(filter(None, ["nothing was read", found]))
    if not coverage.complete:
        rest = found or "nothing found in what was read"
        return f"incomplete: {counted(len(coverage.unread), 'things')} could not be read; {rest}"
    return found or "no findings"


def tally(report: Report) -> str:
    """Return `1 error, 2 warnings, 3 notes`, without those of which there are none."""
    number = Counter(verdict.finding.severity for verdict in report.open())
    present = sorted(number, reverse=True)
    return ", ".join(counted(number[severity], f"{severity.label}s") for severity in present)


def counted(number: int, plural: str) -> str:
    """Return `1 blob` or `12 blobs`."""
    singular = f"{plural[:-3]}y" if plural.endswith("ies") else plural.removesuffix("s")
    return f"{number:,} {singular if number == 1 else plural}"


def _read(coverage: Coverage) -> str:
    if coverage.empty:
        return "nothing"
    number = counts(coverage.read)
    size = number.pop("bytes", None)
    kinds = ", ".join(counted(many, printable(kind)) for kind, many in number.items())
    return " ".join(filter(None, [kinds, f"({_size(size)})" if size is not None else ""]))


def _size(number: int) -> str:
    if number < 1000:
        return counted(number, "bytes")
    size = float(number)
    for unit in ("kB", "MB", "GB"):
        size /= 1000
        if size < 999.95:
            return f"{size:.1f} {unit}"
    return f"{size / 1000:.1f} TB"

"""The report for people: every open finding with its line, what to do about it, and the receipt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from freddy_guard.model import Report, Status, Verdict
from freddy_guard.redact import printable
from freddy_guard.reports import Style
from freddy_guard.reports.paint import BOLD, Paint
from freddy_guard.reports.receipt import closing, receipt


def render(report: Report, style: Style) -> Iterator[str]:
    """Yield the report line by line. A blank line separates its parts."""
    paint = Paint(style.color)
    parts: list[Iterator[str]] = []
    if report.verdicts:
        parts += _findings(report, style, paint)
    parts.append(f"notice: {printable(notice)}" for notice in report.notices)
    parts.append(receipt(report, style))
    between = False
    for part in parts:
        lines = list(part)
        if lines and between:
            yield "\n"
        yield from (f"{line}\n" for line in lines)
        between = between or bool(lines)
    yield f"{paint(closing(report), BOLD)}\n"


def _findings(report: Report, style: Style, paint: Paint) -> Iterator[Iterator[str]]:
    from freddy_guard.reports.blocks import block  # here and below: a hook that finds nothing needs none of it

    yield from (block(verdict.finding, style, paint) for verdict in report.open())
    yield from _remedies(report.open(), paint)
    yield _suppressed(report.suppressed(), style)


def _remedies(verdicts: list[Verdict], paint: Paint) -> Iterator[Iterator[str]]:
    by_rule: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_rule[verdict.finding.rule.id].append(verdict)
    return (_remedy(same, paint) for same in by_rule.values() if same[0].finding.rule.remedy)


def _remedy(verdicts: list[Verdict], paint: Paint) -> Iterator[str]:
    from freddy_guard.reports.remedy import steps

    rule = verdicts[0].finding.rule
    yield paint(f"What to do about {rule.id} {rule.name}:", BOLD)
    for line in steps(rule, [verdict.finding.origin.path for verdict in verdicts]):
        yield f"  {printable(line)}"


def _suppressed(verdicts: list[Verdict], style: Style) -> Iterator[str]:
    if not verdicts:
        return
    from freddy_guard.reports.blocks import headline

    tally = Counter(verdict.status for verdict in verdicts)
    shown = ", ".join(f"{tally[status]} {status}" for status in Status if tally[status])
    yield f"not counted: {shown}" + ("" if style.verbose else " (-v shows them)")
    if style.verbose:
        for verdict in verdicts:
            reason = printable(verdict.reason) or "no reason given"
            yield f"  {headline(verdict.finding)} [{verdict.status}: {reason}]"

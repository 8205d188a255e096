"""One finding for people: a headline that editors can jump to, the line with a caret, the commit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from freddy_guard.model import Finding, Origin, Place
from freddy_guard.redact import printable
from freddy_guard.reports import Style
from freddy_guard.reports.paint import BOLD, BY_SEVERITY, DIM, GREEN, Paint
from freddy_guard.reports.places import SHORT, short_ref, where

REFS_SHOWN = 2
_PLAIN = Paint(color=False)
_NAMES = frozenset({Place.PATH_NAME, Place.REF_NAME})  # they have no lines


def block(finding: Finding, style: Style, paint: Paint) -> Iterator[str]:
    """Yield the lines about one finding, all printable."""
    yield headline(finding, paint)
    yield from _excerpt(finding, paint)
    for line in finding.fix.splitlines():
        yield f"      {paint('+', GREEN)} {printable(line)}"
    provenance = printable(_provenance(finding.origin, style))
    if provenance:
        yield paint(f"      {provenance}", DIM)
    if style.verbose:
        yield paint(f"      fingerprint {finding.fingerprint}, confidence {finding.confidence}", DIM)


def headline(finding: Finding, paint: Paint = _PLAIN) -> str:
    """Return the first line: place, severity, rule and message."""
    severity = paint(finding.severity.label, BY_SEVERITY[finding.severity])
    via = f"  [via {' > '.join(map(printable, finding.via))}]" if finding.via else ""
    rule = f"{finding.rule.id} {finding.rule.name}"
    return f"{paint(_spot(finding), BOLD)}: {severity}: {rule}: {printable(finding.message)}{via}"


def _spot(finding: Finding) -> str:
    place, start = printable(where(finding.origin)), finding.region.start
    return place if finding.origin.place in _NAMES else f"{place}:{start.line}:{start.column}"


def _excerpt(finding: Finding, paint: Paint) -> Iterator[str]:
    if not finding.snippet:
        return
    start, end = finding.caret
    text = printable(finding.snippet)
    yield f"{finding.region.start.line:5} | {text}"
    if start < end:
        carets = paint("^" * _width(text[start:end]), GREEN)
        yield f"      | {' ' * _width(text[:start])}{carets}"


def _width(text: str) -> int:
    """Return the columns that printable text takes in a terminal."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def _provenance(origin: Origin, style: Style) -> str:
    parts = [_commit(origin, style)] if origin.commit else []
    if origin.in_head is not None:
        parts.append("still in HEAD" if origin.in_head else "no longer in HEAD")
    if origin.refs:
        parts.append(f"refs: {_refs(origin.refs, style)}")
    if origin.blob and style.verbose:
        parts.append(f"blob {origin.blob}")
    return ", ".join(parts)


def _commit(origin: Origin, style: Style) -> str:
    commit = f"commit {origin.commit if style.verbose else origin.commit[:SHORT]}"
    author = f" by {origin.author}" if origin.author else ""
    date = origin.date if style.verbose else origin.date[:10]
    return commit + author + (f" on {date}" if date else "")


def _refs(refs: tuple[str, ...], style: Style) -> str:
    shown = refs if style.verbose else refs[:REFS_SHOWN]
    more = f" (+{len(refs) - len(shown)})" if len(refs) > len(shown) else ""
    return ", ".join(map(short_ref, shown)) + more

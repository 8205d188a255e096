"""Where a finding stands, as SARIF says it: a URI and a region, and words where the place is not a file."""

from __future__ import annotations

import re
from urllib.parse import quote

from freddy_guard.model import Finding, Origin, Place, Region
from freddy_guard.redact import hide_keys
from freddy_guard.reports.fields import Fields
from freddy_guard.reports.places import where

_STRAY_SURROGATE = re.compile("[\ud800-\udc7f\udd00-\udfff]")  # from Windows: no byte hides behind these


def locations(finding: Finding) -> list[Fields]:
    """Return the one location of a finding. GitHub refuses the whole file if a result has none with a URI."""
    origin = finding.origin
    physical: Fields = {"artifactLocation": _artifact(origin), "region": _region(finding)}
    location: Fields = {"physicalLocation": physical}
    if origin.place is not Place.FILE or not origin.path:
        location["logicalLocations"] = [{"fullyQualifiedName": where(origin), "kind": origin.place.value}]
    return [location]


def uri(origin: Origin) -> str:
    """Return a reference (RFC 3986) to the place, the bytes of its name percent-encoded, a key in it masked.

    What is not a file gets a name below `.git/`, where no tracked file can be, as `.git/commit-message`. The
    commit is left out: the name is part of an alert's identity, which must survive a rebase.
    """
    if origin.path:
        prefix = "file://" if origin.path.startswith("/") else ""
        return prefix + _percent_encoded(origin.path)
    return f".git/{origin.place}"


def _percent_encoded(name: str) -> str:
    visible = _STRAY_SURROGATE.sub("\ufffd", hide_keys(name))
    return quote(visible.encode("utf-8", "surrogateescape"))


def _artifact(origin: Origin) -> Fields:
    link = uri(origin)
    return {"uri": link} if link.startswith("file:") else {"uri": link, "uriBaseId": "%SRCROOT%"}


def _region(finding: Finding) -> Fields:
    """Return the region. A position in a name is none in the file of that name, which gets its first line."""
    if finding.origin.place is Place.PATH_NAME:
        return {"startLine": 1}
    return _lines(finding.region)


def _lines(region: Region) -> Fields:
    return {
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
    }

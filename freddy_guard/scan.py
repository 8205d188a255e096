"""The verb: documents become findings, findings become verdicts, verdicts become a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from freddy_guard.model import (
    Coverage,
    Document,
    Finding,
    Match,
    Origin,
    Report,
    Rule,
    Source,
    Status,
    Verdict,
)
from freddy_guard.policy import Policy
from freddy_guard.secret import digest
from freddy_guard.text import Lines, snippet


def scan(
    source: Source, rules: Sequence[Rule], policy: Policy, coverage: Coverage | None = None, *, whole: bool = False
) -> Report:
    """Read a source, apply the rules and the policy. `coverage` is filled while it runs, for who wants to watch.

    `whole`: the source is all there is, so that a silencer that silenced nothing is unused.
    """
    coverage = Coverage() if coverage is None else coverage
    findings: list[Finding] = []
    known: set[tuple[str, str, str]] = set()
    for document in source.documents(RuleSigns(rules, policy), coverage):
        policy.read(document)
        found = find(document, rules)
        if found and document.before is not None:
            earlier = (finding for before in document.before() for finding in find(before, rules))
            known.update(_identity(finding) for finding in earlier)
        findings += found
    for rule in rules:
        if rule.correlate is not None:
            findings += rule.correlate(rule, findings)
    verdicts = _distinct(_judge(finding, known, policy) for finding in findings)
    return Report(source.name, tuple(sorted(verdicts, key=_place)), coverage, policy.notices(whole=whole))


class RuleSigns:
    """What the rules, and a policy that watches its comments, want to see of a document."""

    def __init__(self, rules: Sequence[Rule], policy: Policy) -> None:
        self._detectors = [rule for rule in rules if rule.detect is not None]
        self._keywords = tuple({keyword for rule in rules for keyword in rule.keywords})
        self._name_keywords = tuple({keyword for rule in rules for keyword in rule.name_keywords})
        self._comment = policy.keyword if policy.watch else None

    def in_data(self, data: bytes) -> bool:
        """Return whether a rule matches these bytes under some path, or a comment in them silences one."""
        if any(keyword in data for keyword in self._keywords) and find_matches(
            Document(data, Origin()), self._detectors
        ):
            return True
        return self._comment is not None and self._comment in data

    def in_name(self, name: bytes) -> bool:
        """Return whether a rule wants every file of this name."""
        return any(rule.names(name) for rule in self._detectors if rule.names is not None)

    def in_names(self, data: bytes) -> bool:
        """Return whether one of many names may be wanted by a rule."""
        lowered = data.lower()
        return any(keyword in lowered for keyword in self._name_keywords)


def find_matches(document: Document, rules: Iterable[Rule]) -> list[tuple[Rule, Match]]:
    """Return what the rules see in one document, in the order of the rules."""
    data, name = document.data, b""
    found = []
    for rule in rules:
        if rule.detect is None:
            continue
        if rule.names is not None and not name:
            name = document.origin.path.rpartition("/")[2].encode("utf-8", "surrogateescape")
        if any(keyword in data for keyword in rule.keywords) or (rule.names is not None and rule.names(name)):
            found += [(rule, match) for match in rule.detect(document) if _in_body(document, match)]
    return found


def _in_body(document: Document, match: Match) -> bool:
    return document.body is None or document.body[0] <= match.start < document.body[1]


def find(document: Document, rules: Iterable[Rule]) -> list[Finding]:
    """Return the findings of one document."""
    found = find_matches(document, rules)
    if not found:
        return []
    matches = [match for _, match in found]
    lines = Lines(document)
    return [_finding(document, rule, match, matches, lines) for rule, match in found]


def _finding(document: Document, rule: Rule, match: Match, matches: list[Match], lines: Lines) -> Finding:
    text, caret = snippet(document.data, match, matches)
    return Finding(
        rule=rule,
        severity=match.severity or rule.severity,
        confidence=match.confidence or rule.confidence,
        message=match.message or rule.message,
        origin=document.origin,
        region=lines.region(match.start, match.end),
        fingerprint=match.secret.fingerprint if match.secret else _fingerprint(rule, match),
        secret=match.secret,
        via=match.via,
        snippet=text,
        caret=caret,
    )


def _fingerprint(rule: Rule, match: Match) -> str:
    return digest(*(part.encode("utf-8", "surrogateescape") for part in (rule.id, *match.identity)))


def _identity(finding: Finding) -> tuple[str, str, str]:
    return finding.rule.id, finding.fingerprint, finding.origin.path


def _judge(finding: Finding, known: set[tuple[str, str, str]], policy: Policy) -> Verdict:
    verdict = policy.judge(finding)  # asked in any case: a silencer of what is known is no unused one
    if verdict.status is Status.OPEN and _identity(finding) in known:
        return Verdict(finding, Status.KNOWN, "HEAD already has it at this path")
    return verdict


def _distinct(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """Yield each verdict once: of the many versions of a path that hold the same thing, the one that brought it.

    Sources yield older versions first. What later ones know of refs and HEAD is added to the first.
    """
    first: dict[tuple[object, ...], list[Verdict]] = {}
    for verdict in verdicts:
        finding, origin = verdict.finding, verdict.finding.origin
        what = finding.fingerprint if finding.secret else finding.severity
        where = origin.path or origin.commit or origin.blob
        same = first.setdefault((finding.rule.id, what, origin.place, where), [])
        if not same or _version(same[0]) == _version(verdict):
            same.append(verdict)
        else:
            same[:] = [_merged(earlier, origin) for earlier in same]
    for same in first.values():
        yield from same


def _version(verdict: Verdict) -> tuple[str, str]:
    return verdict.finding.origin.blob, verdict.finding.origin.commit


def _merged(verdict: Verdict, later: Origin) -> Verdict:
    origin = verdict.finding.origin
    merged = origin._replace(
        refs=tuple(sorted({*origin.refs, *later.refs})),
        in_head=origin.in_head or later.in_head,
    )
    return verdict._replace(finding=verdict.finding._replace(origin=merged))


def _place(verdict: Verdict) -> tuple[object, ...]:
    finding, origin = verdict.finding, verdict.finding.origin
    return origin.path, origin.place, origin.commit, origin.blob, finding.region.start.offset, finding.rule.id

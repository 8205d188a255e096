"""The verb: documents become findings, findings become verdicts, verdicts become a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from freddy_guard.decode import DEPTH
from freddy_guard.detect import Detector
from freddy_guard.model import Coverage, Finding, Origin, Region, Report, Rule, Source, Status, Verdict
from freddy_guard.policy import Policy


def scan(
    source: Source,
    rules: Sequence[Rule],
    policy: Policy,
    coverage: Coverage | None = None,
    *,
    depth: int = DEPTH,
    whole: bool = False,
) -> Report:
    """Read a source, apply the rules and the policy. `coverage` is filled while it runs, for who wants to watch.

    `depth` is how far readings of a document nest, 0 for the plain one alone. `whole`: the source is all there is, so
    that a silencer that silenced nothing is unused.
    """
    coverage = Coverage() if coverage is None else coverage
    findings: list[Finding] = []
    known: set[tuple[str, str, str]] = set()
    detector = Detector(rules, depth, policy.keyword if policy.watch else None)
    for document in source.documents(detector, coverage):
        policy.read(document)
        found = detector.find(document, coverage.unread)
        if found and document.before is not None:
            earlier = (finding for before in document.before() for finding in detector.find(before, []))
            known.update(_identity(finding) for finding in earlier)
        findings += found
    coverage.left_out += detector.left_out
    for rule in rules:
        if rule.correlate is not None:
            findings += rule.correlate(rule, findings)
    coverage.unread[:] = [unread for unread in coverage.unread if not policy.accept(unread)]
    verdicts = _distinct(_judge(finding, known, policy) for finding in findings)
    return Report(source.name, tuple(sorted(verdicts, key=_place)), coverage, policy.notices(whole=whole))


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
    first: dict[tuple[object, ...], dict[tuple[Region, str], Verdict]] = {}
    for verdict in verdicts:
        finding, origin = verdict.finding, verdict.finding.origin
        what = finding.fingerprint if finding.secret else finding.severity
        where = origin.path or origin.commit or origin.blob
        same = first.setdefault((finding.rule.id, what, origin.place, where), {})
        if not same or _version(next(iter(same.values()))) == _version(verdict):
            same.setdefault(
                (finding.region, finding.message), verdict
            )  # a file may be read twice: as itself and in its folder
        else:
            same.update({at: _merged(earlier, origin) for at, earlier in same.items()})
    for same in first.values():
        yield from same.values()


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

"""What a scan makes of documents: one finding for many versions, known keys, findings about findings, order."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence

from freddy_guard.model import Coverage, Document, Finding, Origin, Place, Report, Rule, Signs, Status
from freddy_guard.rules import RULES
from freddy_guard.scan import scan
from tests.support.keys import key
from tests.support.scans import policy

KEY, OTHER = key(1), key(2)
LEAK = f'k = "{KEY}"\n'.encode()


class Given:
    """A source of documents that are given, in their order."""

    name = "given"

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = list(documents)
        self.signs: Signs | None = None

    def documents(self, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        self.signs = signs
        coverage.read["documents"] += len(self._documents)
        yield from self._documents


def scanned(*documents: Document, rules: Sequence[Rule] = RULES) -> Report:
    return scan(Given(documents), rules, policy())


def version(commit: str, data: bytes = LEAK, path: str = "a.py", **more: object) -> Document:
    origin = Origin(path=path, commit=commit, blob=f"blob of {commit}", refs=(f"refs/{commit}",), in_head=False)
    return Document(data, origin._replace(**more))  # type: ignore[arg-type]


def commits(report: Report) -> list[str]:
    return [verdict.finding.origin.commit for verdict in report.verdicts]


class TestVersions:
    def test_first_one_is_told_with_what_the_others_know(self) -> None:
        report = scanned(version("1"), version("2", in_head=True), version("3"))
        (verdict,) = report.verdicts
        origin = verdict.finding.origin
        assert (origin.commit, origin.in_head, origin.refs) == ("1", True, ("refs/1", "refs/2", "refs/3"))

    def test_other_paths_keys_and_places_are_told_apart(self) -> None:
        report = scanned(
            version("1"),
            version("2", path="b.py"),
            version("3", data=LEAK.replace(KEY.encode(), OTHER.encode())),
            version("4", place=Place.PATH_NAME),
        )
        assert sorted(commits(report)) == ["1", "2", "3", "4"]

    def test_message_of_every_commit_is_told(self) -> None:
        messages = [version(name, path="", place=Place.COMMIT_MESSAGE) for name in "123"]
        assert commits(scanned(*messages)) == ["1", "2", "3"]

    def test_every_place_in_one_version_is_told(self) -> None:
        report = scanned(version("1", data=LEAK * 3), version("2", data=LEAK * 5))
        assert [verdict.finding.region.start.line for verdict in report.verdicts] == [1, 2, 3]

    def test_document_that_comes_twice_is_told_once(self) -> None:
        assert len(scanned(version("1"), version("1")).verdicts) == 1

    def test_outside_of_a_history_nothing_is_merged_but_repeats(self) -> None:
        documents = [Document(LEAK, Origin(path=path)) for path in ("a", "b", "a")]
        assert [verdict.finding.origin.path for verdict in scanned(*documents).verdicts] == ["a", "b"]

    def test_env_file_is_told_again_where_it_got_worse(self) -> None:
        settings, secret = b"PORT=1\n", b"PORT=1\nDB_PASSWORD=Xk39fj2LmQ8z\n"
        documents = [
            version(str(at), data=data, path=".env", tracked=True) for at, data in enumerate([settings, secret])
        ]
        told = [(v.finding.severity.label, v.finding.origin.commit) for v in scanned(*documents).verdicts]
        assert told == [("warning", "0"), ("error", "1")]


class TestKnown:
    def staged(self, data: bytes, before: bytes, path: str = "a.py") -> Document:
        origin = Origin(path=path, blob=f"blob of {path}")
        return Document(data, origin, before=lambda: [Document(before, origin)])

    def test_key_that_stood_there(self) -> None:
        report = scanned(self.staged(LEAK + b"more\n", LEAK))
        (verdict,) = report.verdicts
        assert (verdict.status, report.open()) == (Status.KNOWN, [])
        assert "HEAD" in verdict.reason

    def test_another_key_is_open(self) -> None:
        (verdict,) = scanned(self.staged(LEAK, LEAK.replace(KEY.encode(), OTHER.encode()))).verdicts
        assert verdict.status is Status.OPEN

    def test_only_at_its_own_path(self) -> None:
        report = scanned(self.staged(LEAK, LEAK), self.staged(LEAK, b"", path="b.py"))
        assert [verdict.status for verdict in report.verdicts] == [Status.KNOWN, Status.OPEN]

    def test_what_was_before_is_not_read_where_nothing_is_found(self) -> None:
        def never() -> Iterable[Document]:
            raise AssertionError("nobody asked")

        assert scanned(Document(b"nothing\n", Origin(path="a"), before=never)).verdicts == ()

    def test_gaps_of_what_was_before_are_no_gaps_of_the_scan(self) -> None:
        broken = b"\x1f\x8b\x08\0\0\0\0\0\0\0" + b"\xff" * 50
        assert scanned(self.staged(LEAK, broken)).coverage.complete


def test_correlated_rules_see_all_findings() -> None:
    documents = [Document(LEAK, Origin(path=f".env.{name}")) for name in ("production", "development")]
    told = [(verdict.finding.rule.id, verdict.finding.origin.path) for verdict in scanned(*documents).verdicts]
    assert ("FG103", ".env.production") in told
    assert [rule for rule, _ in told].count("FG101") == 2


def test_rule_that_is_left_out_stays_silent() -> None:
    assert scanned(version("1"), rules=[rule for rule in RULES if rule.id != "FG101"]).verdicts == ()


def test_order_does_not_depend_on_the_source() -> None:
    documents = [Document(LEAK + LEAK, Origin(path=f"{name}.py")) for name in "dbca"]
    texts = [
        [(v.finding.origin.path, v.finding.region.start.line) for v in scanned(*shuffled).verdicts]
        for shuffled in (documents, random.Random(1).sample(documents, 4))  # noqa: S311 - an order like any other
    ]
    assert texts[0] == texts[1] == sorted(texts[0])


def test_report_carries_source_and_coverage() -> None:
    report = scanned(version("1"))
    assert (report.source, report.coverage.read["documents"]) == ("given", 1)


def test_signs_that_a_source_gets() -> None:
    source = Given([])
    scan(source, RULES, policy())
    signs = source.signs
    assert signs is not None
    assert signs.in_data(LEAK)
    assert signs.matched(LEAK)
    assert not signs.in_data(b"nothing of interest\n")
    assert not signs.matched(b"peak_" + b"x" * 40)
    assert signs.in_name(b".env.local")
    assert not signs.in_name(b"app.py")
    assert signs.in_names(b"\0app.py\0.env\0")
    assert signs.in_names(KEY.encode())
    assert not signs.in_names(b"\0app.py\0README\0")


def test_finding_knows_its_secret_and_shows_it_to_nobody() -> None:
    finding: Finding = scanned(version("1")).verdicts[0].finding
    assert KEY not in repr(finding)
    assert finding.secret is not None
    assert finding.secret.reveal() == KEY.encode()

"""SARIF is valid against the schema, and has what GitHub code scanning asks for on top of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from jsonschema import Draft4Validator  # type: ignore[import-untyped, unused-ignore]

from freddy_guard.model import Origin, Place, Report, Status, Unread, Verdict
from tests.reports.samples import COMMIT, FILE_RULE, everything, finding, region, rendered, report
from tests.reports.test_hostile import WEIRD, hostile
from tests.support.keys import key

SCHEMA = Draft4Validator(json.loads((Path(__file__).parents[1] / "data/sarif-schema-2.1.0.json").read_bytes()))
# RFC 3986: a relative reference whose first segment has no colon, or a file URI.
URI = re.compile(r"(?:file:///)?(?:[A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})+")


def run(made: Report) -> dict[str, Any]:
    log = json.loads(rendered(made, "sarif"))
    assert [error.message for error in SCHEMA.iter_errors(log)] == []
    (only,) = log["runs"]
    assert all(at["region"]["startLine"] >= 1 and URI.fullmatch(at["artifactLocation"]["uri"]) for at in places(only))
    return dict(only)


def places(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for result in made["results"]:
        (location,) = result["locations"]
        yield location["physicalLocation"]


def uris(*origins: Origin) -> list[str]:
    made = run(report(*(finding(origin=origin) for origin in origins)))
    return [at["artifactLocation"]["uri"] for at in places(made)]


@pytest.mark.parametrize("made", [report(), everything(), report(read={}), report(unread=(Unread("a", "b"),))])
def test_valid(made: Report) -> None:
    run(made)


@pytest.mark.parametrize("text", [*WEIRD, key(5), f"a/{key(5)}\n", "/absolute/path", "a b/c", "x" * 4000], ids=ascii)
def test_valid_whatever_the_names(text: str) -> None:
    run(hostile(text))


@pytest.mark.parametrize("path", [path for path in WEIRD if "\ud800" not in path], ids=ascii)
def test_uris_give_back_the_bytes_of_the_path(path: str) -> None:
    (uri,) = uris(Origin(path))
    assert unquote_to_bytes(uri) == path.encode("utf-8", "surrogateescape")


def test_absolute_paths_are_not_relative_to_the_root() -> None:
    (at,) = places(run(report(finding(origin=Origin("/etc/my env")))))
    assert at["artifactLocation"] == {"uri": "file:///etc/my%20env"}


def test_a_place_without_a_path_has_a_uri_all_the_same() -> None:
    message = Origin("", Place.COMMIT_MESSAGE, commit=COMMIT)
    assert uris(message, Origin("", Place.REF_NAME)) == [".git/commit-message", ".git/ref-name"]
    location = run(report(finding(origin=message)))["results"][0]["locations"][0]
    assert location["logicalLocations"] == [
        {"fullyQualifiedName": "message of commit 1a2b3c4d", "kind": "commit-message"}
    ]


def test_a_name_points_to_no_column_of_the_file() -> None:
    (at,) = places(run(report(finding(origin=Origin("a/b", Place.PATH_NAME), at=region(1, 30)))))
    assert at["region"] == {"startLine": 1}


def test_regions_count_code_points_from_one() -> None:
    made = run(report(finding(at=region(12, 8))))
    assert made["columnKind"] == "unicodeCodePoints"
    (at,) = places(made)
    assert at["region"] == {"startLine": 12, "startColumn": 8, "endLine": 12, "endColumn": 51}


def test_rules_have_what_github_shows() -> None:
    made = run(everything())
    rules = made["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["FG101", "FG201", "FG301"]
    assert [rule["name"] for rule in rules] == ["HardcodedKey", "CommittedDotenv", "MissingHeader"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert "security" in rule["properties"]["tags"]
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
        assert rule["properties"]["precision"] in {"very-high", "high", "medium", "low"}
    levels = [rule["defaultConfiguration"]["level"] for rule in rules]
    assert levels == ["error", "warning", "note"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in made["results"])


def test_a_help_text_names_no_path() -> None:
    (rule,) = run(report(finding(rule=FILE_RULE, origin=Origin("x/.env"))))["tool"]["driver"]["rules"]
    assert "git rm --cached -- <path>" in rule["help"]["text"]


def hashes(made: Report) -> list[str]:
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in run(made)["results"]]


def test_the_identity_of_an_alert_is_the_key_and_survives_moves_and_rebases() -> None:
    before = hashes(report(finding(1, at=region(3)), finding(2, at=region(9))))
    moved = Origin("src/app.py", commit=COMMIT, blob="f" * 40)
    assert hashes(report(finding(1, at=region(70), origin=moved), finding(2, at=region(80)))) == before
    assert before[0] == f"{finding(1).fingerprint}:1"


def test_alerts_of_the_same_key_in_one_file_are_told_apart() -> None:
    origins = ("a.py", "a.py", "b.py")
    got = hashes(report(*(finding(1, origin=Origin(path)) for path in origins)))
    assert [value.rpartition(":")[2] for value in got] == ["1", "2", "1"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (Status.ALLOWED, "inSource"),
        (Status.IGNORED, "external"),
        (Status.BASELINED, "external"),
        (Status.KNOWN, "external"),
    ],
)
def test_suppressions(status: Status, kind: str) -> None:
    open_one, silenced = run(report(finding(1), Verdict(finding(2), status, "because")))["results"]
    assert open_one["suppressions"] == []
    assert silenced["suppressions"] == [{"kind": kind, "status": "accepted", "justification": "because"}]


@pytest.mark.parametrize(
    ("made", "successful", "levels"),
    [
        (report(), True, []),
        (report(notices=("unused",)), True, ["note"]),
        (report(read={}), False, ["error"]),
        (report(unread=(Unread("x", "gone"),), notices=("unused",)), False, ["error", "note"]),
    ],
)
def test_the_invocation_tells_whether_all_was_read(made: Report, successful: bool, levels: list[str]) -> None:
    (invocation,) = run(made)["invocations"]
    assert invocation["executionSuccessful"] is successful
    assert [note["level"] for note in invocation["toolExecutionNotifications"]] == levels


def test_properties_tell_the_provenance() -> None:
    first = run(everything())["results"][0]
    assert first["properties"]["commit"] == COMMIT
    assert first["properties"]["in_head"] is False
    assert first["message"]["text"].endswith("(commit 1a2b3c4d, no longer in HEAD)")

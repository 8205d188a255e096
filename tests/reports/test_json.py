from __future__ import annotations

import json
from typing import Any

from freddy_guard.model import Origin, Status, Unread, Verdict
from freddy_guard.reports.encode import dumps
from tests.reports.samples import FILE_RULE, everything, finding, rendered, report
from tests.support.keys import key

FIELDS = (
    "rule name severity confidence message remedy fix path line column end_line end_column place via redacted "
    "fingerprint commit author date blob refs in_head status reason"
)


def loaded(made: Any) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(rendered(made, "json"))
    return value


def test_the_contract() -> None:
    got = loaded(everything())
    assert list(got) == ["version", "tool", "source", "coverage", "findings", "suppressed", "notices"]
    assert (got["version"], got["tool"]["name"], got["source"]) == (1, "freddy-guard", "history")
    assert all(list(found) == FIELDS.split() for found in got["findings"] + got["suppressed"])
    nullable = {name for found in got["findings"] for name, value in found.items() if value is None}
    assert nullable == {"in_head"}


def test_the_fingerprint_is_the_digest_of_the_key() -> None:
    from hashlib import sha256

    (found,) = loaded(report(finding(1)))["findings"]
    assert found["fingerprint"] == sha256(key(1).encode()).hexdigest()
    assert found["redacted"] == f"{key(1)[:7]}…{key(1)[-2:]} (43 characters)"


def test_suppressed_findings_stand_apart_with_their_reason() -> None:
    got = loaded(report(finding(1), Verdict(finding(2), Status.IGNORED, "vendored")))
    assert [found["status"] for found in got["findings"]] == ["open"]
    assert [(found["status"], found["reason"]) for found in got["suppressed"]] == [("ignored", "vendored")]


def test_order_is_kept() -> None:
    paths = ["z.py", "a.py", "m.py"]
    got = loaded(report(*(finding(origin=Origin(path)) for path in paths)))
    assert [found["path"] for found in got["findings"]] == paths


def test_coverage_says_what_was_not_read() -> None:
    got = loaded(report(unread=(Unread("x", "gone"),), read={"files": 2}))["coverage"]
    assert got == {"files": 2, "complete": False, "unread": [{"what": "x", "reason": "gone"}], "left_out": []}


def test_nothing_read_is_visible() -> None:
    assert loaded(report(read={}))["coverage"] == {"complete": True, "unread": [], "left_out": []}


def test_the_remedy_names_the_path() -> None:
    (found,) = loaded(report(finding(rule=FILE_RULE, origin=Origin("my app/.env"))))["findings"]
    assert found["remedy"].splitlines()[1] == "  git rm --cached -- 'my app/.env'"


def test_json_lines_tell_the_same_as_json() -> None:
    whole = loaded(everything())
    lines = [json.loads(line) for line in rendered(everything(), "jsonl").splitlines()]
    assert lines[0] == {"type": "run", **{name: whole[name] for name in ("version", "tool", "source")}}
    assert lines[-1] == {"type": "coverage", **whole["coverage"]}
    for kind, name in (("finding", "findings"), ("suppressed", "suppressed")):
        assert [line for line in lines if line["type"] == kind] == [{"type": kind, **one} for one in whole[name]]
    assert [line["message"] for line in lines if line["type"] == "notice"] == whole["notices"]


def test_dumps_redacts_names_too() -> None:
    secret = key(9)
    assert secret not in dumps({secret: [{secret: (secret,)}]})

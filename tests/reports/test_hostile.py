"""Names, authors and messages made to break a report, or to smuggle a key into it."""

from __future__ import annotations

import json
import re

import pytest

from freddy_guard.model import Confidence, Origin, Place, Report, Rule, Severity, Status, Unread, Verdict
from freddy_guard.reports import REPORTERS, Style
from tests.reports.samples import CODE_RULE, FILE_RULE, everything, finding, rendered, report
from tests.support.keys import key

STYLES = (Style(), Style(verbose=2), Style(color=True, verbose=2))
WEIRD = (
    "a\nb.py",
    "a\r\nb.py",
    "a\tb.py",
    "\x1b]0;title\x07\x1b[31mred.py",
    "quote\"d 'name'.py",
    "back\\slash\\n.py",
    "latin\udce9.py",
    "\udcff\udcfe",
    "stray\ud800surrogate",
    "right\u202eto\u2066left.py",
    "zero\u200bwidth\ufeff.py",
    "c1\x9b31m\x85next\x7f.py",
    "line\u2028separator\u2029",
    "%2e%2e:(top)#frag?query",
    "-rf",
    "emoji🙂/ünï",
    "&<>`$(id)",
)
# Everything that can end a line, move a cursor, or turn the direction of text.
ACTIVE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def hostile(text: str) -> Report:
    """Return a report with the text in every string that comes from outside."""
    origin = Origin(
        text, blob=text, commit=text, author=text, date=text, refs=(f"refs/heads/{text}", text), in_head=True
    )
    found = finding(1, origin=origin, message=text, via=(text,), snippet=text)
    verdicts = [Verdict(found), Verdict(found, Status.ALLOWED, text), Verdict(found, Status.KNOWN, text)]
    verdicts += [Verdict(found._replace(origin=origin._replace(place=place))) for place in Place]
    verdicts += [Verdict(found._replace(origin=origin._replace(place=place, path=""))) for place in Place]
    verdicts += [Verdict(finding(2, rule=rule, origin=origin)) for rule in (FILE_RULE, CODE_RULE)]
    made = report(*verdicts, unread=(Unread(text, text),), notices=(text,), read={text: 3})
    return made._replace(source=text)


@pytest.mark.parametrize("style", STYLES, ids=repr)
@pytest.mark.parametrize("name", REPORTERS)
@pytest.mark.parametrize(
    "around", ["{}", "pe{}", "x/{}.txt", "{}{}", "_{}_{}", "\n{}\n", "\udce9{}", "\x1b[33m{}m", "{}\u200b"]
)
def test_a_key_never_comes_out(around: str, name: str, style: Style) -> None:
    secrets = [key(seed, length) for seed, length in ((11, 40), (12, 39), (13, 36), (14, 64), (15, 20))]
    for secret in secrets:
        got = rendered(hostile(around.format(secret, secret)), name, style)
        assert secret[3:].encode() not in got
        assert secret[3:][6:-4].encode() not in got


@pytest.mark.parametrize("name", REPORTERS)
def test_a_key_in_a_rule_never_comes_out(name: str) -> None:
    secret = key(21)
    rule = Rule("FG999", "r", Severity.ERROR, Confidence.LOW, secret, (secret, f"rm {{path}} {secret}"), secret)
    assert secret[3:].encode() not in rendered(report(finding(2, rule=rule)), name)


@pytest.mark.parametrize("name", REPORTERS)
@pytest.mark.parametrize("text", WEIRD, ids=ascii)
def test_output_is_utf8_and_acts_on_nothing(text: str, name: str) -> None:
    for style in (Style(), Style(verbose=2)):
        assert not ACTIVE.search(rendered(hostile(text), name, style).decode("utf-8"))


@pytest.mark.parametrize("text", WEIRD, ids=ascii)
def test_text_has_as_many_lines_as_for_a_tame_name(text: str) -> None:
    lines = rendered(hostile(text), "text").decode().split("\n")
    assert len(lines) == len(rendered(hostile("tame"), "text").decode().split("\n"))
    assert len(lines) == len("\n".join(lines).splitlines()) + 1


@pytest.mark.parametrize("text", WEIRD, ids=ascii)
def test_json_lines_are_lines(text: str) -> None:
    output = rendered(hostile(text), "jsonl").decode()
    lines = output.splitlines()
    assert output == "".join(f"{line}\n" for line in lines)
    assert all(isinstance(json.loads(line), dict) for line in lines)


@pytest.mark.parametrize("text", [text for text in WEIRD if not re.search("[\ud800-\udfff]", text)], ids=ascii)
def test_json_gives_names_back_as_they_are(text: str) -> None:
    found = json.loads(rendered(report(finding(origin=Origin(text))), "json"))["findings"][0]
    assert found["path"] == text


@pytest.mark.parametrize("name", REPORTERS)
def test_reports_are_deterministic(name: str) -> None:
    assert rendered(everything(), name) == rendered(everything(), name)


@pytest.mark.parametrize("name", REPORTERS)
def test_the_order_of_reading_does_not_show(name: str) -> None:
    first = report(read={"blobs": 2, "zebras": 1, "bytes": 9, "ants": 1, "commits": 4})
    second = report(read={"ants": 1, "commits": 4, "bytes": 9, "blobs": 2, "zebras": 1})
    assert rendered(first, name) == rendered(second, name)

from __future__ import annotations

import pytest

from freddy_guard.model import Origin, Place, Status, Unread, Verdict
from freddy_guard.reports import Style
from freddy_guard.reports.places import where
from freddy_guard.reports.receipt import counted
from tests.reports.samples import (
    BLOB,
    CODE_RULE,
    COMMIT,
    FILE_RULE,
    everything,
    finding,
    region,
    rendered,
    report,
)
from tests.support.keys import key

GONE = Unread("object 1", "missing")


def lines(made: object, style: Style | None = None) -> list[str]:
    return rendered(made, "text", style or Style()).decode().splitlines()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "last"),
    [
        (report(), "no findings"),
        (report(finding()), "1 error"),
        (report(finding(1), finding(2), finding(3, rule=FILE_RULE)), "2 errors, 1 warning"),
        (report(finding(rule=CODE_RULE)), "1 note"),
        (report(Verdict(finding(), Status.ALLOWED, "x")), "no findings"),
        (report(read={}), "nothing was read"),
        (report(read={"files": 0, "bytes": 0}), "nothing was read"),
        (report(finding(), read={}), "nothing was read, 1 error"),
        (report(read={}, unread=(GONE,)), "nothing was read"),
        (report(unread=(GONE,)), "incomplete: 1 thing could not be read; nothing found in what was read"),
        (report(finding(), unread=(GONE, GONE)), "incomplete: 2 things could not be read; 1 error"),
    ],
)
def test_the_last_line(made: object, last: str) -> None:
    assert lines(made)[-1] == last


@pytest.mark.parametrize("made", [report(read={}), report(unread=(GONE,)), report(read={}, unread=(GONE,))])
def test_never_a_promise_after_reading_too_little(made: object) -> None:
    text = "\n".join(lines(made))
    assert "no findings" not in text
    assert "no leaks" not in text


def test_carets_stand_under_the_match() -> None:
    _, excerpt, carets, *_ = lines(report(finding(at=region(12, 8))))
    assert excerpt.startswith("   12 | KEY = ")
    start, end = carets.index("^"), carets.rindex("^") + 1
    assert excerpt[start:end] == f"{key(1)[:7]}…{key(1)[-2:]}"


def test_a_wide_character_moves_the_carets() -> None:
    origin = Origin("a.py")
    found = finding(origin=origin, snippet="日本x")
    assert lines(report(found))[2] == "      | ^^^^^"


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (Origin("a/b.py"), "a/b.py"),
        (Origin("link", Place.SYMLINK), "target of the symlink link"),
        (Origin("a/b.py", Place.PATH_NAME), "name of the file or folder a/b.py"),
        (Origin("", Place.COMMIT_MESSAGE, commit=COMMIT), "message of commit 1a2b3c4d"),
        (Origin("", Place.IDENTITY, commit=COMMIT), "identity in 1a2b3c4d"),
        (Origin("", Place.COMMIT_HEADER, commit=COMMIT), "header of 1a2b3c4d"),
        (Origin("", Place.TAG_MESSAGE, blob=BLOB, refs=("refs/tags/v1",)), "message of tag v1"),
        (Origin("", Place.TAG_MESSAGE, blob=BLOB), "message of tag 5e6f7a8b"),
        (Origin("", Place.NOTE, commit=COMMIT), "note on 1a2b3c4d"),
        (Origin("", Place.REF_NAME, refs=("refs/remotes/origin/x",)), "name of the ref origin/x"),
        (Origin(""), "(unnamed)"),
    ],
)
def test_places_in_words(origin: Origin, words: str) -> None:
    assert where(origin) == words


def test_every_place_has_words() -> None:
    assert all(where(Origin("x", place)) for place in Place)


def test_a_remedy_is_told_once_per_rule_with_five_paths_at_most() -> None:
    made = report(*(finding(n, rule=FILE_RULE, origin=Origin(f"d{n}/.env")) for n in (1, 2, 3, 3, 4, 5, 6, 7)))
    told = lines(made)
    start = told.index("What to do about FG201 committed-dotenv:")
    assert told.count("What to do about FG201 committed-dotenv:") == 1
    assert told[start + 1 : start + 9] == [
        "  Stop tracking the file:",
        *(f"    git rm --cached -- d{n}/.env" for n in range(1, 6)),
        "    … and 2 more",
        "  Add it to .gitignore.",
    ]


def test_no_remedy_for_what_was_allowed() -> None:
    assert not any("What to do" in line for line in lines(report(Verdict(finding(), Status.ALLOWED))))


def test_suppressed_findings_are_counted_and_listed_when_asked() -> None:
    made = report(Verdict(finding(1), Status.ALLOWED, "an example"), Verdict(finding(2), Status.KNOWN))
    assert "not counted: 1 allowed, 1 known (-v shows them)" in lines(made)
    told = lines(made, Style(verbose=1))
    assert any(line.endswith("[allowed: an example]") for line in told)
    assert any(line.endswith("[known: no reason given]") for line in told)


def test_the_receipt_shows_twenty_unread_things() -> None:
    made = report(unread=tuple(Unread(f"object {n}", "missing") for n in range(25)))
    told = [line for line in lines(made) if line.startswith("NOT read")]
    assert told[0] == "NOT read: object 0: missing"
    assert told[20:] == ["NOT read: 5 more (-v shows all)"]
    assert len([line for line in lines(made, Style(verbose=1)) if line.startswith("NOT read")]) == 25


@pytest.mark.parametrize(
    ("read", "told"),
    [
        ({"files": 1}, "read 1 file, source: files"),
        ({"bytes": 999, "blobs": 1200}, "read 1,200 blobs (999 bytes), source: files"),
        ({"bytes": 999_960, "entries": 1, "commits": 0}, "read 0 commits, 1 entry (1.0 MB), source: files"),
        ({"bytes": 5_400_000_000_000}, "read (5.4 TB), source: files"),
        ({}, "read nothing, source: files"),
    ],
)
def test_the_receipt(read: dict[str, int], told: str) -> None:
    assert told in lines(report(read=read))


def test_counted() -> None:
    assert [counted(n, "entries") for n in (0, 1, 2)] == ["0 entries", "1 entry", "2 entries"]


def test_no_escape_without_colour_and_balanced_ones_with() -> None:
    assert b"\x1b" not in rendered(everything(), "text")
    colored = rendered(everything(), "text", Style(color=True))
    assert colored.count(b"\x1b[0m") * 2 == colored.count(b"\x1b[") > 0


def test_order_is_kept() -> None:
    told = lines(report(*(finding(origin=Origin(path)) for path in ("z.py", "a.py"))))
    assert [line.split(":")[0] for line in told if "FG101 hardcoded-key: " in line] == ["z.py", "a.py"]

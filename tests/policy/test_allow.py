from __future__ import annotations

import time

import pytest

from freddy_guard.model import Document, Origin, Position
from freddy_guard.policy.allow import Comment, day, parse
from freddy_guard.text import WINDOW, Lines, windows
from tests.policy.samples import KNOWN, SIGN, TODAY, document
from tests.support.keys import key


def comments(text: str | bytes, line: int = 1) -> list[Comment]:
    return list(parse(document(text, line=line), KNOWN, TODAY))


def only(text: str) -> Comment:
    (comment,) = comments(text.replace("ALLOW", SIGN))
    return comment


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# ALLOW FG101 -- sample key", "sample key"),
        ("#ALLOW FG101 -- sample key", "sample key"),
        ("// ALLOW FG101 -- sample key", "sample key"),
        ("/* ALLOW FG101 -- sample key */", "sample key"),
        ("/** ALLOW FG101 -- sample key **/ x = 1", "sample key *"),
        ("{/* ALLOW FG101 -- sample key */}", "sample key"),
        (" * ALLOW FG101 -- sample key */", "sample key"),
        ("<!-- ALLOW FG101 -- sample key -->", "sample key"),
        ("   ALLOW FG101 -- sample key -->", "sample key"),
        ("-- ALLOW FG101 -- sample key", "sample key"),
        ("; ALLOW FG101 -- sample key", "sample key"),
        ("% ALLOW FG101 -- sample key", "sample key"),
        ("' ALLOW FG101 -- don't panic", "don't panic"),
        ("REM ALLOW FG101 -- sample key", "sample key"),
        ("{# ALLOW FG101 -- sample key #}", "sample key"),
        ("{% comment %}ALLOW FG101 -- sample key{% endcomment %}", "sample key"),
        ("<%# ALLOW FG101 -- sample key %>", "sample key"),
        ("<%-- ALLOW FG101 -- sample key --%>", "sample key"),
        ("{{!-- ALLOW FG101 -- sample key --}}", "sample key"),
        ("{- ALLOW FG101 -- sample key -}", "sample key"),
        ("--[[ ALLOW FG101 -- sample key ]]", "sample key"),
        ("<# ALLOW FG101 -- sample key #>", "sample key"),
        ("(* ALLOW FG101 -- sample key *)", "sample key"),
        ('"""ALLOW FG101 -- sample key"""', "sample key"),
        ('ALLOW FG101 -- sample key\n"""', "sample key"),
        ('ALLOW FG101 -- sample key"""', "sample key"),
        ('{"note": "ALLOW FG101 -- sample key", "x": 1}', "sample key"),
        (r'{"note": "ALLOW FG101 -- the \"demo\" key", "x": 1}', r"the \"demo\" key"),
        ("note: 'ALLOW FG101 -- sample key'", "sample key"),
        ("# ALLOW FG101 — sample key", "sample key"),
        ("# ALLOW FG101 --sample key", "sample key"),
        ("# ALLOW FG101 ---- sample -- key", "sample -- key"),
        (
            "# ALLOW FG101 -- see tests/*/fixtures, not the 'old' ones",
            "see tests/*/fixtures, not the 'old' ones",
        ),
        ("x = '/*'  # ALLOW FG101 -- tests/*/x", "tests/*/x"),
        ("# ALLOW FG101 -- clé d'exemple", "clé d'exemple"),
        ("# ALLOW FG101 -- 例の鍵", "例の鍵"),
        ("# ALLOW FG101 -- sample key \t \r\nnext", "sample key"),
        ("# ALLOW fg101 -- sample key", "sample key"),
        ("# ALLOW Hardcoded-Key -- sample key", "sample key"),
        ("# ALLOW FG101 until=2026-06-15 -- sample key", "sample key"),
        ("# ALLOW until=2030-01-01, FG101 -- sample key", "sample key"),
    ],
)
def test_every_comment_syntax(text: str, reason: str) -> None:
    assert only(text) == Comment(1, 1, ("FG101",), reason)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# ALLOW", "a rule id is required"),
        ("# ALLOW -- sample key", "a rule id is required"),
        ("# ALLOW until=2030-01-01 -- sample key", "a rule id is required"),
        ("# ALLOW FG101", "a reason is required"),
        ("# ALLOW FG101 sample key", "a reason is required"),
        ("# ALLOW FG101 --", "a reason is required"),
        ("# ALLOW FG101 -- ...", "a reason is required"),
        ("<!-- ALLOW FG101 -->", "a reason is required"),
        ("/* ALLOW FG101 -- */ why = 1", "a reason is required"),
        ("# ALLOW FG101 until=2026-06-14 -- sample key", "it expired on 2026-06-14"),
        ("# ALLOW FG101 until=2026-02-30 -- sample key", '"2026-02-30" is not a date'),
        ("# ALLOW FG101 until=20270101 -- sample key", '"20270101" is not a date'),
        ("# ALLOW FG101 until=2027-W01-1 -- sample key", '"2027-W01-1" is not a date'),
        ("# ALLOW FG101 until= -- sample key", '"" is not a date'),
        ("# ALLOW FG101 expires=2030-01-01 -- sample key", '"expires=" is not known'),
        ("# ALLOW-file FG101 -- sample key", "allow-file is not known: write allow or allow-next-line"),
        ("# ALLOW-nextline FG101 -- sample key", "allow-nextline is not known"),
        ("# ALLOW FG1001 -- sample key", 'there is no rule "FG1001"; did you mean "fg101"?'),
        (
            "# ALLOW hardcoded_key -- sample",
            'there is no rule "hardcoded_key"; did you mean "hardcoded-key"?',
        ),
        ("# ALLOW all -- sample key", 'there is no rule "all": remove it'),
    ],
)
def test_what_is_not_honoured_is_said(text: str, problem: str) -> None:
    comment = only(text)
    assert comment.rules == ()
    assert len(comment.problems) == 1
    assert comment.problems[0].startswith(problem)


def test_an_unknown_rule_spoils_only_itself() -> None:
    comment = only("# ALLOW FG101, FG999,committed-dotenv FG101 -- sample key")
    assert comment.rules == ("FG101", "FG201")
    assert len(comment.problems) == 1
    assert '"FG999"' in comment.problems[0]


@pytest.mark.parametrize(
    "text",
    ['KEYWORD = "ALLOW"', "write `ALLOW`", "(see ALLOW)", "what ALLOWed it", "Freddy-Guard", "ALLOWs FG101"],
)
def test_prose_and_code_are_no_comments(text: str) -> None:
    assert comments(text.replace("ALLOW", SIGN)) == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_like_everywhere_else(end: str) -> None:
    text = end.join(["", f"# {SIGN} FG101 -- a", "", "", f"# {SIGN}-next-line FG201 -- b", "x"])
    found = comments(text, line=10)
    assert [(c.line, c.target, c.rules) for c in found] == [(11, 11, ("FG101",)), (14, 15, ("FG201",))]
    lines = Lines(document(text, line=10))
    assert [lines.position(i).line for i in range(len(text)) if text.startswith(SIGN, i)] == [11, 14]


def test_two_comments_on_a_line() -> None:
    found = comments(f"/* {SIGN} FG101 -- a */ x /* {SIGN}-next-line FG201 -- b */ y")
    assert [(c.target, c.rules, c.reason) for c in found] == [(1, ("FG101",), "a"), (2, ("FG201",), "b")]


@pytest.mark.parametrize(
    "template",
    [
        "/* {sign} FG101 -- sample */ k = '{key}'",
        '{{"//": "{sign} FG101 -- sample", "k": "{key}"}}',
        "# {sign} FG101 -- {key} is a sample",
        "# {sign} FG101 -- " + "x" * 290 + " {key}",
        "# {sign} FG101 -- " + "x " * 1970 + "{key}",
        "# {sign} {key} -- sample",
        "# {sign} FG101 {key}=1 -- sample",
        "# {sign} FG101 until={key} -- sample",
        "# {sign}-{key} FG101 -- sample",
    ],
)
def test_no_key_comes_out(template: str) -> None:
    secret = key(1)
    (comment,) = comments(template.format(sign=SIGN, key=secret))
    said = comment.reason + "".join(comment.problems)
    assert secret not in said
    assert not any(secret[start : start + 12] in said for start in range(3, len(secret) - 11))


def test_a_reason_is_fit_to_print() -> None:
    comment = only("# ALLOW FG101 -- red \x1b[31m, \u202e and " + "long " * 900)
    assert "\x1b" not in comment.reason
    assert "\u202e" not in comment.reason
    assert len(comment.reason) == 300
    (latin,) = comments(f"# {SIGN} FG101 -- cl".encode() + b"\xe9")
    assert latin.reason.startswith("cl")
    assert latin.reason.isprintable()


def test_a_window_yields_only_the_comments_that_begin_in_its_body() -> None:
    text = f"# {SIGN} FG101 -- a\n# {SIGN} FG101 -- b\n# {SIGN} FG101 -- c\n".encode()
    second, third = text.index(b"#", 1), text.rindex(b"#")
    window = Document(text, Origin(path="a"), Position(500, 7, 1), (second, third))
    assert [(c.line, c.reason) for c in parse(window, KNOWN, TODAY)] == [(8, "b")]


def test_windows_together_yield_every_comment_once() -> None:
    text = b"".join(f"# {SIGN} FG101 -- number {n}\r\n".encode() for n in range(2000))
    position = 0

    def read(size: int) -> bytes:
        nonlocal position
        position += size
        return text[position - size : position]

    pieces = list(windows(read, Origin(path="a"), size=5000))
    found = [comment for piece in pieces for comment in parse(piece, KNOWN, TODAY)]
    assert len(pieces) > 5
    assert [(c.line, c.reason) for c in found] == [(n + 1, f"number {n}") for n in range(2000)]


@pytest.mark.parametrize("filler", [f"{SIGN} ", f"{SIGN} FG101 -- a */ /* ", SIGN + " " * 3000, f"{SIGN}{'-' * 3000}"])
def test_one_hostile_line_takes_linear_time(filler: str) -> None:
    text = filler * (WINDOW // 8 // len(filler))
    began = time.process_time()
    comments(text)
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2026-12-31", True),
        ("2024-02-29", True),
        ("2026-02-29", False),
        ("20261231", False),
        ("", False),
        ("x", False),
    ],
)
def test_a_day_is_written_in_one_way(text: str, valid: bool) -> None:
    assert (day(text) is not None) is valid

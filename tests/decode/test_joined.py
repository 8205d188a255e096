"""A key in pieces: what puts them together, and pieces that nothing does."""

from __future__ import annotations

import pytest

from tests.decode.looks import KEY, look, only

# What stands between two pieces, and in what: <0> and <1> are the pieces.
SEAMS = [
    'k = "<0>" + "<1>"',
    "k = '<0>'+'<1>'",
    'k = b"<0>" + b"<1>"',
    "k = `<0>` + '<1>'",
    'k = ("<0>"\n     "<1>")',
    'k = "<0>" \\\n    "<1>"',
    'k = ("<0>" # one\n     "<1>")',
    "k = '<0>' + /* two */ '<1>';",
    "k = '<0>' + // two\n '<1>';",
    "<?php $k = '<0>' . '<1>';",
    'k = "<0>" .. "<1>"',
    'k = "<0>" & "<1>"',
    'Dim k = "<0>" & _\r\n  "<1>"',
    'k = "<0>" <> "<1>"',
    'k = "<0>" ++ "<1>"',
    "SELECT '<0>' || '<1>'",
    'const char *k = "<0>" "<1>";',
    'NSString *k = @"<0>" @"<1>";',
    'k = "<0>"; k += "<1>"',
    "k = '<0>'.concat('<1>')",
    'k = "".join(["<0>", "<1>"])',
    'k = "%s%s" % ("<0>", "<1>")',
    "export K=<0>\\\n<1>",
    "export K=<0>\\\r\n  <1>",
    "export K=<0>'<1>'",
    "<b><0></b><1>",
    "<0><wbr><1>",
    "<0>&shy;<1>",
    "<0>\u200b<1>",
    "<0>\u00ad<1>",
    "<0>\\u200b<1>",
    '"cells": ["k = \\"<0>\\"\\n", "\\"<1>\\""]',
]
CUTS = (3, 4, 20, 42)


def pieces(text: str, cut: int) -> str:
    return text.replace("<0>", KEY[:cut]).replace("<1>", KEY[cut:])


@pytest.mark.parametrize("text", SEAMS)
@pytest.mark.parametrize("cut", CUTS)
def test_two_pieces(text: str, cut: int) -> None:
    text = f"first line\n{pieces(text, cut)}\n"
    seen = only(text)
    at = text.index(KEY[:cut]) - len("first line\n")
    before = text[11 : 11 + at]
    assert (seen.key, seen.via) == (KEY, ("joined",))
    assert seen.start == (2 + before.count("\n"), at - before.rfind("\n"))
    assert seen.end[0] == text.rstrip().count("\n") + 1


@pytest.mark.parametrize(
    "text", ['k = "<0>" + "<1>"', "k = '<0>' '<1>'", 'k = ("<0>"\n  "<1>")', "a<wbr>: <0><wbr><1>"]
)
@pytest.mark.parametrize("cut", [1, 2])
def test_pieces_of_the_prefix(text: str, cut: int) -> None:
    assert only(pieces(text, cut))[:2] == (KEY, ("joined",))


@pytest.mark.parametrize("size", [1, 5, 16])
def test_many_pieces(size: int) -> None:
    text = '" + "'.join(KEY[at : at + size] for at in range(0, len(KEY), size))
    assert only(f'k = "{text}"')[:2] == (KEY, ("joined",))


@pytest.mark.parametrize(
    "text",
    [
        'k = ["<0>", "<1>"]',  # a list of texts
        "call('<0>', '<1>')",
        'k = "<0>" + x + "<1>"',
        'k = "<0>"\nl = "<1>"',
        'k = "<0>" - "<1>"',
        'k = "<0>"; l = "<1>"',
        '{"<0>": "<1>"}',
        "run '<0>' '<1>'",  # the words of a command
        "$ curl -H '<0>' '<1>'",
        "<td><0></td><td><1></td>",
        "<0>\n<1>",
        "<0> <1>",
        "a = '<0>' || '<1>'",  # no SQL
    ],
)
@pytest.mark.parametrize("cut", CUTS[1:3])
def test_pieces_that_nothing_joins(text: str, cut: int) -> None:
    assert look(pieces(text, cut)) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        'k = "pe" + "<0>" + "<1>"',
        'k = "x_<0>" + "<1>"',
        'k = "<0>" + "<1>" + "_more"',
        'k = "<0>" + "<1>abcdef"',
        'k = "<0>" + "<1>" + "abcdef"',
        'k = "ak-" + "<0>"',
        'k = "ak_your" + "_api_key"',
        'k = "ak_xxxxxxxxxxxxxxxxxxxxxxxx" + "xxxxxxxxxxxxxxxx"',
    ],
)
def test_the_edges_hold_in_it(text: str) -> None:
    assert look(pieces(text, 20)) == ([], [])

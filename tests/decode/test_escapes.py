"""A key of which some characters are escaped, and what is none although it looks so."""

from __future__ import annotations

import pytest

from tests.decode.looks import KEY, look, only

NOTATIONS = [
    ("percent", "%5F"),
    ("percent", "%5f"),
    ("percent", "%255F"),
    ("percent", "%25255f"),
    ("percent", "%u005f"),
    ("escape", "\\x5f"),
    ("escape", "\\\\x5F"),
    ("escape", "\\u005f"),
    ("escape", "\\\\\\\\u005F"),
    ("escape", "\\U0000005f"),
    ("escape", "\\u{5f}"),
    ("escape", "\\u{005F}"),
    ("escape", "\\x{5f}"),
    ("escape", "\\137"),
    ("escape", "\\0137"),
    ("escape", "\\5f "),
    ("escape", "\\00005f "),
    ("escape", "\\'5f"),
    ("escape", "\\N{LOW LINE}"),
    ("escape", "\\_"),
    ("entity", "&#95;"),
    ("entity", "&#095;"),
    ("entity", "&#x5f;"),
    ("entity", "&#X005F;"),
    ("entity", "&amp;#95;"),
    ("entity", "&lowbar;"),
    ("entity", "&UnderBar;"),
    ("quoted-printable", "=5F"),
    ("utf-7", "+AF8-"),
]
WHOLE = [
    ("percent", "%{:02X}"),
    ("percent", "%{:02x}"),
    ("percent", "%25{:02X}"),
    ("percent", "%u{:04x}"),
    ("escape", "\\x{:02x}"),
    ("escape", "\\u{:04X}"),
    ("escape", "\\u{{{:x}}}"),
    ("escape", "\\U{:08x}"),
    ("escape", "\\{:03o}"),
    ("escape", "\\'{:02x}"),
    ("entity", "&#{};"),
    ("entity", "&#x{:X};"),
    ("entity", "&#{:05};"),
    ("quoted-printable", "={:02X}"),
]


@pytest.mark.parametrize(("via", "underscore"), NOTATIONS)
@pytest.mark.parametrize("before", ["", "key: ", "x =\n  "])
def test_an_escaped_underscore(via: str, underscore: str, before: str) -> None:
    written = KEY.replace("_", underscore)
    seen = only(f"{before}{written} end\n")
    lines = before.splitlines() or [""]
    line, column = len(lines), len(lines[-1]) + 1
    assert seen == (KEY, (via,), (line, column), (line, column + len(written)))


@pytest.mark.parametrize(("via", "form"), WHOLE)
def test_each_character_escaped(via: str, form: str) -> None:
    written = "".join(form.format(ord(char)) for char in KEY)
    assert only(f"'{written}'") == (KEY, (via,), (1, 2), (1, 2 + len(written)))


@pytest.mark.parametrize(("via", "form"), WHOLE)
def test_some_characters_escaped(via: str, form: str) -> None:
    written = "".join(form.format(ord(char)) if number % 3 == 2 else char for number, char in enumerate(KEY))
    assert only(f"'{written}'")[:2] == (KEY, (via,))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("cut", [4, 10, 42])
def test_a_soft_line_break(end: str, cut: int) -> None:
    seen = only(f"mail{end}{end}key {KEY[:cut]}={end}{KEY[cut:]}{end}")
    assert (seen.key, seen.start) == (KEY, (3, 5))
    assert seen.end[0] == 4


@pytest.mark.parametrize(
    "text",
    [
        "pe<key>",
        "x%41<key>",
        "&#120;<key>",
        "<key>%41%42%43%44%45",
        "<key>%5Fmore",
        "=78<key>",
        "ak%2D<body>",
        "%41k%5F<body>",
        "ak%5F%5F<body>",
        "ak%5Fyour%5Fapi%5Fkey%5Fhere",
        "ak%5F" + "x" * 40,
        "leak%5F<body>",
        "ak\\u0041<body>",
        "ak%5F<body>%30%31%32%33%34",
    ],
)
def test_the_edges_hold_in_it(text: str) -> None:
    text = text.replace("<key>", KEY.replace("_", "%5F" if "&" not in text else "&#95;")).replace("<body>", KEY[3:])
    assert look(f"'{text}'") == ([], [])


@pytest.mark.parametrize(
    "text", ['{"a": "{\\"k\\": \\"ak_\\"}"}', "'ak_\\n'", "ak_%", "ak_&quot;", 'ak_="x"', "ak_\\\\\\\\"]
)
def test_a_prefix_with_nothing_escaped_is_read_to_its_end(text: str) -> None:
    assert look(text) == ([], [])

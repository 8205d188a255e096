from __future__ import annotations

import pytest

from freddy_guard.redact import hide_keys, printable, redact
from tests.support.keys import key

KEY, OTHER = key(1), key(2)


@pytest.mark.parametrize("function", [hide_keys, redact, printable])
@pytest.mark.parametrize(
    "text",
    [KEY, f"x{KEY}", f"pe{KEY}yy", KEY + OTHER, KEY + OTHER + KEY, f"ak_{KEY}", f"ak_abc{KEY}",
     f"{KEY}_{OTHER}", f"\n{KEY}\n", f"\udcff{KEY}\udcff", f"é{KEY}é", f"{KEY} {OTHER}"],
    ids=ascii,
)  # fmt: skip
def test_keys_are_masked_wherever_they_stand(function: object, text: str) -> None:
    assert callable(function)
    shown = function(text)
    assert KEY[9:-4] not in shown
    assert OTHER[9:-4] not in shown
    assert "…" in shown


def test_a_key_shows_its_ends() -> None:
    assert hide_keys(f"<{KEY}>") == f"<{KEY[:7]}…{KEY[-2:]}>"


@pytest.mark.parametrize(
    "text", ["", "ak_", "ak_short", "ak_your_api_key_here", "AK_" + "a" * 40, "peak_value", "日本 é 🙂"]
)
def test_other_text_stays(text: str) -> None:
    assert hide_keys(text) == redact(text) == printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[31m\x07\x00\x7f", r"\x1b[31m\x07\x00\x7f"),
        ("\x85\x9b\xa0\xad", r"\u0085\u009b\u00a0\u00ad"),
        ("\u202e\u2066\u200b\u200d\ufeff\u2028", r"\u202e\u2066\u200b\u200d\ufeff\u2028"),
        ("\udce9\udc80", r"\xe9\x80"),
        ("\ud800\udfff", r"\ud800\udfff"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_printable_makes_the_invisible_visible(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable(shown) == shown


def test_redact_keeps_all_but_surrogates() -> None:
    assert redact("a\n\x1b\u202eé\udce9\ud800") == "a\n\x1b\u202eé\\xe9\\ud800"

from __future__ import annotations

import time

import pytest

from freddy_guard.model import Confidence, Document, Match, Origin, Place, Rule, Severity
from freddy_guard.rules import RULES
from freddy_guard.rules.keys import HARDCODED_KEY, MALFORMED_KEY, SAMPLE, key_spans
from tests.support.keys import BASE62, expand, key

HEX = "0123456789abcdef"
BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
SEEDS = range(100, 105)


def detected(text: str, path: str = "notes.txt", rule: Rule = HARDCODED_KEY) -> list[Match]:
    assert rule.detect is not None
    data = text.encode("utf-8", "surrogateescape")
    return list(rule.detect(Document(data, Origin(path=path, tracked=True))))


def revealed(text: str, path: str = "notes.txt", rule: Rule = HARDCODED_KEY) -> list[str]:
    return [match.secret.reveal().decode() for match in detected(text, path, rule) if match.secret]


# What may stand on the left: nothing, what is no part of a word, and the last letter of an escape.
LEFT = [
    *("", " ", "\n", "\t", "\0", "是", "é", "\u200b"),
    *"=:\"'`([{<>,;|/\\+*&?#@!$%^~.",
    *("\\n", "\\t", "\\r", "\\f", "\\v", "one\\n", "one\\t", "\\\\n", '\\"', "\\075", "\\u{3d}"),
    *("%3D", "%3d", "%20", "%22", "%0A", "x%3D", "%253D", "\\x3d", "\\x3D", "a\\x22", "\\u003d", "\\u003D"),
    *("=3D", "=20", "=22", "\x1b[0m", "\x1b[33m", "\x1b[1;31m", "\x1b[38;5;208m", "[33m"),
    *("_", "__", " _", "(_", "-", "--", "\n-", " -", "*_"),
]
GLUED = [
    *"azAZ09cbdwXnt",
    *("pe", "le", "bre", "so", "tl_", "docst_", "c3_live_", "x_", "x__", "x-", "x--", "9_", "9-", "___", "---", "é_x"),
    *("3D", "u003d", "x3d", "33m"),
]
# What may stand on the right: the token must not go on, but a hyphen may follow.
RIGHT = [
    *("", " ", "\n", "\r\n", "\0", "é", "。"),
    *"\"'`)]}>,;:./\\&?#@!|*+=%$~-_",
    *("-prod", "--x", "-1", "__", "_ ", "_.", "_-x", "\\n", "%22", "%26x", "\\u0026", "\\x22", "\x1b[0m"),
]
GOES_ON = ["a", "Z", "0", "_a", "_1", "__x", "_more", "__Z9", "abc_"]


@pytest.mark.parametrize("before", LEFT, ids=ascii)
def test_what_may_stand_before_a_key(before: str) -> None:
    for length in (39, 40):
        wanted = key(1, length)
        assert revealed(f"{before}{wanted}\n") == [wanted]
        assert revealed(f"first line\n{before}{wanted}") == [wanted]


@pytest.mark.parametrize("before", GLUED, ids=ascii)
def test_what_is_glued_to_the_left_makes_it_another_word(before: str) -> None:
    for length in (39, 40):
        assert revealed(f"{before}{key(2, length)}\n") == []
        assert revealed(f"line\n {before}{key(3, length)}") == []


@pytest.mark.parametrize("after", RIGHT, ids=ascii)
def test_what_may_stand_after_a_key(after: str) -> None:
    for length in (39, 40):
        wanted = key(4, length)
        assert revealed(f"is {wanted}{after}") == [wanted]


@pytest.mark.parametrize("after", GOES_ON)
def test_a_token_that_goes_on_is_another(after: str) -> None:
    assert revealed(f"is {key(5, 40)}{after} ") == []
    if after[0] == "_":
        assert revealed(f"is {key(6, 39)}{after} ") == []


@pytest.mark.parametrize("length", [39, 40])
@pytest.mark.parametrize("alphabet", [BASE62, HEX, BASE36], ids=["base62", "hex", "base36"])
@pytest.mark.parametrize("seed", range(10))
def test_both_lengths_and_every_alphabet(length: int, alphabet: str, seed: int) -> None:
    wanted = key(seed, length, alphabet)
    (match,) = detected(f'api_key = "{wanted}"')
    assert match.secret is not None
    assert match.secret.reveal().decode() == wanted
    assert (match.start, match.end) == (11, 11 + len(wanted))
    assert match.severity in (None, Severity.ERROR)


@pytest.mark.parametrize("length", [*range(1, 39), *range(41, 70)])
def test_other_lengths_are_no_keys(length: int) -> None:
    assert revealed(f"FREDDY_API_KEY={key(7, length)}\n", ".env") == []


@pytest.mark.parametrize("prefix", ["AK_", "Ak_", "aK_", "ak-", "ak.", "ak", "ak _", "sk_", "a_k_"])
def test_other_prefixes_are_no_keys(prefix: str) -> None:
    assert revealed(f"FREDDY_API_KEY={prefix}{key(8)[3:]}\n") == []


@pytest.mark.parametrize("path", ["tests/test_api.py", "docs/example.md", "examples/sample.env", "fixtures/dummy.json"])
@pytest.mark.parametrize(
    "text", ["KEY = '<key>'  # test", "for example: `<key>`", "# a dummy key: <key>", "fake=<key>"]
)
def test_words_beside_it_do_not_make_a_random_key_harmless(path: str, text: str) -> None:
    (match,) = detected(expand(text, 9), path)
    assert match.severity in (None, Severity.ERROR)


def test_every_key_of_a_line_is_found() -> None:
    keys = [key(seed, 39 + seed % 2) for seed in range(20)]
    assert revealed("; ".join(keys)) == keys
    assert revealed(f"A={keys[0]}; B={keys[0]}") == [keys[0], keys[0]]
    assert list(key_spans(f"{keys[0]},{keys[1]}".encode())) == [(0, 42), (43, 86)]


@pytest.mark.parametrize(
    ("text", "path", "confidence", "words"),
    [
        ("FREDDY_API_KEY=<key>", "a.txt", Confidence.HIGH, "a Freddy API key"),
        ("x = '<key>'  # Aitronos", "a.txt", Confidence.HIGH, "a Freddy API key"),
        ("key=<key>", "src/freddy/a.txt", Confidence.HIGH, "a Freddy API key"),
        ("key=<key>", "AITRONOS.md", Confidence.HIGH, "a Freddy API key"),
        ("key=<key>", "a.txt", Confidence.MEDIUM, "a Freddy-shaped API key"),
        ("ngrok token: <key>", "a.txt", Confidence.MEDIUM, "ngrok on the line says"),
        ("FREDDY\ncomposio=<key>", "a.txt", Confidence.MEDIUM, "composio on the line says"),
        ("Pagar.me\n\nkey=<key>", "a.txt", Confidence.MEDIUM, "a Freddy-shaped API key in plaintext"),
    ],
)
def test_how_sure_and_whose(text: str, path: str, confidence: Confidence, words: str) -> None:
    (match,) = detected(expand(text, 10), path)
    assert match.confidence is confidence
    assert words in (match.message or "")
    assert match.severity in (None, Severity.ERROR)


@pytest.mark.parametrize(
    "template",
    ["```\n{}\n```", 'api_key = "{}"', '{{"example": "{}"}}', "curl -H 'X-API-Key: {}'", "FREDDY_API_KEY={}\n"],
)
def test_the_sample_of_the_documentation_is_a_note(template: str) -> None:
    (match,) = detected(template.format("ak_" + SAMPLE.decode()), "README.md")
    assert (match.severity, match.confidence) == (Severity.NOTE, Confidence.HIGH)
    assert "not a secret" in (match.message or "")
    assert list(key_spans(b"ak_" + SAMPLE)) == []


@pytest.mark.parametrize("cut", [16, 32, 36, 38, 39])
def test_the_sample_cut_short_is_nothing(cut: int) -> None:
    text = "# Freddy\nak_" + SAMPLE.decode()[:cut]
    assert detected(text) == []
    assert detected(text, rule=MALFORMED_KEY) == []


# A key that was cut or doubled: only where the file, its path or the header says that it is Freddy's.
CONTEXTS = [
    ("FREDDY_API_KEY=<key:N>", ".env"),
    ('Aitronos(api_key="<key:N>")', "a.py"),
    ("key=<key:N>", "freddy.cfg"),
    ("key: <key:N>", "deploy/aitronos/values.yaml"),
    ("# about freddy\n\n\nkey: <key:N>", "a.yaml"),
    ('curl -H "X-API-Key: <key:N>" https://a.example', "a.sh"),
    ("'x-api-key': '<key:N>'", "a.js"),
]


@pytest.mark.parametrize("length", [36, 37, 38, 41, 42, 43, 44])
@pytest.mark.parametrize(("text", "path"), CONTEXTS)
def test_near_misses_in_context(text: str, path: str, length: int) -> None:
    text = expand(text.replace("N", str(length)), 11)
    (match,) = detected(text, path, MALFORMED_KEY)
    assert f"{length} characters" in (match.message or "")
    assert detected(text, path) == []


@pytest.mark.parametrize("length", [36, 37, 38, 41, 42, 43, 44])
@pytest.mark.parametrize("text", ["key=<key:N>", "token <key:N>", "API-Key: <key:N>", "x-api-key:\n<key:N>"])
def test_near_misses_without_context_are_nothing(text: str, length: int) -> None:
    assert detected(expand(text.replace("N", str(length)), 12), "a.txt", MALFORMED_KEY) == []


@pytest.mark.parametrize("length", [3, 20, 27, 29, 32, 35, 39, 40, 45, 48, 64])
def test_other_lengths_are_no_near_misses(length: int) -> None:
    assert detected(f"FREDDY_API_KEY={key(13, length)}\n", ".env", MALFORMED_KEY) == []


def test_a_near_miss_keeps_the_edges_and_the_filter() -> None:
    for text in (
        f"x_{key(14, 38)}",
        f"pe{key(14, 38)}",
        f"{key(14, 38)}_x",
        "ak_" + "x" * 38,
        "ak_" + "your_api_key" * 3,
    ):
        assert detected(f"# freddy\n{text}\n", rule=MALFORMED_KEY) == []


def test_a_near_miss_waits_for_the_path_of_a_blob() -> None:
    """A blob of a history is first looked at without a path, and its path may be what speaks of Freddy."""
    assert MALFORMED_KEY.detect is not None
    document = Document(key(15, 38).encode(), Origin())
    assert len(list(MALFORMED_KEY.detect(document))) == 1
    message = document._replace(origin=Origin(place=Place.COMMIT_MESSAGE))
    assert list(MALFORMED_KEY.detect(message)) == []


# What others write after `ak_`: told apart by its length, or by a second underscore.
OTHERS = {
    "ideal postcodes, longcat": "ak_<alnum:29>",
    "composio": "ak_<alnum:9>_<alnum:10>",
    "pagar.me": "ak_live_<alnum:30>",
    "pagar.me, test": "ak_test_<alnum:30>",
    "arkheia": "ak_prod_<alnum:32>",
    "meetergo": "ak_live:<alnum:32>",
    "agentcall": "ak_ac_<alnum:32>",
    "signalseal": "ak_ios_<alnum:32>",
    "automatos": "ak_pub_<alnum:35>",
    "clerk": "ak_<hex:32>",
    "ngrok": "ak_<alnum:27>",
    "aeternity": "ak_<alnum:48>",
    "home-made hex": "ak_<hex:48>",
    "home-made hex, long": "ak_<hex:64>",
    "url-safe": "ak_<alnum:20>-<alnum:22>",
    "url-safe, underscore": "ak_<alnum:38>_<alnum:4>",
    "with a hyphen": "ak-<alnum:40>",
    "tail of a prefix": "docst_ak_<alnum:40>",
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("seed", SEEDS)
def test_keys_of_others(name: str, seed: int) -> None:
    text = expand(OTHERS[name], seed)
    for line in (f"KEY={text}\n", f'{{"key": "{text}"}}', text):
        assert detected(line) == []
        assert detected(f"# freddy\n{line}") == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_examples_of_each_rule(rule: Rule) -> None:
    assert rule.detect is None or (rule.bad and rule.good)
    for seed in SEEDS:
        for path, text in rule.bad:
            assert detected(expand(text, seed), path, rule), (path, text)
        for path, text in rule.good:
            found = detected(expand(text, seed), path, rule)
            assert all(match.severity is Severity.NOTE for match in found), (path, text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_tells_all_that_a_report_needs(rule: Rule) -> None:
    assert rule.id.startswith("FG")
    assert rule.name == rule.name.lower()
    assert rule.message
    assert rule.description.endswith(".")
    assert rule.remedy
    assert rule.detect is not None or rule.correlate is not None


def test_ids_and_names_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)


def test_a_file_full_of_keys_takes_no_time() -> None:
    """No key may cost a pass over the whole file."""
    filler = "\n" + "x = 1\n" * 700
    text = filler.join(key(seed) for seed in range(300))
    started = time.process_time()
    assert len(detected(text)) == 300
    assert time.process_time() - started < 1

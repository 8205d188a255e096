from __future__ import annotations

import random

import pytest

from freddy_guard.model import Document, Origin
from freddy_guard.rules.requests.javascript import source
from freddy_guard.rules.requests.rooms import left_out
from tests.rules.requests.cases import findings, load, marked, seen

CASES = load("javascript.txt")
CALL = 'fetch("https://api.aitronos.com/v1/models");\n'
SCRAPS = ("", "", "(", "}", "`", "${", "é", "\0", ";", "\n", "...", "=>")
RIGHT = 'fetch("https://api.aitronos.com/v1/models", { headers: { "X-API-Key": key } });\n'


@pytest.mark.parametrize("name", CASES)
def test_programs(name: str) -> None:
    assert seen(CASES[name], "app.tsx") == marked(CASES[name])


def test_there_are_many_cases_of_either_kind() -> None:
    silent = [name for name, text in CASES.items() if not marked(text)]
    assert len(silent) >= 80
    assert sum(len(marked(text)) for text in CASES.values()) >= 100


@pytest.mark.parametrize("suffix", ["js", "mjs", "cjs", "jsx", "ts", "tsx", "mts", "cts"])
def test_a_program_is_known_by_its_name(suffix: str) -> None:
    assert seen(CALL, f"app.{suffix}") == [("FG301", 1)]
    assert seen(RIGHT, f"app.{suffix}") == []


@pytest.mark.parametrize("program", ["node", "deno run", "bun"])
def test_a_program_is_known_by_its_first_line(program: str) -> None:
    assert seen(f"#!/usr/bin/env {program}\n{CALL}", "tool") == [("FG301", 2)]


def test_old_assertions_of_types_are_read_where_they_are_allowed() -> None:
    text = 'const url = <string>"https://api.aitronos.com/v1/models";\nfetch(url);\n'
    assert seen(text, "app.ts") == [("FG301", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + CALL,
        CALL.replace("\n", "\r\n"),
        "const x = 'é日本😀'; /* é */ " + CALL,
        "const é = `日${1}本`;\n\n" + CALL,
    ],
    ids=["mark", "CRLF", "wide characters", "wide names"],
)
def test_the_finding_covers_the_call(text: str) -> None:
    data = text.encode()
    (finding,) = findings(data, "app.ts")
    region = finding.region
    assert data[region.start.offset : region.end.offset].decode() == CALL.rstrip(";\n")


def test_bytes_that_are_no_text_do_no_harm() -> None:
    assert seen(b"const x = '\xff\xfe\xe9';\n" + CALL.encode(), "app.js") == [("FG301", 2)]


PAGES = {
    "html": (
        "app.html",
        f"<html>\n<!-- <script>{CALL}</script> -->\n<pre>{CALL}</pre>\n<script type='module'>\n{CALL}</script>\n"
        f"<script type='application/json'>\n{CALL}</script>\n<script>\n{CALL}{RIGHT}</script>\n",
        [("FG301", 7), ("FG301", 13), ("FG306", 14)],
    ),
    "names of another script": (
        "app.htm",
        '<script>const API = "https://api.aitronos.com/v1"</script>\n<script>fetch(API + "/models")</script>\n',
        [("FG301", 2)],
    ),
    "a key that the user types": (
        "app.html",
        "<script>\nconst key = document.getElementById('key').value;\n"
        "fetch('https://api.aitronos.com/v1/models', { headers: { 'X-API-Key': key } });\n</script>\n",
        [],
    ),
    "vue": (
        "app.vue",
        f"<template><b>{CALL.strip()}</b></template>\n<script lang='ts'>\nexport default {{\n"
        f"  methods: {{ async load() {{ {CALL} }} }},\n}};\n</script>\n<script setup lang=ts>\n{RIGHT}</script>\n",
        [("FG301", 4)],
    ),
    "svelte": (
        "app.svelte",
        "<script>\n  import { PUBLIC_KEY } from '$env/static/public';\n"
        f"  $: data = {RIGHT.replace('key', 'PUBLIC_KEY')}</script>\n{{#await data}}é{{/await}}\n",
        [("FG306", 3)],
    ),
    "no end": ("app.html", f"<script>\n{CALL}", []),
}


@pytest.mark.parametrize("name", PAGES)
def test_scripts_of_pages(name: str) -> None:
    path, text, expected = PAGES[name]
    assert seen(text, path) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"<<<<<<< HEAD\n{CALL}=======\n{RIGHT}>>>>>>> theirs\n",
        'fetch("https://api.aitronos.com/v1/models", { headers: {',
        'fetch("https://api.aitronos.com/v1/models"',
        'fetch("https://api.aitronos.com/v1/models", { headers: { "X-API-Key": } });\n',
        'const h = {};\nh["X-API-Key" = key;\nfetch("https://api.aitronos.com/v1/models", { headers: h });\n',
    ],
    ids=["merge", "half", "no end", "no value", "a broken statement"],
)
def test_what_is_broken_is_silent(text: str) -> None:
    assert seen(text, "app.js") == []


def test_what_is_broken_elsewhere_does_not_matter() -> None:
    assert seen(f"const x = (;\n\n{CALL}", "app.js") == [("FG301", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "[" * 20000,
        "x = " + "-" * 20000 + "1;\n",
        "a." * 20000 + "b;\n",
        "`${" * 3000,
        "x(" * 3000 + ")" * 3000,
    ],
    ids=["brackets", "lists", "signs", "members", "templates", "calls"],
)
def test_what_is_deep_ends(text: str) -> None:
    seen(f"{CALL}\n" + "\n".join(text[at : at + 300] for at in range(0, len(text), 300)), "app.js")


@pytest.mark.parametrize(
    "text",
    [
        "const " + "[\n" * 3000 + "a" + "]\n" * 3000 + " = b;\n",
        'import s from "superagent";\ns.get("https://api.aitronos.com/v1/models")\n' + '.set("a", "b")\n' * 3000,
        "axios\n" + ".a\n" * 3000 + " = 1;\naxios.get('https://api.aitronos.com/v1/models')\n",
    ],
    ids=["pattern", "chain", "members"],
)
def test_what_is_deep_where_something_is_known_ends_too(text: str) -> None:
    assert seen(f"// api.aitronos\n{text}fetch", "app.js") == []


def test_a_client_may_be_used_very_often() -> None:
    text = 'import axios from "axios";\n' + 'axios.get("https://api.aitronos.com/v1/models");\n' * 500
    assert len(seen(text + CALL * 500, "app.js")) == 1000


def test_a_long_sum_is_read() -> None:
    terms = " +\n".join(['"a"'] * 900)
    assert seen(f"const x = {terms};\n{CALL}", "app.js") == [("FG301", 901)]


def test_names_that_stand_for_themselves_end() -> None:
    text = (
        "let h = h; let a = b, b = a; const o = { ...o }; for (const i of j) z = z + z;\nfunction f() { return f(); }\n"
    )
    text += "class A extends A { x = this.x; get y() { return this.y } m() { fetch(this.y, this.x) } }\n"
    text += 'fetch("https://api.aitronos.com/v1/models", { headers: f() });\n'
    assert seen(text + 'fetch("https://api.aitronos.com/v1/" + z, { headers: o || a });\n', "app.js") == []


@pytest.mark.parametrize("seed", range(8))
def test_broken_programs_crash_nothing(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test
    texts = list(CASES.values())
    for _ in range(60):
        text = chance.choice(texts)
        for _ in range(chance.randint(1, 6)):
            at, size = chance.randrange(len(text) + 1), chance.choice((0, 1, 1, 3, 20))
            text = (
                text[:at]
                + chance.choice(("", "", "(", "}", "`", "${", "é", "\0", ";", "\n", "...", "=>"))
                + text[at + size :]
            )
        path = chance.choice(("app.js", "app.ts", "app.tsx", "app.vue"))
        findings(f"<script>{text}</script>" if path.endswith("vue") else text, path)


def test_a_platform_without_the_parser_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    source.unavailable.cache_clear()
    monkeypatch.setattr(source, "_grammar", absent)
    try:
        assert seen(CALL, "app.js") == []
        assert "no parser" in left_out(Document(CALL.encode(), Origin(path="app.js")))
        assert left_out(Document(CALL.encode(), Origin(path="app.py"))) == ""
    finally:
        source.unavailable.cache_clear()


def test_the_vendors_page() -> None:
    page = """\
const apiKey = process.env.FREDDY_API_KEY;

const response = await fetch("https://api.aitronos.com/v1/model/response", {
  method: "POST",
  headers: {
    "X-API-Key": apiKey,
    "Content-Type": "application/json",
  },
  body: JSON.stringify({
    organization_id: "org_your_org_id",
  }),
});
"""
    assert seen(page, "page.js") == []
    assert seen(page.replace('    "X-API-Key": apiKey,\n', ""), "page.js") == [("FG301", 3)]

from __future__ import annotations

import random

import pytest

from tests.rules.requests.cases import findings, load, marked, seen

LANGUAGES = ("go", "java", "kt", "cs", "php", "rb", "rs", "swift", "dart", "ps1")
CASES = {
    f"{language}: {name}": (f"app.{language}", text)
    for language in LANGUAGES
    for name, text in load(f"lexical/{language}.txt").items()
}
PHP = '<?php\n$x = file_get_contents("https://api.aitronos.com/v1/models");\n'


@pytest.mark.parametrize("name", CASES)
def test_programs(name: str) -> None:
    path, text = CASES[name]
    assert seen(text, path) == marked(text)


def test_there_are_many_cases_of_either_kind() -> None:
    silent = [name for name, (_, text) in CASES.items() if not marked(text)]
    assert len(silent) >= 100
    assert len(CASES) - len(silent) >= 80


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_broken_crashes_nothing(language: str) -> None:
    draw = random.Random(language)  # noqa: S311 - a seed, so that a failure comes again
    texts = [text for path, text in CASES.values() if path.endswith("." + language)]
    for _ in range(150):
        seen(_broken(draw, draw.choice(texts)), f"app.{language}")


def _broken(draw: random.Random, text: str) -> str:
    """Return a program with some pieces cut out, doubled, moved or replaced by what opens and closes things."""
    for _ in range(draw.randint(1, 4)):
        start, end = sorted(draw.randrange(len(text) + 1) for _ in range(2))
        end = min(end, start + draw.choice((1, 3, 40)))
        piece = draw.choice(
            ("", text[start:end] * 2, *"()[]{}\"'`$#<>=,.:;|\n\\\0é", "<<<<<<< HEAD\n", '"""', "${", "/*")
        )
        text = text[:start] + piece + text[end:]
    return text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_deep_crashes_nothing(language: str) -> None:
    head = "<?php\n" if language == "php" else ""
    for text in ("(" * 3000 + ")" * 3000, "a(" * 2000 + ")" * 2000, "a + " * 3000 + "a", "a = b\nb = a\n" * 200):
        seen(f"{head}x = {text}\ny = 'https://api.aitronos.com/v1/' + a\n", f"app.{language}")


@pytest.mark.parametrize(
    "source",
    [
        PHP.encode(),
        b"\xef\xbb\xbf" + PHP.encode(),
        PHP.replace("\n", "\r\n").encode(),
        PHP.replace("$x", "$é = '日本'; $x").encode(),
    ],
    ids=["plain", "mark", "CRLF", "wide characters"],
)
def test_the_finding_covers_the_call(source: bytes) -> None:
    (finding,) = findings(source, "app.php")
    region = finding.region
    assert source[region.start.offset : region.end.offset] == b'file_get_contents("https://api.aitronos.com/v1/models")'


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("#!/usr/bin/env ruby", 'require "net/http"\nNet::HTTP.get(URI("https://api.aitronos.com/v1/models"))\n'),
        ("#!/usr/bin/env pwsh", "Invoke-RestMethod https://api.aitronos.com/v1/models\n"),
        ("#!/usr/bin/php", PHP),
    ],
)
def test_a_script_is_known_by_its_first_line(line: str, text: str) -> None:
    assert [rule for rule, _ in seen(f"{line}\n{text}", "bin/tool")] == ["FG301"]


@pytest.mark.parametrize("name", [name for name, (_, text) in CASES.items() if "FG301" in text])
def test_the_corrected_call_is_shown(name: str) -> None:
    path, text = CASES[name]
    assert all("X-API-Key" in finding.fix for finding in findings(text, path) if finding.rule.id == "FG301")

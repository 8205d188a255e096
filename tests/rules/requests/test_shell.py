from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.rules.requests.cases import findings, load, marked, seen

CASES = load("shell.txt")
FILES = load("files.txt")
CALL = "curl https://api.aitronos.com/v1/models"


@pytest.mark.parametrize("name", CASES)
def test_scripts(name: str) -> None:
    assert seen(CASES[name], "app.sh") == marked(CASES[name])


@pytest.mark.parametrize("name", FILES)
def test_files(name: str) -> None:
    assert seen(FILES[name], name.partition(" |")[0]) == marked(FILES[name])


def test_there_are_many_cases() -> None:
    assert len(CASES) + len(FILES) >= 130
    assert sum(1 for text in (*CASES.values(), *FILES.values()) if not marked(text)) >= 45


@pytest.mark.parametrize("path", ["a.sh", "a.bash", "a.zsh", "a.bats", "bin/tool"])
def test_a_script_is_known_by_its_name_or_its_first_line(path: str) -> None:
    text = CALL if "." in path else f"#!/bin/sh\n{CALL}"
    assert len(seen(text, path)) == 1


SPREAD = """\
curl -sS -X POST "https://api.aitronos.com/v1/model/response" \\
  -H "Content-Type: application/json" \\
  -d '{
    "é": "日本"
  }'"""


@pytest.mark.parametrize(
    "frame",
    [
        ("a.sh", "{}"),
        ("a.sh", "x='é…à' # é…à\n{} | jq .\n"),
        ("a.sh", "x=$({})\n"),
        ("a.md", "é\n\n```bash\n$ {}\n```\n"),
        ("a.md", "```bash\n{}\n```"),
    ],
    ids=["script", "wide characters", "substitution", "prompt", "page"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_finding_covers_the_call(frame: tuple[str, str], end: str) -> None:
    text = frame[1].format(SPREAD).replace("\n", end).encode()
    (finding,) = findings(text, frame[0])
    assert text[finding.region.start.offset : finding.region.end.offset].decode() == SPREAD.replace("\n", end)
    assert finding.rule.id == "FG301"


def test_the_finding_in_a_block_of_yaml_covers_the_call() -> None:
    text = "run: |\n  x=1\n  curl -X POST \\\n    https://api.aitronos.com/v1/streamline/automations/a/sync\n  ls\n"
    (finding,) = findings(text, "a.yml")
    covered = text[finding.region.start.offset : finding.region.end.offset]
    assert covered == "curl -X POST \\\n    https://api.aitronos.com/v1/streamline/automations/a/sync"


@pytest.mark.parametrize(
    ("path", "text", "fix"),
    [
        ("a.sh", CALL, 'curl -X GET -H "X-API-Key: $FREDDY_API_KEY" https://api.aitronos.com/v1/models'),
        ("a.sh", "wget https://api.aitronos.com/v1/models", "wget --method=GET --header="),
        ("a.sh", "http https://api.aitronos.com/v1/models", "http GET https://api.aitronos.com/v1/models"),
        ("a.http", "GET https://api.aitronos.com/v1/models", "GET https://api.aitronos.com/v1/models\nX-API-Key: {{"),
    ],
)
def test_the_corrected_call(path: str, text: str, fix: str) -> None:
    (finding,) = findings(text, path)
    assert finding.fix.startswith(fix)


PAGE = """\
### cURL


```bash
curl -X POST "https://api.aitronos.com/v1/model/response" \\
  -H "X-API-Key: ak_your_api_key_here" \\
  -H "Content-Type: application/json" \\
  -d '{
    "organization_id": "org_your_org_id",
    "inputs": [{"role": "user", "content": "Hello!"}]
  }'
```

### Python


```python
import os
import requests

headers = {
    "X-API-Key": os.environ["FREDDY_API_KEY"],
    "Content-Type": "application/json",
}

response = requests.post("https://api.aitronos.com/v1/model/response", headers=headers, json={})
```

**DON'T:**

- Hardcode keys in your application
"""


def test_every_line_of_the_vendors_page_that_carries_the_header_matters() -> None:
    assert seen(PAGE, "authentication.md") == []
    assert seen(PAGE.replace('  -H "X-API-Key: ak_your_api_key_here" \\\n', ""), "a.md") == [("FG301", 5)]
    assert seen(PAGE.replace('    "X-API-Key": os.environ["FREDDY_API_KEY"],\n', ""), "a.md") == [("FG301", 25)]


@pytest.mark.parametrize(
    "text",
    [
        CALL + " -H 'X-API-Key",
        CALL + ' "$(',
        CALL + " ${x",
        CALL + " `",
        "x=(" + CALL,
        "$(" * 5000 + CALL,
        "${x:-" * 5000 + CALL,
        '"$(' * 2000 + CALL,
        "a=$a\nb=$c\nc=$b\ncurl $a$b https://api.aitronos.com/v1/models",
        "".join(f"v{i + 1}=$v{i}$v{i}\n" for i in range(60)) + "curl $v60 https://api.aitronos.com/v1/models",
        "\1\2" + CALL + "\1 \2",
    ],
    ids=[
        "quote",
        "substitution",
        "braces",
        "backquote",
        "array",
        "deep",
        "deeper",
        "deepest",
        "itself",
        "doubled",
        "marks",
    ],
)
def test_what_no_shell_can_read_is_silent(text: str) -> None:
    assert seen(text, "a.sh") == []


def _mutated(text: str, draw: random.Random) -> str:
    """Return a text with some pieces cut out, doubled, moved or broken, as half-written files are."""
    for _ in range(draw.randint(1, 4)):
        at, size = draw.randrange(len(text) + 1), draw.randint(1, 40)
        piece = draw.choice(
            ["", text[at : at + size] * 2, *"'\"`\\$(){}<>|;&\n\r\0\1\2#", "<<<<<<< HEAD\n", "${", "$((", "<<E\n"]
        )
        text = text[:at] + piece + text[at + draw.choice([0, size]) :]
    return text


@pytest.mark.parametrize("seed", range(8))
def test_broken_files_crash_nothing(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - repeatable on purpose
    paths = {f"{name}": ("app.sh", text) for name, text in CASES.items()}
    paths |= {name: (Path(name.partition(" |")[0]).name, text) for name, text in FILES.items()}
    for path, text in paths.values():
        for finding in findings(_mutated(text, draw), path):
            assert finding.region.start.offset <= finding.region.end.offset

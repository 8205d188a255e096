from __future__ import annotations

import json

import pytest

from tests.rules.requests.cases import findings, load, marked, seen

CASES = load("python.txt")
CALL = 'import requests\nrequests.get("https://api.aitronos.com/v1/models")\n'


@pytest.mark.parametrize("name", CASES)
def test_programs(name: str) -> None:
    assert seen(CASES[name], "app.py") == marked(CASES[name])


def test_there_are_many_cases_of_either_kind() -> None:
    silent = [name for name, text in CASES.items() if not marked(text)]
    assert len(silent) >= 150
    assert len(CASES) - len(silent) >= 150


@pytest.mark.parametrize("path", ["app.py", "app.pyw", "types.pyi", "bin/tool"])
def test_a_program_is_known_by_its_name_or_its_first_line(path: str) -> None:
    text = CALL if "." in path else f"#!/usr/bin/env python3\n{CALL}"
    assert len(seen(text, path)) == 1


def test_other_files_are_no_programs() -> None:
    assert seen(CALL, "app.txt") == seen(CALL, "app") == []


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbf" + CALL.encode(),
        CALL.replace("\n", "\r\n").encode(),
        b"# -*- coding: latin-1 -*-\n# \xe9\n" + CALL.encode(),
        CALL.replace("import", "x = 'é日本' ; import").encode(),
    ],
    ids=["mark", "CRLF", "latin-1", "wide characters"],
)
def test_the_finding_covers_the_call(source: bytes) -> None:
    (finding,) = findings(source, "app.py")
    region = finding.region
    assert source[region.start.offset : region.end.offset] == CALL.splitlines()[1].encode()


@pytest.mark.parametrize(
    "source",
    [
        CALL + "<<<<<<< HEAD\n",
        CALL + "def f(:\n",
        CALL + "(" * 5000,
        CALL + "print 'python 2'\n",
        CALL + "\0",
        "# coding: nonsense\n" + CALL,
        CALL + "x = " + "-" * 20000 + "1\n",
    ],
    ids=["merge", "half", "deep", "python 2", "nul", "coding", "recursion"],
)
def test_what_python_cannot_read_is_silent(source: str) -> None:
    assert seen(source, "app.py") == []


def test_a_long_sum_is_read_without_recursion() -> None:
    text = "x = " + " + ".join(["'a'"] * 900) + "\n" + CALL
    assert seen(text, "app.py") == [("FG301", 3)]


def test_a_name_that_stands_for_itself_ends() -> None:
    text = "import requests\nh = h\na = b\nb = a\nx = {**x}\nfor i in y:\n    z = z + z\n"
    text += 'def f():\n    return f()\nrequests.get("https://api.aitronos.com/v1/models", headers=f())\n'
    assert seen(text + "requests.get('https://api.aitronos.com/v1/' + z, headers=x or a)\n", "app.py") == []


def notebook(*cells: tuple[str, list[str] | str], **more: object) -> str:
    made = [{"cell_type": kind, "metadata": {"source": ["no"]}, "source": source} for kind, source in cells]
    return json.dumps({"cells": made, "nbformat": 4, **more}, indent=1)


def test_the_cells_of_a_notebook_are_one_program() -> None:
    text = notebook(
        ("markdown", ["requests.get('https://api.aitronos.com/v1/models')\n"]),
        ("code", ["%pip install requests\n", "!ls\n", "import requests\n", "x = 'é\\n\"'\n"]),
        ("code", "URL = 'https://api.aitronos.com/v1/models'\nhalf = ("),
        ("code", "URL = 'https://api.aitronos.com/v1/models'\nrequests.get?"),
        ("code", ["r = requests.get(URL)\n", "await r"]),
    )
    (finding,) = findings(text, "a.ipynb")
    assert finding.rule.id == "FG301"
    assert text[finding.region.start.offset - 4 :].startswith("r = requests.get(URL)")
    assert finding.snippet == "requests.get(URL)"


def test_a_notebook_on_one_line() -> None:
    text = json.dumps(json.loads(notebook(("code", CALL + "requests.get('https://api.aitronos.com/v1/threads')"))))
    assert [finding.snippet[:30] for finding in findings(text, "a.ipynb")] == [
        'requests.get(\\"https://api.aitronos'[:30],
        "requests.get('https://api.aitronos"[:30],
    ]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"cells": 1} aitronos.c', '{"cells": [{"source": "x"}]}', "aitronos.c{"]
)
def test_what_is_no_notebook_is_silent(text: str) -> None:
    assert seen(text, "a.ipynb") == []

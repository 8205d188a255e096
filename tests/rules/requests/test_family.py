"""What the rules of the family have in common: where they look, what they leave out, what a report shows."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import pytest

from freddy_guard.rules import RULES
from tests.rules.requests.cases import findings, seen
from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.tool import run

CALL = 'import requests\nrequests.get("https://api.aitronos.com/v1/models")\n'
RIGHT = CALL.replace(")", ', headers={"X-API-Key": key})')
SIGN = "freddy-guard: allow"  # apart from its rules, so that it speaks of no line of ours
FAMILY = [rule for rule in RULES if rule.leaves_out is not None]


def test_the_family_has_one_gate() -> None:
    assert [rule.id for rule in FAMILY] == ["FG301", "FG302", "FG303", "FG304", "FG305", "FG306"]
    assert {keyword for rule in FAMILY for keyword in rule.keywords} == {b"api.aitronos.c"}


@pytest.mark.parametrize("command", [("scan",), ("staged",), ("hook", "pre-commit")], ids=" ".join)
def test_the_code_as_it_is(command: tuple[str, ...], repo: Repo) -> None:
    repo.stage("app.py", CALL)
    done = run(*command, "--format=json", cwd=repo.path)
    assert (done.code, done.rules()) == (1, ["FG301"])
    repo.stage("app.py", RIGHT)
    assert run(*command, cwd=repo.path).code == 0


@pytest.mark.parametrize("command", [("commits", "HEAD"), ("history",)], ids=" ".join)
def test_not_the_code_as_it_was(command: tuple[str, ...], repo: Repo) -> None:
    repo.commit({"app.py": CALL})
    repo.commit({"app.py": RIGHT})
    repo.blob(f"#!/usr/bin/env python3\n{CALL}")
    done = run(*command, "--format=json", cwd=repo.path)
    assert (done.code, done.rules()) == (0, [])


def test_what_head_has_already_does_not_block(repo: Repo) -> None:
    repo.commit({"app.py": CALL})
    repo.stage("app.py", f"# a comment\n\n{CALL}")
    done = run("staged", "--format=json", cwd=repo.path)
    assert done.code == 0
    assert [found["status"] for found in done.json()["suppressed"]] == ["known"]


def test_a_baseline_takes_what_is_there(repo: Repo) -> None:
    repo.commit({"app.py": CALL})
    assert run("baseline", "write", "--reason=later", cwd=repo.path).code == 0
    assert run("scan", cwd=repo.path).code == 0
    repo.write("app.py", "\n\n" + CALL + CALL.replace("models", "threads"))
    assert run("scan", "--format=json", cwd=repo.path).rules() == ["FG301"]


def test_a_comment_silences_the_call_that_it_stands_in(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        f'import requests\nrequests.get(\n    "https://api.aitronos.com/v1/models",  # {SIGN} FG301 -- a test\n)\n'
    )
    assert run("scan", cwd=tmp_path).code == 0


def test_neither_archives_nor_encoded_texts(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", CALL)
    (tmp_path / "a.zip").write_bytes(packed.getvalue())
    (tmp_path / "b.py").write_text(f'x = "{base64.b64encode(CALL.encode()).decode()}"  # aitronos.com {key(3)}\n')
    assert run("scan", "--format=json", cwd=tmp_path).rules() == ["FG101"]


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("big.py", CALL + "# x\n" * (1 << 18), "over 1 MB"),
        ("app.min.js", "fetch('https://api.aitronos.com/v1/models')", "generated"),
        ("app.js", "fetch('https://api.aitronos.com/v1/models');" * 100, "generated"),
    ],
)
def test_what_is_left_out_is_said_and_the_scan_is_complete(path: str, text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / path).write_text(text)
    done = run("scan", "--format=json", cwd=tmp_path)
    coverage = done.json()["coverage"]
    assert (done.code, coverage["complete"], coverage["unread"]) == (0, True, [])
    assert [item["what"] for item in coverage["left_out"]] == [path]
    assert reason in coverage["left_out"][0]["reason"]
    assert f"left out: {path}: " in run("scan", cwd=tmp_path).out


def test_other_large_files_are_no_business_of_it(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_text(CALL * (1 << 15))
    (tmp_path / "big.py").write_text("x = 1\n" * (1 << 18))
    assert run("scan", "--format=json", cwd=tmp_path).json()["coverage"]["left_out"] == []


def test_a_report_shows_the_first_line_what_was_seen_and_the_corrected_call(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "import httpx\n"
        'httpx.post(\n    "https://api.aitronos.com/v1/model/response",\n    headers={"Accept": "x"},\n)\n'
    )
    done = run("scan", cwd=tmp_path)
    assert "app.py:2:1: error: FG301 missing-header: POST https://api.aitronos.com/v1/model/response" in done.out
    assert "with Accept but without X-API-Key: the API answers 401" in done.out
    assert "    2 | httpx.post(\n" in done.out
    fixed = (
        'httpx.post("https://api.aitronos.com/v1/model/response", headers={"X-API-Key": os.environ["FREDDY_API_KEY"]})'
    )
    assert f"+ {fixed}" in done.out
    (found,) = run("scan", "--format=json", cwd=tmp_path).json()["findings"]
    assert found["fix"] == fixed
    assert (found["line"], found["end_line"]) == (2, 5)


@pytest.mark.parametrize("reporter", ["text", "json", "jsonl", "sarif"])
def test_no_key_of_a_call_is_shown(reporter: str, tmp_path: Path) -> None:
    secret = key(5)
    (tmp_path / "app.py").write_text(
        f'import requests\nrequests.get("https://api.aitronos.com/v1/models?api_key={secret}")\n'
        f'requests.get("https://api.aitronos.com/v1/{secret}", headers={{"Authorization": "Bearer {secret}"}})\n'
        f'requests.get("https://{secret}@api.aitronos.com/v1/models", headers={{"{secret}": "x"}})\n'
    )
    done = run("scan", "-v", f"--format={reporter}", cwd=tmp_path)
    assert done.code == 1
    assert "FG303" in done.out
    assert "FG302" in done.out
    assert secret not in done.out + done.err
    assert secret[8:30] not in done.out + done.err


def test_what_else_may_be_secret_in_a_call_is_not_shown_either() -> None:
    text = CALL.replace(")", ', headers={"Cookie": "s=A1b2C3d4E5f6G7h8I9j0K1l2M3n4"})')
    (finding,) = findings(text, "app.py")
    assert "E5f6G7h8" not in finding.snippet + finding.message


def test_findings_are_told_apart_by_their_code_alone() -> None:
    text = CALL.replace(")", ",\n    timeout=3)")
    (one,), (two,) = findings(text, "a.py"), findings("\n\n" + text.replace("\n    ", "\n\t"), "b.py")
    assert one.fingerprint == two.fingerprint
    assert one.fingerprint != findings(text.replace("models", "threads"), "a.py")[0].fingerprint


def test_every_line_of_the_vendors_page_that_carries_the_header_matters() -> None:
    page = """\
import os
import requests

def make_authenticated_request(endpoint):
    api_key = os.environ["FREDDY_API_KEY"]
    headers = {"X-API-Key": api_key}

    response = requests.get(
        f"https://api.aitronos.com/v1/{endpoint}",
        headers=headers,
    )

    if response.status_code == 401:
        print("Authentication failed. Check your API key.")
        return None
"""
    first = page.replace('{"X-API-Key": api_key}', '{\n        "X-API-Key": api_key,\n        "Accept": "x",\n    }')
    assert seen(first, "page.py") == []
    assert seen(first.replace('        "X-API-Key": api_key,\n', ""), "page.py") == [("FG301", 10)]
    assert seen(page, "page.py") == []
    assert seen(page.replace("        headers=headers,\n", ""), "page.py") == [("FG301", 8)]
    assert seen(page.replace('{"X-API-Key": api_key}', "{}"), "page.py") == [("FG301", 8)]

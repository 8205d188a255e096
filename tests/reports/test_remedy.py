from __future__ import annotations

import shutil
import subprocess

import pytest

from freddy_guard.reports.remedy import shell_quoted, steps
from tests.reports.samples import FILE_RULE
from tests.reports.test_hostile import WEIRD
from tests.support.keys import key


def test_a_line_with_a_path_needs_one() -> None:
    assert list(steps(FILE_RULE, ["", ""])) == ["Stop tracking the file:", "Add it to .gitignore."]


@pytest.mark.parametrize("path", [*(path for path in WEIRD if "\ud800" not in path), "a'\n\\x41"], ids=ascii)
def test_a_quoted_path_is_the_path_in_a_shell(path: str) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash")
    done = subprocess.run(
        [bash, "-c", f"printf %s {shell_quoted(path)}"],
        capture_output=True,
        check=True,
        env={"LC_ALL": "C.UTF-8"},
    )
    assert done.stdout == path.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("around", ["{}", "a b {}", "\n{}", "'{}'\\"])
def test_a_key_in_a_path_is_masked(around: str) -> None:
    assert key(1)[3:] not in shell_quoted(around.format(key(1)))

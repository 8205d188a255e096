from __future__ import annotations

import subprocess
import sys

import pytest

from freddy_guard.errors import UsageError
from freddy_guard.policy.ignores import Ignores
from tests.support.keys import key
from tests.support.tool import unmeasured


@pytest.mark.parametrize(
    ("patterns", "path", "by"),
    [
        (["*.py"], "a/b/c.py", "*.py"),
        (["*.py"], "a/b/c.pyx", None),
        (["tests/"], "tests/a/b.txt", "tests/"),
        (["tests/"], "sub/tests/b.txt", "tests/"),
        (["tests/"], "tests", None),
        (["/tests/"], "sub/tests/b.txt", None),
        (["docs/**/*.md"], "docs/a/b/c.md", "docs/**/*.md"),
        (["*.py", "!keep.py"], "a/keep.py", None),
        (["*.py", "!keep.py", "a/*"], "a/keep.py", "a/*"),
        (["tests/", "!tests/real/"], "tests/real/x", None),
        (["caf*"], "caf\udce9/x", "caf*"),
        (["café/"], "café/x", "café/"),
        ([r"\#odd"], "#odd", r"\#odd"),
        (["# comment", ""], "# comment", None),
        ([], "a.py", None),
        (["*"], "with\nline end", "*"),
    ],
)
def test_the_last_pattern_that_fits_decides(patterns: list[str], path: str, by: str | None) -> None:
    assert Ignores(patterns).match(path) == by


def test_the_patterns_that_decided_nothing_are_unused() -> None:
    ignores = Ignores(["*.md", "*.py", "!keep.py", "docs/"])
    assert [ignores.match(path) for path in ("a.py", "b.py", "keep.py", "x")] == ["*.py", "*.py", None, None]
    assert ignores.unused() == ("*.md", "docs/")
    assert Ignores([]).unused() == ()


@pytest.mark.parametrize("pattern", ["!", "a\\", "[z-a]"])
def test_an_invalid_pattern_is_named(pattern: str) -> None:
    ignores = Ignores(["*.py", pattern])
    with pytest.raises(UsageError) as caught:
        ignores.match("a.py")
    assert f'"{pattern}" is not a valid gitignore pattern' in str(caught.value)
    with pytest.raises(UsageError):
        ignores.unused()


def test_an_invalid_pattern_shows_no_key() -> None:
    with pytest.raises(UsageError) as caught:
        Ignores([key(1) + "\\"]).match("a")
    assert key(1) not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("code", "imported"),
    [
        ("Policy(rule_ids={}, today=date(2026, 1, 1), ignore=['*.py']).notices(whole=False)", False),
        ("Policy(rule_ids={}, today=date(2026, 1, 1)).notices(whole=True)", False),
        ("Policy(rule_ids={}, today=date(2026, 1, 1), ignore=['*.py']).notices(whole=True)", True),
    ],
)
def test_pathspec_is_imported_only_for_a_question(code: str, imported: bool) -> None:
    heavy = "{'pathspec', 'click', 'git', 'tomllib', 'json', 'difflib', 'hashlib'} & set(sys.modules)"
    program = f"import sys\nfrom datetime import date\nfrom freddy_guard.policy import Policy\n{code}\n"
    program += f"print(sorted({heavy}))"
    run = subprocess.run([sys.executable, "-c", program], env=unmeasured(), capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ("['pathspec']" if imported else "[]")

"""The table of formats: cheap to import, and writing never fails for want of a character."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from freddy_guard.reports import REPORTERS, write, write_file
from tests.reports.samples import everything, rendered

PROBE = """
import sys
before = set(sys.modules)
import freddy_guard.reports
print(*sorted(set(sys.modules) - before))
"""


def loaded(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return set(done.stdout.split())


def test_importing_the_room_imports_no_reporter() -> None:
    modules = loaded(PROBE)
    assert "freddy_guard.reports" in modules
    assert not {name for name in modules if name.startswith("freddy_guard.reports.")}
    assert not modules & {"json", "urllib", "urllib.parse", "logging", "git", "pathspec", "multiprocessing"}


def test_the_text_report_needs_no_json() -> None:
    assert not loaded(PROBE.replace("freddy_guard.reports", "freddy_guard.reports.text")) & {"json", "urllib"}


@pytest.mark.parametrize("name", REPORTERS)
def test_a_narrow_terminal_gets_escapes_not_an_error(name: str) -> None:
    out = BytesIO()
    write(everything(), name, out, encoding="ascii")
    assert b"\\u2026" in out.getvalue()


@pytest.mark.parametrize("name", REPORTERS)
def test_a_file_gets_the_same_bytes(name: str, tmp_path: Path) -> None:
    write_file(everything(), name, str(tmp_path / "report"))
    assert (tmp_path / "report").read_bytes() == rendered(everything(), name)


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(KeyError):
        rendered(everything(), "nonsense")

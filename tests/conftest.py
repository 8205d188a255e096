"""Every test runs without the user's git configuration and without what a git hook around us may have set."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.repo import ISOLATED, Repo


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("GIT_", "PRE_COMMIT")):
            monkeypatch.delenv(name)
    for name, value in ISOLATED.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Return an empty repository on the branch main."""
    return Repo.init(tmp_path / "repo")

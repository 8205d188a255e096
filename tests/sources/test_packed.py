"""A large pack read as a file says what git's own stream of all objects says, object by object."""

from __future__ import annotations

from pathlib import Path

import pytest

from freddy_guard.git import packs
from tests.support.oracle import seen_in_pack, seen_in_stream, told
from tests.support.seams import history as random_history


@pytest.mark.parametrize("seed", range(40))
def test_random_histories(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "_MANY", 1)
    random_history(seed, tmp_path / "bare")
    assert told(seen_in_pack(tmp_path / "bare")) == told(seen_in_stream(tmp_path / "bare"))

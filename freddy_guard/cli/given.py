"""What the command line gave, whoever parsed it."""

from __future__ import annotations

from typing import NamedTuple

from freddy_guard.decode import DEPTH


class Options(NamedTuple):
    """The common options as given. `home` is where the commit of --config-from lies, None: here."""

    formats: tuple[str, ...] = ()
    fail_on: str | None = None
    config_path: str | None = None
    no_config: bool = False
    config_from: str | None = None
    baseline_path: str | None = None
    decode_depth: int = DEPTH
    no_allow: bool = False
    quiet: bool = False
    verbose: int = 0
    color: bool | None = None
    home: str | None = None

"""hook pre-commit: the one command that must not keep anybody waiting, so nothing here loads click."""

from __future__ import annotations

from freddy_guard.cli.given import Options
from freddy_guard.cli.running import run_scan
from freddy_guard.cli.settings import here
from freddy_guard.errors import ExitCode
from freddy_guard.git.plumbing import Git


def pre_commit(names: tuple[str, ...], options: Options) -> ExitCode:
    """Scan the index, and of the files named those that are not staged. Also for pre-merge-commit."""
    from freddy_guard.hooks.pre_commit import PreCommit

    root = here()
    return run_scan(PreCommit(Git(), names, root), options, root, may_be_empty=True)

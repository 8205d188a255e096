"""What counts in this run: the options over the configuration, and the baseline."""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING, Any

from freddy_guard.cli.given import Options
from freddy_guard.config import DEDICATED, KEYS, SHARED, Config, load, parse
from freddy_guard.errors import UsageError
from freddy_guard.git.plumbing import Git
from freddy_guard.redact import printable

if TYPE_CHECKING:
    from freddy_guard.policy.baseline import Baseline

COMMAND_LINE = "command line"  # where a value comes from that an option gave


def top_of(folder: str) -> str:
    """Return the top of the worktree that a folder lies in, or the folder itself. No git is asked: hooks are quick."""
    candidate = folder = os.path.abspath(folder)
    while not os.path.exists(os.path.join(candidate, ".git")):
        parent = os.path.dirname(candidate)
        if parent == candidate:
            return folder
        candidate = parent
    return candidate


def here() -> str:
    """Return the top of the worktree that we stand in."""
    return top_of(os.getcwd())


def effective(options: Options, root: str | None) -> Config:
    """Return the configuration with the options laid over it. Raises UsageError."""
    if sum((options.no_config, options.config_path is not None, options.config_from is not None)) > 1:
        raise UsageError("--config, --no-config and --config-from exclude each other: give one")
    if options.config_from is not None:
        config = _from_commit(options)
    elif options.config_path is not None:
        config = load(None, options.config_path)
    else:
        config = load(None if options.no_config else root)
    given = {"fail-on": options.fail_on, "baseline": options.baseline_path, "format": options.formats or None}
    changed = {key: value for key, value in given.items() if value is not None}
    values: dict[str, Any] = {KEYS[key][0]: value for key, value in changed.items()}
    return config._replace(**values, origins={**config.origins, **dict.fromkeys(changed, COMMAND_LINE)})


def baseline(config: Config, options: Options, root: str | None) -> Baseline | None:
    """Return the baseline that counts, None without one; it is read where the configuration is. Raises UsageError."""
    path = config.baseline
    if options.baseline_path is not None:
        if not os.path.exists(path):
            raise UsageError(f"--baseline {printable(path)}: there is no such file")
    elif options.config_from is not None:
        data = _blob(options, path)
        return None if data is None else _baseline().parse(data, f"{options.config_from}:{path}")
    elif options.config_path is None and (options.no_config or root is None):
        return None
    else:
        path = os.path.join(root or os.getcwd(), path)
    return _baseline().load(path) if os.path.exists(path) else None


def _baseline() -> type[Baseline]:
    from freddy_guard.policy.baseline import Baseline

    return Baseline


def _from_commit(options: Options) -> Config:
    """Return the configuration as a commit has it: one that the author of a change could not touch."""
    for name in (DEDICATED, SHARED):
        data = _blob(options, name)
        if data is not None and (name == DEDICATED or b"freddy" in data):
            return parse(data, f"{options.config_from}:{name}", name == DEDICATED)
    return Config()


def _blob(options: Options, path: str) -> bytes | None:
    """Return the file of that path in the commit of --config-from, None without one. Raises UsageError, GitError."""
    git = Git(options.home)
    git.run("rev-parse", "--git-dir")  # says why, where there is no repository
    asked = f"{options.config_from}^{{commit}}"
    code, commit, _ = git.attempt("rev-parse", "--verify", "--quiet", "--end-of-options", asked)
    if code:
        raise UsageError(f"--config-from {printable(str(options.config_from))}: there is no such commit here")
    code, data, _ = git.attempt("cat-file", "blob", f"{commit.decode().strip()}:{posixpath.normpath(path)}")
    return None if code else data

"""The options that every scanning command takes, and what they come to together with the configuration."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from freddy_guard.config import DEDICATED, FAIL_ON, KEYS, SHARED, Config, load, parse
from freddy_guard.errors import UsageError
from freddy_guard.git.plumbing import Git
from freddy_guard.redact import printable
from freddy_guard.reports import REPORTERS, Style

if TYPE_CHECKING:
    from freddy_guard.policy.baseline import Baseline

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--format",
        "formats",
        multiple=True,
        metavar="FORMAT[=PATH]",
        help=f"Report format ({', '.join(REPORTERS)}), to stdout or to a file; may be given several times.",
    ),
    click.option(
        "--fail-on", type=click.Choice(FAIL_ON), help="Exit 1 for findings of this severity or worse [warning]."
    ),
    click.option("--config", "config_path", type=click.Path(), metavar="FILE", help="Read this configuration."),
    click.option("--no-config", is_flag=True, help="Read no configuration and no baseline of the repository."),
    click.option("--config-from", metavar="REF", help="Read configuration and baseline as they are in this commit."),
    click.option(
        "--baseline", "baseline_path", type=click.Path(), metavar="FILE", help="The baseline of known findings."
    ),
    click.option("--no-allow", is_flag=True, help="Do not honour allow comments."),
    click.option("-q", "--quiet", is_flag=True, help="No progress, no receipt on stderr."),
    click.option("-v", "--verbose", count=True, help="Say more: suppressed findings, everything not read."),
    click.option("--color/--no-color", default=None, help="Colour the text report [when it goes to a terminal]."),
)


class Options(NamedTuple):
    """The common options as given."""

    formats: tuple[str, ...] = ()
    fail_on: str | None = None
    config_path: str | None = None
    no_config: bool = False
    config_from: str | None = None
    baseline_path: str | None = None
    no_allow: bool = False
    quiet: bool = False
    verbose: int = 0
    color: bool | None = None


def common(command: Decorated) -> Decorated:
    """Give a click command the common options; it receives them as one `options` argument."""

    def wrapped(**arguments: Any) -> Any:
        options = Options(**{name: arguments.pop(name) for name in Options._fields})
        return command(options=options, **arguments)

    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    wrapped.__click_params__ = list(getattr(command, "__click_params__", []))  # type: ignore[attr-defined]
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[return-value]


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
        config = _from_commit(options.config_from)
    elif options.config_path is not None:
        config = load(None, options.config_path)
    else:
        config = load(None if options.no_config else root)
    given = {"fail-on": options.fail_on, "baseline": options.baseline_path, "format": options.formats or None}
    changed = {key: value for key, value in given.items() if value is not None}
    values: dict[str, Any] = {KEYS[key][0]: value for key, value in changed.items()}
    return config._replace(**values, origins={**config.origins, **dict.fromkeys(changed, "command line")})


def baseline(config: Config, options: Options, root: str | None) -> Baseline | None:
    """Return the baseline that counts, None without one; it is read where the configuration is. Raises UsageError."""
    path = config.baseline
    if options.baseline_path is not None:
        if not os.path.exists(path):
            raise UsageError(f"--baseline {printable(path)}: there is no such file")
    elif options.config_from is not None:
        data = _blob(options.config_from, path)
        return None if data is None else _baseline().parse(data, f"{options.config_from}:{path}")
    elif options.config_path is None and (options.no_config or root is None):
        return None
    else:
        path = os.path.join(root or os.getcwd(), path)
    return _baseline().load(path) if os.path.exists(path) else None


def _baseline() -> type[Baseline]:
    from freddy_guard.policy.baseline import Baseline

    return Baseline


def _from_commit(revision: str) -> Config:
    """Return the configuration as a commit has it: one that the author of a change could not touch."""
    Git().run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    for name in (DEDICATED, SHARED):
        data = _blob(revision, name)
        if data is not None and (name == DEDICATED or b"freddy" in data):
            return parse(data, f"{revision}:{name}", name == DEDICATED)
    return Config()


def _blob(revision: str, path: str) -> bytes | None:
    code, data, _ = Git().attempt("cat-file", "blob", f"{revision}:{path}")
    return None if code else data


def outputs(formats: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """Return format and target (None is stdout) of each report. Raises UsageError."""
    found: list[tuple[str, str | None]] = []
    for given in formats or ("text",):
        name, _, path = given.partition("=")
        if name not in REPORTERS:
            raise UsageError(f"--format {printable(given)}: there is {', '.join(REPORTERS)}")
        folder = os.path.dirname(path)
        if folder and not os.path.isdir(folder):
            raise UsageError(f"--format {printable(given)}: there is no folder {printable(folder)}")
        found.append((name, path or None))
    if sum(path is None for _, path in found) > 1:
        raise UsageError("only one report can go to stdout: give the others a path, as in --format sarif=report.sarif")
    return found


def style(options: Options) -> Style:
    """Return how the text report looks: the option decides, then NO_COLOR, FORCE_COLOR, then who reads it."""
    color = options.color
    if color is None and os.environ.get("NO_COLOR"):
        color = False
    if color is None and os.environ.get("FORCE_COLOR", "0") not in ("", "0", "false"):
        color = True
    return Style(color=sys.stdout.isatty() if color is None else color, verbose=options.verbose)

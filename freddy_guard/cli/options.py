"""The options that commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from freddy_guard.cli.given import Options
from freddy_guard.config import FAIL_ON
from freddy_guard.decode import DEPTH
from freddy_guard.reports import REPORTERS

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def _formats(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in REPORTERS if name.startswith(incomplete)]


_REPORTING = (
    click.option(
        "--format",
        "formats",
        multiple=True,
        metavar="FORMAT[=PATH]",
        shell_complete=_formats,
        help=f"Report format ({', '.join(REPORTERS)}), to stdout or to a file; may be given several times.",
    ),
    click.option(
        "--fail-on", type=click.Choice(FAIL_ON), help="Exit 1 for findings of this severity or worse [warning]."
    ),
)
_CONFIGURATION = (
    click.option("--config", "config_path", type=click.Path(), metavar="FILE", help="Read this configuration."),
    click.option("--no-config", is_flag=True, help="Read no configuration and no baseline of the repository."),
    click.option("--config-from", metavar="REF", help="Read configuration and baseline as they are in this commit."),
    click.option(
        "--baseline", "baseline_path", type=click.Path(), metavar="FILE", help="The baseline of known findings."
    ),
)
_READING = (
    click.option(
        "--decode-depth",
        type=click.IntRange(0, 8),
        default=DEPTH,
        show_default=True,
        help="How many encodings within each other are read; 0: none, the plain bytes alone.",
    ),
    click.option("--no-allow", is_flag=True, help="Do not honour allow comments."),
    click.option("-q", "--quiet", is_flag=True, help="No progress, no receipt on stderr."),
)
_TELLING = (
    click.option("-v", "--verbose", count=True, help="Say more: suppressed findings, everything not read."),
    click.option("--color/--no-color", default=None, help="Colour the text report [when it goes to a terminal]."),
)


def _taking(options: Sequence[Callable[[Decorated], Decorated]]) -> Callable[[Decorated], Decorated]:
    """Return a decorator: it gives a click command these options, and the command receives them as one `options`."""

    def decorator(command: Decorated) -> Decorated:
        def wrapped(**arguments: Any) -> Any:
            given = {name: arguments.pop(name) for name in Options._fields if name in arguments}
            return command(options=Options(**given), **arguments)

        wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
        wrapped.__click_params__ = list(getattr(command, "__click_params__", []))  # type: ignore[attr-defined]
        for option in reversed(options):
            wrapped = option(wrapped)
        return wrapped  # type: ignore[return-value]

    return decorator


common = _taking((*_REPORTING, *_CONFIGURATION, *_READING, *_TELLING))  # for a command that scans and reports
reading = _taking((*_CONFIGURATION, *_READING))  # for one that scans
configured = _taking(_CONFIGURATION)
configurable = _taking((*_REPORTING, *_CONFIGURATION))  # for the one that shows what they come to

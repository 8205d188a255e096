"""Where the reports go, and how they look there."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from freddy_guard.cli.console import stdout
from freddy_guard.cli.given import Options
from freddy_guard.cli.settings import COMMAND_LINE
from freddy_guard.config import Config, suggestion
from freddy_guard.errors import UsageError
from freddy_guard.model import Report
from freddy_guard.redact import printable
from freddy_guard.reports import REPORTERS, Style, write, write_file


def outputs(config: Config) -> list[tuple[str, str | None]]:
    """Return format and target (None is stdout) of each report. Raises UsageError."""
    origin = config.origins["format"]
    return _outputs(config.formats or ("text",), "--format" if origin == COMMAND_LINE else f"{origin}: format")


def _outputs(formats: Sequence[str], where: str) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for given in formats:
        name, to_file, path = given.partition("=")
        if name not in REPORTERS:
            known = suggestion(name, REPORTERS) or f"; there are {', '.join(REPORTERS)}"
            raise UsageError(f"{where} {printable(given)}: there is no such format{known}")
        _check_target(path, f"{where} {printable(given)}") if to_file else None
        found.append((name, path if path != "-" and to_file else None))
    targets = [path and os.path.abspath(path) for _, path in found]
    if targets.count(None) > 1:
        raise UsageError("only one report can go to stdout: give the others a path, as in --format sarif=report.sarif")
    if len(set(targets)) < len(targets):
        raise UsageError(f"{where}: two reports cannot go to one file")
    return found


def _check_target(path: str, given: str) -> None:
    """Raise UsageError if nothing can be written there: better before a long scan than after it."""
    folder = os.path.dirname(path)
    if not path:
        raise UsageError(f"{given}: there is no path after the =")
    if folder and not os.path.isdir(folder):
        raise UsageError(f"{given}: there is no folder {printable(folder)}")
    if os.path.isdir(path):
        raise UsageError(f"{given}: that is a folder")


def _style(options: Options) -> Style:
    """Return how the text report looks: the option decides, then NO_COLOR, FORCE_COLOR, then who reads it."""
    color = options.color
    if color is None and os.environ.get("NO_COLOR"):
        color = False
    if color is None and os.environ.get("FORCE_COLOR", "0") not in ("", "0", "false"):
        color = True
    return Style(color=sys.stdout.isatty() if color is None else color, verbose=options.verbose)


def deliver(report: Report, name: str, path: str | None, options: Options) -> None:
    """Write one report to its file, or to stdout. Raises UsageError, FreddyGuardError."""
    if path is not None:
        try:
            write_file(report, name, path)
        except OSError as error:
            raise UsageError(f"cannot write {printable(path)}: {error.strerror}") from None
        return
    # Text is for a terminal and speaks its encoding; the formats for machines are always UTF-8.
    encoding = sys.stdout.encoding if name == "text" else "utf-8"
    with stdout() as out:
        write(report, name, out, _style(options), encoding)

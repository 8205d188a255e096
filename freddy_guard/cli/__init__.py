"""The command line: click and nothing else. Each command picks one source and hands it to the scan."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

import click

from freddy_guard import __version__
from freddy_guard.errors import ExitCode, FreddyGuardError
from freddy_guard.redact import hide_keys, printable

# name -> module and the line of help, so that the list of commands loads none of them
_COMMANDS = {
    "scan": ("scanning", "Scan files, folders or standard input."),
    "staged": ("scanning", "Scan what the next commit would add."),
    "commits": ("scanning", "Scan every commit of a range."),
    "history": ("scanning", "Scan a whole repository: every object and every ref."),
    "hook": ("hooking", "Run as a git hook."),
    "baseline": ("baselining", "Write, prune or show the baseline of known findings."),
    "rules": ("explaining", "List the rules, or explain one."),
    "config": ("explaining", "Show the effective configuration and where it comes from."),
}


class _Commands(click.Group):
    """A group that imports a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"{__name__}.{_COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="freddy-guard", message="%(prog)s %(version)s")
def cli() -> None:
    """Find Freddy (by Aitronos) API keys before they leave the machine, and wherever they already went.

    Exit codes: 0 clean; 1 findings; 2 usage or configuration; 3 not all could be read, or nothing was; 130 interrupted.
    """


def run(argv: list[str], command: Callable[..., Any] = cli) -> int:
    """Run a command and turn every way it can end into an exit code and words for people."""
    try:
        result = command(argv, prog_name="freddy-guard", standalone_mode=False)
        return int(result or 0)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        usage = f"{context.get_usage()}\nTry '{context.command_path} -h' for help.\n\n" if context else ""
        complain(f"{hide_keys(usage)}Error: {printable(error.format_message())}")
        return int(error.exit_code)
    except FreddyGuardError as error:
        complain(f"freddy-guard: {hide_keys(str(error))}")
        return int(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        complain("freddy-guard: interrupted; nothing is said of what was not read yet")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        return _closed_pipe()
    except Exception as error:  # whatever it is: no traceback, for it could quote a key
        complain(_unexpected(error))
        return int(ExitCode.INCOMPLETE)


def complain(text: str) -> None:
    """Write a line to stderr, in whatever that can show."""
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    try:
        sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stderr.flush()
    except OSError:
        pass  # nobody is listening; the exit code still speaks


def _closed_pipe() -> int:
    # Python flushes stdout once more at exit: let that go nowhere.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return int(ExitCode.INCOMPLETE)


def _unexpected(error: Exception) -> str:
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f"{os.path.basename(frame.tb_frame.f_code.co_filename)}:{frame.tb_lineno}" if frame else "an unknown place"
    what = f"{type(error).__name__}: {printable(str(error))[:200]}"
    return (
        f"freddy-guard {__version__}: an internal error at {where}: {what}\n"
        "The scan is incomplete. Please report this line: it is a bug of ours."
    )

"""The command line: click and nothing else. Each command picks one source and hands it to the scan."""

from __future__ import annotations

import importlib
import os

import click

from freddy_guard import __version__
from freddy_guard.cli.console import complain, discard_stdout, open_streams, say
from freddy_guard.errors import ExitCode, FreddyGuardError, UsageError
from freddy_guard.redact import hide_keys, printable

PROGRAM, COMPLETION = "freddy-guard", "_FREDDY_GUARD_COMPLETE"
_FRAMES = 4  # of an internal error: enough to find it

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


class Group(click.Group):
    """A group that explains itself when nothing is asked of it, and says with its exit code that nothing was done."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Show the help if there is nothing to parse."""
        if not args and not ctx.resilient_parsing:
            complain(ctx.get_help())
            ctx.exit(ExitCode.USAGE)
        return super().parse_args(ctx, args)


class _Commands(Group):
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
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
def cli() -> None:
    """Find Freddy (by Aitronos) API keys before they leave the machine, and wherever they already went.

    Exit codes: 0 clean; 1 findings; 2 usage or configuration; 3 not all could be read, or nothing was; 130 interrupted.
    """


def run(argv: list[str]) -> int:
    """Run the command line and turn every way it can end into an exit code and words for people."""
    open_streams()
    try:
        return int(_invoke(argv))
    except click.exceptions.Exit as end:
        return int(end.exit_code)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        usage = f"{context.get_usage()}\nTry '{context.command_path} -h' for help.\n\n" if context else ""
        complain(f"{hide_keys(usage)}Error: {printable(error.format_message())}")
        return int(error.exit_code)
    except FreddyGuardError as error:
        complain(f"{PROGRAM}: {printable(str(error))}")
        return int(error.exit_code)
    except KeyboardInterrupt:
        complain(f"{PROGRAM}: interrupted; nothing is said of what was not read yet")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:  # -h and --version, which click writes itself; to be safe, not called clean
        discard_stdout()
        return int(ExitCode.INCOMPLETE)
    except Exception as error:  # whatever it is: no traceback and no text, for they could quote a key
        complain(_unexpected(error))
        return int(ExitCode.INCOMPLETE)


def _invoke(argv: list[str]) -> int:
    instruction = os.environ.get(COMPLETION)
    if instruction:
        return _complete(instruction)
    # Not cli.main(): it answers a closed pipe with 1, which says "findings" here.
    with cli.make_context(PROGRAM, argv) as context:
        return cli.invoke(context) or ExitCode.CLEAN


def _complete(instruction: str) -> int:
    """Answer a shell that completes a command line, with no key in it either."""
    from click.shell_completion import get_completion_class

    shell, _, what = instruction.partition("_")
    completion = get_completion_class(shell)
    if completion is None or what not in ("source", "complete"):
        raise UsageError(f"{COMPLETION}: bash_source, zsh_source and fish_source are known")
    answers = completion(cli, {}, PROGRAM, COMPLETION)
    say(hide_keys(answers.source() if what == "source" else answers.complete()))
    return ExitCode.CLEAN


def _unexpected(error: Exception) -> str:
    places, frame = [], error.__traceback__
    while frame:
        places.append(f"{os.path.basename(frame.tb_frame.f_code.co_filename)}:{frame.tb_lineno}")
        frame = frame.tb_next
    return (
        f"{PROGRAM} {__version__}: an internal error: {type(error).__name__} at {', '.join(places[-_FRAMES:])}\n"
        "The scan is incomplete. Please report these lines: it is a bug of ours."
    )

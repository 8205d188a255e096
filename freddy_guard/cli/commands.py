"""All commands: what click makes of the command line. Each picks one source and hands it to the scan."""

from __future__ import annotations

import importlib

import click

from freddy_guard import __version__
from freddy_guard.cli import COMPLETION, PROGRAM
from freddy_guard.cli.console import complain, say
from freddy_guard.errors import ExitCode, UsageError
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
        module = importlib.import_module(f"freddy_guard.cli.{_COMMANDS[cmd_name][0]}")
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


def invoke(argv: list[str]) -> int:
    """Run a command and return its exit code; what click has against the command line is told."""
    try:
        # Not cli.main(): it answers a closed pipe with 1, which says "findings" here.
        with cli.make_context(PROGRAM, argv) as context:
            return cli.invoke(context) or ExitCode.CLEAN
    except click.exceptions.Exit as end:
        return int(end.exit_code)
    except click.ClickException as error:
        where = getattr(error, "ctx", None)
        usage = f"{where.get_usage()}\nTry '{where.command_path} -h' for help.\n\n" if where else ""
        complain(f"{hide_keys(usage)}Error: {printable(error.format_message())}")
        return int(error.exit_code)


def complete(instruction: str) -> int:
    """Answer a shell that completes a command line, with no key in it either."""
    from click.shell_completion import get_completion_class

    shell, _, what = instruction.partition("_")
    completion = get_completion_class(shell)
    if completion is None or what not in ("source", "complete"):
        raise UsageError(f"{COMPLETION}: bash_source, zsh_source and fish_source are known")
    answers = completion(cli, {}, PROGRAM, COMPLETION)
    say(hide_keys(answers.source() if what == "source" else answers.complete()))
    return ExitCode.CLEAN

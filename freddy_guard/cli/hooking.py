"""hook: what git and the hook frameworks call."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import click

from freddy_guard.cli.commands import Group
from freddy_guard.cli.committing import pre_commit
from freddy_guard.cli.given import Options
from freddy_guard.cli.options import common
from freddy_guard.cli.running import run_scan
from freddy_guard.cli.settings import here
from freddy_guard.errors import ExitCode
from freddy_guard.git.plumbing import Git


@click.argument("path", metavar="FILE", type=click.Path())
def commit_msg(path: str, options: Options) -> ExitCode:
    """Scan the message of the commit that is being made; git passes its FILE."""
    from freddy_guard.sources.texts import Message

    return run_scan(Message(path), options, here(), may_be_empty=True)


@click.argument("remote", default="")
@click.argument("url", default="")
def pre_push(remote: str, url: str, options: Options) -> ExitCode:
    """Scan every commit that is pushed; git passes REMOTE and URL, and the refs on standard input."""
    from freddy_guard.hooks.pushes import pre_push as pushed

    source = pushed(Git(), remote, _piped(), os.environ)
    return run_scan(source, options, here(), may_be_empty=True)


def pre_receive(options: Options) -> ExitCode:
    """Scan what a server is about to accept, in the quarantine; git passes the refs on standard input.

    No configuration of the repository is read, for the one who pushes could have written it: use --config, or
    --config-from with a protected branch.
    """
    from freddy_guard.hooks.pushes import pre_receive as received

    return run_scan(received(Git(), _piped()), options, None, may_be_empty=True)


_HOOKS: dict[str, Callable[..., ExitCode]] = {
    "pre-commit": click.argument("names", nargs=-1, type=click.Path())(pre_commit),
    "commit-msg": commit_msg,
    "pre-push": pre_push,
    "pre-receive": pre_receive,
}


class _Hooks(Group):
    """A group that makes a command when it is used: a hook has no time for the options of the other three."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_HOOKS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        function = _HOOKS.get(cmd_name)
        return click.command(cmd_name)(common(function)) if function else None


@click.group(cls=_Hooks)
def hook() -> None:
    """Run as a git hook, natively or under the pre-commit framework."""


def _piped() -> list[str]:
    """Return the lines on standard input; none when a person sits there."""
    if sys.stdin.isatty():
        return []
    # Not splitlines(): a ref's name may hold what Unicode takes for the end of a line.
    return sys.stdin.buffer.read().decode("utf-8", "surrogateescape").split("\n")

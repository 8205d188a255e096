"""Everything that a user can say to the tool, read off the command line itself: what is new is in here at once."""

from __future__ import annotations

from collections.abc import Iterator

import click

from freddy_guard.cli.commands import cli

Path = tuple[str, ...]


def commands() -> dict[Path, click.Command]:
    """Return every command and group by the words that name it."""
    return dict(_below(cli, ()))


def _below(command: click.Command, path: Path) -> Iterator[tuple[Path, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is None:
                raise AssertionError(f"{name} is listed and is no command")
            yield from _below(child, (*path, name))


def options(command: click.Command) -> list[click.Option]:
    """Return the options of a command, without --help."""
    return [parameter for parameter in command.params if isinstance(parameter, click.Option)]

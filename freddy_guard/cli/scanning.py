"""scan, staged, commits and history: one source each."""

from __future__ import annotations

import os
import sys

import click

from freddy_guard import __version__
from freddy_guard.cli.given import Options
from freddy_guard.cli.options import common
from freddy_guard.cli.running import enabled, run_scan
from freddy_guard.cli.settings import effective, here, top_of
from freddy_guard.errors import ExitCode, UsageError
from freddy_guard.git.plumbing import Git
from freddy_guard.model import Source
from freddy_guard.redact import printable


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--respect-gitignore", is_flag=True, default=None, help="Leave out what git ignores, where keys live.")
@common
def scan(paths: tuple[str, ...], respect_gitignore: bool | None, options: Options) -> ExitCode:
    """Scan files and folders [default: .], or standard input with "-".

    Hidden and ignored files are read too: ignored files are where keys live. Of a .git folder only the configuration
    and the hooks are read; `history` reads the rest.
    """
    root = here()
    folders = [os.path.join(os.path.abspath(path), "") for path in paths or (".",) if path != "-"]
    whole = any(os.path.join(root, "").startswith(folder) for folder in folders)
    return run_scan(_files(paths, respect_gitignore, options, root), options, root, whole=whole, watch=True)


def _files(paths: tuple[str, ...], respect_gitignore: bool | None, options: Options, root: str) -> Source:
    if "-" in paths:
        from freddy_guard.sources.texts import Stdin

        if len(paths) > 1:
            raise UsageError('"-" is standard input and stands alone')
        return Stdin(sys.stdin.buffer.read)
    from freddy_guard.sources.files import Files

    if respect_gitignore is None:
        respect_gitignore = effective(options, root).respect_gitignore
    return Files(paths or (".",), root, respect_gitignore=respect_gitignore)


@click.command()
@common
def staged(options: Options) -> ExitCode:
    """Scan what the next commit would add: the index, never the worktree."""
    from freddy_guard.sources.staged import Staged

    return run_scan(Staged(Git()), options, here())


@click.command()
@click.argument("revisions", metavar="RANGE", nargs=-1, required=True)
@common
def commits(revisions: tuple[str, ...], options: Options) -> ExitCode:
    """Scan every commit of a range, not the state in which it ends.

    RANGE is what git rev-list takes: main..HEAD, or HEAD ^origin/main; a single name means all that it reaches.
    """
    from freddy_guard.sources.commits import Commits

    return run_scan(Commits(Git(), revisions), options, here())


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@click.command()
@click.argument("repository", required=False, type=click.Path())
@click.option(
    "--jobs", type=click.IntRange(1, 64), metavar="N", help="Processes that read a large pack [as many as processors]."
)
@click.option("--no-cache", is_flag=True, help="Read all again, and keep nothing of it for the next scan.")
@common
def history(repository: str | None, jobs: int | None, no_cache: bool, options: Options) -> ExitCode:
    """Scan a whole repository: every object of its database, reachable or not, and every ref.

    REPOSITORY is a worktree, a bare repository or a mirror [default: where we stand]. The configuration of another
    repository than ours is not read; name one with --config.
    """
    from freddy_guard.sources.history import History

    jobs = jobs or processors()
    if repository is None:
        root = here()
        signature = "" if no_cache else _signature(options, root)
        return run_scan(History(Git(), jobs, signature), options, root, whole=True)
    if not os.path.isdir(repository):
        raise UsageError(f"{printable(repository)}: there is no such folder")
    options = options._replace(home=repository)
    root = top_of(repository)
    ours = os.path.realpath(root) == os.path.realpath(here())
    signature = "" if no_cache else _signature(options, root if ours else None)
    return run_scan(History(Git(repository), jobs, signature), options, root if ours else None, whole=True)


def _signature(options: Options, root: str | None) -> str:
    """Return what tells scans apart that find other things: version, rules, and how deep they read."""
    rules = ",".join(rule.id for rule in enabled(effective(options, root)))
    return f"{__version__} {options.decode_depth} {rules}"

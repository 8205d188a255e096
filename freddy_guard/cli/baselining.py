"""baseline: accept what is found today, so that only what is new blocks."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator

import click

from freddy_guard.cli.commands import Group
from freddy_guard.cli.console import complain, say
from freddy_guard.cli.given import Options
from freddy_guard.cli.options import configured, reading
from freddy_guard.cli.running import exit_code, find
from freddy_guard.cli.settings import baseline as known_of
from freddy_guard.cli.settings import effective, here
from freddy_guard.config import Config
from freddy_guard.errors import ExitCode, GitError
from freddy_guard.git.plumbing import Git
from freddy_guard.model import Coverage, Document, Report, Severity, Signs, Unread
from freddy_guard.policy.baseline import Baseline, Entry
from freddy_guard.redact import printable
from freddy_guard.reports import Style
from freddy_guard.reports.receipt import counted, receipt
from freddy_guard.sources.files import Files
from freddy_guard.sources.history import History


class _Everything:
    """The files here, and the history where there is one: all that a baseline can speak of."""

    name = "files and history"

    def __init__(self, root: str) -> None:
        self._root = root

    def documents(self, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        yield from Files([self._root], self._root).documents(signs, coverage)
        git = Git(self._root)
        try:
            git.run("rev-parse", "--git-dir")
        except GitError as error:
            if os.path.exists(os.path.join(self._root, ".git")):
                coverage.unread.append(Unread("history", str(error)))
            return
        yield from History(git).documents(signs, coverage)


@click.group(cls=Group)
def baseline() -> None:
    """Write, prune or show the baseline of known findings.

    A finding is known by its fingerprint (the SHA-256 of the key), never by its line: it survives moves and rebases.
    """


@baseline.command()
@click.option("--reason", required=True, help="Why these findings may stay.")
@click.option("--owner", default="", help="Who answers for them.")
@click.option("--until", default="", metavar="YYYY-MM-DD", help="The last day on which they may.")
@reading
def write(reason: str, owner: str, until: str, options: Options) -> ExitCode:
    """Add what is found in the files and the history to the baseline; entries it has already stay as they are."""
    root, config, path = _where(options)
    before = Baseline.load(path)
    before.merged((), reason=reason, owner=owner, until=until, today=_today())  # objects before the scan, not after it
    report = _scan(root, config, options)
    findings = [v.finding for v in report.open() if v.finding.severity > Severity.NOTE]
    after = before.merged(findings, reason=reason, owner=owner, until=until, today=_today())
    after.write(path)
    added = len(set(after.entries) - set(before.entries))
    say(f"{printable(path)}: {counted(added, 'entries')} added, {len(after.entries)} in all")
    return _complete(report)


@baseline.command()
@reading
def prune(options: Options) -> ExitCode:
    """Remove the entries that have expired, and those whose finding is nowhere in the files and the history."""
    root, config, path = _where(options)
    before = Baseline.load(path)
    report = _scan(root, config, options)
    if not report.coverage.complete:
        complain("Nothing was removed: not all could be read, so an entry may still be needed.")
        return _complete(report)
    seen = {(verdict.finding.rule.id, verdict.finding.fingerprint) for verdict in report.verdicts}
    after, removed = before.pruned(seen, _today())
    if removed:
        after.write(path)
    for entry in removed:
        say(f"removed {_shown(entry)}")
    say(f"{printable(path)}: {counted(len(removed), 'entries')} removed, {len(after.entries)} kept")
    return ExitCode.CLEAN


@baseline.command()
@configured
def show(options: Options) -> ExitCode:
    """Show the entries of the baseline."""
    root, config, path = _where(options)
    known = known_of(config, options, root) or Baseline()
    for entry in known.entries:
        state = f" EXPIRED {entry.until}" if entry.expired(_today()) else f" until {entry.until}" if entry.until else ""
        owner = f" (owner: {entry.owner})" if entry.owner else ""
        say(f"{_shown(entry)}{state}: {entry.reason}{owner}")
    if not known.entries:
        complain(f"{printable(path)}: no entries")
    return ExitCode.CLEAN


def _shown(entry: Entry) -> str:
    return " ".join(filter(None, (entry.rule, entry.fingerprint, entry.redacted, entry.path)))


def _today() -> datetime.date:
    return datetime.date.today()


def _where(options: Options) -> tuple[str, Config, str]:
    root = here()
    config = effective(options, root)
    path = options.baseline_path or os.path.join(root, config.baseline)
    return root, config, path


def _scan(root: str, config: Config, options: Options) -> Report:
    """Scan all there is, as if nothing were known yet."""
    return find(_Everything(root), config, options, None)


def _complete(report: Report) -> ExitCode:
    """Return whether all was read, and say so if it was not."""
    code = exit_code(report, "never")
    if code:
        for line in receipt(report, Style()):
            complain(line)
    return code

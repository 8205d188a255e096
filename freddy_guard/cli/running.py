"""Runs one scan for a command: configuration, policy, progress, reports, exit code."""

from __future__ import annotations

import datetime
import gc
from typing import TYPE_CHECKING

from freddy_guard.cli.console import complain
from freddy_guard.cli.given import Options
from freddy_guard.cli.progress import progress
from freddy_guard.cli.settings import baseline, effective
from freddy_guard.cli.targets import deliver, outputs
from freddy_guard.config import Config, suggestion
from freddy_guard.errors import ExitCode, UsageError
from freddy_guard.model import Coverage, Report, Rule, Severity, Source
from freddy_guard.policy import Policy
from freddy_guard.redact import printable
from freddy_guard.rules import RULES
from freddy_guard.scan import scan

if TYPE_CHECKING:
    from freddy_guard.policy.baseline import Baseline

# Sources of what was written once: rules that judge code as it is now are not even asked what they want to see there.
_PAST = frozenset(["commits", "history", "message"])
RULE_IDS = {name: rule.id for rule in RULES for name in (rule.id, rule.name)}


def run_scan(
    source: Source,
    options: Options,
    root: str | None,
    *,
    whole: bool = False,
    watch: bool = False,
    may_be_empty: bool = False,
) -> ExitCode:
    """Scan, report, and return the exit code. `root` is the folder whose configuration counts, None for none.

    `whole`: the source is all there is, so that an ignore or a baseline entry that silenced nothing is worth a word;
    `watch`: so is an allow comment. `may_be_empty`: git called us, and a commit that adds nothing is fine.
    """
    config = effective(options, root)
    targets = outputs(config)
    report = find(source, config, options, baseline(config, options, root), whole=whole, watch=watch)
    for name, path in targets:
        deliver(report, name, path, options)
    if not options.quiet and all(name != "text" or path for name, path in targets):
        from freddy_guard.reports.receipt import closing

        complain(f"freddy-guard: {closing(report)}")
    return exit_code(report, config.fail_on, may_be_empty=may_be_empty)


def find(
    source: Source,
    config: Config,
    options: Options,
    known: Baseline | None,
    *,
    whole: bool = False,
    watch: bool = False,
) -> Report:
    """Scan and return the report. Raises UsageError for a rule id that does not exist."""
    policy = Policy(
        ignore=config.ignore,
        baseline=known,
        comments=not options.no_allow,
        watch=watch,
        rule_ids=RULE_IDS,
        today=datetime.date.today(),
    )
    gc.enable()
    coverage = Coverage()
    with progress(coverage, quiet=options.quiet):
        rules = [rule for rule in enabled(config) if rule.leaves_out is None or source.name not in _PAST]
        return scan(source, rules, policy, coverage, depth=options.decode_depth, whole=whole)


def no_such_rule(name: str) -> str:
    """Return the words for a rule that does not exist."""
    known = suggestion(name, RULE_IDS) or f"; there are {', '.join(rule.id for rule in RULES)}"
    return f"there is no rule {printable(name)}{known}"


def enabled(config: Config) -> list[Rule]:
    """Return the rules that the configuration leaves on. Raises UsageError for one that does not exist."""
    off = set()
    for given in config.disable:
        if given not in RULE_IDS:
            raise UsageError(f"{config.origins['disable']}: {no_such_rule(given)}")
        off.add(RULE_IDS[given])
    return [rule for rule in RULES if rule.id not in off]


def exit_code(report: Report, fail_on: str, *, may_be_empty: bool = False) -> ExitCode:
    """Return the exit code of the contract for a report."""
    threshold = {severity.label: severity for severity in Severity}.get(fail_on)
    if threshold is not None and any(verdict.finding.severity >= threshold for verdict in report.open()):
        return ExitCode.FINDINGS
    if not report.coverage.complete or (report.coverage.empty and not may_be_empty):
        return ExitCode.INCOMPLETE
    return ExitCode.CLEAN

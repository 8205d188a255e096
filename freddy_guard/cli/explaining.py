"""rules and config: what the tool would do, and why."""

from __future__ import annotations

import json

import click

from freddy_guard.cli.console import say
from freddy_guard.cli.given import Options
from freddy_guard.cli.options import configurable
from freddy_guard.cli.running import RULE_IDS, enabled, no_such_rule
from freddy_guard.cli.settings import effective, here
from freddy_guard.cli.targets import outputs
from freddy_guard.config import KEYS
from freddy_guard.errors import ExitCode, UsageError
from freddy_guard.model import Rule
from freddy_guard.redact import printable
from freddy_guard.rules import RULES


@click.command()
@click.argument("rule_id", metavar="ID", required=False)
def rules(rule_id: str | None) -> ExitCode:
    """List the rules, or explain the one with this ID (or name): what it means, examples, what to do."""
    if rule_id is None:
        for rule in RULES:
            say(f"{rule.id}  {rule.name:<18} {rule.severity.label:<8} {rule.message}")
        return ExitCode.CLEAN
    known = RULE_IDS.get(rule_id.upper()) or RULE_IDS.get(rule_id.lower())
    if known is None:
        raise UsageError(no_such_rule(rule_id))
    say(_explained(next(rule for rule in RULES if rule.id == known)))
    return ExitCode.CLEAN


def _explained(rule: Rule) -> str:
    parts = [
        f"{rule.id} {rule.name} ({rule.severity.label}, confidence {rule.confidence})",
        click.wrap_text(rule.description, 100, preserve_paragraphs=True),
        "\n".join(rule.remedy),
    ]
    for title, examples in (("Found", rule.bad), ("Not found", rule.good)):
        if examples:
            parts.append(f"{title}:\n" + "\n".join(f"  {path}: {printable(text)}" for path, text in examples))
    return "\n\n".join(parts)


@click.command()
@configurable
def config(options: Options) -> ExitCode:
    """Show the effective configuration, and where each value comes from."""
    values = effective(options, here())
    enabled(values)
    outputs(values)
    for key, (attribute, _) in KEYS.items():
        value = getattr(values, attribute)
        shown = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
        say(f"{key} = {printable(shown)}  # {printable(values.origins[key])}")
    return ExitCode.CLEAN

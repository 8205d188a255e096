"""The facts in docs/rules.md, as the rules themselves state them: python -m tests.docs.rules writes them there."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from freddy_guard.model import Rule
from freddy_guard.redact import printable
from freddy_guard.rules import RULES

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
_FACTS = "<!-- facts: {} -->\n{}<!-- end of facts -->"
WIDTH = 130


def facts(rule: Rule) -> str:
    """Return what the page says of a rule between its markers."""
    lines = [f"*Severity: {rule.severity.label}. Confidence: {rule.confidence}.*", ""]
    for paragraph in rule.description.split("\n\n"):
        lines += [*textwrap.wrap(paragraph, WIDTH, break_on_hyphens=False, break_long_words=False), ""]
    lines += ["What to do:", "", "```text", *rule.remedy, "```", ""]
    lines += [*_examples("Found", rule.bad), *_examples("Not found", rule.good)]
    return "\n".join(lines)


def _examples(title: str, examples: tuple[tuple[str, str], ...]) -> Iterator[str]:
    if examples:
        yield from (f"{title}:", "", "```text")
        yield from (f"{path}: {printable(text)}".rstrip() for path, text in examples)
        yield from ("```", "")


def updated(page: str) -> str:
    """Return the page with the facts of each rule as they are now."""
    for rule in RULES:
        pattern = _FACTS.format(rule.id, "(?:.*?)")
        page = re.sub(pattern, lambda _, rule=rule: _FACTS.format(rule.id, facts(rule)), page, flags=re.DOTALL)  # type: ignore[misc]
    return page


if __name__ == "__main__":
    PAGE.write_text(updated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is up to date\n")

"""Findings and rules to judge."""

from __future__ import annotations

import datetime

from freddy_guard.model import Confidence, Document, Finding, Origin, Position, Region, Rule, Severity
from freddy_guard.secret import Secret
from tests.support.keys import key

TODAY = datetime.date(2026, 6, 15)
SIGN = "freddy-guard: " + "allow"  # in two parts: these tests must not hold allow comments of their own


def rule(id: str, name: str) -> Rule:  # noqa: A002 - as in Rule
    return Rule(id, name, Severity.ERROR, Confidence.HIGH, "message", ("remedy",), "description")


KEY_RULE, ENV_RULE = rule("FG101", "hardcoded-key"), rule("FG201", "committed-dotenv")
RULE_IDS = {name: rule.id for rule in (KEY_RULE, ENV_RULE) for name in (rule.id, rule.name)}
KNOWN = {name.lower(): id for name, id in RULE_IDS.items()}  # noqa: A001


def document(text: str | bytes, origin: Origin | None = None, line: int = 1) -> Document:
    data = text.encode() if isinstance(text, str) else text
    return Document(data, origin or Origin(path="src/a.py"), Position(0, line, 1))


def finding(
    seed: int = 1,
    line: int = 1,
    end_line: int | None = None,
    end_column: int = 50,
    origin: Origin | None = None,
    rule: Rule = KEY_RULE,
) -> Finding:
    secret = Secret(key(seed).encode())
    return Finding(
        rule=rule,
        severity=rule.severity,
        confidence=rule.confidence,
        message=rule.message,
        origin=origin or Origin(path="src/a.py"),
        region=Region(Position(0, line, 5), Position(9, end_line or line, end_column)),
        fingerprint=secret.fingerprint,
        secret=secret,
    )

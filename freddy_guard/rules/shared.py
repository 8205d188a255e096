"""FG103: one key in the files of two environments, so that a leak of either costs both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from freddy_guard.model import Confidence, Finding, Rule, Severity

_ENVIRONMENTS = {
    "prod": "production",
    "production": "production",
    "prd": "production",
    "live": "production",
    "stage": "staging",
    "staging": "staging",
    "stg": "staging",
    "preprod": "staging",
    "uat": "staging",
    "preview": "preview",
    "dev": "development",
    "devel": "development",
    "development": "development",
    "local": "development",
    "test": "test",
    "testing": "test",
    "qa": "test",
    "ci": "test",
    "sandbox": "sandbox",
}
_SEPARATORS = re.compile(r"[._-]+")
# `dev-server.js` is a program, `settings.dev.json` and `production.py` are an environment's settings.
_SETTINGS = frozenset(
    ["cfg", "conf", "config", "env", "ini", "json", "properties", "tfvars", "toml", "vars", "xml", "yaml", "yml"]
)
_FOLDERS = frozenset(["prod", "production", "prd", "stage", "staging", "stg", "preprod", "uat", "dev", "development"])


def environment(path: str) -> str:
    """Return the environment that a path belongs to (`production`, `staging`...), or "" when it names none."""
    *folders, name = path.lower().split("/")
    parts = [part for part in _SEPARATORS.split(name) if part]
    named = [_ENVIRONMENTS[part] for part in parts if part in _ENVIRONMENTS]
    if named and (_SETTINGS & set(parts) or (parts[0] in _ENVIRONMENTS and len(parts) <= 2) or _before_suffix(parts)):
        # `.env.production.local` is production's: what stands first says the environment.
        return named[0]
    return next((_ENVIRONMENTS[folder] for folder in reversed(folders) if folder in _FOLDERS), "")


def _before_suffix(parts: list[str]) -> bool:
    return len(parts) >= 3 and parts[-2] in _ENVIRONMENTS


def _correlate(rule: Rule, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield one finding for each key that stands in files of different environments, at the first of them."""
    by_key: dict[str, dict[str, Finding]] = {}
    for finding in findings:
        named = environment(finding.origin.path) if finding.secret and finding.severity is Severity.ERROR else ""
        if named:
            by_key.setdefault(finding.fingerprint, {}).setdefault(named, finding)
    for places in by_key.values():
        if len(places) > 1:
            # The file to look at is production's, where there is one.
            first, *others = sorted(places, key=lambda name: (name != "production", name))
            also = ", ".join(f"{places[name].origin.path} ({name})" for name in others)
            message = f"the key of {first} is also the key of {also}"
            yield places[first]._replace(rule=rule, severity=rule.severity, confidence=rule.confidence, message=message)


SHARED_KEY = Rule(
    id="FG103",
    name="shared-key",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    message="one key for several environments",
    remedy=("Create a key for each environment (Settings -> API Keys): a leak in one must not open the others.",),
    description=(
        "The same key stands in files of different environments, as in `.env.production` and `.env.development`. The "
        "vendor asks for different keys: a laptop that leaks the development key must not cost production."
    ),
    correlate=_correlate,
)

"""Reports made by hand: rules of their own, seeded keys, and one report that has a bit of everything."""

from __future__ import annotations

from collections import Counter
from io import BytesIO

from freddy_guard.model import (
    Confidence,
    Coverage,
    Finding,
    Origin,
    Place,
    Position,
    Region,
    Report,
    Rule,
    Severity,
    Status,
    Unread,
    Verdict,
)
from freddy_guard.reports import PLAIN, Style, write
from freddy_guard.secret import Secret, digest, mask
from tests.support.keys import key

KEY_RULE = Rule(
    id="FG101",
    name="hardcoded-key",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    message="a Freddy API key in plaintext",
    remedy=("Rotate the key now:", "  1. create a new key", "  2. delete the old key"),
    description="Whoever can read the file can use the key.",
)
FILE_RULE = Rule(
    id="FG201",
    name="committed-dotenv",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    message="a .env file is tracked by git",
    remedy=("Stop tracking the file:", "  git rm --cached -- {path}", "Add it to .gitignore."),
    description="Files that hold secrets stay out of the repository.",
)
CODE_RULE = Rule(
    id="FG301",
    name="missing-header",
    severity=Severity.NOTE,
    confidence=Confidence.LOW,
    message="a request without X-API-Key",
    remedy=(),
    description="Every request carries the key in a header.",
)
COMMIT = "1a2b3c4d" * 5
BLOB = "5e6f7a8b" * 5


def region(line: int = 1, column: int = 1, length: int = 43) -> Region:
    return Region(Position(0, line, column), Position(length, line, column + length))


def finding(
    seed: int = 1,
    *,
    rule: Rule = KEY_RULE,
    origin: Origin | None = None,
    at: Region | None = None,
    message: str | None = None,
    via: tuple[str, ...] = (),
    snippet: str | None = None,
) -> Finding:
    text = key(seed)
    secret = Secret(text.encode()) if rule is KEY_RULE else None
    line = f'KEY = "{mask(text.encode())}"' if snippet is None else snippet
    return Finding(
        rule=rule,
        severity=rule.severity,
        confidence=rule.confidence,
        message=rule.message if message is None else message,
        origin=origin or Origin("src/app.py"),
        region=at or region(),
        fingerprint=secret.fingerprint if secret else digest(rule.id.encode(), str(seed).encode()),
        secret=secret,
        via=via,
        snippet=line,
        caret=(7, len(line) - 1) if snippet is None else (0, len(line)),
    )


def report(
    *verdicts: Verdict | Finding,
    read: dict[str, int] | None = None,
    unread: tuple[Unread, ...] = (),
    notices: tuple[str, ...] = (),
) -> Report:
    judged = tuple(verdict if isinstance(verdict, Verdict) else Verdict(verdict) for verdict in verdicts)
    coverage = Coverage(Counter({"files": 1} if read is None else read), list(unread))
    return Report("files", judged, coverage, notices)


def everything() -> Report:
    """Return one of each: places, severities, statuses, an unread object and a notice."""
    history = Origin(
        "src/app.py", blob=BLOB, commit=COMMIT, author="Ann <a@b>", date="2026-11-02T10:00:00+00:00",
        refs=("refs/heads/main", "refs/remotes/origin/x", "refs/tags/v1", "refs/pull/7/head"), in_head=False,
    )  # fmt: skip
    message = Origin("", Place.COMMIT_MESSAGE, commit=COMMIT, author="Bo <b@c>", date="2026-11-03", in_head=True)
    branch = Origin("", Place.REF_NAME, refs=(f"refs/heads/{key(4)}",))
    verdicts = (
        Verdict(finding(1, origin=history, at=region(12, 8), via=("base64", "gzip"))),
        Verdict(finding(1, origin=history, at=region(40, 8))),
        Verdict(finding(2, origin=message, at=region(3, 5))),
        Verdict(finding(3, origin=Origin("日本/ключ.py"), snippet=f"日本 = {mask(key(3).encode())}")),
        Verdict(finding(4, origin=branch)),
        Verdict(finding(5, origin=Origin("tests/a.py")), Status.ALLOWED, "only an example"),
        Verdict(finding(6, origin=Origin("tests/b.py")), Status.BASELINED, "in .freddy-baseline.json"),
        Verdict(finding(7, rule=FILE_RULE, origin=Origin("my app/.env"), snippet="")),
        Verdict(finding(8, rule=CODE_RULE, origin=Origin("src/call.py"), snippet="requests.get(url)")),
    )
    read = Counter({"bytes": 1_234_567, "blobs": 12, "commits": 1, "archives": 2, "trees": 3})
    unread = [Unread("object 9f8e7d6c", "missing in the object database")]
    return Report("history", verdicts, Coverage(read, unread), ("allow comment without a reason: src/x.py:3",))


def rendered(made: Report, name: str, style: Style = PLAIN) -> bytes:
    out = BytesIO()
    write(made, name, out, style)
    return out.getvalue()

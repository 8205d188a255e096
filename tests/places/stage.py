"""Where a scene is built, what it claims, and what a scan makes of the claims."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from freddy_guard.secret import digest
from tests.places.model import FILES, HISTORY, STAGED, Claim, Draw, Outcome, Place
from tests.places.repo import Repo, environment

HOME = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "freddy_guard")
OPTIONS = ("--format", "json", "--no-config")
VERBS = {FILES: "scan", STAGED: "staged", HISTORY: "history"}
KEY_RULES = ("FG101", "FG102")


class NoReportError(Exception):
    """A scan ended without a report: whatever it was asked, that is wrong."""


class Run(NamedTuple):
    """How a scene is scanned: where we stand, the arguments, and what the environment adds."""

    cwd: Path
    arguments: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    report: Path | None = None  # a hook has already run and left its report here


class Stage:
    """A folder for one scene, and the claims that it makes."""

    def __init__(self, root: Path, mode: str, draw: Draw) -> None:
        self.root = root
        self.mode = mode
        self.draw = draw
        self.claims: list[Claim] = []
        self.checks: list[tuple[str, Callable[[], bool]]] = []

    def key(self, kind: str, *, reach: bool = False) -> str:
        """Return a new key that the scan must find."""
        key = self.draw.key()
        self.claims.append(Claim(kind, key, reach))
        return key

    def never(self, kind: str) -> str:
        """Return a new key that the scan must not report, for it stands where the scan has no business."""
        key = self.draw.key()
        self.claims.append(Claim(kind, key, wanted=False))
        return key

    def admit(self, kind: str) -> None:
        """Demand that the receipt says that not all was read."""
        self.claims.append(Claim(f"{kind}: the receipt says so"))

    def demand(self, kind: str, holds: Callable[[], bool]) -> None:
        """Demand something else that must be so after the scan."""
        self.checks.append((kind, holds))

    def repo(self, name: str = "repo", *options: str) -> Repo:
        return Repo.init(self.root / name, *options)

    def scan(self, repo: Repo | Path, *arguments: str, **variables: str) -> Run:
        """Return the run of this mode in a repository: by default what stands there, the index, or all of history."""
        return Run(repo if isinstance(repo, Path) else repo.path, arguments, tuple(variables.items()))

    def hook(self, repo: Repo) -> Path:
        """Install our pre-commit hook natively and return where it will leave its report."""
        report = self.root / "hook.json"
        command = " ".join(f"'{part}'" for part in (*COMMAND, "hook", "pre-commit", *OPTIONS[2:]))
        hook = repo.path / ".git" / "hooks" / "pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\nPYTHONPATH='{HOME}' exec {command} --format json='{report}' >/dev/null\n")
        hook.chmod(0o755)
        return report


Scene = Callable[[Stage], Run]


def report_of(run: Run, mode: str) -> dict[str, Any]:
    """Scan, and return the JSON report."""
    if run.report is not None:
        result: dict[str, Any] = json.loads(run.report.read_bytes())
        return result
    arguments = [*COMMAND, VERBS[mode], *run.arguments, *OPTIONS]
    env = environment(**{"PYTHONPATH": str(HOME), **dict(run.variables)})
    done = subprocess.run(arguments, cwd=run.cwd, capture_output=True, env=env, stdin=subprocess.DEVNULL)
    try:
        result = json.loads(done.stdout)
    except ValueError:
        complaint = done.stderr.decode("utf-8", "replace")[-2000:]
        raise NoReportError(f"exit {done.returncode}: {complaint}") from None
    return result


def judge(claims: Sequence[Claim], report: dict[str, Any], mode: str, folders: dict[str, Place]) -> list[Outcome]:
    """Compare the claims with a report. `folders` says which place lies in which folder."""
    findings = [finding for finding in report["findings"] if finding["rule"] in KEY_RULES]
    errors: dict[str, list[dict[str, Any]]] = {}
    for finding in findings:
        if finding["rule"] == "FG101" and finding["severity"] == "error":
            errors.setdefault(finding["fingerprint"], []).append(finding)
    outcomes = [_outcome(claim, errors, report, mode) for claim in claims]
    known = {digest(claim.key.encode()) for claim in claims if claim.key}
    strangers: dict[str, list[dict[str, Any]]] = {}
    for finding in findings:
        if finding["severity"] != "note" and finding["fingerprint"] not in known:
            strangers.setdefault(finding["path"].split("/")[0], []).append(finding)
    silent = {folder: place for folder, place in folders.items() if not place.key}
    outcomes += [_silence(place, strangers.pop(folder, []), mode) for folder, place in silent.items()]
    for folder, flagged in strangers.items():
        place = folders.get(folder)
        # The key was read right, and once more, otherwise: too much said, but nothing that is no leak.
        twice = place is not None and digest(place.key.encode()) in errors
        kind = f"{place.kind if place else 'nowhere'}: {'read twice' if twice else 'a key that is none'}"
        outcomes.append(Outcome(kind, mode, found=True, alarm=not twice, detail=_told(flagged[0])))
    return outcomes


def _silence(place: Place, findings: list[dict[str, Any]], mode: str) -> Outcome:
    alarms = [f for f in findings if f["rule"] == "FG101" or not place.near_miss]
    return Outcome(place.kind, mode, not alarms, place.reach, bool(alarms), "; ".join(map(_told, alarms[:3])))


def _outcome(claim: Claim, errors: dict[str, list[dict[str, Any]]], report: dict[str, Any], mode: str) -> Outcome:
    if not claim.key:
        return Outcome(claim.kind, mode, not report["coverage"]["complete"], claim.reach)
    found = errors.get(digest(claim.key.encode()), [])
    if not claim.wanted:
        return Outcome(claim.kind, mode, True, alarm=bool(found), detail=_told(found[0]) if found else "")
    astray = [_told(finding) for finding in found if not _within(claim, finding)]
    detail = f"points at {astray[0]}, not at the line" if found and len(astray) == len(found) else ""
    return Outcome(claim.kind, mode, bool(found), claim.reach, detail=detail)


def _within(claim: Claim, finding: dict[str, Any]) -> bool:
    if claim.lines is None:
        return True
    path, first, last = claim.lines
    if finding["path"] == path:
        return bool(first <= finding["line"] <= last)
    return bool(finding["path"].startswith(path))  # a member of it


def _told(finding: dict[str, Any]) -> str:
    where = f"{finding['path'] or finding['place']}:{finding['line']}"
    return f"{finding['rule']} {finding['redacted']} at {where} via {', '.join(finding['via']) or 'nothing'}"

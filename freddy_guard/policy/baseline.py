"""The baseline: findings accepted for now, a JSON line each, by fingerprint, sorted to merge well."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator, Set
from contextlib import suppress
from dataclasses import asdict, dataclass, fields

from freddy_guard.config import suggestion
from freddy_guard.errors import UsageError
from freddy_guard.model import Finding
from freddy_guard.policy.allow import day, says_something
from freddy_guard.redact import printable

MARK, VERSION = "freddy-guard-baseline", 1

_CONFLICT = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted finding. `path` only helps people: a place where it was. Dates are ISO, empty for none."""

    rule: str
    fingerprint: str
    redacted: str = ""
    path: str = ""
    reason: str = ""
    owner: str = ""
    until: str = ""
    added: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return what makes it the same finding: rule id and fingerprint."""
        return self.rule, self.fingerprint

    def expired(self, today: datetime.date) -> bool:
        """Return whether its last day has passed."""
        return bool(self.until) and self.until < today.isoformat()


class Baseline:
    """Entries, one for each key: of several (a union merge), the last added, then the last to expire."""

    def __init__(self, entries: Iterable[Entry] = (), name: str = MARK) -> None:
        ordered = sorted(entries, key=lambda entry: (entry.added, entry.until, entry.reason, entry.owner))
        self._entries = {entry.key: entry for entry in ordered}
        self.name = name

    @classmethod
    def load(cls, path: str) -> Baseline:
        """Return the baseline in a file, an empty one if there is no file. Raises `UsageError` as `parse`."""
        try:
            with open(path, "rb") as file:
                return cls.parse(file.read(), path)
        except FileNotFoundError:
            return cls(name=path)
        except OSError as error:
            raise UsageError(f"{printable(path)}: the baseline can't be read: {error.strerror}") from None

    @classmethod
    def parse(cls, text: bytes, name: str) -> Baseline:
        """Return the baseline in these bytes. Raises `UsageError`, with file and line, for anything else."""
        return cls(_entries(text, name), name)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return the entries in the order of the file: by fingerprint, then rule."""
        return tuple(sorted(self._entries.values(), key=lambda entry: (entry.fingerprint, entry.rule)))

    def lookup(self, finding: Finding) -> Entry | None:
        """Return the entry of a finding, expired or not."""
        return self._entries.get((finding.rule.id, finding.fingerprint))

    def merged(
        self,
        findings: Iterable[Finding],
        *,
        reason: str,
        today: datetime.date,
        owner: str = "",
        until: str = "",
    ) -> Baseline:
        """Return this baseline and the findings that it lacks. What it has stays, what expired is renewed.

        Raises `UsageError` for an empty reason, and for an `until` that is no date or lies in the past.
        """
        if not says_something(reason):
            raise UsageError("a baseline entry needs a reason: say why the finding may stay")
        if until and (day(until) is None or until < today.isoformat()):
            raise UsageError(f'"{printable(until)[:40]}" is not a day to come: write YYYY-MM-DD')
        entries = dict(self._entries)
        for finding in findings:
            entry = _entry(finding, printable(reason.strip()), printable(owner.strip()), until, today)
            if entry.key not in entries or entries[entry.key].expired(today):
                entries[entry.key] = entry
        return Baseline(entries.values(), self.name)

    def pruned(self, seen: Set[tuple[str, str]], today: datetime.date) -> tuple[Baseline, tuple[Entry, ...]]:
        """Return what is worth keeping, and what is not: expired, or its (rule id, fingerprint) not seen."""
        removed = tuple(entry for entry in self.entries if entry.key not in seen or entry.expired(today))
        return Baseline(set(self._entries.values()).difference(removed), self.name), removed

    def dump(self) -> str:
        """Return the text of the file: a header, then a line for each entry, its keys always in one order."""
        import json

        rows = [{MARK: VERSION}, *(asdict(entry) for entry in self.entries)]
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def write(self, path: str) -> None:
        """Replace the file in one step: a crash leaves the old one. Raises `UsageError` if that fails."""
        target = os.path.realpath(path)  # a link stays a link
        unfinished = f"{target}.{os.getpid()}.tmp"
        try:
            with open(unfinished, "xb") as file:
                file.write(self.dump().encode())
            os.replace(unfinished, target)
        except OSError as error:
            raise UsageError(f"{printable(path)}: the baseline can't be written: {error.strerror}") from None
        finally:
            with suppress(OSError):  # mostly: it is not there any more
                os.unlink(unfinished)


def _entry(finding: Finding, reason: str, owner: str, until: str, today: datetime.date) -> Entry:
    return Entry(
        rule=finding.rule.id,
        fingerprint=finding.fingerprint,
        redacted=finding.secret.redacted if finding.secret else "",
        path=printable(finding.origin.path),
        reason=reason,
        owner=owner,
        until=until,
        added=today.isoformat(),
    )


def _entries(text: bytes, name: str) -> Iterator[Entry]:
    begun = False
    for number, line in enumerate(text.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        where = f"{printable(name)}:{number}"
        row = _row(line, where)
        if MARK in row:
            begun = _known_version(row, where)
        elif not begun:
            raise UsageError(f'{where}: a baseline begins with {{"{MARK}": {VERSION}}}; put that line first')
        else:
            yield _checked(row, where)
    if not begun:
        raise UsageError(f"{printable(name)}:1: the baseline is empty, without its header; delete it or write it anew")


def _row(line: bytes, where: str) -> dict[str, object]:
    import json

    if line.startswith(_CONFLICT):
        raise UsageError(f"{where}: a merge conflict was left here; keep the entries of both sides, delete the markers")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise UsageError(f"{where}: this line is not a JSON object; restore it from git or delete it")
    return row


def _known_version(row: dict[str, object], where: str) -> bool:
    if row[MARK] != VERSION:
        raise UsageError(f"{where}: the version of this baseline is not {VERSION}; upgrade freddy-guard")
    return True


def _checked(row: dict[str, object], where: str) -> Entry:
    names = [field.name for field in fields(Entry)]
    for key, value in row.items():
        if key not in names:
            raise UsageError(f'{where}: unknown key "{printable(key)}"{suggestion(key, names)}')
        if not isinstance(value, str):
            raise UsageError(f"{where}: {key} must be a string")
    entry = Entry(**{name: printable(str(row.get(name, ""))) for name in names})
    problem = _problem(entry)
    if problem:
        raise UsageError(f"{where}: {problem}")
    return entry


def _problem(entry: Entry) -> str:
    if not entry.rule:
        return 'the entry names no rule; add "rule"'
    if len(entry.fingerprint) != 64 or not _HEX.issuperset(entry.fingerprint):
        return '"fingerprint" must be 64 hex digits, as reports show it'
    if not says_something(entry.reason):
        return 'the entry has no reason; fill in "reason" or delete the line'
    for key, value in (("until", entry.until), ("added", entry.added)):
        if value and day(value) is None:
            return f'"{key}" must be a date, YYYY-MM-DD, or empty'
    return ""

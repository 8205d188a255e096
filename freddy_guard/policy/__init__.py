"""What to do about a finding: allow comments, ignored paths, the baseline, and what is to be said of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from freddy_guard.model import Document, Finding, Origin, Place, Status, Unread, Verdict
from freddy_guard.policy.ignores import Ignores
from freddy_guard.redact import printable

if TYPE_CHECKING:
    from freddy_guard.policy.allow import Comment
    from freddy_guard.policy.baseline import Baseline, Entry

KEYWORD = b"freddy-guard: allow"  # the one sign of an allow comment

_Key = tuple[Place, str, str, str]
_WITH_PATH = frozenset({Place.FILE, Place.SYMLINK, Place.PATH_NAME})


class Policy:
    """Gives every finding a verdict and remembers which silencers were of use.

    `rule_ids` maps every rule id and name to the id. `watch`: the source shows documents for their comments
    alone, so that a comment without a finding is one too many.
    """

    keyword: bytes = KEYWORD

    def __init__(
        self,
        *,
        ignore: Sequence[str] = (),
        baseline: Baseline | None = None,
        comments: bool = True,
        watch: bool = False,
        rule_ids: Mapping[str, str],
        today: datetime.date,
    ) -> None:
        self.watch = watch and comments
        self._ignores = Ignores(ignore)
        self._baseline = baseline
        self._reads_comments = comments
        self._rules = {name.lower(): rule for name, rule in rule_ids.items()}
        self._today = today
        self._comments: dict[_Key, list[Comment]] = {}
        self._unused: dict[tuple[_Key, int, str], str] = {}  # (where, target line, rule) -> the place to name
        self._problems: set[str] = set()
        self._seen: set[tuple[str, str]] = set()

    def read(self, document: Document) -> None:
        """Remember the allow comments of this document, for the findings in it."""
        if not self._reads_comments or KEYWORD not in document.data:
            return
        from freddy_guard.policy.allow import parse  # its patterns cost 2 ms: most runs meet no comment

        key = _key(document.origin)
        for comment in parse(document, self._rules, self._today):
            where = _where(document.origin, comment.line)
            self._problems.update(f"{where}: allow comment: {problem}" for problem in comment.problems)
            self._comments.setdefault(key, []).append(comment)
            if document.origin.in_head is not False:  # what only history holds can't be removed
                self._unused.update({(key, comment.target, rule): where for rule in comment.rules})

    def judge(self, finding: Finding) -> Verdict:
        """Return the verdict: silenced by a comment, else by the path, else by the baseline, else open.

        Raises `UsageError` if an ignore pattern is not valid.
        """
        # All three are asked, so that one silencer does not make another look unused.
        comment, pattern, entry = self._comment(finding), self._pattern(finding), self._entry(finding)
        if comment is not None:
            return Verdict(finding, Status.ALLOWED, comment.reason)
        if pattern is not None:
            return Verdict(finding, Status.IGNORED, f"path ignored by pattern {printable(pattern)}")
        if entry is not None:
            return Verdict(
                finding, Status.BASELINED, entry.reason + (f" (owner: {entry.owner})" if entry.owner else "")
            )
        return Verdict(finding)

    def accept(self, unread: Unread) -> bool:
        """Return whether something may stay unread because a pattern ignores its path; a notice will say so.

        Raises `UsageError` if an ignore pattern is not valid.
        """
        pattern = self._ignores.match(unread.path) if unread.path else None
        if pattern is None:
            return False
        what, why = printable(unread.what), printable(unread.reason)
        self._problems.add(f"{what}: not read ({why}), and ignored by pattern {printable(pattern)}")
        return True

    def notices(self, *, whole: bool) -> tuple[str, ...]:
        """Return what is wrong with the silencers, sorted. `whole`: all was scanned, so the unused are known.

        Raises `UsageError` if an ignore pattern is not valid and `whole` is set.
        """
        found = self._problems | set(self._on_baseline(whole))
        if self.watch:
            found.update(
                f"{where}: allow comment: it silences no {rule}; remove it"
                for (_, _, rule), where in self._unused.items()
            )
        if whole:
            # The files may need what the history does not, and the other way round: no word of removing it.
            found.update(f"ignore: pattern {printable(p)} silenced nothing here" for p in self._ignores.unused())
        return tuple(sorted(found))

    def _comment(self, finding: Finding) -> Comment | None:
        key, lines = _key(finding.origin), _lines(finding)
        fitting = [c for c in self._comments.get(key, ()) if c.target in lines and finding.rule.id in c.rules]
        for comment in fitting:
            self._unused.pop((key, comment.target, finding.rule.id), None)
        return fitting[0] if fitting else None

    def _pattern(self, finding: Finding) -> str | None:
        origin = finding.origin
        return self._ignores.match(origin.path) if origin.path and origin.place in _WITH_PATH else None

    def _entry(self, finding: Finding) -> Entry | None:
        entry = self._baseline.lookup(finding) if self._baseline else None
        if entry is None:
            return None
        self._seen.add(entry.key)
        return None if entry.expired(self._today) else entry

    def _on_baseline(self, whole: bool) -> Iterator[str]:
        if self._baseline is None:
            return
        name, unused = printable(self._baseline.name), 0
        for entry in self._baseline.entries:
            if entry.expired(self._today):
                place = f" ({entry.path})" if entry.path else ""
                expired = f"it expired on {entry.until}; remove the key, or renew the entry"
                yield f"{name}: entry {entry.rule} {entry.fingerprint}{place}: {expired}"
            unused += entry.key not in self._seen and not entry.expired(self._today)
        if whole and unused:
            advice = "`freddy-guard baseline prune` removes those that neither files nor history need"
            yield f"{name}: {unused} of {len(self._baseline.entries)} entries silenced nothing here; {advice}"


def _key(origin: Origin) -> _Key:
    return origin.place, origin.path, origin.blob, origin.commit


def _lines(finding: Finding) -> range:
    start, end = finding.region.start, finding.region.end
    last = end.line - 1 if end.column == 1 and end.line > start.line else end.line
    return range(start.line, last + 1)


def _where(origin: Origin, line: int) -> str:
    name = printable(origin.path) or f"{origin.place} of {origin.commit[:12] or 'this commit'}"
    return f"{name} (in history)" if origin.in_head is False else f"{name}:{line}"

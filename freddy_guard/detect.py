"""The rules, applied to every reading of a document."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence

from freddy_guard.decode import DEPTH, is_archive, may_hold_key, readings, seams
from freddy_guard.decode.reading import Reading
from freddy_guard.model import Document, Finding, Match, Origin, Place, Rule, Unread
from freddy_guard.secret import digest
from freddy_guard.text import WINDOW, Lines, Secrets, snippet

_HEAD = 1024  # bytes in which a file that is no text shows a NUL


class Detector:
    """What the rules see in documents, and what they want to see of them (`Signs`).

    `depth` is how far readings nest, 0 for the plain one alone. Documents with `comment` in them show a sign too.
    """

    def __init__(self, rules: Sequence[Rule], depth: int = DEPTH, comment: bytes | None = None) -> None:
        self._rules = [rule for rule in rules if rule.detect is not None]
        self._keywords = tuple({keyword for rule in rules for keyword in rule.keywords})
        self._in_code = tuple({keyword for rule in rules if rule.leaves_out for keyword in rule.keywords})
        self._name_keywords = tuple({keyword for rule in rules for keyword in rule.name_keywords})
        self._depth = depth
        self._comment = comment
        self.left_out: dict[Unread, None] = {}  # the documents that were not for some of the rules, and why

    def in_data(self, data: bytes) -> bool:
        """Return whether some reading of these bytes may hold what a rule looks for, or a comment silences one."""
        if may_hold_key(data) if self._depth else any(keyword in data for keyword in self._keywords):
            return True
        # No generator: this is asked of everything that is ever read. What begins with a NUL in it is no code.
        if self._in_code and data.find(b"\0", 0, _HEAD) < 0:
            for keyword in self._in_code:
                if keyword in data:
                    return True
        return self._comment is not None and self._comment in data

    def matched(self, data: bytes) -> bool:
        """Return whether a rule matches these bytes under some path, or they cannot all be read."""
        matched, unread = self.looked(data)
        return matched or bool(unread)

    def looked(self, data: bytes) -> tuple[bool, list[Unread]]:
        """Return whether a rule matches these bytes under some path, and what of them cannot be read."""
        if not self.in_data(data):
            return False, []
        if len(data) > WINDOW and is_archive(data):
            return True, []  # the first window of it: the whole is opened when its path is known
        unread: list[Unread] = []
        # Asked of what a history holds: the rules for code as it is now do not look there.
        return bool(self._matches(Document(data, Origin(in_head=False)), unread)), unread

    def in_name(self, name: bytes) -> bool:
        """Return whether a rule wants every file of this name."""
        return any(rule.names(name) for rule in self._rules if rule.names is not None)

    def in_names(self, data: bytes) -> bool:
        """Return whether one of many names may be wanted by a rule, or hold what one looks for."""
        lowered = data.lower()
        return any(keyword in lowered for keyword in self._name_keywords) or any(
            keyword in data for keyword in self._keywords
        )

    def in_deltas(self, data: bytes) -> Iterator[int]:
        """Yield where many deltas in a row show what may be a sign, or a piece of one that goes on in their bases."""
        return seams.in_delta(data, decoded=bool(self._depth))

    def stand(self, delta: bytes, places: Sequence[int]) -> bool:
        """Return whether something of what was found in one delta is more than chance."""
        return seams.stand(delta, places)

    def in_heads(self, texts: Sequence[bytes]) -> Iterator[int]:
        """Yield the numbers of those deltas that begin with what must be read as a whole."""
        return seams.in_heads(texts) if self._depth else iter(())

    def in_tree_deltas(self, data: bytes) -> Iterator[int]:
        """Yield where many deltas of trees in a row may hold (a piece of) a name that a rule wants or matches."""
        yield from seams.in_delta(data, decoded=False)
        lowered = data.lower()
        for keyword in self._name_keywords:
            yield from _everywhere(keyword, lowered)

    def hands_on(self, data: bytes) -> bool:
        """Return whether a delta against these bytes could make a match out of what it copies."""
        return seams.hands_on(data, decoded=bool(self._depth))

    def find(self, document: Document, unread: list[Unread]) -> list[Finding]:
        """Return the findings of one document. What of it cannot be unpacked is appended to `unread`."""
        found = self._matches(document, unread)
        if not found:
            return []
        lines, secrets = Lines(document), Secrets(match for _, match in found)
        return [_finding(document, rule, match, secrets, lines) for rule, match in found]

    def _matches(self, document: Document, unread: list[Unread]) -> list[tuple[Rule, Match]]:
        found: list[tuple[Rule, Match]] = []
        seen: dict[tuple[str, object], list[tuple[int, int]]] = {}
        for reading in readings(document, unread, self._depth):
            for rule in self._wanting(reading):
                for match in _mapped(rule, reading, document):
                    spans = seen.setdefault((rule.id, match.secret), [])
                    if reading.offsets is None or not _repeats(match, spans):
                        found.append((rule, match))
                        insort(spans, (match.start, match.end))
        return list(_best(found)) if len(found) > 1 else found

    def _wanting(self, reading: Reading) -> Iterator[Rule]:
        document, plain = reading.document, reading.offsets is None
        name = document.origin.path.rpartition("/")[2].encode("utf-8", "surrogateescape") if plain else b""
        held = {keyword for keyword in self._keywords if keyword in document.data}
        for rule in self._rules:
            named = plain and rule.names is not None and rule.names(name)
            if (named or not held.isdisjoint(rule.keywords)) and self._takes(rule, document, plain):
                yield rule

    def _takes(self, rule: Rule, document: Document, plain: bool) -> bool:
        """Return whether a reading is for a rule. A document that one leaves out is entered in the list of those."""
        if rule.leaves_out is None:
            return True
        if not (plain and _is_present(document)):
            return False
        reason = rule.leaves_out(document)
        if reason:
            self.left_out[Unread(document.origin.path, reason, document.origin.path)] = None
        return not reason


def _everywhere(text: bytes, data: bytes) -> Iterator[int]:
    at = data.find(text)
    while at >= 0:
        yield at
        at = data.find(text, at + 1)


def _mapped(rule: Rule, reading: Reading, document: Document) -> Iterator[Match]:
    """Yield what a rule sees in a reading, with offsets into the document itself."""
    if rule.detect is None:
        return
    for match in rule.detect(reading.document):
        if _is_in(reading.document.body, match.start):
            start, end = reading.span(match.start, match.end)
            if _is_in(document.body, start):
                message = match.message or rule.message
                if reading.member:
                    message = f"{message} (in {'!'.join(reading.member)})"
                yield match._replace(start=start, end=end, message=message, via=reading.via)


def _is_present(document: Document) -> bool:
    """Return whether a document is a file as it is now, on disk or staged."""
    origin = document.origin
    return origin.place is Place.FILE and not origin.commit and origin.in_head is None


def _is_in(body: tuple[int, int] | None, offset: int) -> bool:
    return body is None or body[0] <= offset < body[1]


def _repeats(match: Match, spans: Sequence[tuple[int, int]]) -> bool:
    """Return whether the same secret was seen there in a shorter way; an archive's member has no place of its own.

    The spans are sorted and apart from each other: a key can stand in a file thousands of times.
    """
    if match.start == match.end:
        return bool(spans)
    at = bisect_left(spans, (match.start, match.end))
    return any(match.start < end and start < match.end for start, end in spans[max(0, at - 1) : at + 1])


def _best(found: Sequence[tuple[Rule, Match]]) -> Iterator[tuple[Rule, Match]]:
    """Yield what no other match outdoes. Only those that overlap are compared: a file can hold thousands of keys."""
    outdone: set[int] = set()
    near: list[tuple[Rule, Match]] = []
    for hit in sorted(found, key=lambda hit: hit[1].start):
        near = [other for other in near if other[1].end > hit[1].start]
        for other in near:
            outdone.update(id(loser[1]) for winner, loser in ((other, hit), (hit, other)) if _outdoes(winner, loser))
        near.append(hit)
    yield from (hit for hit in found if id(hit[1]) not in outdone)


def _outdoes(other: tuple[Rule, Match], hit: tuple[Rule, Match]) -> bool:
    """Return whether another match says better what stands there.

    A key is more than a value that is none, pieces put together are more than the first of them, and what a binary's
    own length says is more than where letters happen to end.
    """
    (rule, match), (other_rule, better) = hit, other
    if match.secret is None or better.secret is None or match.secret == better.secret:
        return False
    if other_rule.severity > rule.severity:
        return better.start < match.end and match.start < better.end
    if rule is not other_rule or better.start != match.start:
        return False
    return better.end < match.end if match.via == better.via else "joined" in better.via and not match.via


def _finding(document: Document, rule: Rule, match: Match, secrets: Secrets, lines: Lines) -> Finding:
    text, caret = snippet(document.data, match, secrets)
    return Finding(
        rule=rule,
        severity=match.severity or rule.severity,
        confidence=match.confidence or rule.confidence,
        message=match.message or rule.message,
        origin=document.origin,
        region=lines.region(match.start, match.end),
        fingerprint=match.secret.fingerprint if match.secret else _fingerprint(rule, match),
        secret=match.secret,
        via=match.via,
        snippet=text,
        caret=caret,
        fix=match.fix,
    )


def _fingerprint(rule: Rule, match: Match) -> str:
    return digest(*(part.encode("utf-8", "surrogateescape") for part in (rule.id, *match.identity)))

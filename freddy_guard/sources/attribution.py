"""What a history says of a find: the commit that brought it, under which path, and the refs that reach it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from freddy_guard.errors import GitError
from freddy_guard.git.changes import FIND_LIMIT, Change, commit_changes, index_entries, tree_changes
from freddy_guard.git.graph import CommitGraph
from freddy_guard.git.objects import parse_commit, some_objects
from freddy_guard.git.plumbing import Git
from freddy_guard.git.refs import Ref
from freddy_guard.model import Coverage, Document, Origin, Place, Signs, Unread
from freddy_guard.sources.blobs import place, placed, runs
from freddy_guard.sources.names import Names
from freddy_guard.sources.records import record_documents, record_origin


@dataclass(slots=True)
class Seen:
    """What one pass over the object database found worth a second look."""

    graph: CommitGraph = field(default_factory=CommitGraph)
    tags: dict[str, str] = field(default_factory=dict)  # tag -> what it points to
    blobs: set[str] = field(default_factory=set)  # a rule matches in them
    named: dict[str, str] = field(default_factory=dict)  # blob -> a file name that a rule wants to see
    records: dict[str, None] = field(default_factory=dict)  # commits and tags with a sign
    names: dict[bytes, str] = field(default_factory=dict)  # an entry's name with a sign -> the entry's object
    refs: list[Ref] = field(default_factory=list)  # refs whose name has a sign
    unread: dict[str, list[Unread]] = field(default_factory=dict)  # blobs that do not match, but were not all read
    worth: set[str] = field(default_factory=set)  # all objects of the kinds above, and the trees that hold such names
    judged: dict[bytes, tuple[bool, bool, bool]] = field(default_factory=dict)  # names: wanted, matched, handed on

    def blob(self, oid: str, matched: bool, gaps: list[Unread]) -> None:
        """Enter a blob in which a rule matches, or which could not all be read."""
        if matched or gaps:
            self.blobs.add(oid)
            self.worth.add(oid)
        if gaps and not matched:
            self.unread[oid] = gaps

    @property
    def anything(self) -> bool:
        """Return whether there is something to attribute."""
        return bool(self.anything_new or self.refs)

    @property
    def anything_new(self) -> bool:
        """Return the same without the names of refs, which are asked again in each scan."""
        return bool(self.blobs or self.named or self.records or self.names)


class Found(NamedTuple):
    """Where something that was seen stands: the object to read it from ("" for a name, which says it all itself).

    `unread`: nothing matches in it, but some of it cannot be read: what (behind its path) and why.
    """

    oid: str
    origin: Origin
    unread: tuple[tuple[str, str], ...] = ()


def read(git: Git, places: Sequence[Found], signs: Signs, coverage: Coverage) -> Iterator[Document]:
    """Yield the documents of these places: names, records, blobs, each in the order given."""
    blobs, records = dict[tuple[str, str], Origin](), dict[str, Origin]()
    for oid, origin, unread in places:
        coverage.unread += [Unread(f"{origin.path or oid}{what}", reason, origin.path) for what, reason in unread]
        if unread:
            continue
        if not oid:
            name = origin.refs[0] if origin.place is Place.REF_NAME else origin.path.rpartition("/")[2]
            yield Document(name.encode("utf-8", "surrogateescape"), origin)
        elif origin.place in (Place.COMMIT_MESSAGE, Place.TAG_MESSAGE):
            records[oid] = origin
        else:
            blobs[oid, origin.path] = origin
    for item in some_objects(git, records, coverage):
        if item.data is not None:
            yield from record_documents(parse_commit(item.data), records[item.oid], signs)
    for run in runs(blobs):
        for item in some_objects(git, run, coverage):
            yield from placed(git, item, [blobs[item.oid, path] for path in run[item.oid]], signs)


class Attribution:
    """Finds the places of what was seen, older ones first."""

    def __init__(self, git: Git, refs: Sequence[Ref], seen: Seen, signs: Signs, coverage: Coverage) -> None:
        self._git, self._seen, self._signs, self._coverage = git, seen, signs, coverage
        self._order = seen.graph.ordered()
        self._rank = {oid: rank for rank, oid in enumerate(self._order)}
        self._chains = {ref.name: self._chain(ref.oid) for ref in refs}
        self._reach: dict[str, tuple[str, ...]] = {}
        head = self._chains.get("HEAD", [""])[-1]
        self._head = frozenset((entry.oid, entry.path) for entry in tree_changes(git, head))
        self._commits: dict[str, Origin] = {}

    def places(self) -> Iterator[Found]:
        """Yield the place of everything that was seen, in the order of the report."""
        changes = list(self._changes())
        yield from self._ref_names()
        yield from self._records(change.commit for change in changes)
        loose = list(self._loose()) if self._missed(changes) else []
        yield from self._names(changes, loose)
        yield from self._blobs(changes, loose)

    def _chain(self, oid: str) -> list[str]:
        """Return an object and what it points to, down to what is no tag."""
        chain = [oid]
        while chain[-1] in self._seen.tags:
            chain.append(self._seen.tags[chain[-1]])
        return chain

    def _refs_to(self, oid: str) -> tuple[str, ...]:
        """Return the refs that name this object, or a tag of it."""
        return tuple(name for name, chain in self._chains.items() if oid in chain)

    def _reaching(self, commit: str) -> tuple[tuple[str, ...], bool]:
        """Return the refs that reach a commit, and whether HEAD does. HEAD is listed where it is on no branch."""
        names = self._reach.get(commit, ())
        return tuple(name for name in names if name != "HEAD") or names, "HEAD" in names

    def _ref_names(self) -> Iterator[Found]:
        for ref in self._seen.refs:
            target = self._chains[ref.name][-1]
            commit = target if target in self._seen.graph else ""
            origin = Origin(place=Place.REF_NAME, commit=commit, refs=(ref.name,), tracked=True)
            yield Found("", origin)

    def _records(self, wanted: Iterable[str]) -> Iterator[Found]:
        """Yield the commits and tags with a sign; learn author and date of these and of the wanted ones."""
        records = sorted(self._seen.records, key=lambda oid: (self._rank.get(oid, -1), oid))
        others = sorted(set(wanted) - {""} - self._seen.records.keys())
        commits = [oid for oid in [*records, *others] if oid in self._seen.graph]
        tips = {name: chain[-1] for name, chain in self._chains.items()}
        self._reach = self._seen.graph.reaching(self._order, tips, commits)
        for item in some_objects(self._git, [*records, *others], self._coverage):
            if item.data is not None:
                record = parse_commit(item.data)
                self._commits[item.oid] = origin = self._record_origin(record_origin(item.oid, item.kind, record))
                if item.oid in self._seen.records:
                    yield Found(item.oid, origin)

    def _record_origin(self, origin: Origin) -> Origin:
        if origin.place is Place.TAG_MESSAGE:
            target = self._chain(origin.blob)[-1]
            commit = target if target in self._seen.graph else ""
            return origin._replace(commit=commit, refs=self._refs_to(origin.blob), in_head=False, tracked=True)
        refs, in_head = self._reaching(origin.commit)
        return origin._replace(refs=refs, in_head=in_head, tracked=True)

    def _changes(self) -> Iterator[Change]:
        """Yield where the found blobs and names came into the history, older commits first."""
        seen = self._seen
        blobs = seen.blobs | seen.named.keys()
        commits = [(oid, seen.graph.parents(oid)) for oid in self._order]
        find = () if seen.names or len(blobs) > FIND_LIMIT else sorted(blobs)
        if blobs or seen.names:
            texts = [name.decode("utf-8", "surrogateescape") for name in seen.names]
            # Everything was read: a commit whose parents or trees are gone costs only what it would say of others.
            for change in commit_changes(self._git, commits, Coverage(), find):
                if change.oid in blobs or any(text in change.path for text in texts):
                    yield change

    def _missed(self, changes: Sequence[Change]) -> bool:
        """Return whether something was seen that no commit brought."""
        brought = {change.oid for change in changes}
        parts = {part for change in changes for part in change.path.split("/")} if self._seen.names else set()
        names = (name.decode("utf-8", "surrogateescape") for name in self._seen.names)
        return not (self._seen.blobs | self._seen.named.keys()) <= brought or not parts.issuperset(names)

    def _loose(self) -> Iterator[tuple[Change, Origin]]:
        """Yield what lies in the index, and in trees and blobs that a ref names without a commit."""
        for change in self._index():
            yield change, Origin()
        for target in dict.fromkeys(chain[-1] for chain in self._chains.values()):
            if target not in self._seen.graph:
                origin = Origin(refs=self._refs_to(target))
                for change in [Change("", "", "100644", target), *tree_changes(self._git, target)]:
                    yield change, origin

    def _index(self) -> list[Change]:
        try:
            return list(index_entries(self._git))
        except GitError:
            return []  # a bare repository has none

    def _names(self, changes: Sequence[Change], loose: Sequence[tuple[Change, Origin]]) -> Iterator[Found]:
        left = {name.decode("utf-8", "surrogateescape"): entry for name, entry in self._seen.names.items()}
        found = [(change, self._origin(change)) for change in changes] if left else []
        names, commit = Names(self._signs), ""
        for change, origin in [*found, *(loose if left else ())]:
            if change.commit != commit:  # each commit again: what a later one says of refs and HEAD is added
                names, commit = Names(self._signs), change.commit
            for document in names.documents(origin._replace(path=change.path, in_head=False)):
                left.pop(document.data.decode("utf-8", "surrogateescape"), None)
                yield Found("", document.origin._replace(in_head=self._has(document.origin.path)))
        for name, entry in left.items():  # in a tree that nothing refers to
            for document in names.documents(Origin(path=name, blob=entry, in_head=False)):
                yield Found("", document.origin)

    def _has(self, path: str) -> bool:
        """Return whether HEAD has this file or folder."""
        return any(name == path or name.startswith(f"{path}/") for _, name in self._head)

    def _blobs(self, changes: Sequence[Change], loose: Sequence[tuple[Change, Origin]]) -> Iterator[Found]:
        for (oid, _), origin in self._places(changes, loose).items():
            gaps = tuple((gap.what, gap.reason) for gap in self._seen.unread.get(oid, ()))
            yield Found(oid, _note_or_not(origin), gaps)

    def _places(
        self, changes: Sequence[Change], loose: Sequence[tuple[Change, Origin]]
    ) -> dict[tuple[str, str], Origin]:
        """Return the origin of each blob at each path, those first that came first."""
        wanted = self._seen.blobs | self._seen.named.keys()
        left = wanted - {change.oid for change in changes}
        found = [(change, self._origin(change)) for change in changes if change.oid in wanted]
        found += [(change, self._placed(origin, change)) for change, origin in loose if change.oid in left]
        places: dict[tuple[str, str], Origin] = {}
        for change, origin in found:
            earlier = places.setdefault((change.oid, change.path), origin)
            refs = tuple(sorted({*earlier.refs, *origin.refs}))
            places[change.oid, change.path] = earlier._replace(refs=refs)
        for oid in sorted(left - {oid for oid, _ in places}):
            places[oid, ""] = self._placed(Origin(), Change("", self._seen.named.get(oid, ""), "100644", oid))
        return places

    def _origin(self, change: Change) -> Origin:
        return self._placed(self._commits.get(change.commit, Origin(commit=change.commit)), change)

    def _placed(self, origin: Origin, change: Change) -> Origin:
        return origin._replace(
            path=change.path,
            place=place(change.mode),
            blob=change.oid,
            in_head=(change.oid, change.path) in self._head,
            tracked=True,
        )


def _note_or_not(origin: Origin) -> Origin:
    """Return the origin of what only refs/notes reaches as that of a note."""
    if origin.refs and all(ref.startswith("refs/notes/") for ref in origin.refs):
        return origin._replace(place=Place.NOTE)
    return origin

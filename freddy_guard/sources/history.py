"""A whole repository: every object of its database, reachable or not, and every name in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from freddy_guard.errors import GitError
from freddy_guard.git.changes import FIND_LIMIT, Change, commit_changes, index_entries, tree_changes
from freddy_guard.git.graph import CommitGraph
from freddy_guard.git.objects import Object, all_objects, parse_commit, some_objects, tree_entries
from freddy_guard.git.plumbing import Git, Stream
from freddy_guard.git.refs import Ref, list_refs
from freddy_guard.git.repository import Repository, open_repository
from freddy_guard.model import Coverage, Document, Origin, Place, Signs, Unread
from freddy_guard.sources.blobs import pieces, place, placed
from freddy_guard.sources.names import Names
from freddy_guard.sources.records import record_documents, record_origin

_OID_BYTES = {40: 20, 64: 32}  # SHA-1 and SHA-256 repositories


@dataclass(slots=True)
class _Seen:
    """What one pass over the object database found worth a second look."""

    graph: CommitGraph = field(default_factory=CommitGraph)
    tags: dict[str, str] = field(default_factory=dict)  # tag -> what it points to
    blobs: set[str] = field(default_factory=set)  # a rule matches in them
    named: dict[str, str] = field(default_factory=dict)  # blob -> a file name that a rule wants to see
    records: list[str] = field(default_factory=list)  # commits and tags with a sign
    names: dict[bytes, str] = field(default_factory=dict)  # an entry's name with a sign -> the entry's object
    judged: dict[bytes, bool] = field(default_factory=dict)  # file names already asked about


class History:
    """The object database of a repository and all its refs. Each object is read once."""

    name = "history"

    def __init__(self, git: Git) -> None:
        self._git = git

    def documents(self, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        """Yield what shows a sign, older first. Raises GitError where there is no repository."""
        repository = open_repository(self._git)
        refs = list_refs(self._git, coverage)
        coverage.read["refs"] += sum(1 for ref in refs if ref.name != "HEAD")
        yield from _ref_names(refs, signs)
        tips = sorted({ref.oid for ref in refs})
        arguments = ("rev-list", "--objects", "--missing=print", "--quiet", "--stdin")
        # Runs beside the reading: says which objects are reachable but not there.
        with self._git.stream(*arguments, stdin=[f"{oid}\n".encode() for oid in tips]) as connectivity:
            seen = _Seen()
            for item in all_objects(self._git, coverage):
                coverage.read[f"{item.kind}s"] += 1
                coverage.read["bytes"] += item.size
                _look(item, seen, signs)
            _note_gaps(connectivity, repository, coverage)
        if seen.blobs or seen.named or seen.records or seen.names:
            yield from _Attribution(self._git, refs, seen, signs, coverage).documents()


def _ref_names(refs: Sequence[Ref], signs: Signs) -> Iterator[Document]:
    for ref in refs:
        name = ref.name.encode("utf-8", "surrogateescape")
        if signs.in_data(name):
            commit = ref.oid if ref.kind == "commit" else ""
            yield Document(name, Origin(place=Place.REF_NAME, commit=commit, refs=(ref.name,), tracked=True))


def _look(item: Object, seen: _Seen, signs: Signs) -> None:
    if item.kind == "blob":
        if any(signs.in_data(piece.data) for piece in pieces(item)):
            seen.blobs.add(item.oid)
    elif item.data is None:
        return
    elif item.kind == "tree":
        _look_at_tree(item.oid, item.data, seen, signs)
    else:
        record = parse_commit(item.data)
        if item.kind == "commit":
            seen.graph.add(item.oid, record)
        else:
            seen.tags[item.oid] = record.first("object").decode("ascii", "replace")
        if signs.in_data(item.data) or any(True for _ in record_documents(record, Origin(), signs)):
            seen.records.append(item.oid)


def _look_at_tree(oid: str, data: bytes, seen: _Seen, signs: Signs) -> None:
    named, signed = signs.in_names(data), signs.in_data(data)
    if not named and not signed:
        return
    for mode, name, entry in tree_entries(data, _OID_BYTES[len(oid)]):
        if signed and signs.in_data(name):
            seen.names[name] = entry
        if named and mode.startswith(b"100"):
            if name not in seen.judged:
                seen.judged[name] = signs.in_name(name)
            if seen.judged[name]:
                seen.named[entry] = name.decode("utf-8", "surrogateescape")


def _note_gaps(connectivity: Stream, repository: Repository, coverage: Coverage) -> None:
    """Enter what is not in the database although a ref reaches it."""
    missing = [line[1:].strip() for line in connectivity.out.read().decode("ascii", "replace").splitlines()]
    entered = {unread.what.rpartition(" ")[2] for unread in coverage.unread}
    code, complaints = connectivity.finish()
    if repository.promisors and missing:
        remote = repository.promisors[0]
        what = f"{len(missing)} objects that were never fetched"
        coverage.unread.append(Unread(what, f"a partial clone; `git fetch --refetch --no-filter {remote}` brings them"))
    else:
        unknown = sorted(oid for oid in missing if oid not in entered)
        coverage.unread += [Unread(f"object {oid}", "missing from the object database") for oid in unknown]
    if code and complaints:
        coverage.unread.append(Unread("what the refs reach", complaints[-1]))
    for oid in repository.shallow:
        reason = "a shallow clone ends here; `git fetch --unshallow` brings the rest"
        coverage.unread.append(Unread(f"what came before commit {oid}", reason))


class _Attribution:
    """Says of everything that was found which commit brought it, under which path, and which refs reach it."""

    def __init__(self, git: Git, refs: Sequence[Ref], seen: _Seen, signs: Signs, coverage: Coverage) -> None:
        self._git, self._refs, self._seen, self._signs, self._coverage = git, refs, seen, signs, coverage
        self._order = seen.graph.ordered()
        self._rank = {oid: rank for rank, oid in enumerate(self._order)}
        self._tips = {ref.name: self._peel(ref.oid) for ref in refs}
        self._reach = seen.graph.reached_by(self._order, self._tips)
        self._head = frozenset((entry.oid, entry.path) for entry in tree_changes(git, "HEAD"))
        self._commits: dict[str, Origin] = {}

    def documents(self) -> Iterator[Document]:
        changes = list(self._changes())
        wanted = {change.commit for change in changes if change.commit}
        records = sorted(self._seen.records, key=lambda oid: (self._rank.get(oid, -1), oid))
        for item in some_objects(self._git, [*records, *sorted(wanted)], self._coverage):
            if item.data is not None:
                record = parse_commit(item.data)
                origin = self._record_origin(item.oid, record_origin(item.oid, item.kind, record))
                self._commits[item.oid] = origin
                if item.oid in set(self._seen.records):
                    yield from record_documents(record, origin, self._signs)
        yield from self._names(changes)
        yield from self._blobs(changes)

    def _peel(self, oid: str) -> str:
        while oid in self._seen.tags:
            oid = self._seen.tags[oid]
        return oid

    def _refs_reaching(self, commit: str) -> tuple[tuple[str, ...], bool]:
        """Return the refs that reach a commit, and whether HEAD does. HEAD is listed where it is on no branch."""
        mask = self._reach.get(commit, 0)
        names = [name for bit, name in enumerate(self._tips) if mask >> bit & 1]
        in_head = "HEAD" in names
        branches = [name for name in names if name != "HEAD"]
        return tuple(branches or names), in_head

    def _record_origin(self, oid: str, origin: Origin) -> Origin:
        if oid in self._seen.tags:
            refs = tuple(ref.name for ref in self._refs if ref.oid == oid)
            return origin._replace(refs=refs, in_head=False, tracked=True)
        refs, in_head = self._refs_reaching(oid)
        return origin._replace(refs=refs, in_head=in_head, tracked=True)

    def _changes(self) -> Iterator[Change]:
        """Yield where the found blobs and names came into the history, older commits first."""
        seen = self._seen
        blobs = seen.blobs | seen.named.keys()
        commits = [(oid, seen.graph.parents(oid)) for oid in self._order]
        find = () if seen.names or len(blobs) > FIND_LIMIT else sorted(blobs)
        if blobs or seen.names:
            texts = [name.decode("utf-8", "surrogateescape") for name in seen.names]
            for change in commit_changes(self._git, commits, self._coverage, find):
                if change.oid in blobs or any(text in change.path for text in texts):
                    yield change

    def _names(self, changes: Sequence[Change]) -> Iterator[Document]:
        names = Names(self._signs)
        left = dict(self._seen.names)
        for change in changes:
            for document in names.documents(self._origin(change)):
                left.pop(document.data, None)
                yield document
        for name, entry in left.items():  # in a tree that no commit holds
            yield from names.documents(Origin(path=name.decode("utf-8", "surrogateescape"), blob=entry, in_head=False))

    def _blobs(self, changes: Sequence[Change]) -> Iterator[Document]:
        wanted = self._seen.blobs | self._seen.named.keys()
        by_blob: dict[str, dict[str, Origin]] = {}
        for change in [*changes, *self._loose_changes(wanted - {change.oid for change in changes})]:
            if change.oid in wanted:
                origin, places = self._origin(change), by_blob.setdefault(change.oid, {})
                earlier = places.setdefault(change.path, origin)
                refs = tuple(sorted({*earlier.refs, *origin.refs}))
                places[change.path] = earlier._replace(refs=refs, place=_note_or(earlier.place, refs))
        for item in some_objects(self._git, by_blob, self._coverage) if by_blob else ():
            yield from placed(item, list(by_blob[item.oid].values()), self._signs)

    def _loose_changes(self, left: set[str]) -> Iterator[Change]:
        """Yield where blobs lie that no commit brought: the index, tagged trees, or nowhere at all."""
        found: set[str] = set()
        for change in self._index():
            if change.oid in left:
                found.add(change.oid)
                yield change
        for ref in self._refs:
            if left - found and self._peel(ref.oid) not in self._seen.graph:
                for change in tree_changes(self._git, self._peel(ref.oid)):
                    if change.oid in left - found:
                        found.add(change.oid)
                        yield change
        for oid in sorted(left - found):
            yield Change("", self._seen.named.get(oid, ""), "100644", oid)

    def _index(self) -> list[Change]:
        try:
            return list(index_entries(self._git))
        except GitError:
            return []  # a bare repository has none

    def _origin(self, change: Change) -> Origin:
        commit = self._commits.get(change.commit, Origin(commit=change.commit))
        return commit._replace(
            path=change.path,
            place=place(change.mode),
            blob=change.oid,
            in_head=(change.oid, change.path) in self._head,
            tracked=True,
        )


def _note_or(place: Place, refs: Sequence[str]) -> Place:
    """Return Place.NOTE for what only refs/notes reaches."""
    return Place.NOTE if refs and all(ref.startswith("refs/notes/") for ref in refs) else place

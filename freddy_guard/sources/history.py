"""A whole repository: every object of its database, reachable or not, and every name in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from freddy_guard.git.objects import Object, all_commits, all_objects, parse_commit, some_objects, tree_entries
from freddy_guard.git.packs import Pack, Store, open_store
from freddy_guard.git.plumbing import Git, Stream
from freddy_guard.git.refs import Ref, list_refs
from freddy_guard.git.repository import Repository, open_repository
from freddy_guard.model import Coverage, Document, Origin, Place, Signs, Unread
from freddy_guard.sources.attribution import Attribution, Found, Seen, read
from freddy_guard.sources.blobs import pieces
from freddy_guard.sources.memory import DamagedError, Memory, folder_of, keep_ids, recall, remember, unmasked
from freddy_guard.sources.moved import follow
from freddy_guard.sources.packed import read_pack
from freddy_guard.sources.records import record_documents

_OID = 20  # bytes of a SHA-1
_TODAY = ("HEAD", "refs/heads/")
_MISSING = "missing from the object database"


class History:
    """The object database of a repository and all its refs. Each object is read once.

    `jobs` processes read a large pack. `signature` tells scans that look for other things apart: of one with the same
    signature is remembered what it read, and only what is new is read again; "" for a scan that remembers nothing.
    """

    name = "history"

    def __init__(self, git: Git, jobs: int = 1, signature: str = "") -> None:
        self._git = git
        self._jobs = jobs
        self._signature = signature

    def documents(self, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        """Yield what shows a sign, older first. Raises GitError where there is no repository."""
        scan = Scan(self._git, open_repository(self._git), list_refs(self._git, coverage), signs, coverage)
        coverage.read["refs"] += sum(1 for ref in scan.refs if ref.name != "HEAD")
        memory, store = scan.open(self._signature)
        if store is None:
            scan.read_all()
            yield from read(self._git, scan.places(), signs, coverage)
            return
        whole = scan.read_new(store, memory, self._jobs)
        places = scan.known_places(memory)
        yield from read(self._git, places, signs, coverage)
        if self._signature and whole:
            scan.remember(store, memory, places, self._signature)


@dataclass(slots=True)
class Scan:
    """One scan of a repository: what there is to read, and what was seen in it."""

    git: Git
    repository: Repository
    refs: Sequence[Ref]
    signs: Signs
    coverage: Coverage
    seen: Seen = field(default_factory=Seen)

    def __post_init__(self) -> None:
        """Look at the names of the refs."""
        self.seen.refs += [ref for ref in self.refs if self.signs.matched(ref.name.encode("utf-8", "surrogateescape"))]

    def look(self, item: Object) -> bool:
        """Remember an object that has something. Returns whether a delta against it can have it, too."""
        return _look(self.git, self.seen, self.signs, item)

    def open(self, signature: str) -> tuple[Memory | None, Store | None]:
        """Return what earlier scans read, and what there is to read; no store where git has to read all."""
        objects = self.repository.objects
        if objects is None or self.repository.promisors or self.repository.shallow:
            return None, None
        try:
            memory = recall(objects.parent, signature) if signature else None
            return memory, open_store(objects, memory)
        except (DamagedError, OSError):
            what = "what earlier scans read"
            self.coverage.left_out.append(Unread(what, "their notes are damaged: all is read again"))
            return None, open_store(objects)

    def read_all(self) -> None:
        """Read the whole database through git."""
        with _connected(self.git, self.refs) as reachable:
            self._read(all_objects(self.git, self.coverage))
            _note_gaps(reachable, self.repository, self.coverage)

    def read_new(self, store: Store, memory: Memory | None, jobs: int) -> bool:
        """Read what is new: a large pack as a file, the rest through git. Returns whether the pack could be read."""
        self.coverage.expected = len(store.others) + (store.pack.count if store.pack is not None else 0)
        named = self._read_pack(store, store.pack, jobs) if store.pack is not None else set[bytes]()
        if memory is not None:
            self.coverage.read["objects of earlier scans"] += memory.total
        self._read(some_objects(self.git, [*store.others, *(memory.failed if memory else ())], self.coverage))
        # Git writes no pack without what its objects need, so that not every tree of a history is walked again: checked
        # are what commits name, and what the branches hold today.
        self.coverage.unread += [Unread(f"object {oid.hex()}", _MISSING) for oid in sorted(named or ())]
        today = [ref for ref in self.refs if ref.name.startswith(_TODAY)]
        with _connected(self.git, today, "--no-walk") as reachable:
            _note_gaps(reachable, self.repository, self.coverage)
        return named is not None

    def _read_pack(self, store: Store, pack: Pack, jobs: int) -> set[bytes] | None:
        """Read a pack; return the ids that its commits name and that are nowhere, None where it could not be read."""
        named = set[bytes]()
        try:
            for links in read_pack(self.git, pack, self.signs, self.coverage, self.seen, self.look, jobs):
                named.update(links[at : at + _OID] for at in range(0, len(links), _OID))
        except (OSError, BrokenExecutor) as error:
            reason = f"it went, or a process of ours did, while it was read ({type(error).__name__}): scan again"
            self.coverage.unread.append(Unread(f"pack {pack.path.stem}", reason))
            return None
        return named.difference(pack.oids(), map(bytes.fromhex, store.others))

    def _read(self, items: Iterable[Object]) -> None:
        for item in items:
            self.coverage.read[f"{item.kind}s"] += 1
            self.coverage.read["bytes"] += item.size
            self.look(item)

    def places(self) -> Sequence[Found]:
        """Return where everything stands that was seen."""
        if not self.seen.anything:
            return ()
        seen = self.seen
        found = len(seen.blobs) + len(seen.named) + len(seen.records) + len(seen.names) + len(seen.refs)
        self.coverage.stage = f"something in {found:,} places; asking where it came from"
        return list(Attribution(self.git, self.refs, self.seen, self.signs, self.coverage).places())

    def known_places(self, memory: Memory | None) -> Sequence[Found]:
        """Return the same, as earlier scans found out if nothing came to it."""
        if memory is not None:
            places = self._followed(memory) if not self.seen.anything_new else None
            if places is not None:
                self.seen.worth.update(memory.worth)
                return places
            for item in some_objects(self.git, memory.worth, self.coverage):
                self.look(item)
        if self.seen.anything:
            for commit in all_commits(self.git):
                self.seen.graph.add(commit.oid, commit.data or b"")
        return self.places()

    def _followed(self, memory: Memory) -> Sequence[Found] | None:
        """Return the places that are remembered, as the refs are now; None where they have to be looked up."""
        places = unmasked(memory.places, [*(ref.name for ref in self.refs), *self._names(memory)])
        before, now = dict(memory.refs), {ref.name: ref.oid for ref in self.refs}
        return places if places is None or before == now else follow(self.git, places, before, now)

    def _names(self, memory: Memory) -> Iterator[str]:
        """Yield the names in the trees in which one was found that is a key."""
        if any(place.origin.place is Place.PATH_NAME for place in memory.places):
            for item in some_objects(self.git, memory.worth, Coverage()):
                if item.kind == "tree" and item.data is not None:
                    yield from (name.decode("utf-8", "surrogateescape") for _, name, _ in tree_entries(item.data, _OID))

    def remember(self, store: Store, memory: Memory | None, places: Sequence[Found], signature: str) -> None:
        """Keep what was read for the next scan."""
        if self.repository.objects is None:
            return
        before = memory or Memory(folder_of(self.repository.objects.parent))
        if store.pack is not None:
            kept = keep_ids(before.folder, store.pack.path.stem, store.pack.oids())
            if kept is None:
                return
            before = before._replace(kept=(*before.kept, kept), total=before.total + store.pack.count)
        failed = {gap.what.removeprefix("object ") for gap in self.coverage.unread if gap.what.startswith("object ")}
        now = before._replace(
            packs=store.names,
            others=before.others.union(store.others),
            total=before.total + len(store.others),
            worth=tuple(sorted(self.seen.worth)),
            failed=tuple(sorted(failed)),
            refs=tuple((ref.name, ref.oid) for ref in self.refs),
            places=tuple(places),
        )
        if now != memory:
            remember(now, signature)


def _look(git: Git, seen: Seen, signs: Signs, item: Object) -> bool:
    """Remember an object that has something. Returns whether a delta against it can have it, too."""
    if item.kind == "blob":
        return _look_at_blob(git, item, seen, signs)
    if item.data is None:
        return False
    if item.kind == "tree":
        return _look_at_tree(item.oid, item.data, seen, signs)
    _look_at_record(item.oid, item.kind, item.data, seen, signs)
    return signs.hands_on(item.data)


def _look_at_blob(git: Git, item: Object, seen: Seen, signs: Signs) -> bool:
    handed, found, unread = False, False, list[Unread]()
    for piece in pieces(git, item):
        matched, gaps = signs.looked(piece.data)
        found |= matched
        unread += gaps
        handed = handed or signs.hands_on(piece.data)
    seen.blob(item.oid, found, unread)
    return handed


def _look_at_record(oid: str, kind: str, data: bytes, seen: Seen, signs: Signs) -> None:
    if kind == "commit":
        seen.graph.add(oid, data)
    else:
        seen.tags[oid] = parse_commit(data).first("object").decode("ascii", "replace")
        seen.worth.add(oid)
    # Taken apart only with a sign: the ids in it show one by chance often enough, a match hardly ever.
    if signs.in_data(data):
        parts = record_documents(parse_commit(data), Origin(), signs)
        if any(signs.matched(part.data) for part in parts):
            seen.records[oid] = None
            seen.worth.add(oid)


def _look_at_tree(oid: str, data: bytes, seen: Seen, signs: Signs) -> bool:
    if not signs.in_names(data):
        return signs.hands_on(data) and any(signs.hands_on(name) for _, name, _ in tree_entries(data, len(oid) // 2))
    handed = False
    for mode, name, entry in tree_entries(data, len(oid) // 2):
        if name not in seen.judged:
            wanted, matched = signs.in_name(name), signs.matched(name)
            seen.judged[name] = wanted, matched, wanted or matched or signs.hands_on(name)
        wanted, matched, hands_on = seen.judged[name]
        handed |= hands_on
        if wanted or matched:
            seen.worth.add(oid)
        if matched:
            seen.names[name] = entry.hex()
        if wanted and mode.startswith(b"100"):
            seen.named[entry.hex()] = name.decode("utf-8", "surrogateescape")
    return handed


@contextmanager
def _connected(git: Git, refs: Sequence[Ref], *options: str) -> Iterator[Stream]:
    """Start git, to run beside the reading: it says which objects are reachable but not there."""
    arguments = ("rev-list", "--objects", "--missing=print", "--quiet", *options, "--stdin")
    with git.stream(*arguments, stdin=[f"{oid}\n".encode() for oid in sorted({ref.oid for ref in refs})]) as stream:
        yield stream


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
        coverage.unread += [Unread(f"object {oid}", _MISSING) for oid in unknown]
    if code and complaints:
        coverage.unread.append(Unread("what the refs reach", complaints[-1]))
    for oid in repository.shallow:
        reason = "a shallow clone ends here; `git fetch --unshallow` brings the rest"
        coverage.unread.append(Unread(f"what came before commit {oid}", reason))

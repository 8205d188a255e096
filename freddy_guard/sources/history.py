"""A whole repository: every object of its database, reachable or not, and every name in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from freddy_guard.git.objects import Object, all_commits, all_objects, parse_commit, some_objects, tree_entries
from freddy_guard.git.packs import Store, open_store
from freddy_guard.git.plumbing import Git, Stream
from freddy_guard.git.refs import list_refs
from freddy_guard.git.repository import Repository, open_repository
from freddy_guard.model import Coverage, Document, Origin, Signs, Unread
from freddy_guard.sources.attribution import Attribution, Seen
from freddy_guard.sources.blobs import pieces
from freddy_guard.sources.packed import read_pack
from freddy_guard.sources.records import record_documents

_OID = 20  # bytes of a SHA-1


class History:
    """The object database of a repository and all its refs. Each object is read once. `jobs` processes read packs."""

    name = "history"

    def __init__(self, git: Git, jobs: int = 1) -> None:
        self._git = git
        self._jobs = jobs

    def documents(self, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        """Yield what shows a sign, older first. Raises GitError where there is no repository."""
        self._repository = repository = open_repository(self._git)
        refs = list_refs(self._git, coverage)
        coverage.read["refs"] += sum(1 for ref in refs if ref.name != "HEAD")
        seen = Seen(refs=[ref for ref in refs if signs.matched(ref.name.encode("utf-8", "surrogateescape"))])
        tips = sorted({ref.oid for ref in refs})
        look = partial(_look, self._git, seen, signs)
        whole = repository.objects if not repository.promisors and not repository.shallow else None
        store = open_store(whole) if whole else None
        if store is None:
            with _connected(self._git, tips) as connectivity:
                for item in all_objects(self._git, coverage):
                    _count(item, coverage)
                    look(item)
                _note_gaps(connectivity, repository, coverage)
        else:
            branches = {ref.oid for ref in refs if ref.name.startswith(("HEAD", "refs/heads/"))}
            self._read(store, sorted(branches), look, signs, coverage)
            if seen.anything:
                for commit in all_commits(self._git):
                    seen.graph.add(commit.oid, commit.data or b"")
        if seen.anything:
            yield from Attribution(self._git, refs, seen, signs, coverage).documents()

    def _read(
        self, store: Store, tips: Sequence[str], look: Callable[[Object], bool], signs: Signs, coverage: Coverage
    ) -> None:
        """Read a large pack as a file, and the rest of the database through git."""
        named = set[bytes]()
        # Git writes no pack without what its objects need, so that not every tree of a history must be walked again:
        # checked are what the commits name, and what the branches hold today.
        with _connected(self._git, tips, "--no-walk") as connectivity:
            for links in read_pack(self._git, store.pack, signs, coverage, look, self._jobs):
                named.update(links[at : at + _OID] for at in range(0, len(links), _OID))
            for item in some_objects(self._git, store.others, coverage):
                _count(item, coverage)
                look(item)
            named.difference_update(store.pack.oids(), map(bytes.fromhex, store.others))
            _note_gaps(connectivity, self._repository, coverage, [oid.hex() for oid in named])


def _count(item: Object, coverage: Coverage) -> None:
    coverage.read[f"{item.kind}s"] += 1
    coverage.read["bytes"] += item.size


def _look(git: Git, seen: Seen, signs: Signs, item: Object) -> bool:
    """Remember an object that has something. Returns whether a delta against it can have it, too."""
    if item.kind == "blob":
        found = [(signs.matched(piece.data), signs.hands_on(piece.data)) for piece in pieces(git, item)]
        if any(matched for matched, _ in found):
            seen.blobs.add(item.oid)
        return any(handed for _, handed in found)
    if item.data is None:
        return False
    if item.kind == "tree":
        return _look_at_tree(item.oid, item.data, seen, signs)
    _look_at_record(item.oid, item.kind, item.data, seen, signs)
    return signs.hands_on(item.data)


def _look_at_record(oid: str, kind: str, data: bytes, seen: Seen, signs: Signs) -> None:
    if kind == "commit":
        seen.graph.add(oid, data)
    else:
        seen.tags[oid] = parse_commit(data).first("object").decode("ascii", "replace")
    # Taken apart only with a sign: the ids in it show one by chance often enough, a match hardly ever.
    if signs.in_data(data):
        parts = record_documents(parse_commit(data), Origin(), signs)
        if any(signs.matched(part.data) for part in parts):
            seen.records[oid] = None


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
        if matched:
            seen.names[name] = entry
        if wanted and mode.startswith(b"100"):
            seen.named[entry] = name.decode("utf-8", "surrogateescape")
    return handed


@contextmanager
def _connected(git: Git, tips: Sequence[str], *options: str) -> Iterator[Stream]:
    """Start git, to run beside the reading: it says which objects are reachable but not there."""
    arguments = ("rev-list", "--objects", "--missing=print", "--quiet", *options, "--stdin")
    with git.stream(*arguments, stdin=[f"{oid}\n".encode() for oid in tips]) as stream:
        yield stream


def _note_gaps(connectivity: Stream, repository: Repository, coverage: Coverage, missing: Iterable[str] = ()) -> None:
    """Enter what is not in the database although a ref reaches it, or a commit names it: `missing`."""
    listed = connectivity.out.read().decode("ascii", "replace").splitlines()
    missing = sorted({*(line[1:].strip() for line in listed), *missing})
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

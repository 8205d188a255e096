"""A whole repository: every object of its database, reachable or not, and every name in it."""

from __future__ import annotations

from collections.abc import Iterator

from freddy_guard.git.objects import Commit, Object, all_objects, parse_commit, tree_entries
from freddy_guard.git.plumbing import Git, Stream
from freddy_guard.git.refs import list_refs
from freddy_guard.git.repository import Repository, open_repository
from freddy_guard.model import Coverage, Document, Origin, Signs, Unread
from freddy_guard.sources.attribution import Attribution, Seen
from freddy_guard.sources.blobs import pieces
from freddy_guard.sources.records import record_documents

_OID_BYTES = {40: 20, 64: 32}  # SHA-1 and SHA-256 repositories


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
        seen = Seen(refs=[ref for ref in refs if signs.matched(ref.name.encode("utf-8", "surrogateescape"))])
        tips = sorted({ref.oid for ref in refs})
        arguments = ("rev-list", "--objects", "--missing=print", "--quiet", "--stdin")
        # Runs beside the reading: says which objects are reachable but not there.
        with self._git.stream(*arguments, stdin=[f"{oid}\n".encode() for oid in tips]) as connectivity:
            for item in all_objects(self._git, coverage):
                coverage.read[f"{item.kind}s"] += 1
                coverage.read["bytes"] += item.size
                _look(self._git, item, seen, signs)
            _note_gaps(connectivity, repository, coverage)
        if seen.anything:
            yield from Attribution(self._git, refs, seen, signs, coverage).documents()


def _look(git: Git, item: Object, seen: Seen, signs: Signs) -> None:
    if item.kind == "blob":
        if any(signs.matched(piece.data) for piece in pieces(git, item)):
            seen.blobs.add(item.oid)
    elif item.data is None:
        return
    elif item.kind == "tree":
        _look_at_tree(item.oid, item.data, seen, signs)
    else:
        _look_at_record(item.oid, item.kind, item.data, seen, signs)


def _look_at_record(oid: str, kind: str, data: bytes, seen: Seen, signs: Signs) -> None:
    record: Commit = parse_commit(data)
    if kind == "commit":
        seen.graph.add(oid, record)
    else:
        seen.tags[oid] = record.first("object").decode("ascii", "replace")
    # Taken apart only with a sign: the ids in it show one by chance often enough, a match hardly ever.
    if signs.in_data(data) and any(signs.matched(part.data) for part in record_documents(record, Origin(), signs)):
        seen.records[oid] = None


def _look_at_tree(oid: str, data: bytes, seen: Seen, signs: Signs) -> None:
    if not signs.in_names(data):
        return
    for mode, name, entry in tree_entries(data, _OID_BYTES[len(oid)]):
        if name not in seen.judged:
            seen.judged[name] = (signs.in_name(name), signs.matched(name))
        wanted, matched = seen.judged[name]
        if matched:
            seen.names[name] = entry
        if wanted and mode.startswith(b"100"):
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

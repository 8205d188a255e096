"""A range of commits: what each of them brought, not the state in which the range ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from freddy_guard.errors import GitError, UsageError
from freddy_guard.git.changes import Change, commit_changes, tree_changes
from freddy_guard.git.objects import Commit, kinds_of, parse_commit, some_objects
from freddy_guard.git.plumbing import Git, explain
from freddy_guard.model import Coverage, Document, Origin, Place, Signs, Unread
from freddy_guard.redact import printable
from freddy_guard.sources.blobs import place, placed, runs
from freddy_guard.sources.names import Names
from freddy_guard.sources.records import record_documents, record_origin

REMOTES, EVERYTHING = "*remotes", "*"


class Commits:
    """The commits that these revisions select, oldest first, and whatever else their tips are: tags, trees, blobs."""

    name = "commits"

    def __init__(
        self,
        git: Git,
        revisions: Sequence[str],
        *,
        tips: Sequence[str] = (),
        known_to: str = "",
        refs: Sequence[str] = (),
    ) -> None:
        """Take revisions as `git rev-list` does (no options).

        `tips` are ids of objects of any kind to read as well, `refs` the names that they have or are to have, in the
        same order: those are read too. `known_to` is a remote whose branches are left out (REMOTES: of all remotes;
        EVERYTHING: what any ref reaches).
        """
        self._git = git
        self._revisions = revisions
        self._tips = tips
        self._known_to = known_to
        self._refs = refs

    def documents(self, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        """Yield what the commits brought. Raises UsageError for a range that git does not understand."""
        for name in self._refs:
            coverage.read["refs"] += 1
            if signs.in_data(name.encode("utf-8", "surrogateescape")):
                yield Document(name.encode("utf-8", "surrogateescape"), Origin(place=Place.REF_NAME, refs=(name,)))
        tips = _Tips(self._git, self._tips, self._refs, coverage)
        named = [oid for revision in self._revisions for oid in _resolve(self._git, revision)]
        commits = self._list([*named, *tips.commits])
        parents = dict(commits)
        refs = _reaching(tips.names, commits)
        origins: dict[str, Origin] = {}
        for item in some_objects(self._git, [*tips.tags, *parents], coverage):
            if item.data is not None:
                coverage.read[f"{item.kind}s"] += 1
                coverage.read["bytes"] += item.size
                record = parse_commit(item.data)
                origins[item.oid] = record_origin(item.oid, item.kind, record, sorted(refs.get(item.oid, ())))
                _note_boundary(item.oid, record, parents, coverage)
                yield from record_documents(record, origins[item.oid], signs)
        changes = [*commit_changes(self._git, commits, coverage), *tips.changes]
        yield from self._files(changes, origins, signs, coverage)

    def _list(self, revisions: Sequence[str]) -> list[tuple[str, list[str]]]:
        """Return the commits selected, older first, with their parents. Raises UsageError and GitError."""
        if all(revision.startswith("^") for revision in revisions):
            return []
        arguments = ["rev-list", "--topo-order", "--reverse", "--parents"]
        if self._known_to:
            known = {EVERYTHING: "--all", REMOTES: "--remotes"}.get(self._known_to, f"--remotes={self._known_to}")
            arguments += ["--not", known, "--not"]
        asked = "".join(f"{revision}\n" for revision in revisions).encode()
        try:
            out = self._git.run(*arguments, "--stdin", stdin=asked)
        except GitError as error:
            raise GitError(f"{error}. `freddy-guard history` reads around what is missing or damaged") from None
        listed = (line.split() for line in out.decode("ascii").splitlines())
        return [(oid, parents) for oid, *parents in listed]

    def _files(
        self, changes: Sequence[Change], origins: Mapping[str, Origin], signs: Signs, coverage: Coverage
    ) -> Iterator[Document]:
        names = Names(signs)
        places: dict[tuple[str, str], Change] = {}
        for change in changes:
            coverage.read["paths"] += 1
            yield from names.documents(_origin(change, origins))
            if change.is_blob:
                places.setdefault((change.oid, change.path), change)
        read: set[str] = set()
        for run in runs(places):
            for item in some_objects(self._git, run, coverage):
                if item.oid not in read:
                    read.add(item.oid)
                    coverage.read["blobs"] += 1
                    coverage.read["bytes"] += item.size
                found = [_origin(places[item.oid, path], origins) for path in run[item.oid]]
                yield from placed(self._git, item, found, signs)


class _Tips:
    """What objects of any kind stand for: commits, the tags on the way to them, and loose trees and blobs."""

    def __init__(self, git: Git, oids: Sequence[str], refs: Sequence[str], coverage: Coverage) -> None:
        self.names: dict[str, set[str]] = {}  # object -> the refs that name it, or name a tag of it
        for oid, ref in zip(oids, refs, strict=False):
            self.names.setdefault(oid, set()).add(ref)
        self.commits: list[str] = []
        self.tags: list[str] = []
        self.changes: list[Change] = []
        waiting = list(oids)
        while waiting:
            tagged = []
            for item in some_objects(git, waiting, coverage):
                if item.kind == "commit":
                    self.commits.append(item.oid)
                elif item.kind == "tag" and item.data is not None:
                    self.tags.append(item.oid)
                    tagged.append(parse_commit(item.data).first("object").decode("ascii", "replace"))
                    self.names.setdefault(tagged[-1], set()).update(self.names.get(item.oid, ()))
                elif item.kind == "tree":
                    self.changes += tree_changes(git, item.oid)
                else:
                    self.changes.append(Change("", "", "100644", item.oid))
            waiting = tagged


def _reaching(names: Mapping[str, set[str]], commits: Sequence[tuple[str, Sequence[str]]]) -> dict[str, set[str]]:
    """Return the refs that reach each object, from those that name it; of the commits, parents stand first."""
    reach = {oid: set(refs) for oid, refs in names.items()}
    for oid, parents in reversed(commits):
        for parent in parents if oid in reach else ():
            reach.setdefault(parent, set()).update(reach[oid])
    return reach


def _resolve(git: Git, revision: str) -> list[str]:
    """Return the ids of the commits that a revision or range names, with ^ those to leave out. Raises UsageError."""
    if re.fullmatch(r"\^?[0-9a-f]{40}([0-9a-f]{24})?", revision):
        named = [revision]
    elif revision.startswith("-"):
        raise UsageError(f"{revision}: a range is needed, as in main..HEAD; options are not for here")
    else:
        code, out, complaint = git.attempt("rev-parse", "--revs-only", revision, "--")
        if code and b"not a git repository" in complaint:
            raise GitError(explain(complaint, "rev-parse"))
        named = [] if code else out.decode("ascii").split()
    kinds = kinds_of(git, [oid.lstrip("^") for oid in named])
    if not named or not all(kind in ("commit", "tag") for kind in kinds):
        advice = "Is the range spelled right, and is all of it here? A shallow clone has only the end of a history"
        raise UsageError(f"{printable(revision) or 'an empty text'} names no commits here. {advice}")
    return named


def _origin(change: Change, origins: Mapping[str, Origin]) -> Origin:
    commit = origins.get(change.commit, Origin(commit=change.commit))
    return commit._replace(path=change.path, place=place(change.mode), blob=change.oid, tracked=True)


def _note_boundary(oid: str, record: Commit, parents: Mapping[str, Sequence[str]], coverage: Coverage) -> None:
    if oid in parents and record.parents and not parents[oid]:
        reason = "a shallow clone ends here: this commit was read as if it had brought everything it holds"
        coverage.unread.append(Unread(f"what came before commit {oid}", reason))

"""What a scan sees in a history, object by object, by each of the two ways to read one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from freddy_guard.detect import Detector
from freddy_guard.git import packs
from freddy_guard.git.objects import all_objects
from freddy_guard.git.plumbing import Git
from freddy_guard.model import Coverage
from freddy_guard.rules import RULES
from freddy_guard.sources import history
from freddy_guard.sources.attribution import Seen

SIGNS = Detector([rule for rule in RULES if rule.leaves_out is None])


def seen_in_stream(folder: Path, signs: Detector) -> Seen:
    """Read every object through git."""
    git, seen, coverage = Git(str(folder)), Seen(), Coverage()
    for item in all_objects(git, coverage):
        history._look(git, seen, signs, item)
    assert not [item for item in coverage.unread if item.reason != history._MISSING]
    return seen


def seen_in_pack(folder: Path, signs: Detector, jobs: int = 1) -> Seen:
    """Read the one pack as a file."""
    git, seen, coverage = Git(str(folder)), Seen(), Coverage()
    store = packs.open_store(folder / "objects")
    assert store is not None
    assert store.pack is not None
    look = partial(history._look, git, seen, signs)
    history.History(git, jobs)._read_new(store, None, seen, look, signs, coverage)
    assert not [item for item in coverage.unread if item.reason != history._MISSING]
    return seen


def told(seen: Seen) -> dict[str, list[str]]:
    """Return what was seen, to be compared."""
    return {
        "blobs": sorted(seen.blobs),
        "records": sorted(seen.records),
        "names": sorted(map(repr, seen.names)),
        "named": sorted(seen.named),
        "tags": sorted(seen.tags),
        "unread": sorted(seen.unread),
    }

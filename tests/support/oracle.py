"""What a scan sees in a history, object by object, by each of the two ways to read one."""

from __future__ import annotations

from pathlib import Path

from freddy_guard.detect import Detector
from freddy_guard.git.plumbing import Git
from freddy_guard.git.refs import list_refs
from freddy_guard.git.repository import open_repository
from freddy_guard.model import Coverage
from freddy_guard.rules import RULES
from freddy_guard.sources import history
from freddy_guard.sources.attribution import Seen

SIGNS = Detector([rule for rule in RULES if rule.leaves_out is None])


def seen_in_stream(folder: Path) -> Seen:
    """Read every object through git."""
    scan = _scan(folder)
    scan.read_all()
    return _seen(scan)


def seen_in_pack(folder: Path, jobs: int = 1) -> Seen:
    """Read the one pack as a file."""
    scan = _scan(folder)
    _, store = scan.open("")
    assert store is not None
    assert store.pack is not None
    scan.read_new(store, None, jobs)
    return _seen(scan)


def _scan(folder: Path) -> history.Scan:
    git, coverage = Git(str(folder)), Coverage()
    return history.Scan(git, open_repository(git), list_refs(git, coverage), SIGNS, coverage)


def _seen(scan: history.Scan) -> Seen:
    assert not [item for item in scan.coverage.unread if item.reason != history._MISSING]
    return scan.seen


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

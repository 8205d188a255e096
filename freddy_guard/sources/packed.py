"""Large packs, read as files: only what may hold a key is asked of git, and looked at as a whole.

A scanner that reads every version of every file reads the same bytes ten times over: git stores what changed. So the
records of a pack are inflated as they lie there, and searched as they are (`decode.seams` says why that suffices). What
shows a sign is read through git, and what can hand on a sign makes its descendants be read, too.
"""

from __future__ import annotations

import re
import signal
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, starmap
from typing import NamedTuple

from freddy_guard.git.objects import Object, some_objects
from freddy_guard.git.packs import BLOB, COMMIT, KINDS, TAG, TREE, Pack, Part
from freddy_guard.git.plumbing import Git
from freddy_guard.model import Coverage, Signs, Unread
from freddy_guard.sources.attribution import Seen

_PART = 16 << 20  # bytes of a pack that one task reads
_WORTH_IT = 4  # tasks for which another process is started: that takes as long as two of them
_BATCH = 1 << 19  # bytes searched at once: a call for each of a million small objects would cost more than the search
_GAP = b"\n\n\n\n"
_LINK = rb"(?:\n\n\n\ntree|\nparent) ([0-9a-f]{40})(?=\n)"  # a message can say that, too: what it names is asked for


class Sifted(NamedTuple):
    """What a part of a pack holds, by rank.

    `worth` are to be read as a whole, `unread` have to be; `carriers` need not, but what is made of them by a delta.
    `found` are whole blobs, with what was seen in them: whether something matches, and what of them cannot be read.
    """

    start: int
    counts: Counter[str]
    worth: list[int]
    unread: list[int]
    carriers: list[int]
    found: list[tuple[int, bool, list[Unread]]]
    bases: array[int]  # for each rank the offset of what it is a delta of, 0 for none
    links: bytes  # the ids that its commits name, their trees and parents, one after the other


def read_pack(
    git: Git, pack: Pack, signs: Signs, coverage: Coverage, seen: Seen, look: Callable[[Object], bool], jobs: int
) -> Iterator[bytes]:
    """Look at every object of a pack that may hold a key, enter it as seen, and yield the ids that its commits name.

    `look` does so for one object, and says whether what is made of it by a delta must be looked at, too.
    """
    worth, unread, carriers, children = set[int](), set[int](), list[int](), dict[int, list[int]]()
    for sifted in _in_processes([(part, signs) for part in _parts(pack)], jobs):
        coverage.read.update(sifted.counts)
        worth.update(sifted.worth)
        unread.update(sifted.unread)
        carriers += sifted.carriers
        for rank, matched, gaps in sifted.found:
            seen.blob(pack.oid(rank), matched, gaps)
        for rank, base in enumerate(sifted.bases, sifted.start):
            if base:
                children.setdefault(base, []).append(rank)
        yield sifted.links
    worth |= unread
    worth.update(child for rank in carriers for child in children.get(pack.offsets[rank], ()))
    done = set(worth)
    while worth:
        ranks = {pack.oid(rank): rank for rank in sorted(worth)}
        worth = set()
        for item in some_objects(git, ranks, coverage):
            rank = ranks[item.oid]
            if rank in unread:
                coverage.read[f"{item.kind}s"] += 1
                coverage.read["bytes"] += item.size
            if look(item):
                made = [child for child in children.get(pack.offsets[rank], ()) if child not in done]
                done.update(made)
                worth.update(made)


def _parts(pack: Pack) -> Iterator[Part]:
    start = 0
    while start < pack.count:
        end = bisect_left(pack.offsets, pack.offsets[start] + _PART, start + 1)
        yield pack.part(start, end)
        start = end


def _in_processes(tasks: Sequence[tuple[Part, Signs]], jobs: int) -> Iterator[Sifted]:
    if min(jobs, len(tasks) // _WORTH_IT) < 2:
        yield from starmap(sift, tasks)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Spawned, not forked: threads are running here, and elsewhere than on Linux there is no other way.
    pool = ProcessPoolExecutor(min(jobs, len(tasks) // _WORTH_IT), get_context("spawn"), _leave_interrupts)
    try:
        yield from pool.map(sift, *zip(*tasks, strict=True))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _leave_interrupts() -> None:
    """Die of an interrupt without a word: at a terminal it goes to all of us, and it is the parent's to tell."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def sift(part: Part, signs: Signs) -> Sifted:
    """Search a part of a pack. Runs in a process of its own, or in ours."""
    unread, bases = list[int](), array("Q")
    batches = {kind: _Batch(kind, signs) for kind in KINDS}
    for rank, kind, base, data in part.records():
        bases.append(base)
        if data is None or kind not in batches:
            unread.append(rank)
        else:
            batches[kind].add(rank, data, bool(base))
    counts: Counter[str] = Counter()
    for kind, batch in batches.items():
        batch.search()
        counts[f"{KINDS[kind]}s"] = batch.count
        counts["bytes"] += batch.size
    worth = [rank for batch in batches.values() for rank in batch.worth]
    carriers = [rank for batch in batches.values() for rank in batch.carriers]
    found = batches[BLOB].found
    return Sifted(part.start, +counts, worth, unread, carriers, found, bases, bytes(batches[COMMIT].links))


class _Batch:
    """Objects and deltas of one kind, collected until there is enough to search."""

    def __init__(self, kind: int, signs: Signs) -> None:
        self._kind, self._signs = kind, signs
        self._ranks: list[int] = []
        self._texts: list[bytes] = []
        self._changes: list[bool] = []  # it is a delta
        self._waiting = self.count = self.size = 0
        self.worth: list[int] = []
        self.carriers: list[int] = []
        self.found: list[tuple[int, bool, list[Unread]]] = []
        self.links = bytearray()

    def add(self, rank: int, data: bytes, change: bool) -> None:
        self._ranks.append(rank)
        self._texts.append(data)
        self._changes.append(change)
        self._waiting += len(data)
        if self._waiting > _BATCH:
            self.search()

    def search(self) -> None:
        if self._kind == TAG:
            self.worth += self._ranks  # there are few, and what each points to is asked for
        else:
            for index, places in self._shown().items():
                self._judge(index, places)
        self.count += len(self._ranks)
        self.size += self._waiting
        for collected in (self._ranks, self._texts, self._changes):
            collected.clear()
        self._waiting = 0

    def _shown(self) -> dict[int, list[int]]:
        """Return which texts show something, and where in them."""
        data = _GAP.join(self._texts)
        starts = list(accumulate((len(text) + len(_GAP) for text in self._texts), initial=0))
        found: dict[int, list[int]] = {}
        for at in self._signs.in_tree_deltas(data) if self._kind == TREE else self._signs.in_deltas(data):
            index = bisect_right(starts, at) - 1
            found.setdefault(index, []).append(at - starts[index])
        if self._kind == BLOB:
            for index in self._signs.in_heads(self._texts):
                found.setdefault(index, []).append(0)
        if self._kind == COMMIT:
            self.links += bytes.fromhex(b"".join(re.findall(_LINK, _GAP + data)).decode())
        return found

    def _judge(self, index: int, places: Sequence[int]) -> None:
        text, rank = self._texts[index], self._ranks[index]
        if self._changes[index]:
            if self._signs.stand(text, sorted(places)):
                self.worth.append(rank)
        elif self._kind != BLOB:
            self.worth.append(rank)
        else:
            matched, gaps = self._signs.looked(text)
            if matched or gaps:
                self.found.append((rank, matched, gaps))
            if self._signs.hands_on(text):
                self.carriers.append(rank)

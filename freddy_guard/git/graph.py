"""The commit graph, built from raw commits: an order in which parents come first, and who reaches whom."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping

from freddy_guard.git.objects import Commit


class CommitGraph:
    """All commits of a database, reachable or not, as the commits themselves tell it: no grafts, no replacements."""

    def __init__(self) -> None:
        self._parents: dict[str, tuple[str, ...]] = {}
        self._time: dict[str, int] = {}

    def add(self, oid: str, commit: Commit) -> None:
        """Enter a commit."""
        self._parents[oid] = commit.parents
        self._time[oid] = commit.time

    def __contains__(self, oid: str) -> bool:
        return oid in self._parents

    def parents(self, oid: str) -> tuple[str, ...]:
        """Return the parents of a commit that are in the database: a shallow clone lacks some."""
        return tuple(parent for parent in self._parents[oid] if parent in self._parents)

    def ordered(self) -> list[str]:
        """Return all commits, parents before children, otherwise by committer's date."""
        waiting = {oid: len(set(self.parents(oid))) for oid in self._parents}
        children: dict[str, list[str]] = {}
        for oid in self._parents:
            for parent in set(self.parents(oid)):
                children.setdefault(parent, []).append(oid)
        heap = [(self._time[oid], oid) for oid, count in waiting.items() if not count]
        heapq.heapify(heap)
        order = []
        while heap:
            _, oid = heapq.heappop(heap)
            order.append(oid)
            for child in children.get(oid, ()):
                waiting[child] -= 1
                if not waiting[child]:
                    heapq.heappush(heap, (self._time[child], child))
        return order

    def reached_by(self, order: Iterable[str], tips: Mapping[str, str]) -> dict[str, int]:
        """Return for each commit, given parents first, the set of refs that reach it: bit i for the i-th of `tips`."""
        reach = dict.fromkeys(self._parents, 0)
        shared: dict[int, int] = {}  # equal sets are one object: a history has few different ones
        for bit, tip in enumerate(tips.values()):
            if tip in reach:
                reach[tip] |= 1 << bit
        for oid in reversed(list(order)):
            mine = reach[oid]
            for parent in self.parents(oid):
                joined = reach[parent] | mine
                reach[parent] = shared.setdefault(joined, joined)
        return reach

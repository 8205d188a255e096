"""Compares the two ways to read a history, object by object: python bench/oracle.py [REPOSITORY...].

On random histories (`tests/support/seams.py`), whose one pack is read as a file and as git's stream of all objects, or
on the repositories named. Prints what they saw and every difference, and fails if there is one.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from freddy_guard.git import packs
from tests.support.oracle import seen_in_pack, seen_in_stream, told
from tests.support.seams import history


def main() -> int:
    """Compare. Returns 1 for any difference."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("repositories", nargs="*", type=Path, metavar="REPOSITORY", help="bare repositories")
    parser.add_argument("--count", type=int, default=1000, help="random histories [1000]")
    parser.add_argument("--seed", type=int, default=0, help="the first seed [0]")
    options = parser.parse_args()
    packs._MANY = 1
    seen: Counter[str] = Counter()
    different = 0
    for repository in options.repositories:
        different += _differs(repository, str(repository), seen)
    for seed in range(options.seed, options.seed + (0 if options.repositories else options.count)):
        folder = Path(tempfile.mkdtemp())
        try:
            history(seed, folder)
            different += _differs(folder, f"seed {seed}", seen)
        finally:
            shutil.rmtree(folder)
    print(f"{different} different; seen: {dict(seen)}")
    return 1 if different else 0


def _differs(folder: Path, name: str, seen: Counter[str]) -> bool:
    stream, pack = told(seen_in_stream(folder)), told(seen_in_pack(folder))
    seen["repositories"] += 1
    for kind, objects in stream.items():
        seen[kind] += len(objects)
        if objects != pack[kind]:
            print(f"{name}: {kind}: {sorted(set(objects) ^ set(pack[kind]))}")
    return stream != pack


if __name__ == "__main__":
    sys.exit(main())

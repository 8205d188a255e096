"""CPU on text that is made to keep decoders busy: python bench/worst.py.

Each pattern of tests/decode/worst.py fills files of a growing size. Shown is what takes longer than the bar on the
largest, or more than twice as long on twice as much.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from freddy_guard.detect import Detector
from freddy_guard.model import Document, Origin, Unread
from freddy_guard.rules import RULES
from tests.decode.worst import PATTERNS, grown

BAR = 5.0  # seconds of CPU
GROWTH, NOTHING = 2.6, 0.3  # times as long for twice as much; seconds that are not worth comparing


def main() -> int:
    """Measure every pattern. Returns 1 when one is over the bar, or grows faster than its size."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=16, metavar="MB", help="of the largest file [16]")
    size = parser.parse_args().size << 20
    detector, wrong, slowest = Detector(RULES), 0, 0.0
    for pattern in PATTERNS:
        half, whole = (_seconds(detector, grown(pattern, part)) for part in (size // 2, size))
        slowest = max(slowest, whole)
        if whole > BAR or (whole > NOTHING and whole > GROWTH * half):
            wrong += 1
            _say(f"{pattern[:40]!r:50} {half:6.2f} s, {whole:6.2f} s for twice as much")
    _say(f"{len(PATTERNS)} patterns of {size >> 20} MB: {wrong} wrong, the slowest takes {slowest:.1f} s")
    return 1 if wrong else 0


def _seconds(detector: Detector, data: bytes) -> float:
    unread: list[Unread] = []
    started = time.process_time()
    detector.find(Document(data, Origin(path="case")), unread)
    return time.process_time() - started


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())

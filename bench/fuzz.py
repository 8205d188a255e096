"""Feeds the detector with broken archives and encoded files: python bench/fuzz.py --count 10000 --seed 1.

The files are those of the recall test (tests/places), each broken at random, several times over. They are read in a
child process with a limit of memory; a file that takes more than five seconds gets the child killed, and the next one
goes on behind it. Printed are crashes, hangs and the peak of memory; a case is made again with `--only NUMBER`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sys
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from freddy_guard.detect import Detector
from freddy_guard.model import Document, Origin, Unread
from freddy_guard.rules import RULES
from tests.places.families import FAMILIES
from tests.places.model import Draw
from tests.support.mutations import mutated

MEMORY = 1 << 30  # bytes that a child may map; Python and its libraries take some 200 MB of that
SECONDS = 5.0
LARGEST = 300_000  # bytes of a file that is worth to be broken
SKIPPED = ("texts", "edges", "names", "noise")


class Answer(NamedTuple):
    """What became of one case: seconds and peak of memory in kB; an error where it crashed."""

    number: int
    seconds: float
    peak: int
    error: str = ""


def main() -> int:
    """Run all cases. Returns 1 when one crashed or hung."""
    options = _options()
    if options.only is not None:
        sys.stdout.buffer.write(Cases(options.seed).case(options.only))
        return 0
    crashes, hangs, peak, slowest, left = 0, 0, 0, Answer(0, 0, 0), range(options.count)
    while left:
        last = left.start - 1
        for answer in _answers(left, options.seed):
            last, peak, slowest = answer.number, max(peak, answer.peak), max(slowest, answer, key=lambda a: a.seconds)
            if answer.error:
                crashes += 1
                _say(f"case {answer.number} crashes:\n{answer.error}")
        if last + 1 < left.stop:  # the next one got no answer
            hangs += 1
            last += 1
            _say(f"case {last} hangs, or takes the process down")
        left = range(last + 1, left.stop)
    _say(f"{options.count:,} cases: {crashes} crashes, {hangs} hangs, peak {peak / 1024:.0f} MB,")
    _say(f"slowest {slowest.seconds:.2f} s (case {slowest.number})")
    return 1 if crashes or hangs else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=1000, help="how many cases [1000]")
    parser.add_argument("--seed", type=int, default=1, help="another seed breaks other files otherwise [1]")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="write the file of this case to stdout, and end")
    return parser.parse_args()


class Cases:
    """The broken files, by number."""

    def __init__(self, seed: int) -> None:
        families = (family(Draw(f"fuzz {seed}")) for name, family in FAMILIES.items() if name not in SKIPPED)
        places = (place for family in families for place in family if place.key)
        self._files = [place.data for place in places if len(place.data) < LARGEST]
        self._seed = seed

    def case(self, number: int) -> bytes:
        """Return the file of a case."""
        rng = random.Random(f"{self._seed} {number}")  # noqa: S311 - the same case in every run is the point
        return mutated(rng.choice(self._files), self._files, rng)


def _answers(numbers: range, seed: int) -> list[Answer]:
    """Return the answers of a child: of all cases, or of those before it hung or died."""
    here, there = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("spawn").Process(target=_work, args=(there, numbers, seed), daemon=True)
    child.start()
    there.close()
    answers: list[Answer] = []
    try:
        here.recv()  # it is ready
        while len(answers) < len(numbers) and here.poll(SECONDS):
            answers.append(here.recv())
    except EOFError:
        pass
    child.kill()
    child.join()
    return answers


def _work(pipe: Connection, numbers: range, seed: int) -> None:
    cases, detector = Cases(seed), Detector(RULES)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    pipe.send(None)
    for number in numbers:
        data, error, started = cases.case(number), "", time.monotonic()
        try:
            _look(detector, data)
        except BaseException:
            error = traceback.format_exc(limit=-6)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        pipe.send(Answer(number, time.monotonic() - started, peak, error))


def _look(detector: Detector, data: bytes) -> None:
    unread: list[Unread] = []
    for finding in detector.find(Document(data, Origin(path="case")), unread):
        start, end = finding.region
        if not 0 <= start.offset <= end.offset <= len(data):
            raise AssertionError(f"a finding that points out of the file, via {finding.via}")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())

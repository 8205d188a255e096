"""Prints what is found of every kind of place: python -m tests.places --help."""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor

from tests.places.model import MODES, Outcome
from tests.places.runner import JOBS, run


def main() -> int:
    options = _options()
    started = time.monotonic()
    family = (options.kind or "").split("/")[0]
    chosen = [job for job in JOBS if job.mode in (options.mode or MODES)]
    chosen = [job for job in chosen if re.fullmatch(family, job.family)] or chosen
    with ProcessPoolExecutor(options.jobs) as pool:
        runs = [(job.family, pool.submit(run, job, options.seed)) for job in chosen]
        outcomes = [o._replace(kind=f"{name}/{o.kind}") for name, future in runs for o in future.result()]
    outcomes = [outcome for outcome in outcomes if re.search(options.kind or "", outcome.kind)]
    _table(outcomes, options.level)
    wrong = [outcome for outcome in outcomes if not outcome.right or outcome.detail]
    _told(wrong)
    bad = [outcome for outcome in wrong if not outcome.right and (outcome.alarm or not outcome.reach)]
    _say(f"\nseed {options.seed}, {time.monotonic() - started:.1f} s, {len(bad)} wrong")
    return 1 if bad else 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.places", description=__doc__)
    parser.add_argument("--mode", action="append", choices=MODES, help="only this mode (may be given several times)")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws other keys and other places [1]")
    parser.add_argument("--kind", metavar="PATTERN", help="only kinds that this regular expression matches")
    parser.add_argument("--level", type=int, default=2, help="how many parts of a kind the table shows [2]")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes [one per processor]")
    return parser.parse_args()


def _table(outcomes: Iterable[Outcome], level: int) -> None:
    cells: dict[str, dict[str, list[Outcome]]] = defaultdict(lambda: defaultdict(list))
    for outcome in outcomes:
        kind = "/".join(outcome.kind.split("/")[:level]) + (" (reach)" if outcome.reach else "")
        for name in (kind, "TOTAL (reach)" if outcome.reach else "TOTAL"):
            cells[name][outcome.mode].append(outcome)
    width = max((len(kind) for kind in cells), default=0)
    _say(f"{'':{width}}" + "".join(f"{mode:>12}" for mode in MODES))
    for kind in sorted(cells, key=lambda kind: (kind.startswith("TOTAL"), kind)):
        row = (cells[kind].get(mode, []) for mode in MODES)
        shown = (f"{sum(o.right for o in cell)}/{len(cell)}" if cell else "-" for cell in row)
        _say(f"{kind:{width}}" + "".join(f"{cell:>12}" for cell in shown))


def _told(wrong: Iterable[Outcome]) -> None:
    """Print every wrong outcome, those that are the same in several modes as one line."""
    modes: dict[tuple[bool, str, str, str], list[str]] = defaultdict(list)
    for outcome in wrong:
        what = "FALSE ALARM" if outcome.alarm else "astray" if outcome.found else "missed"
        detail = outcome.detail if outcome.alarm else ""
        modes[outcome.reach, what, outcome.kind, detail].append(outcome.mode)
    for (reach, what, kind, detail), where in sorted(modes.items()):
        _say(f"{what}{' (reach)' if reach else ''}: {kind} [{' '.join(where)}] {detail}".rstrip())


if __name__ == "__main__":
    sys.exit(main())

"""Every kind of place, in every mode: all that are not marked (reach) are found, and no look-alike is."""

from __future__ import annotations

import pytest

from tests.places.model import MODES
from tests.places.runner import JOBS, Job, run

SEED = 2026
REACH = 0.6


@pytest.mark.parametrize("job", JOBS, ids=str)
def test_places(job: Job) -> None:
    outcomes = run(job, SEED)
    assert [(outcome.kind, outcome.detail) for outcome in outcomes if outcome.alarm] == []
    assert [outcome.kind for outcome in outcomes if not outcome.found and not outcome.reach] == []
    assert [(outcome.kind, outcome.detail) for outcome in outcomes if outcome.detail.startswith("points at")] == []


@pytest.mark.parametrize("mode", MODES)
def test_most_of_what_no_scanner_reaches(mode: str) -> None:
    jobs = [job for job in JOBS if job.mode == mode and not job.scene]
    outcomes = [outcome for job in jobs for outcome in run(job, SEED, lambda place: place.reach)]
    missed = [outcome.kind for outcome in outcomes if not outcome.found]
    assert len(missed) <= (1 - REACH) * len(outcomes), missed

"""Every kind of place, in every mode: all that are not marked (reach) are found, and no look-alike is."""

from __future__ import annotations

import pytest

from tests.places.runner import JOBS, Job, run

SEED = 2026
REACH = 0.6


@pytest.mark.parametrize("job", JOBS, ids=str)
def test_places(job: Job) -> None:
    outcomes = run(job, SEED)
    assert [(outcome.kind, outcome.detail) for outcome in outcomes if outcome.alarm] == []
    assert [outcome.kind for outcome in outcomes if not outcome.found and not outcome.reach] == []


@pytest.mark.parametrize("mode", ["files"])
def test_most_of_what_no_scanner_reaches(mode: str) -> None:
    outcomes = [outcome for job in JOBS if job.mode == mode and not job.scene for outcome in run(job, SEED)]
    beyond = [outcome for outcome in outcomes if outcome.reach]
    missed = [outcome.kind for outcome in beyond if not outcome.found]
    assert len(missed) <= (1 - REACH) * len(beyond), missed

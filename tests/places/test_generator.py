"""The generator itself: every place that it makes does hold its key, for who reads it as it is meant to be read."""

from __future__ import annotations

import pytest

from tests.places.families import FAMILIES
from tests.places.model import Draw, Place


@pytest.mark.parametrize("name", FAMILIES)
def test_each_place_holds_its_key(name: str) -> None:
    places = list(FAMILIES[name](Draw(f"proof {name}")))
    assert [place.kind for place in places if place.key and not _holds(place)] == []
    assert len({place.kind for place in places}) == len(places), "a kind is named twice"


def _holds(place: Place) -> bool:
    return place.key in place.path or place.key.encode() in place.proof(place.data)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_seed_gives_the_same_places_every_time(name: str) -> None:
    first, second = ([place._replace(proof=bytes) for place in FAMILIES[name](Draw(f"again {name}"))] for _ in range(2))
    assert first == second

"""Every family of places: those that are files, and those that are scenes made with git."""

from __future__ import annotations

from tests.places import base64s, edges, encodings, escapes, splits, texts, wide
from tests.places.model import Family
from tests.places.stage import Scene

FAMILIES: dict[str, Family] = {
    "texts": texts.places,
    "edges": edges.places,
    "escapes": escapes.places,
    "base64": base64s.places,
    "encodings": encodings.places,
    "wide": wide.places,
    "splits": splits.places,
}
SCENES: dict[str, tuple[tuple[str, ...], tuple[Scene, ...]]] = {}

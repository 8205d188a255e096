"""Every family of places: those that are files, and those that are scenes made with git."""

from __future__ import annotations

from tests.places import (
    archives,
    base64s,
    binaries,
    documents,
    edges,
    encodings,
    escapes,
    folders,
    git_config,
    git_history,
    images,
    index,
    index_hooks,
    names,
    negatives,
    splits,
    storage,
    stores,
    texts,
    wide,
)
from tests.places.model import FILES, MODES, Family
from tests.places.stage import Scene

FAMILIES: dict[str, Family] = {
    "texts": texts.places,
    "edges": edges.places,
    "escapes": escapes.places,
    "base64": base64s.places,
    "encodings": encodings.places,
    "wide": wide.places,
    "splits": splits.places,
    "archives": archives.places,
    "images": images.places,
    "documents": documents.places,
    "binaries": binaries.places,
    "stores": stores.places,
    "names": names.places,
    "look-alikes": negatives.look_alikes,
    "look-alikes encoded": negatives.encoded,
    "noise": negatives.noise,
}
SCENES: dict[str, tuple[tuple[str, ...], dict[str, Scene]]] = {
    "folders": ((FILES,), folders.ON_DISK),
    "history": (git_history.MODES, git_history.SCENES),
    "config": (git_config.MODES, git_config.SCENES),
    "storage": (storage.MODES, storage.SCENES),
    "index": (index.MODES, index.SCENES),
    "hooks": (index_hooks.MODES, index_hooks.SCENES),
    "bulk": (MODES, folders.IN_BULK),
}

"""What earlier scans of a history read and found, so that the next one reads only what is new.

Kept beside the objects, in the git directory, and only of repositories with a large pack: others are read in a blink.
Nothing of a key is in it: the ids of objects, and where in the history they stand.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from freddy_guard.model import Origin, Place
from freddy_guard.secret import Secret
from freddy_guard.sources.attribution import Found

_OID = 20  # bytes
_FORMAT = 1
_TOKEN, _MASK = re.compile(r"ak_[A-Za-z0-9]{20,}"), re.compile(r"sha256:[0-9a-f]{64}")
_FOLDER, _NAME = "freddy-guard", "history"
_LEFTOVER = 3600.0  # seconds after which a file of a scan that was killed goes


class DamagedError(Exception):
    """What was kept is not what was written."""


class Memory(NamedTuple):
    """What was read: all of some packs, and other objects. `kept` names the files with the ids of large packs.

    `worth` are the objects in which something was found, `failed` those that could not be read. `places` says where
    the finds stand while the refs are `refs` (name -> object), with fingerprints for keys in names.
    """

    folder: Path
    packs: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    kept: tuple[tuple[str, str], ...] = ()  # name and digest
    total: int = 0
    worth: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    refs: tuple[tuple[str, str], ...] = ()
    places: tuple[Found, ...] = ()

    def ids(self) -> set[bytes]:
        """Return the ids of all objects that were read. Raises DamagedError and OSError."""
        found = {bytes.fromhex(oid) for oid in self.others}
        for name, digest in self.kept:
            data = (self.folder / name).read_bytes()
            if hashlib.sha256(data).hexdigest() != digest:
                raise DamagedError
            found.update(data[at : at + _OID] for at in range(0, len(data), _OID))
        return found


def recall(git_dir: Path, signature: str) -> Memory | None:
    """Return what was kept, None where there is nothing, or it was found by other rules. Raises DamagedError."""
    folder = git_dir / _FOLDER
    try:
        first, _, body = (folder / f"{_NAME}.json").read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(body).hexdigest().encode() != first:
        raise DamagedError
    try:
        kept: dict[str, Any] = json.loads(body)
        return _memory(folder, kept) if (kept["format"], kept["signature"]) == (_FORMAT, signature) else None
    except (ValueError, LookupError, TypeError):
        raise DamagedError from None


def _memory(folder: Path, kept: dict[str, Any]) -> Memory:
    return Memory(
        folder,
        frozenset(kept["packs"]),
        frozenset(kept["others"]),
        tuple((name, digest) for name, digest in kept["kept"]),
        kept["total"],
        tuple(kept["worth"]),
        tuple(kept["failed"]),
        tuple((name, oid) for name, oid in kept["refs"]),
        tuple(_found(*place) for place in kept["places"]),
    )


def remember(memory: Memory, signature: str) -> None:
    """Keep this instead of what was kept. Where that can't be written nothing is kept, and the next scan reads all."""
    places = [_packed(found) for found in memory.places or ()]
    if _TOKEN.search(json.dumps(places, ensure_ascii=False)):  # in a name, and not as it was masked
        return
    body = json.dumps(
        {
            "format": _FORMAT,
            "signature": signature,
            "packs": sorted(memory.packs),
            "others": sorted(memory.others),
            "kept": memory.kept,
            "total": memory.total,
            "worth": memory.worth,
            "failed": memory.failed,
            "refs": [(_TOKEN.sub(_mask, name), oid) for name, oid in memory.refs],
            "places": places,
        }
    ).encode()
    try:
        _write(memory.folder / f"{_NAME}.json", hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        _tidy(memory)
    except OSError:
        return


def keep_ids(folder: Path, pack: str, oids: Iterable[bytes]) -> tuple[str, str] | None:
    """Keep the ids of a large pack in a file of their own; return its name and digest, None where it can't be written.

    They are needed once, after git has packed the objects anew.
    """
    data = b"".join(oids)
    try:
        _write(folder / f"{pack}.ids", data)
    except OSError:
        return None
    return f"{pack}.ids", hashlib.sha256(data).hexdigest()


def folder_of(git_dir: Path) -> Path:
    """Return where a scan of this repository keeps what it read."""
    return git_dir / _FOLDER


def _write(path: Path, data: bytes) -> None:
    """Write a file aside and rename it: whoever reads it, and whenever we die, it is whole."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".tmp")  # for nobody but us
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _tidy(memory: Memory) -> None:
    """Remove what nothing refers to any more, unless another scan may just be writing it."""
    wanted = {f"{_NAME}.json", *(name for name, _ in memory.kept)}
    for file in memory.folder.iterdir():
        if file.name not in wanted and time.time() - file.stat().st_mtime > _LEFTOVER:
            file.unlink(missing_ok=True)


def unmasked(places: Sequence[Found], names: Iterable[str]) -> list[Found] | None:
    """Return the places with keys in them again, which stand in these names; None where one of them is missing."""
    keys = {_mask(token): token[0] for name in names for token in _TOKEN.finditer(name)}

    def unmask(text: str) -> str:
        return _MASK.sub(lambda mask: keys.get(mask[0], mask[0]), text)

    found = [place._replace(origin=_changed(place.origin, unmask)) for place in places]
    return None if any(_MASK.search("\0".join(_texts(place.origin))) for place in found) else found


def _mask(token: re.Match[str]) -> str:
    return f"sha256:{Secret(token[0].encode()).fingerprint}"


def _texts(origin: Origin) -> tuple[str, ...]:
    return (origin.path, origin.author, *origin.refs)


def _changed(origin: Origin, change: Callable[[str], str]) -> Origin:
    path, author, *refs = map(change, _texts(origin))
    return origin._replace(path=path, author=author, refs=tuple(refs))


def _packed(found: Found) -> list[object]:
    origin = _changed(found.origin, lambda text: _TOKEN.sub(_mask, text))
    return [found.oid, {**origin._asdict(), "place": origin.place.value}, found.unread]


def _found(oid: str, origin: dict[str, Any], unread: list[tuple[str, str]]) -> Found:
    known = {**origin, "place": Place(origin["place"]), "refs": tuple(origin["refs"])}
    return Found(oid, Origin(**known), tuple((what, reason) for what, reason in unread))

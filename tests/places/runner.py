"""Builds the places of a family for a mode, scans them once, and says what was found."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.places.families import FAMILIES, SCENES
from tests.places.model import FILES, HISTORY, STAGED, Claim, Draw, Outcome, Place
from tests.places.repo import Repo
from tests.places.stage import NoReport, Run, Scene, Stage, judge, report_of

JOBS = [(name, mode) for name in FAMILIES for mode in (FILES, STAGED, HISTORY)]
JOBS += [(name, mode) for name, (modes, _) in SCENES.items() for mode in modes]


def run(name: str, mode: str, seed: int) -> list[Outcome]:
    """Return what became of every place of a family in a mode."""
    if name in FAMILIES:
        return _survived(mode, lambda root: _places(root, mode, list(FAMILIES[name](Draw(f"{seed} {name}")))))
    return [outcome for scene in SCENES[name][1] for outcome in _scene(scene, mode, Draw(f"{seed} {scene.__name__}"))]


def _scene(scene: Scene, mode: str, draw: Draw) -> list[Outcome]:
    def play(root: Path) -> list[Outcome]:
        stage = Stage(root, mode, draw)
        result = scene(stage)
        return judge(stage.claims, report_of(result, mode), mode, {})

    return _survived(mode, play)


def _survived(mode: str, play: Callable[[Path], list[Outcome]]) -> list[Outcome]:
    """Play in a folder of its own. A scan that breaks down is an outcome too, and the worst."""
    with tempfile.TemporaryDirectory(prefix="places-", ignore_cleanup_errors=True) as folder:
        try:
            return play(Path(folder).resolve())
        except NoReport as error:
            return [Outcome("the scan breaks down", mode, False, alarm=True, detail=str(error))]


def _places(root: Path, mode: str, places: list[Place]) -> list[Outcome]:
    told = [(f"p{number:04}", place) for number, place in enumerate(places) if mode in place.modes]
    repo = Repo.init(root / "repo") if mode != FILES else Repo(root / "repo")
    for folder, place in told:
        write(repo.path, f"{folder}/{place.path}", place)
    if mode != FILES:
        repo.git("add", "-f", "-A")
    if mode == HISTORY:
        repo.commit("all of it", stage=False)
        repo.git("read-tree", "--empty")
        repo.commit("nothing is left", stage=False)
    claims = [claim for folder, place in told for claim in claims_of(folder, place)]
    quiet = {folder: place.kind for folder, place in told if not place.key}
    report = report_of(Run(repo.path), mode)
    allowed = {folder for folder, place in told if place.near_miss}
    report["findings"] = [
        f for f in report["findings"] if not (f["rule"] == "FG102" and f["path"].split("/")[0] in allowed)
    ]
    return judge(claims, report, mode, quiet)


def write(root: Path, path: str, place: Place) -> None:
    """Put a place on disk. Its path may be longer than the system takes at once: we go there step by step."""
    target = os.fsencode(os.path.join(root, path))
    folder, _, name = target.rpartition(b"/")
    if len(target) < 1000:
        os.makedirs(folder, exist_ok=True)
    else:
        here = os.getcwd()
        os.chdir(root)
        for part in os.fsencode(path).split(b"/")[:-1]:
            os.makedirs(part, exist_ok=True)
            os.chdir(part)
        target = name
    if place.link:
        os.symlink(place.data, target)
    else:
        with open(target, "wb") as file:
            file.write(place.data)
    if target is name:
        os.chdir(here)


def claims_of(folder: str, place: Place) -> Iterable[Claim]:
    """Return what a place claims. Where its anchor stands in the file, a finding must point at it."""
    if not place.key:
        return
    yield Claim(place.kind, place.key, place.reach, lines=_lines(f"{folder}/{place.path}", place))
    for kind, key in place.also:
        yield Claim(kind, key, place.reach)


def _lines(path: str, place: Place) -> tuple[str, int, int] | None:
    anchor = place.anchor or place.key.encode()
    start = place.data.find(anchor)
    if start < 0 or place.link:
        return None
    before = place.data[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
    within = anchor.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
    return path, before + 1, before + 1 + within

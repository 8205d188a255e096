"""Builds the places of a family for a mode, scans them once, and says what was found."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from tests.places.families import FAMILIES, SCENES
from tests.places.model import FILES, HISTORY, MODES, Claim, Draw, Outcome, Place
from tests.places.repo import Repo
from tests.places.stage import NoReportError, Run, Scene, Stage, judge, report_of


class Job(NamedTuple):
    """What is built and scanned in one go: the places of a family, or one scene."""

    family: str
    mode: str
    scene: str = ""

    def __str__(self) -> str:
        return "-".join(part for part in (self.family, self.scene, self.mode) if part)


JOBS = [Job(family, mode) for family in FAMILIES for mode in MODES]
JOBS += [Job(family, mode, name) for family, (modes, scenes) in SCENES.items() for mode in modes for name in scenes]


def run(job: Job, seed: int, wanted: Callable[[Place], bool] = bool) -> list[Outcome]:
    """Return what became of every place of a job, or of those that are wanted."""
    draw = Draw(f"{seed} {job.family} {job.scene}")
    if job.scene:
        outcomes = _scene(SCENES[job.family][1][job.scene], job.mode, draw)
        return [outcome._replace(kind=f"{job.scene}/{outcome.kind}") for outcome in outcomes]
    places = [place for place in FAMILIES[job.family](draw) if wanted(place)]
    return _survived(job.mode, lambda root: _places(root, job.mode, places)) if places else []


def _scene(scene: Scene, mode: str, draw: Draw) -> list[Outcome]:
    def play(root: Path) -> list[Outcome]:
        stage = Stage(root, mode, draw)
        result = scene(stage)
        outcomes = judge(stage.claims, report_of(result, mode), mode, {})
        return outcomes + [Outcome(kind, mode, holds()) for kind, holds in stage.checks]

    return _survived(mode, play)


def _survived(mode: str, play: Callable[[Path], list[Outcome]]) -> list[Outcome]:
    """Play in a folder of its own. A scan that breaks down is an outcome too, and the worst."""
    with tempfile.TemporaryDirectory(prefix="places-", ignore_cleanup_errors=True) as folder:
        try:
            return play(Path(folder).resolve())
        except NoReportError as error:
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
    return judge(claims, report_of(Run(repo.path), mode), mode, dict(told))


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
    if start < 0 or place.link or place.key in path or not (path.isascii() and path.isprintable()):
        return None
    before = place.data[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
    within = anchor.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
    return path, before + 1, before + 1 + within

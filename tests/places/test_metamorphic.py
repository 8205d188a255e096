"""What must not matter: how a repository is stored and configured, where a key stands, what a file is called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.places import archives, base64s, documents, encodings, git_history, splits, stores, texts, wide
from tests.places.git_config import SETTINGS
from tests.places.model import FILES, HISTORY, MODES, STAGED, Draw, Family, Place
from tests.places.repo import Repo
from tests.places.runner import write
from tests.places.stage import Run, Stage, report_of

Seen = set[tuple[Any, ...]]
FAMILIES: tuple[Family, ...] = (
    texts.places,
    base64s.places,
    encodings.places,
    wide.places,
    splits.places,
    archives.places,
    documents.places,
    stores.places,
)


def _findings(path: Path, mode: str, *fields: str) -> Seen:
    report = report_of(Run(path), mode)
    names = fields or ("rule", "severity", "fingerprint", "path", "line", "column", "place", "commit")
    return {tuple(str(finding[name]) for name in names) for finding in report["findings"]}


@pytest.fixture(scope="module")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Return a repository in which all kinds of things have happened, and nothing is unreachable."""
    stage = Stage(tmp_path_factory.mktemp("eventful"), HISTORY, Draw("eventful"))
    repo = stage.repo()
    for act in (git_history.edits, git_history.refs, git_history.tags, git_history.messages, git_history.merges):
        act(stage, repo)
    for number, place in enumerate(_sample(60)):
        write(repo.path, f"p{number:03}/{place.path}", place)
    repo.commit("places")
    repo.git("rm", "-q", "-r", "p0*")
    repo.commit("no places", stage=False)
    repo.git("reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all")
    repo.git("prune", "--expire=now")
    return repo


def _sample(size: int) -> list[Place]:
    draw = Draw("sample")
    places = [place for family in FAMILIES for place in family(draw) if len(place.data) < 100_000]
    return draw.random.sample(places, size)


@pytest.fixture(scope="module")
def expected(eventful: Repo) -> Seen:
    found = _findings(eventful.path, HISTORY)
    assert len(found) > 100
    return found


def _copied(repo: Repo, path: Path) -> Repo:
    repo.git("clone", "-q", "--mirror", "--no-local", str(repo.path), str(path))
    return Repo(path)


STORED: dict[str, Callable[[Repo], object]] = {
    "one pack": lambda repo: repo.git("repack", "-a", "-d", "-f", "-q", "--depth=50"),
    "no deltas": lambda repo: repo.git("repack", "-a", "-d", "-f", "-q", "--depth=0", "--window=0"),
    "gc": lambda repo: repo.git("gc", "-q", "--aggressive", "--prune=now"),
    "packs in an index": lambda repo: repo.git("repack", "-q", "-d", "-g2", "--write-midx", "--write-bitmap-index"),
    "packed refs": lambda repo: repo.git("pack-refs", "--all"),
    "commit graph": lambda repo: repo.git("commit-graph", "write", "--reachable", "--changed-paths"),
    "loose": lambda repo: _unpack(repo),
}


def _unpack(repo: Repo) -> None:
    folder = repo.path / "objects" / "pack"
    for pack in sorted(folder.glob("*.pack")):
        data = pack.read_bytes()
        for file in folder.glob(f"{pack.stem}.*"):
            file.unlink()
        repo.raw("unpack-objects", "-q", stdin=data)


@pytest.mark.parametrize("name", STORED)
def test_storage_does_not_matter(name: str, eventful: Repo, expected: Seen, tmp_path: Path) -> None:
    copy = _copied(eventful, tmp_path / "copy.git")
    STORED[name](copy)
    assert _findings(copy.path, HISTORY) == expected


@pytest.mark.parametrize("name", SETTINGS)
def test_configuration_does_not_matter(name: str, eventful: Repo, expected: Seen, tmp_path: Path) -> None:
    copy = _copied(eventful, tmp_path / "copy.git")
    copy.config(*((setting, value.format(tmp_path)) for setting, value in SETTINGS[name]))
    assert _findings(copy.path, HISTORY) == expected


def test_a_clone_knows_what_its_branches_and_tags_hold(eventful: Repo, expected: Seen, tmp_path: Path) -> None:
    eventful.git("clone", "-q", "--no-local", str(eventful.path), str(tmp_path / "clone"))
    eventful.git("clone", "-q", "--no-local", "--bare", str(eventful.path), str(tmp_path / "clone.git"))
    clone, bare = (_findings(tmp_path / name, HISTORY, "fingerprint") for name in ("clone", "clone.git"))
    assert clone <= {(finding[2],) for finding in expected}
    assert bare == clone


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: str(family.__module__).rpartition(".")[2])
def test_all_modes_see_the_same(family: Family, tmp_path: Path) -> None:
    places = [place for place in family(Draw("modes")) if len(place.data) < 100_000]
    repo = Repo.init(tmp_path / "repo")
    for number, place in enumerate(places):
        write(repo.path, f"p{number:04}/{place.path}", place)
    fields = ("rule", "severity", "fingerprint", "path", "line", "column", "via")
    seen = {FILES: _findings(repo.path, FILES, *fields)}
    repo.add()
    seen[STAGED] = _findings(repo.path, STAGED, *fields)
    repo.commit("all", stage=False)
    seen[HISTORY] = _findings(repo.path, HISTORY, *fields)
    for mode in MODES:
        # An env file that git does not track is no finding; its key is one in any case.
        assert {f for f in seen[mode] if f[0] != "FG201"} == {f for f in seen[FILES] if f[0] != "FG201"}, mode


def _shifted(place: Place, before: bytes) -> Place:
    return place._replace(data=before + place.data)


@pytest.mark.parametrize("count", [1, 1000])
def test_lines_before_it_move_a_finding_and_nothing_else(count: int, tmp_path: Path) -> None:
    places = [place for place in texts.places(Draw("lines")) if place.data.isascii()]
    here, there = tmp_path / "here", tmp_path / "there"
    for number, place in enumerate(places):
        name = f"p{number:04}/{place.path}"
        write(here, name, place)
        write(there, name, _shifted(place, b"\n" * count))
    fields = ("rule", "fingerprint", "path", "column", "line")
    before = {(*f[:-1], int(f[-1]) + count) for f in _findings(here, FILES, *fields) if f[0] == "FG101"}
    after = {(*f[:-1], int(f[-1])) for f in _findings(there, FILES, *fields) if f[0] == "FG101"}
    assert len(before) >= len(places)
    assert after == before


def test_a_name_changes_the_path_of_a_finding_and_nothing_else(tmp_path: Path) -> None:
    places = list(texts.places(Draw("names")))
    for number, place in enumerate(places):
        write(tmp_path / "here", f"p{number:04}/{place.path}", place)
        write(tmp_path / "there", f"p{number:04}.renamed", place)
    fields = ("rule", "fingerprint", "line", "column", "via", "path")
    here, there = (
        {(*f[:-1], f[-1][:5]) for f in _findings(tmp_path / name, FILES, *fields)} for name in ("here", "there")
    )
    assert here == there

"""The order of commits and who reaches whom, compared with git's own answers."""

from __future__ import annotations

import random

from freddy_guard.git.graph import CommitGraph
from freddy_guard.git.objects import some_objects
from freddy_guard.git.plumbing import Git
from freddy_guard.model import Coverage
from tests.support.repo import Repo


def commit(*parents: str, time: int = 0) -> bytes:
    headers = [*(f"parent {parent}" for parent in parents), f"committer C <c@x> {time} +0000"]
    return "\n".join([*headers, "", ""]).encode()


def graph(**parents: tuple[str, ...]) -> CommitGraph:
    built = CommitGraph()
    for oid, above in parents.items():
        built.add(oid, commit(*above))
    return built


def test_parents_come_first_whatever_the_clocks_say() -> None:
    built = CommitGraph()
    built.add("child", commit("parent", time=1))
    built.add("parent", commit(time=1000))
    built.add("other", commit(time=500))
    assert built.ordered() == ["other", "parent", "child"]


def test_random_graphs_keep_the_order() -> None:
    chance = random.Random(3)  # noqa: S311 - the same graphs in every run
    for _ in range(20):
        names = [f"c{number:03}" for number in range(60)]
        parents = {
            name: tuple(chance.choices(names[:at], k=chance.randrange(3))) if at else ()
            for at, name in enumerate(names)
        }
        built = CommitGraph()
        for name in chance.sample(names, len(names)):
            built.add(name, commit(*parents[name], time=chance.randrange(100)))
        rank = {name: at for at, name in enumerate(built.ordered())}
        assert len(rank) == len(names)
        assert all(rank[parent] < rank[name] for name in names for parent in parents[name])


def test_missing_parents_are_left_out() -> None:
    built = graph(a=("gone",), b=("a", "gone"))
    assert (built.parents("a"), built.parents("b")) == ((), ("a",))
    assert built.ordered() == ["a", "b"]
    assert "gone" not in built


def test_same_parent_twice() -> None:
    assert graph(a=(), b=("a", "a")).ordered() == ["a", "b"]


def test_reach() -> None:
    built = graph(root=(), left=("root",), right=("root",), merge=("left", "right"), lost=("root",))
    reach = built.reaching(
        built.ordered(), {"main": "merge", "side": "right", "broken": "gone"}, ["root", "left", "lost"]
    )
    assert reach == {"root": ("main", "side"), "left": ("main",), "lost": ()}


def test_reach_of_more_commits_than_are_asked_about_at_once() -> None:
    names = [str(number) for number in range(1500)]
    built = graph(**{name: (names[at - 1],) if at else () for at, name in enumerate(names)})
    reach = built.reaching(built.ordered(), {"old": "700", "new": "1499"}, names)
    assert reach == {name: ("old", "new") if int(name) <= 700 else ("new",) for name in names}


def test_long_history_needs_no_recursion() -> None:
    built = CommitGraph()
    for number in range(5000):
        built.add(str(number), commit(*([str(number - 1)] if number else []), time=number))
    order = built.ordered()
    assert order[-1] == "4999"
    assert built.reaching(order, {"main": "4999"}, ["0"]) == {"0": ("main",)}


def test_reach_is_what_git_says(repo: Repo) -> None:
    repo.commit({"a": "1\n"})
    repo.start("side")
    repo.commit({"b": "2\n"})
    repo.start("third", "main")
    repo.commit({"c": "3\n"})
    repo.merge("side")
    repo.switch("main")
    repo.tag("v1", "side")
    oids = repo.git("rev-list", "--all").splitlines()
    built = CommitGraph()
    for item in some_objects(Git(str(repo.path)), oids, Coverage()):
        built.add(item.oid, item.data or b"")
    names = repo.git("for-each-ref", "--format=%(refname)").splitlines()
    reach = built.reaching(built.ordered(), {name: repo.oid(name) for name in names}, oids)
    for oid in oids:
        containing = repo.git("for-each-ref", "--format=%(refname)", f"--contains={oid}").splitlines()
        assert list(reach[oid]) == containing

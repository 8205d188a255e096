"""What is staged, by the kind of change and of file: renames, links, submodules, filters, odd names."""

from __future__ import annotations

import pytest

from freddy_guard.model import Place
from tests.sources.indexed import APP, KEY, LEAK, Cases, check, staged
from tests.support.repo import Repo
from tests.support.scans import Seen, places

CASES = Cases()


@CASES.add
def rename_without_an_edit(repo: Repo) -> list[Seen]:
    repo.commit({"old.py": LEAK})
    repo.git("mv", "old.py", "app.py")
    return APP


@CASES.add
def rename_with_an_edit(repo: Repo) -> list[Seen]:
    text = "".join(f"{number}\n" for number in range(40))
    repo.commit({"old.py": text})
    repo.git("mv", "old.py", "app.py")
    repo.stage("app.py", text + LEAK)
    return APP


@CASES.add
def copy_with_an_edit(repo: Repo) -> list[Seen]:
    repo.config("diff.renames", "copies")
    text = "".join(f"{number}\n" for number in range(40))
    repo.commit({"old.py": text + LEAK})
    repo.stage("app.py", text + LEAK + "more\n")
    return APP


@CASES.add
def mode_change(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": LEAK})
    repo.git("update-index", "--chmod=+x", "app.py")
    return []


@CASES.add
def file_that_becomes_a_link(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": "none\n"})
    repo.git("rm", "--quiet", "--cached", "app.py")
    repo.link("app.py", f"/srv/{KEY}")
    return [Seen("app.py", Place.SYMLINK)]


@CASES.add
def link_that_becomes_a_file(repo: Repo) -> list[Seen]:
    repo.link("app.py", "elsewhere")
    repo.commit()
    repo.git("rm", "--quiet", "--cached", "app.py")
    repo.stage("app.py", LEAK)
    return APP


@CASES.add
def submodule_that_becomes_a_file(repo: Repo) -> list[Seen]:
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},app.py")
    repo.commit()
    repo.git("rm", "--quiet", "--cached", "app.py")
    repo.stage("app.py", LEAK)
    return APP


@CASES.add
def submodule(repo: Repo) -> list[Seen]:
    other = Repo.init(repo.path.parent / "other")
    other.commit({"app.py": LEAK})
    repo.submodule(other, "lib")
    return []


@CASES.add
def address_of_a_submodule(repo: Repo) -> list[Seen]:
    repo.stage(".gitmodules", f'[submodule "lib"]\n\turl = https://x:{KEY}@example.org/lib\n')
    return [Seen(".gitmodules")]


@CASES.add
def inside_of_a_submodule(repo: Repo) -> list[Seen]:
    other = Repo.init(repo.path.parent / "other")
    other.commit({"readme": "none\n"})
    inner = repo.submodule(other, "lib")
    inner.stage("app.py", LEAK)
    assert places(staged(inner)) == APP
    return []


@CASES.add
def file_name(repo: Repo) -> list[Seen]:
    repo.stage(f"logs/{KEY}.log", "none\n")
    return [Seen(f"logs/{KEY}.log", Place.PATH_NAME)]


@CASES.add
def folder_name(repo: Repo) -> list[Seen]:
    repo.stage(f"{KEY}/a", "a\n")
    repo.stage(f"{KEY}/b", "b\n")
    return [Seen(KEY, Place.PATH_NAME)]


@CASES.add
def line_ends_that_git_converts(repo: Repo) -> list[Seen]:
    repo.config("core.autocrlf", "true")
    repo.stage("app.py", LEAK.replace("\n", "\r\n"))
    assert "\r" not in repo.git("show", ":app.py")
    return APP


@CASES.add
def filter_that_cleans_the_key(repo: Repo) -> list[Seen]:
    """The worktree keeps the key, the index never gets it."""
    repo.config("filter.clean.clean", f"sed s/{KEY}/none/")
    repo.write(".gitattributes", "*.py filter=clean\n")
    repo.stage("app.py", LEAK)
    assert KEY not in repo.git("show", ":app.py")
    return []


@CASES.add
def filter_that_adds_the_key(repo: Repo) -> list[Seen]:
    repo.config("filter.add.clean", f"sed s/none/{KEY}/")
    repo.write(".gitattributes", "*.py filter=add\n")
    repo.stage("app.py", 'client = Client("none")\n')
    return APP


@CASES.add
def encoding_of_the_worktree(repo: Repo) -> list[Seen]:
    repo.write(".gitattributes", "*.py working-tree-encoding=UTF-16LE\n")
    repo.stage("app.py", LEAK.encode("utf-16-le"))
    return APP


@CASES.add
def binary_file(repo: Repo) -> list[Seen]:
    repo.write(".gitattributes", "* binary -diff\n")
    repo.stage("app.py", b"\0\xff" + LEAK.encode())
    return APP


@CASES.add
def same_content_at_two_paths(repo: Repo) -> list[Seen]:
    repo.stage("a.py", LEAK)
    repo.stage("b.py", LEAK)
    return [Seen("a.py"), Seen("b.py")]


@CASES.add
def names_that_quoting_would_change(repo: Repo) -> list[Seen]:
    names = [
        "-dash.py",
        ":(top)x.py",
        "a b.py",
        "caf\udce9.py",
        'q"uote.py',
        "t\tab.py",
        "new\nline.py",
        "\U0001f511.py",
    ]
    for name in names:
        repo.stage(name, LEAK)
    return [Seen(name) for name in sorted(names)]


@CASES.add
def very_deep_path(repo: Repo) -> list[Seen]:
    path = "d/" * 1500 + "app.py"
    repo.git("update-index", "--add", "--index-info", stdin=f"100644 {repo.blob(LEAK)}\t{path}\n")
    return [Seen(path)]


@CASES.add
def very_long_path(repo: Repo) -> list[Seen]:
    path = "/".join(["d" * 200] * 20) + "/app.py"
    repo.git("update-index", "--add", "--index-info", stdin=f"100644 {repo.blob(LEAK)}\t{path}\n")
    return [Seen(path)]


@pytest.mark.parametrize("name", CASES)
def test_index(repo: Repo, name: str) -> None:
    check(repo, CASES[name])

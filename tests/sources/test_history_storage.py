"""However a repository stores and configures things, its history reads the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from freddy_guard.git.plumbing import Git
from freddy_guard.sources.history import History
from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.scans import keys, only, places, scanned, unread

KEY = key(1)
LEAK = f'client = Client("{KEY}")\n'
FILLER = "".join(f"line {number} of a file that is worth a delta\n" for number in range(200))


def leak(repo: Repo) -> str:
    """Add a key and remove it again; returns the commit that brought it."""
    repo.commit({"lib/app.py": FILLER})
    oid = repo.commit({"lib/app.py": FILLER + LEAK})
    repo.commit({"lib/app.py": FILLER + "clean\n"})
    return oid


def check(target: Path, commit: str) -> None:
    origin = only(History(Git(str(target)))).origin
    assert (origin.path, origin.commit, origin.in_head) == ("lib/app.py", commit, False)


Storage = Callable[[Repo], Path]


def packed_with_deltas(repo: Repo) -> Path:
    repo.pack("-f", "--depth=50", "--window=50")
    assert "chain length" in repo.git("verify-pack", "--verbose", str(repo.packs()[0].with_suffix(".idx")))
    return repo.path


def several_packs_with_an_index_over_them(repo: Repo) -> Path:
    repo.git("repack", "-q")
    repo.commit({"more": "more\n"})
    repo.git("repack", "-q")
    repo.git("multi-pack-index", "write", "--bitmap")
    assert len(repo.packs()) == 2
    return repo.path


def commit_graph_and_bitmaps(repo: Repo) -> Path:
    repo.pack("--write-bitmap-index")
    repo.git("commit-graph", "write", "--reachable", "--changed-paths")
    return repo.path


def cruft_pack(repo: Repo) -> Path:
    repo.blob("nothing refers to this\n")
    repo.git("repack", "-q", "--cruft", "-d")
    return repo.path


def alternates(repo: Repo) -> Path:
    borrower = repo.path.parent / "borrower"
    repo.git("clone", "--quiet", "--shared", str(repo.path), str(borrower))
    return borrower


def bare(repo: Repo) -> Path:
    repo.clone(repo.path.parent / "bare.git", "--bare")
    return repo.path.parent / "bare.git"


def mirror(repo: Repo) -> Path:
    repo.clone(repo.path.parent / "mirror.git", "--mirror")
    return repo.path.parent / "mirror.git"


def linked_worktree(repo: Repo) -> Path:
    return repo.worktree(repo.path.parent / "linked", "side").path


def separate_git_dir(repo: Repo) -> Path:
    repo.git("clone", "--quiet", "--separate-git-dir", "../elsewhere", ".", "../apart")
    return repo.path.parent / "apart"


def git_dir_itself(repo: Repo) -> Path:
    return repo.git_dir


def subdirectory(repo: Repo) -> Path:
    return repo.path / "lib"


def stale_locks(repo: Repo) -> Path:
    for name in ("index.lock", "HEAD.lock", "config.lock", "packed-refs.lock", "shallow.lock", "refs/heads/main.lock"):
        (repo.git_dir / name).touch()
    return repo.path


def in_the_middle_of_a_rebase(repo: Repo) -> Path:
    repo.start("side", "HEAD~2")
    repo.commit({"lib/app.py": "conflicts\n"})
    assert repo.attempt("rebase", "main").returncode
    repo.git("rebase", "--quit")
    return repo.path


STORAGES: list[Storage] = [
    packed_with_deltas,
    several_packs_with_an_index_over_them,
    commit_graph_and_bitmaps,
    cruft_pack,
    alternates,
    bare,
    mirror,
    linked_worktree,
    separate_git_dir,
    git_dir_itself,
    subdirectory,
    stale_locks,
]


@pytest.mark.parametrize("storage", STORAGES)
def test_storage(repo: Repo, storage: Storage) -> None:
    commit = leak(repo)
    check(storage(repo), commit)


def test_sha256(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "repo", "--object-format=sha256")
    commit = leak(repo)
    assert len(commit) == 64
    check(repo.path, commit)
    repo.pack()
    check(repo.path, commit)


def test_rebase_left_in_the_middle_adds_nothing(repo: Repo) -> None:
    commit = leak(repo)
    check(in_the_middle_of_a_rebase(repo), commit)


BLINDERS = {
    "a NUL byte": {},
    "binary": {".gitattributes": "* binary\n"},
    "no diff": {".gitattributes": "* -diff\n"},
    "a driver": {".gitattributes": "* diff=blind\n"},
    "an encoding": {".gitattributes": "* working-tree-encoding=UTF-16LE\n"},
    "a filter": {".gitattributes": "* filter=blind\n"},
    "not exported": {".gitattributes": "* export-ignore\n"},
}


@pytest.mark.parametrize("name", BLINDERS)
def test_attributes_blind_nobody(repo: Repo, name: str) -> None:
    content = b"\0\1\2" + LEAK.encode() + b"\0" if name == "a NUL byte" else LEAK.encode()
    tree = repo.git("mktree", stdin=f"100644 blob {repo.blob(content)}\tapp.bin\n")
    commit = repo.raw_commit(tree)
    repo.ref("refs/heads/main", commit)
    attributes = BLINDERS[name].get(".gitattributes", "")
    repo.write(".gitattributes", attributes)
    (repo.git_dir / "info").mkdir(exist_ok=True)
    (repo.git_dir / "info" / "attributes").write_text(attributes)
    repo.config("diff.blind.textconv", "true")
    repo.config("diff.blind.command", "true")
    repo.config("filter.blind.smudge", "true")
    assert only(History(Git(str(repo.path)))).origin.commit == commit


CONFIGURATION = [
    ("diff.external", "true"),
    ("core.bigFileThreshold", "1"),
    ("core.quotePath", "true"),
    ("core.abbrev", "4"),
    ("core.useReplaceRefs", "true"),
    ("core.commitGraph", "true"),
    ("core.pager", "true"),
    ("core.warnAmbiguousRefs", "true"),
    ("color.ui", "always"),
    ("diff.noprefix", "true"),
    ("diff.mnemonicPrefix", "true"),
    ("diff.renames", "copies"),
    ("diff.relative", "true"),
    ("diff.orderFile", "/dev/null"),
    ("diff.ignoreSubmodules", "all"),
    ("diff.suppressBlankEmpty", "true"),
    ("log.showRoot", "false"),
    ("log.showSignature", "true"),
    ("log.follow", "true"),
    ("log.mailmap", "true"),
    ("log.date", "relative"),
    ("format.pretty", "%h"),
    ("i18n.logOutputEncoding", "UTF-16"),
    ("log.diffMerges", "off"),
    ("rev-list.disambiguate", "tree"),
]


def test_configuration_blinds_nobody(repo: Repo) -> None:
    repo.commit({"lib/readme": "none\n"})
    root = leak(repo)
    repo.start("side", "HEAD~1")
    repo.commit({"side": "s\n"})
    repo.switch("main")
    merge = repo.evil_merge("side", {"merged.py": LEAK})
    for name, value in CONFIGURATION:
        repo.config(name, value)
    for target in (repo.path, repo.path / "lib"):
        findings = keys(scanned(History(Git(str(target)))))
        told = {finding.origin.path: finding.origin.commit for finding in findings}
        assert told == {"lib/app.py": root, "merged.py": merge}


def test_odd_configuration_files_are_no_obstacle(repo: Repo) -> None:
    """Forms that git takes and that a reader of INI files may not."""
    commit = leak(repo)
    with (repo.git_dir / "config").open("ab") as file:
        file.write(b'[user] name = J\xe9r\xf4me ; latin-1\n[alias]\n\tx = "!f() { echo \\"a\\"; }; \\\n f"\n')
        file.write(b'[a] b\n[a "b.c"]d=e\n[a "q\\"u"] x = 1\n[core] bare = false\n[core] logallrefupdates\n')
        file.write(
            b'[remote "origin"] url = a\n[remote "origin"] url = b\n[A.old-style]\n x = 1\n# end without a newline'
        )
    repo.git("config", "--list")
    check(repo.path, commit)


def test_bare_repository_and_mirror_read_every_ref(repo: Repo) -> None:
    repo.commit({"readme": "none\n"})
    repo.ref("refs/pull/7/head", repo.raw_commit(repo.tree({"pr.py": repo.blob(LEAK)})))
    mirrored = repo.clone(repo.path.parent / "mirror.git", "--mirror")
    origin = only(History(Git(str(mirrored.path)))).origin
    assert (origin.path, origin.refs) == ("pr.py", ("refs/pull/7/head",))


def test_large_blob_is_read_in_windows(repo: Repo) -> None:
    content = b"x" * (17 << 20) + b"\n" + LEAK.encode()
    repo.commit({"big.bin": content})
    finding = only(History(Git(str(repo.path))))
    assert finding.region.start.offset == content.index(KEY.encode())
    assert (finding.region.start.line, finding.region.start.column) == (2, LEAK.index(KEY) + 1)


def test_key_over_the_edge_of_a_window_is_told_once(repo: Repo) -> None:
    content = b"y" * ((16 << 20) - 20) + b" " + KEY.encode() + b"\n" + b"z" * (1 << 20)
    repo.commit({"big.bin": content})
    assert only(History(Git(str(repo.path)))).region.start.offset == content.index(KEY.encode())


def test_submodule_is_another_repository(repo: Repo) -> None:
    other = Repo.init(repo.path.parent / "other")
    other.commit({"app.py": LEAK})
    repo.submodule(other, "lib")
    repo.commit()
    report = scanned(History(Git(str(repo.path))))
    assert (keys(report), unread(report)) == ([], [])
    assert places(keys(scanned(History(Git(str(repo.path / "lib")))))) == [("app.py", "file")]

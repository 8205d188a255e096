"""How a repository lies on the disk: loose and packed, shared and parted, bare, shallow, incomplete, broken."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.places.model import HISTORY
from tests.places.repo import Repo
from tests.places.stage import Run, Scene, Stage


def _gone(stage: Stage, repo: Repo, name: str = "added, then deleted") -> str:
    """Commit a key, then remove it again; return the id of the blob that held it."""
    repo.change("gone.txt", stage.draw.lines(500).decode() + f"K={stage.key(name)}\n")
    blob = repo.git("rev-parse", "HEAD:gone.txt")
    repo.change("gone.txt", stage.draw.lines(500).decode())
    return blob


def _versions(stage: Stage, repo: Repo, count: int = 12) -> None:
    """Commit a file that grows a little each time: git stores such ones as differences."""
    text = "".join(f"{stage.draw.body(60)}\n" for _ in range(200))
    for number in range(count):
        text += f"line {number}\n"
        held = f"K={stage.key(f'version {number}')}\n" if number % 4 == 3 else ""
        repo.change("versions.txt", text + held)


def loose(stage: Stage) -> Run:
    repo = stage.repo()
    _gone(stage, repo)
    return stage.scan(repo)


def packed_deltas(stage: Stage) -> Run:
    repo = stage.repo()
    _versions(stage, repo)
    repo.git("repack", "-a", "-d", "-f", "-q", "--depth=50", "--window=50")
    repo.git("prune-packed")
    return stage.scan(repo)


def deltas_by_name(stage: Stage) -> Run:
    """Deltas that name their base by its id, as a server may send them."""
    repo = stage.repo()
    _versions(stage, repo)
    repo.config(("repack.useDeltaBaseOffset", "false"))
    repo.git("repack", "-a", "-d", "-f", "-q", "--depth=50")
    return stage.scan(repo)


def many_packs(stage: Stage) -> Run:
    repo = stage.repo()
    for number in range(4):
        _gone(stage, repo, f"pack {number}")
        repo.git("repack", "-d", "-q")
    repo.git("multi-pack-index", "write", "--bitmap")
    repo.git("commit-graph", "write", "--reachable")
    _gone(stage, repo, "loose, beside the packs")
    return stage.scan(repo)


def kept_and_cruft(stage: Stage) -> Run:
    """A pack that is marked to be kept, and one for what nothing reaches."""
    repo = stage.repo()
    _gone(stage, repo, "in a pack that is kept")
    repo.git("repack", "-a", "-d", "-q")
    for pack in (repo.path / ".git/objects/pack").glob("*.pack"):
        pack.with_suffix(".keep").write_text("")
    repo.blob(f"{stage.key('in a pack of cruft')}\n")
    repo.git("repack", "--cruft", "-d", "-q")
    repo.write(".git/objects/pack/tmp_pack_abc", b"PACK")
    repo.write(".git/objects/ab/tmp_obj_xyz", b"x")
    return stage.scan(repo)


def reused_objects(stage: Stage) -> Run:
    """Objects that lie loose and packed at once, in two packs even."""
    repo = stage.repo()
    _gone(stage, repo)
    ids = repo.git("rev-list", "--objects", "--all", "--no-object-names").encode() + b"\n"
    for name in ("one", "two"):
        repo.git("pack-objects", "-q", f".git/objects/pack/pack-{name}", stdin=ids)
    return stage.scan(repo)


def alternates(stage: Stage) -> Run:
    """Objects borrowed from a neighbour, who borrowed some himself."""
    far = stage.repo("far")
    _gone(stage, far, "two repositories away")
    near = _clone(stage, far, "near", "--shared")
    _gone(stage, near, "one repository away")
    here = _clone(stage, near, "here", "--shared")
    _gone(stage, here, "here")
    return stage.scan(here)


def lost_alternates(stage: Stage) -> Run:
    far = stage.repo("far")
    far.change("a.txt", "nothing\n")
    here = _clone(stage, far, "here", "--shared")
    _gone(stage, here, "here")
    shutil.rmtree(far.path)
    stage.admit("objects of a lost neighbour")
    return stage.scan(here)


def _clone(stage: Stage, origin: Repo, name: str, *options: str) -> Repo:
    origin.git("clone", "-q", *options, str(origin.path), str(stage.root / name))
    return Repo(stage.root / name)


def bare(stage: Stage) -> Run:
    repo = stage.repo()
    _gone(stage, repo)
    return stage.scan(_clone(stage, repo, "bare.git", "--bare"))


def mirror(stage: Stage) -> Run:
    repo = stage.repo()
    _gone(stage, repo)
    blob = repo.blob(f"K={stage.key('a ref that only a mirror takes')}\n")
    repo.git("update-ref", "refs/hidden/blob", blob)
    return stage.scan(_clone(stage, repo, "mirror.git", "--mirror"))


def sha256(stage: Stage) -> Run:
    repo = stage.repo("repo", "--object-format=sha256")
    _gone(stage, repo)
    _versions(stage, repo, 5)
    repo.git("tag", "-a", "-m", stage.key("a tag"), "v1")
    repo.git("repack", "-a", "-d", "-f", "-q")
    _gone(stage, repo, "loose")
    repo.change(f"{stage.key('a file name')}.txt", "x")
    return stage.scan(repo)


def linked_worktree(stage: Stage) -> Run:
    """A second worktree: its own HEAD, index and refs, the same objects. We stand in it."""
    repo = stage.repo()
    _gone(stage, repo)
    other = Repo(stage.root / "other")
    repo.git("worktree", "add", "-q", "--detach", str(other.path))
    other.change("a.txt", f"{stage.key('a detached HEAD')}\n")
    other.git("update-ref", "refs/worktree/x", other.blob(f"{stage.key('a ref of the worktree')}\n"))
    other.write("b.txt", f"{stage.key('the index of the worktree')}\n")
    other.add()
    return stage.scan(repo.path, str(other.path))


def main_of_linked_worktrees(stage: Stage) -> Run:
    """The same from the main worktree."""
    run = linked_worktree(stage)
    return run._replace(arguments=())


def separate_git_dir(stage: Stage) -> Run:
    repo = stage.repo("repo", f"--separate-git-dir={stage.root / 'elsewhere'}")
    _gone(stage, repo)
    return stage.scan(repo)


def subdirectory(stage: Stage) -> Run:
    repo = stage.repo()
    _gone(stage, repo)
    repo.change("deep/down/x.txt", f"{stage.key('below it')}\n")
    return stage.scan(stage.root, str(repo.path / "deep" / "down"))


def git_folder_itself(stage: Stage) -> Run:
    repo = stage.repo()
    _gone(stage, repo)
    return stage.scan(stage.root, str(repo.path / ".git"))


def from_the_environment(stage: Stage) -> Run:
    repo = stage.repo()
    _gone(stage, repo)
    return stage.scan(stage.root, GIT_DIR=str(repo.path / ".git"), GIT_WORK_TREE=str(repo.path))


def shallow(stage: Stage) -> Run:
    repo = stage.repo()
    repo.change("a.txt", f"{stage.never('before the boundary')}\n")
    repo.change("a.txt", "clean\n")
    repo.change("b.txt", f"{stage.key('after the boundary')}\n")
    stage.admit("a boundary")
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", str(stage.root / "shallow"))
    return stage.scan(stage.root / "shallow")


def partial(stage: Stage) -> Run:
    """A clone without the blobs of the past: they are not fetched behind our back, and the receipt says so."""
    repo = stage.repo()
    repo.config(("uploadpack.allowFilter", "true"))
    repo.change("a.txt", f"{stage.never('never fetched')}\n")
    repo.change("a.txt", f"{stage.key('in the worktree')}\n")
    repo.git("clone", "-q", "--filter=blob:none", f"file://{repo.path}", str(stage.root / "partial"))
    stage.admit("objects that were never fetched")
    return stage.scan(stage.root / "partial")


def _object(repo: Repo, oid: str) -> Path:
    return repo.path / ".git" / "objects" / oid[:2] / oid[2:]


def _broken(name: str, breaks: Callable[[Path], None]) -> Scene:
    """Return a scene in which one object is broken, and the keys before and after it are found all the same."""

    def scene(stage: Stage) -> Run:
        repo = stage.repo()
        _gone(stage, repo, "before it")
        repo.change("broken.txt", "this will break\n" * 50)
        victim = _object(repo, repo.git("rev-parse", "HEAD:broken.txt"))
        repo.change("broken.txt", "fine\n")
        _gone(stage, repo, "after it")
        victim.chmod(0o644)
        breaks(victim)
        stage.admit(name)
        return stage.scan(repo)

    scene.__name__ = name
    return scene


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


def missing_tree(stage: Stage) -> Run:
    repo = stage.repo()
    _gone(stage, repo, "before it")
    repo.change("d/x.txt", "x\n")
    _object(repo, repo.git("rev-parse", "HEAD:d")).unlink()
    stage.admit("a tree that is not there")
    repo.git("commit", "-q", "--allow-empty", "-m", stage.key("a message after it"), check=False)
    return stage.scan(repo)


def missing_commit(stage: Stage) -> Run:
    repo = stage.repo()
    _gone(stage, repo, "before it")
    victim = repo.commit("the one that goes missing")
    repo.change("x.txt", "x\n")
    _gone(stage, repo, "after it")
    _object(repo, victim).unlink()
    stage.admit("a commit that is not there")
    return stage.scan(repo)


def corrupt_pack(stage: Stage) -> Run:
    repo = stage.repo()
    repo.change("noise.bin", stage.draw.random.randbytes(200_000))
    repo.git("repack", "-a", "-d", "-q")
    pack = next((repo.path / ".git/objects/pack").glob("*.pack"))
    _gone(stage, repo, "loose, beside it")
    pack.chmod(0o644)
    _flip(pack)
    stage.admit("a pack with a wrong byte")
    return stage.scan(repo)


def broken_refs(stage: Stage) -> Run:
    repo = stage.repo()
    _gone(stage, repo)
    repo.write(".git/refs/heads/garbage", "this is no object id\n")
    repo.write(".git/refs/heads/empty", "")
    repo.write(".git/refs/heads/lost", "1" * 40 + "\n")
    stage.admit("refs that lead nowhere")
    return stage.scan(repo)


def odd_head(stage: Stage) -> Run:
    """HEAD names a branch that is gone, and a branch is called HEAD."""
    repo = stage.repo()
    _gone(stage, repo)
    repo.git("update-ref", "refs/heads/HEAD", repo.change("h.txt", f"{stage.key('a branch called HEAD')}\n"))
    repo.git("reset", "-q", "--hard", "HEAD~1", check=False)
    repo.git("symbolic-ref", "HEAD", "refs/heads/unborn")
    return stage.scan(repo)


def stale_locks(stage: Stage) -> Run:
    repo = stage.repo()
    _gone(stage, repo)
    for name in ("index.lock", "HEAD.lock", "packed-refs.lock", "refs/heads/main.lock", "shallow.lock", "config.lock"):
        repo.write(f".git/{name}", "")
    return stage.scan(repo)


def stale_graph(stage: Stage) -> Run:
    """A commit graph that says nonsense: it is a cache, and the objects are the truth."""
    repo = stage.repo()
    _gone(stage, repo)
    repo.git("commit-graph", "write", "--reachable")
    graph = repo.path / ".git/objects/info/commit-graph"
    graph.chmod(0o644)
    graph.write_bytes(graph.read_bytes()[:-60] + bytes(60))
    return stage.scan(repo)


def half_done(stage: Stage) -> Run:
    """A merge, a rebase and a bisection that nobody finished."""
    repo = stage.repo()
    _gone(stage, repo)
    tip = repo.change("x.txt", f"{stage.key('named by MERGE_HEAD alone')}\n")
    repo.git("reset", "-q", "--hard", "HEAD~1")
    for name in ("MERGE_HEAD", "CHERRY_PICK_HEAD", "FETCH_HEAD", "ORIG_HEAD", "AUTO_MERGE"):
        repo.write(f".git/{name}", f"{tip}\n")
    repo.write(".git/BISECT_START", "main\n")
    repo.git("reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all")
    return stage.scan(repo)


_ALL = (
    loose, packed_deltas, deltas_by_name, many_packs, kept_and_cruft, reused_objects, alternates, lost_alternates, bare,
    mirror, sha256, linked_worktree, main_of_linked_worktrees, separate_git_dir, subdirectory, git_folder_itself,
    from_the_environment, shallow, partial, missing_tree, missing_commit, corrupt_pack, broken_refs, odd_head,
    stale_locks, stale_graph, half_done,
    _broken("missing_blob", Path.unlink),
    _broken("corrupt_blob", _flip),
    _broken("empty_blob", _empty),
    _broken("cut_blob", _cut),
)  # fmt: skip
SCENES: dict[str, Scene] = {scene.__name__: scene for scene in _ALL}
MODES = (HISTORY,)

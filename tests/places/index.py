"""The index: what a commit would add, in every way in which something gets there, and nothing else."""

from __future__ import annotations

import os

from tests.places.model import STAGED
from tests.places.repo import Repo
from tests.places.stage import Run, Scene, Stage


def base(stage: Stage, *options: str) -> Repo:
    """Return a repository with two commits and no key."""
    repo = stage.repo("repo", *options)
    repo.write("a.txt", "".join(f"line {number}\n" for number in range(30)))
    repo.write("b.txt", "b\n")
    repo.write("src/c.py", "c = 1\n")
    repo.commit("first")
    repo.change("b.txt", "b\nb\n", "second")
    return repo


def edit(repo: Repo, path: str, key: str) -> None:
    repo.write(path, (repo.path / path).read_text() + f"K={key}\n")


def put(repo: Repo, path: str, key: str) -> None:
    repo.write(path, f"K={key}\n")
    repo.add(path)


def new_and_modified(stage: Stage) -> Run:
    repo = base(stage)
    put(repo, "new.txt", stage.key("new"))
    put(repo, "deep/er/new.py", stage.key("new in a folder"))
    edit(repo, "a.txt", stage.key("modified"))
    repo.add("a.txt")
    put(repo, f"{stage.key('a file name')}.txt", "x")
    repo.write("untracked.txt", f"{stage.never('not staged')}\n")
    edit(repo, "b.txt", stage.never("modified, not staged"))
    return stage.scan(repo)


def unborn(stage: Stage) -> Run:
    repo = stage.repo()
    put(repo, "a.txt", stage.key("before the first commit"))
    return stage.scan(repo)


def sha256(stage: Stage) -> Run:
    repo = base(stage, "--object-format=sha256")
    put(repo, "new.txt", stage.key("new"))
    edit(repo, "a.txt", stage.key("modified"))
    repo.add("a.txt")
    return stage.scan(repo)


def differs_from_worktree(stage: Stage) -> Run:
    repo = base(stage)
    put(repo, "cleaned.txt", stage.key("in the index, cleaned in the worktree"))
    repo.write("cleaned.txt", "clean\n")
    put(repo, "deleted.txt", stage.key("in the index, deleted in the worktree"))
    (repo.path / "deleted.txt").unlink()
    repo.write("dirty.txt", "clean\n")
    repo.add("dirty.txt")
    repo.write("dirty.txt", f"{stage.never('in the worktree alone')}\n")
    edit(repo, "a.txt", stage.never("unstaged again"))
    repo.add("a.txt")
    repo.git("reset", "-q", "a.txt")
    return stage.scan(repo)


def patch(stage: Stage) -> Run:
    """Of two changes to a file, `git add -p` takes one."""
    repo = base(stage)
    lines = (repo.path / "a.txt").read_text().splitlines(keepends=True)
    lines.insert(2, f"K={stage.key('the hunk that was taken')}\n")
    lines.insert(25, f"K={stage.never('the hunk that was left')}\n")
    repo.write("a.txt", "".join(lines))
    repo.git("add", "-p", "a.txt", stdin=b"y\nn\n")
    return stage.scan(repo)


def already_in_head(stage: Stage) -> Run:
    """A key that the path had in HEAD does not block again, a new one beside it does."""
    repo = base(stage)
    old = stage.never("in HEAD already")
    repo.change("old.txt", f"K={old}\n")
    repo.change("same.txt", f"K={stage.never('not touched at all')}\n")
    repo.write("old.txt", f"# moved\nK={old}; L={stage.key('new, on the line of an old one')}\n")
    repo.add()
    return stage.scan(repo)


def moved_to_another_path(stage: Stage) -> Run:
    repo = base(stage)
    repo.change("old.txt", f"K={stage.key('in HEAD at another path')}\n")
    put(repo, "copy.txt", (repo.path / "old.txt").read_text().strip()[2:])
    return stage.scan(repo)


def rename_and_copy(stage: Stage) -> Run:
    repo = base(stage)
    repo.config(("diff.renames", "copies"))
    repo.git("mv", "a.txt", "renamed.txt")
    edit(repo, "renamed.txt", stage.key("renamed, with an edit"))
    repo.write("copied.txt", (repo.path / "renamed.txt").read_text().rpartition("K=")[0])
    edit(repo, "copied.txt", stage.key("copied, with an edit"))
    repo.git("mv", "src", f"src-{stage.draw.word()}")
    repo.add()
    return stage.scan(repo)


def modes_and_types(stage: Stage) -> Run:
    repo = base(stage)
    (repo.path / "kind").symlink_to("a.txt")
    repo.write("run.sh", "#!/bin/sh\n")
    repo.commit("kinds")
    (repo.path / "kind").unlink()
    repo.write("kind", f"{stage.key('a link that became a file')}\n")
    (repo.path / "b.txt").unlink()
    (repo.path / "b.txt").symlink_to(f"/run/{stage.key('a file that became a link')}")
    (repo.path / "link").symlink_to(f"{stage.key('a new link')}")
    edit(repo, "run.sh", stage.key("made executable, with an edit"))
    (repo.path / "run.sh").chmod(0o755)
    (repo.path / "src/c.py").unlink()
    (repo.path / "src").rmdir()
    repo.write("src", f"{stage.key('a folder that became a file')}\n")
    repo.git("add", "-A")
    return stage.scan(repo)


def clash(stage: Stage, repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.change("b.txt", "theirs\n")
    repo.change("brought.txt", f"K={stage.key('brought by a merge')}\n")
    repo.git("checkout", "-q", "main")
    repo.change("b.txt", "ours\n")


def merge_in_conflict(stage: Stage) -> Run:
    """A merge that stopped: the index holds three versions of a file."""
    repo = base(stage)
    clash(stage, repo)
    repo.git("merge", "-q", "side", check=False)
    repo.write("b.txt", f"half resolved\n{stage.never('not resolved yet')}\n")
    return stage.scan(repo)


def merge_resolved(stage: Stage) -> Run:
    repo = base(stage)
    clash(stage, repo)
    repo.git("merge", "-q", "side", check=False)
    put(repo, "b.txt", stage.key("the resolution"))
    return stage.scan(repo)


def cherry_pick(stage: Stage) -> Run:
    repo = base(stage)
    repo.git("checkout", "-q", "-b", "side")
    picked = repo.change("p.txt", f"K={stage.key('picked')}\n")
    repo.git("checkout", "-q", "main")
    repo.git("cherry-pick", "--no-commit", picked)
    return stage.scan(repo)


def revert(stage: Stage) -> Run:
    repo = base(stage)
    repo.change("r.txt", f"K={stage.key('back by a revert')}\n")
    repo.git("rm", "-q", "r.txt")
    gone = repo.commit("gone", stage=False)
    repo.git("revert", "--no-commit", gone)
    return stage.scan(repo)


def applied_patch_and_stash(stage: Stage) -> Run:
    repo = base(stage)
    put(repo, "s.txt", stage.key("popped from a stash"))
    repo.git("stash", "push", "-q", "--", "s.txt")
    repo.git("stash", "pop", "-q", "--index")
    line = f"K={stage.key('applied to the index alone')}"
    text = f"diff --git a/n.txt b/n.txt\nnew file mode 100644\n--- /dev/null\n+++ b/n.txt\n@@ -0,0 +1 @@\n+{line}\n"
    repo.git("apply", "--cached", stdin=text.encode())
    return stage.scan(repo)


def subdirectory(stage: Stage) -> Run:
    repo = base(stage)
    put(repo, "top.txt", stage.key("above where we stand"))
    put(repo, "src/inner.txt", stage.key("where we stand"))
    return stage.scan(repo.path / "src")


def linked_worktree(stage: Stage) -> Run:
    repo = base(stage)
    other = Repo(stage.root / "other")
    repo.git("worktree", "add", "-q", "-b", "other", str(other.path))
    put(other, "w.txt", stage.key("in the worktree where we stand"))
    put(repo, "m.txt", stage.never("in the main worktree"))
    return stage.scan(other)


def environment_of_git(stage: Stage) -> Run:
    """GIT_DIR and GIT_WORK_TREE say where it is; we stand elsewhere."""
    repo = base(stage)
    put(repo, "e.txt", stage.key("named by the environment"))
    elsewhere = stage.root / "elsewhere"
    elsewhere.mkdir()
    return stage.scan(elsewhere, GIT_DIR=str(repo.path / ".git"), GIT_WORK_TREE=str(repo.path))


def other_index(stage: Stage) -> Run:
    """GIT_INDEX_FILE names another index than the usual one, as in a hook of `git commit FILE`."""
    repo = base(stage)
    put(repo, "usual.txt", stage.never("in the usual index"))
    other = str(repo.path / ".git" / "other-index")
    env = {"GIT_INDEX_FILE": other}
    repo.git("read-tree", "HEAD", env=env)
    repo.write("other.txt", f"K={stage.key('in the other index')}\n")
    repo.git("add", "other.txt", env=env)
    return stage.scan(repo, GIT_INDEX_FILE=other)


def submodule(stage: Stage) -> Run:
    inner = Repo.init(stage.root / "inner")
    inner.change("i.txt", "i\n")
    repo = base(stage)
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.path), "sub")
    repo.commit("sub")
    sub = Repo(repo.path / "sub")
    put(sub, "s.txt", stage.key("in the submodule where we stand"))
    return stage.scan(sub)


def over_a_submodule(stage: Stage) -> Run:
    """From above: a new commit of the submodule is staged, and its URL changed."""
    inner = Repo.init(stage.root / "inner")
    inner.change("i.txt", f"{stage.never('in the submodule')}\n")
    repo = base(stage)
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.path), "sub")
    url = f"https://robin:{stage.key('the URL of a submodule')}@a.example/x.git"
    repo.git("config", "-f", ".gitmodules", "submodule.sub.url", url)
    repo.git("add", ".gitmodules")
    return stage.scan(repo)


def sparse_checkout(stage: Stage) -> Run:
    repo = base(stage)
    repo.git("sparse-checkout", "set", "--cone", "src")
    put(repo, "src/in.txt", stage.key("inside of the cone"))
    blob = repo.blob(f"{stage.key('outside of the cone')}\n")
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob},far/out.txt")
    return stage.scan(repo)


def sparse_index(stage: Stage) -> Run:
    repo = base(stage)
    repo.write("far/away/x.txt", "x\n")
    repo.commit("far")
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "src")
    put(repo, "src/in.txt", stage.key("beside folders that are one entry"))
    return stage.scan(repo)


def line_ends(stage: Stage) -> Run:
    repo = base(stage)
    repo.config(("core.autocrlf", "true"), ("core.safecrlf", "false"))
    repo.write("crlf.txt", f"one\r\nK={stage.key('autocrlf')}\r\ntwo\r\n")
    repo.add("crlf.txt")
    return stage.scan(repo)


def index_version_4(stage: Stage) -> Run:
    repo = base(stage)
    repo.git("update-index", "--index-version", "4")
    put(repo, "src/v4/a/b/c.txt", stage.key("in an index of version 4"))
    return stage.scan(repo)


def split_index(stage: Stage) -> Run:
    repo = base(stage)
    repo.git("update-index", "--split-index")
    put(repo, "split.txt", stage.key("in a split index"))
    return stage.scan(repo)


def flags_and_ignored(stage: Stage) -> Run:
    """Assumed unchanged, skipped, ignored but added by force, intended only."""
    repo = base(stage)
    repo.write(".gitignore", "*.log\nhidden/\n")
    repo.add(".gitignore")
    repo.write("debug.log", f"{stage.key('ignored, added by force')}\n")
    repo.git("add", "-f", "debug.log")
    repo.write("hidden/x.txt", f"{stage.never('ignored, not added')}\n")
    put(repo, "assumed.txt", stage.key("assumed unchanged"))
    repo.git("update-index", "--assume-unchanged", "assumed.txt")
    put(repo, "skipped.txt", stage.key("skipped in the worktree"))
    repo.git("update-index", "--skip-worktree", "skipped.txt")
    repo.write("intended.txt", f"{stage.never('intended, not staged')}\n")
    repo.git("add", "-N", "intended.txt")
    return stage.scan(repo)


def deletions(stage: Stage) -> Run:
    """What a commit takes away does not block it."""
    repo = base(stage)
    repo.change("leak.txt", f"{stage.never('deleted by this commit')}\n")
    repo.change("edit.txt", f"a\n{stage.never('edited out by this commit')}\nb\n")
    repo.git("rm", "-q", "leak.txt")
    repo.write("edit.txt", "a\nb\n")
    repo.add()
    return stage.scan(repo)


def locked(stage: Stage) -> Run:
    """Another git holds the lock: we only read."""
    repo = base(stage)
    put(repo, "a.txt", stage.key("beside a lock"))
    repo.write(".git/index.lock", "")
    return stage.scan(repo)


def readings(stage: Stage) -> Run:
    """Odd names, and a file that is staged twice under two names."""
    repo = base(stage)
    key = stage.key("under two names")
    for path in ("one\nline.txt", "zwei\tü.txt", ":(top)x", "-x"):
        repo.write(path, f"{key}\n")
    repo.git("add", "-A")
    if hasattr(os, "symlink"):
        os.symlink(stage.key("a link to nowhere"), repo.path / "l")
    repo.git("add", "-A")
    return stage.scan(repo)


_ALL = (
    new_and_modified, unborn, sha256, differs_from_worktree, patch, already_in_head, moved_to_another_path,
    rename_and_copy, modes_and_types, merge_in_conflict, merge_resolved, cherry_pick, revert, applied_patch_and_stash,
    subdirectory, linked_worktree, environment_of_git, other_index, submodule, over_a_submodule, sparse_checkout,
    sparse_index, line_ends, index_version_4, split_index, flags_and_ignored, deletions, locked, readings,
)  # fmt: skip
SCENES: dict[str, Scene] = {scene.__name__: scene for scene in _ALL}
MODES = (STAGED,)

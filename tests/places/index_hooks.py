"""What our hook sees when git itself calls it, in every way in which a commit is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.places.index import base, clash, edit, put
from tests.places.model import STAGED
from tests.places.repo import Repo
from tests.places.stage import Run, Scene, Stage


def intended(stage: Stage, repo: Repo) -> None:
    repo.write("n.txt", f"{stage.key('intended, then taken by -a')}\n")
    repo.git("add", "-N", "n.txt")


def one_path(stage: Stage, repo: Repo) -> None:
    edit(repo, "b.txt", stage.key("the path that is committed"))
    put(repo, "other.txt", stage.never("staged, but not of this commit"))


def one_path_more(stage: Stage, repo: Repo) -> None:
    edit(repo, "b.txt", stage.key("the path that is included"))
    put(repo, "other.txt", stage.key("staged before"))


def modified(stage: Stage, repo: Repo) -> None:
    edit(repo, "b.txt", stage.key("modified"))


def amended(stage: Stage, repo: Repo) -> None:
    edit(repo, "b.txt", stage.key("amended"))
    repo.add("b.txt")


def committed(prepare: Callable[[Stage, Repo], None], arguments: Sequence[str]) -> Scene:
    """Return a scene in which git calls our hook while it commits, and the commit does not come about."""

    def scene(stage: Stage) -> Run:
        repo = base(stage)
        report = stage.hook(repo)
        prepare(stage, repo)
        before = repo.git("rev-parse", "HEAD")
        repo.git("commit", "-q", "-m", "x", *arguments, check=False)
        stage.demand("the commit was not made", lambda: repo.git("rev-parse", "HEAD") == before)
        return Run(repo.path, report=report)

    return scene


def commit_from_below(stage: Stage) -> Run:
    """`git commit` in a subdirectory, in a linked worktree: git sets GIT_DIR and GIT_INDEX_FILE for the hook."""
    repo = base(stage)
    report = stage.hook(repo)
    other = Repo(stage.root / "other")
    repo.git("worktree", "add", "-q", "-b", "other", str(other.path))
    edit(other, "src/c.py", stage.key("committed from below"))
    Repo(other.path / "src").git("commit", "-q", "-a", "-m", "x", check=False)
    return Run(other.path, report=report)


def merge_commit(stage: Stage) -> Run:
    """The hook of a merge that needs a commit by hand."""
    repo = base(stage)
    clash(stage, repo)
    report = stage.hook(repo)
    repo.git("merge", "-q", "side", check=False)
    put(repo, "b.txt", stage.key("the resolution"))
    repo.git("commit", "-q", "-m", "merged", check=False)
    return Run(repo.path, report=report)


SCENES: dict[str, Scene] = {
    "commit_all": committed(modified, ["-a"]),
    "commit_intended": committed(intended, ["-a"]),
    "commit_one_path": committed(one_path, ["b.txt"]),
    "commit_one_path_more": committed(one_path_more, ["-i", "b.txt"]),
    "commit_amended": committed(amended, ["--amend"]),
    "commit_from_below": commit_from_below,
    "merge_commit": merge_commit,
}
MODES = (STAGED,)

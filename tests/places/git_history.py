"""The history of a repository: what was added and removed, on every branch, ref, tag, message and merge.

Each act works on the same repository, on files and branches of its own, and leaves `main` checked out.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable

from tests.places.model import HISTORY
from tests.places.repo import Repo
from tests.places.stage import Run, Scene, Stage

Act = Callable[[Stage, Repo], None]


def edits(stage: Stage, repo: Repo) -> None:
    """What came and went on the main branch."""
    repo.change("root.txt", f"one\n{stage.key('in the root commit')}\n", "root")
    repo.change("gone.py", f"K = '{stage.key('added, then deleted')}'\n")
    repo.change("edited.py", f"a = 1\nK = '{stage.key('edited out')}'\nb = 2\n")
    (repo.path / "gone.py").unlink()
    repo.change("edited.py", "a = 1\nK = load()\nb = 2\n")
    repo.change("old.py", "x = 1\n" * 40 + f"K = '{stage.key('renamed, with an edit')}'\n")
    repo.git("mv", "old.py", "new.py")
    repo.change("new.py", "x = 1\n" * 41)
    repo.change("kind", f"{stage.key('a file that became a link')}\n")
    (repo.path / "kind").unlink()
    (repo.path / "kind").symlink_to("root.txt")
    repo.commit("a link now")
    (repo.path / "kind").unlink()
    repo.change("kind/inner.txt", f"{stage.key('a link that became a folder')}\n")
    repo.change("bin.dat", b"\0\1\2" * 99 + stage.key("in a binary file").encode() + b"\0")
    repo.change("still.py", f"K = '{stage.key('still in HEAD')}'\n")
    repo.change("twice.py", f"K = '{stage.key('one line, first version')}'\n")
    repo.change("twice.py", f"K = '{stage.key('one line, second version')}'\n")
    repo.change("twice.py", "K = ''\n")
    repo.change("blank.txt", f"a\n\n{stage.key('moved by white space only')}\n")
    repo.change("run.sh", f"#!/bin/sh\nK={stage.key('made executable')}\n")
    (repo.path / "run.sh").chmod(0o755)
    repo.commit("mode")
    repo.git("rm", "-q", "-r", "kind", "bin.dat", "blank.txt", "run.sh", "twice.py")
    repo.commit("clean up", stage=False)


def entries(stage: Stage, repo: Repo) -> None:
    """Names of files and folders, links and submodules, gone since."""
    repo.change(f"{stage.key('a file name')}.txt", "x")
    repo.change(f"d/{stage.key('a folder name')}/x.txt", "y")
    (repo.path / "link").symlink_to(f"/run/{stage.key('a link target')}")
    repo.commit("link")
    repo.change(
        ".gitmodules", f'[submodule "x"]\n\tpath = x\n\turl = https://{stage.key("a submodule URL")}@a.example/x\n'
    )
    path = f"sub/{stage.key('the path of a submodule')}"
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{path}")
    repo.commit("submodule", stage=False)
    repo.git("rm", "-q", "-r", "-f", "--cached", "sub", "d", "link", ".gitmodules")
    repo.git("clean", "-q", "-f", "-d", "-x")
    repo.commit("no entries", stage=False)


def _with(repo: Repo, text: str) -> str:
    """Return a commit beside all others, with one file."""
    blob = repo.blob(text)
    tree = repo.git("mktree", stdin=f"100644 blob {blob}\tfile.txt\n".encode())
    return repo.git("commit-tree", "-m", "beside", tree)


def refs(stage: Stage, repo: Repo) -> None:
    """Branches, and refs that are no branches."""
    names = ["heads/other", "heads/deep/er/branch", "pull/1/head", "merge-requests/2/head", "original/refs/heads/main"]
    names += ["changes/01/1/1", "remotes/origin/topic", "keep-around/1", "custom/x", "bisect/bad", "worktree/x"]
    for name in names:
        repo.git("update-ref", f"refs/{name}", _with(repo, f"K={stage.key(f'refs/{name}')}\n"))
    repo.git("pack-refs", "--all")
    repo.git("update-ref", "refs/heads/loose", _with(repo, stage.key("a loose ref beside packed ones")))
    repo.git("checkout", "-q", "--orphan", "orphan")
    repo.git("read-tree", "--empty")
    repo.change("orphan.txt", stage.key("an orphan branch"))
    repo.git("checkout", "-q", "-f", "main")
    repo.git("branch", f"fix/{stage.key('a branch name')}")
    repo.git("branch", f"{stage.key('a branch name in a folder')}/fix")
    repo.git("tag", f"v1.{stage.key('a tag name')}")
    repo.git("update-ref", f"refs/remotes/origin/{stage.key('a remote branch name')}", "main")
    repo.git("update-ref", f"refs/custom/{stage.key('a ref name')}", "main")


def tags(stage: Stage, repo: Repo) -> None:
    """Annotated tags of everything, and tags of tags."""
    repo.git("tag", "-a", "-m", f"release\n\nkey {stage.key('a tag message')}", "v1")
    repo.git("tag", "-a", "-m", stage.key("a tag of a tag"), "v2", "v1")
    repo.git("tag", "-a", "-m", "a blob", "v3", repo.blob(f"K={stage.key('a blob that only a tag holds')}\n"))
    repo.git("tag", "light-blob", repo.blob(f"K={stage.key('a blob that a light tag holds')}\n"))
    tree = repo.git("mktree", stdin=f"100644 blob {repo.blob(stage.key('a tree that only a tag holds'))}\tf\n".encode())
    repo.git("tag", "-a", "-m", "a tree", "v4", tree)
    repo.git("tag", "light-tree", tree)
    repo.git("tag", "-a", "-m", "x", "v5", "main", env={"GIT_COMMITTER_NAME": stage.key("a tagger's name")})
    address = stage.key("a tagger's address") + "@a.example"
    repo.git("tag", "-a", "-m", "x", "v6", "main", env={"GIT_COMMITTER_EMAIL": address})
    repo.git("tag", "-a", "-m", stage.key("a tag that was deleted"), "v7")
    repo.git("tag", "-d", "v7")


def messages(stage: Stage, repo: Repo) -> None:
    """Commit messages, any line of them, and who wrote them."""
    texts = {
        "subject": "fix with <key> now",
        "body": "fix\n\nthe key is\n<key>",
        "trailer": "fix\n\nSigned-off-by: R <r@example.org>\nApi-Key: <key>",
        "far down": "fix\n\n" + "words and more words\n" * 5000 + "<key>",
        "comment line": "fix\n\n# <key>",
        "below the scissors": "fix\n\n# ------------------------ >8 ------------------------\n<key>",
        "carriage returns": "fix\r\n\r\n<key>\r\n",
        "after an escape": "fix\n\none\\n<key>\\n",
    }
    for name, text in texts.items():
        message = text.replace("<key>", stage.key(f"message: {name}"))
        repo.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-F", "-", stdin=message.encode())
    encoded = base64.b64encode(f"robin:{stage.key('message: base64')}".encode()).decode()
    repo.commit(f"fix\n\nAuthorization: Basic {encoded}", stage=False)
    repo.git(
        "commit", "-q", "--allow-empty", "--amend", "-m", f"é {stage.key('message: latin-1')}", "--cleanup=verbatim"
    )
    repo.commit("x", stage=False)
    people = {
        "GIT_AUTHOR_NAME": "",
        "GIT_AUTHOR_EMAIL": "@a.example",
        "GIT_COMMITTER_NAME": "",
        "GIT_COMMITTER_EMAIL": "@a.example",
    }
    for variable, suffix in people.items():
        repo.git("commit", "-q", "--allow-empty", "-m", "x", env={variable: stage.key(variable.lower()) + suffix})
    config = ("-c", "i18n.commitEncoding=latin1")
    repo.git(
        *config,
        "commit",
        "-q",
        "--allow-empty",
        "-F",
        "-",
        stdin=f"é {stage.key('message: encoding')}".encode("latin-1"),
    )


def headers(stage: Stage, repo: Repo) -> None:
    """Headers of commits that few tools look at (reach)."""
    commit = repo.raw("cat-file", "commit", "HEAD")
    head, _, body = commit.partition(b"\n\n")
    tag = b"object %s\n type commit\n tag v\n tagger R <r@example.org> 1 +0000\n \n <key>" % (b"1" * 40)
    extras = {
        "of its own": b"x-api-key <key>",
        "signature": b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n <key>\n -----END PGP SIGNATURE-----",
        "mergetag": b"mergetag " + tag,
        "encoding": b"encoding <key>",
    }
    for name, extra in extras.items():
        line = extra.replace(b"<key>", stage.key(f"header: {name}", reach=True).encode())
        oid = repo.git(
            "hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=head + b"\n" + line + b"\n\n" + body
        )
        repo.git("update-ref", f"refs/headers/{name.replace(' ', '-')}", oid)


def notes(stage: Stage, repo: Repo) -> None:
    repo.git("notes", "add", "-m", f"reviewed with {stage.key('a note')}")
    repo.git("notes", "--ref=review", "add", "-m", stage.key("a note under another ref"))
    repo.git("notes", "--ref=blobs", "add", "-m", stage.key("a note of a blob"), repo.blob("anything"))
    repo.git("notes", "--ref=gone", "add", "-m", stage.key("a note that was removed"))
    repo.git("notes", "--ref=gone", "remove")


def _branch(repo: Repo, name: str, path: str, data: str, start: str = "main") -> None:
    repo.git("checkout", "-q", "-f", "-b", name, start)
    repo.change(path, data, f"on {name}")
    repo.git("checkout", "-q", "-f", "main")


def merges(stage: Stage, repo: Repo) -> None:
    """What only a merge brought, and what a merge threw away."""
    repo.change("conflict.txt", "base\n")
    for name in ("evil", "left", "right", "third", "fourth", "thrown", "squashed"):
        text = (
            stage.key("merged with -s ours")
            if name == "thrown"
            else stage.key("squashed")
            if name == "squashed"
            else name
        )
        _branch(repo, name, f"{name}.txt", f"{text}\n")
    repo.git("merge", "-q", "--no-ff", "--no-commit", "evil")
    repo.change("evil.txt", f"evil\n{stage.key('an evil merge')}\n", "merge, and more")
    repo.git("merge", "-q", "--no-ff", "-m", f"merge\n\n{stage.key('the message of a merge')}", "left")
    _branch(repo, "clash", "conflict.txt", "theirs\n")
    repo.change("conflict.txt", "ours\n")
    repo.git("merge", "-q", "clash", check=False)
    repo.change("conflict.txt", f"both\n{stage.key('the resolution of a conflict')}\n", "resolved")
    repo.git("merge", "-q", "--no-ff", "--no-commit", "right", "third", "fourth")
    repo.change("octopus.txt", f"{stage.key('an octopus merge')}\n", "octopus")
    repo.git("merge", "-q", "-s", "ours", "-m", "theirs is thrown away", "thrown")
    repo.git("merge", "-q", "--squash", "squashed")
    repo.git("rm", "-q", "-f", "squashed.txt")
    repo.commit("squash, without it", stage=False)
    repo.git("branch", "-q", "-D", "squashed", "thrown", "evil")
    stranger = _with(repo, f"K={stage.key('an unrelated history')}\n")
    repo.git("merge", "-q", "--no-ff", "--allow-unrelated-histories", "-m", "strangers", stranger)
    repo.git("rm", "-q", "-r", "evil.txt", "conflict.txt", "octopus.txt", "file.txt")
    repo.commit("clean again", stage=False)


def stashes(stage: Stage, repo: Repo) -> None:
    repo.write("root.txt", f"one\n{stage.key('a stash: tracked')}\n")
    repo.git("stash", "-q")
    repo.write("untracked.txt", f"{stage.key('a stash: untracked')}\n")
    repo.git("stash", "-q", "-u")
    repo.write("ignored.log", f"{stage.key('a stash: ignored')}\n")
    repo.write(".git/info/exclude", "*.log\n")
    repo.git("stash", "-q", "-a")
    repo.write("root.txt", f"{stage.key('a stash: index')}\n")
    repo.git("add", "root.txt")
    repo.write("root.txt", "other\n")
    repo.git("stash", "-q")
    repo.write("root.txt", f"{stage.key('a stash: dropped')}\n")
    repo.git("stash", "-q")
    repo.git("stash", "drop", "-q")
    repo.write("root.txt", "other\n")
    repo.git("stash", "push", "-q", "-m", f"wip {stage.key('a stash: its message')}")


def unreachable(stage: Stage, repo: Repo) -> None:
    """What no ref reaches any more, but lies there still."""
    before = repo.git("rev-parse", "HEAD")
    repo.change("wip.txt", f"{stage.key('amended away')}\n")
    repo.write("wip.txt", "nothing\n")
    repo.git("commit", "-q", "-a", "--amend", "-m", "amended")
    repo.change("wip.txt", f"{stage.key('reset away')}\n", stage.key("the message of a commit that was reset"))
    repo.git("reset", "-q", "--hard", before)
    repo.git("branch", "rebased")
    repo.git("checkout", "-q", "rebased")
    repo.change("a.txt", f"{stage.key('rebased away')}\n")
    repo.change("a.txt", "clean\n")
    repo.git("reset", "-q", "--soft", "HEAD~2")
    repo.commit("both in one")
    repo.git("checkout", "-q", "main")
    repo.git("branch", "-q", "-D", "rebased")
    repo.write("added.txt", f"{stage.key('staged once, then not')}\n")
    repo.add("added.txt")
    repo.git("rm", "-q", "-f", "--cached", "added.txt")
    repo.write("added.txt", f"{stage.key('staged now')}\n")
    repo.add("added.txt")
    repo.blob(f"K={stage.key('a dangling blob')}\n")
    repo.git("mktree", stdin=f"100644 blob {repo.blob(stage.key('in a dangling tree'))}\tf\n".encode())
    repo.git("mktree", stdin=f"100644 blob {repo.blob('x')}\t{stage.key('a name in a dangling tree')}\n".encode())
    _with(repo, f"{stage.key('a dangling commit')}\n")
    repo.write("never.txt", f"{stage.never('only in the worktree')}\n")


ACTS: Iterable[Act] = (edits, entries, refs, tags, messages, headers, notes, merges, stashes, unreachable)


def everything(stage: Stage) -> Run:
    """All acts in one repository, one after the other."""
    repo = stage.repo()
    for act in ACTS:
        act(stage, repo)
    return stage.scan(repo)


def without_reflogs(stage: Stage) -> Run:
    """The same kinds of loss with every trace of them gone but the objects."""
    repo = stage.repo()
    edits(stage, repo)
    stashes(stage, repo)
    unreachable(stage, repo)
    repo.git("reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all")
    return stage.scan(repo)


def replaced(stage: Stage) -> Run:
    """Replace refs, on either side: git shows the one, a push takes the other along."""
    repo = stage.repo()
    repo.change("a.txt", f"{stage.key('a commit that was replaced')}\n")
    original = repo.git("rev-parse", "HEAD")
    repo.change("a.txt", "clean\n")
    repo.git("replace", original, _with(repo, "clean from the start\n"))
    blob = repo.blob(f"{stage.key('a blob that was replaced')}\n")
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob},b.txt")
    repo.commit("b", stage=False)
    repo.git("replace", blob, repo.blob(f"{stage.key('a blob in place of another')}\n"))
    stand_in = _with(repo, f"{stage.key('a commit in place of another')}\n")
    repo.git("replace", repo.change("c.txt", "c\n"), stand_in)
    return stage.scan(repo)


def grafted(stage: Stage) -> Run:
    """Grafts, on either side: a history that git pretends is not there, and one that it pretends is."""
    repo = stage.repo()
    repo.change("a.txt", f"{stage.key('behind a graft')}\n")
    repo.change("a.txt", "clean\n")
    tip = repo.change("a.txt", "clean and new\n")
    beside = _with(repo, f"{stage.key('only grafted in')}\n")
    repo.write(".git/info/grafts", f"{tip} {beside}\n")
    return stage.scan(repo)


def empty_head(stage: Stage) -> Run:
    """Nothing was ever committed, but something was staged, and something else is on another branch."""
    repo = stage.repo()
    repo.write("a.txt", f"{stage.key('staged before the first commit')}\n")
    repo.add()
    repo.git("update-ref", "refs/heads/other", _with(repo, f"{stage.key('a branch, with HEAD unborn')}\n"))
    return stage.scan(repo)


SCENES: dict[str, Scene] = {
    scene.__name__: scene for scene in (everything, without_reflogs, replaced, grafted, empty_head)
}
MODES = (HISTORY,)

"""Folders as they are on a disk: ignored files, other repositories within, things that are no files, sheer size."""

from __future__ import annotations

import os

from tests.places.model import FILES, STAGED
from tests.places.repo import Repo
from tests.places.stage import Run, Scene, Stage

IGNORED = ("build/out.txt", ".env", "local/.secrets/key", "ignored by exclude.txt", "deep/down/debug.log")
# What a repository keeps in its own folder as text: a push does not take it along, a copy of the folder does.
KEPT = {
    "config": '[remote "other"]\n\turl = https://robin:<key>@git.example.org/x.git\n',
    "hooks/pre-push": "#!/bin/sh\ncurl -H 'X-API-Key: <key>' https://a.example\n",
    "info/exclude": "# <key>\n",
    "config.worktree": '[http "https://a.example"]\n\textraheader = X-API-Key: <key>\n',
    "modules/sub/config": '[remote "origin"]\n\turl = https://<key>@git.example.org/x.git\n',
}


def ignored(stage: Stage) -> Run:
    repo = stage.repo()
    repo.write(".gitignore", "build/\n.env\n.secrets\n*.log\n")
    repo.write(".git/info/exclude", "ignored by*\n")
    for path in IGNORED:
        repo.write(path, f"KEY={stage.key(path)}\n")
    return stage.scan(repo)


def nested_repositories(stage: Stage) -> Run:
    top = stage.repo("top")
    for name in ("vendor/lib", ".hidden/clone", "worktree"):
        inner = Repo.init(top.path / name)
        inner.change("src/app.py", f"KEY = '{stage.key(f'{name}, a file')}'\n")
        for path, text in KEPT.items():
            old = inner.path / ".git" / path
            before = old.read_text() if old.is_file() else ""
            inner.write(f".git/{path}", before + text.replace("<key>", stage.key(f"{name}, .git/{path}")))
    bare = Repo.init(top.path / "mirror.git", "--bare")
    with (bare.path / "config").open("a") as config:
        config.write(KEPT["config"].replace("<key>", stage.key("mirror.git/config")))
    return stage.scan(top)


def own_repository(stage: Stage) -> Run:
    repo = stage.repo()
    for path, text in KEPT.items():
        old = repo.path / ".git" / path
        before = old.read_text() if old.is_file() else ""
        repo.write(f".git/{path}", before + text.replace("<key>", stage.key(f".git/{path}")))
    return stage.scan(repo)


def odd_company(stage: Stage) -> Run:
    """What is no file, or cannot be opened, stands beside a key and must not keep us from it."""
    root = stage.root / "odd"
    root.mkdir()
    (root / "a.txt").write_text(stage.key("before it") + "\n")
    (root / "z.txt").write_text(stage.key("after it") + "\n")
    (root / "m-dangling").symlink_to("nowhere")
    (root / "m-loop").symlink_to("m-loop")
    (root / "m-up").symlink_to("..")
    (root / "m-empty").write_bytes(b"")
    (root / "m-folder").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(root / "m-pipe")
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        (root / "m-locked").write_text("x")
        (root / "m-locked").chmod(0)
        stage.admit("a file that cannot be opened")
    return stage.scan(root)


def named_paths(stage: Stage) -> Run:
    """Only what is named is scanned: a file, a folder, a link to a folder."""
    root = stage.root / "named"
    for folder in ("one", "two", "three", "four"):
        (root / folder).mkdir(parents=True)
    (root / "one" / "a.txt").write_text(stage.key("a file by its name") + "\n")
    (root / "one" / "b.txt").write_text(stage.never("its neighbour") + "\n")
    (root / "two" / "c.txt").write_text(stage.key("a folder by its name") + "\n")
    (root / "three" / "d.txt").write_text(stage.key("a link to a folder") + "\n")
    (root / "link").symlink_to("three")
    (root / "four" / "e.txt").write_text(stage.never("a folder that nobody named") + "\n")
    (root / "-dash.txt").write_text(stage.key("a name like an option") + "\n")
    return stage.scan(root, "one/a.txt", "two/", "link", "./-dash.txt")


def many_files(stage: Stage) -> Run:
    """Twenty thousand small files, and a key in the last but one."""
    key = stage.key("one of 20,000 files")
    repo = stage.repo()
    contents = {f"d{n % 100:02}/f{n:05}.txt": f"{n}\n" for n in range(20_000)}
    contents["d99/f19998.txt"] = f"key={key}\n"
    if stage.mode == FILES:
        for folder in range(100):
            (repo.path / f"d{folder:02}").mkdir()
        for path, text in contents.items():
            (repo.path / path).write_text(text)
    else:
        fast_import(repo, {path: text.encode() for path, text in contents.items()})
        if stage.mode == STAGED:
            repo.git("update-ref", "-d", "refs/heads/main")
    return stage.scan(repo)


def large_file(stage: Stage) -> Run:
    """Sixty megabytes, and a key near their end."""
    key = stage.key("60 MB")
    repo = stage.repo()
    lines = stage.draw.lines(1 << 20)
    data = lines * 57 + f"key={key}\n".encode() + lines * 3
    if stage.mode == FILES:
        repo.write("dump.sql", data)
    else:
        fast_import(repo, {"dump.sql": data})
        if stage.mode == STAGED:
            repo.git("update-ref", "-d", "refs/heads/main")
    return stage.scan(repo)


def fast_import(repo: Repo, files: dict[str, bytes]) -> None:
    """Commit files that never lie on the disk, stage the same, and in the next commit remove them all."""
    lines = [b"commit refs/heads/main\ncommitter R <r@example.org> 1770000000 +0000\ndata 0\n"]
    for path, data in files.items():
        lines.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
    repo.raw("fast-import", "--quiet", stdin=b"".join(lines))
    repo.git("read-tree", "main")
    removal = b"commit refs/heads/main\ncommitter R <r@example.org> 1770000001 +0000\ndata 0\nfrom refs/heads/main^0\n"
    repo.raw("fast-import", "--quiet", stdin=removal + b"deleteall\n")


ON_DISK: dict[str, Scene] = {
    scene.__name__: scene for scene in (ignored, nested_repositories, own_repository, odd_company, named_paths)
}
IN_BULK: dict[str, Scene] = {scene.__name__: scene for scene in (many_files, large_file)}

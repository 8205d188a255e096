"""What blinds whoever reads diffs: attributes, drivers, filters and settings. A reader of objects does not notice."""

from __future__ import annotations

from tests.places.model import HISTORY, STAGED
from tests.places.repo import Repo
from tests.places.stage import Run, Scene, Stage

# Attribute lines, and a file that each of them concerns.
ATTRIBUTES = (
    ("-diff", "*.nodiff -diff", "a.nodiff"),
    ("binary", "*.bin binary", "a.bin"),
    ("unset text", "*.notext -text", "a.notext"),
    ("diff driver", "*.drv diff=quiet", "a.drv"),
    ("textconv", "*.conv diff=conv", "a.conv"),
    ("binary driver", "*.bdrv diff=isbinary", "a.bdrv"),
    ("external driver", "*.ext diff=external", "a.ext"),
    ("smudge filter", "*.smudge filter=hide", "a.smudge"),
    ("process filter that is missing", "*.proc filter=gone", "a.proc"),
    ("encoding", "*.wide working-tree-encoding=UTF-16LE-BOM", "a.wide"),
    ("export-ignore", "*.ign export-ignore", "a.ign"),
    ("export-subst", "*.sub export-subst", "a.sub"),
    ("ident", "*.ident ident", "a.ident"),
    ("merge=ours", "*.ours merge=ours", "a.ours"),
    ("linguist-generated", "*.gen linguist-generated=true -diff", "a.gen"),
    ("crlf", "*.crlf text eol=crlf", "a.crlf"),
    ("own macro", "[attr]hidden -diff -text -merge\n*.macro hidden", "a.macro"),
    ("everything", "all/** binary -diff", "all/x.txt"),
    ("lfs", "*.lfs filter=lfs diff=lfs merge=lfs -text", "a.lfs"),
)
DRIVERS = (
    ("diff.quiet.command", "true"),
    ("diff.conv.textconv", "echo nothing #"),
    ("diff.conv.cachetextconv", "true"),
    ("diff.isbinary.binary", "true"),
    ("diff.external.command", "false"),
    ("filter.hide.smudge", "sed s/ak_.*/hidden/"),
    ("filter.hide.clean", "cat"),
    ("filter.lfs.clean", "cat"),
    ("filter.lfs.smudge", "cat"),
)
SETTINGS = {
    "diff": (
        ("diff.external", "true"),
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.srcPrefix", "x/"),
        ("diff.dstPrefix", "y/"),
        ("diff.relative", "true"),
        ("diff.renames", "copies"),
        ("diff.context", "0"),
        ("diff.ignoreSubmodules", "all"),
        ("diff.orderFile", "/dev/null"),
        ("diff.suppressBlankEmpty", "true"),
        ("diff.wordRegex", "."),
        ("diff.algorithm", "patience"),
        ("diff.colorMoved", "zebra"),
    ),
    "colour": (
        ("color.ui", "always"),
        ("color.diff", "always"),
        ("color.status", "always"),
        ("color.branch", "always"),
        ("core.pager", "head -0"),
        ("pager.log", "true"),
        ("column.ui", "always"),
    ),
    "log": (
        ("log.showRoot", "false"),
        ("log.showSignature", "true"),
        ("log.follow", "true"),
        ("log.mailmap", "true"),
        ("log.diffMerges", "off"),
        ("log.excludeDecoration", "*"),
        ("log.abbrevCommit", "true"),
        ("format.pretty", "format:nothing"),
        ("i18n.logOutputEncoding", "UTF-16"),
        ("gpg.program", "false"),
        ("core.abbrev", "4"),
        ("blame.ignoreRevsFile", "missing"),
    ),
    "core": (
        ("core.bigFileThreshold", "1"),
        ("core.quotePath", "false"),
        ("core.attributesFile", "{}/attributes"),
        ("core.excludesFile", "{}/excludes"),
        ("core.useReplaceRefs", "true"),
        ("core.commitGraph", "true"),
        ("core.ignoreCase", "true"),
        ("core.deltaBaseCacheLimit", "1"),
        ("core.packedGitLimit", "1"),
        ("core.packedGitWindowSize", "8192"),
        ("core.multiPackIndex", "true"),
        ("core.warnAmbiguousRefs", "true"),
        ("core.preferSymlinkRefs", "true"),
        ("core.untrackedCache", "true"),
        ("pack.threads", "1"),
        ("index.threads", "1"),
    ),
    "refs": (
        ("transfer.hideRefs", "refs/"),
        ("uploadpack.hideRefs", "refs/pull"),
        ("receive.hideRefs", "refs/heads"),
        ("fetch.prune", "true"),
        ("gc.reflogExpire", "now"),
        ("extensions.worktreeConfig", "true"),
        ("alias.cat-file", "!true"),
        ("alias.rev-list", "!true"),
        ("alias.ls-files", "!true"),
        ("status.showUntrackedFiles", "no"),
        ("status.relativePaths", "true"),
        ("submodule.recurse", "true"),
    ),
}


SILENCERS = {
    ".gitleaks.toml": "[allowlist]\npaths = ['''.*''']\n",
    ".gitleaksignore": "*\n",
    ".gitallowed": ".*\n",
    ".secrets.baseline": '{"version": "1.5.0", "results": {}}\n',
    ".trufflehogignore": ".*\n",
    "trufflehog-exclude.txt": ".*\n",
    ".gitguardian.yaml": "secret:\n  ignored_paths: ['**']\n",
    ".talismanrc": "fileignoreconfig:\n- filename: '*'\n",
    ".semgrepignore": "*\n",
    ".ignore": "*\n",
    ".rgignore": "*\n",
    ".npmignore": "*\n",
    ".dockerignore": "*\n",
    ".pre-commit-config.yaml": "exclude: .*\nrepos: []\n",
    "kingfisher.yaml": "exclude: ['*']\n",
}
COMMENTS = (
    "gitleaks:allow",
    "pragma: allowlist secret",
    "nosec",
    "noqa",
    "trufflehog:ignore",
    "ggignore",
    "nosemgrep",
    "kingfisher:ignore",
    "betterleaks:allow",
    "secretlint-disable",
    "NOSONAR",
    "checkov:skip=CKV_SECRET_6",
)


def attributes(stage: Stage) -> Run:
    """Files that attributes hide, first of the tree, then of the repository alone."""
    repo = stage.repo()
    repo.config(*DRIVERS)
    repo.write(".gitattributes", "".join(f"{line}\n" for _, line, _ in ATTRIBUTES))
    repo.write(".git/info/attributes", "*.info -diff binary\n*.info filter=hide\n")
    for name, _, path in (*ATTRIBUTES, (".git/info/attributes", "", "a.info")):
        text = f"KEY={stage.key(name)}\n"
        repo.write(path, text.encode("utf-16") if name == "encoding" else text)
    repo.write("b.nul", b"\0\0" + stage.key("NUL bytes").encode() + b"\0")
    return _staged_or_past(stage, repo)


def clean_filter(stage: Stage) -> Run:
    """A filter on the way in: what it takes out never gets into the index, what it puts in does."""
    repo = stage.repo()
    added = stage.key("put in by a clean filter")
    repo.config(("filter.redact.clean", "sed s/ak_.*/redacted/"), ("filter.insert.clean", f"sed s/nothing/{added}/"))
    repo.write(".gitattributes", "*.redact filter=redact\n*.insert filter=insert\n")
    repo.write("a.redact", f"{stage.never('taken out by a clean filter')}\n")
    repo.write("a.insert", "K=nothing\n")
    return _staged_or_past(stage, repo)


def _staged_or_past(stage: Stage, repo: Repo) -> Run:
    repo.add()
    if stage.mode == HISTORY:
        repo.commit("all", stage=False)
        repo.git("rm", "-q", "-r", "-f", "--cached", ".")
        repo.commit("none", stage=False)
    return stage.scan(repo)


def _settings(name: str) -> Scene:
    def scene(stage: Stage) -> Run:
        repo = stage.repo()
        (stage.root / "attributes").write_text("* -diff binary\n")
        (stage.root / "excludes").write_text("*\n")
        if stage.mode == HISTORY:
            _past(stage, repo)
        else:
            _index(stage, repo)
        repo.config(*((setting, value.format(stage.root)) for setting, value in SETTINGS[name]))
        return stage.scan(repo)

    scene.__name__ = f"settings_{name}"
    return scene


def _past(stage: Stage, repo: Repo) -> None:
    repo.change("root.txt", f"a\n{stage.key('root commit')}\n")
    repo.change("root.txt", "a\n")
    repo.change("large.txt", stage.draw.lines(50_000) + stage.key("large file").encode())
    repo.change("ünï cödé.txt", f"{stage.key('odd name')}\n")
    repo.change("bin.dat", b"\0" + stage.key("binary").encode() + b"\0")
    repo.git("mv", "large.txt", "renamed.txt")
    repo.change("renamed.txt", "x")
    repo.git("checkout", "-q", "-b", "side", "HEAD~2")
    repo.change("side.txt", "side")
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-commit", "side")
    repo.change("side.txt", f"side\n{stage.key('evil merge')}\n")
    repo.commit(f"message\n\n{stage.key('message')}")
    repo.git("update-ref", "refs/pull/1/head", "HEAD")
    repo.git("tag", "-a", "-m", stage.key("tag"), "v1")
    repo.git("update-ref", "refs/pull/2/head", repo.change("pull.txt", f"{stage.key('a pull request')}\n"))
    repo.git("reset", "-q", "--hard", "HEAD~1")


def _index(stage: Stage, repo: Repo) -> None:
    repo.change("old.txt", "a\nb\nc\n")
    repo.change("moved.txt", "x\n" * 50)
    repo.write("old.txt", f"a\nb\n{stage.key('modified')}\nc\n")
    repo.write("ünï cödé.txt", f"{stage.key('odd name')}\n")
    repo.write("bin.dat", b"\0" + stage.key("binary").encode())
    repo.write("large.txt", stage.draw.lines(50_000) + stage.key("large file").encode())
    repo.git("mv", "moved.txt", "sub-moved.txt")
    repo.write("sub-moved.txt", "x\n" * 50 + stage.key("renamed, with an edit"))
    repo.add()


def programs_that_must_not_run(stage: Stage) -> Run:
    """Whatever a stranger's configuration names as a program is not started by a scan."""
    repo = stage.repo()
    repo.write("a.txt", f"{stage.key('beside them')}\n")
    _staged_or_past(stage, repo)
    ran = stage.root / "ran"
    program = repo.path / "evil.sh"
    program.write_text(f"#!/bin/sh\ntouch '{ran}'\ncat\n")
    program.chmod(0o755)
    command = str(program)
    names = [
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "core.askPass",
        "diff.external",
        "gpg.program",
    ]
    names += [
        "credential.helper",
        "uploadpack.packObjectsHook",
        "core.gitProxy",
        "sequence.editor",
        "core.alternateRefsCommand",
    ]
    repo.config(*((name, command) for name in names))
    repo.config(("core.hooksPath", str(repo.path)), ("filter.evil.smudge", command), ("filter.evil.clean", command))
    repo.config(("diff.evil.textconv", command), ("diff.evil.command", command))
    repo.write(".git/info/attributes", "* filter=evil diff=evil\n")
    for hook in ("post-index-change", "post-checkout", "reference-transaction", "fsmonitor-watchman"):
        (repo.path / hook).write_text(program.read_text())
        (repo.path / hook).chmod(0o755)
    stage.demand("none of them ran", lambda: not ran.exists())
    return stage.scan(repo)


def other_tools(stage: Stage) -> Run:
    """Configuration that silences other scanners, and comments that do: they are not ours."""
    repo = stage.repo()
    for path, text in SILENCERS.items():
        repo.write(path, text)
    for number, comment in enumerate(COMMENTS):
        repo.write(f"c{number}.py", f"KEY = '{stage.key(f'a comment: {comment}')}'  # {comment}\n")
    return _staged_or_past(stage, repo)


SCENES: dict[str, Scene] = {
    "attributes": attributes,
    "clean_filter": clean_filter,
    **{f"settings_{name}": _settings(name) for name in SETTINGS},
    "programs_that_must_not_run": programs_that_must_not_run,
    "other_tools": other_tools,
}
MODES = (STAGED, HISTORY)

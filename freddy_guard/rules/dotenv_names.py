"""What kind of env file a name stands for, and which folders hold env files that nobody runs with."""

from __future__ import annotations

import enum
import re


class Kind(enum.StrEnum):
    """What an env file is for, as far as its name tells. The value is how a message calls it."""

    REAL = "an env file"
    SOFT = "an env script"
    LOCAL = "a local env file"
    LEFTOVER = "a leftover copy of an env file"
    TEMPLATE = "an env template"
    TEST = "a test env file"
    ENCRYPTED = "an encrypted env file"
    KEYS = "a file of env decryption keys"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The last line: the engines that fill a template in.
TEMPLATE = _words("""
    example sample template tmpl tpl dist default schema skeleton stub minimal placeholder boilerplate blank
    empty
    j2 jinja erb ejs hbs mustache njk twig liquid ctmpl gotmpl
""")
ENCRYPTED = _words("vault encrypted enc gpg pgp asc age sops aes crypt")
LEFTOVER = _words("bak back backup old orig original save saved swp swo copy tmp temp prev previous rej")
# Before `.env` only these say so: `backup.env` may be what the backup service runs with.
LEFTOVER_IN_FRONT = _words("bak old orig copy")
TEST = _words("""
    test testing unittest ci e2e dusk cypress playwright jest vitest phpunit pytest rspec behat cucumber
    selenium testcafe codeception mock travis circleci appveyor
""")
LOCAL = _words("local localhost")
# After a bare `env.` anything may follow (`env.py`, the manual page `env.1`): a stage makes it an env file.
STAGE = _words("""
    production prod prd development develop dev staging stage stg live qa uat preprod preproduction preview
    sandbox demo release beta alpha canary integration acceptance docker compose heroku vercel netlify
    private secret shared common txt
""")
SHELL = _words("sh bash zsh ksh csh fish nu ps1 bat cmd")
# Last parts that make it a program, a page or data in another language: only the key rule reads those.
OTHER = _words("""
    py pyi pyc ipynb ts tsx mts cts js jsx mjs cjs map vue svelte astro json json5 jsonc yml yaml toml xml
    md mdx markdown rst adoc html htm css scss less svg png jpg jpeg gif pdf go rs rb php java kt kts scala
    groovy gradle swift c h cc cpp hpp cs fs vb dart lua pl pm ex exs erl hs clj sql nix tf hcl cmake proto
    graphql snap patch diff zip gz tgz bz2 xz zst tar 7z jar class so dll exe wasm
""")
FOLDER = _words("""
    fixture test testing testdata spec e2e cypress mock stub snapshot example sample template skeleton
    scaffold boilerplate starter playground demo
""")

# Patterns are text: `re` compiles them on first use and keeps them, so that an import costs nothing.
_HUMP = r"(?<=[a-z0-9])(?=[A-Z])"
_SHAPE = (
    r"(?s)(?P<before>.*?)(?P<stem>\.envrc|\.flaskenv|\.env|\.dev\.vars)(?P<after>(?![a-z]).*)"
    r"|(?P<bare>env)(?P<rest>\..+)"
)
# `.env.1`, `.env.save.1`, `.env (2)`, and dates: `.env.20260131`, `.env.2026-01-31`.
_NUMBERED = r"(?<![a-z0-9])(?:\d{1,2}|\d{6,})(?![a-z0-9])"
# What editors add: `.env~`, `#.env#`, `.#.env`.
_EDITOR_MARK = r"~$|^#|^\.#"


def is_dotenv_name(name: bytes) -> bool:
    """Return whether the last part of a path names an env file of any kind."""
    lower = name.lower()
    if b"env" not in lower and b".dev.vars" not in lower:
        return False
    return kind_of(name.decode("latin-1")) is not None


def kind_of(name: str) -> Kind | None:
    """Return what kind of env file the last part of a path names, None if it names none."""
    lower = re.sub(_HUMP, "-", name).lower()  # `.env.myLocal` has a part `local`
    shape = re.fullmatch(_SHAPE, lower)
    if shape is None or lower.rpartition(".")[2] in OTHER:
        return None
    before, after = shape["before"] or "", shape["after"] or shape["rest"] or ""
    if not _belongs(shape, re.findall("[a-z0-9]+", after)):
        return None
    parts = _parts(after) | (_parts(before) - (LEFTOVER - LEFTOVER_IN_FRONT))
    if not before and re.match(r"\.(?:keys|me)(?![a-z0-9])", after) and TEMPLATE.isdisjoint(parts):
        return Kind.KEYS
    return _kind(parts, after, lower) or (Kind.SOFT if _is_script(shape["stem"], lower) else Kind.REAL)


def in_sample_folder(path: str) -> bool:
    """Return whether a folder on the way says that its files are fixtures, templates or a playground."""
    folders = path.lower().split("/")[:-1]
    return any("{{" in folder or not FOLDER.isdisjoint(_parts(folder)) for folder in folders)


def _parts(text: str) -> set[str]:
    """Return the words as they are, without a number at the end (`bak2`) and without a plural's s."""
    words = set(re.findall("[a-z0-9]+", text))
    return words | {word.rstrip("0123456789") for word in words} | {word.removesuffix("s") for word in words}


def _belongs(shape: re.Match[str], after: list[str]) -> bool:
    """Refuse what merely looks like an env file: `env.hpp`, `config.env.module`."""
    if shape["bare"]:
        return any(_is_known(part) for part in after)
    return not shape["before"] or all(_is_known(part) or part.isdigit() or part in SHELL for part in after)


def _is_known(part: str) -> bool:
    parts = _parts(part)
    return any(not words.isdisjoint(parts) for words in (STAGE, TEMPLATE, ENCRYPTED, LEFTOVER, TEST, LOCAL))


def _kind(parts: set[str], after: str, lower: str) -> Kind | None:
    """Return the kind that the parts tell. The order decides: `.env.local.example` is a template."""
    if not TEMPLATE.isdisjoint(parts) or after.endswith(".in"):
        return Kind.TEMPLATE
    if not ENCRYPTED.isdisjoint(parts):
        return Kind.ENCRYPTED
    if not LEFTOVER.isdisjoint(parts) or re.search(_NUMBERED, after) or re.search(_EDITOR_MARK, lower):
        return Kind.LEFTOVER
    if not TEST.isdisjoint(parts):
        return Kind.TEST
    return Kind.LOCAL if not LOCAL.isdisjoint(parts) else None


def _is_script(stem: str | None, lower: str) -> bool:
    """Tell what is committed on purpose: direnv's and Flask's files, scripts, React Native's `.xcode.env`."""
    return stem in (".envrc", ".flaskenv") or lower == ".xcode.env" or lower.rpartition(".")[2] in SHELL

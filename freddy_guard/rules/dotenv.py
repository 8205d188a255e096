"""FG201: an env file that git tracks, and what stands in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from freddy_guard.model import Confidence, Document, Match, Place, Rule, Severity
from freddy_guard.rules.dotenv_names import Kind, in_sample_folder, is_dotenv_name, kind_of
from freddy_guard.rules.dotenv_values import (
    is_decryption_name,
    is_encrypted,
    is_encrypted_file,
    is_live,
    is_public_name,
    private_keys,
    vendor_secrets,
)
from freddy_guard.rules.keys import key_spans

# A live secret of another vendor is an error, but a warning where people expect made-up values.
_WARNS_OF_SECRETS = frozenset((Kind.TEMPLATE, Kind.TEST))
# Without a secret these are committed on purpose.
_SHARED = frozenset((Kind.SOFT, Kind.TEMPLATE, Kind.TEST, Kind.ENCRYPTED))
# Symfony commits `.env` with its defaults and says so: https://symfony.com/doc/current/configuration.html
_SYMFONY = (
    r"###> [\w-]+/[\w-]+ ###|DO NOT DEFINE PRODUCTION SECRETS IN THIS FILE"
    r"|In all environments, the following files are loaded"
)
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]{0,79}"
_ASSIGNED = rf"(?:(?:export|set|setenv|readonly|declare\s+-\w+)\s+|\$env:)?({_NAME})"
_DRAWN = r"(?=[A-Za-z]*[0-9])[A-Za-z0-9]{16,}"
_QUOTED = r"(['\"`])((?:\\.|(?!\1)[^\\])*)\1"
_SHOWN_NAMES = 5
_BOM = b"\xef\xbb\xbf"


class _Line(NamedTuple):
    """One line: where it begins, and the variable that it assigns, "" for none."""

    start: int
    name: str = ""
    name_start: int = 0
    value: str = ""
    commented: bool = False


def _detect(document: Document) -> Iterator[Match]:
    origin = document.origin
    if not origin.tracked or origin.place is not Place.FILE or document.start.offset:
        return
    kind = kind_of(origin.path.rpartition("/")[2])
    if kind is not None:
        data, mapped = _readable(document.data)
        match = _judge(kind, origin.path, data)
        if match is not None:
            yield match if mapped else match._replace(start=0, end=0)


def _judge(kind: Kind, path: str, data: bytes) -> Match | None:
    # Every byte is one character: offsets stay, and no encoding can fail. All that is looked for is ASCII.
    text = data.decode("latin-1")
    lines = _lines(_without_armour(text))
    keys = [start for start, _ in key_spans(data)]
    secrets = _secrets(text, lines, keys)
    severity = _severity(kind, secrets, bool(keys)) if secrets else _plain_severity(kind, path, text, lines)
    if severity is None:
        return None
    names = sorted({line.name for line in secrets if line.name})
    start, end = _shown(secrets or [line for line in lines if line.name])
    message = _message(kind, secrets, names, lines)
    return Match(start, end, severity=severity, message=message, identity=(path, *names))


def _severity(kind: Kind, secrets: list[_Line], has_key: bool) -> Severity:
    """Judge a file with secrets. A Freddy key, or what opens encrypted files, is an error under any name."""
    if kind in _WARNS_OF_SECRETS and not has_key and not any(is_decryption_name(line.name) for line in secrets):
        return Severity.WARNING
    return Severity.ERROR


def _plain_severity(kind: Kind, path: str, text: str, lines: list[_Line]) -> Severity | None:
    """Judge a file without secrets: silence where it is shared on purpose, or where nothing is assigned."""
    if kind in _SHARED:
        return None
    if kind is Kind.LEFTOVER:
        return Severity.WARNING
    assigned = [line for line in lines if line.name and not line.commented]
    encrypted = is_encrypted_file(text) or any(is_encrypted(line.name, line.value) for line in assigned)
    if not assigned or encrypted or in_sample_folder(path) or (kind is Kind.REAL and re.search(_SYMFONY, text)):
        return None
    return Severity.WARNING


def _message(kind: Kind, secrets: list[_Line], names: list[str], lines: list[_Line]) -> str:
    """Say what was committed, naming variables and never a value."""
    if not secrets:
        holds = "only settings today" if any(line.name for line in lines) else "nothing today"
        return f"{kind} is committed; it holds {holds}"
    listed = ", ".join(names[:_SHOWN_NAMES]) + (", ..." if len(names) > _SHOWN_NAMES else "")
    count = f"{len(secrets)} filled-in secret{'s' if len(secrets) > 1 else ''}"
    return f"{kind} with {count}{f' ({listed})' if listed else ''} is committed"


def _shown(lines: list[_Line]) -> tuple[int, int]:
    """Return what a report may show: the first line's variable, never its value."""
    if not lines:
        return 0, 0
    first = lines[0]
    return (first.name_start, first.name_start + len(first.name)) if first.name else (first.start, first.start)


def _secrets(text: str, lines: list[_Line], keys: list[int]) -> list[_Line]:
    """Return the lines that hold a secret, in the order of the file."""
    found = {line for line in lines if line.name and is_live(line.name, line.value)}
    found.update(_line_at(lines, offset) for offset in (*keys, *private_keys(text)))
    for offset, may_be_public in vendor_secrets(text):
        line = _line_at(lines, offset)
        if not (may_be_public and is_public_name(line.name)):
            found.add(line)
    return sorted(found, key=lambda line: line.start)


def _line_at(lines: list[_Line], offset: int) -> _Line:
    return lines[bisect_right(lines, offset, key=lambda line: line.start) - 1]


def _readable(data: bytes) -> tuple[bytes, bool]:
    """Return the text in an encoding that extends ASCII, and whether its offsets are the file's."""
    wide = _wide_encoding(data)
    if wide:
        return data.decode(wide, "replace").lstrip("\ufeff").encode("utf-8", "replace"), False
    return (b"   " + data[len(_BOM) :] if data.startswith(_BOM) else data), True


def _wide_encoding(data: bytes) -> str | None:
    """Return which UTF-16 it is, by its mark or, where that is missing, by every second byte being zero."""
    even, odd = data[0:64:2], data[1:64:2]
    if data.startswith(b"\xff\xfe") or (odd and not any(odd) and all(even)):
        return "utf-16-le"
    return "utf-16-be" if data.startswith(b"\xfe\xff") or (odd and not any(even) and all(odd)) else None


def _without_armour(text: str) -> str:
    """Blank out PEM and PGP blocks, whose last line may look like an assignment (`abcd=`)."""
    pieces, at = [], 0
    for begin in re.finditer("-----BEGIN ", text):
        if begin.start() < at:
            continue
        end = text.find("-----END ", begin.end())
        if end < 0:
            break
        pieces += [text[at : begin.start()], re.sub(r"[^\r\n]", " ", text[begin.start() : end])]
        at = end
    return "".join((*pieces, text[at:]))


def _lines(text: str) -> list[_Line]:
    """Read every line that is not empty. NUL ends one too, as in an editor's swap file."""
    return [_line(match[0], match.start()) for match in re.finditer(r"[^\r\n\0]+", text)]


def _line(text: str, start: int) -> _Line:
    left, _, right = text.partition("=")
    commented = left.lstrip().startswith(("#", "//", ";"))
    # `# old: API_KEY=...`: what was commented out is in the history all the same.
    target = left.split()[-1].lstrip("#/;") if commented else left.strip()
    name = re.fullmatch(_ASSIGNED, target) if len(left) < len(text) else None
    # A report shows names: a line of base64 or a pasted key is none.
    if name is None or re.search(_DRAWN, name[1]):
        return _Line(start)
    return _Line(start, name[1], start + left.rindex(name[1]), _value(right), commented)


def _value(text: str) -> str:
    """Return the value without quotes and without a comment behind it."""
    text = text.strip()
    if quoted := re.match(_QUOTED, text):
        return quoted[2]
    return re.split(r"\s#", text.lstrip("'\"`"), maxsplit=1)[0].rstrip("; '\"`,")


RULE = Rule(
    id="FG201",
    name="committed-dotenv",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    message="an env file is committed",
    remedy=(
        "Untrack it, your copy stays: git rm --cached -- {path}",
        "Ignore it from now on: echo /{path} >> .gitignore",
        "Rotate every secret it held: they stay in the history.",
        "For others, commit a template with empty values: .env.example",
    ),
    description=(
        "A dotenv file under version control. It is an error when it holds a Freddy key, whatever the "
        "file's name, or what looks like another live secret: a vendor's known shape, a generated value "
        "under a name such as DB_PASSWORD, a URL with a password for a host elsewhere, a private key. "
        "With settings only it is a warning, because the next secret that somebody fills in is committed "
        "with it. Only files that git tracks count.\n\n"
        "Templates (`.env.example`), test defaults (`.env.test`), `.envrc`, `.flaskenv`, encrypted files "
        "(dotenvx, SOPS, dotenv-vault), Symfony's defaults and settings in fixture and example folders "
        "stay silent; another vendor's live secret in a template or a test file is a warning. What opens "
        "encrypted files (`.env.keys`) is an error. Backups and editors' copies (`.env.bak`, `.env~`) are "
        "a warning even when empty. References (`op://...`, `${VAR}`) are no secrets."
    ),
    names=is_dotenv_name,
    name_keywords=(b"env", b".dev.vars"),
    detect=_detect,
    bad=(
        (".env", "FREDDY_API_KEY=<key>\n"),
        (".env.example", "FREDDY_API_KEY=<key:39>\n"),
        (".env.local", "PORT=3000\n"),
        ("prod.env", "DB_HOST=localhost\n"),
        (".env.bak", ""),
    ),
    good=(
        (".env.example", "FREDDY_API_KEY=\n"),
        (".env.template", "FREDDY_API_KEY=ak_your_api_key_here\n"),
        (".env.test", "DB_PASSWORD=password\n"),
        (".envrc", "use flake\n"),
        ("tests/fixtures/.env", "PORT=3000\n"),
        ("env.py", "PORT = 3000\n"),
    ),
)

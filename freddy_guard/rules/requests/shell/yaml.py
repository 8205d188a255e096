"""YAML: what CI, Compose and Kubernetes files hand to a shell, and the variables that they set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from freddy_guard.rules.requests.call import Value, named
from freddy_guard.rules.requests.code import Builder, Code
from freddy_guard.rules.requests.shell.dockerfile import listed
from freddy_guard.rules.requests.shell.scripts import Script, given

_SCRIPTS = (
    *("run", "script", "before_script", "after_script", "bash", "inline", "inlineScript", "shell", "cmd", "cmds"),
    *("ansible.builtin.shell", "ansible.builtin.command", "commands", "postCreateCommand", "sh", "pre_build", "build"),
    *("post_build", "install", "before_install", "after_success", "args", "command", "entrypoint", "test", "exec"),
)
_LONG = 20000  # bytes of a list in brackets
_KEY = re.compile(
    rb"(?m)^(?P<indent>[ \t]*(?:-[ \t]+)*)[\"']?(?:" + "|".join(map(re.escape, _SCRIPTS)).encode() + rb")[\"']?[ \t]*:"
    rb"(?=[ \t\r]|$)[ \t]*(?P<rest>[^\r\n]*)\r?\n?"
)
_ENV = re.compile(
    rb"(?m)^[ \t]+(?:-[ \t]+)?[\"']?([A-Za-z_]\w*)(?:[\"']?[ \t]*:[ \t]+|=)[\"']?([^\s\"'#]+)[\"']?"
    rb"[ \t]*(?:#[^\n]*)?\r?$"
)
_LIST_KEYS = re.compile(rb"\b(?:args|command|entrypoint|test)[\"']?[ \t]*:")
_TEMPLATE = re.compile(rb"\$?\{\{(.{0,200}?)\}\}|\$\[\[(.{0,200}?)\]\]|\$\(([A-Za-z_][\w.]*)\)")
_COMPOSE = re.compile(rb"\$\$|\$\{([A-Za-z_]\w*)[^}]{0,200}\}|\$([A-Za-z_]\w*)|\$?\{\{(.{0,200}?)\}\}")


class _Line(NamedTuple):
    start: int
    indent: int
    text: bytes  # without indent and end of line


class _Item(NamedTuple):
    """A scalar, as pieces with where they stand."""

    pieces: list[tuple[bytes, int]]

    @property
    def text(self) -> bytes:
        return b"".join(piece for piece, _ in self.pieces)


def scripts(data: bytes, *, compose: bool = False) -> Iterator[Script]:
    """Yield what a file hands to a shell. In a Compose file all variables are filled in before."""
    known = _variables(data)
    done = 0
    for match in _KEY.finditer(data):
        if match.start() < done:
            continue
        items, done = _items(data, match)
        is_list = _LIST_KEYS.search(match[0]) is not None and len(items) > 1
        yield Script(_code(items, compose=compose, is_list=is_list, end=done), known)


def _code(items: list[_Item], *, compose: bool, is_list: bool, end: int) -> Code:
    code = Builder()
    if is_list and not any(b"\n" in item.text for item in items[:-1]):
        words = [(item.text.decode("utf-8", "replace"), item.pieces[0][1] if item.pieces else end) for item in items]
        listed(code, words, (end, end))
        return _expanded(code.built(), compose=compose)
    for item in items:
        for piece, at in item.pieces:
            code.add(piece, at)
        code.add(b"\n", item.pieces[-1][1] + len(item.pieces[-1][0]) if item.pieces else end)
    return _expanded(code.built(), compose=compose)


def _expanded(code: Code, *, compose: bool) -> Code:
    """Return code in which the names that the file's reader fills in are marked."""
    made, at = Builder(), 0
    for match in (_COMPOSE if compose else _TEMPLATE).finditer(code.source):
        _copied(made, code, at, match.start())
        name = next((group for group in match.groups() if group is not None), None)
        made.add(b"$" if name is None else b"\1" + re.sub(rb"[\1\2]", b"", name) + b"\2", code.offset(match.start()))
        at = match.end()
    _copied(made, code, at, len(code.source))
    return made.built()


def _copied(made: Builder, code: Code, start: int, end: int) -> None:
    """Add a piece of other code, line by line, for each may stand elsewhere."""
    bounds = sorted({start, end, *(one for one in code.starts if start < one < end)})
    for first, last in pairwise(bounds):
        made.add(code.source[first:last], code.offset(first))
    if end > start:
        made.add(b"", code.offset(end))


def _variables(data: bytes) -> dict[str, Value]:
    """Return what a file sets. What it sets to different things is not known."""
    found: dict[str, set[str]] = {}
    for match in _ENV.finditer(data):
        found.setdefault(match[1].decode(), set()).add(match[2].decode("utf-8", "replace"))
    known: dict[str, Value] = {}
    for name, values in found.items():
        known |= given(name, values.pop()) if len(values) == 1 else {name: named(name)}
    return {name: value for name, value in known.items() if "/" in value.pattern or "." in value.pattern}


def _items(data: bytes, key: re.Match[bytes]) -> tuple[list[_Item], int]:
    """Return the scalars that stand at a key, and where they end."""
    indent = len(key["indent"])
    lines, end = _block(data, key.end(), indent)
    rest, at = key["rest"], key.start("rest")
    if re.match(rb"[|>][+-]?\d?[+-]?[ \t]*(?:#.*)?\Z", rest):
        return [_scalar(lines, folded=rest.startswith(b">"))], end
    if rest.startswith(b"["):
        stop = data.find(b"]", at, at + _LONG)
        flow, stop = (_flow(data, at + 1, stop), stop) if stop >= 0 else ([], end)
        return flow, max(end, stop)
    if rest and not rest.startswith((b"#", b"&", b"*", b"!")):
        return [_plain(rest, at, lines)], end
    items = _sequence(lines)
    return items, end if items else key.end()


def _block(data: bytes, start: int, indent: int) -> tuple[list[_Line], int]:
    """Return the lines below a key that belong to it: those that are indented more, or the items of its list."""
    lines: list[_Line] = []
    for match in re.compile(rb"([ \t]*)([^\r\n]*)\r?(?:\n|\Z)").finditer(data, start):
        depth, text = len(match[1]), match[2]
        if text and (depth < indent or (depth == indent and not re.match(rb"-(?:[ \t]|$)", text))):
            break
        if match.start() == match.end():
            break
        lines.append(_Line(match.start(2), depth, text))
        start = match.end()
    return lines, start


def _scalar(lines: list[_Line], *, folded: bool) -> _Item:
    """Return a block scalar. A folded one joins its lines, except those that are indented more."""
    least = min((line.indent for line in lines if line.text), default=0)
    pieces: list[tuple[bytes, int]] = []
    for line in lines:
        more = line.indent - least if line.text else 0
        joint = b" " if folded and line.text and more <= 0 else b"\n"
        pieces += [(b" " * max(more, 0) + line.text, line.start - max(more, 0)), (joint, line.start + len(line.text))]
    return _Item(pieces)


def _plain(text: bytes, at: int, lines: list[_Line]) -> _Item:
    """Return a scalar that begins on the line of its key or dash, and may go on below."""
    pieces = [(text, at)]
    for line in lines:
        if line.text.startswith(b"#"):
            break
        pieces += [(b" ", line.start - 1), (line.text, line.start)]
    whole = b"".join(piece for piece, _ in pieces).rstrip()
    quote = whole[:1]
    if quote in (b"'", b'"') and len(whole) > 1 and whole.endswith(quote) and _is_one(whole, quote):
        return _unquoted(pieces, quote)
    return _Item([(re.sub(rb"[ \t]#.*\Z", b"", piece), start) for piece, start in pieces])


def _is_one(whole: bytes, quote: bytes) -> bool:
    inner = whole[1:-1]
    return quote not in (inner.replace(b"''", b"") if quote == b"'" else re.sub(rb"\\.", b"", inner))


def _unquoted(pieces: list[tuple[bytes, int]], quote: bytes) -> _Item:
    """Return a quoted scalar as what it stands for."""
    found: list[tuple[bytes, int]] = []
    last = len(pieces) - 1
    for index, (piece, start) in enumerate(pieces):
        first = 1 if index == 0 else 0
        inner = piece.rstrip()[:-1] if index == last else piece
        at = first
        for escape in re.finditer(rb"''" if quote == b"'" else rb"\\(.)", inner):
            if escape.start() < first:
                continue
            found.append((inner[at : escape.start()], start + at))
            char = b"'" if quote == b"'" else escape[1].replace(b"n", b"\n").replace(b"t", b"\t")
            found.append((char, start + escape.start()))
            at = escape.end()
        found.append((inner[at:], start + at))
    return _Item(found)


def _flow(data: bytes, start: int, end: int) -> list[_Item]:
    """Return the items of a list in brackets."""
    pattern = re.compile(rb"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^,\s\"'][^,\r\n]*")
    return [_plain(match[0], match.start(), []) for match in pattern.finditer(data, start, end)]


def _sequence(lines: list[_Line]) -> list[_Item]:
    """Return the items of a list, one below the other."""
    items: list[_Item] = []
    begins = next((line for line in lines if line.text and not line.text.startswith(b"#")), None)
    if begins is None or not re.match(rb"-(?:[ \t]|$)", begins.text):
        return []
    first = begins.indent
    starts = [i for i, line in enumerate(lines) if line.indent == first and re.match(rb"-(?:[ \t]|$)", line.text)]
    for begin, stop in pairwise([*starts, len(lines)]):
        dash = re.match(rb"-[ \t]*", lines[begin].text)
        skip = dash.end() if dash else 0
        text, below = lines[begin].text[skip:], lines[begin + 1 : stop]
        if re.match(rb"[|>][+-]?\d?[+-]?[ \t]*\Z", text):
            items.append(_scalar(below, folded=text.startswith(b">")))
        elif not re.match(rb"[\w.\"'-]+[ \t]*:(?:[ \t]|$)", text):
            items.append(_plain(text, lines[begin].start + skip, below))
    return items

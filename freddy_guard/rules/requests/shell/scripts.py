"""The scripts in a file: the whole of it, or what it hands to a shell, with what is filled in before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from freddy_guard.model import Document
from freddy_guard.rules.requests.call import Value, named, text
from freddy_guard.rules.requests.code import Builder, Code
from freddy_guard.rules.requests.shell.syntax import CLOSE, OPEN

_MAKE = re.compile(rb"\$(?:\$|[({]([^(){}$]*)[)}]|([A-Za-z]))")
_RECIPE = re.compile(rb"\t[@+-]*((?:[^\n]*\\\n)*[^\n]*)\n?")
_MAKE_VARIABLE = re.compile(rb"(?m)^(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*(\+|\?|::?)?=[ \t]*((?:[^\n\\#]|\\.)*)")
_LONG = 4000  # characters of a value: no URL
_GROOVY = re.compile(
    rb"\b(?:sh|bat)\b[ \t]*\(?[^'\"\n]{0,80}?(?:(?P<open>'''|\"\"\"|'|\")(?P<text>.*?)(?<!\\)(?P=open))", re.DOTALL
)


class Script(NamedTuple):
    """A script, and what is known of the variables that it does not set itself."""

    code: Code
    given: Mapping[str, Value]


def scripts(document: Document) -> Iterator[Script]:
    """Yield the scripts in a file that its name or its first line says to hold some."""
    yield from _reader(document.origin.path)(document.data)


def _reader(path: str) -> Callable[[bytes], Iterator[Script]]:
    name = path.rpartition("/")[2].lower()
    if name.endswith((".yml", ".yaml")):
        from freddy_guard.rules.requests.shell.yaml import scripts as yaml_scripts

        return lambda data: yaml_scripts(data, compose="compose" in name)
    if name.startswith(("dockerfile", "containerfile")) or name.endswith("dockerfile"):
        from freddy_guard.rules.requests.shell.dockerfile import scripts as docker_scripts

        return docker_scripts
    if "makefile" in name or name.endswith(".mk"):
        return makefile
    if name.startswith("jenkinsfile") or name.endswith((".groovy", "jenkinsfile")):
        return groovy
    return justfile if name.startswith("justfile") else whole


def whole(data: bytes) -> Iterator[Script]:
    """Yield a file that is one script."""
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    code = Builder()
    code.add(data[start:], start)
    yield Script(code.built(), {})


def given(name: str, value: str) -> Mapping[str, Value]:
    """Return the value of a variable as far as it is a text."""
    return {name: named(name) if re.search(rf"[$`{OPEN}]", value) or not value else text(value)}


def template(code: Builder, name: bytes, origin: int) -> None:
    """Add what something else fills in before the shell sees it."""
    code.add(OPEN.encode() + name + CLOSE.encode(), origin)


def makefile(data: bytes) -> Iterator[Script]:
    """Yield the recipes of a makefile, each line a script as make runs it."""
    known = _make_variables(data)
    for match in re.finditer(rb"(?m)^" + _RECIPE.pattern, data):
        code = Builder()
        _make_expanded(code, data, match.start(1), match.end(1))
        yield Script(code.built(), known)


def _make_variables(data: bytes) -> dict[str, Value]:
    found: dict[str, set[str]] = {}
    for match in _MAKE_VARIABLE.finditer(data):
        value = match[3].decode("utf-8", "replace").strip()
        found.setdefault(match[1].decode(), set()).add("$" if match[2] == b"+" else value)
    plain = {name: values.pop() for name, values in found.items() if len(values) == 1}
    for _ in range(3):  # variables of variables
        plain = {name: value for name in plain if len(value := _filled(plain[name], plain)) < _LONG}
    known: dict[str, Value] = {name: named(name) for name in found}
    for name, value in plain.items():
        known |= given(name, value)
    return known


def _filled(value: str, plain: Mapping[str, str]) -> str:
    return re.sub(r"\$[({](\w+)[)}]", lambda match: plain.get(match[1], match[0]), value)


def _make_expanded(code: Builder, data: bytes, start: int, end: int) -> None:
    """Add a recipe as the shell gets it: `$$` is a dollar, `$(NAME)` what make fills in, `$N` too, by one letter."""
    at = start
    for match in _MAKE.finditer(data, start, end):
        code.add(data[at : match.start()], at)
        if match[0] == b"$$":
            code.add(b"$", match.start() + 1)
        elif match[2] and re.match(rb"\w", data[match.end() : match.end() + 1]):
            code.add(b"\\$" + match[2], match.start())  # `$NAME` is what $N holds and then AME: nobody means that
        else:
            template(code, match[1] or match[2] or b"", match.start())
        at = match.end()
    code.add(data[at:end], at)


def justfile(data: bytes) -> Iterator[Script]:
    """Yield the recipes of a justfile: `{{name}}` is filled in."""
    for match in re.finditer(rb"(?m)^[ \t]+@?((?:[^\n]*\\\n)*[^\n]*)\n?", data):
        code = Builder()
        braces(code, data, match.start(1), match.end(1))
        yield Script(code.built(), {})


def braces(code: Builder, data: bytes, start: int, end: int, pattern: bytes = rb"\$?\{\{(.{0,200}?)\}\}") -> None:
    """Add a piece of a file in which `{{ name }}` is filled in."""
    at = start
    for match in re.finditer(pattern, data[start:end]):
        code.add(data[at : start + match.start()], at)
        template(code, match[1].strip(), start + match.start())
        at = start + match.end()
    code.add(data[at:end], at)


def groovy(data: bytes) -> Iterator[Script]:
    """Yield what a pipeline of Jenkins hands to `sh`. In double quotes Groovy fills in `${name}` itself."""
    for match in _GROOVY.finditer(data):
        before = data[
            max(data.rfind(b"\n", max(match.start() - 300, 0), match.start()) + 1, match.start() - 300) : match.start()
        ]
        if b"//" in before or before.lstrip().startswith(b"*"):
            continue
        code = Builder()
        if match["open"].startswith(b'"'):
            _groovy_expanded(code, data, match.start("text"), match.end("text"))
        else:
            _unescaped(code, data, match.start("text"), match.end("text"))
        yield Script(code.built(), {})


def _groovy_expanded(code: Builder, data: bytes, start: int, end: int) -> None:
    at = start
    for match in re.finditer(rb"\$\{([^}]{0,300})\}|\$([A-Za-z_]\w*)|\\([$\"\\n])", data[start:end]):
        code.add(data[at : start + match.start()], at)
        if match[3]:
            code.add(match[3].replace(b"n", b"\n"), start + match.start())
        else:
            template(code, match[1] or match[2] or b"", start + match.start())
        at = start + match.end()
    code.add(data[at:end], at)


def _unescaped(code: Builder, data: bytes, start: int, end: int) -> None:
    at = start
    for match in re.finditer(rb"\\(['\\])", data[start:end]):
        code.add(data[at : start + match.start()], at)
        code.add(match[1], start + match.start())
        at = start + match.end()
    code.add(data[at:end], at)

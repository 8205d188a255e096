"""Pages: each block of code goes to the room of its language, unless it shows what is wrong."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from freddy_guard.model import Document, Origin
from freddy_guard.rules.requests.call import Call, Value
from freddy_guard.rules.requests.code import Code
from freddy_guard.rules.requests.documents.blocks import Block, Line, blocks, joined, lines_of
from freddy_guard.rules.requests.documents.examples import is_commented_wrong, is_wrong
from freddy_guard.rules.requests.documents.http import calls as http_calls
from freddy_guard.rules.requests.rooms import GATE, room_of
from freddy_guard.rules.requests.shell import sent
from freddy_guard.rules.requests.shell.scripts import Script, given

if TYPE_CHECKING:
    from freddy_guard.rules.requests.rooms import Room

_SHELL = frozenset(
    (
        *("bash", "sh", "shell", "zsh", "console", "terminal", "shell-session", "shellsession", "sh-session", "curl"),
        *("ksh", "shellscript", "bash-session", "cli", "cmd", "httpie", "wget"),
    )
)
# By language: a name of a file that its room knows.
_FILES: Mapping[str, str] = {
    **dict.fromkeys(("python", "py", "python3", "pycon", "ipython"), "a.py"),
    **dict.fromkeys(("javascript", "js", "node", "nodejs", "jsx", "mjs"), "a.js"),
    **dict.fromkeys(("typescript", "ts"), "a.ts"),
    **{
        name: f"a.{name}"
        for name in ("tsx", "html", "vue", "svelte", "go", "java", "php", "swift", "dart", "yaml", "yml")
    },
    **dict.fromkeys(("golang",), "a.go"),
    **dict.fromkeys(("kotlin", "kt"), "a.kt"),
    **dict.fromkeys(("csharp", "c#", "cs"), "a.cs"),
    **dict.fromkeys(("ruby", "rb"), "a.rb"),
    **dict.fromkeys(("rust", "rs"), "a.rs"),
    **dict.fromkeys(("powershell", "ps1", "pwsh"), "a.ps1"),
    **dict.fromkeys(("dockerfile", "docker"), "Dockerfile"),
    **dict.fromkeys(("makefile", "make"), "Makefile"),
}
_PROMPT = re.compile(r"[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:[\w.-]+@[\w.-]+[^$#%\n]*)?(?:[$%]|\xe2\x9d\xaf)[ \t]+")
_CLIENT = re.compile(r"[ \t]*(?:\$[ \t]+)?(?:curl|wget|https?|xh)[ \t]")
_EARLIER = re.compile(
    r"(?m)^(?:import [\w., ]+|from [\w.]+ import [\w., ]+|[A-Za-z_]\w* = f?(?:\"[^\"\n]*\"|'[^'\n]*'))$"
)
_SETS = re.compile(r"(?m)^[ \t]*(?:\$[ \t]+)?(?:export[ \t]+)?([A-Za-z_]\w*)=([\"']?)([^\s\"'`;]+)\2[ \t]*$")


def calls(data: bytes, suffix: str) -> Iterator[Call]:
    """Yield the calls in the blocks of a page."""
    lines = lines_of(data)
    found = list(blocks(lines, suffix))
    known: dict[str, Value] = {}
    imports = ""
    for block, following in zip(found, [*found[1:], None], strict=False):
        text = "\n".join(line.text for line in block.lines)
        language = _language(block)
        sends = list(_calls(block, language, imports, known))
        if sends and not is_wrong(lines, block, following):
            yield from sends
        if language in _SHELL:
            for name, _, value in _SETS.findall(text):
                known |= given(name, value)
        elif _FILES.get(language) == "a.py":
            imports += "".join(f"{line}\n" for line in _EARLIER.findall(text))


def _language(block: Block) -> str:
    """Return the language of a block: a request of curl says what it is without one."""
    if block.language:
        return block.language
    first = next((line.text for line in block.lines if line.text.strip()), "")
    answered = any(line.text.startswith("HTTP/") for line in block.lines)
    return "bash" if _CLIENT.match(first) and not answered else ""


def _calls(block: Block, language: str, imports: str, known: Mapping[str, Value]) -> Iterator[Call]:
    if language in _SHELL:
        code = joined(_typed(block.lines))
        found = sent(Script(code._replace(starts=[0], origins=[0]), known))
    elif language == "http":
        code = joined(block.lines)
        found = http_calls(code.source.decode("latin-1"), shows=True)
    elif language in _FILES:
        is_python = _FILES[language] == "a.py"
        lines = _prompted(block.lines) if is_python else block.lines
        code = joined(lines, imports if is_python else "")
        found = _of_room(code, _FILES[language])
    else:
        return
    source = code.source.decode("latin-1")
    for call in found:
        if not is_commented_wrong(source, call.start, call.end):
            yield call.moved(code.offset)


def _of_room(code: Code, name: str) -> Iterator[Call]:
    """Yield what the room of a language sees in code."""
    document = Document(code.source, Origin(path=name))
    if GATE in code.source.lower():
        room: Room = importlib.import_module(f"freddy_guard.rules.requests.{room_of(document)}")
        yield from room.calls(document)


def _typed(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return what was typed at prompts, all where there are none: the rest is what came back."""
    if not any(_PROMPT.match(line.text) for line in lines):
        return lines
    typed: list[Line] = []
    goes_on = False
    for line in lines:
        prompt = _PROMPT.match(line.text)
        if prompt:
            typed.append(Line(line.start + prompt.end(), line.text[prompt.end() :]))
            command = typed[-1].text
        elif goes_on:
            shown = re.match(r"> ?", line.text)
            skip = shown.end() if shown else 0
            typed.append(Line(line.start + skip, line.text[skip:]))
            command += "\n" + typed[-1].text
        elif line.text.lstrip().startswith("#"):
            typed.append(line)
            continue
        else:
            continue
        goes_on = command.endswith("\\") or _is_open(command)
    return tuple(typed)


def _is_open(command: str) -> bool:
    """Return whether a quote is open at the end of a command."""
    rest = re.sub(r"\\.|'[^']*'|\"(?:[^\"\\]|\\.)*\"", "", command, flags=re.DOTALL)
    return "'" in rest or '"' in rest


def _prompted(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return what was typed at Python's prompts, all where there are none."""
    if not any(line.text.startswith(">>> ") for line in lines):
        return lines
    return tuple(Line(line.start + 4, line.text[4:]) for line in lines if re.match(r">>> |\.\.\. ", line.text))

"""Languages without a parser of their own here: what their tokens say of the enclosing block."""

from __future__ import annotations

import re
from collections.abc import Iterator

from freddy_guard.model import Document
from freddy_guard.rules.requests.call import Call
from freddy_guard.rules.requests.lexical.code import Code
from freddy_guard.rules.requests.lexical.finder import Finder
from freddy_guard.rules.requests.lexical.lexer import Unbalanced
from freddy_guard.rules.requests.lexical.libraries import LIBRARIES, MOCKS, TABLES
from freddy_guard.rules.requests.lexical.powershell import Commands
from freddy_guard.rules.requests.lexical.scopes import Scopes
from freddy_guard.rules.requests.lexical.syntax import BY_SUFFIX, POWERSHELL, Syntax
from freddy_guard.rules.requests.lexical.values import Reader

_PROGRAMS = {"ruby": "rb", "php": "php", "pwsh": "ps1"}
_REFUSED = (  # a test of what the API does without a key
    r"(?i)\b401\b[^\n]{0,80}\bassert|assert[^\n]{0,120}(?:\b40[13]\b|unauthori[sz]ed)|"
    r"\bexpect[^\n]{0,120}(?:\b40[13]\b|unauthori[sz]ed)"
)


def calls(document: Document) -> Iterator[Call]:
    """Yield the calls of the API in a document. What has a bracket without a partner has none."""
    syntax = _syntax(document)
    source = document.data.decode("latin-1")  # a character is a byte: offsets are those of the file
    if syntax is None:
        return
    libraries = tuple(one for one in LIBRARIES[syntax.name] if re.search(one.needs, source))
    if not libraries or re.search(MOCKS[syntax.name], source) or re.search(_REFUSED, source):
        return
    try:
        code = Code(source, syntax)
    except Unbalanced:
        return
    finder = Finder(Reader(code, Scopes(code)), libraries, TABLES)
    yield from Commands(finder).calls() if syntax is POWERSHELL else finder.calls()


def _syntax(document: Document) -> Syntax | None:
    suffix = document.origin.path.rpartition(".")[2].lower()
    program = re.match(r"#![^\n]*?\b(ruby|php|pwsh)", document.data[:200].decode("latin-1"))
    return BY_SUFFIX.get(suffix) or (BY_SUFFIX[_PROGRAMS[program[1]]] if program else None)

"""Python: what its own parser says; notebooks are one program of all their cells."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from freddy_guard.model import Document
from freddy_guard.rules.requests.call import Call
from freddy_guard.rules.requests.python.calls import call_of, may_send, sent
from freddy_guard.rules.requests.python.evaluate import Evaluator
from freddy_guard.rules.requests.python.mocks import Mocks
from freddy_guard.rules.requests.python.program import Places, parse

# A program that imports none of the libraries sends nothing that we can see.
_IMPORTS = (
    rb"\b(?:import|from)\s[^\n]*?"
    rb"\b(?:requests|httpx|aiohttp|urllib[23]?|http|httplib|six|niquests|curl_cffi|\w*freddy\w*|aitronos\w*)\b"
)


def calls(document: Document) -> Iterator[Call]:
    """Yield the calls of the API in a document. A file that Python cannot read has none."""
    if document.origin.path.lower().endswith(".ipynb"):
        from freddy_guard.rules.requests.python.notebook import joined_cells

        code = joined_cells(document.data)
        yield from (call.moved(code.offset) for call in _calls(code.source)) if code else ()
    else:
        yield from _calls(document.data)


def _calls(source: bytes) -> Iterator[Call]:
    program = parse(source) if re.search(_IMPORTS, source) else None
    if program is None:
        return
    evaluator, mocks, places = Evaluator(program), Mocks(program), Places(source)
    for node in program.nodes:
        request = sent(evaluator, node) if isinstance(node, ast.Call) and may_send(node) else None
        found = call_of(request, places.span(request.node)) if request is not None else None
        if found is not None and not mocks.cover(node):
            yield found

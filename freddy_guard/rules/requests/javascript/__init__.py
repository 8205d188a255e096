"""JavaScript and TypeScript, and the scripts of HTML, Vue and Svelte: what tree-sitter says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from freddy_guard.model import Document
from freddy_guard.rules.requests.call import Call
from freddy_guard.rules.requests.javascript.source import parse, program_text, unavailable

__all__ = ["calls", "unavailable"]

# A program that names none of the libraries sends nothing that we can see.
_CLIENTS = (
    rb"fetch|axios|\bgot\b|\bky\b|superagent|undici|\bhttps?[\"']|XMLHttpRequest|\brequest\b|ajax|getJSON|jquery|\$\.|"
    rb"needle|k6/http|EventSource|WebSocket|sendBeacon|follow-redirects|request-promise"
)


def calls(document: Document) -> Iterator[Call]:
    """Yield the calls of the API in a document. What stands in or around a piece that is no program is none."""
    path = document.origin.path
    source = program_text(document.data, path)
    if re.search(_CLIENTS, source) is None:
        return
    try:
        yield from _calls(source, path)
    except RecursionError:
        return  # nobody writes a program that is so deep


def _calls(source: bytes, path: str) -> list[Call]:
    from freddy_guard.rules.requests.javascript.evaluate import Evaluator
    from freddy_guard.rules.requests.javascript.mocks import Mocks
    from freddy_guard.rules.requests.javascript.program import Program
    from freddy_guard.rules.requests.javascript.sending import call_of, sent

    root = parse(source, path)
    if root is None:
        return []
    program = Program(root)
    evaluator, mocks = Evaluator(program), Mocks(program)
    in_page = path.lower().endswith((".html", ".htm"))
    found = []
    for node in program.calls:
        if node.broken or node.lost:
            continue
        request = sent(evaluator, node)
        call = call_of(request, in_page) if request is not None else None
        if call is not None and not mocks.cover(node):
            found.append(call)
    return found

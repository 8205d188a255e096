"""Shell: curl, wget and HTTPie, in scripts, Dockerfiles, Makefiles and CI files."""

from __future__ import annotations

from collections.abc import Iterator

from freddy_guard.model import Document
from freddy_guard.rules.requests.call import Call
from freddy_guard.rules.requests.shell.program import calls as calls_of
from freddy_guard.rules.requests.shell.scripts import Script, scripts


def calls(document: Document) -> Iterator[Call]:
    """Yield the calls of the API in a document."""
    for script in scripts(document):
        yield from sent(script)


def sent(script: Script) -> Iterator[Call]:
    """Yield the calls of the API in a script, where they stand in its file."""
    source = script.code.source.decode("latin-1")
    return (call.moved(script.code.offset) for call in calls_of(source, script.given))

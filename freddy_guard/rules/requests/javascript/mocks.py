"""Where a program sends nothing: what it seems to call is answered by itself."""

from __future__ import annotations

import re

from freddy_guard.rules.requests.javascript.program import FUNCTIONS, Program
from freddy_guard.rules.requests.javascript.source import Node

# Libraries that answer for the server.
_LIBRARIES = (
    r"(?:nock|msw|fetch-mock\S*|axios-mock-adapter|jest-fetch-mock|vitest-fetch-mock|moxios|mockttp|pretender|miragejs|"
    r"sinon|xhr-mock|@pollyjs/\S+|replayer|talkback|jest-mock-axios|vitest-mock-axios|jest-nock|testdouble|"
    r"superagent-mock\S*|ky-mock|undici-mock|mock-\S+|node-mocks-http|isomorphic-fetch-mock|nise|proxyquire|rewire)"
    r"(?:/\S*)?"
)
# Calls that put something in the place of a library, or of what the network answers.
_REPLACED = (
    rb"\b(?:jest|vi|vitest|td|mock)\s*\.\s*(?:mock|doMock|unstable_mockModule|setMock|stubGlobal|replace|module|method|"
    rb"automock|enableAutomock|spyOn)\s*(?:<[^>]*>)?\(\s*(?:[\"'`](?:axios|node-fetch|cross-fetch|isomorphic-fetch|undici|got|ky|"
    rb"superagent|https?|node:https?|ofetch|request\S*|fetch|XMLHttpRequest|\$fetch)[\"'`]|(?:global\w*|window|self|axios|"
    rb"http|https|superagent|ky|got)\b)"
    rb"|\b(?:global\w*|window|self)\s*(?:\.|\[[\"'])(?:fetch|XMLHttpRequest|\$fetch)(?:[\"']\])?\s*=[^=]"
    rb"|\b(?:axios|mockedAxios|https?)\s*\.\s*\w+\s*=\s*(?:jest|vi)\b|\b(?:fetch|fetchMock)\s*\.\s*(?:mock\w+|enableMocks)\b"
    rb"|\benableFetchMocks\b|\bnew\s+(?:MockAgent|MockAdapter|Polly|Pretender|MockPool)\b|\bcy\s*\.\s*(?:intercept|route)\b"
    rb"|\b(?:page|context|browserContext)\s*\.\s*route\s*\(|\bjest\.createMockFromModule\b|\bsetRequestInterception\b"
)
_TEST = frozenset(["it", "test", "specify", "fit", "xit"])
_REFUSED = re.compile(
    r"(?:expect|assert|should|toBe|toEqual|equal|strictEqual|toHaveProperty|status|is)\w*\s*\([^;{}]*\b40[13]\b"
    r"|\bto(?:Throw|Reject)|\.rejects\b|assert\.(?:rejects|throws)"
)


class Mocks:
    """Knows where in a program requests are answered by itself, or are meant to fail."""

    def __init__(self, program: Program) -> None:
        source = program.root.source
        self._functions: dict[Node, bool] = {}
        required = re.findall(rb"\b(?:require|import)\s*\(\s*[\"'`]([^\"'`\n]+)[\"'`]", source)
        names = {*program.imports, *(name.decode("utf-8", "replace") for name in required)}
        self._everywhere = any(re.fullmatch(_LIBRARIES, name) for name in names) or bool(re.search(_REPLACED, source))

    def cover(self, node: Node) -> bool:
        """Return whether a call at this place is no real one, or one that is to be refused."""
        return self._everywhere or any(self._refuses(one) for one in node.ancestors if one.kind in FUNCTIONS)

    def _refuses(self, function: Node) -> bool:
        if function not in self._functions:
            self._functions[function] = _is_refused(function)
        return self._functions[function]


def _is_refused(function: Node) -> bool:
    """Return whether a function is a test of what happens without a key."""
    call = function.parent.parent if function.parent is not None else None
    callee = call.get("function") if call is not None else None
    name = callee.text.partition(".")[0].partition("(")[0] if callee is not None else ""
    return name in _TEST and _REFUSED.search(function.text) is not None

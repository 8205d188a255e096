"""Where a program sends nothing: what it seems to call is answered by itself."""

from __future__ import annotations

import ast
import re

from freddy_guard.rules.requests.python.program import Function, Program

# Libraries that answer for the server, and the fixtures by which they come to a test.
_LIBRARIES = (
    r"\.?(?:responses|respx|requests_mock|httpretty|aioresponses|pook|vcr|pytest_httpx|pytest_httpserver|httpx_mock|"
    r"betamax|mocket|pytest_recording|pytest_responses)\b"
)
_FIXTURES = frozenset(
    [
        *("monkeypatch", "mocker", "requests_mock", "httpx_mock", "respx_mock", "aioresponses", "mocked_responses"),
        *("mock_aioresponse", "httpserver", "responses", "vcr", "vcr_cassette", "class_mocker", "session_mocker"),
    ]
)
_FIXTURE = r"(?:\A|_)(?:mock\w*|fake\w*|stub\w*|patch\w*)(?:_|\Z)"
_PATCHES = (
    r"(?:\A|[\s.])"
    r"(?:patch|mock|usefixtures|vcr|use_cassette|activate|httprettified|block_network|disable_socket|fake\w*)\b"
)
_REFUSED = frozenset([401, 403])


class Mocks:
    """Knows where in a program requests are answered by itself, or are meant to fail."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._everywhere = any(_imports_mock(node) or _patches_all(node) for node in program.nodes)
        self._functions: dict[ast.AST, bool] = {}

    def cover(self, node: ast.AST) -> bool:
        """Return whether a call at this place is no real one, or one that is to be refused."""
        return self._everywhere or any(self._is_covering(one) for one in self._program.ancestors(node))

    def _is_covering(self, node: ast.AST) -> bool:
        if node not in self._functions:
            self._functions[node] = _covers(node)
        return self._functions[node]


def _imports_mock(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(re.match(_LIBRARIES, alias.name) for alias in node.names)
    return isinstance(node, ast.ImportFrom) and re.match(_LIBRARIES, node.module or "") is not None


def _patches_all(node: ast.AST) -> bool:
    """Return whether a fixture that every test uses patches something."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    automatic = any("autouse=True" in ast.unparse(decorator) for decorator in node.decorator_list)
    return automatic and bool(_parameters(node) & _FIXTURES or re.search(_PATCHES, ast.unparse(node)))


def _covers(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return (
            any(_is_fixture(name) for name in _parameters(node))
            or _is_patched(node.decorator_list)
            or _is_refused(node)
        )
    if isinstance(node, ast.ClassDef):
        return _is_patched(node.decorator_list) or any(_sets_up_patch(one) for one in node.body)
    if isinstance(node, ast.With | ast.AsyncWith):
        entered = [item.context_expr for item in node.items]
        return _is_patched(entered) or any("raises" in ast.unparse(one).lower() for one in entered)
    return False


def _sets_up_patch(node: ast.stmt) -> bool:
    """Return whether a method patches something before each test of its class."""
    is_method = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.lower().startswith("setup")
    return is_method and re.search(_PATCHES, ast.unparse(node)) is not None


def _parameters(node: Function) -> set[str]:
    return {one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}


def _is_fixture(name: str) -> bool:
    return name in _FIXTURES or re.search(_FIXTURE, name) is not None


def _is_patched(found: list[ast.expr]) -> bool:
    return any(re.search(_PATCHES, ast.unparse(one.func if isinstance(one, ast.Call) else one)) for one in found)


def _is_refused(node: Function) -> bool:
    """Return whether a function asserts that the API refuses: a test of what happens without a key."""
    return any(
        isinstance(one, ast.Constant) and one.value in _REFUSED
        for claim in ast.walk(node)
        if isinstance(claim, ast.Assert)
        or (isinstance(claim, ast.Call) and "assert" in ast.unparse(claim.func).lower())
        for one in ast.walk(claim)
    )

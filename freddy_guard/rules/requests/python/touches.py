"""What happens to dictionaries and clients after they were made: items set, headers added, handed to somebody else."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from freddy_guard.rules.requests.python.agents import authorization
from freddy_guard.rules.requests.python.library import keywords, pairs
from freddy_guard.rules.requests.python.program import Binding, Function, Program, position
from freddy_guard.rules.requests.things import (
    INCOMPLETE,
    Agent,
    Instance,
    Local,
    Method,
    Nothing,
    Ref,
    Series,
    Table,
    Text,
    Thing,
    Unknown,
    literal,
    merged,
    table,
)

if TYPE_CHECKING:
    from freddy_guard.rules.requests.python.evaluate import Evaluator

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
VERBS = frozenset(
    ["get", "post", "put", "patch", "delete", "head", "options", "request", "stream", "send", "ws_connect"]
)
_READS = frozenset(["get", "items", "keys", "values", "copy", "pop", "popitem", "clear", "fromkeys", "__contains__"])
_LOGS = frozenset(["debug", "info", "warning", "error", "exception", "print", "log", "dumps", "pprint", "isinstance"])
_HARMLESS = VERBS | frozenset(
    [
        *(
            "close",
            "aclose",
            "open",
            "urlopen",
            "build_request",
            "prepare_request",
            "prepare",
            "getresponse",
            "connect",
        ),
        *(
            "endheaders",
            "putrequest",
            "get_header",
            "has_header",
            "get_method",
            "get_full_url",
            "clear",
            "merge_setting",
        ),
        *("set_debuglevel", "__enter__", "__exit__", "__aenter__", "__aexit__", "get_adapter", "add_data", "set_proxy"),
    ]
)
_SETTINGS = frozenset(
    [
        *(
            "cookies",
            "verify",
            "timeout",
            "max_redirects",
            "trust_env",
            "proxies",
            "cert",
            "stream",
            "get_method",
            "method",
        ),
        *("data", "closed", "follow_redirects", "debuglevel", "sock"),
    ]
)
_HEADERS = frozenset(["headers", "_default_headers", "addheaders", "unredirected_hdrs"])
# They take what they are given as it is.
_LIBRARIES = frozenset(
    [
        *("requests", "httpx", "aiohttp", "urllib", "urllib3", "http", "builtins", "json", "copy", "pprint", "logging"),
        *("asyncio", "contextlib", "collections", "types", "typing", "multidict", "niquests", "curl_cffi", "six"),
    ]
)
_REFERENCES = 400  # uses of one name that are looked at; with more of them nothing is known
_DEPTH = 4  # of names for one thing, and of functions that it is handed to


class Touches:
    """Finds and applies what a program does to one of its objects."""

    def __init__(self, program: Program, evaluator: Evaluator) -> None:
        self._program = program
        self._evaluator = evaluator
        self._names_read: set[str] = set()
        self._names: dict[tuple[ast.AST, str], list[ast.expr]] = {}
        self._attributes: dict[tuple[ast.AST, str], list[ast.expr]] = {}

    def of_name(self, scope: ast.AST, name: str) -> list[ast.expr]:
        """Return where a name of a scope is used."""
        if name not in self._names_read:
            self._names_read.add(name)
            for node in self._program.loads.get(name, ()):
                owner = self._program.scope_of(node)
                if owner is not None:
                    self._names.setdefault((owner, name), []).append(node)
        return self._names.get((scope, name), [])

    def of_attribute(self, owner: ast.ClassDef, name: str) -> list[ast.expr]:
        """Return where an attribute is used of the objects of a class, or of something that may be one."""
        if (owner, name) not in self._attributes:
            self._attributes[owner, name] = []  # what asks for itself
            self._attributes[owner, name] = [
                node for node in self._program.attributes.get(name, ()) if self._may_be_of(node, owner)
            ]
        return self._attributes[owner, name]

    def _may_be_of(self, node: ast.Attribute, owner: ast.ClassDef) -> bool:
        holder = self._evaluator.thing(node.value)
        if isinstance(holder, Instance | Local):
            return holder.node is owner or self._related(holder.node, owner) or self._related(owner, holder.node)
        return isinstance(holder, Unknown) and isinstance(
            self._program.parents.get(node), ast.Subscript | ast.Attribute
        )

    def _related(self, node: ast.AST, base: ast.AST) -> bool:
        bases = node.bases if isinstance(node, ast.ClassDef) else []
        return any(isinstance(found := self._evaluator.thing(one), Local) and found.node is base for one in bases)

    def assigned(self, owner: ast.ClassDef, name: str) -> Iterator[Binding]:
        """Yield what the methods of a class assign to an attribute of their object."""
        for node in self._program.attributes.get(name, ()):
            holder = node.value if isinstance(node.ctx, ast.Store) else None
            if isinstance(holder, ast.Name) and self._evaluator.instance(holder) is owner:
                yield self._assignment(node)

    def _assignment(self, node: ast.Attribute) -> Binding:
        parent = self._program.parents[node]
        if isinstance(parent, ast.Assign | ast.AnnAssign):
            return Binding(parent, "is", parent.value)
        if isinstance(parent, ast.withitem):
            return Binding(parent, "enters", parent.context_expr)
        return Binding(parent)

    def applied(self, thing: Thing, references: Sequence[ast.expr], use: ast.expr) -> Thing:
        """Return a thing as it is at a place, after what may have been done to it."""
        if isinstance(thing, Table | Agent):
            if len(references) > _REFERENCES:
                return _unsure(thing)
            for reference in references:
                if reference is not use and self._counts(reference, use):
                    thing = self._touched(thing, reference, 0)
        return thing

    def _counts(self, reference: ast.expr, use: ast.expr) -> bool:
        """Return whether something done at one place may have been done before another."""
        if position(reference) < position(use) or self._function(reference) is not self._function(use):
            return True
        loops = {node for node in self._program.ancestors(use) if isinstance(node, _LOOPS)}
        return any(node in loops for node in self._program.ancestors(reference))

    def _function(self, node: ast.AST) -> ast.AST:
        functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        return next((one for one in self._program.ancestors(node) if isinstance(one, functions)), self._program.tree)

    def _touched(self, thing: Thing, node: ast.expr, depth: int) -> Thing:
        """Return a thing after what is done at one place where it is named."""
        parent = self._program.parents.get(node)
        if depth > _DEPTH:
            return _unsure(thing)
        if isinstance(parent, ast.Subscript) and parent.value is node:
            return _with_headers(thing, self._item(parent)) if isinstance(thing, Table) else thing
        if isinstance(parent, ast.Attribute):
            return self._attribute(thing, parent)
        if isinstance(parent, ast.AugAssign) and parent.target is node:
            return _with_headers(thing, pairs(self._evaluator.thing(parent.value)))
        if isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr) and parent.value is node:
            return self._renamed(thing, parent, depth)
        if isinstance(parent, ast.keyword):
            call = self._program.parents[parent]
            if isinstance(call, ast.Call) and parent.arg is not None:
                return self._handed(thing, call, parent.arg, depth)
        if isinstance(parent, ast.Call) and parent.func is not node:
            return self._handed(thing, parent, parent.args.index(node), depth)
        return thing

    def _item(self, node: ast.Subscript) -> Table:
        """Return what an assignment to an item sets."""
        parent = self._program.parents[node]
        if not isinstance(node.ctx, ast.Store):
            return Table()
        name = literal(self._evaluator.thing(node.slice))
        if name is None:
            return INCOMPLETE
        known = isinstance(parent, ast.Assign | ast.AnnAssign) and parent.value is not None
        found = self._evaluator.thing(parent.value) if known and isinstance(parent, ast.Assign) else Unknown()
        return Table(((name, found),))

    def _attribute(self, thing: Thing, node: ast.Attribute) -> Thing:
        parent = self._program.parents[node]
        if isinstance(thing, Table):
            return self._dictionary_method(thing, node, parent)
        if not isinstance(thing, Agent):
            return thing
        if isinstance(parent, ast.Call) and parent.func is node:
            return self._agent_method(thing, node.attr, parent)
        if isinstance(node.ctx, ast.Store):
            return self._setting(thing, node.attr, parent)
        if node.attr == "params" and isinstance(parent, ast.Attribute | ast.Subscript):
            return thing._replace(params=thing.params.joined(self._part(Table(), node, parent)))
        if node.attr in _HEADERS and not isinstance(parent, ast.keyword):
            return _with_headers(thing, self._part(Table(), node, parent))
        return _unsure(thing) if node.attr == "event_hooks" else thing

    def _part(self, whole: Table, node: ast.Attribute, parent: ast.AST) -> Table:
        """Return what is added to the headers of a client."""
        if isinstance(parent, ast.Subscript):
            return self._item(parent)
        if isinstance(parent, ast.Attribute):
            return table(self._dictionary_method(whole, parent, self._program.parents[parent]))
        if isinstance(parent, ast.Call) and parent.func is not node:
            return INCOMPLETE if not self._only_reads(parent) else whole
        return whole

    def _dictionary_method(self, whole: Table, node: ast.Attribute, parent: ast.AST) -> Table:
        if not (isinstance(parent, ast.Call) and parent.func is node):
            return whole
        given = [self._evaluator.thing(argument) for argument in parent.args]
        if node.attr in ("update", "extend"):
            for one in given:
                whole = whole.joined(pairs(one))
            return whole.joined(keywords(self._evaluator, parent))
        if node.attr == "append" and len(given) == 1:
            return whole.joined(pairs(Series((given[0],))))
        if node.attr in ("setdefault", "__setitem__", "add", "add_header") and len(given) == 2:
            return whole.joined(pairs(Series((Series((given[0], given[1])),))))
        return whole if node.attr in _READS else whole.joined(INCOMPLETE)

    def _agent_method(self, agent: Agent, name: str, call: ast.Call) -> Thing:
        given = [self._evaluator.thing(argument) for argument in call.args]
        if name in ("add_header", "add_unredirected_header", "putheader"):
            return _with_headers(agent, pairs(Series((Series(tuple(given)),))))
        if name == "mount" and len(given) == 2:
            adapter = given[1]
            return agent if isinstance(adapter, Agent) and adapter.kind.endswith(".HTTPAdapter") else _unsure(agent)
        return agent if name in _HARMLESS else _unsure(agent)

    def _setting(self, agent: Agent, name: str, parent: ast.AST) -> Thing:
        given = self._evaluator.thing(parent.value) if isinstance(parent, ast.Assign | ast.AugAssign) else Unknown()
        if name in _HEADERS:
            return _with_headers(agent, pairs(given))
        if name == "auth":
            return _with_headers(agent, authorization(given))
        if name == "params":
            return agent._replace(params=agent.params.joined(pairs(given)))
        if name == "base_url":
            return agent._replace(base=merged((given, agent.base)) if agent.base != Nothing() else given)
        return agent if name in _SETTINGS else _unsure(agent)

    def _renamed(self, thing: Thing, node: ast.Assign | ast.AnnAssign | ast.NamedExpr, depth: int) -> Thing:
        """Return a thing after what is done to it under another name."""
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Name):
                references = self.of_name(self._program.scopes[target], target.id)
            elif isinstance(target, ast.Attribute):
                references = [one for one in self._program.attributes[target.attr] if one is not target]
            else:
                return _unsure(thing)
            for reference in references:
                thing = self._touched(thing, reference, depth + 1)
        return thing

    def _handed(self, thing: Thing, call: ast.Call, argument: int | str, depth: int) -> Thing:
        """Return a thing after a call that it is an argument of: who gets it may do anything to it."""
        if self._only_reads(call):
            return thing
        function, skipped = self._callee(call)
        if function is None:
            return _unsure(thing)
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        if isinstance(argument, int):
            index = argument + skipped
            argument = names[index] if index < len(names) else ""
        if argument not in (*names, *(one.arg for one in function.args.kwonlyargs)):
            return _unsure(thing)
        for reference in self.of_name(function, argument):
            thing = self._touched(thing, reference, depth + 1)
        return thing

    def _callee(self, call: ast.Call) -> tuple[Function | None, int]:
        """Return the function of the program that is called, and how many parameters come before the arguments."""
        callee = self._evaluator.thing(call.func)
        if isinstance(callee, Local) and isinstance(callee.node, ast.ClassDef):
            return self._evaluator.method(callee.node, "__init__"), 1
        function = self._evaluator.function(callee)
        static = function is not None and any(
            isinstance(one, ast.Name) and one.id == "staticmethod" for one in function.decorator_list
        )
        return function, int(isinstance(callee, Method) and not static)

    def _only_reads(self, call: ast.Call) -> bool:
        callee = self._evaluator.thing(call.func)
        if isinstance(callee, Ref):
            return callee.name.partition(".")[0] in _LIBRARIES
        if isinstance(callee, Method) and isinstance(callee.owner, Agent | Text | Table):
            return True
        names = callee.names if isinstance(callee, Unknown) else ()
        name = call.func.attr if isinstance(call.func, ast.Attribute) else "".join(names[:1])
        return isinstance(callee, Unknown) and (name in VERBS or name in _LOGS)


def _with_headers(thing: Thing, more: Table) -> Thing:
    if isinstance(thing, Agent):
        return thing._replace(headers=thing.headers.joined(more))
    return thing.joined(more) if isinstance(thing, Table) else thing


def _unsure(thing: Thing) -> Thing:
    return _with_headers(thing, INCOMPLETE)

"""The text of a program, and its tree as tree-sitter reads it, in objects that are quick to walk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Tree, TreeCursor

_PAGES = (".html", ".htm", ".vue", ".svelte")
_SCRIPT = rb"(?is)<script\b([^>]*)>(.*?)</script"
_OTHER_TYPE = (
    rb"(?i)\btype\s*=\s*[\"']?+(?!(?:text|application)/(?:java|ecma|type)script|module|text/(?:babel|jsx))[\w+-]*/?"
)
_COMMENT = rb"(?s)<!--.*?-->"
_CONFLICT = rb"(?m)^<{7} .*(?s:.*)^>{7} "


class Node:
    """A named node of the tree. `field` is what it is for its parent.

    `broken` says that there is an error in it, `lost` that it is in what could not be read.
    """

    __slots__ = ("broken", "children", "end", "field", "kind", "lost", "parent", "source", "start")

    def __init__(self, source: bytes, kind: str, field: str, span: tuple[int, int], parent: Node | None) -> None:
        self.source = source
        self.kind = kind
        self.field = field
        self.start, self.end = span
        self.parent = parent
        self.children: list[Node] = []
        self.broken = False
        self.lost: bool = parent is not None and (parent.lost or parent.kind == "ERROR")

    def get(self, field: str) -> Node | None:
        """Return the child of a field."""
        return next((child for child in self.children if child.field == field), None)

    @property
    def text(self) -> str:
        """Return the node as it is written."""
        return self.source[self.start : self.end].decode("utf-8", "replace")

    @property
    def ancestors(self) -> Iterator[Node]:
        """Yield what the node stands in, the nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


def is_page(path: str) -> bool:
    """Return whether a file holds scripts within markup."""
    return path.lower().endswith(_PAGES)


def program_text(data: bytes, path: str) -> bytes:
    """Return a program of the same length as the file: of a page its scripts alone, everything at its place."""
    if not is_page(path):
        return data
    data = re.sub(_COMMENT, lambda comment: _blank(comment[0]), data)
    text, last = bytearray(), 0
    for script in re.finditer(_SCRIPT, data):
        if re.search(_OTHER_TYPE, script[1]) is None:
            text += _blank(data[last : script.start(2)]) + script[2] + b";"
            last = script.end(2) + 1
    return bytes(text + _blank(data[last:]))


def _blank(text: bytes) -> bytes:
    return re.sub(rb"[^\r\n]", b" ", text)


@cache
def _grammar(name: str) -> Language:
    import tree_sitter_typescript
    from tree_sitter import Language

    return Language(getattr(tree_sitter_typescript, f"language_{name}")())


@cache
def unavailable() -> bool:
    """Return whether the parser does not load: there are platforms without a build of it."""
    try:
        _grammar("tsx")
    except ImportError:
        return True
    return False


def parse(source: bytes, path: str) -> Node | None:
    """Return the root of the tree, None for half of a merge: that is nobody's request."""
    if re.search(_CONFLICT, source):
        return None
    from tree_sitter import Parser

    # In plain TypeScript `<T>x` is a type assertion; everything else reads as TSX.
    grammar = "typescript" if path.lower().endswith((".ts", ".mts", ".cts")) else "tsx"
    return _converted(source, Parser(_grammar(grammar)).parse(source))


def _converted(source: bytes, tree: Tree) -> Node:
    """Copy the tree. No recursion: a sum of a thousand texts is deep."""
    cursor = tree.walk()
    root = parent = Node(source, "program", "", (0, len(source)), None)
    if not cursor.goto_first_child():
        return root
    while True:
        made = _copied(source, cursor, parent)
        if made is not None and cursor.goto_first_child():
            parent = made
            continue
        while not cursor.goto_next_sibling():
            cursor.goto_parent()
            if parent.parent is None:
                return root
            parent = parent.parent


def _copied(source: bytes, cursor: TreeCursor, parent: Node) -> Node | None:
    """Copy one node, None for a comment and for punctuation."""
    node, field = cursor.node, cursor.field_name or ""
    if node is None or node.type == "comment" or not (node.is_named or field):
        return None
    made = Node(source, node.type, field, (node.start_byte, node.end_byte), parent)
    made.broken = node.has_error
    parent.children.append(made)
    return made

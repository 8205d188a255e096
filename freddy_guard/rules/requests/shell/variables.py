"""What the variables of a script stand for, as far as the script itself says so."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from freddy_guard.rules.requests.call import UNKNOWN, Part, Value, joined, named, text
from freddy_guard.rules.requests.shell.syntax import Assignment, Command, Piece, Word

MOST = 8  # readings of one word
_DEEP = 12
_MOST_PIECES = 200  # of a word
_NEAR = 50  # assignments before a command, and behind it
_SETTERS = frozenset(["read", "mapfile", "readarray", "getopts", "unset", "printf"])
_ECHOES = frozenset(["echo", "printf", "base64", "tr", "cat", "head", "cut", "sed", "openssl", "xargs"])
_URL_LIKE = r"https?:|//|/|v1\b|[\w.-]*api\.aitronos"

Field = tuple[Value, ...]  # one argument in its readings; () is any number of arguments of which nothing is known
MANY: Field = ()


class Variables:
    """The assignments of a script, and the value of a word where it stands."""

    def __init__(self, commands: list[Command], given: Mapping[str, Value]) -> None:
        self._given = given
        self._set: dict[str, list[tuple[Command, Assignment, bool]]] = {}
        before = ""
        for command in sorted(commands, key=lambda command: command.start):
            for assignment in _assignments(command):
                maybe = before in ("&&", "||")
                self._set.setdefault(assignment.name, []).append((command, assignment, maybe))
            before = command.follows

    def fields(self, word: Word, at: Command, depth: int = 0) -> list[Field]:
        """Return the arguments that a word becomes."""
        if len(word.pieces) == 1 or all(not p.text for p in word.pieces if p.kind == "text"):
            whole = [piece for piece in word.pieces if piece.kind != "text"]
            if len(whole) == 1:
                return self._whole(whole[0], at, depth)
        if any(self._is_list(piece) for piece in word.pieces):
            return [MANY]
        return [tuple(self.values(word.pieces, at, depth))]

    def _is_list(self, piece: Piece) -> bool:
        return piece.kind == "variable" and (piece.text in ("@", "*") or piece.text.endswith("[@]"))

    def _whole(self, piece: Piece, at: Command, depth: int) -> list[Field]:
        """Return the arguments that one expansion becomes."""
        if piece.kind != "variable":
            return [tuple(self.values((piece,), at, depth))] if piece.quoted or piece.kind == "template" else [MANY]
        name = piece.text.removesuffix("[@]")
        found = self._reaching(name, at)
        if any(assignment.is_array for assignment, _ in found) or self._is_list(piece):
            return self._array(found, at, depth) if piece.operator in ("", "+", ":-", "-") else [MANY]
        values = tuple(self.values((piece,), at, depth))
        if piece.quoted:
            return [values]
        return self._split(values)

    def _split(self, values: tuple[Value, ...]) -> list[Field]:
        """Return the arguments that the text of a variable without quotes becomes."""
        if len(values) == 1 and values[0].literal is not None:
            literal = values[0].literal
            return [MANY] if re.search(r"[\"'\\*]", literal) else [(text(one),) for one in literal.split()]
        if all(re.match(r"\0?[^\s-]\S*\Z", value.pattern) and next(value.texts, "") for value in values):
            return [values]
        return [MANY]

    def _array(self, found: list[tuple[Assignment, Command]], at: Command, depth: int) -> list[Field]:
        if not found or depth > _DEEP:
            return [MANY]
        fields: list[Field] = []
        for assignment, where in found:
            if not assignment.is_array:
                return [MANY]
            for word in assignment.values:
                fields += self.fields(word, where, depth + 1)
        return fields

    def values(self, pieces: Iterable[Piece], at: Command, depth: int = 0) -> list[Value]:
        """Return what pieces may stand for, one behind the other."""
        readings = [Value()]
        for count, piece in enumerate(_merged(pieces)):
            if count > _MOST_PIECES:
                return [UNKNOWN]
            ways = self._piece(piece, at, depth)
            readings = [joined((reading, way)) for reading in readings for way in ways][:MOST]
        return readings

    def _piece(self, piece: Piece, at: Command, depth: int) -> list[Value]:
        if piece.kind == "text":
            return [text(_decoded(piece.text))]
        if piece.kind == "template":
            return self._template(piece.text)
        if piece.kind == "output":
            return [Value((Part(None, tuple(_echoed(piece.inner))),))]
        return self._variable(piece, at, depth)

    def _template(self, name: str) -> list[Value]:
        short = re.findall(r"\w+", name)
        given = self._given.get(short[-1]) if short else None
        return [given] if given is not None else [named(*short[-1:])]

    def _variable(self, piece: Piece, at: Command, depth: int) -> list[Value]:
        if not piece.text or self._is_list(piece):
            return [Value((Part(),))]
        if piece.operator not in ("", ":-", "-", ":=", "=", ":?", "?", "%"):
            return [Value((Part(None, ()),))]
        known = self._known(piece.text, at, depth)
        if piece.operator == "%":
            return (
                [_stripped(value) for value in known]
                if "".join(p.text for p in piece.operand) == "/"
                else [named(piece.text)]
            )
        if piece.operator in (":-", "-", ":=", "=") and all(value.literal is None for value in known):
            default = self.values(piece.operand, at, depth + 1) if depth < _DEEP else []
            return [value for value in default if re.match(_URL_LIKE, value.pattern)] or known
        return known

    def _known(self, name: str, at: Command, depth: int) -> list[Value]:
        """Return what a variable may stand for: at least its name."""
        found = self._reaching(name, at) if depth < _DEEP else []
        readings: list[Value] = []
        for assignment, where in found:
            if not assignment.values or assignment.is_array:
                ways = [named(name)]
            else:
                ways = [_called(name, value) for value in self.values(assignment.values[0].pieces, where, depth + 1)]
            if assignment.grows:
                readings = [joined((old, way)) for old in readings or [named(name)] for way in ways]
            else:
                readings += ways
        return list(dict.fromkeys(readings))[:MOST] or [self._given.get(name, named(name))]

    def _reaching(self, name: str, at: Command) -> list[tuple[Assignment, Command]]:
        """Return the assignments that a command may see, in their order."""
        every = self._set.get(name, [])
        index = bisect_left(every, at.start, key=lambda one: one[0].start)
        every = every[max(index - _NEAR, 0) : index + _NEAR]
        own = [one for one in every if one[0].function == at.function and one[0].start < at.start]
        if not own and at.function:
            own = [one for one in every if not one[0].function or one[0].function != at.function]
        elif not own:
            own = [one for one in every if one[0].function and one[0].start < at.start]
        kept: list[tuple[Assignment, Command]] = []
        for command, assignment, maybe in own:
            surely = not maybe and command.block == at.block[: len(command.block)]
            each = kept and kept[-1][1] is command  # `for` gives one value after the other
            if surely and not assignment.grows and not each:
                kept.clear()
            kept.append((assignment, command))
        return kept


def _assignments(command: Command) -> Iterator[Assignment]:
    """Yield what a command assigns. What stands before a program is only for that program."""
    name = command.words[0].bare if command.words else ""
    if not command.words or name in ("export", "local", "declare", "readonly", "typeset"):
        yield from command.assignments
    if name in ("local", "declare", "typeset"):
        options = any("a" in word.bare for word in command.words[1:] if word.bare.startswith("-"))
        bare = [word.bare for word in command.words[1:] if word.bare.isidentifier()]
        yield from (Assignment(one, (), is_array=options) for one in bare)
    if name in _SETTERS:
        for word in command.words[1:]:
            if word.bare.isidentifier():
                yield Assignment(word.bare, ())
    for word in command.words:
        for piece in word.pieces:
            if piece.operator in (":=", "=") and piece.text.isidentifier():
                whole = Word(word.start, word.end, (piece._replace(operator=":-"),))
                yield Assignment(piece.text, (whole,))


def _echoed(commands: tuple[Command, ...]) -> Iterator[str]:
    """Yield the names of what commands put out, where they do no more than put it out."""
    if not all(command.words and command.words[0].bare in _ECHOES for command in commands):
        return
    for command in commands:
        for word in command.words[1:]:
            for piece in word.pieces:
                if piece.kind == "variable" and piece.text:
                    yield piece.text
                elif piece.kind == "text" and command.words[0].bare == "cat":
                    yield piece.text.rpartition("/")[2]


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces with those of text that follow each other as one."""
    for is_text, alike in groupby(pieces, key=lambda piece: piece.kind == "text"):
        if is_text:
            yield Piece("text", "".join(piece.text for piece in alike))
        else:
            yield from alike


def _called(name: str, value: Value) -> Value:
    """Return a value with the name of the variable that holds it."""
    if value.literal is not None or len(value.parts) != 1:
        return value
    return Value((Part(None, (name, *value.parts[0].names)),))


def _stripped(value: Value) -> Value:
    last = value.parts[-1] if value.parts else Part()
    return Value((*value.parts[:-1], Part(last.text.removesuffix("/")))) if last.text is not None else value


def _decoded(raw: str) -> str:
    return raw.encode("latin-1").decode("utf-8", "replace")

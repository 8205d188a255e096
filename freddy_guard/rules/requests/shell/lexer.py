"""Shell source as commands of words, without running any of it: quotes, expansions, here-documents, nesting.

The source is text of one character for each byte (latin-1), so that places in it are places in the file.
"""

from __future__ import annotations

import re
from contextlib import suppress

from freddy_guard.rules.requests.shell.nesting import Nesting
from freddy_guard.rules.requests.shell.syntax import OPEN, TEMPLATE, Assignment, Command, Piece, Word

_DEPTH = 40
_PLAIN = re.compile(rf"(?a)[^\s\\'\"$`;&|<>(){OPEN}]+")
_IN_QUOTES = re.compile(rf"(?a)[^\\\"$`{OPEN}]+")
_NAME = re.compile(r"(?a)[A-Za-z_]\w*|[0-9@*#?!-]")
_ASSIGN = re.compile(r"(?a)([A-Za-z_]\w*)(?:\[[^\]\s]*\])?(\+?)=")
_ANSI = {"n": "\n", "t": "\t", "r": "\r", "0": "", "a": "", "b": "", "e": ""}


class Broken(Exception):  # noqa: N818 - the source is, and nobody is told
    """The source ends within a quote, or is nested beyond reason."""


def commands(source: str) -> list[Command]:
    """Return the commands of a source in the order in which they end: those within others come first."""
    lexer = _Lexer(source)
    with suppress(Broken):  # half a command is nobody's request
        lexer.run("")
    return lexer.found


class _Lexer:
    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0
        self.found: list[Command] = []
        self._nesting = Nesting()
        self._waiting: list[tuple[str, bool, int]] = []  # here-documents whose text is to come: end, tabs, command
        self._depth = 0
        self._until = ""

    def run(self, until: str) -> tuple[Command, ...]:
        """Read commands up to a closing character, "" for the end of the source."""
        first, outer = len(self.found), self._nesting.copy()
        self._deeper()
        around, self._until = self._until, until
        while self.at < len(self.source) and not self._closes(until):
            self._command(until)
        self._until = around
        if until and self.at >= len(self.source):
            raise Broken
        self.at += len(until)
        self._depth -= 1
        if until:
            self._nesting = outer
        return tuple(self.found[first:])

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEPTH:
            raise Broken

    def _closes(self, until: str) -> bool:
        return bool(until) and self.source[self.at] == until

    def _command(self, until: str) -> None:
        words: list[Word] = []
        assignments: list[Assignment] = []
        waiting = len(self._waiting)
        begins = self.at
        follows = ""
        while self._space() and not self._closes(until):
            follows = self._operator(words)
            if follows:
                break
            if self._redirects(words):
                continue
            match = _ASSIGN.match(self.source, self.at)
            if match and (not words or words[0].bare in ("export", "local", "declare", "readonly", "typeset", "env")):
                assignments.append(self._assignment(match))
                continue
            word = self._word()
            if words or assignments or not self._reserved(word):
                words.append(word)
            elif word.bare == "for":
                assignments += self._loop()
        around = self._nesting.function, tuple(self._nesting.blocks[:_DEPTH])
        self._finish(Command(begins, tuple(words), tuple(assignments), *around), waiting)
        if self.found and follows:
            self.found[-1] = self.found[-1]._replace(follows=follows)

    def _finish(self, command: Command, waiting: int) -> None:
        if command.words or command.assignments:
            start = command.words[0].start if command.words else command.start
            self.found.append(command._replace(start=start))
            self._waiting[waiting:] = [(end, tabs, len(self.found) - 1) for end, tabs, _ in self._waiting[waiting:]]
        if self.source[self.at - 1 : self.at] == "\n":
            self._documents()

    def _space(self) -> bool:
        """Skip what separates words; return whether there is more."""
        while self.at < len(self.source):
            char = self.source[self.at]
            if char in " \t\r\f\v":
                self.at += 1
            elif char == "\\" and re.match(r"\\\r?\n", self.source[self.at : self.at + 3]):
                self.at = self.source.index("\n", self.at) + 1
            elif char == "#" and (self.at == 0 or self.source[self.at - 1] in " \t\r\n;&|()`"):
                end = self.source.find("\n", self.at)
                self.at = end if end >= 0 else len(self.source)
            else:
                return True
        return False

    def _operator(self, words: list[Word]) -> str:
        """Read what ends a command, "" where nothing does."""
        if self.source.startswith("((", self.at) and not words:
            end = self.source.find("))", self.at)
            self.at = end + 2 if end >= 0 else len(self.source)
            return ";"
        match = re.compile(r"(?a)&>>?|\|\||&&|;;&?|\|&|[;&|\n()]").match(self.source, self.at)
        if not match or match[0].startswith("&>"):
            return ""
        function = re.compile(r"(?a)\(\s*\)\s*\{?").match(self.source, self.at) if len(words) == 1 else None
        if function:
            self._begin(words.pop().plain, function)
        else:
            self.at = match.end()
        return match[0]

    def _begin(self, name: str, match: re.Match[str]) -> None:
        """Begin a function, whose begin is read."""
        self.at = match.end()
        self._nesting.begin(name)

    def _reserved(self, word: Word) -> bool:
        """Return whether a word at the begin of a command is none of its words."""
        if word.bare == "function":
            match = re.compile(r"(?a)[ \t]+([^\s(){]+)\s*(?:\(\s*\))?\s*\{?").match(self.source, self.at)
            if match:
                self._begin(match[1], match)
        return self._nesting.reserved(word.bare, word.start)

    def _loop(self) -> list[Assignment]:
        """Read `name in words` behind `for`."""
        match = re.compile(r"(?a)[ \t]+([A-Za-z_]\w*)(?:\s+in\b)?").match(self.source, self.at)
        if not match:
            return []
        self.at = match.end()
        values: list[Word] = []
        while self._space() and self.source[self.at] not in ";\n&|()":
            values.append(self._word())
        return [Assignment(match[1], (value,)) for value in values] or [Assignment(match[1], ())]

    def _assignment(self, match: re.Match[str]) -> Assignment:
        self.at = match.end()
        if not self.source.startswith("(", self.at):
            return Assignment(match[1], (self._word(),), bool(match[2]))
        self.at += 1
        values: list[Word] = []
        while self._array_goes_on():
            values.append(self._word())
        return Assignment(match[1], tuple(values), bool(match[2]), is_array=True)

    def _array_goes_on(self) -> bool:
        while self._space():
            char = self.source[self.at]
            self.at += char in ")\n;&|<>("
            if char == ")":
                return False
            if char not in "\n;&|<>(":
                return True
        raise Broken

    def _redirects(self, words: list[Word]) -> bool:
        """Read a redirection, with what it goes to."""
        match = re.compile(r"(?a)<<<|<<-?|&>>?|>>|>\||<>|[<>]&?").match(self.source, self.at)
        if not match or re.compile(r"(?a)[<>]\(").match(self.source, self.at):
            return False
        if words and words[-1].end == self.at and words[-1].bare.isdigit():
            words.pop()
        self.at = match.end()
        if self._space() and self.source[self.at] not in "\n;|)":
            word = self._word()
            if match[0] in ("<<", "<<-"):
                end = "".join(piece.text for piece in word.pieces)
                self._waiting.append((end, match[0] == "<<-", -1))
        return True

    def _documents(self) -> None:
        """Read the here-documents that the last line asked for."""
        for end, tabs, index in self._waiting:
            indent = r"\t*" if tabs else ""
            pattern = rf"(?m)^{indent}{re.escape(end)}\r?$"
            match = re.compile(pattern).search(self.source, self.at)
            if match is None:
                raise Broken
            text = (self.at, self.source[self.at : match.start()])
            if 0 <= index < len(self.found):
                self.found[index] = self.found[index]._replace(documents=(*self.found[index].documents, text))
            self.at = match.end()
        self._waiting.clear()

    def _word(self) -> Word:
        start, pieces = self.at, list[Piece]()
        while self.at < len(self.source):
            plain = _PLAIN.match(self.source, self.at)
            if plain:
                pieces.append(Piece("text", plain[0]))
                self.at = plain.end()
            elif not self._piece(pieces):
                break
        if self.at == start:  # what no word can begin with: it is none, but must not be read again
            self.at += 1
        return Word(start, self.at, tuple(pieces))

    def _piece(self, pieces: list[Piece]) -> bool:
        """Read one piece that is not plain; return whether the word goes on."""
        char, following = self.source[self.at], self.source[self.at + 1 : self.at + 2]
        if char == "'" or (char == "$" and following == "'"):
            self._single(pieces, ansi=char == "$")
        elif char == '"' or (char == "$" and following == '"'):
            self.at += 1 + (char == "$")
            self._double(pieces)
        elif char == "\\":
            self._escape(pieces, following)
        elif char == self._until == "`":
            return False
        elif char in "$`" or char == OPEN:
            pieces.append(self._expansion(quoted=False))
        elif char in "<>" and following == "(":
            self.at += 2
            pieces.append(Piece("output", "", inner=self.run(")")))
        else:
            return False
        return True

    def _escape(self, pieces: list[Piece], following: str) -> None:
        newline = re.compile(r"(?a)\\\r?\n").match(self.source, self.at)
        self.at = newline.end() if newline else self.at + 2
        if not newline:
            pieces.append(Piece("text", following, quoted=True))

    def _single(self, pieces: list[Piece], *, ansi: bool) -> None:
        pattern = r"\$'((?:[^\\']|\\.)*)'" if ansi else r"'([^']*)'"
        match = re.compile(pattern, re.DOTALL).match(self.source, self.at)
        if match is None:
            raise Broken
        text = re.sub(r"\\(.)", lambda m: _ANSI.get(m[1], m[1]), match[1], flags=re.DOTALL) if ansi else match[1]
        self.at = match.end()
        last = 0
        for hole in TEMPLATE.finditer(text):
            pieces += [Piece("text", text[last : hole.start()], True), Piece("template", hole[1], True)]
            last = hole.end()
        pieces.append(Piece("text", text[last:], True))

    def _double(self, pieces: list[Piece]) -> None:
        pieces.append(Piece("text", "", True))
        while self.at < len(self.source):
            char = self.source[self.at]
            plain = _IN_QUOTES.match(self.source, self.at)
            if char == '"':
                self.at += 1
                return
            if plain:
                pieces.append(Piece("text", plain[0], True))
                self.at = plain.end()
            elif char == "\\":
                following = self.source[self.at + 1 : self.at + 2]
                self.at += 2
                kept = "" if following == "\n" else following if following in '$`"\\' else f"\\{following}"
                pieces.append(Piece("text", kept, True))
            else:
                pieces.append(self._expansion(quoted=True))
        raise Broken

    def _expansion(self, *, quoted: bool) -> Piece:
        """Read what stands at a dollar, a backquote or a template."""
        template = TEMPLATE.match(self.source, self.at)
        if template:
            self.at = template.end()
            return Piece("template", template[1], quoted)
        char, self.at = self.source[self.at], self.at + 1
        if char == "`":
            return Piece("output", "", quoted, inner=self.run("`"))
        if char == OPEN:
            return Piece("text", "", quoted)
        if self.source.startswith("((", self.at):
            return self._arithmetic(quoted)
        if self.source.startswith("(", self.at):
            self.at += 1
            return Piece("output", "", quoted, inner=self.run(")"))
        if self.source.startswith("{", self.at):
            self.at += 1
            return self._braces(quoted)
        return self._variable(quoted)

    def _variable(self, quoted: bool) -> Piece:
        """Read `$name`. `$$name` is the number of the process and a text: nobody means that."""
        match = _NAME.match(self.source, self.at)
        if match:
            self.at = match.end()
            return Piece("variable", match[0], quoted)
        if self.source.startswith("$", self.at):
            self.at += 1
            named = re.compile(r"(?a)[A-Za-z_]").match(self.source, self.at)
            return Piece("text", "$$", quoted) if named else Piece("variable", "$", quoted)
        return Piece("text", "$", quoted)

    def _arithmetic(self, quoted: bool) -> Piece:
        end = self.source.find("))", self.at)
        if end < 0:
            raise Broken
        self.at = end + 2
        return Piece("output", "", quoted)

    def _braces(self, quoted: bool) -> Piece:
        """Read `${name}`, `${name[@]}`, `${name:-operand}`, from behind the brace."""
        match = re.compile(r"(?a)([!#]?)([A-Za-z_]\w*|[0-9@*#?$!-])?(\[[^\]]*\])?(:?[-=+?]|[^}]?)").match(
            self.source, self.at
        )
        if match is None:
            raise Broken
        self.at = match.end()
        indirect, name, index, operator = match.groups()
        operand: list[Piece] = []
        self._deeper()
        while not self.source.startswith("}", self.at):
            if self.at >= len(self.source):
                raise Broken
            plain = re.compile(rf"(?a)[^\\'\"$`}}<>{OPEN}]+").match(self.source, self.at)
            if plain:
                operand.append(Piece("text", plain[0], quoted))
                self.at = plain.end()
            elif not self._operand(operand, quoted):
                operand.append(Piece("text", self.source[self.at], quoted))
                self.at += 1
        self.at += 1
        self._depth -= 1
        known = f"{name or ''}{'[@]' if index in ('[@]', '[*]') else ''}" if not indirect else ""
        return Piece(
            "variable", known, quoted, operator if not index or index in ("[@]", "[*]") else "?", tuple(operand)
        )

    def _operand(self, operand: list[Piece], quoted: bool) -> bool:
        if quoted and self.source[self.at] == "'":  # within double quotes it is a character like others
            return False
        return self._piece(operand)

"""How the languages write comments, texts and names: all that their tokens need."""

from __future__ import annotations

import re
from typing import NamedTuple

KEYWORDS_OF_END = frozenset(
    ["def", "class", "module", "begin", "case", "do", "if", "unless", "while", "until", "for", "end"]
)


class Quote(NamedTuple):
    """A kind of text: patterns for where it begins and ends, what escapes, and what is code in it.

    An `@` in `closes` is what the group whose name begins with `at` matched in `opens`.
    """

    opens: str
    closes: str
    escape: str = r"\\"
    holes: str = ""


class Syntax(NamedTuple):
    """One language. `lines`: a line ends a statement. `folds`: names are the same in capitals.

    `sigil` is how many characters of `$name` in a text are no part of the name, `sums` what joins texts,
    `members` the signs before a member that mean something else in other languages.
    """

    name: str
    quotes: tuple[Quote, ...]
    comments: str = r"//[^\n]*|/\*(?s:.*?)(?:\*/|\Z)"
    names: str = r"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
    lines: bool = False
    sums: str = "+"
    keyword_blocks: bool = False
    here: str = ""
    folds: bool = False
    members: tuple[str, ...] = ()
    sigil: int = 0
    skips: re.Pattern[str] = re.compile(r"(?:\xef\xbb\xbf)?(?:#![^\n]*)?")


_PLAIN = Quote('"', '"')
_LETTER = Quote(r"'(?=(?:\\[^'\n]{1,9}|\\'|[^'\\\n]{1,4})')", "'")
_DOLLAR = r"\$\{|\$[A-Za-z_]\w*"

GO = Syntax("go", (_PLAIN, Quote("`", "`", ""), _LETTER), lines=True)
JAVA = Syntax("java", (Quote('"""', '"""'), _PLAIN, _LETTER))
KOTLIN = Syntax(
    "kotlin",
    (Quote('"""', '"""+', "", _DOLLAR), Quote('"', '"', holes=_DOLLAR), _LETTER),
    names=r"`[^`\n]+`|@?[A-Za-z_\x80-\xff][\w\x80-\xff]*",
    lines=True,
    sigil=1,
)
_FILLED = r"\{(?!\{)"
CSHARP = Syntax(
    "csharp",
    (
        Quote(r'\$+"""', '"""+', "", _FILLED),
        Quote('"""', '"""+', ""),
        Quote(r'(?:\$@|@\$)"', '"(?!")', '"(?=")|[{}](?=[{}])', _FILLED),
        Quote('@"', '"(?!")', '"(?=")'),
        Quote(r'\$"', '"', r"\\|\{(?=\{)|\}(?=\})", _FILLED),
        Quote('"(?:u8)?', '"'),
        _LETTER,
    ),
    comments=r"//[^\n]*|/\*(?s:.*?)(?:\*/|\Z)|#(?:if|else|elif|endif|region|endregion|nullable|pragma|define)\b[^\n]*",
    names=r"@?[A-Za-z_\x80-\xff][\w\x80-\xff]*",
)
_PHP_HOLES = r"\{(?=\$)|\$\{|\$[A-Za-z_]\w*(?:->\w+|\[[^\]\n]*\])?"
PHP = Syntax(
    "php",
    (
        Quote(r"<<<[ \t]*'(?P<at0>\w+)'\n", r"\n[ \t]*@\b", ""),
        Quote(r'<<<[ \t]*"?(?P<at1>\w+)"?\n', r"\n[ \t]*@\b", holes=_PHP_HOLES),
        Quote('"', '"', holes=_PHP_HOLES),
        Quote("'", "'"),
    ),
    comments=r"//(?:(?!\?>)[^\n])*|/\*(?s:.*?)(?:\*/|\Z)|#(?!\[)(?:(?!\?>)[^\n])*|\?>(?s:.*?)(?:<\?php|<\?=|\Z)",
    names=r"\$\$?[A-Za-z_]\w*|\\?[A-Za-z_\x80-\xff][\w\x80-\xff]*(?:\\[A-Za-z_]\w*)*",
    sums=".",
    members=("->", "?->"),
    skips=re.compile(r"(?s:.*?)(?:<\?php|<\?=|\Z)"),
)
_RUBY_HOLES = r"#\{"
RUBY = Syntax(
    "ruby",
    (
        Quote('"', '"', holes=_RUBY_HOLES),
        Quote("'", "'"),
        Quote("`", "`", holes=_RUBY_HOLES),
        Quote(r"%[wWiIqQr]?(?P<at0>[(\[{<|!])(?=\S)", "@", holes=_RUBY_HOLES),
        Quote(r"(?<=[=(,\[!|&{ ])/(?=[^ =\n][^\n/]*/)", "/", holes=_RUBY_HOLES),
        Quote(r'(?<![:\w]):"', '"', holes=_RUBY_HOLES),
        Quote(r"(?<![:\w]):(?=[A-Za-z_])", r"(?<=\w)(?!\w)[?!]?"),
    ),
    comments=r"#[^\n]*|^=begin\b(?s:.*?)(?:\n=end[^\n]*|\Z)|^__END__(?s:.*)",
    names=r"(?:@@?|\$)?[A-Za-z_\x80-\xff][\w\x80-\xff]*(?:[?!](?![=.]))?",
    lines=True,
    keyword_blocks=True,
    here=r"<<[~-]?(?P<hq>[\"']?)(?P<label>[A-Z_]\w*)(?P=hq)",
)
RUST = Syntax(
    "rust",
    (Quote(r'b?r(?P<at0>#*)"', '"@', ""), Quote('b?"', '"'), _LETTER),
    comments=r"//[^\n]*|/\*(?s:.*?)(?:\*/|\Z)|'[a-z_]\w*(?!')",
    names=r"[A-Za-z_\x80-\xff][\w\x80-\xff]*(?:!(?=[(\[{]))?",
)
SWIFT = Syntax(
    "swift",
    (
        Quote('(?P<at0>#+)"', '"@', ""),
        Quote('"""', '"""', r"\\(?!\()", r"\\\("),
        Quote('"', '"', r"\\(?!\()", r"\\\("),
    ),
    names=r"[@#]?[A-Za-z_\x80-\xff][\w\x80-\xff]*|\$\d+",
    lines=True,
)
_DART_RAW = tuple(Quote(f"r{quote}", quote, "") for quote in ('"""', "'''", '"', "'"))
_DART_TEXTS = tuple(Quote(quote, quote, holes=_DOLLAR) for quote in ('"""', "'''", '"', "'"))
DART = Syntax("dart", _DART_RAW + _DART_TEXTS, names=r"@?[A-Za-z_$\x80-\xff][\w$\x80-\xff]*", sigil=1, members=("..",))
_SHELL_HOLES = r"\$\(|\$\{|\$[A-Za-z_]\w*(?::[A-Za-z_]\w*)?"
POWERSHELL = Syntax(
    "powershell",
    (
        Quote('@"[ \t]*\r?\n', '\n"@', "`", _SHELL_HOLES),
        Quote("@'[ \t]*\r?\n", "\n'@", ""),
        Quote('"', '"(?!")', '`|"(?=")', _SHELL_HOLES),
        Quote("'", "'(?!')", "'(?=')"),
    ),
    comments=r"<#(?s:.*?)(?:#>|\Z)|#[^\n]*|`\r?\n",
    names=r"\$(?:[A-Za-z_]\w*:)?\w+|\$\{[^}\n]*\}|-{0,2}[A-Za-z_][\w]*(?:-\w+)*",
    lines=True,
    folds=True,
)

BY_SUFFIX = {
    "go": GO,
    "java": JAVA,
    "kt": KOTLIN,
    "kts": KOTLIN,
    "cs": CSHARP,
    "php": PHP,
    "rb": RUBY,
    "rs": RUST,
    "swift": SWIFT,
    "dart": DART,
    "ps1": POWERSHELL,
    "psm1": POWERSHELL,
}

"""A key in pieces: literals that a compiler or a shell joins again, and continued lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.places.model import Draw, Place

# <0>, <1>, <2> are the pieces of the key in their order. Everything else is as the language wants it.
TWO = (
    ("plus/python", "a.py", 'KEY = "<0>" + "<1>"\n'),
    ("plus/python single quotes", "b.py", "KEY = '<0>'+'<1>'\n"),
    ("plus/python over lines", "c.py", 'KEY = ("<0>" +\n       "<1>")\n'),
    ("plus/python operator first", "d.py", "KEY = (\n    '<0>'\n    + '<1>'\n)\n"),
    ("plus/python backslash", "e.py", 'KEY = "<0>" + \\\n    "<1>"\n'),
    ("plus/python mixed quotes", "f.py", "call(\"<0>\" + '<1>', x=1)\n"),
    ("plus/python bytes", "g.py", "KEY = b'<0>' + b'<1>'\n"),
    ("plus/js", "a.js", "const k = '<0>' + '<1>';\n"),
    ("plus/js over lines", "b.js", "const k = '<0>' +\n  '<1>';\n"),
    ("plus/js operator first", "c.js", "const k = '<0>'\n  + '<1>';\n"),
    ("plus/js templates", "d.js", "const k = `<0>` + `<1>`;\n"),
    ("plus/js mixed", "e.js", "f({k: `<0>` + '<1>'})\n"),
    ("plus/minified", "a.min.js", 'var a={k:"<0>"+"<1>"};'),
    ("plus/ts", "a.ts", 'const k: string = "<0>" + "<1>";\n'),
    ("plus/jsx", "a.jsx", "<Freddy apiKey={'<0>' + '<1>'} />\n"),
    ("plus/html attribute", "a.html", "<button onclick=\"go('<0>' + '<1>')\">\n"),
    ("plus/java", "A.java", 'String k = "<0>" + "<1>";\n'),
    ("plus/java over lines", "B.java", 'String k = "<0>"\n        + "<1>";\n'),
    ("plus/kotlin", "A.kt", 'val k = "<0>" + "<1>"\n'),
    ("plus/scala", "A.scala", 'val k = "<0>" +\n  "<1>"\n'),
    ("plus/groovy", "A.groovy", "def k = '<0>' + \"<1>\"\n"),
    ("plus/go", "a.go", 'const k = "<0>" + "<1>"\n'),
    ("plus/go over lines", "b.go", 'k := "<0>" +\n\t"<1>"\n'),
    ("plus/go raw", "c.go", "k := `<0>` + `<1>`\n"),
    ("plus/C#", "A.cs", 'var k = "<0>" + "<1>";\n'),
    ("plus/C# over lines", "B.cs", 'var k = "<0>" +\r\n        "<1>";\r\n'),
    ("plus/C# verbatim", "C.cs", 'var k = @"<0>" + @"<1>";\n'),
    ("plus/swift", "A.swift", 'let k = "<0>" + "<1>"\n'),
    ("plus/dart", "a.dart", "const k = '<0>' + '<1>';\n"),
    ("plus/ruby", "a.rb", "K = '<0>' + '<1>'\n"),
    ("plus/powershell", "a.ps1", '$k = "<0>" + "<1>"\n'),
    ("plus/typescript type", "b.ts", 'export default { key: ("<0>" + "<1>") as string };\n'),
    ("plus/no spaces over lines", "g.js", "k='<0>'+\n'<1>'\n"),
    ("plus/comment between", "h.js", "k = '<0>' + /* the rest */ '<1>';\n"),
    ("plus/line comment between", "i.js", "k = '<0>' + // the rest\n    '<1>';\n"),
    ("plus/after a word", "j.js", "h = 'Bearer ' + '<0>' + '<1>';\n"),
    ("plus/after a query", "k.js", 'u = "https://a.example/?api_key=" + "<0>" + "<1>" + "&x=1";\n'),
    ("plus/after a colon", "h2.py", "h = 'X-API-Key:' + '<0>' + '<1>' + '\\n'\n"),
    ("plus/after a line break", "l.js", 's = "one\\n" + "<0>" + "<1>";\n'),
    ("plus/before a variable", "m.js", "s = '<0>' + '<1>' + '/' + rest;\n"),
    ("plus/after a variable", "n.js", "s = first + '<0>' + '<1>';\n"),
    ("plus/in a list", "i2.py", 'x = [1, "<0>" + "<1>", "other"]\n'),
    ("plus/in a dict", "j2.py", 'x = {"k": "<0>" + "<1>", "o": "other"}\n'),
    ("plus/as a default", "o.ts", "f(k = '<0>' + '<1>', n = 'other') {}\n"),
    ("dot/php", "a.php", "<?php $k = '<0>' . '<1>';\n"),
    ("dot/php tight", "b.php", '<?php $k="<0>"."<1>";\n'),
    ("dot/php over lines", "c.php", "<?php $k = '<0>'\n    . '<1>';\n"),
    ("dot/php operator last", "d.php", "<?php define('K', '<0>' .\n  '<1>');\n"),
    ("dot/perl", "a.pl", 'my $k = "<0>" . "<1>";\n'),
    ("operators/lua", "a.lua", 'local k = "<0>" .. "<1>"\n'),
    ("operators/vb", "A.vb", 'Dim k = "<0>" & "<1>"\n'),
    ("operators/vb over lines", "B.vb", 'Dim k = "<0>" & _\n    "<1>"\n'),
    ("operators/elixir", "a.ex", 'k = "<0>" <> "<1>"\n'),
    ("operators/haskell", "a.hs", 'k = "<0>" ++ "<1>"\n'),
    ("operators/ocaml", "a.ml", 'let k = "<0>" ^ "<1>"\n'),
    ("operators/nix", "a.nix", '{ k = "<0>" + "<1>"; }\n'),
    ("beside/python", "a.py", 'KEY = "<0>" "<1>"\n'),
    ("beside/python parenthesised", "b.py", 'KEY = ("<0>"\n       "<1>")\n'),
    ("beside/python call", "c.py", "call(\n    '<0>'\n    '<1>',\n    1,\n)\n"),
    ("beside/python prefixes", "d.py", 'KEY = r"<0>" u"<1>"\n'),
    ("beside/python bytes", "e.py", 'KEY = (b"<0>"\n       b"<1>")\n'),
    ("beside/after a word", "k.py", 'H = "Bearer " "<0>" "<1>"\n'),
    ("beside/after a query", "l.py", 'U = ("https://a.example/?k="\n     "<0>"\n     "<1>")\n'),
    ("beside/in a list", "m.py", 'x = ["one", "<0>" "<1>", "other"]\n'),
    ("beside/python tight", "f.py", "KEY = '<0>''<1>'\n"),
    ("beside/python mixed quotes", "g.py", "KEY = '<0>' \"<1>\"\n"),
    ("beside/python backslash", "h.py", 'KEY = "<0>" \\\n      "<1>"\n'),
    ("beside/python comment between", "i.py", 'KEY = (\n    "<0>"  # the first half\n    "<1>"\n)\n'),
    ("beside/python CRLF", "j.py", 'KEY = ("<0>"\r\n       "<1>")\r\n'),
    ("beside/C", "a.c", 'const char *k = "<0>" "<1>";\n'),
    ("beside/C over lines", "b.c", 'const char *k =\n    "<0>"\n    "<1>";\n'),
    ("beside/C tight", "c.c", 'f("<0>""<1>");\n'),
    ("beside/C++ wide", "a.cpp", 'auto k = L"<0>" L"<1>";\n'),
    ("beside/Objective-C", "A.m", 'NSString *k = @"<0>" @"<1>";\n'),
    ("beside/C macro", "a.h", '#define KEY "<0>" \\\n            "<1>"\n'),
    ("beside/ruby", "a.rb", "K = '<0>' '<1>'\n"),
    ("beside/ruby backslash", "b.rb", "K = '<0>' \\\n    '<1>'\n"),
    ("beside/dart", "a.dart", "const k = '<0>'\n    '<1>';\n"),
    ("beside/erlang", "a.erl", 'K = "<0>" "<1>".\n'),
    ("beside/shell quotes", "a.sh", "export K=\"<0>\"'<1>'\n"),
    ("beside/shell same quotes", "b.sh", 'export K="<0>""<1>"\n'),
    ("beside/shell half quoted", "c.sh", "export K=<0>'<1>'\n"),
    ("beside/shell half quoted first", "d.sh", 'curl -H "X-API-Key: <0>"<1>\n'),
    ("continued/shell", "a.sh", "curl -H X-API-Key:<0>\\\n<1> https://a.example\n"),
    ("continued/shell in quotes", "b.sh", 'K="<0>\\\n<1>"\n'),
    ("continued/env", ".env", 'FREDDY_API_KEY="<0>\\\n<1>"\n'),
    ("continued/env bare", "prod.env", "FREDDY_API_KEY=<0>\\\n<1>\nX=1\n"),
    ("continued/properties", "a.properties", "freddy.key=<0>\\\n    <1>\nnext=1\n"),
    ("continued/properties tab", "b.properties", "freddy.key = <0>\\\n\t<1>\n"),
    ("continued/properties CRLF", "c.properties", "freddy.key=<0>\\\r\n  <1>\r\n"),
    ("continued/yaml", "a.yaml", 'key: "<0>\\\n  <1>"\nnext: 1\n'),
    ("continued/yaml deep", "b.yaml", 'a:\n  b:\n    key: "<0>\\\n          <1>"\n'),
    ("continued/toml", "a.toml", 'key = """\\\n  <0>\\\n  <1>"""\n'),
    ("continued/C", "a.c", 'const char *k = "<0>\\\n<1>";\n'),
    ("continued/js", "a.js", "const k = '<0>\\\n<1>';\n"),
    ("continued/python", "a.py", "KEY = '<0>\\\n<1>'\n"),
    ("continued/python triple", "b.py", 'KEY = """<0>\\\n<1>"""\n'),
    ("continued/rust", "a.rs", 'const K: &str = "<0>\\\n    <1>";\n'),
    ("continued/dockerfile", "Dockerfile", "ENV FREDDY_API_KEY=<0>\\\n<1>\n"),
    ("continued/CRLF", "c.sh", 'K="<0>\\\r\n<1>"\r\n'),
)
THREE = (
    ("three/python", "a.py", 'KEY = "<0>" + "<1>" + "<2>"\n'),
    ("three/python beside", "b.py", 'KEY = (\n    "<0>"\n    "<1>"\n    "<2>"\n)\n'),
    ("three/js", "a.js", "const k = '<0>'+'<1>'+'<2>';\n"),
    ("three/js over lines", "b.js", "const k = '<0>' +\n  '<1>' +\n  '<2>';\n"),
    ("three/java", "A.java", 'String k = "<0>" +\n    "<1>" +\n    "<2>";\n'),
    ("three/php", "a.php", "<?php $k = '<0>' . '<1>' . '<2>';\n"),
    ("three/C", "a.c", 'char *k = "<0>" "<1>"\n "<2>";\n'),
    ("three/parentheses", "c.js", "const k = '<0>' + ('<1>' + '<2>');\n"),
    ("three/shell", "a.sh", 'K="<0>\\\n<1>\\\n<2>"\n'),
    ("three/properties", "a.properties", "k=<0>\\\n  <1>\\\n  <2>\n"),
    ("three/mixed", "c.py", 'KEY = ("<0>" "<1>"\n       + "<2>")\n'),
)
BEYOND = (
    ("join/python", "a.py", 'KEY = "".join(["<0>", "<1>", "<2>"])\n'),
    ("join/js", "a.js", "const k = ['<0>', '<1>', '<2>'].join('');\n"),
    ("join/go", "a.go", 'k := strings.Join([]string{"<0>", "<1>", "<2>"}, "")\n'),
    ("join/ruby", "a.rb", "K = %w[<0> <1> <2>].join\n"),
    ("join/php", "a.php", "<?php $k = implode('', ['<0>', '<1>', '<2>']);\n"),
    ("join/terraform", "a.tf", 'key = join("", ["<0>", "<1>", "<2>"])\n'),
    ("calls/js concat", "b.js", "const k = '<0>'.concat('<1>', '<2>');\n"),
    ("calls/rust concat", "a.rs", 'const K: &str = concat!("<0>", "<1>", "<2>");\n'),
    ("calls/C# concat", "A.cs", 'var k = string.Concat("<0>", "<1>", "<2>");\n'),
    ("calls/sql concat", "a.sql", "SELECT CONCAT('<0>', '<1>', '<2>');\n"),
    ("calls/r paste0", "a.r", 'k <- paste0("<0>", "<1>", "<2>")\n'),
    ("calls/java builder", "A.java", 'new StringBuilder("<0>").append("<1>").append("<2>").toString();\n'),
    ("calls/go sprint", "b.go", 'k := fmt.Sprint("<0>", "<1>", "<2>")\n'),
    ("format/percent", "b.py", 'KEY = "%s%s%s" % ("<0>", "<1>", "<2>")\n'),
    ("format/percent half", "c.py", 'KEY = "<0>%s" % "<1><2>"\n'),
    ("format/braces", "d.py", 'KEY = "{}{}{}".format("<0>", "<1>", "<2>")\n'),
    ("format/braces half", "e.py", "KEY = '<0>{}'.format('<1><2>')\n"),
    ("format/f-string", "f.py", "KEY = f\"{'<0>'}{'<1>'}<2>\"\n"),
    ("format/template", "c.js", "const k = `<0>${'<1>'}${\"<2>\"}`;\n"),
    ("format/ruby", "b.rb", "K = \"<0>#{'<1>'}<2>\"\n"),
    ("format/terraform", "b.tf", 'key = format("%s%s", "<0>", "<1><2>")\n'),
    ("format/sprintf", "b.php", "<?php $k = sprintf('%s%s', '<0>', '<1><2>');\n"),
    ("operators/sql", "b.sql", "SELECT '<0>' || '<1>' || '<2>';\n"),
    ("operators/julia", "a.jl", 'k = "<0>" * "<1><2>"\n'),
    ("operators/append", "g.py", 'k = "<0>"\nk += "<1>"\nk += "<2>"\n'),
    ("operators/cmd caret", "a.bat", "set K=<0>^\r\n<1><2>\r\n"),
    ("operators/make", "Makefile", "KEY := <0>\\\n<1><2>\n"),
    ("characters/one by one", "d.js", "<c>"),
    ("text/CRLF wrap", "a.txt", "The key is <0>\r\n<1><2>\r\n"),
    ("text/quoted mail wrap", "a.eml", "> The key is <0>\n> <1><2>\n"),
    ("text/wbr", "a.html", "<code><0><wbr><1><wbr><2></code>\n"),
    ("text/shy", "b.html", "<code><0>&shy;<1>&shy;<2></code>\n"),
    ("text/markup", "c.html", "<b><0></b><1><i><2></i>\n"),
    ("text/zero-width space", "b.txt", "key <0>\u200b<1>\u200b<2>\n"),
    ("text/zero-width joiner", "c.txt", "key <0>\u200d<1>\u2060<2>\n"),
    ("text/soft hyphen", "d.txt", "key <0>\xad<1><2>\n"),
    ("nested/in json", "a.ipynb", '{"source": ["k = \\"<0>\\" + \\"<1><2>\\"\\n"]}'),
    ("nested/in json, beside", "b.ipynb", '{"source": ["k = (\\"<0>\\"\\n", "     \\"<1><2>\\")\\n"]}'),
    ("nested/escape in a piece", "h.py", 'KEY = "ak\\x5f" + "<body>"\n'),
)


def places(draw: Draw) -> Iterator[Place]:
    for kind, path, text in TWO:
        for where, pieces in (
            ("after the prefix", _at(draw, 3)),
            ("in the body", _at(draw, draw.random.randint(5, 38))),
        ):
            yield _place(f"{kind}, {where}", path, text, *pieces)
    for cut in (1, 2):
        for kind, path, text in draw.random.sample([row for row in TWO if "half" not in row[0]], 12):
            yield _place(f"in the prefix/{kind} at {cut}", path, text, *_at(draw, cut))
    for kind, path, text in THREE:
        yield _place(kind, path, text, *_cut(draw, 3))
    for count in (5, 9, 42):
        yield _many(draw, count)
    for kind, path, text in BEYOND:
        yield _place(kind, path, text, *_cut(draw, 3), reach=True)
    half = f"function {draw.word()}(e){{return e}}" * 80_000
    yield _place("plus/minified megabytes", "big.min.js", f'{half}var k="<0>"+"<1>";{half}', *_at(draw, 3))


def _many(draw: Draw, count: int) -> Place:
    key, pieces = _cut(draw, count)
    text = " +\n  ".join(f"'{piece}'" for piece in pieces)
    return Place(f"many/{count} pieces", "a.js", f"k = {text};\n".encode(), key, _joined(pieces), count == 42)


def _at(draw: Draw, cut: int) -> tuple[str, list[str]]:
    key = draw.key()
    return key, [key[:cut], key[cut:]]


def _cut(draw: Draw, count: int) -> tuple[str, list[str]]:
    key = draw.key()
    return key, draw.parts(key, min(count, len(key)))


def _place(kind: str, path: str, text: str, key: str, pieces: list[str], *, reach: bool = False) -> Place:
    for number, piece in enumerate(pieces):
        text = text.replace(f"<{number}>", piece)
    text = text.replace("<body>", key[3:]).replace("<c>", "k = " + " + ".join(f"'{char}'" for char in key))
    data = text.encode()
    assert key.encode() not in data, kind
    if "<body>" in kind or "escape in" in kind or kind.startswith("characters"):
        return Place(kind, path, data, key, lambda _: key.encode(), reach)
    start, end = data.find(pieces[0].encode()), data.rfind(pieces[-1].encode()) + len(pieces[-1])
    return Place(kind, path, data, key, _joined(pieces), reach, data[start:end])


def _joined(pieces: list[str]) -> Callable[[bytes], bytes]:
    """Return a proof: the pieces stand in the file in their order, with no letter of another between two of them."""

    def read(data: bytes) -> bytes:
        pattern = ".{0,80}?".join(re.escape(piece) for piece in pieces)
        return "".join(pieces).encode() if re.search(pattern.encode(), data, re.DOTALL) else b""

    return read

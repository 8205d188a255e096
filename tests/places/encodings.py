"""Hexadecimal, percent codes, escapes, entities, quoted-printable: the key written in other characters."""

from __future__ import annotations

import base64
import binascii
import html
import json
import quopri
import re
import textwrap
import urllib.parse
from collections.abc import Callable, Iterator

from tests.places.model import Draw, Place

Spell = Callable[[str], str]
QP = "Content-Transfer-Encoding: quoted-printable\n\n"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ROT13 = str.maketrans(LETTERS + LETTERS.upper(), (LETTERS[13:] + LETTERS[:13]) + (LETTERS[13:] + LETTERS[:13]).upper())


def hexed(text: str) -> str:
    return text.encode().hex()


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def b32(text: str) -> str:
    return base64.b32encode(text.encode()).decode()


def each(form: str) -> Spell:
    """Return how to write every character by its number: `%{:02X}`."""
    return lambda text: "".join(form.format(ord(char)) for char in text)


def only(chars: str, form: str) -> Spell:
    """Return how to write some characters by their number and the others as they are."""
    return lambda text: "".join(form.format(ord(char)) if char in chars else char for char in text)


def rows(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width))


def spaced(separator: str, width: int = 2) -> Spell:
    return lambda text: separator.join(textwrap.wrap(hexed(text), width))


# How the key is written, how that reads, and what it stands in.
SPELLINGS: tuple[tuple[str, Spell, str, str], ...] = (
    ("hex/lower", hexed, "a.txt", "key <x> end"),
    ("hex/upper", lambda text: hexed(text).upper(), "a.txt", "key <x> end"),
    ("hex/alone", hexed, "only.hex", "<x>"),
    ("hex/0x in sql", hexed, "a.sql", "INSERT INTO k VALUES (0x<x>);"),
    ("hex/0X upper", lambda text: hexed(text).upper(), "a.sql", "SELECT 0X<x>;"),
    ("hex/X'' in sql", lambda text: hexed(text).upper(), "a.sql", "INSERT INTO k VALUES (X'<x>');"),
    ("hex/x'' in sql", hexed, "a.sql", "SELECT x'<x>';"),
    ("hex/bytea", hexed, "a.sql", "COPY k (v) FROM stdin;\n1\t\\\\x<x>\n\\.\n"),
    ("hex/bytea literal", hexed, "a.sql", "INSERT INTO k VALUES ('\\x<x>');"),
    ("hex/E bytea", hexed, "a.sql", "INSERT INTO k VALUES (E'\\\\x<x>'::bytea);"),
    ("hex/unhex", hexed, "a.sql", "SELECT UNHEX('<x>');"),
    ("hex/python", hexed, "a.py", "KEY = bytes.fromhex('<x>')"),
    ("hex/json", hexed, "a.json", '{"key": "<x>"}'),
    ("hex/json bytea", hexed, "a.json", '{"key": "\\\\x<x>"}'),
    ("hex/node", hexed, "a.js", "Buffer.from('<x>', 'hex')"),
    ("hex/yaml", hexed, "a.yaml", "key: <x>\n"),
    ("hex/after an escape", hexed, "a.json", '{"x": "one\\n<x>"}'),
    ("hex/after a percent code", hexed, "a.log", "q=key%3D<x>%26"),
    ("hex/after a hash", hexed, "a.txt", "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709,<x>"),
    ("hex/longer", lambda text: hexed(f"user=robin&api_key={text}&limit=10"), "a.log", "body <x>"),
    ("hex/env file", lambda text: hexed(f"PORT=1\nFREDDY_API_KEY={text}\n"), "a.log", "<x>"),
    ("hex/json inside", lambda text: hexed(json.dumps({"k": text})), "a.log", "data=<x>;"),
    ("hex/wrapped", lambda text: rows(hexed(f"some=1\nkey={text}\nmore=2"), 64), "a.txt", "<x>\n"),
    ("hex/spaced", spaced(" "), "a.txt", "key: <x>\n"),
    ("hex/spaced upper", lambda text: spaced(" ")(text).upper(), "a.txt", "<x>\n"),
    ("hex/colons", spaced(":"), "a.txt", "key: <x>\n"),
    ("percent/all", each("%{:02X}"), "a.log", "GET /?k=<x>&n=1"),
    ("percent/all lower", each("%{:02x}"), "a.log", "GET /?k=<x>&n=1"),
    ("percent/only _", only("_", "%{:02X}"), "a.log", "GET /?k=<x>&n=1"),
    ("percent/only _ lower", only("_", "%{:02x}"), "a.txt", "https://robin:<x>@a.example/"),
    ("percent/only _ after =", only("_", "%{:02X}"), "b.log", "next=%2F%3Fk%3D<x>%26n"),
    ("percent/only _, first byte", only("_", "%{:02X}"), "b.txt", "<x>\n"),
    ("percent/twice all", each("%25{:02X}"), "c.log", "next=<x>&n"),
    ("percent/twice only _", only("_", "%25{:02X}"), "c.log", "next=%2F%3Fk%253D<x>%2526n"),
    ("percent/twice only _ lower", only("_", "%25{:02x}"), "c.log", "state=<x>"),
    ("percent/%u all", each("%u{:04x}"), "a.asp", "unescape('<x>')"),
    ("percent/%u only _", only("_", "%u{:04X}"), "b.asp", "unescape('<x>')"),
    ("backslash/u all", each("\\u{:04x}"), "a.json", '{"k": "<x>"}'),
    ("backslash/u all upper", each("\\u{:04X}"), "A.java", 'String k = "<x>";'),
    ("backslash/u only _", only("_", "\\u{:04x}"), "b.json", '{"k": "<x>"}'),
    ("backslash/u only _ upper", only("_", "\\u{:04X}"), "a.properties", "k=<x>\n"),
    ("backslash/u only _ in python", only("_", "\\u{:04x}"), "a.py", "K = '<x>'"),
    ("backslash/u only _ after an escape", only("_", "\\u{:04x}"), "d.json", '{"k": "one\\n<x>\\n"}'),
    ("backslash/u braces all", each("\\u{{{:x}}}"), "a.js", "k = '<x>'"),
    ("backslash/u braces only _", only("_", "\\u{{{:x}}}"), "a.rs", 'let k = "<x>";'),
    ("backslash/u deep", only("_", "\\\\u{:04x}"), "e.json", '{"k": "{\\"k\\": \\"<x>\\"}"}'),
    ("backslash/U only _", only("_", "\\U{:08x}"), "a.py", "K = '<x>'"),
    ("backslash/x all", each("\\x{:02x}"), "a.py", "K = b'<x>'"),
    ("backslash/x all upper", each("\\x{:02X}"), "a.js", 'k = "<x>"'),
    ("backslash/x only _", only("_", "\\x{:02x}"), "b.js", 'k = "<x>"'),
    ("backslash/x only _ upper", only("_", "\\x{:02X}"), "a.php", '<?php $k = "<x>";'),
    ("backslash/x only _ after an escape", only("_", "\\x{:02x}"), "c.js", 'k = "one\\n<x>"'),
    ("backslash/x in a shell", each("\\x{:02x}"), "a.sh", "printf '<x>'"),
    ("backslash/x deep", each("\\\\x{:02x}"), "a.log", '"<x>"'),
    ("backslash/x braces only _", only("_", "\\x{{{:x}}}"), "a.pl", '$k = "<x>";'),
    ("entities/decimal all", each("&#{};"), "a.html", "<p><x></p>"),
    ("entities/decimal only _", only("_", "&#{};"), "a.xml", "<k><x></k>"),
    ("entities/hex all", each("&#x{:x};"), "b.html", "<p><x></p>"),
    ("entities/hex upper all", each("&#X{:X};"), "c.html", "<p><x></p>"),
    ("entities/hex only _", only("_", "&#x{:X};"), "b.xml", '<k v="<x>"/>'),
    ("entities/leading zeros only _", only("_", "&#{:03};"), "d.html", "<p><x></p>"),
    ("entities/leading zeros all", each("&#{:05};"), "e.html", "<p><x></p>"),
    ("entities/hex leading zeros", each("&#x{:04x};"), "f.html", "<p><x></p>"),
    ("entities/only _ after an entity", only("_", "&#95;"), "g.html", "<a href='?k&#61;<x>&amp;n'>"),
    ("quoted-printable/all", each("={:02X}"), "a.eml", QP + "<x>\n"),
    ("quoted-printable/only _", only("_", "={:02X}"), "a.eml", QP + "key=3D<x>\n"),
    ("quoted-printable/only _ in vcard", only("_", "={:02X}"), "a.vcf", "NOTE;ENCODING=QUOTED-PRINTABLE:<x>\n"),
)  # fmt: skip
BEYOND: tuple[tuple[str, Spell, str, str], ...] = (
    ("octal/all", each("\\{:03o}"), "a.sh", "printf '<x>'"),
    ("octal/only _", only("_", "\\{:03o}"), "a.c", 'k = "<x>";'),
    ("arrays/C hex", each("0x{:02x}, "), "a.h", "unsigned char k[] = {<x>};"),
    ("arrays/C hex in lines", lambda text: rows(each("0x{:02X},")(text), 60), "b.h", "char k[] = {\n<x>\n};"),
    ("arrays/C characters", lambda text: ", ".join(f"'{c}'" for c in text), "c.h", "char k[] = {<x>, 0};"),
    ("arrays/decimal", lambda text: ", ".join(str(ord(c)) for c in text), "a.js", "String.fromCharCode(<x>)"),
    ("arrays/java bytes", lambda text: ",".join(str(ord(c)) for c in text), "A.java", "byte[] k = {<x>};"),
    ("dumps/xxd", lambda text: _xxd(f"some text before api_key={text} and after it"), "k.xxd", "<x>"),
    ("dumps/xxd -p", lambda text: rows(hexed(f"some text and api_key={text}"), 60), "k.hex", "<x>\n"),
    ("dumps/hexdump -C", lambda text: _hexdump(f"some text before api_key={text} and after it"), "k.dump", "<x>"),
    ("bases/base32", lambda text: b32(text), "a.txt", "key <x>\n"),
    ("bases/base32 unpadded", lambda text: b32(f"key={text}").rstrip("="), "a.txt", "key <x>\n"),
    ("bases/base32 lower", lambda text: b32(text).lower(), "a.txt", "key <x>\n"),
    ("bases/base85", lambda text: base64.b85encode(text.encode()).decode(), "a.txt", "key <x>\n"),
    ("bases/ascii85", lambda text: base64.a85encode(text.encode(), adobe=True).decode(), "a.txt", "<x>\n"),
    ("bases/uuencode", lambda text: _uuencode(f"FREDDY_API_KEY={text}\n"), "a.uu", "<x>"),
    ("reversed", lambda text: text[::-1], "a.py", "K = '<x>'[::-1]"),
    ("rot13", lambda text: text.translate(ROT13), "a.txt", "key <x>\n"),
    ("mixed/random escapes", lambda text: _some(text, "\\x{:02x}", 3), "a.js", "k = '<x>'"),
    ("mixed/letters of the prefix", only("ak", "\\u{:04x}"), "a.json", '{"k": "<x>"}'),
    ("mixed/random percent codes", lambda text: _some(text, "%{:02X}", 4), "a.log", "k=<x>"),
    ("mixed/random entities", lambda text: _some(text, "&#{};", 5), "a.html", "<p><x></p>"),
    ("named/&lowbar;", lambda text: text.replace("_", "&lowbar;"), "a.html", "<p><x></p>"),
    ("named/\\N{LOW LINE}", lambda text: text.replace("_", "\\N{LOW LINE}"), "a.py", "k = '<x>'"),
    ("named/css escape", lambda text: text.replace("_", "\\5f "), "a.css", "a::after{content:'<x>'}"),
    ("named/markdown escape", lambda text: text.replace("_", "\\_"), "a.md", "The key is <x>\n"),
    ("named/utf-7", lambda text: text.replace("_", "+AF8-"), "a.txt", "key <x>\n"),
    ("nested/base64 of hex", lambda text: b64(hexed(text)), "a.txt", "key <x>\n"),
    ("nested/hex of base64", lambda text: hexed(b64(text)), "a.txt", "key <x>\n"),
    ("nested/base64 of percent", lambda text: b64("key=" + text.replace("_", "%5F")), "a.txt", "key <x>\n"),
    ("nested/base64 of \\u", lambda text: b64(json.dumps({"k": text}).replace("_", "\\u005f")), "a.txt", "key <x>\n"),
    ("nested/percent of base64", lambda text: each("%{:02X}")(b64(text)), "a.txt", "key=<x>\n"),
    ("nested/hex of percent", lambda text: hexed(text.replace("_", "%5F")), "a.txt", "key <x>\n"),
)  # fmt: skip


def places(draw: Draw) -> Iterator[Place]:
    for reach, table in ((False, SPELLINGS), (True, BEYOND)):
        for kind, spell, path, text in table:
            key = draw.key()
            spelled = spell(key)
            assert key not in spelled, kind
            data = text.replace("<x>", spelled).encode()
            yield Place(kind, path, data, key, READERS[kind.split("/")[0]](spelled), reach, spelled.encode())
    yield from _soft_breaks(draw)


def _soft_breaks(draw: Draw) -> Iterator[Place]:
    for end in ("\n", "\r\n"):
        for cut in (1, 2, 3, 4, 20, 41):
            key = draw.key()
            body = f"{key[:cut]}={end}{key[cut:]}"
            text = f"Content-Transfer-Encoding: quoted-printable{end}{end}The key is {body} and more{end}"
            anchor = body.encode()
            yield Place(
                f"quoted-printable/soft break {end!r} at {cut}",
                "a.eml",
                text.encode(),
                key,
                quopri.decodestring,
                anchor=anchor,
            )
    key = draw.key()
    message = f"é {draw.word() * 5} key = {key}, and the same again é: {key}\r\n"
    data = quopri.encodestring(message.encode())
    yield Place("quoted-printable/real encoder", "b.eml", data, key, quopri.decodestring)
    key = draw.key()
    data = quopri.encodestring((draw.word() + " " * 3).encode() * 6 + f"x={key}".encode(), quotetabs=True)
    yield Place("quoted-printable/spaces encoded", "c.eml", data, key, quopri.decodestring)
    for kind, spell in (("Q", lambda k: k.replace("_", "=5F")), ("B", lambda k: b64(k))):
        key = draw.key()
        data = f"Subject: =?utf-8?{kind}?{spell(key)}?=\r\nFrom: robin@example.org\r\n\r\n".encode()
        yield Place(f"quoted-printable/encoded word {kind}", "d.eml", data, key, _encoded_word)


def _encoded_word(data: bytes) -> bytes:
    from email import message_from_bytes
    from email.header import decode_header

    value, _ = decode_header(message_from_bytes(data)["Subject"])[0]
    return value.encode() if isinstance(value, str) else bytes(value)


def _some(text: str, form: str, every: int) -> str:
    return "".join(form.format(ord(char)) if number % every == 0 else char for number, char in enumerate(text))


def _xxd(text: str) -> str:
    rows = (text[start : start + 16] for start in range(0, len(text), 16))
    return "".join(f"{16 * n:08x}: {spaced(' ', 4)(row):<39}  {row}\n" for n, row in enumerate(rows))


def _hexdump(text: str) -> str:
    rows = (text[start : start + 16] for start in range(0, len(text), 16))
    halves = ((row, f"{spaced(' ')(row[:8])}  {spaced(' ')(row[8:])}") for row in rows)
    return "".join(f"{16 * n:08x}  {half:<48}  |{row}|\n" for n, (row, half) in enumerate(halves))


def _uuencode(text: str) -> str:
    rows = (text[start : start + 45] for start in range(0, len(text), 45))
    return "begin 644 .env\n" + "".join(binascii.b2a_uu(row.encode()).decode() for row in rows) + "`\nend\n"


def _unescape(text: str) -> str:
    text = re.sub(r"\\+u\{([0-9A-Fa-f]+)\}|\\+x\{([0-9A-Fa-f]+)\}", lambda m: chr(int(m[1] or m[2], 16)), text)
    return re.sub(r"\\+(?:U(\w{8})|u(\w{4})|x(\w{2}))", lambda m: chr(int(m[1] or m[2] or m[3], 16)), text)


def _unpercent(text: str) -> str:
    text = re.sub("%u(....)", lambda m: chr(int(m[1], 16)), text)
    return urllib.parse.unquote(urllib.parse.unquote(text))


def _unarray(text: str) -> str:
    values = re.findall(r"'(.)'|0x(\w\w)|(\d+)", text)
    return "".join(char or chr(int(hexa, 16) if hexa else int(number)) for char, hexa, number in values)


def _undump(text: str) -> str:
    rows = [re.sub(r"^\w{8}:? +", "", row) for row in text.splitlines()]
    return bytes.fromhex(" ".join(row.split("|" if "|" in row else "  ")[0] for row in rows)).decode("latin-1")


def _unbase(text: str) -> str:
    for read in (_read32, base64.b85decode, lambda t: base64.a85decode(t, adobe=True), _read_uu):
        try:
            plain = read(text.encode()).decode()
        except (ValueError, binascii.Error):
            continue
        if "ak_" in plain:
            return plain
    return ""


def _read32(data: bytes) -> bytes:
    return base64.b32decode(data + b"=" * (-len(data) % 8), casefold=True)


def _read_uu(data: bytes) -> bytes:
    return b"".join(binascii.a2b_uu(row) for row in data.splitlines()[1:-2])


def _named(text: str) -> str:
    text = html.unescape(text).replace("\\N{LOW LINE}", "_").replace("\\5f ", "_").replace("\\_", "_")
    return text.replace("+AF8-", "_")


def _nested(text: str) -> str:
    for _ in range(4):
        text = _unescape(_unpercent(text))
        for read in (bytes.fromhex, base64.b64decode):
            try:
                text = read(text).decode("ascii")
                break
            except ValueError:
                continue
    return text


READERS: dict[str, Callable[[str], Callable[[bytes], bytes]]] = {
    name: (lambda spelled, read=read: lambda _: read(spelled).encode())  # type: ignore[misc]
    for name, read in {
        "hex": lambda text: bytes.fromhex(re.sub(r"[\s:]", "", text)).decode(),
        "percent": _unpercent,
        "backslash": _unescape,
        "entities": html.unescape,
        "quoted-printable": lambda text: quopri.decodestring(text.encode()).decode(),
        "octal": lambda text: re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), text),
        "arrays": _unarray,
        "dumps": _undump,
        "bases": _unbase,
        "reversed": lambda text: text[::-1],
        "rot13": lambda text: text.translate(ROT13),
        "mixed": lambda text: html.unescape(_unescape(_unpercent(text))),
        "named": _named,
        "nested": _nested,
    }.items()
}

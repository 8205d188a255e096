"""Base64 that holds a key, and what must not be made of what only looks so."""

from __future__ import annotations

import base64
import bz2
import gzip
import lzma

import pytest

from tests.decode.looks import KEY, look, only
from tests.support.keys import key


def coded(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


@pytest.mark.parametrize("before", ["", ":", "k=", "user:", '{"key": "', "\n", "é"])
@pytest.mark.parametrize("alphabet", [coded, lambda text: base64.urlsafe_b64encode(text.encode()).decode()])
@pytest.mark.parametrize("padding", [True, False])
def test_a_key_at_each_offset_in_each_alphabet(before: str, alphabet: object, padding: bool) -> None:
    assert callable(alphabet)
    token = alphabet(f"{before}{KEY}?>~\n")
    assert "ak_" not in token
    seen = only(f"auth:\n  {token if padding else token.rstrip('=')}\nend\n")
    assert (seen.key, seen.via, seen.start[0]) == (KEY, ("base64",), 2)
    assert seen.start[1] == 3 + len(before.encode()) * 4 // 3, "the character in which it begins"


def test_a_finding_covers_the_characters_of_the_key() -> None:
    token = coded(KEY)
    seen = only(f"a = {token}\n")
    assert (seen.start, seen.end) == ((1, 5), (1, 5 + len(token.rstrip("="))))


@pytest.mark.parametrize(
    "end",
    ["\n", "\r\n", "\r", "\n    ", "\\n", "\\r\\n", "\\\n", "\n# ", "\n> ", "\n * ", '" +\n  "', "' '"],
)  # fmt: skip
@pytest.mark.parametrize("width", [4, 20, 64, 76])
def test_a_wrapped_key_points_at_the_line_of_its_first_character(end: str, width: int) -> None:
    token = coded(f"FREDDY_API_KEY={KEY}\nDEBUG=0 # and some more so that it fills a line and another one\n")
    text = "\n\n" + end.join(token[at : at + width] for at in range(0, len(token), width)) + "\n"
    found = look(text)
    assert found.keys == [KEY]
    lines = 20 // width if "\n" in end or "\r" in end else 0  # the key begins with character 20
    assert found.seen[0].start[0] == 3 + lines


@pytest.mark.parametrize("times", [1, 2])
def test_each_layer_is_named(times: int) -> None:
    token = KEY + "\n"
    for _ in range(times):
        token = coded(token)
    assert only(token).via == ("base64",) * times


@pytest.mark.parametrize(
    ("inner", "via"),
    [
        ('{"k": "ak\\u005f<body>"}', "escape"),
        ("ak\\x5f<body>", "escape"),
        ("x=ak\\137<body>", "escape"),
        ("x=ak%5F<body>", "percent"),
        ("xy{ak%5f<body>", "percent"),
        ("ak%255F<body>", "percent"),
        ("<p>ak&#95;<body></p>", "entity"),
        ("xy>ak&lowbar;<body></p>", "entity"),
        ("ab=ak=5F<body>", "quoted-printable"),
        ("<hex>", "hex"),
        (" <hex>", "hex"),
        ("  <hex>", "hex"),
        ('k = "ak_" + "<body>"', "joined"),
    ],
)
def test_what_it_decodes_to_is_read_in_all_ways(inner: str, via: str) -> None:
    text = inner.replace("<body>", KEY[3:]).replace("<hex>", KEY.encode().hex())
    seen = only(f"data: {coded(text)}\n")
    assert (seen.key, seen.via) == (KEY, ("base64", via))


@pytest.mark.parametrize("before", ["", "$", "$k"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_text_in_it_is_read(before: str, encoding: str) -> None:
    seen = only(f"powershell -EncodedCommand {coded(f'{before}={KEY}'.encode(encoding))}\n")
    assert (seen.key, seen.via) == (KEY, ("base64", "utf-16"))


@pytest.mark.parametrize(("compress", "via"), [(gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz")])
@pytest.mark.parametrize("times", [1, 2])
def test_compressed_data_in_it_is_unpacked(compress: object, via: str, times: int) -> None:
    assert callable(compress)
    token = compress(f"a = 1\nkey = {KEY}\n".encode() + b"more of it\n" * 20)
    for _ in range(times if via == "gzip" else 1):
        token = coded(token)
    seen = only(f"release: {token}\n")
    assert (seen.key, seen.via[-2:], seen.start) == (KEY, ("base64", via), (1, 10))


def test_compressed_data_that_breaks_off_is_told() -> None:
    packed = gzip.compress(b"".join(f"{n} {key(n)}\n".encode().replace(b"ak_", b"") for n in range(200)))
    assert look(f"x: {coded(packed[:-4000])}\n").reasons == ["broken or cut off (gzip: EOFError)"]


@pytest.mark.parametrize("text", ["H4sIAAAAAAAAA", "magic = 'H4sI'", "QlpoOTFBWSZT is how it begins", "/Td6WFoA"])
def test_only_the_begin_of_compressed_data_is_text(text: str) -> None:
    assert look(f"{text}\n") == ([], [])


@pytest.mark.parametrize(
    "inner", ["pe<key>", "x_<key>", "x<key>", "<key>x<key>", "<key>_more", "ak-<body>", "ak_" + "x" * 40, "AK_<body>"]
)
@pytest.mark.parametrize("shift", range(3))
def test_the_edges_hold_in_it(inner: str, shift: int) -> None:
    text = inner.replace("<key>", KEY).replace("<body>", KEY[3:])
    assert look(f"v: {coded(' ' * shift + text)}\n") == ([], [])


def test_every_one_of_many_is_found_once() -> None:
    keys = [key(number) for number in range(300)]
    text = "\n".join(f"k{number}: {coded('=' * (number % 3) + each)}" for number, each in enumerate(keys))
    found = look(text)
    assert found.keys == keys
    assert [seen.start[0] for seen in found.seen] == list(range(1, 301))

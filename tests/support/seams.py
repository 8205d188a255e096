"""Random histories in which keys are inserted, cut, joined, moved and encoded, so that their deltas have every seam."""

from __future__ import annotations

import base64
import gzip
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.support.keys import key

_WORDS = [
    *(
        "break",
        "peak_memory",
        "leak_check",
        "task_id",
        "block_size",
        "make",
        "taken",
        "akin",
        "ak",
        "k_means",
        "a_value",
    ),
    *("token", "=", "{", "}", "(", ")", ";", "return", "value", "self.client", "Client(", "import", "from", "config"),
    *("environ", "os.getenv", "sha1", "base64", "wtf", "YWxs", "http", "https", "//", "#", "break;", "ak,", "_x", "k_"),
]


def history(seed: int, folder: Path) -> None:
    """Make a bare repository with a random history of a few files in one pack."""
    chance = random.Random(seed)  # noqa: S311 - the same histories in every run
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    stream = b"".join(_commits(chance, seed))
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=stream, check=True)
    depth = chance.choice(["10", "50", "250"])
    repack = ["repack", "-a", "-d", "-f", "--quiet", f"--depth={depth}", f"--window={chance.choice([3, 10, 50])}"]
    subprocess.run(["git", "-C", str(folder), *repack], check=True)


def _commits(chance: random.Random, seed: int) -> Iterator[bytes]:
    texts = {f"file{number}.txt": _text(chance) for number in range(3)}
    names = dict(zip(texts, texts, strict=True))
    secret = key(seed).encode()
    for number in range(chance.randrange(6, 24)):
        name = chance.choice(sorted(texts))
        texts[name] = _edited(chance, texts[name], secret)
        gone = names[name]
        if chance.random() < 0.05:
            names[name] = (
                f"{chance.choice(['', 'x', 'my-', 'b'])}{chance.choice([key(seed), 'ak_', 'ak', 'plain'])}.txt"
            )
        said = secret if chance.random() < 0.05 else b"change"
        yield b"commit refs/heads/main\ncommitter C <c@example.com> %d +0000\n" % (1700000000 + number)
        yield b"data %d\n%s\n" % (len(said), said)
        yield b"D %s\n" % gone.encode() if gone != names[name] and number else b""
        yield b"M 100644 inline %s\ndata %d\n%s\n" % (names[name].encode(), len(texts[name]), texts[name])


def _text(chance: random.Random) -> bytes:
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(2000))
    lines = (" ".join(chance.choices(_WORDS, k=chance.randrange(1, 12))) for _ in range(chance.randrange(5, 120)))
    return "\n".join(lines).encode()


def _edited(chance: random.Random, text: bytes, secret: bytes) -> bytes:
    for _ in range(chance.randrange(1, 4)):
        at, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        end = min(end, at + chance.choice([1, 4, 40, 400]))
        found = _pieces(text, secret)
        match chance.randrange(8):
            case 0:
                text = text[:at] + _said(chance, secret) + text[at:]
            case 1:
                text = text[:at] + text[end:]
            case 2:
                text = text[:at] + text[end:] + text[at:end]
            case 3:
                text = text[:at] + _text(chance)[: chance.choice([5, 60, 600])] + text[at:]
            case 4 if found:  # cut it in two, far or near
                middle = chance.randrange(found[0], found[1] + 1)
                apart = chance.choice([b"", b" ", b'" + "', b"\n", _text(chance)[:300]])
                text = text[:middle] + apart + text[middle:]
            case 5 if found:  # change what stands before it, or its first letters
                text = text[: max(0, found[0] - chance.randrange(4))] + _some(chance) + text[found[0] :]
            case 6 if found:
                text = text[: found[0]] + _some(chance) + text[found[0] + chance.randrange(5) :]
            case 7:  # bring the parts of it side by side
                text = _joined(text, secret)
    return text


def _some(chance: random.Random) -> bytes:
    return bytes(chance.choices(b'ak_ "\n=xlp', k=chance.randrange(5)))


def _said(chance: random.Random, secret: bytes) -> bytes:
    cut = chance.randrange(len(secret))
    return chance.choice(
        [
            secret,
            b'"' + secret + b'"\n',
            secret[:cut] + b"\n" + _text(chance)[:200] + b"\n" + secret[cut:],
            secret[cut:],
            secret[:cut],
            b" ak_your_api_key_here ",
            base64.b64encode(b"x" * chance.randrange(3) + secret),
            secret.hex().encode(),
            secret.replace(b"_", b"%5F"),
            secret.decode().encode("utf-16-le"),
            gzip.compress(secret, mtime=0),
            b"le" + secret,
        ]
    )


def _pieces(text: bytes, secret: bytes) -> tuple[int, int] | None:
    """Return where the longest part of the key that begins it, or its body, stands."""
    for piece in (secret, secret[1:], secret[2:], secret[3:], secret[:12], secret[:3]):
        at = text.find(piece)
        if at >= 0:
            return at, at + len(piece)
    return None


def _joined(text: bytes, secret: bytes) -> bytes:
    for cut in range(1, len(secret) - 1):
        head, tail = text.find(secret[:cut]), text.find(secret[cut:])
        if 0 <= head < tail and text.find(secret) < 0:
            return text[: head + cut] + text[tail:]
    return text

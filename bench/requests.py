"""Breaks programs that call the API, and looks whether a rule breaks: python bench/requests.py [--count N].

Takes the cases of `tests/rules/requests/`, cuts, doubles, swaps and damages what stands in them, joins two of them, and
reads the result as a file of any language. Prints how many were read, how many findings there were, and the slowest.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.rules.requests.cases import findings, load

NAMES = {
    "python.txt": ("a.py", "a.ipynb", "README.md"),
    "javascript.txt": ("a.ts", "a.js", "a.tsx", "a.vue", "a.svelte", "a.html", "README.md"),
    "shell.txt": ("a.sh", "Makefile", "Dockerfile", ".github/workflows/a.yml", "a.http", "README.md", "a.rst"),
    **{
        f"lexical/{name}.txt": (f"a.{name}", "README.md")
        for name in ("cs", "dart", "go", "java", "kt", "php", "ps1", "rb", "rs", "swift")
    },
}
_NOISE = "(){}[]<>\"'`\\\n;:,.#/*=$@%&|\0\ufeff\N{SNOWMAN}\N{FAMILY}"
_CONFLICT = "\n<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n"


def main() -> int:
    """Break, and read. Returns 1 when a rule broke."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=20_000, help="broken files [20000]")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - no secret
    texts = {name: list(load(name).values()) for name in NAMES}
    found, slowest, broken = 0, (0.0, ""), 0
    for number in range(options.count):
        name = chance.choice(list(NAMES))
        path = chance.choice(NAMES[name])
        text = _broken(chance, chance.choice(texts[name]), chance.choice(texts[name]))
        began = time.process_time()
        try:
            found += len(findings(text.encode("utf-8", "surrogatepass"), path))
        except Exception as error:
            broken += 1
            print(f"{number}: {path}, from {name}: {type(error).__name__}", flush=True)
        slowest = max(slowest, (time.process_time() - began, f"{number}: {path}, {len(text):,} characters"))
    print(f"{options.count:,} read, {found:,} findings, {broken} broke")
    print(f"the slowest took {slowest[0]:.2f} s ({slowest[1]})")
    return 1 if broken else 0


def _broken(chance: random.Random, text: str, other: str) -> str:
    for _ in range(chance.randrange(1, 5)):
        at, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        end = min(end, at + chance.choice([1, 10, 200]))
        match chance.randrange(7):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:at] + text[at:end] * 2 + text[end:]
            case 2:
                text = text[:at] + "".join(chance.choices(_NOISE, k=chance.randrange(1, 4))) + text[end:]
            case 3:
                text = text[:end]
            case 4:
                text = text[:at] + _CONFLICT.format(text[at:end], other[:200]) + text[end:]
            case 5:
                text = text + "\n" + other
            case 6:
                text = text.replace("\n", chance.choice(["\r\n", "\r", "\n\n", "\\\n"]))
    return text


if __name__ == "__main__":
    sys.exit(main())

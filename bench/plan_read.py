"""Measure the plan reader: against cutting the same text with jieba, and time per character as texts grow.

`python bench/plan_read.py [FILE…]` reads the plans of examples/plans (or the files given) and prints both;
the exit code is 1 where a limit is exceeded. One process, one core.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from soilrules.plantext import read  # noqa: E402

TIMES_JIEBA = 5.0  # at most
FLAT = 2.0  # the slowest size against the fastest, per character
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)  # bytes of UTF-8
REPEATS = 3


def seconds(act: Callable[[], object]) -> float:
    """Process time of the fastest of a few runs."""
    best = float("inf")
    for _ in range(REPEATS):
        begin = time.process_time()
        act()
        best = min(best, time.process_time() - begin)
    return best


def against_jieba(texts: list[str]) -> float:
    """Reading time as a multiple of the time jieba takes to cut the same texts (its dictionary loaded)."""
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()
    cut = seconds(lambda: [jieba.lcut(text) for text in texts])
    reading = seconds(lambda: [read(text) for text in texts])
    sys.stdout.write(f"jieba {cut:.3f} s, reading {reading:.3f} s: {reading / cut:.2f} times (limit {TIMES_JIEBA:g})\n")
    return reading / cut


def pieces(texts: list[str], size: int) -> list[str]:
    """The plans cut into texts of `size` bytes; where they are shorter, one text of the plans over and over.

    Small sizes read all the pieces, so that every size sees the same mix of prose and tables.
    """
    data = "\n".join(texts).encode("utf-8")
    if size > len(data):
        return [(data * (size // len(data) + 1))[:size].decode("utf-8", "ignore")]
    return [data[at : at + size].decode("utf-8", "ignore") for at in range(0, len(data) - size + 1, size)]


def flatness(texts: list[str]) -> float:
    """The slowest time per character against the fastest, over the sizes."""
    per_character = []
    for size in SIZES:
        found = pieces(texts, size)
        begin = time.process_time()
        for text in found:
            read(text)
        spent = (time.process_time() - begin) / sum(map(len, found))
        per_character.append(spent)
        sys.stdout.write(f"{size:>10,} bytes: {spent * 1e6:.2f} µs a character\n")
    return max(per_character) / min(per_character)


def main(paths: list[str]) -> int:
    """Print both measures; 1 where one is over its limit."""
    files = [Path(path) for path in paths] or sorted((ROOT / "examples" / "plans").glob("*.txt"))
    texts = [path.read_text("utf-8") for path in files]
    read(texts[0])  # the tables of characters are loaded once
    ratio, spread = against_jieba(texts), flatness(texts)
    sys.stdout.write(f"time per character, slowest against fastest: {spread:.2f} (limit {FLAT:g})\n")
    return int(ratio > TIMES_JIEBA or spread > FLAT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

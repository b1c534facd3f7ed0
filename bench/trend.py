"""Judge the trends of ten thousand series at once, against pymannkendall in a loop.

`python bench/trend.py [--series N]` (needs the extra `bench`) prints the times and the ratio for series of equal and of
mixed lengths; the exit code is 1 where the ratio is missed. First both must agree in S, var S, z, p and slope for every
series, so that nothing wrong is measured. pymannkendall counts rounds, not days: the rounds are equally far apart, and
its slope a round is turned into one a year. Its tau leaves ties out of account and its p is always by the normal
distribution: tau is compared where nothing ties, and series are longer than those with an exact p.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pymannkendall

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from soilrules.statistics.trend import DAYS_PER_YEAR  # noqa: E402
from soilrules.statistics.trend_columns import BATCH, trend_columns  # noqa: E402

TIMES_PYMANNKENDALL = 50.0  # at least
SERIES = 10_000
ROUNDS = 3
EVERY_DAYS = 91
FIRST_DAY = 14_000  # since 1970-01-01


def series(count: int, lengths: Sequence[int]) -> list[np.ndarray]:
    """Made-up contents with two decimals, so that some tie, every third series rising."""
    random = np.random.default_rng(20261122)
    found = []
    for number, length in enumerate(random.choice(lengths, count).tolist()):
        drift = 0.02 * np.arange(length) * (number % 3 == 0)
        found.append(np.round(np.exp(random.normal(-0.5, 0.3, length) + drift), 2))
    return found


def batch_of(found: Sequence[np.ndarray]) -> pa.RecordBatch:
    """The same as the kernel takes it."""
    lengths = [len(one) for one in found]
    rows = sum(lengths)
    codes = np.repeat(np.arange(len(found), dtype=np.int32), lengths)
    days = np.concatenate([FIRST_DAY + EVERY_DAYS * np.arange(n, dtype=np.int32) for n in lengths])
    columns = [
        pa.DictionaryArray.from_arrays(pa.array(codes), [f"P{number}" for number in range(len(found))]),
        pa.array(days).cast(pa.date32()),
        pa.array(np.concatenate(found)),
        pa.array(np.zeros(rows, bool)),
        pa.nulls(rows, pa.float64()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=BATCH)


def agree(found: Sequence[np.ndarray], own: pa.RecordBatch) -> None:
    """Stop where the two do not say the same of a series."""
    theirs = [pymannkendall.original_test(one) for one in found]
    untied = np.array([len(np.unique(one)) == len(one) for one in found])
    for name, column in (("s", "s"), ("var_s", "variance_of_s"), ("z", "z"), ("p", "p"), ("slope", "slope_least")):
        expected = np.array([getattr(one, name) for one in theirs])
        if name == "slope":
            expected *= DAYS_PER_YEAR / EVERY_DAYS
        same(name, expected, own.column(column).to_numpy(zero_copy_only=False))
    tau = own.column("tau").to_numpy(zero_copy_only=False)
    same("tau", np.array([one.Tau for one in theirs])[untied], tau[untied])


def same(name: str, theirs: np.ndarray, own: np.ndarray) -> None:
    """Stop where two columns differ by more than rounding."""
    if not np.allclose(theirs, own, rtol=1e-9, atol=1e-12):
        raise SystemExit(f"pymannkendall and the kernel disagree in {name}: nothing was measured.")


def seconds(*acts: Callable[[], object]) -> list[float]:
    """The fastest of a few runs of each, by turns, so that what else the machine does meets all alike."""
    best = [float("inf")] * len(acts)
    for _ in range(ROUNDS):
        for number, act in enumerate(acts):
            begin = time.perf_counter()
            act()
            best[number] = min(best[number], time.perf_counter() - begin)
    return best


def ratio(name: str, found: Sequence[np.ndarray]) -> float:
    """How many times as fast as the loop, printed with both times."""
    batch = batch_of(found)
    agree(found, trend_columns(batch))
    own, theirs = seconds(lambda: trend_columns(batch), lambda: [pymannkendall.original_test(one) for one in found])
    sys.stdout.write(
        f"{name:16} {len(found):,} series, {batch.num_rows:,} results: kernel {own:.3f} s, pymannkendall {theirs:.2f} s: "
        f"{theirs / own:.0f} times as fast (at least {TIMES_PYMANNKENDALL:g})\n"
    )
    return theirs / own


def main() -> int:
    """Print both measures; 1 where one misses the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=SERIES)
    count = parser.parse_args().series
    ratios = [
        ratio("12 rounds", series(count, [12])),
        ratio("24 rounds", series(count, [24])),
        ratio("11 to 60 rounds", series(count, range(11, 61))),
    ]
    return int(min(ratios) < TIMES_PYMANNKENDALL)


if __name__ == "__main__":
    sys.exit(main())

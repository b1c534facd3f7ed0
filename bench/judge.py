"""Measure the judgement by columns on ten million results of farmland soil, against a pandas merge and plain numpy.

`python bench/judge.py [--rows N]` makes results with pH and land use (a twentieth not detected, one pH in a hundred
missing), judges them by GB 15618 three ways, asserts that all three say the same, and prints every ratio with its
limit; the exit code is 1 where a limit is missed. One process, one core.

pandas gets categorical keys, numpy the coded columns and the limits as an array; both only compare, while the kernel
also says the cause of what is unknown and which limits were applied. The coding of the strings is timed apart.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from soilrules.standards.columns import BATCH, ColumnJudge  # noqa: E402
from soilrules.standards.library import shipped  # noqa: E402
from soilrules.standards.rulings import Circumstances, find  # noqa: E402

TIMES_PANDAS = 3.0  # at least
TIMES_NUMPY = 0.5  # at least
FLAT = 2.0  # the slowest size against the fastest, per row
SIZES = (100_000, 1_000_000, 10_000_000)
ROUNDS = 5
CHUNK = 1 << 15
DAY = date(2026, 11, 22)
ANALYTES = ("cadmium", "mercury", "arsenic", "lead", "chromium", "copper", "nickel", "zinc")
TYPICAL = (0.3, 0.5, 15.0, 60.0, 120.0, 45.0, 50.0, 120.0)  # mg/kg, so that every verdict occurs
USES = ("paddy", "orchard", "other", "rotation")
EDGES = (5.5, 6.5, 7.5)
VERDICTS = ("meets", "exceeds_screening", "exceeds_control", "unknown")
MISSING = len(EDGES) + 1  # the band of a missing pH; its limits are no numbers


@dataclass(frozen=True)
class Results:
    """Results as coded columns; the strings are codes in ANALYTES and USES."""

    analyte: np.ndarray
    use: np.ndarray
    value: np.ndarray
    censored: np.ndarray
    detection_limit: np.ndarray
    ph: np.ndarray
    day: np.ndarray

    def first(self, count: int) -> Results:
        """The first `count` of them."""
        return Results(*(getattr(self, name)[:count] for name in self.__dataclass_fields__))

    def batch(self) -> pa.RecordBatch:
        """As the kernel takes them; nothing is copied but the flags."""
        count = len(self.value)
        units = pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), ["mg/kg"])
        columns = {
            "analyte": pa.DictionaryArray.from_arrays(pa.array(self.analyte), list(ANALYTES)),
            "value": pa.array(self.value),
            "unit": units,
            "censored": pa.array(self.censored),
            "detection_limit": pa.array(self.detection_limit),
            "ph": pa.array(self.ph),
            "land": pa.DictionaryArray.from_arrays(pa.array(self.use), list(USES)),
            "date": pa.array(self.day).cast(pa.date32()),
        }
        return pa.RecordBatch.from_arrays([columns[name] for name in BATCH.names], schema=BATCH)


def results(count: int) -> Results:
    """Made-up results, the same every time."""
    rng = np.random.default_rng(20261122)
    analyte, use = (rng.integers(0, len(of), count, dtype=np.int32) for of in (ANALYTES, USES))
    value = rng.lognormal(0.0, 1.0, count) * np.array(TYPICAL)[analyte]
    censored = rng.random(count) < 0.05
    detection_limit = np.where(censored, value, np.nan)
    value[censored] = np.nan
    ph = rng.normal(6.6, 1.1, count).clip(3.0, 10.0)
    ph[rng.random(count) < 0.01] = np.nan
    return Results(
        analyte, use, value, censored, detection_limit, ph, rng.integers(19000, 20700, count, dtype=np.int32)
    )


def limits() -> tuple[np.ndarray, np.ndarray]:
    """Screening and control values by analyte, use and band, flat; no control value is infinite."""
    shape = (len(ANALYTES), len(USES), len(EDGES) + 2)
    screening, control = np.full(shape, np.nan), np.full(shape, np.nan)
    for index in np.ndindex(len(ANALYTES), len(USES), len(EDGES) + 1):
        ph = Decimal(str([*EDGES, 9.0][index[2]]))
        ruling = find(shipped(), "gb15618", ANALYTES[index[0]], Circumstances(DAY, USES[index[1]], ph))
        screening[index] = float(ruling.limits["screening"][0].upper)
        control[index] = float(ruling.limits["control"][0].upper) if "control" in ruling.limits else np.inf
    return screening.ravel(), control.ravel()


def by_numpy(data: Results, screening: np.ndarray, control: np.ndarray) -> np.ndarray:
    """Banding, look-up and both comparisons on whole arrays; unknown where nothing can be compared."""
    band = (data.ph > EDGES[0]).view(np.int8) + (data.ph > EDGES[1]).view(np.int8) + (data.ph > EDGES[2]).view(np.int8)
    band[np.isnan(data.ph)] = MISSING
    key = (data.analyte * np.int32(len(USES)) + data.use) * np.int32(len(EDGES) + 2) + band
    amount = np.where(data.censored, data.detection_limit, data.value)
    first = screening.take(key)
    above = amount > first
    verdict = above.view(np.int8) + (amount > control.take(key)).view(np.int8)
    verdict[np.isnan(first) | (above & data.censored)] = 3
    return verdict


def compared_by_numpy(data: Results, screening: np.ndarray, control: np.ndarray) -> np.ndarray:
    """Banding, look-up and both comparisons alone: no missing pH, no non-detects."""
    band = (data.ph > EDGES[0]).view(np.int8) + (data.ph > EDGES[1]).view(np.int8) + (data.ph > EDGES[2]).view(np.int8)
    key = (data.analyte * np.int32(len(USES)) + data.use) * np.int32(len(EDGES) + 2) + band
    return (data.value > screening.take(key)).view(np.int8) + (data.value > control.take(key)).view(np.int8)


def by_pandas(frame: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    """A merge with the table of limits by analyte, use and band, then both comparisons."""
    bands = pd.cut(frame["ph"], [-np.inf, *EDGES, np.inf], labels=False).fillna(MISSING).astype(np.int8)
    merged = frame.assign(band=bands).merge(table, on=["analyte", "use", "band"], how="left")
    amount = merged["value"].where(~merged["censored"], merged["detection_limit"])
    above = amount > merged["screening"]
    verdict = above.to_numpy().astype(np.int8) + (amount > merged["control"]).to_numpy()
    verdict[(merged["screening"].isna() | (above & merged["censored"])).to_numpy()] = 3
    return verdict


def frames(data: Results, screening: np.ndarray, control: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The results and the table of limits as pandas takes them, with categorical keys."""
    frame = pd.DataFrame(
        {
            "analyte": pd.Categorical.from_codes(data.analyte, ANALYTES),
            "use": pd.Categorical.from_codes(data.use, USES),
            "value": data.value,
            "censored": data.censored,
            "detection_limit": data.detection_limit,
            "ph": data.ph,
        }
    )
    analyte, use, band = np.indices((len(ANALYTES), len(USES), len(EDGES) + 2)).reshape(3, -1)
    table = pd.DataFrame(
        {
            "analyte": pd.Categorical.from_codes(analyte, ANALYTES),
            "use": pd.Categorical.from_codes(use, USES),
            "band": band.astype(np.int8),
            "screening": screening,
            "control": control,
        }
    )
    return frame, table


def seconds(*acts: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The fastest of a few runs of each, by turns, so that what else the machine does meets all alike."""
    best = [float("inf")] * len(acts)
    for _ in range(rounds):
        for number, act in enumerate(acts):
            begin = time.perf_counter()
            act()
            best[number] = min(best[number], time.perf_counter() - begin)
    return best


def verdicts(judged: pa.RecordBatch) -> np.ndarray:
    """The codes of the verdicts, which are those of VERDICTS."""
    column = judged.column("verdict")
    if column.dictionary.to_pylist() != list(VERDICTS):
        raise SystemExit(f"The kernel codes its verdicts as {column.dictionary}, expected {VERDICTS}.")
    codes: np.ndarray = column.indices.to_numpy()
    return codes


def same(name: str, theirs: np.ndarray, own: np.ndarray) -> None:
    """Stop where two ways do not agree: nothing was measured then."""
    if not np.array_equal(theirs, own):
        raise SystemExit(f"{name} and the kernel disagree on {np.count_nonzero(theirs != own)} results.")


def against_numpy(data: Results) -> float:
    """The speed of the kernel as a multiple of numpy's, the smaller of two: with and without what is missing."""
    screening, control = limits()
    plain = Results(
        data.analyte, data.use, np.where(data.censored, data.detection_limit, data.value),
        np.zeros_like(data.censored), np.full_like(data.value, np.nan), np.nan_to_num(data.ph, nan=7.0), data.day,
    )  # fmt: skip
    ratios = []
    for name, numbers, way in (("plain", plain, compared_by_numpy), ("missing", data, by_numpy)):
        batch = numbers.batch()
        judging = ColumnJudge(shipped(), "gb15618", on=DAY)
        same("numpy", way(numbers, screening, control), verdicts(judging.judge(batch)))
        own, theirs = seconds(lambda: judging.judge(batch), lambda: way(numbers, screening, control))  # noqa: B023
        ratios.append(theirs / own)
        sys.stdout.write(
            f"{name:8} kernel {own:.3f} s ({len(data.value) / own / 1e6:.0f} M rows/s), numpy {theirs:.3f} s "
            f"({len(data.value) / theirs / 1e6:.0f} M rows/s): {theirs / own:.2f} times as fast (at least {TIMES_NUMPY})\n"
        )
    (parts,) = seconds(lambda: by_chunks(plain, screening, control))
    sys.stdout.write(f"         numpy on chunks that stay in the cache {parts:.3f} s, for comparison only\n")
    return min(ratios)


def by_chunks(data: Results, screening: np.ndarray, control: np.ndarray) -> list[np.ndarray]:
    """The bare comparison, a chunk at a time."""
    parts = (slice(start, start + CHUNK) for start in range(0, len(data.value), CHUNK))
    return [
        compared_by_numpy(
            Results(*(getattr(data, name)[part] for name in data.__dataclass_fields__)), screening, control
        )
        for part in parts
    ]


def against_pandas(data: Results) -> float:
    """The speed of the kernel as a multiple of a pandas merge."""
    frame, table = frames(data, *limits())
    batch = data.batch()
    judging = ColumnJudge(shipped(), "gb15618", on=DAY)
    same("pandas", by_pandas(frame, table), verdicts(judging.judge(batch)))
    own, theirs = seconds(lambda: judging.judge(batch), lambda: by_pandas(frame, table), rounds=2)
    sys.stdout.write(
        f"pandas   kernel {own:.3f} s, pandas {theirs:.3f} s: {theirs / own:.1f} times as fast (at least {TIMES_PANDAS})\n"
    )
    return theirs / own


def encoding(data: Results) -> None:
    """The time to code plain strings, which the other measures take as done."""
    words = [pa.array(np.array(of, object).take(codes)) for of, codes in ((ANALYTES, data.analyte), (USES, data.use))]
    (spent,) = seconds(lambda: [one.dictionary_encode() for one in words], rounds=2)
    sys.stdout.write(
        f"strings  coding {len(words)} columns of plain strings takes {spent:.3f} s, apart from the above\n"
    )


def flatness(data: Results) -> float:
    """The slowest time per row against the fastest, over the sizes, by a judge that has seen the combinations.

    Every size judges the same number of rows: the small ones batch after batch.
    """
    sizes = [size for size in SIZES if size <= len(data.value)]
    batches = [data.first(size).batch() for size in sizes]
    judges = [ColumnJudge(shipped(), "gb15618", on=DAY) for _ in sizes]
    new = seconds(*(_times(1, *pair) for pair in zip(judges, batches, strict=True)), rounds=1)
    times = [sizes[-1] // size for size in sizes]
    warm = seconds(*(_times(*how) for how in zip(times, judges, batches, strict=True)))
    for size, count, spent, first in zip(sizes, times, warm, new, strict=True):
        sys.stdout.write(
            f"{size:>10,} rows: {spent / size / count * 1e9:.1f} ns a row; a new judge, which looks the limits up, "
            f"takes {(first - spent / count) * 1e3:.0f} ms more\n"
        )
    return max(warm) / min(warm)


def _times(count: int, judging: ColumnJudge, batch: pa.RecordBatch) -> Callable[[], object]:
    def act() -> None:
        for _ in range(count):
            judging.judge(batch)

    return act


def memory(data: Results) -> None:
    """Print the peak memory of a process that reads the results from a file, and of one that judges them too."""
    with tempfile.TemporaryDirectory(prefix="soildesk-bench.") as folder:
        path = Path(folder, "results.arrow")
        with pa.ipc.new_file(path, BATCH) as file:
            file.write_batch(data.batch())
        command = [sys.executable, __file__, "--peak-of"]
        read, judged = (
            int(subprocess.run([*command, what, path], check=True, capture_output=True, text=True).stdout)
            for what in ("read", "judge")
        )
    sys.stdout.write(
        f"memory   {judged / 1e6:,.0f} MB at the peak, {read / 1e6:,.0f} MB of it with the results read: "
        f"{(judged - read) / len(data.value):.0f} bytes a row for judging\n"
    )


def peak_of(what: str, path: str) -> int:
    """Bytes at the peak of this process, which reads the results at `path` and judges them where `what` says so."""
    with pa.OSFile(path) as source:
        batch = pa.ipc.open_file(source).get_batch(0)
    if what == "judge":
        ColumnJudge(shipped(), "gb15618", on=DAY).judge(batch)
    status = Path("/proc/self/status").read_text(encoding="ascii")  # a child's ru_maxrss begins at its parent's
    return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) * 1024


def main() -> int:
    """Print every measure; 1 where one misses its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=SIZES[-1])
    parser.add_argument("--peak-of", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.peak_of:
        sys.stdout.write(f"{peak_of(*given.peak_of)}\n")
        return 0
    data = results(given.rows)
    shares = ", ".join(f"{name} {share:.0%}" for name, share in shares_of(data))
    sys.stdout.write(f"{given.rows:,} results of {len(ANALYTES)} metals on {len(USES)} uses: {shares}\n")
    numpy_ratio, pandas_ratio = against_numpy(data), against_pandas(data)
    encoding(data)
    spread = flatness(data)
    sys.stdout.write(f"time per row, slowest against fastest: {spread:.2f} (at most {FLAT:g})\n")
    memory(data)
    return int(numpy_ratio < TIMES_NUMPY or pandas_ratio < TIMES_PANDAS or spread > FLAT)


def shares_of(data: Results) -> list[tuple[str, float]]:
    """How often each verdict occurs."""
    codes = verdicts(ColumnJudge(shipped(), "gb15618", on=DAY).judge(data.batch()))
    return [(name, float(np.mean(codes == code))) for code, name in enumerate(VERDICTS)]


if __name__ == "__main__":
    sys.exit(main())

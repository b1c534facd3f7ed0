"""Signs that laboratory results may be wrong: pointed out with row and reason, never judged, nothing changed.

In: the columns of BATCH; `former` is the median of the former results of the row's point and analyte in mg/kg or mg/L
(`former_medians` finds it), `printed` the result as the laboratory wrote it; both may be null. Columns are looked at as
a whole, a million rows at a time; a sentence is made only for what is found. Numbers: data/monitoring/plausibility.yaml.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy
from numpy.typing import NDArray

from soilrules import analytes
from soilrules.messages import Message
from soilrules.monitoring.columns import Groups, former_medians, in_base
from soilrules.monitoring.dated import DatedRule, origin, read, said
from soilrules.standards import arrow
from soilrules.standards.arrow import Flags, Floats

__all__ = ["BATCH", "Finding", "former_medians", "plausibility_rules", "signs"]
_WORDS = pa.dictionary(pa.int32(), pa.string())
BATCH = pa.schema(
    [
        ("sample", _WORDS), ("analyte", _WORDS), ("value", pa.float64()), ("unit", _WORDS), ("censored", pa.bool_()),
        ("printed", pa.string()), ("former", pa.float64()),
    ]
)  # fmt: skip
UNIT = "plausibility.unit"
SWAPPED = "plausibility.swapped"
IDENTICAL = "plausibility.identical"
DIGITS = "plausibility.digits"
ABOVE_WHOLE = "plausibility.above_whole"
PH = "plausibility.ph"
Rules = Mapping[str, DatedRule]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule points out, at one row of the batch (counted from 0) or at several that belong together."""

    rows: tuple[int, ...]
    rule: DatedRule
    message: Message

    @property
    def row(self) -> int:
        """The first row."""
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class _Results:
    """The columns as numbers; `amount` in the base unit of its dimension, NaN where not detected or not readable."""

    groups: Groups  # rows of one analyte in one dimension
    sample: NDArray[np.int32]
    value: Floats
    amount: Floats
    former: Floats
    batch: pa.RecordBatch

    def said(self, message_id: str, row: int, **params: str) -> Message:
        """A sentence about one row."""
        unit = self.batch.column("unit")[row].as_py() or ""
        return said(
            "plausibility", message_id, value=f"{self.value[row]:g} {unit}".strip(), **self.named(row), **params
        )

    def named(self, row: int, name: str = "analyte") -> dict[str, str]:
        """The analyte of a row in both languages."""
        slug = self.batch.column("analyte")[row].as_py() or ""
        known = analytes.all_analytes().get(slug)
        return {f"{name}_zh": known.zh if known else slug, f"{name}_en": known.en if known else slug}


def signs(batch: pa.RecordBatch, on: date, *, rules: Rules | None = None) -> tuple[Finding, ...]:
    """What looks wrong in a batch of results, by row. `on` is the day of the batch, which chooses the rules."""
    if not batch.num_rows:
        return ()
    results = _results(batch)
    held = [rule for rule in (rules or plausibility_rules()).values() if rule.in_use and rule.in_force(on)]
    return tuple(sorted((one for rule in held for one in _CHECKS[rule.id](results, rule)), key=lambda one: one.rows))


@cache
def plausibility_rules() -> Rules:
    """The rules of data/monitoring/plausibility.yaml by id. Raises BadRuleData."""
    return {record.text("id"): DatedRule(**origin(record)) for record in read("plausibility")}


def _results(batch: pa.RecordBatch) -> _Results:
    amount, dimension = in_base(batch)
    return _Results(
        groups=Groups(arrow.words(batch.column("analyte"))[0].astype(np.int64), dimension),
        sample=arrow.words(batch.column("sample"))[0],
        value=arrow.floats(batch.column("value")),
        amount=amount,
        former=arrow.floats(batch.column("former")),
        batch=batch,
    )


def _unit(results: _Results, rule: DatedRule) -> Iterator[Finding]:
    """Results a thousand times too large or too small."""
    usual = results.groups.medians(results.amount, at_least=rule.whole("batch_values"))
    by_point = results.former > 0
    base = np.where(by_point, results.former, usual)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.log(results.amount / base)
    times, within = math.log(rule.numbers["times"]), math.log(rule.numbers["within_times"])
    for name, sign in (("high", 1), ("low", -1)):
        found = np.abs(steps - sign * times) <= within
        whole = results.groups.shares(found, among=~np.isnan(steps), at_least=rule.whole("batch_values"))
        column = found & (whole >= float(rule.numbers["column_share"]))
        yield from _whole_columns(results, rule, column, f"unit_{name}_column")
        for row in np.flatnonzero(found & ~column).tolist():
            whose = "former" if by_point[row] else "batch"
            yield Finding((row,), rule, results.said(f"unit_{name}_{whose}", row, median=f"{base[row]:.4g}"))


def _whole_columns(results: _Results, rule: DatedRule, column: Flags, message_id: str) -> Iterator[Finding]:
    """One finding for each analyte most of whose results are so: the unit of a column is wrong once."""
    if not column.any():
        return
    for rows in results.groups.rows():
        if len(alike := rows[column[rows]]):
            message = results.said(message_id, int(alike[0]), count=str(len(alike)), results=str(len(rows)))
            yield Finding(tuple(alike.tolist()), rule, message)


def _swapped(results: _Results, rule: DatedRule) -> Iterator[Finding]:
    """Pairs of analytes that look exchanged."""
    within, apart = (math.log(rule.numbers[name]) for name in ("within_times", "apart_times"))
    usable = (results.amount > 0) & (results.former > 0)
    groups = {number: rows[usable[rows]] for number, rows in enumerate(results.groups.rows())}
    with np.errstate(divide="ignore", invalid="ignore"):
        amount, former = np.log(results.amount), np.log(results.former)
    middles = {
        number: (float(np.median(amount[rows])), float(np.median(former[rows])))
        for number, rows in groups.items()
        if len(rows) >= rule.whole("samples")
    }
    away = [number for number, (now, before) in middles.items() if abs(now - before) > apart - within]
    for first, second in combinations(away, 2):
        near = (abs(middles[first][place] - middles[second][1 - place]) <= 2 * within for place in (0, 1))
        if all(near) and results.groups.alike(first, second):
            pair = _in_one_sample(results, groups[first], groups[second])
            yield from _exchanged(results, rule, pair, (amount, former))


def _in_one_sample(results: _Results, first: Places, second: Places) -> tuple[Places, Places]:
    """The rows of two analytes in the samples that have both; of a sample twice its first row."""
    samples = results.sample[first], results.sample[second]
    _, here, there = np.intersect1d(*samples, return_indices=True)
    return first[here], second[there]


def _exchanged(
    results: _Results, rule: DatedRule, pair: tuple[Places, Places], logs: tuple[Floats, Floats]
) -> Iterator[Finding]:
    within, apart = (math.log(rule.numbers[name]) for name in ("within_times", "apart_times"))
    (one, other), (amount, former) = pair, logs
    exchanged = (
        (np.abs(amount[one] - former[other]) <= within)
        & (np.abs(amount[other] - former[one]) <= within)
        & (np.abs(former[one] - former[other]) >= apart)
    )
    count = int(exchanged.sum())
    if count < rule.whole("samples") or count < rule.numbers["share"] * len(one):
        return
    rows = tuple(sorted(np.concatenate([one[exchanged], other[exchanged]]).tolist()))
    named = {**results.named(int(one[0])), **results.named(int(other[0]), "other")}
    yield Finding(rows, rule, said("plausibility", "swapped", count=str(count), samples=str(len(one)), **named))


def _identical(results: _Results, rule: DatedRule) -> Iterator[Finding]:
    """Analytes whose detected results are all one number."""
    detected = ~np.isnan(results.amount)
    for rows in results.groups.rows():
        found = rows[detected[rows]]
        if len(found) >= rule.whole("values") and np.ptp(results.amount[found]) == 0:
            row = int(found[0])
            yield Finding(tuple(found.tolist()), rule, results.said("identical", row, count=str(len(found))))


def _digits(results: _Results, rule: DatedRule) -> Iterator[Finding]:
    """Analytes whose last digits are not spread as chance spreads them."""
    digit = _last_digits(results.batch.column("printed"))
    digit[np.isnan(results.amount)] = -1
    for rows in results.groups.rows():
        told = rows[digit[rows] >= 0]
        if len(told) < rule.whole("values"):
            continue
        counts = np.bincount(digit[told], minlength=10)
        share, expected = counts.max() / len(told), len(told) / 10
        p = scipy.stats.chi2.sf(((counts - expected) ** 2 / expected).sum(), 9)
        if share >= rule.numbers["share"] and p < rule.numbers["significance"]:
            params = {"digit": str(counts.argmax()), "percent": f"{100 * share:.0f}", "count": str(len(told))}
            yield Finding(tuple(told.tolist()), rule, results.said("digits", int(told[0]), **params))


def _last_digits(printed: pa.Array) -> NDArray[np.int64]:
    """The last digit of each printed number of two significant digits or more, −1 where there is none."""
    plain = pc.utf8_trim_whitespace(printed)
    numbers = pc.if_else(pc.match_substring_regex(plain, r"^[0-9]+(\.[0-9]+)?$"), plain, None)
    figures = pc.utf8_ltrim(pc.replace_substring(numbers, ".", ""), characters="0")
    told = pc.if_else(pc.greater_equal(pc.utf8_length(figures), 2), pc.utf8_slice_codeunits(figures, -1), None)
    found: NDArray[np.int64] = pc.fill_null(told.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    return found.copy()


def _above_whole(results: _Results, rule: DatedRule) -> Iterator[Finding]:
    """More than the whole sample."""
    for row in np.flatnonzero(results.amount > float(rule.numbers["whole_mg"])).tolist():
        yield Finding((row,), rule, results.said("above_whole", row))


def _ph(results: _Results, rule: DatedRule) -> Iterator[Finding]:
    """pH that cannot be."""
    value = results.value
    outside: Flags = (value < float(rule.numbers["lowest"])) | (value > float(rule.numbers["highest"]))
    is_ph = pc.fill_null(pc.equal(results.batch.column("analyte").cast(pa.string()), "ph"), False)
    for row in np.flatnonzero(outside & is_ph.to_numpy(zero_copy_only=False)).tolist():
        yield Finding((row,), rule, results.said("ph", row))


_CHECKS = {UNIT: _unit, SWAPPED: _swapped, IDENTICAL: _identical, DIGITS: _digits, ABOVE_WHOLE: _above_whole, PH: _ph}

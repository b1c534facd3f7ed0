"""What in filed self-monitoring data deserves a look at the original records: hints for a person, never a judgement.

In: the columns of FILED, the results of one unit. Each comparison has a chance under honest data (p); all comparisons of
a filing share one threshold. Where there are too few results nothing is said. Numbers: data/enterprises/plausible_data.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa
import scipy

from soilrules import analytes
from soilrules.enterprises.plausible_columns import FILED, Results, copies, results_of, tie_chance
from soilrules.messages import Message
from soilrules.monitoring.dated import DatedRule, origin, read

__all__ = ["FILED", "Hint", "Hints", "hints", "plausible_rules"]
Rules = Mapping[str, DatedRule]
TOGETHER = "plausible.together"


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to look at: the rows (from 0), the statistic, of how many results, and its chance in honest data."""

    rule: DatedRule
    rows: tuple[int, ...]
    statistic: float
    n: int
    p: float
    message: Message


@dataclass(frozen=True, slots=True)
class Hints:
    """The hints of a filing, the least likely first; `threshold` is what each p of the `comparisons` was held to."""

    hints: tuple[Hint, ...]
    comparisons: int
    threshold: float


@dataclass(slots=True)
class _Looked:
    """How many comparisons one check made, and those unlikely by themselves."""

    comparisons: int = 0
    found: list[Hint] = field(default_factory=list)


def hints(batch: pa.RecordBatch, on: date, *, rules: Rules | None = None) -> Hints:
    """What to look at in the filed results of one unit. `on`, the day of filing, chooses the rules."""
    held = {key: rule for key, rule in (rules or plausible_rules()).items() if rule.in_use and rule.in_force(on)}
    if TOGETHER not in held or not batch.num_rows:
        return Hints((), 0, 0.0)
    results, alpha = results_of(batch), float(held[TOGETHER].numbers["significance"])
    looked = [check(results, held[key], alpha) for key, check in _CHECKS.items() if key in held]
    comparisons = sum(one.comparisons for one in looked)
    threshold = alpha / max(comparisons, 1)
    found = [one for each in looked for one in each.found if one.p < threshold]
    return Hints(tuple(sorted(_without_repeats(found), key=lambda one: (one.p, one.rows))), comparisons, threshold)


@cache
def plausible_rules() -> Rules:
    """The rules of data/enterprises/plausible_data.yaml by id. Raises BadRuleData."""
    return {record.text("id"): DatedRule(**origin(record)) for record in read("plausible_data", room="enterprises")}


def _without_repeats(found: Sequence[Hint]) -> list[Hint]:
    """Without pairs of samples that two series agreeing say already."""
    series = [set(one.rows) for one in found if one.rule.id == "plausible.series"]
    told = [one.rule.id == "plausible.repeats" and any(rows & set(one.rows) for rows in series) for one in found]
    return [one for one, again in zip(found, told, strict=True) if not again]


def _digits(results: Results, rule: DatedRule, alpha: float) -> _Looked:
    """Whether the last digits are spread evenly."""
    rows = results.of_figures(rule.whole("figures"))
    if len(rows) < rule.whole("values"):
        return _Looked()
    last = np.round(results.value[rows] / results.step[rows]).astype(np.int64) % 10
    counts = np.bincount(last, minlength=10)
    statistic = float(((counts - len(rows) / 10) ** 2 / (len(rows) / 10)).sum())
    p, share = float(scipy.stats.chi2.sf(statistic, 9)), counts.max() / len(rows)
    if p >= alpha or share < rule.numbers["share"]:
        return _Looked(1)
    params = {"digit": str(counts.argmax()), "percent": f"{100 * share:.0f}"}
    return _Looked(1, [_hint(rule, rows.tolist(), statistic, len(rows), p, **params)])


def _round(results: Results, rule: DatedRule, alpha: float) -> _Looked:
    """Whether too many results are like 1, 1.5, 20, 350: a second figure 0 or 5 and nothing after it."""
    rows = results.of_figures(rule.whole("figures"))
    if len(rows) < rule.whole("values"):
        return _Looked()
    first = results.value[rows] / 10.0 ** np.floor(np.log10(results.value[rows]) + 1e-9)
    found = rows[np.isclose(2 * first, np.round(2 * first), rtol=0, atol=1e-6)]
    p = float(scipy.stats.binom.sf(len(found) - 1, len(rows), float(rule.numbers["expected"])))
    share = len(found) / len(rows)
    if p >= alpha or share < rule.numbers["share"]:
        return _Looked(1)
    return _Looked(1, [_hint(rule, found.tolist(), share, len(rows), p, percent=f"{100 * share:.0f}")])


def _constancy(results: Results, rule: DatedRule, alpha: float) -> _Looked:
    """Series of one point and analyte that vary less than a method repeats itself."""
    looked, precision = _Looked(), float(rule.numbers["precision"])
    for rows in results.series():
        values = results.value[rows]
        if len(rows) < rule.whole("rounds") or results.is_ph[rows[0]]:
            continue
        looked.comparisons += 1
        spread = precision * values.mean()
        rounding = np.sqrt(len(rows)) * results.step[rows].max() / 2  # the most that rounding can have hidden
        statistic = float(((np.sqrt(((values - values.mean()) ** 2).sum()) + rounding) / spread) ** 2)
        p = float(scipy.stats.chi2.cdf(statistic, len(rows) - 1))
        if p < alpha:
            variation = values.std(ddof=1) / values.mean()
            params = {"percent": f"{100 * variation:.2g}", "precision": f"{100 * precision:g}"}
            looked.found.append(
                _hint(rule, rows.tolist(), statistic, len(rows), p, **params, **_named(results, rows[0]))
            )
    return looked


def _repeats(results: Results, rule: DatedRule, alpha: float) -> _Looked:
    """Pairs of samples that agree in too many analytes."""
    table = results.samples_by_analyte()
    if len(table.rows) > rule.whole("samples"):
        return _Looked()
    ties = tie_chance(results, table, rule.numbers)
    pairs = copies(table.values, ties, least=rule.whole("shared"), most=float(rule.numbers["most_ties"]))
    looked = _Looked(len(pairs.p))
    for place in np.flatnonzero(pairs.p < alpha).tolist():
        rows = table.equal_rows(*pairs.of(place))
        params = {
            "equal": str(pairs.equal[place]),
            "first": results.sample_name(rows[0]),
            "other": results.sample_name(rows[1]),
        }
        looked.found.append(
            _hint(rule, rows, float(pairs.equal[place]), int(pairs.shared[place]), float(pairs.p[place]), **params)
        )
    return looked


def _series(results: Results, rule: DatedRule, alpha: float) -> _Looked:
    """Pairs of points whose rounds agree too often, one hint for a pair."""
    looked, by_pair = _Looked(), dict[tuple[str, str], list[Hint]]()
    for table in results.points_by_round():
        if len(table.rows) > rule.whole("samples"):
            continue
        ties = np.repeat(tie_chance(results, table, rule.numbers).max(), table.values.shape[1])
        pairs = copies(table.values, ties, least=rule.whole("shared"), most=float(rule.numbers["most_ties"]))
        looked.comparisons += len(pairs.p)
        for place in np.flatnonzero(pairs.p < alpha).tolist():
            rows = table.equal_rows(*pairs.of(place))
            names = results.point_name(rows[0]), results.point_name(rows[1])
            params = {
                "equal": str(pairs.equal[place]),
                "first": names[0],
                "other": names[1],
                **_named(results, rows[0]),
            }
            n, p = int(pairs.shared[place]), float(pairs.p[place])
            by_pair.setdefault(names, []).append(_hint(rule, rows, float(pairs.equal[place]), n, p, **params))
    looked.found = [_together(found) for found in by_pair.values()]
    return looked


def _together(found: Sequence[Hint]) -> Hint:
    """One hint for the same two points: the least likely, with the rows and analytes of all."""
    best = min(found, key=lambda one: one.p)
    rows = tuple(row for one in found for row in one.rows)
    joins = {"analyte_zh": "、", "analyte_en": ", "}
    words = {name: join.join(one.message.params[name] for one in found) for name, join in joins.items()}
    message = Message(best.message.room, best.message.group, best.message.id, {**best.message.params, **words})
    return Hint(best.rule, rows, best.statistic, best.n, best.p, message)


def _below_limit(results: Results, rule: DatedRule, alpha: float) -> _Looked:
    """Whether results crowd just below their limits."""
    band = float(rule.numbers["band"])
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(results.detected, results.value / results.limit, np.nan)
    below = np.flatnonzero((share >= 1 - band) & (share <= 1))
    n = len(below) + int(((share > 1) & (share <= 1 + band)).sum())
    if n < rule.whole("values"):
        return _Looked()
    p = float(scipy.stats.binom.sf(len(below) - 1, n, float(rule.numbers["expected"])))
    if p >= alpha:
        return _Looked(1)
    params = {"below": str(len(below)), "band": f"{100 * band:g}"}
    return _Looked(1, [_hint(rule, below.tolist(), len(below) / n, n, p, **params)])


def _hint(rule: DatedRule, rows: Iterable[int], statistic: float, n: int, p: float, **params: str) -> Hint:
    name = rule.id.removeprefix("plausible.")
    shown = {"n": str(n), "p": f"{p:.1g}", "statistic": f"{statistic:.3g}", **params}
    return Hint(rule, tuple(rows), statistic, n, p, Message("enterprises", "plausible", name, shown))


def _named(results: Results, row: int) -> dict[str, str]:
    slug = results.analyte_name(row)
    known = analytes.all_analytes().get(slug)
    return {
        "analyte_zh": known.zh if known else slug,
        "analyte_en": known.en if known else slug,
        "point": results.point_name(row),
    }


_CHECKS = {
    "plausible.digits": _digits,
    "plausible.round": _round,
    "plausible.constancy": _constancy,
    "plausible.repeats": _repeats,
    "plausible.series": _series,
    "plausible.below_limit": _below_limit,
}

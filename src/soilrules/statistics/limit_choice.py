"""Which upper confidence limit of the mean to take: a table of conditions, the tests it rests on and the reason, all told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

import numpy as np

from soilrules.messages import Message
from soilrules.statistics.censored import CensoredSample
from soilrules.statistics.confidence import UpperLimit, chebyshev, gamma_adjusted, student_t
from soilrules.statistics.goodness_of_fit import Fit, fits
from soilrules.statistics.kaplan_meier import Tail, kaplan_meier
from soilrules.statistics.likelihood import Distribution, maximum_likelihood
from soilrules.statistics.resampling import bootstrap
from soilrules.statistics.results import Estimate, Result
from soilrules.statistics.substitution import arithmetic
from soilrules.strict import BadRuleData, Record, load_yaml

TABLE = files("soilrules") / "data" / "statistics" / "upper_limit_choice.yaml"
TAKES = ("refuse", "student_t", "gamma_adjusted", "bootstrap_bca", "chebyshev")
NUMBERS = ("n", "detects", "distinct", "censored", "log_sd")
Facts = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ChoiceRule:
    """One row: `between` are half-open intervals of the facts, `fit` a distribution the sample looks like."""

    id: str
    between: Mapping[str, tuple[Decimal, Decimal]]
    fit: str | None
    take: str
    confidence: Decimal | None

    def holds(self, facts: Facts, looks_like: Collection[str]) -> bool:
        """Whether every condition holds; a fact not yet known holds none."""
        if self.fit is not None and self.fit not in looks_like:
            return False
        return all(
            name in facts and low <= Decimal(str(facts[name])) < high for name, (low, high) in self.between.items()
        )


@dataclass(frozen=True, kw_only=True)
class Choice(Result):
    """The row that decided and why, the tests looked at, and the limit; None where no method is to be trusted."""

    rule: str
    mark: str
    reason: Message
    fits: tuple[Fit, ...]
    limit: UpperLimit | None


def choose_upper_limit(sample: CensoredSample, *, tail: Tail, seed: int) -> Choice:
    """The upper confidence limit of the mean by the table in soilrules/data/statistics/upper_limit_choice.yaml.

    A sample with non-detects is estimated by Kaplan–Meier with `tail`; `seed` is for the simulated test and the bootstrap.
    """
    facts: dict[str, float] = {
        "n": sample.n,
        "detects": sample.detects.size,
        "distinct": np.unique(sample.detects).size,
        "censored": sample.n_censored / sample.n,
    }
    tests: tuple[Fit, ...] = ()
    rule = next((row for row in rules() if row.take == "refuse" and row.between and row.holds(facts, ())), None)
    if rule is None:
        tests = fits(sample, seed=seed)
        facts["log_sd"] = round(float(np.log(sample.detects).std(ddof=1)), 12)
        rule = next(row for row in rules() if row.holds(facts, _looks_like(tests)))
    limit = _limit(sample, rule, Tail(tail), seed)
    told = {key: f"{value:.3g}" if isinstance(value, float) else str(value) for key, value in facts.items()}
    return Choice(
        method="upper_limit_choice",
        convention=limit.convention if limit else "none",
        n=sample.n,
        n_censored=sample.n_censored,
        seed=seed,
        caveats=limit.caveats if limit else (),
        rule=rule.id,
        mark=mark(),
        reason=Message("statistics", "confidence", rule.id, told),
        fits=tests,
        limit=limit,
    )


def _limit(sample: CensoredSample, rule: ChoiceRule, tail: Tail, seed: int) -> UpperLimit | None:
    if rule.take == "refuse" or rule.confidence is None:
        return None
    confidence = float(rule.confidence)
    estimate: Estimate = kaplan_meier(sample, tail=tail) if sample.n_censored else arithmetic(sample)
    if rule.take == "student_t":
        return student_t(estimate, confidence=confidence)
    if rule.take == "chebyshev":
        return chebyshev(estimate, confidence=confidence)
    if rule.take == "bootstrap_bca":
        return bootstrap(sample, estimate, seed=seed, confidence=confidence)
    if not sample.n_censored:
        estimate = maximum_likelihood(sample, distribution=Distribution.GAMMA)
    return gamma_adjusted(estimate, confidence=confidence)


def _looks_like(tests: tuple[Fit, ...]) -> set[str]:
    """The distributions not rejected; of gamma and log-normal, which small samples cannot tell apart, only the nearer."""
    p = {test.distribution: test.p for test in tests if test.holds}
    further = min((Distribution.GAMMA, Distribution.LOGNORMAL), key=lambda one: p.get(one, 0.0))
    return {str(one) for one in p if one is not further}


def mark() -> str:
    """How sure the table is."""
    return Record(load_yaml(TABLE), TABLE.name).text("mark")


@cache
def rules() -> tuple[ChoiceRule, ...]:
    """The rows of the table in their order. Raises BadRuleData."""
    table = Record(load_yaml(TABLE), TABLE.name)
    table.only("id", "mark", "source", "rules")
    rows = tuple(_rule(Record(row, f"{TABLE.name} {row.get('id')}")) for row in table.row["rules"])
    if rows[-1].between or rows[-1].fit:
        raise BadRuleData(f"{TABLE.name}: the last row has conditions; expected one that holds always.")
    return rows


def _rule(row: Record) -> ChoiceRule:
    row.only("id", "when", "take", "confidence")
    when = Record(row.row["when"], f"{row.place} when")
    when.only("fit", *NUMBERS)
    take = row.text("take")
    if take not in TAKES or (take == "refuse") == ("confidence" in row.row):
        raise row.error(f"take is {take!r}; expected refuse, or one of {', '.join(TAKES[1:])} with a confidence")
    return ChoiceRule(
        id=row.text("id"),
        between={
            name: _interval(Record(when.row[name], f"{when.place} {name}")) for name in NUMBERS if name in when.row
        },
        fit=when.text("fit") if "fit" in when.row else None,
        take=take,
        confidence=None if take == "refuse" else row.decimal("confidence"),
    )


def _interval(edges: Record) -> tuple[Decimal, Decimal]:
    edges.only("at_least", "below")
    low = edges.decimal("at_least") if "at_least" in edges.row else Decimal("-Infinity")
    high = edges.decimal("below") if "below" in edges.row else Decimal("Infinity")
    return low, high

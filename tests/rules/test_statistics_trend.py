"""Mann–Kendall, its seasons and slope against scipy and a published package; the triggers of self-monitoring."""

from __future__ import annotations

import doctest
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import soilrules
from soilrules.messages import LANGUAGES, catalogue
from soilrules.statistics.readings import Observation, Reading
from soilrules.statistics.rule_data import Rules, evaluation_rules
from soilrules.statistics.self_monitoring import Frequency, Round, Trigger, exceeds_times, frequency_after, judge_round
from soilrules.statistics.trend import Trend, TrendTest, mann_kendall, seasonal_mann_kendall

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "statistics" / "trend.yaml").read_text("utf-8")
)
FIRST = date(2010, 1, 15)
ROUNDS = {"A": Round.ABNORMAL, "N": Round.NORMAL, "U": Round.UNKNOWN}
contents = st.integers(1, 40).map(lambda number: Reading(Decimal(number) / 10))


def series(texts: Sequence[str], every_days: int = 365) -> list[Observation]:
    return [
        Observation(FIRST + timedelta(every_days * number), Reading.parse(text)) for number, text in enumerate(texts)
    ]


def observed(values: Sequence[Reading], every_days: int = 30) -> list[Observation]:
    return [Observation(FIRST + timedelta(every_days * number), one) for number, one in enumerate(values)]


def rules_for(case: dict[str, Any], name: str) -> Rules:
    off = case.get("switched_off", [])
    return {key: rule.switched_off() if key in off else rule for key, rule in evaluation_rules(name).items()}


def shown(answer: TrendTest) -> dict[str, Any]:
    slope = answer.slope
    return {
        "s": answer.s,
        "variance": answer.variance_of_s,
        "z": answer.z,
        "p": answer.p,
        "p_method": answer.p_method,
        "tau": answer.tau,
        "slope": [slope.least, slope.greatest] if slope else None,
    }


@pytest.mark.parametrize("name", ["trend", "self_monitoring"])
def test_examples_run(name: str) -> None:
    assert not doctest.testmod(import_module(f"soilrules.statistics.{name}")).failed


@pytest.mark.parametrize(
    ("method", "case"),
    [(method, case) for method in ("mann_kendall", "seasonal_mann_kendall") for case in CASES[method]],
    ids=lambda one: one["name"] if isinstance(one, dict) else one,
)
def test_trend(method: str, case: dict[str, Any]) -> None:
    test = mann_kendall if method == "mann_kendall" else seasonal_mann_kendall
    answer = test(series(case["values"], case["every_days"]), rules=rules_for(case, "trend"))

    assert (answer.outcome, answer.message.id, answer.method) == (case["expect"], case["says"], method)
    assert all("{" not in answer.message.sentence(language) for language in LANGUAGES)
    assert answer.version == soilrules.__version__
    assert answer.convention == "ties_below_largest_limit"
    assert answer.not_detected == sum(value.startswith("<") for value in case["values"])
    for name in case.keys() & shown(answer).keys():
        expected = case[name]
        assert shown(answer)[name] == (expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-5))


def test_every_outcome_occurs() -> None:
    for method in ("mann_kendall", "seasonal_mann_kendall"):
        assert {case["expect"] for case in CASES[method]} == set(Trend)
    assert {case["expect"] for case in CASES["rounds"]} == set(Round)
    assert {case["expect"] for case in CASES["frequency"]} == set(Frequency)
    for place in range(3):
        assert {case["outcomes"][place] for case in CASES["rounds"]} == set(map(str, Trigger))


def test_every_sentence_is_said_in_some_case() -> None:
    said = {case["says"] for method in ("mann_kendall", "seasonal_mann_kendall") for case in CASES[method]}
    said |= {sentence for case in CASES["rounds"] for sentence in case["says"]}

    assert said | {f"frequency_{one}" for one in Frequency} == set(catalogue("statistics")["trend"])


@given(st.lists(contents, min_size=11, max_size=30))
@settings(max_examples=60, deadline=None)
def test_tau_and_slope_are_those_of_scipy(values: list[Reading]) -> None:
    found = observed(values)
    answer = mann_kendall(found)
    if answer.outcome is Trend.UNKNOWN:
        return
    numbers = [float(one.value) for one in values]
    years = np.array([one.on.toordinal() for one in found]) / 365.25
    slope = stats.theilslopes(numbers, years, alpha=0.95)

    assert answer.tau == pytest.approx(stats.kendalltau(range(len(values)), numbers).statistic)
    assert answer.slope is not None
    assert answer.slope.least == answer.slope.greatest == pytest.approx(slope.slope, abs=1e-9)
    assert answer.slope.interval == pytest.approx((slope.low_slope, slope.high_slope), abs=1e-9)


@given(st.permutations([Decimal(number) for number in range(1, 9)]), st.integers(5, 8))
@settings(max_examples=60, deadline=None)
def test_few_values_without_ties_have_the_exact_p_of_scipy(values: list[Decimal], n: int) -> None:
    answer = mann_kendall(observed([Reading(value) for value in values[:n]]))
    expected = stats.kendalltau(range(n), [float(value) for value in values[:n]], method="exact").pvalue

    assert answer.p_method == "exact"
    assert answer.p == pytest.approx(expected)


@given(st.lists(contents, min_size=5, max_size=20))
@settings(max_examples=60, deadline=None)
def test_backwards_turns_the_sign_and_order_of_giving_does_not_matter(values: list[Reading]) -> None:
    forward, backward = mann_kendall(observed(values)), mann_kendall(observed(values[::-1]))

    assert mann_kendall(observed(values)[::-1]) == forward
    assert (forward.p, forward.variance_of_s) == (backward.p, backward.variance_of_s)
    assert forward.s == (None if backward.s is None else -backward.s)


@given(st.lists(contents, min_size=8, max_size=24))
@settings(max_examples=40, deadline=None)
def test_one_value_a_year_has_one_season(values: list[Reading]) -> None:
    found = [Observation(date(2000 + year, 5, 1), one) for year, one in enumerate(values)]
    plain, seasonal = mann_kendall(found), seasonal_mann_kendall(found)

    assert (plain.s, plain.p, plain.tau) == (seasonal.s, seasonal.p, seasonal.tau)


@pytest.mark.parametrize("case", CASES["rounds"], ids=lambda case: case["name"])
def test_round(case: dict[str, Any]) -> None:
    answer = judge_round(
        series(case["values"]),
        above_limit=case["above_limit"],
        whole_series=case.get("whole_series", True),
        rules=rules_for(case, "hj1209-2021"),
    )

    assert answer.outcome == case["expect"]
    assert [str(one.outcome) for one in answer.findings] == case["outcomes"]
    assert [one.message.id for one in answer.findings] == case["says"]
    assert all("{" not in one.message.sentence(language) for one in answer.findings for language in LANGUAGES)
    assert all(one.rule.mark == "K-high" for one in answer.findings)
    assert answer.version == soilrules.__version__


@pytest.mark.parametrize("case", CASES["frequency"], ids=lambda case: case["name"])
def test_frequency(case: dict[str, Any]) -> None:
    answer = frequency_after([ROUNDS[one] for one in case["rounds"]], rules=rules_for(case, "hj1209-2021"))

    assert answer.outcome == case["expect"]
    assert answer.message.id == ("switched_off" if "switched_off" in case else f"frequency_{case['expect']}")
    assert all("{" not in answer.message.sentence(language) for language in LANGUAGES)


def test_no_round_is_no_question() -> None:
    with pytest.raises(ValueError, match="no round to judge"):
        judge_round([], above_limit=False, whole_series=True)


@given(
    st.tuples(contents, st.booleans()),
    st.tuples(contents, st.booleans()),
    st.sampled_from([Decimal(1), Decimal("1.3")]),
)
@settings(max_examples=200)
def test_what_is_said_of_non_detects_holds_for_every_content_below_the_limit(
    former: tuple[Reading, bool], latest: tuple[Reading, bool], times: Decimal
) -> None:
    def possible(one: tuple[Reading, bool]) -> list[Decimal]:
        value = one[0].value
        return [value] if one[1] else [Decimal(0), value / 2, value * Decimal("0.999999")]

    said = exceeds_times(Reading(former[0].value, former[1]), Reading(latest[0].value, latest[1]), times)
    truths = {after > times * before for before in possible(former) for after in possible(latest)}
    if said is None:
        assert truths == {True, False} or not (former[1] or latest[1]) or len(truths) == 1
    elif former[1] or latest[1]:
        assert truths == {said}

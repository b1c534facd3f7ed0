"""Effect evaluation and the t test of parallel samples: at every edge, with every non-detect, never a pass by silence."""

from __future__ import annotations

import doctest
from collections.abc import Sequence
from datetime import date
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
from soilrules.statistics.effect_evaluation import Outcome, evaluate, upper_limit
from soilrules.statistics.parallel_samples import Comparison, TTest, compare_mean, compare_value, relative_error
from soilrules.statistics.readings import Observation, Reading, in_order
from soilrules.statistics.rule_data import MARKS, Rule, Rules, evaluation_rules, rules_of
from soilrules.strict import BadRuleData

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "statistics" / "evaluation.yaml").read_text("utf-8")
)
FILES = ("effect_evaluation", "parallel_samples", "readings", "rule_data")
contents = st.decimals("0.001", "1000", places=3)


def readings(texts: Sequence[str]) -> list[Reading]:
    return [Reading.parse(text, f"S{number}") for number, text in enumerate(texts, 1)]


def rules_for(case: dict[str, Any]) -> Rules:
    off = case.get("switched_off", [])
    return {
        name: rule.switched_off() if name in off else rule for name, rule in evaluation_rules("hj25.5-2018").items()
    }


def compared(topic: str, case: dict[str, Any]) -> TTest:
    given_rules, target = rules_for(case), Decimal(case["target"])
    if topic == "compare_mean":
        return compare_mean(readings(case["values"]), target=target, rules=given_rules)
    groups = [readings(group) for group in case["groups"]]
    return compare_value(Reading.parse(case["value"]), groups, target=target, rules=given_rules)


@pytest.mark.parametrize("name", FILES)
def test_examples_run(name: str) -> None:
    assert not doctest.testmod(import_module(f"soilrules.statistics.{name}")).failed


@pytest.mark.parametrize("case", CASES["effect_evaluation"], ids=lambda case: case["name"])
def test_effect_evaluation(case: dict[str, Any]) -> None:
    answer = evaluate(readings(case["values"]), target=Decimal(case["target"]), rules=rules_for(case))

    assert (answer.outcome, answer.message.id) == (case["expect"], case["says"])
    assert all("{" not in answer.message.sentence(language) for language in LANGUAGES)
    assert answer.version == soilrules.__version__
    if "deciding" in case:
        assert [str(one) for one in answer.deciding] == case["deciding"]
    if "ucl" in case:
        assert answer.upper_limit is not None
        assert float(f"{answer.upper_limit.value:.6g}") == float(case["ucl"])
        assert case["ucl"] in answer.upper_limit.formula
        assert answer.assumption is not None
        assert "t" in answer.assumption.sentence("en")


@pytest.mark.parametrize(
    ("topic", "case"),
    [(topic, case) for topic in ("compare_value", "compare_mean") for case in CASES[topic]],
    ids=lambda one: one["name"] if isinstance(one, dict) else one,
)
def test_parallel_samples(topic: str, case: dict[str, Any]) -> None:
    answer = compared(topic, case)

    assert (answer.outcome, answer.message.id, answer.passes) == (case["expect"], case["says"], case["passes"])
    assert all("{" not in answer.message.sentence(language) for language in LANGUAGES)
    if "freedom" in case:
        assert answer.degrees_of_freedom == case["freedom"]


def test_every_outcome_occurs() -> None:
    assert {case["expect"] for case in CASES["effect_evaluation"]} == set(Outcome)
    for topic in ("compare_value", "compare_mean"):
        assert {case["expect"] for case in CASES[topic]} == set(Comparison)


def test_every_sentence_is_said_in_some_case() -> None:
    said = {case["says"] for topic in CASES for case in CASES[topic]}

    assert said | {"citation", "student_t_assumption"} == set(catalogue("statistics")["evaluation"])


@given(st.lists(contents, min_size=2, max_size=20))
@settings(max_examples=60)
def test_upper_limit_is_that_of_scipy(values: list[Decimal]) -> None:
    numbers = np.array([float(value) for value in values])
    expected = numbers[0]
    if numbers.std() > 0:
        expected = stats.t.interval(0.9, len(numbers) - 1, numbers.mean(), stats.sem(numbers))[1]

    assert float(upper_limit(values, Decimal("0.95")).value) == pytest.approx(expected, rel=1e-9)


@given(st.lists(contents, min_size=1, max_size=12), contents, st.integers(2, 1000))
@settings(max_examples=60)
def test_the_unit_does_not_matter(values: list[Decimal], target: Decimal, factor: int) -> None:
    plain = evaluate([Reading(value) for value in values], target=target)
    scaled = evaluate([Reading(value * factor) for value in values], target=target * factor)

    assert plain.outcome == scaled.outcome


@given(st.lists(contents, min_size=1, max_size=12), contents)
@settings(max_examples=60)
def test_a_non_detect_below_the_target_counts_as_its_limit(values: list[Decimal], target: Decimal) -> None:
    first, *rest = values
    detected = evaluate([Reading(first), *map(Reading, rest)], target=target)
    missed = evaluate([Reading(first, detected=False), *map(Reading, rest)], target=target)

    if first <= target:
        assert detected.outcome == missed.outcome
    else:
        assert missed.outcome in {Outcome.UNKNOWN, Outcome.NOT_REACHED}


@given(st.lists(st.tuples(contents, contents), min_size=1, max_size=12))
@settings(max_examples=60)
def test_error_of_pairs_is_the_deviation_from_duplicates(pairs: list[tuple[Decimal, Decimal]]) -> None:
    relative = [float((one - other) / ((one + other) / 2)) for one, other in pairs]
    error, freedom = relative_error([[Reading(one), Reading(other)] for one, other in pairs])

    assert freedom == len(pairs)
    assert error == pytest.approx(np.sqrt(np.square(relative).sum() / (2 * len(pairs))), abs=1e-12)


@given(st.lists(contents, min_size=4, max_size=12, unique=True), contents)
@settings(max_examples=60)
def test_mean_against_target_is_scipys_one_sample_t_test(values: list[Decimal], target: Decimal) -> None:
    answer = compare_mean([Reading(value) for value in values], target=target)
    p = stats.ttest_1samp([float(value) for value in values], float(target)).pvalue

    assert (answer.outcome is not Comparison.NOT_DIFFERENT) == (p < 0.05)


def test_the_number_the_excerpt_prints() -> None:
    answer = compare_mean(readings(["1", "2", "3", "4", "5", "6", "7", "8"]), target=Decimal(4))

    assert answer.critical == pytest.approx(2.365, abs=5e-4)


@pytest.mark.parametrize("target", ["0", "-1", "NaN", "Infinity"])
def test_a_target_that_is_none_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="expected a content above 0"):
        evaluate(readings(["1"]), target=Decimal(target))


@pytest.mark.parametrize("text", ["0", "-1", "<0", "NaN", "abc", "<"])
def test_a_reading_is_never_zero(text: str) -> None:
    with pytest.raises(ValueError, match="expected a number"):
        Reading.parse(text)


def test_a_day_stands_once() -> None:

    twice = [Observation(date(2026, 5, 1), Reading(Decimal(1)))] * 2
    with pytest.raises(ValueError, match="two values of 2026-05-01"):
        in_order(twice)


@pytest.mark.parametrize("name", ["hj25.5-2018", "trend", "hj1209-2021"])
def test_every_rule_and_number_carries_its_mark_and_source(name: str) -> None:
    for rule in evaluation_rules(name).values():
        assert rule.mark in MARKS
        assert rule.mark in rule.citation.sentence("en")
        assert rule.source in rule.citation.sentence("zh")
        assert all(number.mark in MARKS for number in rule.numbers.values())


ROW = {"id": "a", "source": "s", "mark": "K-high", "in_use": True, "numbers": {"n": {"value": "8", "mark": "K-high"}}}


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([ROW, ROW], "stands twice"),
        ([{**ROW, "colour": "red"}], "unknown key colour"),
        ([{**ROW, "mark": "sure"}], "expected one of V"),
        ([{**ROW, "in_use": "yes"}], "expected true or false"),
        ([{**ROW, "numbers": {"n": {"value": 8, "mark": "K-high"}}}], "expected a number in quotes"),
        ([{**ROW, "source": ""}], "expected a text"),
        ("rules", "expected a list"),
    ],
)
def test_rule_data_is_read_strictly(rows: object, complaint: str) -> None:
    with pytest.raises(BadRuleData, match=complaint):
        rules_of(rows, "HJ 0", "test.yaml")


def test_a_switched_off_rule_keeps_everything_else() -> None:
    (rule,) = rules_of([ROW], "HJ 0", "test.yaml").values()

    assert isinstance(rule, Rule)
    assert not rule.switched_off().in_use
    assert rule.switched_off().numbers == rule.numbers

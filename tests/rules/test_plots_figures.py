"""Numbers a report gives of its values against a target beside the computed ones (cases/plots/figures.yaml)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plot_cases import Case, cases

from soilrules.plots.figures import Figures, Name, differing, figures_of, judge_groundwater, judge_soil
from soilrules.statistics.effect_evaluation import Outcome
from soilrules.statistics.readings import Reading

CASES = cases("figures")
NUMBERS = st.lists(st.decimals("0.01", "999", places=2), min_size=1, max_size=20)


def number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_target(case: Case) -> None:
    readings = [Reading.parse(one) for one in case["values"]]
    judge = {"soil": judge_soil, "groundwater": judge_groundwater}[case["medium"]]
    found = judge(readings, Decimal(case["target"]))
    assert (found.outcome, found.message.id) == (case["outcome"], case["message"])
    assert all(found.message.sentence(one) for one in ("zh", "en"))
    for name, wanted in case["figures"].items():
        got = number(getattr(found.figures, name))
        assert got == number(wanted), name
    own = Figures(**{key: number(value) for key, value in case.get("own", {}).items()})
    assert list(differing(own, found.figures)) == case["differs"]


@settings(max_examples=40, deadline=None)
@given(values=NUMBERS, target=st.decimals("0.01", "999", places=2))
def test_what_is_computed_differs_from_nothing_of_its_own(values: list[Decimal], target: Decimal) -> None:
    found = figures_of([Reading(one) for one in values], target)
    assert differing(found, found) == ()
    assert found.n == len(values)
    assert found.maximum == max(values)


@settings(max_examples=40, deadline=None)
@given(values=NUMBERS, target=st.decimals("0.01", "999", places=2))
def test_nothing_is_reached_above_the_target_by_few_values_or_in_groundwater(
    values: list[Decimal], target: Decimal
) -> None:
    readings = [Reading(one) for one in values]
    few = judge_soil(readings[:7], target).outcome
    assert (few is Outcome.REACHED) == (max(values[:7]) <= target)
    assert judge_groundwater(readings, target).outcome is not Outcome.REACHED


def test_a_number_that_is_not_there_differs_from_none() -> None:
    assert differing(Figures(n=8), Figures()) == ()
    assert set(differing(Figures(1, *[Decimal(1)] * 4), Figures(2, *[Decimal(2)] * 4))) == set(Name)

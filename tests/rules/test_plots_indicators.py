"""Rates of plots: nothing at all has none, what is unknown widens them, and the two branches of one plan."""

from __future__ import annotations

import doctest
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plot_cases import Case, cases

from soilrules.indicators.area_share import AreaShare
from soilrules.indicators.key_construction_land_safe_use_rate import (
    Violation,
    key_construction_land_safe_use_rate,
    passes_either_branch,
)
from soilrules.indicators.polluted_plot_safe_use_rate import polluted_plot_safe_use_rate
from soilrules.indicators.roster_counts import roster_counts
from soilrules.indicators.survey_completion import survey_completion

RATES = cases("rates")
AREA = st.integers(0, 10_000).map(Decimal)
DAY = st.integers(0, 40).map(lambda days: date(2025, 1, 1) + timedelta(days))
TARGET = Decimal("0.95")


@pytest.mark.parametrize("case", RATES, ids=[case["name"] for case in RATES])
def test_the_two_branches(case: Case) -> None:
    rate = key_construction_land_safe_use_rate(
        lawful_m2=Decimal(case["lawful"]),
        violating_m2=Decimal(case["violating"]),
        unknown_m2=Decimal(case.get("unknown", "0")),
        without_area=case.get("without_area", 0),
    )
    violations = [Violation(punished, rectified) for punished, rectified in case.get("violations", ())]

    assert passes_either_branch(rate, violations) is case["passes"]


@pytest.mark.parametrize(
    ("meeting", "failing", "unknown", "reached"),
    [("95", "5", "0", True), ("94.99", "5.01", "0", False), ("95", "0", "5", True), ("94", "0", "6", None), ("90", "6", "4", False)],
)  # fmt: skip
def test_the_safe_use_rate_at_its_edge(meeting: str, failing: str, unknown: str, reached: bool | None) -> None:
    rate = polluted_plot_safe_use_rate(
        meeting_m2=Decimal(meeting), failing_m2=Decimal(failing), unknown_m2=Decimal(unknown)
    )
    assert rate.reaches(TARGET) is reached
    assert (rate.exact is None) == (unknown != "0")


def test_nothing_at_all_is_not_applicable() -> None:
    nothing = polluted_plot_safe_use_rate(meeting_m2=Decimal(0), failing_m2=Decimal(0))
    assert (nothing.applicable, nothing.least, nothing.most, nothing.exact) == (False, None, None, None)
    assert nothing.reaches(TARGET) is None
    assert not survey_completion(accepted=0, owing=0).applicable


def test_a_plot_without_area_opens_the_rate() -> None:
    rate = polluted_plot_safe_use_rate(meeting_m2=Decimal(100), failing_m2=Decimal(0), without_area=1)
    assert (rate.applicable, rate.least, rate.most) == (True, Decimal(0), Decimal(1))
    assert rate.reaches(TARGET) is None
    assert AreaShare(Decimal(0), Decimal(0), without_area=1).applicable


@pytest.mark.parametrize("counts", [("-1", "0", "0", 0), ("0", "-1", "0", 0), ("0", "0", "-1", 0), ("0", "0", "0", -1)])
def test_areas_that_are_none_are_refused(counts: tuple[str, str, str, int]) -> None:
    yes, no, unknown, without = counts
    with pytest.raises(ValueError, match=r"expected 0 or more.*same plots and day"):
        AreaShare(Decimal(yes), Decimal(no), Decimal(unknown), without)


@given(AREA, AREA, AREA, st.integers(0, 10_000))
def test_learning_the_unknown_keeps_to_the_bounds(yes: Decimal, no: Decimal, unknown: Decimal, good: int) -> None:
    before, good_m2 = AreaShare(yes, no, unknown), min(Decimal(good), unknown)
    after = AreaShare(yes + good_m2, no + unknown - good_m2)
    if before.applicable:
        assert before.least is not None
        assert before.most is not None
        assert after.exact is not None
        assert before.least <= after.exact <= before.most
        assert before.reaches(TARGET) in (None, after.reaches(TARGET))


@given(st.lists(st.tuples(DAY, st.none() | st.integers(0, 30)), max_size=12), DAY, st.integers(1, 20))
def test_the_roster_adds_up(rows: list[tuple[date, int | None]], since: date, days: int) -> None:
    stays = [(begun, None if length is None else begun + timedelta(length)) for begun, length in rows]
    until = since + timedelta(days)
    found = roster_counts(stays, since, until)
    last = until - timedelta(1)

    assert found.at_end == sum(begun <= last and (ended is None or ended > last) for begun, ended in stays)
    assert found.before == sum(
        begun <= since - timedelta(1) and (ended is None or ended > since - timedelta(1)) for begun, ended in stays
    )


def test_a_period_that_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match="an end that is not before its beginning"):
        roster_counts([], date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(ValueError, match="an end that is not before its beginning"):
        roster_counts([(date(2026, 1, 2), date(2026, 1, 1))], date(2025, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    "name",
    [
        "area_share",
        "polluted_plot_safe_use_rate",
        "key_construction_land_safe_use_rate",
        "survey_completion",
        "roster_counts",
    ],
)
def test_examples_run(name: str) -> None:
    assert not doctest.testmod(import_module(f"soilrules.indicators.{name}")).failed

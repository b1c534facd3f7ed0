"""Rates over a plan: the share, nothing at all, and figures that cannot be of the same rows."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules

import pytest

import soilrules.indicators
from soilrules.indicators.campaigns_done import campaign_completion_rate, data_sharing_rate
from soilrules.indicators.exceedance_share import exceedance_bounds
from soilrules.indicators.plan_coverage import plan_coverage_rate
from soilrules.indicators.point_coverage import point_coverage_rate
from soilrules.indicators.points_monitored import points_monitored_rate
from soilrules.indicators.problem_rectification import problem_rectification_rate
from soilrules.indicators.problem_settlement import timely_settlement_rate
from soilrules.indicators.targets import reaches
from soilrules.indicators.task_completion import task_completion_rate
from soilrules.indicators.timely_reporting import timely_reporting_rate
from soilrules.indicators.warning_closure import timely_closure_rate, warning_closure_rate

FILES = [module.name for module in iter_modules(soilrules.indicators.__path__)]
RATES: list[Callable[[int, int], Decimal | None]] = [
    lambda part, whole: task_completion_rate(done_tasks=part, ending_tasks=whole),
    lambda part, whole: timely_reporting_rate(timely_units=part, owing_units=whole),
    lambda part, whole: plan_coverage_rate(published_divisions=part, divisions_below=whole),
    lambda part, whole: point_coverage_rate(covered_divisions=part, divisions_below=whole),
    lambda part, whole: points_monitored_rate(monitored_points=part, standing_points=whole),
    lambda part, whole: campaign_completion_rate(completed_campaigns=part, campaigns=whole),
    lambda part, whole: data_sharing_rate(shared_in_time=part, campaigns=whole),
    lambda part, whole: warning_closure_rate(ended_warnings=part, due_warnings=whole),
    lambda part, whole: timely_closure_rate(ended_in_time=part, due_warnings=whole),
    lambda part, whole: problem_rectification_rate(settled_problems=part, due_problems=whole),
    lambda part, whole: timely_settlement_rate(settled_in_time=part, due_problems=whole),
]


@pytest.mark.parametrize("name", FILES)
def test_each_file_proves_its_formula(name: str) -> None:
    failed, tried = doctest.testmod(import_module(f"soilrules.indicators.{name}"))

    assert tried and not failed


@pytest.mark.parametrize("rate", RATES)
def test_nothing_at_all_has_no_rate(rate: Callable[[int, int], Decimal | None]) -> None:
    assert rate(0, 0) is None
    assert rate(0, 5) == 0
    assert rate(5, 5) == 1


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("part", "whole"), [(6, 5), (-1, 5), (1, 0)])
def test_figures_of_different_rows_are_refused(
    rate: Callable[[int, int], Decimal | None], part: int, whole: int
) -> None:
    with pytest.raises(ValueError, match=f"{part} .* of {whole} .*same plan and day"):
        rate(part, whole)


@pytest.mark.parametrize(
    ("percent", "comparator", "target", "reached"),
    [
        ("95", ">=", "95", True), ("94.99", ">=", "95", False), ("100", "=", "100", True), ("99", "=", "100", False),
        ("94", "=", "94", True), ("95.2", "=", "94", True), ("93.99", "=", "94", False),
        ("5", "<=", "5", True), ("5.1", "<=", "5", False), ("91", "~", "91", True), ("90", "~", "91", None),
        ("90", ">=", None, None), ("90", "text", "90", None),
    ],
)  # fmt: skip
def test_a_target_is_reached_at_its_edge(
    percent: str, comparator: str, target: str | None, reached: bool | None
) -> None:
    assert reaches(Decimal(percent), comparator, Decimal(target) if target else None) is reached


@pytest.mark.parametrize(
    ("over", "within", "unknown", "bounds"),
    [
        (0, 0, 0, None), (0, 4, 0, ("0", "0")), (4, 0, 0, ("1", "1")), (1, 2, 1, ("0.25", "0.5")),
        (0, 0, 4, ("0", "1")),
    ],
)  # fmt: skip
def test_unknown_points_widen_the_share_over_a_limit(
    over: int, within: int, unknown: int, bounds: tuple[str, str] | None
) -> None:
    expected = None if bounds is None else tuple(map(Decimal, bounds))
    assert exceedance_bounds(over=over, within=within, unknown=unknown) == expected


@pytest.mark.parametrize("counts", [(-1, 1, 1), (1, -1, 1), (1, 1, -1)])
def test_a_negative_count_is_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"no counts.*same plan and day"):
        exceedance_bounds(over=counts[0], within=counts[1], unknown=counts[2])

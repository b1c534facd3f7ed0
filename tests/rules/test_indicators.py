"""Rates over a plan: the share, nothing at all, and figures that cannot be of the same rows."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules

import pytest

import soilrules.indicators
from soilrules.indicators.plan_coverage import plan_coverage_rate
from soilrules.indicators.targets import reaches
from soilrules.indicators.task_completion import task_completion_rate
from soilrules.indicators.timely_reporting import timely_reporting_rate

FILES = [module.name for module in iter_modules(soilrules.indicators.__path__)]
RATES: list[Callable[[int, int], Decimal | None]] = [
    lambda part, whole: task_completion_rate(done_tasks=part, ending_tasks=whole),
    lambda part, whole: timely_reporting_rate(timely_units=part, owing_units=whole),
    lambda part, whole: plan_coverage_rate(published_divisions=part, divisions_below=whole),
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
        ("5", "<=", "5", True), ("5.1", "<=", "5", False), ("91", "~", "91", True), ("90", "~", "91", None),
        ("90", ">=", None, None), ("90", "text", "90", None),
    ],
)  # fmt: skip
def test_a_target_is_reached_at_its_edge(
    percent: str, comparator: str, target: str | None, reached: bool | None
) -> None:
    assert reaches(Decimal(percent), comparator, Decimal(target) if target else None) is reached

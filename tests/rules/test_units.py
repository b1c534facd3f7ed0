"""Units: what a printed one means, what converts into what, and what never does."""

from __future__ import annotations

import doctest
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules import intervals, units
from soilrules.intervals import Interval, cover_everything
from soilrules.units import Amount, parse

CASES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "standards" / "units.yaml").read_text("utf-8")
)
READ = CASES["read"]


def test_examples_run() -> None:
    assert not doctest.testmod(units).failed


@pytest.mark.parametrize("case", READ, ids=[case["text"] for case in READ])
def test_read(case: dict[str, str]) -> None:
    unit = parse(case["text"])

    assert unit is not None
    assert (unit.symbol, unit.dimension, unit.basis) == (case["symbol"], case["dimension"], case.get("basis", ""))
    assert unit.factor == Decimal(case["factor"])


@pytest.mark.parametrize("text", CASES["not_read"])
def test_not_read(text: str) -> None:
    assert parse(text) is None


def test_every_dimension_has_a_case() -> None:
    assert {case["dimension"] for case in READ} == set(units.Dimension)


@pytest.mark.parametrize("case", CASES["convert"], ids=lambda case: f"{case['value']} {case['from']}")
def test_convert(case: dict[str, str]) -> None:
    unit, other = parse(case["from"]), parse(case["to"])

    assert unit and other
    assert Amount(Decimal(case["value"]), unit).in_unit(other) == Decimal(case["gives"])


@pytest.mark.parametrize(("one", "other"), CASES["never"])
def test_dimensions_do_not_mix(one: str, other: str) -> None:
    unit, strange = parse(one), parse(other)

    assert unit and strange
    with pytest.raises(ValueError, match="does not convert"):
        unit.to(strange)


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    parse(text)


@given(st.sampled_from(READ), st.sampled_from(READ), st.decimals(0, 10**6, places=3))
def test_there_and_back_is_the_same_number(one: dict[str, str], other: dict[str, str], value: Decimal) -> None:
    unit, target = parse(one["text"]), parse(other["text"])
    assert unit and target
    if unit.dimension is target.dimension:
        assert value * unit.to(target) * target.to(unit) == value


@pytest.mark.parametrize(
    ("row", "inside", "outside"),
    [
        ({"le": "5.5"}, ["-1", "5.5"], ["5.51"]),
        ({"gt": "5.5", "le": "6.5"}, ["5.51", "6.5"], ["5.5", "6.51"]),
        ({"ge": "6.5", "le": "8.5"}, ["6.5", "8.5"], ["6.49", "8.51"]),
        ({"ge": "7", "le": "7"}, ["7"], ["6.9", "7.1"]),
        ({"ge": "1", "lt": "2"}, ["1", "1.9"], ["0.9", "2"]),
    ],
)
def test_an_edge_belongs_where_the_data_say(row: dict[str, str], inside: list[str], outside: list[str]) -> None:
    interval = intervals.read(row, "here")

    assert all(Decimal(one) in interval for one in inside)
    assert not any(Decimal(one) in interval for one in outside)


@given(st.lists(st.integers(0, 14), min_size=1, max_size=5, unique=True), st.data())
def test_bands_that_cover_everything_hold_each_number_once(edges: list[int], data: st.DataObject) -> None:
    bounds = [None, *map(Decimal, sorted(edges)), None]
    bands = [Interval(low, False, high, True) for low, high in zip(bounds, bounds[1:], strict=False)]
    number = data.draw(st.decimals(-1, 15, places=2))

    assert cover_everything(data.draw(st.permutations(bands))) is None
    assert sum(number in band for band in bands) == 1
    assert cover_everything(bands[1:]) is not None
    assert cover_everything([*bands, bands[0]]) is not None

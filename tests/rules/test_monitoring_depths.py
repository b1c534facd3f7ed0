"""The depths of columns and wells, at the edges of the forms."""

from __future__ import annotations

import doctest
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.messages import LANGUAGES, catalogue
from soilrules.monitoring.density import Enough
from soilrules.monitoring.depths import Column, Span, check_column, check_water_sample, samples_needed

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "monitoring" / "depths.yaml").read_text("utf-8")
)
DAY = date(2026, 9, 1)


def spans(rows: Sequence[Sequence[str]]) -> tuple[Span, ...]:
    return tuple(Span(Decimal(top), Decimal(bottom)) for top, bottom in rows)


def column_of(case: dict[str, Any]) -> Column:
    bottom = None if case["bottom"] is None else Decimal(case["bottom"])
    return Column(spans(case["samples"]), bottom, None if case["layers"] is None else spans(case["layers"]))


@pytest.mark.parametrize("case", CASES["columns"], ids=lambda case: case["name"])
def test_column(case: dict[str, Any]) -> None:
    found = check_column(column_of(case), case.get("on", DAY))

    assert [one.verdict for one in found] == case["outcomes"]
    assert all("{" not in one.message.sentence(language) for one in found for language in LANGUAGES)


@pytest.mark.parametrize("case", CASES["water"], ids=lambda case: case["name"])
def test_water_sample(case: dict[str, Any]) -> None:
    depth = None if case["depth"] is None else Decimal(case["depth"])

    assert check_water_sample(depth, case.get("on", DAY)).verdict == case["expect"]


@pytest.mark.parametrize("case", CASES["needed"], ids=str)
def test_samples_needed(case: dict[str, Any]) -> None:
    assert samples_needed(Decimal(case["bottom"]), layers=case["layers"]) == case["needed"]


def test_every_outcome_and_sentence_occurs() -> None:
    for place in range(3):
        assert {case["outcomes"][place] for case in CASES["columns"]} == set(map(str, Enough))
    assert {case["expect"] for case in CASES["water"]} == set(map(str, Enough))
    found = [one for case in CASES["columns"] for one in check_column(column_of(case), case.get("on", DAY))]
    found += [
        check_water_sample(None if case["depth"] is None else Decimal(case["depth"]), case.get("on", DAY))
        for case in CASES["water"]
    ]
    assert {one.message.id for one in found} == set(catalogue("monitoring")["depths"])


def test_examples_run() -> None:
    assert not doctest.testmod(import_module("soilrules.monitoring.depths")).failed


@given(st.decimals("0.6", "12", places=1))
def test_a_column_with_one_sample_less_than_needed_has_a_gap(bottom: Decimal) -> None:
    surface = Span(Decimal(0), Decimal("0.5"))
    thin = Decimal("0.001")
    needed = samples_needed(bottom)
    end = min(bottom, Decimal(6))
    below = [
        Span(Decimal("0.5") + Decimal(2) * number, Decimal("0.5") + Decimal(2) * number + thin)
        for number in range(1, needed - 1)
    ]
    enough = Column((surface, *below), bottom, ())
    fewer = Column((surface, *below[:-1]), bottom, ())

    assert check_column(enough, DAY)[1].verdict == Enough.MEETS
    if below and end - (below[-1].top_m - 2) > 2:
        assert check_column(fewer, DAY)[1].verdict == Enough.TOO_FEW


@pytest.mark.parametrize(("top", "bottom"), [("-0.1", "1"), ("1", "1"), ("2", "1")])
def test_a_depth_upside_down_is_refused(top: str, bottom: str) -> None:
    with pytest.raises(ValueError, match="is no depth"):
        Span(Decimal(top), Decimal(bottom))

"""Inputs by town: indicators at their edges, figures out of line with last year or with the towns around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from soilrules.farmland.inputdata import Kind, inputs
from soilrules.farmland.inputs import Line, checked, indicator


def of(**figures: str | None) -> Mapping[str, Decimal | None]:
    return {key: None if value is None else Decimal(value) for key, value in figures.items()}


@pytest.mark.parametrize(
    ("key", "this_year", "last_year", "said"),
    [
        ("film_recovery", of(film_t="8", film_recovered_t="8"), {}, "1"),
        ("film_recovery", of(film_t="8", film_recovered_t="0"), {}, "0"),
        ("film_recovery", of(film_t="0", film_recovered_t="0"), {}, None),
        ("film_recovery", of(film_t="8", film_recovered_t=None), {}, None),
        ("film_recovery", of(film_recovered_t="8"), {}, None),
        ("fertiliser_change", of(fertiliser_t="100"), of(fertiliser_t="100"), "0"),
        ("fertiliser_change", of(fertiliser_t="97"), of(fertiliser_t="100"), "-0.03"),
        ("fertiliser_change", of(fertiliser_t="97"), {}, None),
    ],
)
def test_an_indicator(
    key: str, this_year: Mapping[str, Decimal | None], last_year: Mapping[str, Decimal | None], said: str | None
) -> None:
    assert indicator(key, this_year, last_year) == (None if said is None else Decimal(said))


def test_more_than_all_is_refused() -> None:
    with pytest.raises(ValueError, match="9 of 8 is more than all"):
        indicator("film_recovery", of(film_t="8", film_recovered_t="9"), {})
    with pytest.raises(ValueError, match="colour is no indicator"):
        indicator("colour", {}, {})


AROUND = ["9", "10", "11", "10"]


@pytest.mark.parametrize(
    ("value", "last", "around", "line"),
    [
        (None, "10", [], Line.MISSING),
        ("20", "10", [], Line.PLAUSIBLE),
        ("20.01", "10", [], Line.UNLIKE_LAST_YEAR),
        ("5", "10", [], Line.PLAUSIBLE),
        ("4.99", "10", [], Line.UNLIKE_LAST_YEAR),
        ("1", "0", [], Line.UNLIKE_LAST_YEAR),
        ("0", "0", [], Line.PLAUSIBLE),
        ("10", None, [], Line.CANNOT_SAY),
        ("10", None, AROUND[:3], Line.CANNOT_SAY),
        ("10", None, AROUND, Line.PLAUSIBLE),
        ("12", None, AROUND, Line.PLAUSIBLE),
        ("14", None, AROUND, Line.UNLIKE_NEIGHBOURS),
        ("14", "14", AROUND, Line.UNLIKE_NEIGHBOURS),
        ("14", None, ["10", "10", "10", "10"], Line.PLAUSIBLE),
    ],
)
def test_a_figure_in_line(value: str | None, last: str | None, around: Sequence[str], line: Line) -> None:
    found = checked(
        "film_t", None if value is None else Decimal(value), None if last is None else Decimal(last),
        [Decimal(one) for one in around],
    )  # fmt: skip
    assert found.line is line
    assert found.asks is (line in (Line.MISSING, Line.UNLIKE_LAST_YEAR, Line.UNLIKE_NEIGHBOURS))
    for language in ("zh", "en"):
        assert found.message.sentence(language)


def test_indicators_rest_on_figures() -> None:
    data = inputs()
    assert {one.part for one in data.indicators.values()} <= set(data.figures)
    assert all(one.whole in data.figures for one in data.indicators.values() if one.kind is Kind.SHARE)
    assert data.plausible.mark == "K-low"

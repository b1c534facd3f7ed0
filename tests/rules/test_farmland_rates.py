"""The safe-use rate: cases by year and kind of unit, areas that are conserved, and impossible areas refused."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.farmland.rates import Placing, RateUnit, State, method_of, methods, safe_use_rate

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "farmland" / "rates.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_the_rate_of_a_year(case: Mapping[str, Any]) -> None:
    method = method_of(case["year"])
    key = "farmland_class" if method.by is Placing.CLASS else "pollution"
    units = [
        RateUnit(str(at), Decimal(area), Decimal(covered), produce_within=produce, **{key: kind})
        for at, (area, covered, kind, produce) in enumerate(case["units"])
    ]
    found = safe_use_rate(units, method)
    assert (found.state, found.rate) == (case["state"], None if case["rate"] is None else Decimal(case["rate"]))
    rows = [[int(row.unit), int(row.area_m2), row.counts, row.because.id] for row in found.rows]
    assert rows == case["rows"]
    for language in ("zh", "en"):
        assert all(row.because.sentence(language) for row in found.rows)


def test_a_year_before_every_method() -> None:
    with pytest.raises(ValueError, match="2015 has no method: expected a year from 2016"):
        method_of(2015)


@pytest.mark.parametrize(("area", "covered"), [("0", "0"), ("-1", "0"), ("10", "10.0001"), ("10", "-1")])
def test_impossible_areas(area: str, covered: str) -> None:
    unit = RateUnit("GD-7", Decimal(area), Decimal(covered), farmland_class="strict")
    with pytest.raises(ValueError, match=r"GD-7: .* Check the unit's area"):
        safe_use_rate([unit], method_of(2025))


kinds = st.sampled_from(["priority", "safe_use", "strict", "slight", "light", "moderate", "heavy", "none"])


@given(
    units=st.lists(st.tuples(st.integers(1, 50), st.integers(0, 50), kinds, st.none() | st.booleans()), min_size=1),
    year=st.sampled_from([2018, 2025]),
)
def test_no_area_is_lost_or_counted_twice(units: list[tuple[int, int, str, bool | None]], year: int) -> None:
    method = method_of(year)
    given_units = [
        RateUnit(str(at), Decimal(area), Decimal(min(area, covered)), kind, kind, produce)
        for at, (area, covered, kind, produce) in enumerate(units)
    ]
    found = safe_use_rate(given_units, method)
    assert found.denominator_m2 == sum(one[0] for one in units if one[2] in method.counts)
    assert 0 <= found.numerator_m2 <= found.denominator_m2
    assert (found.rate is None) is (found.state is not State.OK)


def test_methods_follow_each_other() -> None:
    assert [method_of(year).id for year in (2016, 2020, 2021, 2026)] == [*["account2016"] * 2, *["classes2021"] * 2]
    assert all(method.mark for method in methods().values())

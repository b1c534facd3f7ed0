"""Plans of use: their blocks, who approves, the evaluator who is not the worker; citations of every day; the forecast."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from soilrules.bases import bases_on
from soilrules.farmland.cropnames import among, is_staple
from soilrules.farmland.forecast import forecast
from soilrules.farmland.measures import measures, measures_for
from soilrules.farmland.rates import methods
from soilrules.farmland.units import FarmlandClass
from soilrules.farmland.useplans import evaluator_fits, plan_kinds

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "farmland" / "useplans.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["blocks"], ids=lambda case: case["says"])
def test_what_a_plan_lacks(case: Mapping[str, Any]) -> None:
    assert [str(one) for one in plan_kinds()[case["kind"]].missing(case["filled"])] == case["missing"]


@pytest.mark.parametrize("case", CASES["evaluators"], ids=lambda case: case["says"])
def test_who_may_evaluate(case: Mapping[str, Any]) -> None:
    assert evaluator_fits(case["worker"], case["evaluator"]) is case["fits"]


@pytest.mark.parametrize("case", CASES["crops"], ids=lambda case: case["says"])
def test_whether_a_crop_is_prohibited(case: Mapping[str, Any]) -> None:
    assert among(case["crop"], case["prohibited"]) is case["found"]
    assert is_staple("早稻")
    assert is_staple("苎麻") is False


def test_the_code_follows_the_law_in_every_plan_the_law_asks_for() -> None:
    before, after = date(2026, 8, 14), date(2026, 8, 15)
    for kind in plan_kinds().values():
        laws = [{one.law for one in bases_on(kind.bases, day)} for day in (before, after)]
        assert bool(laws[0]) is bool(laws[1])
        assert not (laws[0] and "中华人民共和国生态环境法典" in laws[0])
        assert not (laws[1] and "中华人民共和国土壤污染防治法" in laws[1])
    assert plan_kinds()["safe_use"].approved
    assert plan_kinds()["remediation"].evaluated


def test_a_measure_counts_for_the_class_the_form_lists_it_for() -> None:
    strict = measures_for(FarmlandClass.STRICT)
    assert {"to_forest_grass", "crop_structure", "prohibited_zone", "fallow", "to_other_use", "other"} == strict
    assert len(measures_for(FarmlandClass.SAFE_USE)) == 17
    assert not measures_for(FarmlandClass.PRIORITY)
    assert len(measures()) == 19
    for method in methods().values():
        assert all(measures_for(one.under) for one in method.counts.values())


def test_where_a_rate_is_going() -> None:
    found = forecast(
        Decimal(300), Decimal(1000), Decimal("0.93"), on=date(2025, 6, 30), year=2025, tasks_left_m2=Decimal(700)
    )
    assert (found.needed_m2, found.with_tasks, found.reaches(Decimal("0.93"))) == (Decimal(630), Decimal(1), True)
    assert found.by_pace is not None
    assert Decimal("0.604") < found.by_pace < Decimal("0.606")
    late = forecast(Decimal(950), Decimal(1000), Decimal("0.93"), on=date(2026, 1, 1), year=2025)
    assert (late.needed_m2, late.with_tasks, late.by_pace, late.reaches(Decimal("0.93"))) == (0, None, None, None)
    with pytest.raises(ValueError, match="expected a part of an area above 0"):
        forecast(Decimal(2), Decimal(1), Decimal(1), on=date(2025, 1, 1), year=2025)

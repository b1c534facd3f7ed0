"""What asks for a new look at a class, and whether priority farmland was kept: the cases an agronomist reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from soilrules.farmland.adjustments import adjustments, produce_asks, read_adjustments, soil_asks
from soilrules.farmland.priority import Became, Ground, Outcome, compare
from soilrules.farmland.produce import Excess
from soilrules.farmland.rulesets import Grade
from soilrules.farmland.units import FarmlandClass
from soilrules.strict import BadRuleData

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "farmland" / "adjustments.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["soil"], ids=lambda case: case["says"])
def test_a_point_asks_for_a_new_look(case: Mapping[str, Any]) -> None:
    grade = Grade(int(case["grade"])) if case["grade"] else None
    assert soil_asks(FarmlandClass(case["class"]), grade) is case["asks"]


@pytest.mark.parametrize("case", CASES["produce"], ids=lambda case: case["says"])
def test_produce_asks_for_a_new_look(case: Mapping[str, Any]) -> None:
    excess = Excess(case["excess"]) if case["excess"] else None
    assert produce_asks(FarmlandClass(case["class"]), excess) is case["asks"]


@pytest.mark.parametrize("case", CASES["priority"], ids=lambda case: case["says"])
def test_priority_farmland_is_kept_or_its_units_are_named(case: Mapping[str, Any]) -> None:
    grounds = [Ground(*row[:3], tuple(map(FarmlandClass, row[3]))) for row in case["units"]]
    found = compare(grounds, case["after"])
    assert (found.area, found.quality) == (case["area"], case["quality"])
    assert [one.unit for one in found.named] == case["named"]
    for message in found.messages():
        assert all(message.sentence(language) for language in ("zh", "en"))


def test_a_loss_does_not_vanish_among_many_units() -> None:
    others = [Ground(f"B{at}", 1000.0, 1000.0, (FarmlandClass.PRIORITY,)) for at in range(800)]
    assert compare([Ground("A", 700.0, 0.0), *others], 800_000.0).area is Outcome.FELL


def test_the_cases_reach_every_answer() -> None:
    told = {
        Ground(*row[:3], tuple(map(FarmlandClass, row[3]))).became
        for case in CASES["priority"]
        for row in case["units"]
    }
    assert told == set(Became)
    assert (
        {case["area"] for case in CASES["priority"]} == set(Outcome) == {case["quality"] for case in CASES["priority"]}
    )
    assert adjustments().mark == "K-low"


def test_a_grade_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("source: x\nmark: K-low\nsoil: {priority: '1'}\nproduce: {}\n", "utf-8")
    with pytest.raises(BadRuleData, match="expected 2 or 3"):
        read_adjustments(file)

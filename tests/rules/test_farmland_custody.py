"""What must happen next with a locked lot, and why a unit owes a test of its produce."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from soilrules.bases import bases
from soilrules.farmland.custody import BASES, PURCHASE_BASES, LotFacts, Next, Notice, Office, holds_lock, next_steps
from soilrules.farmland.grain import Balance, Finding
from soilrules.farmland.harvests import TEST_BASES, Risk, UnitFacts, crop_key, risks
from soilrules.farmland.units import FarmlandClass

DAY = date(2026, 11, 20)
CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "farmland" / "custody.yaml").read_text("utf-8"))


def facts(case: Mapping[str, Any]) -> LotFacts:
    findings = tuple((Finding(kind), tonnes and Decimal(tonnes)) for kind, tonnes in case["findings"])
    notices = [Notice(one) for one in case["notices"]]
    untested = Decimal(case.get("untested", 0))
    odd = Decimal(case["odd_yield"]) if "odd_yield" in case else None
    balance = Balance(Decimal(0), findings)
    return LotFacts(balance, notices, case.get("unanswered", 0), case.get("silent", 0), untested, odd)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_the_next_steps_of_a_lot(case: Mapping[str, Any]) -> None:
    steps = next_steps(facts(case), DAY)
    assert [step.kind.value for step in steps] == case["steps"]
    for step in steps:
        assert step.office in Office
        assert all(step.message.sentence(language) for language in ("zh", "en"))


def test_every_step_has_a_case() -> None:
    assert {kind for case in CASES for kind in case["steps"]} == set(Next)


def test_every_finding_but_what_nothing_can_mend_holds_the_lock() -> None:
    every = Balance(None, tuple((kind, None) for kind in Finding))
    assert set(holds_lock(every)) == set(Finding) - {Finding.UNEXPLAINED, Finding.NOT_SEPARATE}


@pytest.mark.parametrize(
    ("unit", "found"),
    [
        (UnitFacts(FarmlandClass.PRIORITY, last_above=False, in_zone=False), ()),
        (UnitFacts(FarmlandClass.PRIORITY, last_above=True, in_zone=False), (Risk.LAST_ABOVE,)),
        (UnitFacts(FarmlandClass.SAFE_USE, last_above=False, in_zone=False), (Risk.SAFE_USE,)),
        (UnitFacts(FarmlandClass.STRICT, last_above=False, in_zone=True), (Risk.STRICT, Risk.ZONE)),
        (UnitFacts(None, last_above=False, in_zone=False), None),
        (UnitFacts(None, last_above=False, in_zone=True), (Risk.ZONE,)),
        (UnitFacts(None, last_above=False, in_zone=False, garden=True), (Risk.GARDEN,)),
    ],
)
def test_why_a_unit_is_at_risk(unit: UnitFacts, found: tuple[Risk, ...] | None) -> None:
    assert risks(unit) == found


def test_every_reason_is_a_sentence() -> None:
    assert all(risk.sentence(language) for risk in Risk for language in ("zh", "en"))


def test_a_crop_by_its_names() -> None:
    assert crop_key("晚稻") == crop_key("大米") == crop_key("稻谷")
    assert crop_key("面粉") == crop_key("冬小麦")
    assert len({crop_key(name) for name in ("菠菜", "番茄", "小米", "高粱", "苹果", "没有这种作物")}) == 6


def test_the_citations_stand_in_the_data() -> None:
    assert {*BASES, *PURCHASE_BASES, *TEST_BASES} <= set(bases())

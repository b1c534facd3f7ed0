"""When a point is due: at the ends of months, after anomalies, and with every fact missing."""

from __future__ import annotations

import doctest
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.messages import LANGUAGES, catalogue
from soilrules.monitoring.dated import Layer, Medium, switched_off
from soilrules.monitoring.frequency import (
    MonitoredPoint,
    Network,
    NextDue,
    RoundDone,
    UnitClass,
    after,
    frequency_rules,
    next_due,
)
from soilrules.statistics.self_monitoring import Frequency, Round

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "monitoring" / "frequency.yaml").read_text("utf-8")
)
ROUNDS = {"A": Round.ABNORMAL, "N": Round.NORMAL, "U": Round.UNKNOWN}


def answered(case: dict[str, Any]) -> NextDue:
    point = MonitoredPoint(
        Network(case.get("network", "self_monitoring")),
        Medium(case["medium"]),
        layer=Layer(case["layer"]) if "layer" in case else None,
        unit_class=UnitClass(case["unit_class"]) if "unit_class" in case else None,
        near_sensitive=case.get("near_sensitive"),
    )
    off = case.get("switched_off", [])
    rules = {name: switched_off(rule) if name in off else rule for name, rule in frequency_rules().items()}
    return next_due(point, [RoundDone(on, ROUNDS[word]) for on, word in case["rounds"]], rules=rules)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_next_due(case: dict[str, Any]) -> None:
    found = answered(case)

    assert (found.day, found.at_the_latest) == (case["due"], case.get("latest", case["due"]))
    assert found.message.id == case["says"]
    assert all("{" not in found.message.sentence(language) for language in LANGUAGES)
    assert found.mark == case.get("mark", found.mark)


def test_every_rule_sentence_and_frequency_occurs() -> None:
    found = [answered(case) for case in CASES]

    assert {one.message.id for one in found} == set(catalogue("monitoring")["frequency"])
    assert {rule.id for one in found if one.day for rule in one.rules} == set(frequency_rules())
    assert {one.frequency for one in found} == set(Frequency)


def test_examples_run() -> None:
    assert not doctest.testmod(import_module("soilrules.monitoring.frequency")).failed


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from([3, 6, 12, 36, 60]), st.sampled_from([1, 2]))
def test_the_next_day_is_later_and_no_later_than_undoubled(day: date, months: int, parts: int) -> None:
    assert day < after(day, months, parts=parts) <= after(day, months)

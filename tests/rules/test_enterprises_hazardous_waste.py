"""Assessment of hazardous-waste management: both sides of each level, items that fail the whole, missing scores."""

from __future__ import annotations

import doctest
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from soilrules.enterprises import hazardous_waste
from soilrules.enterprises.hazardous_waste import Assessment, Level, assess, assessment_rule
from soilrules.messages import LANGUAGES, catalogue
from soilrules.monitoring.dated import switched_off

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "enterprises_firms" / "hazardous_waste.yaml").read_text("utf-8")
)


def assessed(case: dict[str, Any]) -> Assessment:
    scores = {**dict.fromkeys(range(1, 31), case["all"]), **case.get("but", {})}
    return assess(
        scores,
        case.get("day", date(2026, 1, 1)),
        accidents=case.get("accidents", 0),
        serious_accident=case.get("serious", False),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_assessment(case: dict[str, Any]) -> None:
    found = assessed(case)

    assert (found.level, found.points, found.message.id) == (case["level"], case["points"], case["says"])
    assert all("{" not in found.message.sentence(language) for language in LANGUAGES)


def test_every_level_and_sentence_occurs() -> None:
    found = [assessed(case) for case in CASES]

    assert {one.level for one in found} == set(Level)
    assert {one.message.id for one in found} == set(catalogue("enterprises")["assessment"])


@pytest.mark.parametrize("scores", [{31: 2}, {0: 1}, {1: 3}, {1: -1}])
def test_scores_there_cannot_be_are_refused(scores: dict[int, int | None]) -> None:
    with pytest.raises(ValueError, match="expected items 1 to 30 with 0 to 2 points"):
        assess(scores, date(2026, 1, 1))


def test_a_rule_switched_off_says_nothing() -> None:
    full = dict.fromkeys(range(1, 31), 2)

    assert assess(full, date(2026, 1, 1), rule=switched_off(assessment_rule())).level is Level.UNKNOWN


def test_examples_run() -> None:
    assert not doctest.testmod(hazardous_waste).failed

"""How many points a survey needs: at every edge, with every fact missing, never enough by silence."""

from __future__ import annotations

import doctest
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from soilrules.messages import LANGUAGES, catalogue
from soilrules.monitoring.dated import Layer, Medium, switched_off
from soilrules.monitoring.density import Density, Enough, Ground, Place, Stage, Survey, compare, densities, required

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "monitoring" / "density.yaml").read_text("utf-8")
)


def survey_of(case: dict[str, Any]) -> Survey:
    decimals = {name: Decimal(case[name]) if name in case else None for name in ("area_m2", "suspected_zone_m2")}
    facts = {
        name: case.get(name) for name in ("suspected_parcel", "key_area", "first_class_units", "second_class_units")
    }
    return Survey(
        Stage(case["stage"]),
        Medium(case["medium"]),
        on=case.get("on", date(2026, 5, 31)),
        layer=Layer(case.get("layer", "surface")),
        ground=Ground(case["ground"]) if "ground" in case else None,
        **decimals,
        **facts,
    )


def rules_for(case: dict[str, Any]) -> dict[str, Density]:
    off = case.get("switched_off", [])
    return {name: switched_off(rule) if name in off else rule for name, rule in densities().items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_required_and_found(case: dict[str, Any]) -> None:
    answer = required(survey_of(case), rules=rules_for(case))
    places = [Place(one) for one in case["places"]] if "places" in case else None
    compared = compare(answer, case["found"], places=places)

    assert (answer.needed, answer.at_least) == (case["needed"], case.get("at_least", case["needed"]))
    assert compared.verdict == case["expect"]
    assert answer.message.id == case.get("says", "needed" if case["needed"] is not None else "facts_missing")
    assert all(one.mark for one in answer.rules)
    assert bool(answer.mark) == bool(answer.rules)
    for message in (answer.message, compared.message, *answer.basis):
        assert all("{" not in message.sentence(language) for language in LANGUAGES)
    if "missing" in case:
        assert catalogue("monitoring")["facts"][case["missing"]]["zh"] in answer.message.sentence("zh")
    if "compared" in case:
        assert compared.message.id == case["compared"]


def test_every_outcome_and_sentence_occurs() -> None:
    assert {case["expect"] for case in CASES} == set(Enough)
    said = set()
    for case in CASES:
        answer = required(survey_of(case), rules=rules_for(case))
        places = [Place(one) for one in case["places"]] if "places" in case else None
        said |= {answer.message.id, compare(answer, case["found"], places=places).message.id}
    assert said == set(catalogue("monitoring")["density"])


def test_every_rule_decides_some_case() -> None:
    deciding = {rule.id for case in CASES for rule in required(survey_of(case), rules=rules_for(case)).rules}
    assert deciding == set(densities())


def test_examples_run() -> None:
    assert not doctest.testmod(import_module("soilrules.monitoring.density")).failed


def test_the_mark_is_that_of_the_least_sure_rule() -> None:
    case = {
        "stage": "detailed",
        "medium": "soil",
        "area_m2": "16000",
        "suspected_parcel": True,
        "suspected_zone_m2": "0",
    }
    assert {rule.mark for rule in required(survey_of(case)).rules} == {"V-ex", "V-code"}
    assert required(survey_of(case)).mark == "V-code"


@given(
    st.decimals("1", "100000", places=1),
    st.decimals("0", "100000", places=1),
    st.sampled_from([True, False, None]),
    st.sampled_from([Stage.INITIAL, Stage.DETAILED]),
)
@settings(max_examples=150)
def test_more_known_facts_never_ask_for_less(
    area: Decimal, zone: Decimal, suspected: bool | None, stage: Stage
) -> None:
    def asked(**facts: Any) -> int:
        return required(Survey(stage, Medium.SOIL, on=date(2026, 9, 1), **facts)).at_least

    known = asked(area_m2=area, suspected_parcel=suspected, suspected_zone_m2=min(zone, area))
    for missing in ("area_m2", "suspected_parcel", "suspected_zone_m2"):
        facts = {"area_m2": area, "suspected_parcel": suspected, "suspected_zone_m2": min(zone, area)}
        assert asked(**{**facts, missing: None}) <= known


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"area_m2": Decimal(0)}, "the area is 0 m²: expected a number above 0"),
        ({"area_m2": Decimal(5), "suspected_zone_m2": Decimal(6)}, "the suspected zone is 6 m² of 5 m²"),
        ({"area_m2": None, "suspected_zone_m2": Decimal(-1)}, "the suspected zone is -1 m²"),
    ],
)
def test_a_survey_that_cannot_be_is_refused(facts: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Survey(Stage.DETAILED, Medium.SOIL, on=date(2026, 9, 1), **facts)


def test_fewer_than_no_points_are_refused() -> None:
    with pytest.raises(ValueError, match="-1 points were found"):
        compare(required(survey_of(CASES[0])), -1)

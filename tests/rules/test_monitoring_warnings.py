"""What is a warning, what was to be expected, what is open: by case, and no missing fact ever silences a warning."""

from __future__ import annotations

import doctest
from dataclasses import replace
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
from soilrules.monitoring.checks import Kind
from soilrules.monitoring.dated import Medium, switched_off
from soilrules.monitoring.facts import Background, FarmlandClass, FarmlandUnit, Neighbour, PointFacts, Source
from soilrules.monitoring.owners import Department, Land, Tier, disposal, disposals, owner, owner_rules
from soilrules.monitoring.warnings import Judgement, Level, judge, merge_key, warning_rules
from soilrules.statistics.readings import Observation, Reading
from soilrules.verdict import Outcome

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "monitoring"
CASES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "warnings.yaml").read_text("utf-8"))
OWNERS: dict[str, list[dict[str, Any]]] = yaml.safe_load((FOLDER / "owners.yaml").read_text("utf-8"))
DAY = date(2026, 9, 1)
FLAT = ["1.00", "1.10", "1.05", "1.08", "1.02", "1.06"]


def verdict_of(word: str | None) -> Outcome | None:
    return None if word is None else Outcome(word)


def facts_of(case: dict[str, Any]) -> PointFacts:
    values = case.get("values", FLAT)
    neighbours, upstream = case.get("neighbours", []), case.get("upstream", [])
    classes = {element: FarmlandClass(number) for element, number in case.get("unit", {}).items()}
    return PointFacts(
        point="P1",
        analyte="cadmium",
        campaign="2026",
        medium=Medium(case.get("medium", "soil")),
        series=tuple(Observation(date(2010 + year, 5, 1), Reading.parse(value)) for year, value in enumerate(values)),
        verdict=Outcome(case.get("verdict", "meets")),
        former=verdict_of(case.get("former", "meets")),
        whole_series=case.get("whole_series", True),
        unit=FarmlandUnit("3号单元", classes) if "unit" in case else None,
        background=Background("北山背景区", Decimal(case["background"])) if "background" in case else None,
        neighbours=None
        if neighbours is None
        else tuple(Neighbour(f"N{number}", Outcome(one)) for number, one in enumerate(neighbours)),
        upstream=None
        if upstream is None
        else tuple(
            Source(f"厂{number}", None if handles is None else frozenset(handles), new)
            for number, (handles, new) in enumerate(upstream)
        ),
        produce=verdict_of(case.get("produce")),
    )


def judged(case: dict[str, Any]) -> Judgement:
    off = case.get("switched_off", [])
    rules = {name: switched_off(rule) if name in off else rule for name, rule in warning_rules().items()}
    return judge(facts_of(case), case.get("on", DAY), rules=rules)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_judgement(case: dict[str, Any]) -> None:
    found = judged(case)

    assert [str(one.rule.kind) for one in found.warnings] == case["warnings"]
    assert [str(one.met.rule.kind) for one in found.expected] == case.get("expected", [])
    assert [str(one.rule.kind) for one in found.open] == case.get("open", [])
    assert [str(one.kind) for one in found.not_in_use] == case.get("not_in_use", [])
    assert bool(found.mark) == bool(found.warnings)
    if "level" in case:
        assert found.level == case["level"]
    messages = [one.message for one in (*found.warnings, *found.open)]
    messages += [message for one in found.expected for message in (one.met.message, *one.reasons)]
    assert all("{" not in message.sentence(language) for message in messages for language in LANGUAGES)
    assert all(one.reasons for one in found.expected)
    assert all(one.evidence for one in found.warnings)


def test_every_kind_is_met_and_open_in_some_case() -> None:
    assert {kind for case in CASES for kind in case["warnings"]} == set(map(str, Kind))
    assert {kind for case in CASES for kind in case.get("open", [])} == set(map(str, Kind))
    silenced = {kind for case in CASES for kind in case.get("expected", [])}
    assert silenced == {str(rule.kind) for rule in warning_rules().values() if rule.expected_silences}
    assert {case["level"] for case in CASES if "level" in case} == set(map(str, Level))


def test_every_sentence_is_said_in_some_case() -> None:
    said = set()
    for case in CASES:
        found = judged(case)
        messages = [one.message for one in (*found.warnings, *found.open)]
        messages += [message for one in found.expected for message in (one.met.message, *one.reasons)]
        said |= {(message.group, message.id) for message in messages if message.room == "monitoring"}
    groups = ("warnings", "expected", "open")
    assert said == {(group, one) for group in groups for one in catalogue("monitoring")[group]}


verdicts = st.sampled_from(list(Outcome))
known_facts = st.fixed_dictionaries(
    {
        "verdict": verdicts,
        "former": st.none() | verdicts,
        "unit": st.none() | st.builds(FarmlandUnit, st.just("U"), st.dictionaries(st.just("cadmium"), st.sampled_from(FarmlandClass))),
        "background": st.none() | st.builds(Background, st.just("B"), st.sampled_from([Decimal(1), Decimal(2)])),
        "neighbours": st.none() | st.lists(st.builds(Neighbour, st.just("N"), verdicts), max_size=3).map(tuple),
        "upstream": st.none()
        | st.lists(st.builds(Source, st.just("S"), st.none() | st.just(frozenset({"cadmium"})), st.none() | st.booleans()), max_size=2).map(tuple),
        "produce": st.none() | verdicts,
    }
)  # fmt: skip


@given(known_facts, st.sampled_from(["former", "unit", "background", "neighbours", "upstream", "produce"]))
@settings(max_examples=300, deadline=None)
def test_a_fact_that_is_not_known_silences_no_warning(known: dict[str, Any], missing: str) -> None:
    facts = replace(facts_of({"values": FLAT}), **known)
    before = judge(facts, DAY)
    after = judge(replace(facts, **{missing: None}), DAY)

    told = {one.rule.id for one in (*after.warnings, *after.open)}
    gone = {one.rule.kind for one in before.warnings if one.rule.id not in told}
    assert not gone - (
        {Kind.PRODUCE_OVER_LIMIT} if missing == "produce" else {Kind.WORSE_CLASS} if missing == "unit" else set()
    )


def test_one_event_has_one_key() -> None:
    assert merge_key("P1", "cadmium", "2026") == judged(CASES[0]).merge_key
    assert merge_key('P"', ',"x', "") != merge_key("P", '",",x', "")


def test_examples_run() -> None:
    assert not doctest.testmod(import_module("soilrules.monitoring.warnings")).failed


@pytest.mark.parametrize("case", OWNERS["owners"], ids=lambda case: case["name"])
def test_owner(case: dict[str, Any]) -> None:
    off = case.get("switched_off", [])
    rules = {name: switched_off(rule) if name in off else rule for name, rule in owner_rules().items()}
    land = None if case["land"] is None else Land(case["land"])
    found = owner(Medium(case["medium"]), land, case["division"], case.get("on", DAY), rules=rules)

    assert found.leads == case["leads"]
    assert list(found.supports) == case["with"]
    assert found.message.id == case["says"]
    assert found.local == (case["says"] == "owner_local")
    assert all("{" not in found.message.sentence(language) for language in LANGUAGES)


def test_the_rule_of_the_smallest_place_wins_wherever_it_stands() -> None:
    usual = owner_rules()["owner.irrigation_water"]
    city = replace(usual, id="city", division="4105", leads=Department.WATER)
    county = replace(usual, id="county", division="410503", leads=Department.ECOLOGY)

    for rules in ([usual, city, county], [county, city, usual]):
        by_id = {rule.id: rule for rule in rules}
        asked = {place: owner(Medium.IRRIGATION, None, place, DAY, rules=by_id) for place in ("410503", "410522", "51")}
        assert [one.rule and one.rule.id for one in asked.values()] == ["county", "city", usual.id]
        assert [one.local for one in asked.values()] == [True, True, False]


def test_every_owner_and_sentence_occurs() -> None:
    by_the_desk = {"owner_registered"}  # of rules a place registered
    assert {case["says"] for case in OWNERS["owners"]} == set(catalogue("monitoring")["owners"]) - by_the_desk
    assert set(catalogue("monitoring")["departments"]) == set(map(str, Department))
    leading = {case["leads"] for case in OWNERS["owners"] if case["leads"]}
    assert leading == {str(rule.leads) for rule in owner_rules().values()}


@pytest.mark.parametrize("case", OWNERS["disposals"], ids=lambda case: case["level"])
def test_disposal(case: dict[str, Any]) -> None:
    found = disposal(Level(case["level"]), DAY)

    assert found is not None
    assert (found.due(date(2026, 2, 1)), str(found.disposes)) == (case["due"], case["disposes"])
    assert list(map(str, found.sees)) == case["sees"]
    assert found.mark == "K-low"


def test_every_level_has_its_terms_and_without_a_rule_nobody_has() -> None:
    assert {rule.level for rule in disposals().values()} == set(Level)
    assert {tier for rule in disposals().values() for tier in rule.sees} == set(Tier)
    off = {name: switched_off(rule) for name, rule in disposals().items()}
    assert disposal(Level.ALARM, DAY, rules=off) is None

"""Holdings and what they owe, films, residues and spreadings at their edges; sums of figures that name who is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from soilrules.farmland.holdings import (
    Duty,
    Facts,
    Limit,
    Spread,
    State,
    duties,
    held_against,
    spread_stands,
    stands,
)
from soilrules.farmland.inputdata import inputs
from soilrules.farmland.inputs import Line, town_by_town
from soilrules.farmland.inputsums import Place, make, total

DAY = date(2026, 11, 20)
FIFTY = Decimal(500000) / 15
HOUSE = Facts("greenhouse", "cooperative", FIFTY + 1, edible=True)
FARM = Facts("livestock")
D, M, B, U = State.DONE, State.MISSING, State.BREACHED, State.UNKNOWN


def of(facts: Facts, duty: Duty) -> State | None:
    """The worst state of a duty; None where it is not owed."""
    found = [one.state for one in stands(facts, DAY) if one.duty.duty is duty]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, M),
        ({"area_m2": FIFTY}, None),  # more than 50 mu, not 50
        ({"form": "household"}, None),
        ({"edible": False}, None),
        ({"area_m2": None}, U),
        ({"form": ""}, U),
        ({"edible": None}, U),
        ({"last_test": date(2025, 11, 20)}, D),
        ({"last_test": date(2025, 11, 19)}, M),
        ({"last_test": date(2026, 11, 21)}, M),
    ],
)
def test_who_tests_produce(change: Mapping[str, Any], state: State | None) -> None:
    assert of(replace(HOUSE, **change), Duty.PRODUCE_TEST) is state


FAILED = {"failed": (date(2026, 5, 2),)}


@pytest.mark.parametrize(
    ("checks", "state"),
    [
        ((), M),
        (((date(2026, 5, 1), True, date(2026, 5, 9)),), M),  # before the sample
        (((date(2026, 5, 3), False, None),), D),
        (((date(2026, 5, 3), True, None),), M),
        (((date(2026, 5, 3), True, date(2026, 6, 1)),), D),
        (((date(2026, 5, 3), True, date(2026, 12, 1)),), M),
    ],
)
def test_soil_after_produce_above_its_limit(checks: Any, state: State) -> None:
    assert of(replace(HOUSE, **FAILED, soil_checks=checks), Duty.SOIL_AFTER_TEST) is state
    assert of(HOUSE, Duty.SOIL_AFTER_TEST) is None


@pytest.mark.parametrize(
    ("change", "duty", "state"),
    [
        ({}, Duty.MANURE_FACILITY, U),
        ({"equipped": False}, Duty.MANURE_FACILITY, M),
        ({"equipped": True}, Duty.MANURE_FACILITY, D),
        ({}, Duty.OUTLET_CHECKED, M),
        ({"has_outlet": False, "outlet_checked_on": DAY}, Duty.OUTLET_CHECKED, D),
        ({"has_outlet": True, "outlet_checked_on": date(2025, 11, 19)}, Duty.OUTLET_CHECKED, M),
        ({"outlet_checked_on": DAY}, Duty.OUTLET_CHECKED, M),
        ({}, Duty.LEDGER, M),
        ({"last_entry": DAY, "entries": {"film": DAY}}, Duty.LEDGER, M),
        ({"entries": {"feed": date(2025, 11, 20)}}, Duty.LEDGER, D),
        ({"entries": {"vet_drug": date(2025, 11, 19)}}, Duty.LEDGER, M),
    ],
)
def test_livestock(change: Mapping[str, Any], duty: Duty, state: State | None) -> None:
    assert of(replace(FARM, **change), duty) is state


def test_a_farm_owes_two_ledgers_and_each_has_its_own_lines() -> None:
    told = replace(FARM, last_entry=DAY, entries={"manure": DAY})
    found = {one.duty.key: one.state for one in stands(told, DAY) if one.duty.duty is Duty.LEDGER}
    assert found == {"ledger_feeding": M, "ledger_manure": D}


@pytest.mark.parametrize(
    ("number", "until", "state"),
    [("CATL 1", DAY, D), ("CATL 1", date(2026, 11, 19), B), ("CATL 1", None, U), ("", DAY, U)],
)
def test_a_laboratory_has_its_licence(number: str, until: date | None, state: State) -> None:
    assert of(Facts("laboratory", licence=number, licence_until=until), Duty.LICENCE) is state


def test_ledgers() -> None:
    assert of(Facts("dealer"), Duty.LEDGER) is M
    assert of(Facts("dealer", last_entry=DAY), Duty.LEDGER) is D
    assert all(one.years == 2 for one in duties() if one.duty is Duty.LEDGER)
    local = next(one for one in duties() if one.key == "ledger_local")
    assert local.binds("110109") and not local.binds("990101")


@pytest.mark.parametrize(
    ("limit", "value", "state"),
    [
        (Limit.FILM, "0.01", D), (Limit.FILM, "0.0099", B), (Limit.FILM, None, U),
        (Limit.RESIDUE, "75", D), (Limit.RESIDUE, "75.001", B), (Limit.RESIDUE, None, U),
    ],
)  # fmt: skip
def test_limits(limit: Limit, value: str | None, state: State) -> None:
    assert held_against(limit, None if value is None else Decimal(value)) is state


HA = Decimal(10000)
SLUDGE = Spread("sludge", DAY, Decimal("7.5"), HA, True, "JC-1")


@pytest.mark.parametrize(
    ("one", "more", "state"),
    [
        (SLUDGE, [], D),
        (replace(SLUDGE, tonnes=Decimal("7.51")), [], B),
        (SLUDGE, [replace(SLUDGE, on=date(2026, 3, 1), tonnes=Decimal("0.1"))], B),
        (SLUDGE, [replace(SLUDGE, on=date(2025, 3, 1))], D),
        (SLUDGE, [replace(SLUDGE, on=date(year, 3, 1)) for year in range(2022, 2026)], D),  # the fifth year
        (SLUDGE, [replace(SLUDGE, on=date(year, 3, 1)) for year in range(2021, 2026)], B),  # the sixth
        (replace(SLUDGE, area_m2=None), [], U),
        (replace(SLUDGE, within=None), [], U),
        (replace(SLUDGE, within=False), [], B),
        (replace(SLUDGE, report=""), [], U),
        (replace(SLUDGE, kind="manure", tonnes=Decimal(90)), [], D),
    ],
)
def test_what_is_put_on_land(one: Spread, more: list[Spread], state: State) -> None:
    found, message = spread_stands(one, [one, *more])
    assert found is state
    assert message.sentence("zh") and message.sentence("en")


def towns(**told: Mapping[str, str]) -> Place:
    return Place(
        "区",
        {},
        [Place(name, {key: Decimal(value) for key, value in figures.items()}) for name, figures in told.items()],
    )


def test_a_missing_town_leaves_the_sum_open() -> None:
    place = towns(甲={"film_t": "3", "film_recovered_t": "3"}, 乙={"film_t": "2"})
    made = make("film_recovery", place, place)
    assert made.value is None and made.why is not None and "乙" in made.why.sentence("zh")
    assert total("film_t", place).value == 5
    unasked = Place("区", {}, [*place.below[:1], Place("丙", {}, asked=False)])
    assert make("film_recovery", unasked, place).value == 1


def test_what_the_bureau_gives_for_the_whole() -> None:
    whole = Place("区", {"film_t": Decimal(6)}, towns(甲={"film_t": "3"}, 乙={"film_t": "2"}).below)
    found = total("film_t", whole)
    assert (found.value, found.summed, found.differs) == (6, 5, True)
    city = Place("市", {}, [whole, Place("另一区", {}, [Place("丁", {})])])
    assert total("film_t", city).missing == ("丁",)


def test_more_than_all_and_nothing_at_all_are_told() -> None:
    more = towns(甲={"film_t": "3", "film_recovered_t": "4"})
    assert make("film_recovery", more, more).why.id == "more_than_all"  # type: ignore[union-attr]
    zero = towns(甲={"film_t": "0", "film_recovered_t": "0"})
    assert make("film_recovery", zero, zero).not_applicable
    told = Place("区", {"fertiliser_use_rate": Decimal("42.1")}, zero.below)
    assert make("fertiliser_use", told, told).value == Decimal("0.421")
    count = towns(甲={"certified_products": "20"}, 乙={"certified_products": "28"})
    assert make("certified", count, count).value == 48


def test_towns_are_compared_for_each_mu_and_asked_what_their_county_counts() -> None:
    same = {name: {"crops_mu": Decimal(1000 * n), "fertiliser_t": Decimal(n)} for n, name in enumerate("甲乙丙丁戊", 1)}
    same["乙"]["fertiliser_t"] = Decimal("2.02")
    same["丙"]["fertiliser_t"] = Decimal("2.97")
    lines = {(town, one.figure): one.line for town, one in town_by_town(same, {})}
    assert lines["戊", "fertiliser_t"] is Line.PLAUSIBLE  # five times as much on five times the ground
    assert ("甲", "film_t") not in lines  # nobody counts it
    same["戊"]["fertiliser_t"] = Decimal(50)
    lines = {(town, one.figure): one.line for town, one in town_by_town(same, {"甲": {"film_t": Decimal(1)}})}
    assert lines["戊", "fertiliser_t"] is Line.UNLIKE_NEIGHBOURS
    assert lines["甲", "film_t"] is Line.MISSING
    same["甲"] |= {"film_t": Decimal(1), "film_recovered_t": Decimal(2)}
    lines = {(town, one.figure): one.line for town, one in town_by_town(same, {})}
    assert lines["甲", "film_recovered_t"] is Line.ABOVE_WHOLE


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("化肥施用量（折纯）（吨）", "fertiliser_t"), ("农用化肥施用折纯量(吨)", "fertiliser_t"), ("地膜 使用量", "film_t"),
        ("规模养殖畜禽粪便综合利用量", "large_manure_used_t"), ("机井数", None),
    ],
)  # fmt: skip
def test_headings(heading: str, key: str | None) -> None:
    found = inputs().called(heading)
    assert (found.key if found else None) == key

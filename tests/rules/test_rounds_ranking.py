"""Ranking among like units: cases, boundary first, and what no set of units can bring about."""

from __future__ import annotations

import doctest
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.messages import LANGUAGES, catalogue
from soilrules.strict import BadRuleData, Record
from soilrules.supervision import ranking as module
from soilrules.supervision.ranking import Group, Ranked, Smallest, Source, Standing, Tally, ranking, share_of, table

FILE = Path(__file__).resolve().parents[1] / "cases" / "supervision" / "ranking.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
SMALL = Smallest(5, 3)


def number(value: Any) -> Any:
    return Decimal(value) if isinstance(value, str) else value


def tallies(case: dict[str, Any]) -> list[Tally]:
    return [
        Tally(unit, group, cases, number(good), number(whole))
        for group in Group
        for unit, (cases, good, whole) in case.get(group.value, {}).items()
    ]


def flat(found: Any) -> list[Ranked]:
    return [one for rows in found.values() for one in rows]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_cases(case: dict[str, Any]) -> None:
    found = {one.tally.unit: one.rank or one.standing.value for one in flat(ranking(tallies(case), SMALL))}
    assert found == case["expect"]


def test_every_standing_has_a_case_and_a_sentence() -> None:
    expected = {one for case in CASES for one in case["expect"].values() if isinstance(one, str)}
    assert expected | {"ranked"} == set(Standing)
    assert set(catalogue("supervision")["ranking"]) == set(Standing)
    for case in CASES:
        for one in flat(ranking(tallies(case), SMALL)):
            assert all("{" not in one.message.sentence(language) for language in LANGUAGES)


def test_examples() -> None:
    assert doctest.testmod(module).failed == 0


def test_every_item_is_published_with_its_formula_and_mark() -> None:
    found = table()
    assert found.smallest.cases == 5 and found.smallest.units == 3
    assert {one.source for one in found.items.values()} == set(Source)
    for item in found.items.values():
        assert item.mark and item.basis and item.among
        assert all(item.formulas[language] and item.names[language] for language in LANGUAGES)
    unlike = [one.id for one in found.items.values() if Group.DEPARTMENT in one.among and one.source is Source.TASKS]
    assert not unlike, "departments have unlike tasks"


def test_departments_are_ranked_only_by_one_kind_of_matter() -> None:
    for item in table().items.values():
        if Group.DEPARTMENT in item.among:
            assert item.source is Source.SLIPS or len(item.kinds) == 1, item.id


def test_impossible_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="6 of 5"):
        share_of(Tally("甲", Group.TOWN, 6, 6, 5))
    with pytest.raises(ValueError, match="twice"):
        ranking([Tally("甲", Group.TOWN, 5, 1, 5)] * 2, SMALL)
    with pytest.raises(BadRuleData, match="kinds"):
        module._item(Record({"id": "x", "source": "duties"}, "here"))


COUNTS = st.integers(0, 9).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@st.composite
def some(draw: Any) -> list[Tally]:
    names = draw(st.lists(st.integers(0, 30), unique=True, max_size=10))
    found = []
    for name in names:
        good, whole = draw(COUNTS)
        known = draw(st.booleans()) or draw(st.booleans())
        found.append(Tally(f"u{name:02}", draw(st.sampled_from(Group)), whole, good if known else None, whole))
    return found


@given(some(), st.randoms())
def test_the_order_in_which_units_are_told_changes_nothing(units: list[Tally], chance: Any) -> None:
    mixed = list(units)
    chance.shuffle(mixed)
    assert ranking(mixed, SMALL) == ranking(units, SMALL)


@given(some())
def test_ranks_follow_the_shares_and_small_samples_have_none(units: list[Tally]) -> None:
    for rows in ranking(units, SMALL).values():
        held = [one for one in rows if one.rank is not None]
        assert not held or len(held) >= SMALL.units
        assert not held or len({one.share for one in held}) > 1, "where all are the same nobody is first"
        for one in rows:
            if one.tally.cases < SMALL.cases or one.tally.good is None:
                assert one.rank is None
            if one.tally.good is None:
                assert one.standing is Standing.UNKNOWN and one.share is None
        for one in held:
            better = [other for other in held if other.share > one.share]  # type: ignore[operator]
            assert one.rank == 1 + len(better)


@given(some(), st.data())
def test_a_unit_that_does_better_never_falls(units: list[Tally], data: Any) -> None:
    before = {one.tally.unit: one for one in flat(ranking(units, SMALL))}
    can = [one for one in units if before[one.unit].rank and one.good is not None and one.good < one.whole]  # type: ignore[operator]
    if not can:
        return
    chosen = data.draw(st.sampled_from(can))
    better = [replace(one, good=one.good + 1) if one is chosen else one for one in units]  # type: ignore[operator]
    after = {one.tally.unit: one for one in flat(ranking(better, SMALL))}
    if after[chosen.unit].standing is not Standing.EQUAL:
        assert after[chosen.unit].rank <= before[chosen.unit].rank  # type: ignore[operator]


@given(some())
def test_units_of_another_group_change_nothing(units: list[Tally]) -> None:
    whole = ranking(units, SMALL)
    for group in whole:
        assert whole[group] == ranking([one for one in units if one.group is group], SMALL)[group]

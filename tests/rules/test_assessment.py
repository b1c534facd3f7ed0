"""The score of an assessment: cases with their edges, and what no facts and no order of them can bring about."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from soilrules.assessment import life
from soilrules.assessment.facts import NOT_APPLICABLE, Fact, Row, cleared, exactly, faults, share, struck
from soilrules.assessment.ranking import Rank, ranked
from soilrules.assessment.sampling import drawn_from, population_hash
from soilrules.assessment.scheme import Deduction, Item, Level, Method, NotApplicable, Scheme, Veto
from soilrules.assessment.schemes import as_data, faults_of, schemes, with_changes
from soilrules.assessment.score import Said, score
from soilrules.messages import LANGUAGES, catalogue

FILE = Path(__file__).resolve().parents[1] / "cases" / "assessment" / "score.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
FULL = Decimal(100)


def item(name: str, weight: str, method: Method, target: str = "100", **more: Any) -> Item:
    return Item(name, "p", name, Decimal(weight), method, ("figure",), target=Decimal(target), **more)


BASE = replace(
    schemes()["national_2018_yearly"],
    parts={"p": "一"},
    items=(),
    deductions=(),
    vetoes=(),
    not_applicable=NotApplicable.REDISTRIBUTE,
)
ONE = replace(BASE, items=(item("a", "100", Method.SHARE),))
TWO = replace(BASE, items=(item("a", "60", Method.SHARE), item("b", "40", Method.REACH, "95")))
MADE: dict[str, Scheme] = {
    "two": TWO,
    "one": ONE,
    "full": replace(TWO, not_applicable=NotApplicable.FULL),
    "faults": replace(BASE, items=(item("a", "100", Method.PER, each=Decimal(2), faults=True),)),
    "deduction": replace(ONE, deductions=(Deduction("d", "d", ("x",), Decimal("0.5"), Decimal(2), "", "K-low"),)),
    "veto": replace(ONE, vetoes=(Veto("v", "v", (), "good", "", "K-low"),)),
}  # fmt: skip


def fact_of(told: Any) -> Fact:
    if told == "n/a":
        return NOT_APPLICABLE
    return Fact(*(None if one is None else Fraction(one) for one in told))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_cases(case: dict[str, Any]) -> None:
    found = score(MADE[case.get("scheme", "two")], {name: fact_of(told) for name, told in case["facts"].items()})
    ends = [None if one is None else str(one) for one in (found.worst, found.best)]
    assert [*ends, found.grade.id if found.grade else None] == case["expect"]
    said = {one.item.id: str(one.said) for one in found.items}
    assert {name: said[name] for name in case.get("says", {})} == case.get("says", {})


def test_every_verdict_has_a_case() -> None:
    assert {said for case in CASES for said in case.get("says", {}).values()} == {str(one) for one in Said}


def test_every_sentence_stands_in_both_languages_and_every_item_says_why() -> None:
    assert all(set(words) == set(LANGUAGES) for words in catalogue("assessment")["score"].values())
    for facts in ({}, {"a": exactly(50), "b": exactly(95)}, {"a": NOT_APPLICABLE, "b": share(1, 2, 1)}):
        for made in MADE.values():
            told = [one.message.sentence(language) for one in score(made, facts).items for language in LANGUAGES]
            assert all(told) and "{" not in "".join(told)


values = st.fractions(min_value=0, max_value=100, max_denominator=500)
known = values.map(lambda value: Fact(value, value))
spans = st.tuples(values, values).map(lambda ends: Fact(min(ends), max(ends)))
anything = st.one_of(known, spans, st.just(Fact()), st.just(NOT_APPLICABLE))
SCHEMES = sorted({**schemes(), **MADE}.items())


@st.composite
def situation(draw: Any) -> tuple[Scheme, dict[str, Fact]]:
    _name, scheme = draw(st.sampled_from(SCHEMES))
    names = [one.id for one in (*scheme.items, *scheme.deductions, *scheme.vetoes)]
    return scheme, {name: draw(anything) for name in names if draw(st.booleans())}


@given(situation())
@settings(max_examples=40, deadline=None)
def test_a_score_lies_between_0_and_100_and_its_ends_in_order(given_: tuple[Scheme, dict[str, Fact]]) -> None:
    found = score(*given_)
    if found.worst is None or found.best is None:
        assert found.grade is None
    else:
        assert 0 <= found.worst <= found.best <= FULL
        assert found.grades and found.grades[0].at_least <= found.grades[1].at_least


@given(situation(), st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_items_and_facts_changes_nothing(given_: tuple[Scheme, dict[str, Fact]], random: Any) -> None:
    scheme, facts = given_
    items, told = list(scheme.items), list(facts.items())
    random.shuffle(items)
    random.shuffle(told)
    one, other = score(scheme, facts), score(replace(scheme, items=tuple(items)), dict(told))
    assert (one.worst, one.best, one.grades) == (other.worst, other.best, other.grades)


@given(situation(), st.data())
@settings(max_examples=40, deadline=None)
def test_to_know_more_never_widens_the_range(given_: tuple[Scheme, dict[str, Fact]], data: Any) -> None:
    scheme, facts = given_
    before = score(scheme, facts)
    if before.worst is None or before.best is None:
        return
    names = [one.id for one in (*scheme.used, *scheme.deductions, *scheme.vetoes) if one.in_use]
    name = data.draw(st.sampled_from(names))
    held = facts.get(name, Fact())
    if not held.applicable:
        return
    low, high = held.low or Fraction(0), FULL if held.high is None else held.high
    value = low + (Fraction(high) - low) * data.draw(st.fractions(min_value=0, max_value=1, max_denominator=50))
    after = score(scheme, {**facts, name: Fact(value, value)})
    assert after.worst is not None and after.best is not None
    assert before.worst <= after.worst <= after.best <= before.best


@given(st.sampled_from(SCHEMES), st.data())
@settings(max_examples=40, deadline=None)
def test_a_better_value_never_lowers_the_score(named: tuple[str, Scheme], data: Any) -> None:
    scheme = named[1]
    facts = {one.id: data.draw(known) for one in (*scheme.items, *scheme.deductions, *scheme.vetoes)}
    chosen = data.draw(st.sampled_from(scheme.used))
    other = data.draw(known)
    low, high = sorted((facts[chosen.id].low or Fraction(0), other.low or Fraction(0)))
    rises = chosen.method is not Method.PER and chosen.comparator == ">="
    worse, better = (low, high) if rises else (high, low)
    one, two = (score(scheme, {**facts, chosen.id: Fact(value, value)}) for value in (worse, better))
    assert one.worst is not None and two.worst is not None and one.worst <= two.worst


@given(situation())
@settings(max_examples=40, deadline=None)
def test_a_veto_dominates(given_: tuple[Scheme, dict[str, Fact]]) -> None:
    scheme, facts = given_
    for one in scheme.vetoes:
        found = score(scheme, {**facts, one.id: exactly(1)})
        cap = next(grade for grade in scheme.grades if grade.id == one.cap)
        if one.in_use and found.grades:
            assert max(each.at_least for each in found.grades) <= cap.at_least


def test_clearing_rows_raises_a_share_to_the_whole_and_takes_faults_away() -> None:
    rows = (Row("a", True, Decimal(3)), Row("b", False, Decimal(5)), Row("c", False, Decimal(2)))
    half = share(3, 10, rows=rows)
    assert half.low == 30 and cleared(half, {"b"}).low == 80 and cleared(half, {"b", "c", "a", "x"}).low == 100
    assert cleared(half, set()) == half
    two = faults((Row("a", False), Row("b", False)))
    assert (two.low, cleared(two, {"a"}).low, cleared(two, {"a", "b"}).low) == (2, 1, 0)
    assert cleared(Fact(rows=rows), {"b"}).low is None  # without a value there is nothing to add to
    assert half.low == 30 and not half.rows[1].good  # what was supposed is kept nowhere


def test_a_row_found_false_counts_no_more() -> None:
    rows = (Row("a", True), Row("b", True), Row("c", False))
    fact = share(2, 4, 1, rows)
    after = struck(fact, {"a", "c"})
    assert (fact.low, fact.high, after.low, after.high) == (50, 75, 25, 50)
    assert [one.good for one in after.rows] == [False, True, False]


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(0, 3), st.sets(st.integers(0, 11)))
def test_clearing_is_monotone_and_stays_a_share(goods: list[bool], unsure: int, keys: set[int]) -> None:
    rows = tuple(Row(str(at), good) for at, good in enumerate(goods))
    unsure = min(unsure, goods.count(False))
    fact = share(sum(goods), len(goods), unsure, rows)
    after = cleared(fact, {str(one) for one in keys})
    assert fact.low is not None and after.low is not None and after.high is not None
    assert fact.low <= after.low <= after.high <= 100


def test_a_sample_is_drawn_again_from_its_seed() -> None:
    rows = {"a": [str(one) for one in range(20)], "b": ["x"], "c": []}
    one = drawn_from(rows, Decimal("0.1"), "2026-11-23 07 18 21")
    again = drawn_from(
        {key: list(reversed(rows[key])) for key in reversed(rows)}, Decimal("0.1"), "2026-11-23 07 18 21"
    )
    assert one == again and [item for item, _key in one.drawn] == ["a", "a", "b"]
    assert one.population == population_hash(rows) != population_hash({**rows, "c": ["y"]})
    assert one.drawn != drawn_from(rows, Decimal("0.1"), "2026-11-23 07 18 22").drawn
    for share_, seed in ((Decimal("0.1"), " "), (Decimal(0), "s"), (Decimal("1.1"), "s")):
        with pytest.raises(ValueError, match="expected"):
            drawn_from(rows, share_, seed)


def test_ranks_stand_among_enough_and_overlap_where_scores_do() -> None:
    exact = {name: (Decimal(value), Decimal(value)) for name, value in (("a", 90), ("b", 90), ("c", 70))}
    assert ranked(exact, 3) == {"a": Rank(1, 1), "b": Rank(1, 1), "c": Rank(3, 3)}
    assert ranked(exact, 4) == {}
    open_ = {**exact, "d": (Decimal(60), Decimal(95))}
    assert ranked(open_, 4)["d"] == Rank(1, 4) and ranked(open_, 4)["c"] == Rank(3, 4)


def test_the_schemes_hold_together_and_say_how_sure_they_are() -> None:
    for scheme in schemes().values():
        assert faults_of(scheme) == []
        assert [str(one.at_least) for one in scheme.grades] == ["90", "80", "60", "0"]
        for one in (*scheme.items, *scheme.deductions, *scheme.vetoes, *scheme.consequences):
            assert one.basis and one.mark
        assert as_data(scheme)["items"][0]["id"] == scheme.items[0].id
    assert {level for scheme in schemes().values() for level in scheme.assessed} == set(Level)
    national = schemes()["national_2018_yearly"]
    assert national.mark == "V-ex" and {one.weight_mark for one in national.items} == {
        "K-low"
    }  # the split was not seen


def test_a_place_may_change_weights_that_still_make_the_whole() -> None:
    scheme = TWO
    changed = with_changes(scheme, {"a": {"weight": "50"}, "b": {"weight": "50", "target": "90"}})
    assert [one.weight for one in changed.items] == [50, 50] and changed.items[1].target == 90
    off = with_changes(scheme, {"a": {"weight": "100"}, "b": {"in_use": False}})
    assert [one.id for one in off.used] == ["a"]
    for wrong, told in (
        ({"a": {"weight": "50"}}, "make 90"),
        ({"a": {"weight": "x"}}, "expected a number"),
        ({"a": {"title": "x"}}, "not changed here"),
        ({"z": {"weight": "1"}}, "no item"),
        ({"a": {"weight": "-10"}, "b": {"weight": "110"}}, "below 0"),
    ):
        with pytest.raises(ValueError, match=told):
            with_changes(scheme, wrong)


def test_the_table_of_acts_leads_from_opened_to_final_and_out_of_no_final() -> None:
    reach, seen = [life.State.OPENED], set()
    while reach:
        state = reach.pop()
        seen.add(state)
        reach += [to for one in life.table().values() if state in one.from_states for to in one.to if to not in seen]
    assert seen == set(life.State)
    assert not any(life.may_be(act, "final") for act in life.Act)
    with pytest.raises(ValueError, match="expected one of"):
        life.reached(life.Act.SIGN, "final")

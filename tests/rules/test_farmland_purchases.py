"""Whose test answers for which purchase of a lot; and that the rules about grain are dated data with a switch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.farmland.grain import Finding, Lot, Part, balance, odd_yield, too_much
from soilrules.farmland.grainrules import Decides, Rules, grain_rules, rule
from soilrules.farmland.purchases import Answered, Buyer, LotTest, Purchase, Timing, answers
from soilrules.monitoring.dated import switched_off

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "farmland" / "purchases.yaml").read_text("utf-8"))
DAY = date(2026, 9, 28)
MU = Decimal(10_000) / 15


def without(what: Decides) -> Rules:
    return [switched_off(one) if one.decides is what else one for one in grain_rules()]


def read(case: Mapping[str, Any]) -> tuple[list[Purchase], list[LotTest], list[Buyer]]:
    bought = [Purchase(1, DAY, to, code) for to, code in case["purchases"]]
    return bought, [LotTest(1, *one) for one in case["tests"]], [Buyer(*one) for one in case["buyers"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_whose_test_answers(case: Mapping[str, Any]) -> None:
    told = answers(*read(case), DAY)
    assert [one.how for one in told] == case["told"]


def test_the_cases_tell_every_answer_and_the_day_of_the_sample() -> None:
    assert {one for case in CASES for one in case["told"]} == set(Timing)
    late = [LotTest(1, DAY + timedelta(days=n)) for n in (9, 2)]
    assert answers([Purchase(1, DAY, "路边收购点")], late, [], DAY) == [
        Answered(Timing.LATE, DAY + timedelta(days=2))
    ], "the first late sample"


def test_switched_off_any_test_of_the_lot_answers() -> None:
    case = next(one for one in CASES if "another's purchase" in one["says"])
    told = answers(*read(case), DAY, without(Decides.OWN_TEST))
    assert [one.how for one in told] == [Timing.BEFORE, Timing.BEFORE]


@given(lots=st.lists(st.tuples(st.integers(1, 3), st.sampled_from("甲乙丙")), max_size=6), test=st.integers(1, 3))
def test_a_test_never_answers_for_another_lot_and_more_tests_never_leave_more_bare(
    lots: list[tuple[int, str]], test: int
) -> None:
    bought = [Purchase(lot, DAY, to) for lot, to in lots]
    tests = [LotTest(test, DAY, None, "甲")]
    some = [one.how is Timing.NONE for one in answers(bought, tests, [], DAY)]
    assert all(some[at] for at, one in enumerate(bought) if one.lot != test)
    assert all(one.how is Timing.NONE for one in answers(bought, [], [], DAY)), "without a test none answers"


@given(days=st.lists(st.integers(-5, 5), max_size=5))
def test_a_sample_of_after_the_purchase_never_answers_in_time(days: list[int]) -> None:
    bought = [Purchase(1, DAY, "甲")]
    (told,) = answers(bought, [LotTest(1, DAY + timedelta(days=n)) for n in days], [], DAY)
    assert (told.how is Timing.BEFORE) is any(n <= 0 for n in days)
    assert (told.how is Timing.NONE) is (not days)


def test_each_rule_has_its_edge_and_its_switch() -> None:
    assert too_much(Decimal(30), MU, DAY) is None
    told = too_much(Decimal("30.001"), MU, DAY)
    assert told is not None and told[1].mark == "K-low"
    assert too_much(Decimal(9000), MU, DAY, without(Decides.MOST_YIELD)) is None
    assert odd_yield(Decimal(9), MU, ("rice",), DAY, without(Decides.USUAL_YIELD)) is None
    parts = dict.fromkeys(Part, Decimal(0)) | {Part.STORED: Decimal("8.4"), Part.LOSS: Decimal("1.6")}
    lot = Lot(Decimal(10), parts, locked=True, covered={Part.STORED: Decimal("8.4")}, bare_loss=Decimal("1.6"))
    assert [kind for kind, _tonnes in balance(lot, DAY).findings] == [Finding.LOSS_UNPROVEN]
    assert "15%（K-med）" in balance(lot, DAY).messages()[0].sentence("zh")
    assert balance(lot, DAY, without(Decides.LOSS_ASKED)).closed
    assert balance(replace(lot, bare_loss=Decimal("1.5")), DAY).closed, "the share itself needs no paper"


def test_of_two_versions_the_one_of_the_day_decides() -> None:
    (first,) = [one for one in grain_rules() if one.decides is Decides.MOST_YIELD]
    later = replace(first, id="later", since=DAY, numbers={"tonnes": Decimal(20)})
    held = [replace(first, until=DAY), later]
    assert too_much(Decimal(25), MU, DAY - timedelta(days=1), held) is None
    assert too_much(Decimal(25), MU, DAY, held) == (Decimal(25), later)
    assert rule(Decides.MOST_YIELD, date(1999, 12, 31)) is None

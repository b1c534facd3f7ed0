"""Hazard inspection: the edition of a day, an item for everything, and no hazard verified by who put it right."""

from __future__ import annotations

import doctest
from copy import deepcopy
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.enterprises import hazards, inspection
from soilrules.enterprises.hazards import Act, ActFinding, Hazard, Kind, State, judge_act
from soilrules.enterprises.inspection import Aspect, guide, items_for, missing_fields, read_guide
from soilrules.messages import LANGUAGES, catalogue
from soilrules.strict import BadRuleData, load_yaml

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "enterprises_firms" / "hazards.yaml").read_text("utf-8")
)
ASKED = {"measure": "重做防渗", "photo_after": True, "responsible": "王"}
EMPTY = {"measure": " ", "photo_after": False, "responsible": ""}


def answered(case: dict[str, Any]) -> ActFinding:
    put_right = case.get("put_right")
    state = State.VERIFIED if case.get("verified") else State.RECTIFIED if put_right else State.FOUND
    by = "wang" if put_right and not case.get("nobody") else None
    hazard = Hazard(state, date(2026, 3, 1), date(2026, 4, 30), rectified_on=put_right, rectified_by=by)
    ledger = {**ASKED, **({case["without"]: EMPTY[case["without"]]} if "without" in case else {})}
    return judge_act(hazard, Act(Kind(case["act"]), case["day"], case["by"], due=case.get("due"), **ledger))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_an_act_on_a_hazard(case: dict[str, Any]) -> None:
    found = answered(case)

    assert found.allowed == ("refused" not in case)
    assert found.message.id == case.get("refused", case.get("says"))
    assert found.state == case.get("state", found.state)
    assert all("{" not in found.message.sentence(language) for language in LANGUAGES)


def test_every_sentence_of_hazards_occurs() -> None:
    assert {answered(case).message.id for case in CASES} == set(catalogue("enterprises")["hazards"])


@given(
    st.lists(st.tuples(st.sampled_from(Kind), st.sampled_from(["wang", "li", None]), st.integers(0, 40)), max_size=12)
)
def test_no_order_of_acts_lets_one_person_verify_their_own_work(acts: list[tuple[Kind, str | None, int]]) -> None:
    hazard = Hazard(State.FOUND, date(2026, 3, 1))
    for kind, by, day in acts:
        on = date.fromordinal(date(2026, 3, 1).toordinal() + day)
        found = judge_act(hazard, Act(kind, on, by, due=date(2027, 1, 1), **ASKED))  # type: ignore[arg-type]
        if found.allowed and kind is Kind.VERIFIED:
            assert by not in (None, hazard.rectified_by) and hazard.rectified_on and on >= hazard.rectified_on
        if found.allowed:
            right = kind is Kind.RECTIFIED
            hazard = Hazard(
                found.state,
                hazard.found_on,
                None,
                on if right else hazard.rectified_on,
                by if right else hazard.rectified_by,
            )
        assert found.state == hazard.state


@pytest.mark.parametrize(
    ("day", "edition", "says", "some"),
    [
        (date(2021, 1, 3), "unknown", "no_edition", False), (date(2021, 1, 4), "notice-2021", "edition", True),
        (date(2026, 8, 14), "notice-2021", "edition", True), (date(2026, 8, 15), "unknown", "working_list", True),
    ],
)  # fmt: skip
def test_the_edition_of_the_day(day: date, edition: str, says: str, some: bool) -> None:
    found = items_for("underground_tank", day)

    assert (found.edition, found.message.id, bool(found.items)) == (edition, says, some)
    assert all("{" not in found.message.sentence(language) for language in LANGUAGES)


def test_the_working_list_is_that_of_the_edition_before_and_says_so() -> None:
    before, after = items_for("pool", date(2026, 8, 14)), items_for("pool", date(2026, 8, 15))

    assert after.items == before.items
    assert "HJ 1478-2026" in after.message.sentence() and "工作清单" in after.message.sentence()


@pytest.mark.parametrize("kind", guide().kinds)
def test_every_kind_is_looked_at_in_three_aspects(kind: str) -> None:
    found = items_for(kind, date(2025, 1, 1))

    assert {one.aspect for one in found.items} == set(Aspect)
    assert found.unanswered({found.items[0].key}) == found.items[1:]
    assert all(one.zh and one.en for one in found.items)


def test_items_of_one_kind_are_not_asked_of_another() -> None:
    tank, pool = ({one.key for one in items_for(kind, date(2025, 1, 1)).items} for kind in ("underground_tank", "pool"))

    assert "liquid_storage.hardware.double_wall" in tank - pool
    assert "liquid_storage.hardware.base" in pool - tank


def test_five_groups_marked() -> None:
    assert [len(one.kinds) for one in guide().groups] == [4, 4, 4, 3, 6]
    assert {one.mark for one in guide().groups} == {"K-high"}


def test_a_kind_there_is_not() -> None:
    with pytest.raises(ValueError, match="'reactor' is no kind of facility; expected one of"):
        items_for("reactor", date(2025, 1, 1))


def test_what_the_ledger_lacks() -> None:
    assert [one.key for one in missing_fields("found", {"number": 1, "facility": "罐1"})] == ["what"]
    assert [one.key for one in missing_fields("rectified", {})] == [
        "measure",
        "rectified_on",
        "photo_after",
        "responsible",
    ]


def changed(path: list[Any], value: object) -> dict[str, Any]:
    data = deepcopy(dict(load_yaml(files("soilrules") / "data" / "enterprises" / "inspection.yaml")))
    at: Any = data
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "wrong"),
    [
        (["editions", 1, "since"], "2026-08-16", "expected one day"), (["editions", 1, "offers"], None, "offers no edition"),
        (["items", 0, "edition"], "other", "names an edition"), (["items", 0, "kinds"], ["pump"], "names an edition or a kind"),
        (["items", 1, "key"], "pool", "stands twice"), (["items", 0, "aspect"], "paper", "expected one of"),
        (["ledger", "extra"], 1, "unknown key"),
    ],
)  # fmt: skip
def test_wrong_data_is_refused(path: list[Any], value: object, wrong: str) -> None:
    with pytest.raises(BadRuleData, match=wrong):
        read_guide(changed(path, value), "x")


def test_examples_run() -> None:
    assert not doctest.testmod(inspection).failed and not doctest.testmod(hazards).failed

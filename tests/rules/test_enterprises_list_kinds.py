"""The kinds of lists: whose they are, both sides of each day, and what a published row must say."""

from __future__ import annotations

import doctest
from datetime import date, timedelta
from typing import Any

import pytest

from soilrules.enterprises import lists
from soilrules.enterprises.lists import Level, kinds_on, list_kinds, read_kinds
from soilrules.messages import LANGUAGES
from soilrules.strict import BadRuleData

LAST_DAY_OF_2019_LAW = date(2026, 8, 14)
FIRST_DAY_OF_CODE = date(2026, 8, 15)


def row(**changed: Any) -> dict[str, Any]:
    basis = {"source": "X", "since": "2020-01-01", "until": None, "mark": "K-low"}
    whole = {
        "key": "a", "zh": "甲", "en": "A", "deciders": ["city"], "since": "2020-01-01", "until": "2026-03-31", "bases": [basis],
        "publication": {"date": "03-31", "since": "2021-03-31", "mark": "K-low"}, "fields": ["name"],
    }  # fmt: skip
    return {**whole, **changed}


def test_the_names_others_build_on() -> None:
    assert {
        "soil_key",
        "key_discharger",
        "groundwater_key",
        "risk_control",
        "cadmium",
        "heavy_metal",
        "smelting",
    } <= set(list_kinds())


def test_a_county_only_registers_the_soil_list() -> None:
    kind = list_kinds()["soil_key"]

    assert (kind.decides(Level.CITY), kind.decides(Level.COUNTY)) == (True, False)
    assert (kind.role_of(Level.CITY).id, kind.role_of(Level.COUNTY).id) == ("decides", "registers")


def test_the_basis_changes_with_the_code_and_the_order_of_2022_is_marked_unconfirmed() -> None:
    kind = list_kinds()["soil_key"]
    before = {one.source: one.mark for one in kind.bases_on(LAST_DAY_OF_2019_LAW)}
    after = {one.source: one.mark for one in kind.bases_on(FIRST_DAY_OF_CODE)}

    assert "土壤污染防治法（2019）第21条" in before and "生态环境法典第414条" not in before
    assert "生态环境法典第414条" in after and "土壤污染防治法（2019）第21条" not in after
    assert {mark for source, mark in after.items() if "令27" in source} == {"K-med"}


@pytest.mark.parametrize("kind", list_kinds().values(), ids=lambda kind: kind.key)
def test_every_list_has_a_basis_on_each_of_its_days(kind: lists.ListKind) -> None:
    days = [kind.since + timedelta(days=number) for number in range(0, (date(2030, 1, 1) - kind.since).days, 7)]

    assert all(kind.bases_on(day) and kind.mark_on(day) for day in (*days, LAST_DAY_OF_2019_LAW, FIRST_DAY_OF_CODE))
    assert not kind.bases_on(kind.since - timedelta(days=1)) and kind.mark_on(kind.since - timedelta(days=1)) == ""
    assert {"name"} <= set(kind.fields)
    assert all("{" not in kind.role_of(level).sentence(one) for level in Level for one in LANGUAGES)


def test_a_kind_begins_and_ends_with_its_day() -> None:
    kind = read_kinds({"lists": [row()]}, "x")["a"]

    assert [kind.in_force(date(2020, 1, 1) + timedelta(days=one)) for one in (-1, 0)] == [False, True]
    assert [kind.in_force(date(2026, 3, 31) + timedelta(days=one)) for one in (-1, 0)] == [True, False]
    assert "groundwater_key" not in {one.key for one in kinds_on(date(2022, 12, 31))}
    assert "groundwater_key" in {one.key for one in kinds_on(date(2023, 1, 1))}


def test_publication_is_due_only_where_the_rule_and_the_list_stand() -> None:
    kind = read_kinds({"lists": [row()]}, "x")["a"]

    assert [kind.publication_due(year) for year in (2020, 2021, 2025, 2026)] == [
        None, date(2021, 3, 31), date(2025, 3, 31), None
    ]  # fmt: skip
    assert list_kinds()["cadmium"].publication_due(2026) is None


def test_a_row_lacks_what_is_published() -> None:
    kind = list_kinds()["soil_key"]

    assert kind.missing({"name": "甲", "credit_code": "", "industry": None, "kind": "土壤"}) == (
        "credit_code", "industry", "division"
    )  # fmt: skip
    assert not kind.missing(dict.fromkeys(kind.fields, "x"))


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"deciders": []}, "deciders"), ({"deciders": ["town"]}, "deciders"), ({"fields": ["phone"]}, "phone"),
        ({"until": "2020-01-01"}, "until"), ({"publication": {"date": "31-03", "since": "2021-01-01", "mark": "V"}}, "31-03"),
        ({"surprise": 1}, "surprise"),
    ],
)  # fmt: skip
def test_wrong_data_is_refused_with_its_place(changed: dict[str, Any], wrong: str) -> None:
    with pytest.raises(BadRuleData, match=rf"x a.*{wrong}"):
        read_kinds({"lists": [row(**changed)]}, "x")


def test_a_key_stands_once() -> None:
    with pytest.raises(BadRuleData, match="a stands twice"):
        read_kinds({"lists": [row(), row()]}, "x")


def test_examples_run() -> None:
    assert not doctest.testmod(lists).failed

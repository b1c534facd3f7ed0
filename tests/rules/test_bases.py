"""Citations of all rooms: each id once in all files, followers that follow, orders that stay open after a newer law."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.resources import files

import pytest

from soilrules.bases import bases, bases_of, bases_on, known_bases, successors
from soilrules.strict import BadRuleData, Record, load_yaml

ROW: dict[str, object] = {
    "id": "a",
    "law": "甲法",
    "article": "第一条",
    "words": "一",
    "since": "2020-01-01",
    "until": None,
    "mark": "V",
    "source": "s",
}


def rows(*changes: Mapping[str, object]) -> list[Record]:
    return [Record({**ROW, **change}, "bases.yaml") for change in changes]


def test_every_file_is_read_and_an_id_stands_once() -> None:
    folder = files("soilrules") / "data" / "bases"
    read = [row["id"] for one in folder.iterdir() for row in load_yaml(one)["bases"]]

    assert sorted(bases()) == sorted(read)
    with pytest.raises(BadRuleData, match="stands twice"):
        bases_of(rows({}, {}))


def test_a_follower_begins_when_it_ends() -> None:
    held = bases_of(rows({"until": "2026-08-15", "replaced_by": "b"}, {"id": "b", "since": "2026-08-15"}))
    assert held["a"].replaced_by == "b"
    for wrong in (
        {"replaced_by": "b"},
        {"until": "2026-08-16", "replaced_by": "b"},
        {"until": "2026-08-15", "replaced_by": "c"},
    ):
        with pytest.raises(BadRuleData, match="begins when it ends"):
            bases_of(rows(wrong, {"id": "b", "since": "2026-08-15"}))


def test_the_law_changes_on_its_day() -> None:
    both = ("law.toxic", "code.toxic")
    assert [one.id for one in bases_on(both, date(2026, 8, 14))] == ["law.toxic"]
    assert [one.id for one in bases_on(both, date(2026, 8, 15))] == ["code.toxic"]
    assert [one.id for one in successors(bases()["law.toxic"])] == ["code.toxic"]


def test_an_order_is_unconfirmed_from_its_day() -> None:
    order = bases()["order3.demolition"]
    assert order.in_force(date(2026, 8, 15))
    assert order.confirmed(date(2026, 8, 14))
    assert not order.confirmed(date(2026, 8, 15))
    assert bases()["law.toxic"].confirmed(date(2026, 9, 1))


def test_a_rule_names_citations_that_stand() -> None:
    assert known_bases(Record({"bases": ["law.toxic"]}, "x")) == ("law.toxic",)
    with pytest.raises(BadRuleData, match=r"law\.tonic; expected ids of data/bases"):
        known_bases(Record({"bases": ["law.tonic"]}, "x"))

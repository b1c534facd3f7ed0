"""By when a step is due, and who decides a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from plot_cases import Case, cases, history_of

from soilrules.bases import bases
from soilrules.enterprises.lists import Level
from soilrules.plots.deadlines import Kind, deadline_rules, deadlines_in, disclosed_enough, due_day, survey_due
from soilrules.plots.life import replay
from soilrules.plots.lists import lists_in, may_decide
from soilrules.strict import BadRuleData

DUE, LISTS = cases("deadlines"), cases("lists")
DATA = Path(__file__).resolve().parents[2] / "src" / "soilrules" / "data" / "plots"


@pytest.mark.parametrize("case", DUE, ids=[case["name"] for case in DUE])
def test_a_day_that_is_due(case: Case) -> None:
    found = due_day(Kind(case["kind"]), case["start"], case["division"], on=case["day"])

    assert (found.due, found.confirmed) == (case["due"], case["confirmed"])
    assert case.get("says", "") in found.message.sentence("zh")
    assert "{" not in found.message.sentence("en")


def test_a_province_that_is_entered_is_used() -> None:
    base = next(one for one in deadline_rules() if one.kind is Kind.PRELIMINARY)
    entered = replace(base, id="limit.41", kind=Kind.PROVINCE_LIMIT, division="41", since=date(2026, 8, 15))

    def asked(division: str, on: date) -> date | None:
        return due_day(Kind.PROVINCE_LIMIT, date(2026, 9, 1), division, on=on, rules=[entered]).due

    assert asked("410102", date(2026, 9, 1)) == date(2027, 3, 1)
    assert asked("370102", date(2026, 9, 1)) is None
    assert asked("410102", date(2026, 8, 14)) is None


def test_the_survey_a_notice_asked() -> None:
    told = {"received_on": date(2026, 3, 5)}
    events = [["survey_required", date(2026, 3, 1), "county"], ["notice_served", date(2026, 3, 2), "county", told]]
    answered = [*events, ["preliminary_exceeds", date(2026, 6, 1), "county"]]

    history = replay(history_of({"events": events}))
    due = survey_due(history, "410102", on=date(2026, 7, 1))
    assert due is not None
    assert due.due == date(2026, 9, 5)
    assert survey_due(history, "410102", on=date(2026, 3, 1)) is None
    assert survey_due(replay(history_of({"events": answered})), "410102", on=date(2026, 7, 1)) is None


def test_public_long_enough() -> None:
    since = date(2026, 1, 10)
    assert disclosed_enough(since, date(2026, 3, 10), on=date(2026, 6, 1)) is True
    assert disclosed_enough(since, date(2026, 3, 9), on=date(2026, 6, 1)) is False
    assert disclosed_enough(since, None, on=date(2026, 3, 9)) is None
    assert disclosed_enough(since, None, on=date(2026, 3, 10)) is True
    assert disclosed_enough(None, None, on=date(2026, 3, 10)) is None


@pytest.mark.parametrize(
    "case", LISTS, ids=lambda case: f"{case['list']} {case['level']} {case.get('for', '')} {case['day']}"
)
def test_who_decides_a_list(case: Case) -> None:
    acting_for = Level(case["for"]) if "for" in case else None
    found = may_decide(case["list"], Level(case["level"]), acting_for, on=case["day"])

    assert (found.decides, [one.id for one in found.bases]) == (case["decides"], case["bases"])
    assert "{" not in found.message.sentence("zh") + found.message.sentence("en")


def test_no_list_there_is_not() -> None:
    with pytest.raises(ValueError, match="'grey' is no list of plots"):
        may_decide("grey", Level.CITY, on=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("lists", "deciders: [province]", "deciders: [state]", "expected some of county, city"),
        ("lists", "  - key: priority", "  - key: negative", "expected each of suspected"),
        ("lists", "bases: [law.roster,", "bases: [law.rooster,", "expected ids of data/bases"),
        ("deadlines", 'most: "6"', 'most: "0"', "whole number of 1 or more"),
        ("deadlines", "kind: removal_review\n    division: \"37\"", "kind: province_limit", "its division"),
        ("deadlines", "- id: disclosure", "- id: preliminary", "stands twice"),
    ],
)  # fmt: skip
def test_broken_data_is_refused(file: str, old: str, new: str, expected: str, tmp_path: Path) -> None:
    text = (DATA / f"{file}.yaml").read_text("utf-8")
    assert old in text
    path = tmp_path / f"{file}.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(BadRuleData, match=expected):
        {"lists": lists_in, "deadlines": deadlines_in}[file](path)


def test_an_order_says_since_when_it_is_open() -> None:
    orders = [one for one in bases().values() if one.id.startswith(("order42.", "order3."))]
    assert orders
    assert {one.unconfirmed_from for one in orders} == {date(2026, 8, 15)}
    assert {one.until for key, one in bases().items() if key.startswith("law.")} == {date(2026, 8, 15)}
    assert all(bases()[key.replace("law.", "code.", 1)] for key in bases() if key.startswith("law."))

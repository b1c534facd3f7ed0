"""What the order of permits, contracts and pictures shows, and which law it is judged by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from soilrules.enterprises.violations import violations
from soilrules.gate.facts import Membership, Step
from soilrules.gate.kinds import StepKind
from soilrules.gate.law_choice import choose, law_choice
from soilrules.gate.watches import Event, Happened, PlotOrder, WatchFinding, findings, watch_names
from soilrules.messages import LANGUAGES

LAW, CODE = date(2026, 8, 14), date(2026, 8, 15)
LISTED = (Membership("roster", date(2024, 1, 1), date(2026, 10, 1)),)
SURVEY = (Step(StepKind.SURVEY, date(2025, 1, 1)),)


def shown(order: PlotOrder) -> list[tuple[str, str, bool]]:
    return [(one.watch, one.violation, one.sure) for one in findings([order])]


def plot(*events: Event, **known: object) -> PlotOrder:
    return PlotOrder("甲", events, **known)  # type: ignore[arg-type]


def built(on: date, after: date | None = None, *, related: bool | None = False) -> Event:
    return Event(Happened.CONSTRUCTION, on, after, "影像", related)


@pytest.mark.parametrize(
    ("on", "found"),
    [(date(2023, 12, 31), 0), (date(2024, 1, 1), 1), (date(2026, 9, 30), 1), (date(2026, 10, 1), 0)],
)
def test_construction_on_the_days_of_the_roster(on: date, found: int) -> None:
    assert len(shown(plot(built(on), memberships=LISTED))) == found


def test_construction_after_the_target_was_reached() -> None:
    assert shown(plot(built(date(2026, 7, 1)), memberships=LISTED, target_reached_on=date(2026, 7, 1))) == []
    assert shown(plot(built(date(2026, 6, 30)), memberships=LISTED, target_reached_on=date(2026, 7, 1))) != []


def test_a_missing_step_bans_building_since_the_code_only() -> None:
    assert shown(plot(built(LAW), steps=SURVEY)) == []
    assert shown(plot(built(CODE), steps=SURVEY)) == [("unrelated_construction", "unrelated_project", True)]


def test_building_on_suspected_ground_before_its_survey_is_looked_at() -> None:
    owed = plot(built(CODE), survey_owed_since=date(2026, 1, 1))
    (one,) = findings([owed])
    assert (one.watch, one.violation, one.sure) == ("unrelated_construction", "no_survey", False)
    assert "（2026-08-15）" in one.because.sentence("zh")
    assert shown(replace(owed, events=(built(LAW),))) == []
    assert shown(replace(owed, surveyed_on=CODE)) == shown(replace(owed, cleared_on=CODE)) == []


def test_a_picture_that_spans_the_beginning_is_looked_at_by_a_person() -> None:
    assert shown(plot(built(date(2024, 3, 1), date(2023, 12, 1)), memberships=LISTED)) == [
        ("unrelated_construction", "unrelated_project", False)
    ]
    assert shown(plot(built(date(2024, 3, 1), date(2024, 1, 1)), memberships=LISTED))[0][2]


@pytest.mark.parametrize(
    ("after", "on", "sure"),
    [
        (date(2024, 1, 1), date(2026, 9, 30), True),  # the whole time on the roster
        (date(2023, 12, 31), date(2026, 9, 30), False),  # one day before it
        (date(2024, 1, 1), date(2026, 10, 1), False),  # the last day it was off it
        (date(2023, 12, 31), date(2026, 10, 1), False),  # neither end, but all between
        (date(2026, 10, 1), date(2026, 11, 1), None),
        (date(2023, 1, 1), date(2023, 12, 31), None),
    ],
)
def test_only_a_time_wholly_on_one_side_is_told_as_sure(after: date, on: date, sure: bool | None) -> None:
    assert [one.sure for one in findings([plot(built(on, after), memberships=LISTED)])] == (
        [] if sure is None else [sure]
    )


def test_what_nobody_saw_missing_before_has_no_first_day_and_is_never_sure() -> None:
    seen = Event(Happened.CONSTRUCTION, date(2025, 6, 1), source="影像", open=True)
    (one,) = findings([plot(seen, memberships=LISTED)])

    assert (one.sure, one.from_day, one.because.id) == (False, None, "unrelated_construction_open")
    assert len(shown(plot(replace(seen, on=date(2026, 11, 1)), memberships=LISTED))) == 1
    assert shown(plot(replace(seen, on=date(2023, 12, 31)), memberships=LISTED)) == []


def test_use_in_a_time_that_was_cleared_in_between() -> None:
    used = Event(Happened.TAKEN_INTO_USE, date(2026, 3, 1), date(2026, 1, 1), "影像")
    assert [sure for *_, sure in shown(plot(used, steps=SURVEY))] == [True]
    assert [sure for *_, sure in shown(plot(used, steps=SURVEY, cleared_on=date(2026, 2, 1)))] == [False]
    assert shown(plot(used, steps=SURVEY, cleared_on=date(2026, 1, 1))) == []


def test_what_the_works_are_for_counts() -> None:
    day = date(2025, 1, 1)
    assert shown(plot(built(day, related=True), memberships=LISTED)) == []
    assert shown(plot(built(day, related=None), memberships=LISTED))[0][2] is False
    assert shown(plot(Event(Happened.BUILDING_PERMIT, day, source="许可"), memberships=LISTED))[0][2] is False


def test_use_before_clearance_names_the_first_missing_step() -> None:
    used = Event(Happened.TAKEN_INTO_USE, CODE, source="影像")
    steps = (Step(StepKind.EVALUATION, date(2025, 1, 1)), Step(StepKind.CONTROL, date(2025, 1, 1)))
    assert shown(plot(used, steps=steps)) == [("use_before_clearance", "no_risk_control", True)]
    assert shown(plot(used, memberships=LISTED)) == [("use_before_clearance", "no_remediation", False)]
    assert shown(plot(used, steps=steps, cleared_on=CODE)) == []
    assert shown(plot(used)) == []


@pytest.mark.parametrize(
    ("surveyed", "found"),
    [(None, [True]), (date(2026, 8, 16), [True]), (CODE, [])],
)
def test_allocation_before_the_survey(surveyed: date | None, found: list[bool]) -> None:
    sold = Event(Happened.CONTRACT, CODE, source="合同")
    order = plot(sold, survey_owed_since=date(2025, 1, 1), surveyed_on=surveyed)
    assert [one.sure for one in findings([order])] == found
    assert shown(plot(sold)) == []
    assert shown(plot(sold, survey_owed_since=date(2026, 8, 16))) == []


def test_findings_come_in_order_and_can_be_read() -> None:
    orders = [PlotOrder(name, (built(date(2025, 5, 1)), built(date(2025, 2, 1))), LISTED) for name in ("乙", "甲")]
    found: list[WatchFinding] = findings(orders)

    assert [(one.plot, one.to_day) for one in found] == sorted((one.plot, one.to_day) for one in found)
    assert all(one.because.sentence(language) for one in found for language in LANGUAGES)
    assert all(one.violation in violations() and one.bases and one.watch in watch_names() for one in found)


def test_an_act_before_and_a_decision_after_the_code_shows_both_ranges() -> None:
    choice = law_choice("unrelated_project", LAW, CODE)

    assert choice.needs_person
    assert [one.law.key for one in choice.ranges.penalties] == ["old", "new"]
    assert [one.law for one in choice.bases] == ["中华人民共和国生态环境法典"]
    assert all(choice.message.sentence(one) for one in LANGUAGES)


@pytest.mark.parametrize(("acted", "decided"), [(LAW, LAW), (CODE, CODE)])
def test_on_one_side_nobody_chooses(acted: date, decided: date) -> None:
    choice = law_choice("unrelated_project", acted, decided)

    assert not choice.needs_person
    assert len(choice.ranges.penalties) == 1
    assert choice.bases == ()


def test_a_choice_names_a_person_and_a_ground() -> None:
    choice = law_choice("unrelated_project", LAW, CODE)

    assert choose(choice, "old", "张法官", "新规定不轻", CODE).penalty.law.key == "old"
    for law, person, ground in (("third", "张", "理由"), ("old", " ", "理由"), ("old", "张", "")):
        with pytest.raises(ValueError, match=r"expected one of old, new|names the person and the ground"):
            choose(choice, law, person, ground, CODE)
    with pytest.raises(ValueError, match="no violation 'unknown'"):
        law_choice("unknown", LAW, CODE)

"""Terms, which of several closes a task, working days, and the one function that says late."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.deadlines import (
    Deadline,
    DeadlineKind,
    Due,
    State,
    closing_term,
    due_day,
    parse,
    published_calendar,
    state,
)
from soilrules.deadlines.calendar import WorkingCalendar, calendar_of

CASES = yaml.safe_load((Path(__file__).resolve().parents[1] / "cases" / "deadlines" / "terms.yaml").read_text("utf-8"))
SHOWN = (
    "kind",
    "first",
    "last",
    "alternatives",
    "month",
    "day",
    "first_month",
    "event",
    "count",
    "count_unit",
    "completion",
)
DEFAULTS = {one.name: one.default for one in fields(Deadline)}
ASKS = (
    "period_in_or_out",
    "first_day_in_or_out",
    "part_of_month",
    "target_year",
    "bare_year",
    "shared_ending",
    "recurring",
    "five_year_plan",
    "term_as_directed",
    "term_undetermined",
)
CALENDAR = published_calendar()
ISSUED = date(2021, 5, 19)


def _shown(term: Deadline) -> dict[str, Any]:
    shown = {name: getattr(term, name) for name in SHOWN if getattr(term, name) != DEFAULTS.get(name)}
    shown["kind"] = str(term.kind)
    if term.alternatives:
        shown["alternatives"] = list(term.alternatives)
    return {**shown, "reason": str(term.reason)} if term.reason in ASKS else shown


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_term(case: dict[str, Any]) -> None:
    assert [_shown(term) for term in parse(case["text"], plan_year=2021)] == case["terms"]


def test_every_kind_has_a_case() -> None:
    assert {term["kind"] for case in CASES for term in case["terms"]} == set(map(str, DeadlineKind))


def test_no_year_gives_no_day() -> None:
    (term,) = parse("10月底前完成", plan_year=None)
    assert (term.kind, term.last, term.reason) == (DeadlineKind.UNDETERMINED, None, "no_year_for_term")


@given(st.text(alphabet="年月日底前到自每一二十2019、，。季度上半“”五内个工作", max_size=40), st.integers(0, 1000))
def test_spans_read_what_they_say(text: str, offset: int) -> None:
    for term in parse(text, plan_year=2021, offset=offset):
        assert text[term.start - offset : term.end - offset] == term.text


def test_an_explicit_day_beats_a_target_year_and_the_latest_closes() -> None:
    choice = closing_term(parse("2017年6月底前制定方案；2018年底前完成。到2020年，达到90%", plan_year=2017))
    assert choice is not None
    assert choice.term.last == date(2018, 12, 31)
    assert choice.alternatives == (date(2017, 6, 30), date(2020, 12, 31))
    assert closing_term(parse("自2017年起；每年3月底前；“十三五”期间", plan_year=2017)) is None


@pytest.mark.parametrize(
    ("day", "count", "expected", "provisional"),
    [
        (date(2026, 9, 30), 5, date(2026, 10, 13), False),  # National Day week, and Saturday 10 October is worked
        (date(2026, 2, 13), 1, date(2026, 2, 14), False),  # a make-up Saturday before the Spring Festival
        (date(2026, 11, 20), 0, date(2026, 11, 20), False),
        (date(2026, 12, 31), 1, date(2027, 1, 1), True),  # the holidays of 2027 are not published yet
    ],
)
def test_working_days(day: date, count: int, expected: date, provisional: bool) -> None:
    assert CALENDAR.add_working_days(day, count) == (expected, provisional)


def test_calendar_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="every day must be a date of that year"):
        calendar_of([{"year": 2026, "source": "x", "holidays": [date(2025, 1, 1)], "workdays": []}])
    with pytest.raises(ValueError, match="unknown keys"):
        calendar_of([{"year": 2026, "source": "x", "holidays": [], "workdays": [], "extra": []}])
    with pytest.raises(ValueError, match="cannot be added"):
        CALENDAR.add_working_days(date(2026, 1, 5), -1)


@pytest.mark.parametrize(
    ("duty", "day", "expected"),
    [
        (Due(due=date(2021, 10, 31)), date(2021, 10, 31), State.DUE_TODAY),
        (Due(due=date(2021, 10, 31)), date(2021, 11, 1), State.OVERDUE),
        (Due(due=date(2021, 10, 31)), date(2021, 10, 17), State.DUE_SOON),
        (Due(due=date(2021, 10, 31)), date(2021, 10, 16), State.DUE_LATER),
        (Due(due=date(2021, 10, 31), done_on=date(2021, 10, 31)), date(2021, 12, 1), State.DONE),
        (Due(due=date(2021, 10, 31), done_on=date(2021, 11, 1)), date(2021, 12, 1), State.DONE_LATE),
        (
            Due(due=date(2021, 10, 31), done_on=date(2021, 11, 1)),
            date(2021, 10, 31),
            State.DUE_TODAY,
        ),  # not done yet that day
        (Due(due=date(2021, 4, 30), issued_on=ISSUED), date(2023, 1, 1), State.DUE_BEFORE_ISSUE),
        (Due(due=date(2021, 4, 30), issued_on=ISSUED, done_on=date(2021, 6, 1)), date(2023, 1, 1), State.DONE),
        (Due(due=ISSUED, issued_on=ISSUED), date(2021, 5, 20), State.OVERDUE),
        (Due(standing=True), date(2021, 5, 20), State.STANDING),
        (Due(), date(2021, 5, 20), State.UNDETERMINED),
        (Due(since=date(2026, 9, 30), working_days=5), date(2026, 10, 13), State.DUE_TODAY),
        (Due(since=date(2026, 9, 30), working_days=5), date(2026, 10, 14), State.OVERDUE),
    ],
)
def test_state(duty: Due, day: date, expected: State) -> None:
    assert state(duty, day, CALENDAR) is expected


def test_plan_dates_never_shift() -> None:
    holiday = date(2026, 10, 1)
    assert due_day(Due(due=holiday), CALENDAR) == (holiday, False)
    assert due_day(Due(since=date(2027, 3, 1), working_days=3), CALENDAR) == (date(2027, 3, 4), True)


@given(st.dates(date(2024, 1, 1), date(2026, 12, 1)), st.integers(1, 30))
def test_the_day_reached_is_worked_and_the_count_is_right(day: date, count: int) -> None:
    reached, _ = CALENDAR.add_working_days(day, count)
    between = [day + timedelta(days=step) for step in range(1, (reached - day).days + 1)]
    assert CALENDAR.is_working_day(reached)
    assert sum(CALENDAR.is_working_day(one) for one in between) == count


def test_weekends_only_beyond_all_notices() -> None:
    bare = WorkingCalendar(frozenset(), frozenset(), 2020)
    assert bare.add_working_days(date(2026, 11, 20), 1) == (date(2026, 11, 23), True)

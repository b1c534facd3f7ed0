"""What is due in a year at a place: of the law everywhere at its level, of a plan in its own place and years alone."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from soilrules.deadlines import published_calendar
from soilrules.deadlines.calendar import WorkingCalendar
from soilrules.reports import Where, due_in, elsewhere, report_kinds
from soilrules.reports.kinds import Level, ReportKind, read
from soilrules.strict import BadRuleData

CASES = yaml.safe_load((Path(__file__).resolve().parents[1] / "cases" / "reports" / "due.yaml").read_text("utf-8"))
NAMED = Path(__file__).resolve().parents[2] / "docs" / "named-things.csv"
TERM = {"from": "甲", "to": "乙", "level": "county", "rhythm": "quarter", "clause": "原文", "mark": "S"}


def kinds(tmp_path: Path, *terms: dict[str, Any]) -> dict[str, ReportKind]:
    """One kind with these terms, read from a file."""
    path = tmp_path / "due.yaml"
    rows = [{**TERM, **term} for term in terms]
    path.write_text(
        yaml.safe_dump({"reports": [{"id": "a", "title": "报表", "terms": rows}]}, allow_unicode=True), "utf-8"
    )
    return dict(read(path))


def days(year: int, held: dict[str, ReportKind], code: str = "990101") -> list[tuple[str, str | None]]:
    """Periods and days due, as text."""
    found = due_in(year, Where(code, Level.COUNTY), published_calendar(), held)
    return [(one.period.name, one.day.isoformat() if one.day else None) for one in found]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(case: dict[str, Any]) -> None:
    found = due_in(case["year"], Where(str(case["code"]), Level(case["level"])), published_calendar())
    told = [f"{one.kind.id} {one.period.name} {one.day or 'no day'}" for one in found]
    for expected in case.get("has", []):
        assert expected in told
    for absent in case.get("has_not", []):
        assert not [one for one in told if one.startswith(f"{absent} ")]


def test_every_report_the_plans_name_stands_once() -> None:
    rows = list(csv.DictReader(NAMED.read_text("utf-8").splitlines()))
    named = [row["id"] for row in rows if row["type"] == "REP"]
    held = [name for kind in report_kinds().values() for name in kind.named]
    assert sorted(held) == sorted(named)
    quotes = {row["id"]: row["quote"] for row in rows}
    for kind in report_kinds().values():
        clauses = [term.clause for term in kind.terms if term.clause]
        assert {quotes[name].replace('"', "”") for name in kind.named} >= set(clauses)


def test_days_are_those_of_the_period(tmp_path: Path) -> None:
    quarters = days(2026, kinds(tmp_path, {"day_of_last_month": "25"}))
    assert quarters == [
        ("2026Q1", "2026-03-25"),
        ("2026Q2", "2026-06-25"),
        ("2026Q3", "2026-09-25"),
        ("2026Q4", "2026-12-25"),
    ]
    # ten working days after 2025Q4 and after the first three quarters of 2026, holidays and make-up days counted
    assert days(2026, kinds(tmp_path, {"working_days_after": "10"})) == [
        ("2025Q4", "2026-01-15"), ("2026Q1", "2026-04-15"), ("2026Q2", "2026-07-14"), ("2026Q3", "2026-10-20"),
    ]  # fmt: skip
    assert days(2026, kinds(tmp_path, {"rhythm": "year", "month_day": "01-15", "next_year": True})) == [
        ("2025", "2026-01-15")
    ]
    assert days(2026, kinds(tmp_path, {"rhythm": "year"})) == [("2026", None)]
    assert days(2026, kinds(tmp_path, {"rhythm": "event"})) == []


def test_a_working_day_term_beyond_the_published_holidays_is_provisional(tmp_path: Path) -> None:
    held = kinds(tmp_path, {"rhythm": "year", "working_days_after": "5"})
    empty = WorkingCalendar(frozenset(), frozenset(), 2024)
    (one,) = due_in(2026, Where("990101", Level.COUNTY), empty, held)
    assert one.provisional and one.day == date(2026, 1, 7)


def test_a_plan_binds_its_own_place_and_years(tmp_path: Path) -> None:
    held = kinds(tmp_path, {"place": "9902", "since": "2025-01-01", "until": "2026-07-01", "day_of_last_month": "10"})
    assert days(2026, held, "990201") == [("2026Q1", "2026-03-10"), ("2026Q2", "2026-06-10")]
    assert days(2026, held, "990101") == []
    assert [term.place for _kind, term in elsewhere(Where("990101", Level.COUNTY), held)] == ["9902"]
    assert elsewhere(Where("990201", Level.COUNTY), held) == []


def test_an_example_holds_nowhere(tmp_path: Path) -> None:
    held = kinds(tmp_path, {"example": True, "day_of_last_month": "25"})
    assert days(2026, held) == []
    assert len(elsewhere(Where("990101", Level.COUNTY), held)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"clause": ""}, "cites neither"),
        ({"bases": ["no.such"]}, "expected ids of data/bases"),
        ({"month_day": "03-31"}, "expected day_of_last_month"),
        ({"day_of_last_month": "31"}, "a day to 28"),
        ({"day_of_last_month": "25", "working_days_after": "3"}, "one day at most"),
        ({"rhythm": "year", "month_day": "02-29"}, "such as 03-31"),
        ({"rhythm": "event", "working_days_after": "3"}, "one day at most"),
        ({"rhythm": "weekly"}, "expected one of"),
        ({"somewhere": 1}, "unknown key"),
        ({"mark": "sure"}, "expected one of"),
    ],
)
def test_bad_data_is_refused(tmp_path: Path, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRuleData, match=said):
        kinds(tmp_path, wrong)


def test_the_key_is_the_same_when_it_is_made_again() -> None:
    where, calendar = Where("9901", Level.CITY), published_calendar()
    first, second = ([one.key for one in due_in(2026, where, calendar)] for _ in range(2))
    assert first == second and len(set(first)) == len(first)
    assert (files("soilrules") / "data" / "reports" / "due.yaml").is_file()

"""What a plot's events say to the gate."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from soilrules.enterprises.lists import Level
from soilrules.gate.fromlife import told_by
from soilrules.gate.kinds import ReportKind, StepKind
from soilrules.plots.state import Event, EventKind

E = EventKind


def event(kind: EventKind, on: str, **facts: Any) -> Event:
    return Event(kind, date.fromisoformat(on), Level.COUNTY, None, facts, id=f"{kind}-{on}")


def test_a_survey_within_limits_ends_the_step_and_is_a_report() -> None:
    told = told_by(
        [
            event(E.SURVEY_REQUIRED, "2024-01-10"),
            event(
                E.PRELIMINARY_WITHIN,
                "2024-06-01",
                report="BG-1",
                column="first",
                filed_on=date(2024, 6, 5),
                exceeds=False,
            ),
        ],
        "p",
    )
    (step,) = told.steps
    assert (step.kind, step.since, step.done_on) == (StepKind.SURVEY, date(2024, 1, 10), date(2024, 6, 1))
    (report,) = told.reports
    assert (report.kind, report.exceeds, report.land_class) == (ReportKind.PRELIMINARY, False, "class_1")
    assert (report.filed_on, report.number, report.plot) == (date(2024, 6, 5), "BG-1", "p")
    assert told.exceeds is False
    assert told.target_reached is None


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"residual_above_first_class": False}, "class_1"),
        ({"residual_above_first_class": False, "column": "second"}, "class_1"),
        ({"residual_above_first_class": True, "column": "first"}, "class_1"),
        ({"residual_above_first_class": True, "column": "second"}, "class_2"),
        ({"residual_above_first_class": True}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_an_evaluation_says_for_which_class_of_use_it_was_made(facts: dict[str, Any], wanted: str | None) -> None:
    (report,) = told_by([event(E.EFFECT_REACHED, "2026-06-01", evaluator=("x",), **facts)]).reports
    assert report.land_class == wanted


def test_a_removal_may_say_what_the_evaluation_did_not() -> None:
    evaluated = event(E.EFFECT_REACHED, "2026-06-01", evaluator=("x",))
    removed = event(E.REMOVAL_DECIDED, "2026-07-01", residual_above_first_class=False)
    (report,) = told_by([evaluated, removed]).reports
    assert (report.removed_on, report.land_class) == (date(2026, 7, 1), "class_1")


def test_an_assessment_without_need_of_control_says_for_which_class_of_use() -> None:
    (report,) = told_by([event(E.ASSESSED_NO_CONTROL, "2026-06-01", column="first")]).reports
    assert (report.needs_control, report.land_class) == (False, "class_1")


def test_a_plot_above_the_limits_owes_the_next_step() -> None:
    told = told_by([event(E.PRELIMINARY_EXCEEDS, "2024-06-01"), event(E.DETAILED_EXCEEDS, "2025-01-01")])
    assert [(one.kind, one.done_on) for one in told.steps] == [
        (StepKind.SURVEY, date(2025, 1, 1)),
        (StepKind.ASSESSMENT, None),
    ]
    assert told.exceeds is True


def test_works_that_miss_the_target_are_asked_again_as_what_they_were() -> None:
    events = [
        event(E.ASSESSED_CONTROL, "2024-01-01"),
        event(E.WORKS_FINISHED, "2024-06-01"),
        event(E.EFFECT_NOT_REACHED, "2024-12-01", evaluator=("x",)),
    ]
    told = told_by(events)
    assert [(one.kind, one.since, one.done_on) for one in told.steps] == [
        (StepKind.CONTROL, date(2024, 1, 1), date(2024, 6, 1)),
        (StepKind.EVALUATION, date(2024, 6, 1), date(2024, 12, 1)),
        (StepKind.CONTROL, date(2024, 12, 1), None),
    ]
    assert told.target_reached is False


def test_the_third_exit_carries_the_day_of_the_removal() -> None:
    events = [
        event(E.EFFECT_REACHED, "2025-01-01", evaluator=("x",), filed_on=date(2025, 1, 3)),
        event(E.REMOVAL_DECIDED, "2025-03-01"),
    ]
    (report,) = told_by(events).reports
    assert (report.reached, report.separate_party, report.removed_on) == (True, True, date(2025, 3, 1))
    (before,) = told_by(events[:1]).reports
    assert before.removed_on is None


def test_what_was_opened_again_frees_nothing() -> None:
    events = [event(E.PRELIMINARY_WITHIN, "2024-06-01", exceeds=False), event(E.REOPENED, "2025-06-01")]
    told = told_by(events)
    assert told.reports[0].withdrawn_on == date(2025, 6, 1)
    assert told.exceeds is None
    assert [(one.kind, one.done_on) for one in told.steps] == [(StepKind.SURVEY, None)]


def test_a_plot_taken_over_at_a_stage_owes_what_that_stage_asks() -> None:
    told = told_by([event(E.CARRIED_OVER, "2024-01-01", stage="S3")])
    assert [one.kind for one in told.steps] == [StepKind.ASSESSMENT]
    assert told.exceeds is True
    assert told_by([event(E.CARRIED_OVER, "2024-01-01", stage="S1")]).exceeds is None


def test_every_evaluation_of_the_example_district_says_for_which_use_it_was_made() -> None:
    table = Path(__file__).parents[2] / "examples" / "district" / "plots" / "事项.csv"
    with table.open(encoding="utf-8-sig") as lines:
        told = [json.loads(row["内容"]) for row in csv.DictReader(lines) if row["事项"] == "effect_reached"]
    assert len(told) >= 3
    for facts in told:
        (report,) = told_by([event(E.EFFECT_REACHED, "2026-06-01", **facts)]).reports
        assert report.land_class in ("class_1", "class_2")

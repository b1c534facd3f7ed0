"""Measures of plots not developed for now: done, not done, cannot say; with the plots as rows."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from desk.land_world import square
from desk.plot_world import PAPER, Plots, noon
from soildesk.kit import measures
from soildesk.kit.measures import MeasureResult, Outcome
from soildesk.plots.models import ControlYear, PlotVersion
from soildesk.plots.services import control, controlrounds
from soildesk.plots.services.control import Monitored, Terms
from soildesk.plots.services.controlrounds import Seen
from soilrules.plots.control import Medium

pytestmark = [pytest.mark.django_db]
D, N, C, X = Outcome.DONE, Outcome.NOT_DONE, Outcome.CANNOT_SAY, Outcome.NOT_APPLICABLE
NAMES = ("control_plans_filed", "control_rounds_walked", "control_media_monitored")
END = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def made(world: Any) -> Plots:
    return Plots(world)


@pytest.fixture
def waiting(made: Plots) -> PlotVersion:
    return made.to(made.plot("原青禾农药厂地块", square(0, 0), developed=False), "S3")


def ask(world: Any, name: str, on: date = END, *, who: str = "officer", known_on: date | None = None) -> MeasureResult:
    plan = SimpleNamespace(
        division=world.district,
        year=2026,
        period_start=None,
        period_end=None,
        doc_number="示例〔2026〕4号",
        title="方案",
    )
    subject = SimpleNamespace(plan=plan, number="3")
    return measures.get(f"plots.{name}").run(world.actor(who), subject, on, known_on or on)


def year(made: Plots, plot: PlotVersion, due: date | None = date(2026, 4, 30)) -> ControlYear:
    day = date(2026, 8, 31)
    media = dict.fromkeys(map(str, Medium), day) if due else {}
    terms = Terms(2026, due, "方案正文" if due else "", media, "方案正文" if due else "")
    return control.open_year([plot.plot], terms, by=made.officer, at=noon(date(2026, 2, 20)))[0]


@pytest.mark.store
def test_an_empty_register_proves_nothing_and_no_such_plot_is_not_applicable(made: Plots) -> None:
    assert [ask(made.world, name).outcome for name in NAMES] == [C, C, C]
    made.plot("未列入地块", square(0, 0), developed=False)
    assert [ask(made.world, name).outcome for name in NAMES] == [X, X, X]
    assert ask(made.world, NAMES[0], who="town").outcome is C


@pytest.mark.store
def test_what_is_owed_is_open_until_its_day_and_missed_after_it(made: Plots, waiting: PlotVersion) -> None:
    row = year(made, waiting)
    assert ask(made.world, NAMES[0], date(2026, 4, 30)).outcome is C
    assert ask(made.world, NAMES[0], date(2026, 5, 1)).outcome is N
    assert ask(made.world, NAMES[1], date(2026, 11, 20)).outcome is C
    assert ask(made.world, NAMES[1]).outcome is N
    assert ask(made.world, NAMES[2], date(2026, 9, 1)).outcome is N
    control.file_plan(row, date(2026, 4, 20), "", PAPER, by=made.officer, at=noon(date(2026, 4, 20)))
    answer = ask(made.world, NAMES[0])
    assert (answer.outcome, answer.numerator, answer.denominator) == (D, 1, 1)
    assert answer.rows[0].uid == str(waiting.plot.uid)
    assert ask(made.world, NAMES[0], date(2026, 4, 19)).outcome is C
    assert ask(made.world, NAMES[0], END, known_on=date(2026, 4, 19)).outcome is C


def test_a_plan_without_a_term_is_never_in_time(made: Plots, waiting: PlotVersion) -> None:
    row = year(made, waiting, None)
    control.file_plan(row, date(2026, 4, 20), "", PAPER, by=made.officer, at=noon(date(2026, 4, 20)))
    answer = ask(made.world, NAMES[0])
    assert (answer.outcome, "没有写明时限" in answer.rows[0].note) == (C, True)


def test_all_four_media_count(made: Plots, waiting: PlotVersion) -> None:
    row = year(made, waiting)
    for number, medium in enumerate(Medium):
        assert ask(made.world, NAMES[2], date(2026, 8, 30)).outcome is C
        on = date(2026, 6, 1 + number)
        row = control.monitored(row, Monitored(medium, on, report=PAPER), by=made.officer, at=noon(on))
    assert ask(made.world, NAMES[2]).outcome is D


def test_a_round_taken_back_does_not_count(made: Plots, waiting: PlotVersion) -> None:
    on = date(2026, 7, 1)
    one = controlrounds.record(waiting.plot, Seen(on, in_use=False), by=made.officer, at=noon(on))
    assert ask(made.world, NAMES[1]).outcome is D
    controlrounds.take_back(one, "走错地块", by=made.officer, at=noon(date(2026, 7, 5)))
    assert ask(made.world, NAMES[1]).outcome is N
    assert ask(made.world, NAMES[1], END, known_on=date(2026, 7, 3)).outcome is D


def test_of_a_plot_nobody_knows_to_be_developed_nobody_can_say(made: Plots, waiting: PlotVersion) -> None:
    made.to(made.plot("不清楚地块", square(4, 0)), "S3")
    on = date(2026, 7, 1)
    controlrounds.record(waiting.plot, Seen(on, in_use=False), by=made.officer, at=noon(on))
    answer = ask(made.world, NAMES[1])
    assert (answer.outcome, answer.numerator, answer.denominator) == (C, 1, 2)

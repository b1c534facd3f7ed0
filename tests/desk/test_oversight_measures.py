"""Measures of problems: done, not done, cannot say, as of a day and as known then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from clause_words import offered

from desk.enterprise_world import Firms
from desk.land_world import square, waste
from desk.oversight_world import Desk
from soildesk.kit import measures
from soildesk.kit.measures import MeasureResult, Outcome
from soildesk.land.services import patrols
from soildesk.land.services.patrols import Seen
from soildesk.oversight.services import problems

pytestmark = [pytest.mark.django_db]
D, N, C, X = Outcome.DONE, Outcome.NOT_DONE, Outcome.CANNOT_SAY, Outcome.NOT_APPLICABLE
NAMES = ("problems_settled", "problems_in_time")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


def ask(
    world: Any, name: str, on: date | None = None, *, who: str = "officer", known_on: date | None = None
) -> MeasureResult:
    plan = SimpleNamespace(
        division=world.district,
        year=2026,
        period_start=None,
        period_end=None,
        doc_number="青环委办〔2026〕4号",
        title="方案",
    )
    day = on or date(2026, 12, 31)
    subject = SimpleNamespace(plan=plan, number="3")
    return measures.get(f"oversight.{name}").run(world.actor(who), subject, day, known_on or day)


def told(answer: MeasureResult) -> tuple[Outcome, Any, Any]:
    return answer.outcome, answer.numerator, answer.denominator


@pytest.mark.store
def test_an_empty_list_proves_nothing(world: Any) -> None:
    for name in NAMES:
        assert ask(world, name).outcome is C
    Desk(world).problem("渗漏", due=date(2026, 12, 20))
    for name in NAMES:
        assert ask(world, name, date(2026, 11, 25)).outcome is X, "nothing has fallen due"
        assert ask(world, name, who="town").outcome is C, "who sees a part cannot say"


@pytest.mark.store
def test_late_is_settled_and_not_in_time(world: Any) -> None:
    """Each side of the day, as of each day."""
    desk = Desk(world)
    due = date(2026, 11, 20)
    on_time = desk.problem("甲", unit="agriculture", due=due)
    late = desk.problem("乙", unit="agriculture", due=due)
    none = desk.problem("丙", due=due)
    problems.dismiss(none, desk.done("officer", "不属实"))
    problems.settle(desk.answered(on_time), desk.done("officer"))
    assert told(ask(world, "problems_settled", date(2026, 11, 21))) == (N, 1, 2)
    desk.answered(late)
    next_day = desk.done("officer")
    next_day = replace(next_day, at=next_day.at + timedelta(days=1))
    actor = replace(next_day.by, today=date(2026, 11, 21))
    problems.settle(late, replace(next_day, by=actor))
    assert told(ask(world, "problems_settled")) == (D, 2, 2)
    assert told(ask(world, "problems_in_time")) == (N, 1, 2)
    assert told(ask(world, "problems_settled", known_on=date(2026, 11, 20))) == (D, 1, 1), "the other was not yet late"
    problems.reopen(late, replace(next_day, by=actor))
    assert told(ask(world, "problems_settled")) == (N, 1, 2)


def test_a_term_moved_by_who_set_it_counts_as_moved(world: Any) -> None:
    """And says so; one without a term cannot be said of."""
    desk = Desk(world)
    problem = desk.problem("甲", unit="agriculture", due=date(2026, 11, 15))
    assert told(ask(world, "problems_in_time")) == (N, 0, 1)
    problems.extend(problem, date(2026, 12, 1), desk.done("officer", "备件未到"))
    problems.settle(desk.answered(problem), desk.done("officer"))
    answer = ask(world, "problems_in_time")
    assert told(answer) == (D, 1, 1)
    assert "时限曾调整" in answer.rows[0].note
    desk.problem("乙")
    assert ask(world, "problems_in_time").outcome is C


def test_clauses_of_plans_find_them() -> None:
    """By the words plans use."""
    for clause, name in (
        ("督察反馈问题整改率达到100%", "problems_settled"),
        ("到期问题全部按期销号", "problems_in_time"),
    ):
        assert f"oversight.{name}" in offered(clause)


def walk(world: Any, land: Any, on: date, found: str = "nothing") -> Any:
    return patrols.record(
        land, Seen(found=found, on=on, note="东侧约 2 立方米"), by=world.actor("officer"), at=world.at
    )


def test_unused_land_is_patrolled_within_its_own_period(world: Any) -> None:
    assert ask(world, "unused_patrolled").outcome is C
    sand = waste(world, square(4, 0), "东河滩地")
    salt = waste(world, square(8, 0), "北洼盐碱地", patrol_every_months=12)
    assert told(ask(world, "unused_patrolled", date(2026, 7, 1))) == (C, 0, 2), "registered in January: none is due"
    walk(world, sand, date(2026, 8, 10))
    assert told(ask(world, "unused_patrolled", date(2026, 12, 31))) == (C, 1, 2)
    assert ask(world, "unused_patrolled", date(2027, 1, 10)).outcome is N, "the other was due on 5 January"
    walk(world, salt, date(2026, 9, 1))
    assert told(ask(world, "unused_patrolled")) == (D, 2, 2)
    assert told(ask(world, "unused_patrolled", known_on=date(2026, 7, 4))) == (C, 0, 2)
    assert told(ask(world, "unused_patrolled", date(2027, 2, 11))) == (N, 1, 2)
    assert ask(world, "unused_patrolled", who="town").outcome is C


def test_what_a_patrol_found_is_acted_upon(world: Any) -> None:
    assert ask(world, "patrol_findings_closed").outcome is C
    sand = waste(world, square(4, 0), "东河滩地")
    walk(world, sand, date(2026, 8, 10))
    assert ask(world, "patrol_findings_closed").outcome is X, "nothing was found"
    visit = walk(world, sand, date(2026, 9, 10), "dumping")
    assert told(ask(world, "patrol_findings_closed")) == (N, 0, 1)
    patrols.close(visit, "已清运", on=date(2026, 9, 20), by=world.actor("officer"), at=world.at)
    assert told(ask(world, "patrol_findings_closed")) == (D, 1, 1)
    assert ask(world, "patrol_findings_closed", date(2026, 9, 19)).outcome is C, "not known that day"


def test_the_drawn_are_visited_or_their_plan_is_not_over(world: Any) -> None:
    assert ask(world, "drawn_visited").outcome is C
    desk, firms = Desk(world), Firms(world)
    plants = [firms.firm(name, since=date(2020, 1, 1)) for name in ("甲厂", "乙厂")]
    plan = desk.plan(ends_on=date(2026, 11, 30))
    day = date(2026, 11, 25)
    assert told(ask(world, "drawn_visited", day)) == (C, 0, 2), "the plan runs on"
    desk.visit(plants[0], plan=plan)
    desk.visit(plants[1], plan=plan, found="not_met", note="停产，大门关闭")
    assert told(ask(world, "drawn_visited", day)) == (C, 1, 2)
    answer = ask(world, "drawn_visited", date(2026, 12, 1))
    assert (told(answer), answer.rows[0].note) == ((N, 1, 2), "未能检查，计划 2026-11-30 结束")
    desk.visit(plants[1], "防渗层破损", plan=plan)
    assert told(ask(world, "drawn_visited")) == (D, 2, 2)

"""Clauses a plan prints without a unit: shown apart, taken up or left by a person, none lost in silence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk import ledger_world
from soildesk.core.permissions import NotAllowed
from soildesk.plans.models import Plan, PlanTask, UnassignedClause
from soildesk.plans.queries.review import counts
from soildesk.plans.refusals import NotInReview, WrongState
from soildesk.plans.services import clauses, intake, publishing, review, whole_plan
from soildesk.plans.services.drafts import read_pasted
from soilrules.plantext.draft import Role

TEXT = ledger_world.TEXT + (
    "\n（五）公开信息。6月底前公开重点监管单位名录。\n\n三、保障措施\n\n（一）落实资金。统筹安排土壤污染防治资金，保障重点任务实施。\n\n"
    "（二）强化考核。每季度通报任务进展，结果纳入年度考核。\n\n四、督导检查\n\n定期开展督导。（区政府督查室负责）\n"
)
Decision = UnassignedClause.Decision
pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world: Any) -> Plan:
    place = intake.Place(world.district, world.departments["ecology"])
    source = intake.Source.of(TEXT.encode(), "方案.txt")
    return intake.import_plan(read_pasted(TEXT), source, place, by=world.actor("officer"), at=ledger_world.MARCH)


@pytest.fixture
def officer(world: Any) -> Client:
    return world.browser("officer")


def clause(plan: Plan, title: str) -> UnassignedClause:
    return plan.unassigned.get(title=title)


def test_they_stand_apart_from_the_tasks_with_their_words(plan: Plan) -> None:
    assert [(one.number, one.heading, one.decision) for one in plan.unassigned.all()] == [
        ("（五）", "公开信息", ""), ("（一）", "落实资金", ""), ("（二）", "强化考核", ""),
    ]  # fmt: skip
    assert counts(plan)["all"] == plan.tasks.count() == 5
    for one in plan.unassigned.all():
        ((start, end),) = one.reading["text"]["spans"]
        assert plan.document is not None and plan.document.text[start:end] == one.text


def test_taken_up_a_clause_is_a_task_in_its_place_and_waits_for_its_units(world: Any, plan: Plan) -> None:
    who = {"by": world.actor("officer"), "at": ledger_world.MARCH}
    task = clauses.take_up(clause(plan, "公开信息"), **who)
    assert [row.number for row in plan.tasks.all()] == ["（一）", "（二）", "（三）", "（四）", "（五）", "四"]
    assert len({row.position for row in plan.tasks.all()}) == 6
    assert (task.status, task.units.count()) == (PlanTask.Status.PROPOSED, 0)
    term = task.milestones.get()
    assert (term.text, term.last) == ("6月底前", date(2026, 6, 30))
    ((start, end),) = term.spans
    assert plan.document is not None and plan.document.text[start:end] == "6月底前"
    review.correct(task, review.Correction(units=[("区生态环境局", Role.LEAD)]), **who)
    review.accept_confident(plan, everything=True, **who)
    publishing.publish(plan, by=world.actor("issuer"), at=ledger_world.MARCH)
    assert task.assignments.get().department == world.departments["ecology"]
    assert next(event.kind for event in task.events.order_by("pk")) == "taken_up"


def test_each_is_decided_once_and_leaving_can_be_taken_back(world: Any, plan: Plan) -> None:
    who = {"by": world.actor("officer"), "at": ledger_world.MARCH}
    clauses.take_up(clause(plan, "公开信息"), **who)
    with pytest.raises(WrongState, match="已列为任务"):
        clauses.take_up(clause(plan, "公开信息"), **who)
    assert clauses.leave(plan, **who) == 2
    with pytest.raises(WrongState, match="不列为任务"):
        clauses.take_up(clause(plan, "落实资金"), **who)
    clauses.reopen(clause(plan, "落实资金"), **who)
    assert clauses.take_up(clause(plan, "落实资金"), **who).title == "落实资金"
    with pytest.raises(WrongState):
        clauses.reopen(clause(plan, "落实资金"), **who)


def test_only_the_office_decides_and_only_before_publication(world: Any, plan: Plan) -> None:
    with pytest.raises(NotAllowed):
        clauses.take_up(clause(plan, "落实资金"), by=world.actor("agriculture"), at=ledger_world.MARCH)
    review.accept_confident(plan, by=world.actor("officer"), at=ledger_world.MARCH, everything=True)
    publishing.publish(plan, by=world.actor("issuer"), at=ledger_world.MARCH)
    with pytest.raises(NotInReview):
        clauses.leave(plan, by=world.actor("officer"), at=ledger_world.MARCH)
    assert plan.unassigned.filter(decision=Decision.OPEN).count() == 3, "publishing decides nothing by itself"


def test_the_pages_count_them_open_them_and_say_what_is_undecided(world: Any, plan: Plan, officer: Client) -> None:
    url = reverse("plans:review", args=[plan.uid])
    page = officer.get(url).content.decode()
    assert "没有写明单位、未列为任务的条款" in page and "3 段待决定" in page and "of-unassigned" in page
    officer.post(reverse("plans:clause_act", args=[clause(plan, "公开信息").pk, "take"]))
    task = plan.tasks.get(title="公开信息")
    page = officer.get(url).content.decode()
    assert "2 段待决定" in page and f'href="#t{task.pk}"' in page
    ahead = officer.get(reverse("plans:publish", args=[plan.uid])).content.decode()
    assert "2 段没有写明单位的条款没有决定" in ahead
    again = officer.post(reverse("plans:clause_act", args=[clause(plan, "公开信息").pk, "leave"]), follow=True)
    assert "已列为任务，不能再作这个决定" in again.content.decode()
    officer.post(reverse("plans:leave_clauses", args=[plan.uid]))
    assert "都已决定" in officer.get(url).content.decode()
    assert "没有写明单位的条款没有决定" not in officer.get(reverse("plans:publish", args=[plan.uid])).content.decode()


def test_a_stranger_reaches_no_clause(world: Any, plan: Plan) -> None:
    stranger = Client()
    stranger.force_login(world.people["stranger"], backend="django.contrib.auth.backends.ModelBackend")
    for act in ("take", "leave", "reopen"):
        assert stranger.post(reverse("plans:clause_act", args=[clause(plan, "落实资金").pk, act])).status_code == 404


def test_a_draft_goes_with_its_clauses(world: Any, plan: Plan) -> None:
    clauses.take_up(clause(plan, "公开信息"), by=world.actor("officer"), at=ledger_world.MARCH)
    whole_plan.discard(plan, by=world.actor("officer"), at=ledger_world.MARCH)
    assert not UnassignedClause.objects.exists()

"""Problems: recorded once, put right by one person, accepted by another, their term changed by who set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from desk.enterprise_world import Firms
from desk.oversight_world import PICTURE, Desk
from soildesk.core.models import AuditEntry, Department, Duty, Person, RoleGrant
from soildesk.core.permissions import NotAllowed
from soildesk.oversight.models import Problem, ProblemAct
from soildesk.oversight.refusals import ProblemRefused
from soildesk.oversight.services import judging, problems
from soildesk.oversight.services.problems import Done, Order, Proof

DUE = date(2026, 12, 20)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def made(world: Any) -> Desk:
    desk = Desk(world)
    desk.second_officer()
    return desk


def code(act: Callable[[], Any]) -> str:
    """The code an act is refused with."""
    with pytest.raises(ProblemRefused) as refused:
        act()
    return refused.value.code


@pytest.mark.store
def test_from_record_to_acceptance_by_another(world: Any, made: Desk) -> None:
    """The whole way, with what is owed at each step."""
    problem = made.problem("地面防渗层破损")
    duty = Duty.objects.for_subject(problem).get()
    assert duty.kind == Duty.Kind.PROBLEM
    assert duty.unit == world.departments["ecology"], "who has not handed it over owes that"
    order = Order(world.departments["agriculture"], "修复", DUE)
    problem = problems.assign(problem, order, made.done("officer", ""))
    duty = Duty.objects.for_subject(problem).get()
    assert (duty.unit, duty.due) == (world.departments["agriculture"], DUE)
    problem = problems.measure(problem, made.done("agriculture", "已采购材料"))
    assert code(lambda: problems.answer(problem, made.done("agriculture", "好了"))) == "oversight.problem.no_evidence"
    problem = made.answered(problem)
    problem = problems.give_back(problem, made.done("officer", "缺检测报告"))
    assert (problem.state, problem.answered_by) == ("open", None)
    problem = made.answered(problem)
    problem = problems.settle(problem, made.done("officer"))
    assert (problem.state, problem.settled_on) == ("settled", date(2026, 11, 20))
    assert Duty.objects.for_subject(problem).get().done_on == date(2026, 11, 20)
    kinds = list(ProblemAct.objects.filter(problem=problem).values_list("kind", flat=True))
    assert kinds == ["found", "assigned", "measure", "answered", "returned", "answered", "settled"]
    acts = AuditEntry.objects.filter(act__startswith="oversight.problem").count()
    assert acts == len(kinds)


def test_who_answered_does_not_settle(world: Any, made: Desk) -> None:
    """Neither by the service nor past it."""
    problem = made.answered(made.problem("渗漏", unit="agriculture"), "officer")
    assert code(lambda: problems.settle(problem, made.done("officer"))) == "oversight.problem.same_person"
    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.filter(pk=problem.pk).update(
            state="settled", settled_on=date(2026, 11, 20), settled_by=world.people["officer"]
        )
    assert problems.settle(problem, made.done("second")).settled_by == world.people["second"]


def test_a_record_makes_one_problem(made: Desk) -> None:
    """The origin names it for ever, also once it was dismissed."""
    problem = made.problem("渗漏", origin="record:x")
    assert code(lambda: made.problem("别的话", origin="record:x")) == "oversight.problem.twice"
    assert code(lambda: problems.dismiss(problem, made.done("officer", " "))) == "oversight.problem.note_missing"
    problems.dismiss(problem, made.done("officer", "现场未见"))
    assert code(lambda: made.problem("渗漏", origin="record:x")) == "oversight.problem.twice"
    assert not Duty.objects.for_subject(problem).exists()


def test_a_term_is_changed_by_who_set_it(world: Any, made: Desk) -> None:
    """Ours by our own people, one of a body above by its letter alone."""
    ours = made.problem("渗漏", unit="agriculture", due=DUE)
    city = Person.objects.create(username="city", name="city", department=world.departments["city_ecology"])
    RoleGrant.objects.create(person=city, role=RoleGrant.Role.OFFICER, division=world.city)
    world.people["city"] = city
    later = date(2027, 1, 20)
    assert code(lambda: problems.extend(ours, later, made.done("city", "缓"))) == "oversight.problem.not_setter"
    assert problems.extend(ours, later, made.done("second", "备件未到")).due == later
    assert Duty.objects.for_subject(ours).get().due == later
    above = made.problem("渗漏二", due=DUE, due_body="省生态环境保护督察组")
    assert (
        code(lambda: problems.extend(above, later, made.done("officer", "缓"))) == "oversight.problem.document_missing"
    )
    problems.extend(above, later, made.done("officer", "缓"), document="督察函〔2026〕9号")
    assert "督察函〔2026〕9号" in above.acts.get(kind="extended").note
    assert [act.due for act in above.acts.all()] == [DUE, later]
    assert code(
        lambda: problems.assign(above, Order(world.departments["agriculture"], "", DUE), made.done("officer"))
    ) == ("oversight.problem.due")


def test_reopened_it_is_owed_again(made: Desk) -> None:
    """And may be settled again."""
    problem = problems.settle(made.answered(made.problem("渗漏", unit="agriculture")), made.done("officer"))
    assert code(lambda: problems.dismiss(problem, made.done("officer"))) == "oversight.problem.ended"
    problem = problems.reopen(problem, made.done("officer", "复查又发现"))
    assert (problem.state, problem.settled_on, problem.answered_by) == ("open", None, None)
    assert Duty.objects.for_subject(problem).get().done_on is None
    problem = problems.settle(made.answered(problem), made.done("second"))
    assert Duty.objects.for_subject(problem).get().done_on == date(2026, 11, 20)


def test_only_its_unit_and_the_office_work_on_it(world: Any, made: Desk) -> None:
    """Others see and do not write; a town sees what it must see to, wherever it lies."""
    problem = made.problem("渗漏", unit="agriculture")
    with pytest.raises(NotAllowed):
        problems.measure(problem, made.done("reader", "x"))
    with pytest.raises(NotAllowed):
        problems.settle(problem, made.done("agriculture"))
    assert not Problem.objects.visible_to(world.actor("town")).exists()
    town: Department = world.towns["柏庄镇"]
    problems.assign(problem, Order(town, "", None), made.done("officer", "属地"))
    assert Problem.objects.visible_to(world.actor("town")).get() == problem
    problems.measure(problem, made.done("town", "已到现场"))
    assert code(lambda: problems.measure(problem, made.done("agriculture", "x"))) == "oversight.problem.not_unit"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"fact": " "}, "fact_missing"),
        ({"source": "rumour"}, "choice"),
        ({"violation": "no_such"}, "choice"),
        ({"found_on": date(2026, 11, 21)}, "found"),
        ({"due": date(2026, 11, 9)}, "due"),
        ({"acted_on": date(2026, 11, 11)}, "acted"),
    ],
)
def test_what_cannot_be_is_refused(made: Desk, facts: dict[str, Any], expected: str) -> None:
    assert code(lambda: made.problem(**{"fact": "渗漏", **facts})) == f"oversight.problem.{expected}"


def test_the_law_is_chosen_by_a_person(made: Desk) -> None:
    """An act before the Code decided after it: both ranges, and no clause without a choice."""
    problem = made.problem("未报年报", acted_on=date(2026, 4, 1))
    act = judging.Act("no_toxic_report", date(2026, 4, 1), date(2026, 11, 20))
    assert [one.law.key for one in judging.ranges_of(act).penalties] == ["old", "new"]
    assert code(lambda: judging.cite(problem, act, "", made.done("officer"))) == "oversight.problem.law_missing"
    for law in ("old", "new"):
        cited = judging.cite(problem, act, law, made.done("officer"))
        assert cited.clause == next(one.citation for one in judging.ranges_of(act).penalties if one.law.key == law)
    now = judging.Act("no_toxic_report", date(2026, 9, 1), date(2026, 11, 20))
    assert judging.cite(problem, now, "", made.done("officer")).clause
    wrong = judging.Act("no_toxic_report", date(2026, 12, 1), date(2026, 11, 20))
    assert code(lambda: judging.ranges_of(wrong)) == "oversight.problem.acted"


def test_a_punishment_is_registered_once(made: Desk) -> None:
    """With its number, day and paper; never before the act nor after today."""
    problem = made.problem("未报年报", acted_on=date(2026, 9, 1))
    decision = judging.Decision("云环罚〔2026〕3号", date(2026, 11, 1), "云泽市生态环境局", "罚款三万元")
    judging.punish(problem, decision, made.done("officer"), [Proof("决定书.png", PICTURE)])
    assert problem.penalties.get().number == "云环罚〔2026〕3号"
    assert code(lambda: judging.punish(problem, decision, made.done("officer"))) == "oversight.problem.penalty"
    early = judging.Decision("云环罚〔2026〕4号", date(2026, 8, 1), "云泽市生态环境局", "罚款")
    assert code(lambda: judging.punish(problem, early, made.done("officer"))) == "oversight.problem.penalty"


def test_a_system_writes_under_its_own_name(world: Any, made: Desk) -> None:
    """A program may bring lists in; it accepts nothing."""
    from soildesk.core.permissions import system_actor

    by = system_actor("tests", world.day)
    problem = problems.record({"source": "letter", "fact": "渗漏"}, made.place(), by=by, at=world.at)
    problem = made.answered(problem, "officer")
    assert code(lambda: problems.settle(problem, Done(by, world.at, "好"))) == "oversight.problem.same_person"


def test_a_firm_bears_its_problems(world: Any, made: Desk) -> None:
    """The problem knows its firm; the firm's people see nothing of it."""
    firms = Firms(world)
    firm = firms.firm("青禾电镀有限公司")
    firms.representative(firm)
    made.problem("渗漏", enterprise=firm.enterprise)
    assert not Problem.objects.visible_to(world.actor("firm")).exists()

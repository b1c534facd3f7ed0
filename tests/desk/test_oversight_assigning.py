"""Many problems handed over at once: from the list, by one form, all of them or none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from desk.oversight_world import Desk
from soildesk.core.models import AuditEntry, Duty
from soildesk.core.permissions import NotAllowed
from soildesk.oversight.models import Problem
from soildesk.oversight.refusals import ProblemRefused
from soildesk.oversight.services import problems
from soildesk.oversight.services.problems import Order

pytestmark = pytest.mark.store
DUE, OWN = date(2026, 12, 20), date(2026, 12, 1)
ASSIGN = "/oversight/problems/assign"


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Desk(world)


def order(made: Desk, **said: Any) -> Order:
    return Order(**{"unit": made.world.departments["agriculture"], "requirement": "限期整改", "due": DUE, **said})


def test_all_go_to_one_department_and_keep_what_stands(made: Desk) -> None:
    plain = made.problem("地面防渗层破损")
    termed = made.problem("台账缺失", due=OWN, due_body="省督察组", requirement="补齐台账")
    assert problems.assign_many([plain, termed], order(made), made.done("officer", "")) == 2
    for one in (plain, termed):
        one.refresh_from_db()
        assert one.unit == made.world.departments["agriculture"]
    assert (plain.due, plain.requirement, plain.due_set_by) == (DUE, "限期整改", made.world.departments["ecology"])
    assert (termed.due, termed.requirement, termed.due_body) == (OWN, "补齐台账", "省督察组")
    assert AuditEntry.objects.filter(act="oversight.problem.assigned").count() == 2
    assert Duty.objects.filter(kind=Duty.Kind.PROBLEM, unit=plain.unit, done_on=None).count() == 2


def test_one_that_cannot_and_none_is_handed_over(made: Desk) -> None:
    free, other = made.problem("甲"), made.problem("乙", unit="housing")
    with pytest.raises(ProblemRefused, match=rf"{other.number}：改派请写明理由.*一个都没有交办"):
        problems.assign_many([free, other], order(made), made.done("officer", ""))
    free.refresh_from_db()
    assert free.unit is None
    answered = made.answered(made.problem("丙", unit="agriculture"))
    with pytest.raises(ProblemRefused, match="待验收"):
        problems.assign_many([free, answered], order(made), made.done("officer", "改派"))
    assert problems.assign_many([free, other], order(made), made.done("officer", "职责调整")) == 2


def test_who_may_not_settle_hands_nothing_over(made: Desk) -> None:
    with pytest.raises(NotAllowed):
        problems.assign_many([made.problem("甲")], order(made), made.done("agriculture", ""))


def test_too_many_at_once_are_refused(made: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problems, "MOST_AT_ONCE", 1)
    with pytest.raises(ProblemRefused, match="最多交办 1 个"):
        problems.assign_many([made.problem("甲"), made.problem("乙")], order(made), made.done("officer", ""))


def browser(made: Desk, who: str) -> Client:
    return made.world.browser(who)


def test_from_the_list_by_one_form(made: Desk) -> None:
    found = [made.problem(fact) for fact in ("甲", "乙", "丙")]
    client = browser(made, "officer")
    listed = client.get("/kit/r/problems/").content.decode()
    assert f'formaction="{ASSIGN}?' in listed
    page = client.post(f"{ASSIGN}?q=", {"key": [str(one.uid) for one in found[:2]], "act": "assign"})
    text = page.content.decode()
    assert page.status_code == 200 and "批量交办 2 个问题" in text and found[2].number not in text
    unit = str(made.world.departments["agriculture"].pk)
    keys = [str(one.uid) for one in found[:2]]
    lacking = client.post(ASSIGN, {"key": keys, "step": "save", "unit": ""})
    assert lacking.status_code == 422
    done = client.post(
        ASSIGN, {"key": keys, "step": "save", "unit": unit, "requirement": "限期整改", "due": "2026-12-20"}
    )
    assert done.status_code == 302
    assert Problem.objects.filter(unit=unit).count() == 2
    assert client.post(ASSIGN, {"key": ["nothing"], "act": "assign"}).status_code == 302


def test_those_that_cannot_be_handed_over_are_named_before(made: Desk) -> None:
    free, answered = made.problem("甲"), made.answered(made.problem("乙", unit="agriculture"))
    page = browser(made, "officer").post(ASSIGN, {"key": [str(free.uid), str(answered.uid)]}).content.decode()
    assert f"{answered.number}（待验收）" in page and f"{free.number}（" not in page


def test_all_that_a_filter_shows(made: Desk) -> None:
    for number in range(3):
        made.problem(f"堆场{number}")
    made.problem("台账缺失")
    text = browser(made, "officer").post(f"{ASSIGN}?q=堆场", {"all": "1", "act": "assign"}).content.decode()
    assert "批量交办 3 个问题" in text and "台账缺失" not in text


def test_nobody_else_sees_the_form_or_the_rows(made: Desk) -> None:
    held = made.problem("甲")
    for who in ("agriculture", "reader"):
        assert browser(made, who).post(ASSIGN, {"key": [str(held.uid)]}).status_code == 403, who
    answer = browser(made, "stranger").post(ASSIGN, {"key": [str(held.uid)]})
    assert answer.status_code == 302 and held.number not in answer.content.decode()

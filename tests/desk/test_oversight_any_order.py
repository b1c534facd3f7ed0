"""Problems under any order of acts: what is live is owed once, nothing ends without another person or a reason."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.conftest import made_world
from desk.oversight_world import PICTURE, Desk
from soildesk.core.errors import Refusal
from soildesk.core.models import AuditEntry, Duty
from soildesk.core.permissions import NotAllowed
from soildesk.oversight.models import Problem, ProblemAct
from soildesk.oversight.services import problems
from soildesk.oversight.services.problems import Done, Order, Proof

WHO = ("officer", "second", "agriculture", "town", "reader", "stranger")
NAMES = ("assign", "measure", "answer", "return", "settle", "dismiss", "reopen", "extend")
Kind, State = ProblemAct.Kind, Problem.State


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


def do(world: Any, problem: Problem, name: str, done: Done) -> None:
    """One act, whoever asks for it."""
    proof = [Proof("整改后.png", PICTURE)]
    acts = {
        "assign": lambda: problems.assign(problem, Order(world.departments["agriculture"], "修复", None), done),
        "measure": lambda: problems.measure(problem, done),
        "answer": lambda: problems.answer(problem, done, proof),
        "return": lambda: problems.give_back(problem, done),
        "settle": lambda: problems.settle(problem, done),
        "dismiss": lambda: problems.dismiss(problem, done),
        "reopen": lambda: problems.reopen(problem, done),
        "extend": lambda: problems.extend(problem, (problem.due or world.day) + timedelta(days=5), done),
    }
    acts[name]()


def holds(problem: Problem) -> None:
    """What is true of every problem at any time."""
    problem.refresh_from_db()
    open_ = list(Duty.objects.for_subject(problem).filter(done_on=None))
    live = problem.state in Problem.LIVE
    assert len(open_) == int(live)
    if live:
        assert open_[0].unit == (problem.unit or problem.owner_department)
        assert open_[0].due == problem.due
    acts = list(problem.acts.all())
    assert acts[0].kind == Kind.FOUND

    if problem.state == State.SETTLED:
        answered = [one for one in acts if one.kind == Kind.ANSWERED][-1]
        settled = [one for one in acts if one.kind == Kind.SETTLED][-1]
        assert answered.by_id != settled.by_id
        assert settled.note
    if problem.state == State.DISMISSED:
        assert [one for one in acts if one.kind == Kind.DISMISSED][-1].note
    told = [one.due for one in acts if one.due is not None]
    assert (told[-1] if told else None) == problem.due
    assert AuditEntry.objects.filter(subject_uid=problem.uid).count() == len(acts)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(WHO)), max_size=12), term=st.booleans())
def test_no_order_of_acts_loses_a_problem(steps: list[tuple[str, str]], term: bool) -> None:
    with transaction.atomic():
        world = made_world()
        desk = Desk(world)
        desk.second_officer()
        problem = desk.problem("渗漏", due=date(2026, 12, 1) if term else None)
        for name, who in steps:
            problem.refresh_from_db()
            with suppress(Refusal, NotAllowed), transaction.atomic():
                do(world, problem, name, desk.done(who, "理由"))
            holds(problem)
        transaction.set_rollback(True)

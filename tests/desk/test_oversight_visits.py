"""Plans drawn by a lot that anybody can draw again, and visits: never edited, their finds on the list of problems."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from shapely.geometry import Point

from desk.enterprise_world import Firms
from desk.oversight_world import PICTURE, Desk
from desk.plant_world import Plant
from soildesk.core.models import Duty
from soildesk.core.permissions import NotAllowed
from soildesk.land.services.patrols import Photo
from soildesk.oversight.models import Drawing, Problem, Visit
from soildesk.oversight.queries import visits as reads
from soildesk.oversight.queries.weights import weigh_all
from soildesk.oversight.refusals import OversightRefused
from soildesk.oversight.services import plans, visits
from soildesk.oversight.services.visits import Seen


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def firms(world: Any) -> list[Any]:
    """Six firms, the first a key unit near something sensitive."""
    made = Firms(world)
    found = [made.firm(f"第{n}化工厂", near_sensitive=n == 0) for n in range(6)]
    made.listed(found[0], "soil_key", date(2026, 3, 20))
    return found


def code(act: Callable[[], Any]) -> str:
    """The code an act is refused with."""
    with pytest.raises(OversightRefused) as refused:
        act()
    return refused.value.code


@pytest.mark.store
def test_anybody_draws_the_lot_again(world: Any, firms: list[Any]) -> None:
    """By the words of the page alone: seed, number, weight; then the desk's own check says the same."""
    plan = Desk(world).plan(3)
    rows = list(plan.drawings.select_related("enterprise"))
    assert len(rows) == 6
    assert sum(one.drawn for one in rows) == 3

    def turn(row: Drawing) -> float:
        ticket = int(sha256(f"{plan.seed}\n{row.enterprise.number}".encode()).hexdigest(), 16)
        return -math.log((ticket + 1) / (2**256 + 1)) / float(row.weight)

    assert [one.pk for one in sorted(rows, key=turn)] == [one.pk for one in rows]
    assert plans.drawn_again(plan)
    Drawing.objects.filter(pk=rows[-1].pk).update(weight=Decimal(50))
    assert not plans.drawn_again(plan)


def test_the_weights_say_why(world: Any, firms: list[Any]) -> None:
    """What is known raises the weight, what nobody knows is told and adds nothing."""
    desk = Desk(world)
    desk.problem("渗漏", enterprise=firms[1].enterprise)
    desk.visit(firms[2])
    found = {one.number: one for one in weigh_all(world.actor("issuer"), world.day)}
    first, second, third = (found[firms[n].enterprise.number] for n in range(3))
    assert {"soil_key", "near_sensitive", "long_unvisited"} <= set(first.reasons)
    assert {"former_problem", "complaint"} <= set(second.reasons)
    assert "long_unvisited" not in third.reasons
    assert {"open_hazard", "data_hint", "high_risk_ground"} <= set(third.unknown)
    only = weigh_all(world.actor("issuer"), world.day, "soil_key")
    assert [one.number for one in only] == [first.number]


def test_an_open_hazard_weighs_and_silence_is_unknown(world: Any) -> None:
    """Known to be none only where hazards were written down and all are verified."""
    plant = Plant(world)
    number = plant.firm.enterprise.number

    def weighed() -> Any:
        return next(one for one in weigh_all(world.actor("issuer"), world.day) if one.number == number)

    assert "open_hazard" in weighed().unknown
    hazard = plant.hazard(plant.inspection())
    assert "open_hazard" in weighed().reasons
    type(hazard).objects.filter(pk=hazard.pk).update(state="verified", rectified_on=world.day, verified_on=world.day)
    assert "open_hazard" not in {*weighed().reasons, *weighed().unknown}


def test_what_cannot_be_drawn_is_refused(world: Any, firms: list[Any]) -> None:
    desk = Desk(world)
    assert code(lambda: desk.plan(7)) == "oversight.plan.wanted"
    assert code(lambda: desk.plan(2, seed=" ")) == "oversight.plan.missing"
    assert code(lambda: desk.plan(2, ends_on=date(2026, 10, 1))) == "oversight.plan.days"
    assert code(lambda: desk.plan(2, list_key="cadmium")) == "oversight.plan.empty"
    with pytest.raises(NotAllowed):
        plans.close(desk.plan(2), by=world.actor("officer"), at=world.at)


def test_a_plan_is_owed_without_naming_a_firm(world: Any, firms: list[Any]) -> None:
    """One duty, done with the plan; its words name no firm."""
    plan = Desk(world).plan(2)
    duty = Duty.objects.for_subject(plan).get()
    assert not [one for one in firms if one.name in duty.title or one.enterprise.number in duty.title]
    plans.close(plan, by=world.actor("issuer"), at=world.at)
    assert Duty.objects.for_subject(plan).get().done_on == world.day
    assert code(lambda: plans.close(plan, by=world.actor("issuer"), at=world.at)) == "oversight.plan.state"


@pytest.mark.store
def test_a_visit_puts_its_finds_on_the_list(world: Any, firms: list[Any]) -> None:
    """With photographs; progress counts who was met."""
    desk = Desk(world)
    plan = desk.plan(6)
    photos = [Photo("门口.png", PICTURE)]
    visit = desk.visit(firms[0], "防渗层破损", "台账缺失", plan=plan, photos=photos, point=Point(114.3, 30.5))
    problems = list(reads.problems_of(visit))
    assert [one.fact for one in problems] == ["防渗层破损", "台账缺失"]
    assert {one.enterprise_id for one in problems} == {firms[0].enterprise_id}
    assert {one.source for one in problems} == {Problem.Source.VISIT}
    assert len(reads.files_of(visit)) == 1
    desk.visit(firms[1], plan=plan, found="not_met", note="停产，无人")
    row = reads.plans(world.actor("officer"), world.day).get()
    assert (row.units, row.visited) == (6, 1)
    assert len(reads.to_visit(world.actor("officer"))) == 5


def test_a_correction_supersedes(world: Any, firms: list[Any]) -> None:
    """Under the same number; what was written stays, with its photographs and problems."""
    desk = Desk(world)
    visit = desk.visit(firms[0], "防渗层破损", photos=[Photo("门口.png", PICTURE)])
    seen = Seen(date(2026, 11, 18), "甲、丙", "problems", "日期写错")
    by = {"by": world.actor("officer"), "at": world.at}
    assert code(lambda: visits.correct(visit, seen, " ", **by)) == "oversight.visit.missing"
    new = visits.correct(visit, seen, "日期写错", **by)
    assert new.number == visit.number
    assert reads.visits(world.actor("officer"), world.day).get() == new
    assert len(reads.told(new)) == 2
    assert len(reads.files_of(new)) == 1
    assert reads.problems_of(new).count() == 1
    assert code(lambda: visits.correct(visit, seen, "又错", **by)) == "oversight.visit.superseded"
    nothing = Seen(date(2026, 11, 18), "甲", "nothing")
    assert code(lambda: visits.correct(new, nothing, "没有", **by)) == "oversight.visit.problems"


def test_what_cannot_be_a_visit_is_refused(world: Any, firms: list[Any]) -> None:
    desk = Desk(world)
    plan = desk.plan(1)
    outside = next(one for one in firms if not plan.drawings.get(enterprise=one.enterprise).drawn)
    assert code(lambda: desk.visit(outside, plan=plan)) == "oversight.visit.plan"
    assert code(lambda: desk.visit(outside, on=date(2026, 11, 21))) == "oversight.visit.future"
    assert code(lambda: desk.visit(outside, found="problems")) == "oversight.visit.problems"
    assert code(lambda: desk.visit(outside, "渗漏", found="nothing")) == "oversight.visit.problems"
    assert code(lambda: desk.visit(outside, found="not_met")) == "oversight.visit.missing"
    assert code(lambda: desk.visit(outside, inspectors=" ")) == "oversight.visit.missing"
    assert code(lambda: desk.visit(outside, point=Point(0, 0))) == "oversight.visit.point"
    assert code(lambda: desk.visit(outside, photos=[Photo("x.exe", b"MZ")])) == "oversight.visit.photos"
    assert not Visit.objects.exists()

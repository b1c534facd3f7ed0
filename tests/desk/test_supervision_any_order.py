"""Acts in any order, through the services people use: what is overdue has its red slip after the next run, whatever was done before.

The rules alone are tried by `tests/rules/test_supervision_slips.py`; here are the rows, with the acts the rules do not know: sending
back, giving to another unit, taking a matter up again under another term, marking and unmarking, runs that were missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from desk.conftest import kept, made_world
from desk.ledger_world import published
from desk.oversight_world import PICTURE
from desk.supervision_world import BEGAN, Supervised, morning
from soildesk.core import duties
from soildesk.core.calendar import working_calendar
from soildesk.core.errors import Refusal
from soildesk.core.models import AuditEntry, Division, Duty
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.oversight.models import Problem
from soildesk.plans.models import Assignment
from soildesk.plans.services import work
from soildesk.supervision.models import Extension, Slip, Suspension
from soildesk.supervision.models.matters import matter_of
from soildesk.supervision.queries.facts import supervised
from soildesk.supervision.services import matters, ruling, slips
from soildesk.supervision.services.matters import Act, Granted, Paper
from soildesk.supervision.services.ruling import Version
from soilrules.deadlines import Due, State, state
from soilrules.supervision.slips import Colour

pytestmark = pytest.mark.django_db
LETTER = Paper("批复.png", PICTURE)


@pytest.fixture(scope="module")
def shared(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Supervised]:
    """The small plan at work and two problems under supervision, once for all tests of the file."""
    with django_db_blocker.unblock(), kept(tmp_path_factory.mktemp("anyorder")):
        world = made_world()
        published(world)
        made = Supervised(world)
        made.matter("地面防渗层破损", due=date(2026, 11, 13))
        made.matter("危废台账缺失", due=date(2026, 12, 1), unit="finance")
        yield made


class Play:
    """One run of acts by chance on the matters of a district; the clock goes on by a few days between them."""

    def __init__(self, made: Supervised, seed: int) -> None:
        self.made, self.chance, self.day = made, Random(seed), BEGAN
        self.plan_rows = Assignment.objects.select_related("task__plan__division", "department")
        self.told: list[str] = []

    def act(self, who: str) -> Act:
        return Act(self.by(who), morning(self.day), "原因已经写明。", (LETTER,))

    def by(self, who: str) -> Actor:
        return Actor.of(self.made.world.people[who], self.day)

    def any(self, rows: Any) -> Any:
        found = list(rows)
        if not found:
            raise NotAllowed("nothing there to act on")
        return self.chance.choice(found)

    def later(self) -> date:
        return self.day + timedelta(days=self.chance.randrange(1, 30))

    def duty(self) -> Duty:
        return self.any(Duty.objects.filter(unit__isnull=False).exclude(kind=Duty.Kind.SLIP).select_related("unit"))

    def row(self) -> Assignment:
        return self.any(self.plan_rows.order_by("pk"))

    def step(self, acts: list[Callable[[], object]]) -> None:
        act = self.chance.choice(acts)
        self.told.append(f"{self.day} {act.__name__}")
        before = AuditEntry.objects.count()
        try:
            act()
        except (Refusal, NotAllowed):
            assert AuditEntry.objects.count() == before, self.told

    # time and runs

    def days_pass(self) -> None:
        self.day += timedelta(days=self.chance.randrange(1, 9))

    def run(self) -> None:
        self.made.run(self.day)

    # what units do

    def report(self) -> None:
        done = self.chance.random() < 0.6
        ago = self.day - timedelta(days=self.chance.randrange(4))
        work.report(
            self.row(), work.Report("进展", claims_done=done, done_on=ago), by=self.by("officer"), at=morning(self.day)
        )

    def misdirect(self) -> None:
        work.misdirected(self.row(), why="转错了", by=self.by("officer"), at=morning(self.day))

    def answer(self) -> None:
        kind = self.chance.choice([Slip.Answer.REASON, Slip.Answer.MISDIRECTED])
        slips.answer(self.any(Slip.objects.order_by("pk")), kind, self.act("chief"))

    def ask_time(self) -> None:
        matters.ask_extension(self.duty(), self.later(), self.act("officer"))

    def ask_rest(self) -> None:
        matters.ask_suspension(self.duty(), Suspension.Cause.SEASON, self.later(), self.act("officer"))

    # what the office does

    def verify(self) -> None:
        work.verify(self.row(), by=self.by("issuer"), at=morning(self.day))

    def send_back(self) -> None:
        work.send_back(self.row(), why="缺材料", by=self.by("issuer"), at=morning(self.day))

    def give_to_another(self) -> None:
        to = self.any(list(self.made.world.departments.values())[:6])
        work.reassign(self.row(), to, why="调整分工", by=self.by("issuer"), at=morning(self.day))

    def grant_time(self) -> None:
        to = self.day + timedelta(days=self.chance.randrange(0, 30))
        body = self.chance.random() < 0.6
        granted = Granted(to, "区人民政府", "青政函〔2026〕8号") if body else Granted(to)
        matters.grant_extension(self.any(Extension.objects.order_by("pk")), granted, self.act("chief"))

    def refuse_time(self) -> None:
        matters.refuse_extension(self.any(Extension.objects.order_by("pk")), self.act("chief"))

    def grant_rest(self) -> None:
        matters.grant_suspension(self.any(Suspension.objects.order_by("pk")), self.act("chief"))

    def end_rest(self) -> None:
        matters.end_suspension(self.any(Suspension.objects.order_by("pk")), self.act("chief"))

    def important(self) -> None:
        matters.mark_important(self.duty(), self.act("chief"))

    def important_no_more(self) -> None:
        matters.unmark_important(self.duty(), self.act("chief"))

    def another_version(self) -> None:
        changes = self.chance.choice([{"near": {"days": 9}}, {"slow": {"in_use": False}}, {"after_red_1": {"days": 1}}])
        version = Version(self.day, changes=changes, ground="青环委办〔2026〕5号")
        ruling.set_rules(self.made.world.district, version, by=self.made.by(self.day), at=morning(self.day))

    # what other rooms do to what is owed

    def another_term(self) -> None:
        """The record of a problem says another day, or is settled and opened again."""
        problem = self.any(Problem.objects.order_by("pk"))
        (held,) = Duty.objects.for_subject(problem)
        spec = duties.DutySpec(Duty.Kind.PROBLEM, held.title, held.unit, due=self.later() - timedelta(days=10))
        duties.replace_for(problem, [spec], by=self.made.by(self.day), life=duties.Life(BEGAN))

    def settled(self) -> None:
        duties.done(self.duty(), on=self.day, by=self.made.by(self.day), evidence=[{"type": "x", "id": 1}])

    def opened_again(self) -> None:
        duties.reopen(
            self.any(Duty.objects.exclude(done_on=None).exclude(kind=Duty.Kind.SLIP)), by=self.made.by(self.day)
        )

    def everything(self) -> list[Callable[[], object]]:
        seldom = [
            self.report, self.misdirect, self.answer, self.ask_time, self.ask_rest, self.verify, self.send_back, self.give_to_another,
            self.grant_time, self.refuse_time, self.grant_rest, self.end_rest, self.important, self.important_no_more,
            self.another_version, self.another_term, self.settled, self.opened_again,
        ]  # fmt: skip
        return [
            *seldom,
            self.run,
            *[self.days_pass] * 5,
            self.ask_time,
            self.grant_time,
            self.ask_rest,
            self.grant_rest,
        ]


def check(place: Division, day: date, told: list[str]) -> int:
    """After a run, everything that is late on the day and does not rest has its red slip; returns how many are late."""
    resting = {
        one.matter
        for one in Suspension.objects.exclude(since=None)
        if one.since and one.since <= day < min(one.until, one.ended_on or one.until)
    }
    late = 0
    for duty in supervised(place, [place]).filter(done_on=None, live_from__lte=day):
        held = Due(due=duty.due, done_on=duty.done_on, issued_on=duty.issued_on)
        if (duty.live_until and duty.live_until <= day) or state(held, day, working_calendar()) is not State.OVERDUE:
            continue
        late += 1
        red = Slip.objects.filter(matter=matter_of(duty), due=duty.due, rule="overdue")
        if matter_of(duty) not in resting:
            assert red.exists(), (told, duty.title, duty.due, duty.unit)
        assert set(red.values_list("colour", flat=True)) <= {Colour.RED.value}, told
    return late


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_the_overdue_is_flagged_by_the_next_run(shared: Supervised, db: None, seed: int) -> None:
    play, late = Play(shared, seed), 0
    for _n in range(45):
        play.step(play.everything())
        if play.told[-1].endswith("run"):
            late += check(shared.world.district, play.day, play.told)
    play.day += timedelta(days=40)
    play.run()
    assert late + check(shared.world.district, play.day, play.told), "something was late, so that the test could fail"
    keys = list(Slip.objects.values_list("matter", "key"))
    assert len(keys) == len(set(keys)), "no slip is issued twice"
    before = Slip.objects.count()
    play.run()
    assert Slip.objects.count() == before, "a second run of the day issues nothing"

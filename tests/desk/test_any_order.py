"""Acts in any order: whatever people do one after the other, a plan stays consistent and no date passes unseen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import ledger_world
import pytest
from django.db.models import Q

from soildesk.core import audit
from soildesk.core.errors import Refusal
from soildesk.core.models import AuditEntry, Duty
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.plans.models import Assignment, ClosingRow, Milestone, Plan, PlanTask, ProgressEntry, TaskUnit
from soildesk.plans.queries.states import standings
from soildesk.plans.services import answers, closing, intake, publishing, review, settling, succession, whole_plan, work
from soildesk.plans.services.drafts import read_pasted
from soildesk.plans.services.settling import choices
from soilrules.deadlines.tasks import TaskState
from soilrules.plantext.draft import Role

ANNEX = """
附件
青禾区2026年土壤污染防治任务分工明细表

序号\t重点工作\t目标任务\t完成时限\t牵头单位\t配合单位
1\t开展隐患排查\t土壤污染重点监管单位完成隐患排查，建立隐患排查台账\t11月15日前\t区科工信局\t区生态环境局
2\t加强监测\t开展土壤环境例行监测，完成点位核实\t2月底前\t区生态环境局\t区农业农村局
3\t开展培训\t组织业务培训\t每年9月底前\t区财政局\t区生态环境局
"""
TEXT = ledger_world.TEXT + ANNEX
START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
DAY = START.date()
DONE = (Assignment.State.REPORTED, Assignment.State.VERIFIED)


def taken_in(world: Any, text: str = TEXT) -> Plan:
    """The small plan with its table, under review."""
    place = intake.Place(world.district, world.departments["ecology"])
    return intake.import_plan(
        read_pasted(text), intake.Source.of(text.encode()), place, by=world.actor("officer"), at=ledger_world.MARCH
    )


def say_of_changed(plan: Plan, chance: Random, *, by: Actor, at: datetime) -> None:
    """Each changed task is the one of the edition before, or it is not; then another may be it. Each is asked once."""
    asked: set[int] = set()
    while left := succession.waiting(succession.proposals(plan, by.today)):
        one = left[0]
        assert one.old and one.task.pk not in asked
        asked.add(one.task.pk)
        if chance.random() < 0.5:
            succession.confirm(one.task, one.old, by=by, at=at)
        else:
            succession.deny(one.task, by=by, at=at)


class Play:
    """One run of acts by chance: `step` does one, or is refused and has changed nothing."""

    def __init__(self, world: Any, seed: int) -> None:
        self.world, self.chance, self.moment = world, Random(seed), START
        self.by: Actor = world.actor("issuer", DAY)
        self.other: Actor = world.actor("officer", DAY)
        self.plan = taken_in(world)
        self.told: list[str] = []

    def any(self, rows: Any) -> Any:
        found = list(rows)
        return self.chance.choice(found) if found else None

    def step(self, acts: list[Callable[[], object]]) -> None:
        """One act: done with one entry of the chain, or refused with none."""
        act = self.chance.choice(acts)
        self.moment += timedelta(minutes=1)
        self.plan = Plan.objects.get(pk=self.plan.pk)
        before = AuditEntry.objects.count()
        try:
            act()
            self.told.append(act.__name__)
            allowed = {0, 1, 2, 3} if act.__name__ in {"publish", "edition"} else {0, 1}
            assert AuditEntry.objects.count() - before in allowed, self.told
        except (Refusal, NotAllowed) as refusal:
            self.told.append(f"{act.__name__}: {refusal}"[:60])
            assert AuditEntry.objects.count() == before, self.told

    # the review

    def task(self) -> PlanTask:
        return self.any(self.plan.tasks.select_related("plan__division"))

    def accept(self) -> None:
        review.accept(self.task(), by=self.by, at=self.moment)

    def reject(self) -> None:
        review.reject(self.task(), why="重复", by=self.by, at=self.moment)

    def reopen(self) -> None:
        review.reopen(self.task(), by=self.by, at=self.moment)

    def correct_units(self) -> None:
        names = self.chance.sample(["区生态环境局", "区财政局", "区水利局", "区民政办", "柏庄镇"], 2)
        wanted = [(name, self.chance.choice(list(Role))) for name in names]
        review.correct(self.task(), review.Correction(units=wanted), by=self.by, at=self.moment)

    def correct_deadline(self) -> None:
        text = self.chance.choice(["10月底前", "每年3月底前", "长期", "适时", "2026年12月10日前", ""])
        review.correct(self.task(), review.Correction(deadline_text=text), by=self.by, at=self.moment)

    def split(self) -> None:
        task = self.task()
        review.split(task, [self.chance.randrange(1, max(2, len(task.text)))], by=self.by, at=self.moment)

    def merge(self) -> None:
        review.merge([self.task()], self.task(), by=self.by, at=self.moment)

    def settle(self) -> None:
        row = self.any(self.plan.conflicts.select_related("plan__division"))
        settling.settle(row, self.chance.choice(choices(row)), "以此为准", by=self.by, at=self.moment)

    def answer(self) -> None:
        names = list(TaskUnit.objects.filter(task__plan=self.plan).values_list("name", flat=True).distinct())
        chosen = self.chance.sample(list(self.world.departments.values())[:6], self.chance.choice([1, 1, 2]))
        answers.answer_unit(self.plan, self.any(names), chosen, by=self.by, at=self.moment)

    def publish(self) -> None:
        publishing.publish(self.plan, by=self.by, at=self.moment)

    # the work

    def row(self) -> Assignment:
        return self.any(Assignment.objects.filter(task__plan=self.plan).select_related("task__plan", "department"))

    def receive(self) -> None:
        work.receive(self.row(), by=self.by, at=self.moment)

    def report(self) -> None:
        row = self.row()
        owed = Duty.objects.for_subject(row.task).of_unit(row.department_id).values_list("period", flat=True)
        said = work.Report(
            text="进展",
            claims_done=self.chance.random() < 0.6,
            done_on=DAY - timedelta(days=self.chance.randrange(60)),
            unfinished_why=self.chance.choice(["", "", "缺资金"]),
            period=self.chance.choice(["", *owed]),
        )
        work.report(row, said, by=self.by, at=self.moment)

    def verify(self) -> None:
        row, by = self.row(), self.chance.choice([self.by, *[self.other] * 3])
        own = row.entries.filter(verified_at=None, claims_done=True, by=by.person).exists()
        work.verify(row, by=by, at=self.moment)
        assert not own, (self.told, "verified by who reported it")

    def send_back(self) -> None:
        work.send_back(self.row(), why="缺材料", by=self.by, at=self.moment)

    def misdirect(self) -> None:
        work.misdirected(self.row(), why="转错了", by=self.by, at=self.moment)

    def reassign(self) -> None:
        to = self.any([None, *list(self.world.departments.values())[:8]])
        work.reassign(self.row(), to, why="调整分工", by=self.by, at=self.moment)

    def edition(self) -> None:
        newer = taken_in(self.world, TEXT.replace("营造", f"形成{len(self.told)}"))
        review.accept_confident(newer, by=self.by, at=self.moment, everything=True)
        say_of_changed(newer, self.chance, by=self.by, at=self.moment)
        publishing.publish(newer, by=self.by, at=self.moment)

    def close(self) -> None:
        fates = {
            task: closing.Fate(ClosingRow.Outcome.ENDED, "任务取消")
            for task in closing.open_tasks(self.plan, self.moment)
        }
        closing.close(self.plan, fates, by=self.by, at=self.moment)


def check(plan: Plan, told: list[str]) -> None:
    """What holds after every act."""
    plan.refresh_from_db()
    for task in plan.tasks.all():
        gone = {"merged": bool(task.merged_into_id), "split": task.parts.exists()}
        assert gone.get(task.status, True) and (task.status in gone or not any(gone.values())), told
    alive = set(
        PlanTask.objects.filter(plan__stage=Plan.Stage.PUBLISHED, status=PlanTask.Status.ACCEPTED).values_list(
            "pk", flat=True
        )
    )
    live = Duty.objects.live_on(DAY)
    assert set(live.filter(done_on=None).values_list("subject_id", flat=True)) <= alive, told
    if plan.stage == Plan.Stage.PUBLISHED:
        _check_work(plan, told)


def _check_work(plan: Plan, told: list[str]) -> None:
    tasks = list(plan.tasks.filter(status=PlanTask.Status.ACCEPTED))
    stands = standings([task.pk for task in tasks], DAY)
    for task in tasks:
        duties = list(Duty.objects.for_subject(task))
        open_ones = [duty for duty in duties if duty.done_on is None]
        keys = Counter((duty.kind, duty.unit_id, duty.period, duty.title) for duty in open_ones)
        assert not [key for key, count in keys.items() if count > 1], (told, keys)
        at_work = set(
            task.assignments.exclude(state=Assignment.State.WITHDRAWN).values_list("department_id", flat=True)
        )
        assert {duty.unit_id for duty in open_ones} - {None} <= at_work, (
            told,
            "an open term of a unit that has not the task",
        )
        printed = Milestone.objects.filter(task=task, completion=True, overruled_by=None, last__isnull=False)
        assert {term.last for term in printed} <= {duty.due for duty in duties}, (told, "a date nobody owes")
        late = [
            d
            for d in open_ones
            if d.due and d.due < DAY and not d.internal and (not d.issued_on or d.due >= d.issued_on)
        ]
        assert (stands[task.pk].state is TaskState.OVERDUE) == bool(late), (told, task.heading)
        assert 0 <= stands[task.pk].done_units <= stands[task.pk].units == len(at_work), told
        _check_units(task, open_ones, told)


def _check_units(task: PlanTask, open_ones: list[Duty], told: list[str]) -> None:
    dated = {duty.unit_id for duty in open_ones if duty.kind != Duty.Kind.STANDING_CHECK}
    for row in task.assignments.all():
        if row.state in DONE:
            assert row.department_id not in dated, (told, "reported done, and a term is open")
            assert row.reported_on, told
        assert (row.state == Assignment.State.VERIFIED) <= (row.verified_at is not None), told
        assert row.state != Assignment.State.RETURNED or not row.verified_at, told
    entries = set(ProgressEntry.objects.filter(assignment__task=task).values_list("pk", flat=True))
    for duty in Duty.objects.for_subject(task).filter(~Q(done_on=None)):
        assert any(item["id"] in entries for item in duty.evidence), (told, "done without a report")


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5, 104, 108])
def test_any_order_of_acts_leaves_a_plan_whole(world: Any, seed: int) -> None:
    play = Play(world, seed)
    for _n in range(22):
        play.step(
            [
                play.accept,
                play.reject,
                play.reopen,
                play.correct_units,
                play.correct_deadline,
                play.split,
                play.merge,
                play.settle,
                play.settle,
                play.answer,
                play.publish,
            ]
        )
        check(play.plan, play.told)
    review.accept_confident(play.plan, by=play.by, at=play.moment, everything=True)
    publishing.publish(Plan.objects.get(pk=play.plan.pk), by=play.by, at=play.moment)
    for _n in range(45):
        play.step(
            [
                play.receive,
                play.report,
                play.report,
                play.report,
                play.verify,
                play.send_back,
                play.misdirect,
                play.reassign,
                play.settle,
                play.answer,
                play.accept,
                play.split,
            ]
        )
        check(play.plan, play.told)
    older = play.plan
    play.edition()
    check(older, play.told)
    assert older.stage == Plan.Stage.SUPERSEDED
    play.plan = Plan.objects.get(stage=Plan.Stage.PUBLISHED)
    play.close()
    check(play.plan, play.told)
    assert audit.verify().ok


def test_only_one_edition_counts_however_many_drafts_lie_between(world: Any) -> None:
    issuer = world.actor("issuer")
    first = taken_in(world)
    review.accept_confident(first, by=issuer, at=START, everything=True)
    publishing.publish(first, by=issuer, at=START)
    draft = taken_in(world, TEXT.replace("营造", "形成"))
    third = taken_in(world, TEXT.replace("营造", "打造"))
    for plan in (third, draft):
        review.accept_confident(plan, by=issuer, at=START, everything=True)
        say_of_changed(plan, Random(0), by=issuer, at=START)
        publishing.publish(plan, by=issuer, at=START)
        assert list(Plan.objects.filter(stage=Plan.Stage.PUBLISHED)) == [plan]
    old = taken_in(world, TEXT.replace("营造", "塑造"))
    review.accept_confident(old, by=issuer, at=START, everything=True)
    publishing.publish(old, by=issuer, at=START, as_history=True)
    assert list(Plan.objects.filter(stage=Plan.Stage.PUBLISHED)) == [draft], "history replaces nothing"


def test_a_second_decision_takes_a_dropped_task_back(world: Any) -> None:
    plan = taken_in(world)
    task = plan.tasks.get(title="开展培训")
    conflict = plan.conflicts.create(
        position=99, kind="only_in_table", sides=[{"text": "", "spans": [], "subject": str(task.uid)}]
    )
    conflict.tasks.add(task)
    settling.settle(conflict, "drop", " 不属本级 ", by=world.actor("issuer"), at=START)
    task.refresh_from_db()
    assert task.status == PlanTask.Status.REJECTED
    settling.settle(conflict, "keep", "仍须办理", by=world.actor("issuer"), at=START)
    task.refresh_from_db()
    assert task.status == PlanTask.Status.PROPOSED


def test_a_decision_holds_for_the_parts_of_a_task_split_before_or_after(world: Any) -> None:
    issuer = world.actor("issuer")
    plan = taken_in(world)
    conflict = plan.conflicts.get(kind="deadlines_differ")
    body, row = conflict.tasks.order_by("position")

    def dates(task: PlanTask) -> set[Any]:
        return {
            term.last
            for part in task.parts.all()
            for term in part.milestones.filter(overruled_by=None, completion=True)
        }

    review.split(body, [body.text.index("，")], by=issuer, at=START)
    assert dates(body) == {datetime(2026, 10, 31, tzinfo=UTC).date()}
    settling.settle(conflict, "1", "以附表为准", by=issuer, at=START)
    assert dates(body) == {datetime(2026, 11, 15, tzinfo=UTC).date()}
    settling.settle(conflict, "0", "以正文为准", by=issuer, at=START)
    assert dates(body) == {datetime(2026, 10, 31, tzinfo=UTC).date()}
    review.merge([row], body.parts.first(), by=issuer, at=START)
    assert dates(body) == {datetime(2026, 10, 31, tzinfo=UTC).date()}, "the losing date does not come back with a merge"


def test_what_was_set_for_a_standing_task_survives_an_acceptance_taken_back(world: Any) -> None:
    task = ledger_world.taken_in(world).tasks.get(number="（四）")
    officer = world.actor("officer")
    review.accept(task, by=officer, at=START, standing=review.Standing(action="开展宣传"))
    review.reopen(task, by=officer, at=START)
    review.accept(task, by=officer, at=START)
    assert PlanTask.objects.get(pk=task.pk).standing_order.action == "开展宣传"


def test_acts_on_an_old_copy_see_what_happened_meanwhile(world: Any) -> None:
    """What two requests read before either wrote: the second is refused, or finds the work done."""
    issuer, plan = world.actor("issuer"), ledger_world.taken_in(world)
    mine, yours = PlanTask.objects.get(pk=plan.tasks.first().pk), PlanTask.objects.get(pk=plan.tasks.first().pk)
    review.split(mine, [5], by=issuer, at=START)
    with pytest.raises(Refusal, match="已拆分"):
        review.accept(yours, by=issuer, at=START)
    review.accept_confident(plan, by=issuer, at=START, everything=True)
    copies = [Plan.objects.get(pk=plan.pk) for _n in range(3)]
    publishing.publish(copies[0], by=issuer, at=START)
    with pytest.raises(Refusal, match="已发布"):
        publishing.publish(copies[1], by=issuer, at=START)
    with pytest.raises(Refusal, match="已发布"):
        whole_plan.correct_head(copies[2], whole_plan.PlanHead("另一个名称"), by=issuer, at=START)
    rows = [
        Assignment.objects.select_related("task__plan", "department").filter(task__plan=plan).first() for _n in range(2)
    ]
    for row in rows:
        work.receive(row, by=issuer, at=START)
    assert rows[0].task.events.filter(kind="received", department=rows[0].department).count() == 1


def test_a_unit_named_after_publication_gets_the_task_and_its_terms(world: Any) -> None:
    plan = taken_in(world, TEXT.replace("区财政局\t", "区民政办\t"))
    review.accept_confident(plan, by=world.actor("issuer"), at=START, everything=True)
    publishing.publish(plan, by=world.actor("issuer"), at=START)
    task = TaskUnit.objects.get(name="区民政办", role=Role.LEAD).task
    nobody = Duty.objects.for_subject(task).filter(unit=None)
    before = AuditEntry.objects.count()
    owed_before = set(Duty.objects.for_subject(task).values_list("unit", flat=True))
    answers.answer_unit(plan, "区民政办", [world.departments["health"]], by=world.actor("officer"), at=START)
    assert AuditEntry.objects.count() == before + 1
    row = task.assignments.get(department=world.departments["health"])
    assert row.state == Assignment.State.SENT and row.role == Role.LEAD
    assert Duty.objects.for_subject(task).of_unit(row.department_id).filter(due="2026-09-30").exists()
    assert not nobody.exists() and owed_before
    with pytest.raises(Refusal, match="没有"):
        answers.answer_unit(
            plan, "从未写过的单位" * 40, [world.departments["health"]], by=world.actor("officer"), at=START
        )


def test_a_dated_task_without_any_unit_is_late_all_the_same(world: Any) -> None:
    plan = taken_in(world)
    task = plan.tasks.get(number="（一）", origin="body")
    review.correct(task, review.Correction(units=[("区某某办", Role.LEAD)]), by=world.actor("issuer"), at=START)
    review.accept_confident(plan, by=world.actor("issuer"), at=START, everything=True)
    publishing.publish(plan, by=world.actor("issuer"), at=START)
    assert not task.assignments.exists()
    assert standings([task.pk], DAY)[task.pk].state is TaskState.OVERDUE


def test_a_task_is_not_taken_from_the_only_unit_that_owes_it(world: Any) -> None:
    plan = ledger_world.published(world)
    row = ledger_world.at_unit(plan, "（一）", world.departments["ecology"])
    with pytest.raises(Refusal, match="唯一"):
        work.reassign(row, None, why="撤销", by=world.actor("officer"), at=START)
    with pytest.raises(Refusal, match="已在"):
        work.reassign(row, row.department, why="改派", by=world.actor("officer"), at=START)
    taker = work.reassign(row, world.departments["industry"], why="改派", by=world.actor("officer"), at=START)
    assert taker.role == Role.LEAD, "the supporting unit now leads"
    back = work.reassign(taker, world.departments["ecology"], why="退回原单位", by=world.actor("officer"), at=START)
    assert (back.state, back.received_at) == (Assignment.State.SENT, None), "it signs again"
    with pytest.raises(Refusal, match="已撤销"):
        work.reassign(taker, world.departments["water"], why="再改派", by=world.actor("officer"), at=START)

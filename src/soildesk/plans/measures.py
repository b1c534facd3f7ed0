"""Measures that need only plans: published, complete, answered, evidenced, on time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.core import clock
from soildesk.core.models import Duty
from soildesk.kit.measures import Kind, MeasureResult, Outcome, Proof, Reason, measure_of_many
from soildesk.plans.models import Assignment, DocumentFiling, Plan, PlanTask, ProgressEntry
from soildesk.plans.queries import documents, rates
from soildesk.plans.queries.evidence import reads_all
from soildesk.plans.queries.states import end_of
from soildesk.plans.queries.taskrows import Task

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

TASK = "plans.plantask"
Filed = DocumentFiling.Outcome


def _ratio(proofs: list[Proof], on: date, *, done: str, lacking: str, nothing: str, basis: str) -> MeasureResult:
    """All rows count: done; some do not: not done; no rows at all: not applicable, with the reason."""
    good = sum(proof.counts for proof in proofs)
    if not proofs:
        return MeasureResult(Outcome.NOT_APPLICABLE, Reason(nothing), on, basis=basis)
    outcome = Outcome.DONE if good == len(proofs) else Outcome.NOT_DONE
    reason = Reason(done if outcome is Outcome.DONE else lacking, {"good": good, "all": len(proofs)})
    return MeasureResult(outcome, reason, on, good, len(proofs), "", tuple(proofs), basis)


def _basis(task: Task) -> str:
    return f"{task.plan.doc_number or task.plan.title} {task.number}".strip()


def _not_known(task: Task, on: date, known_on: date) -> MeasureResult | None:
    """A plan nobody had published by then says nothing about its tasks."""
    published = task.plan.published_at
    if published is not None and clock.local_day(published) <= min(on, known_on):
        return None
    reason = Reason(gettext_noop("方案在该日尚未发布，没有记录可查。"))
    return MeasureResult(Outcome.CANNOT_SAY, reason, on, basis=_basis(task))


def _not_seen(task: Task, actor: Actor, on: date) -> MeasureResult | None:
    """Who reads only the own unit's files cannot count those of all."""
    if reads_all(actor, task):
        return None
    reason = Reason(gettext_noop("您只能查看本单位的材料，不能据此判断各单位是否齐全。"))
    return MeasureResult(Outcome.CANNOT_SAY, reason, on, basis=_basis(task))


class _Held(NamedTuple):
    """What of a 分办 is read."""

    task_id: int
    uid: UUID
    unit: str
    state: str
    verified_at: datetime | None


def _assignments(tasks: Sequence[Task]) -> Mapping[int, list[_Held]]:
    """The 分办 of these tasks that stand, by task."""
    found: dict[int, list[_Held]] = defaultdict(list)
    rows = Assignment.objects.filter(task__in=[task.pk for task in tasks]).exclude(state=Assignment.State.WITHDRAWN)
    for row in rows.order_by("id").values_list("task_id", "uid", "department__name", "state", "verified_at"):
        found[row[0]].append(_Held(*row))
    return found


Answer = Callable[[Task], MeasureResult]


def _each(tasks: Sequence[Task], on: date, known_on: date, answer: Answer) -> dict[int, MeasureResult]:
    """An answer for each task; what was not published by then says nothing."""
    return {task.pk: _not_known(task, on, known_on) or answer(task) for task in tasks}


@measure_of_many(
    "plans.lower_plans_published",
    title=_("下级方案已印发"),
    reads=("plans.plan",),
    words=(
        "土壤污染防治工作方案",
        "土壤污染防治年度计划",
        "土壤污染防治行动计划",
        "本地区年度实施方案",
        "本辖区实施方案",
        "制定实施方案",
    ),
    subjects=(TASK,),
)
def lower_plans_published(actor: Actor, tasks: Sequence[Task], on: date, known_on: date) -> dict[int, MeasureResult]:
    """Every county or district below has a published plan for the year of this plan."""
    below = {plan: rates.divisions_below(plan, actor, min(on, known_on)) for plan in {task.plan for task in tasks}}
    proofs = {plan: [Proof(r.type, r.uid, r.name, r.counts, r.note) for r in rows] for plan, rows in below.items()}
    return {
        task.pk: _none_below(task, proofs[task.plan], on)
        or _ratio(
            proofs[task.plan],
            on,
            basis=_basis(task),
            done=gettext_noop("%(all)d 个下级行政区均已印发本年度方案。"),
            lacking=gettext_noop("%(all)d 个下级行政区中，%(good)d 个已印发本年度方案。"),
            nothing=gettext_noop("本级没有下级市县区，不适用。"),
        )
        for task in tasks
    }


def _none_below(task: Task, proofs: Sequence[Proof], on: date) -> MeasureResult | None:
    """No plan of any place below is in the store: nobody can say whether there is none or none was entered."""
    if not proofs or any(proof.counts for proof in proofs):
        return None
    told = {"all": len(proofs)}
    return MeasureResult(Outcome.CANNOT_SAY, Reason(rates.NONE_BELOW, told), on, rows=tuple(proofs), basis=_basis(task))


@measure_of_many(
    "plans.ledger_complete",
    title=_("任务台账完整"),
    reads=("plans.plantask", "plans.assignment", "core.duty"),
    words=("建立台账", "任务台账", "工作台账", "任务清单", "责任清单", "分解任务", "细化分工", "明确责任", "明确时限"),
    subjects=(TASK,),
)
def ledger_complete(actor: Actor, tasks: Sequence[Task], on: date, known_on: date) -> dict[int, MeasureResult]:
    """Every accepted task of the plan has a unit and a term or a reporting rhythm."""
    proofs = {plan: _ledger(plan, actor) for plan in {task.plan for task in tasks}}
    return _each(
        tasks,
        on,
        known_on,
        lambda task: _ratio(
            proofs[task.plan],
            on,
            basis=_basis(task),
            done=gettext_noop("%(all)d 项任务都有责任单位和时限。"),
            lacking=gettext_noop("%(all)d 项任务中，%(good)d 项有责任单位和时限。"),
            nothing=gettext_noop("方案没有采纳的任务。"),
        ),
    )


def _ledger(plan: Plan, actor: Actor) -> list[Proof]:
    """Every accepted task of a plan, with what it lacks."""
    rows = PlanTask.objects.visible_to(actor).filter(plan=plan, status=PlanTask.Status.ACCEPTED).order_by("position")
    tasks = list(rows)
    ids = [row.pk for row in tasks]
    assigned = Assignment.objects.filter(task_id__in=ids).exclude(state=Assignment.State.WITHDRAWN)
    with_unit = set(assigned.values_list("task_id", flat=True))
    owed = Duty.objects.filter(subject_type=TASK, subject_id__in=ids, due__isnull=False)
    with_term = set(owed.values_list("subject_id", flat=True))
    return [_complete(row, row.pk in with_unit, row.pk in with_term) for row in tasks]


def _complete(task: Task, unit: bool, term: bool) -> Proof:
    note = "；".join(text for text, there in (("没有对应的单位", unit), ("没有时限或填报周期", term)) if not there)
    return Proof(TASK, str(task.uid), task.heading, unit and term, note)


@measure_of_many(
    "plans.units_answered",
    title=_("各责任单位已办结并核实"),
    reads=("plans.assignment",),
    words=("负责落实", "抓好落实", "组织实施", "各镇街", "各乡镇", "各有关部门", "各街道"),
    subjects=(TASK,),
)
def units_answered(actor: Actor, tasks: Sequence[Task], on: date, known_on: date) -> dict[int, MeasureResult]:
    """Every unit that owes the task has reported it done and the office has verified that."""
    rows, limit = _assignments(tasks), min(on, known_on)
    return _each(
        tasks,
        on,
        known_on,
        lambda task: _ratio(
            [_answered(row, limit) for row in rows[task.pk]],
            on,
            basis=_basis(task),
            done=gettext_noop("%(all)d 个单位均已办结并核实。"),
            lacking=gettext_noop("%(all)d 个单位中，%(good)d 个已办结并核实。"),
            nothing=gettext_noop("任务还没有分办到单位。"),
        ),
    )


def _answered(row: _Held, limit: date) -> Proof:
    counts = _verified_by(row, limit)
    return Proof("plans.assignment", str(row.uid), row.unit, counts, str(Assignment.State(row.state).label))


def _verified_by(row: _Held, day: date) -> bool:
    return row.state == Assignment.State.VERIFIED and bool(row.verified_at and clock.local_day(row.verified_at) <= day)


@measure_of_many(
    "plans.documents_checked",
    title=_("所列材料已报并核对"),
    reads=("plans.askeddocument", "plans.documentfiling", "core.fileuse"),
    words=("存档备查", "佐证材料", "报送材料", "留存", "档案", "备案", "台账", "名录", "清单", "公开", "印发"),
    subjects=(TASK,),
    kind=Kind.EVIDENCE,
)
def documents_checked(actor: Actor, tasks: Sequence[Task], on: date, known_on: date) -> dict[int, MeasureResult]:
    """Every document the task is to be proved by was filed, and another person found it right."""
    found, units = documents.slots_of(tasks, min(on, known_on)), _assignments(tasks)

    def answer(task: Task) -> MeasureResult:
        told = _slots_answer(task, found[task.pk], on)
        asked = units[task.pk] or any(one.filing for one in found[task.pk])
        return (
            told if asked or not told.rows else replace(told, outcome=Outcome.CANNOT_SAY, reason=Reason(NOBODY_ASKED))
        )

    return _each(tasks, on, known_on, lambda task: _not_seen(task, actor, on) or answer(task))


NOBODY_ASKED = gettext_noop("任务没有分办到单位，没有人报送材料：没有材料不等于没有做，不能判断。")


def _slots_answer(task: Task, found: Sequence[documents.Slot], on: date) -> MeasureResult:
    if not found:
        reason = Reason(gettext_noop("还没有列明这项任务要哪些材料。"))
        return MeasureResult(Outcome.CANNOT_SAY, reason, on, basis=_basis(task))
    proofs = tuple(_slot_proof(one) for one in found)
    good = sum(proof.counts for proof in proofs)
    outcome, message = _slots_say([one.outcome for one in found])
    told = {"good": good, "all": len(found)}
    return MeasureResult(outcome, Reason(message, told), on, good, len(found), "", proofs, _basis(task))


def _slots_say(outcomes: list[str | None]) -> tuple[Outcome, str]:
    """A missing or refused document is not done; one nobody has looked at yet leaves it open."""
    if any(one in {None, Filed.REFUSED} for one in outcomes):
        return Outcome.NOT_DONE, gettext_noop("%(all)d 份材料中，%(good)d 份已报并核对通过。")
    if any(one == Filed.WAITING for one in outcomes):
        return Outcome.CANNOT_SAY, gettext_noop("%(all)d 份材料都已报送，%(good)d 份核对通过，其余待核对。")
    return Outcome.DONE, gettext_noop("%(all)d 份材料均已报并核对通过。")


def _slot_proof(slot: documents.Slot) -> Proof:
    kind, uid = ("plans.documentfiling", slot.filing.uid) if slot.filing else ("plans.askeddocument", slot.document.uid)
    note = str(Filed(slot.outcome).label) if slot.outcome else _t("未报送")
    url = reverse("plans:task", args=[slot.document.task.uid])
    return Proof(kind, str(uid), slot.name, slot.outcome == Filed.ACCEPTED, note, url)


@measure_of_many(
    "plans.reports_on_time",
    title=_("按时填报"),
    reads=("core.duty", "plans.progressentry"),
    words=("按时报送", "定期报告", "每季度", "每月", "每半年", "及时上报", "报送进展", "调度", "年度报告", "总结报告"),
    subjects=(TASK,),
)
def reports_on_time(actor: Actor, tasks: Sequence[Task], on: date, known_on: date) -> dict[int, MeasureResult]:
    """Every term of the task that has come was answered in time by its unit."""
    keys = [task.pk for task in tasks]
    entries = ProgressEntry.objects.filter(assignment__task__in=keys, at__lt=end_of(known_on))
    known = set(entries.values_list("pk", flat=True))
    owed: dict[int, list[Duty]] = defaultdict(list)
    rows = Duty.objects.filter(subject_type=TASK, subject_id__in=keys, due__lte=on).select_related("unit").only(*OWED)
    for duty in rows.order_by("due", "id"):
        if duty.issued_on is None or duty.due >= duty.issued_on:
            owed[duty.subject_id].append(duty)
    return _each(
        tasks,
        on,
        known_on,
        lambda task: _ratio(
            [_on_time(duty, known) for duty in owed[task.pk]],
            on,
            basis=_basis(task),
            done=gettext_noop("到期的 %(all)d 次填报均按时。"),
            lacking=gettext_noop("到期的 %(all)d 次填报中，%(good)d 次按时。"),
            nothing=gettext_noop("还没有到期的填报。"),
        ),
    )


OWED = ("uid", "subject_id", "unit__name", "unit__short_name", "period", "due", "issued_on", "done_on", "evidence")
"""What is read of a term to say whether it was answered in time."""


def _on_time(duty: Duty, known: Iterable[int]) -> Proof:
    answered = any(item.get("type") == "progress" and item.get("id") in known for item in duty.evidence)
    counts = bool(answered and duty.done_on and duty.due and duty.done_on <= duty.due)
    note = "" if counts else "已报，晚于时限" if answered and duty.done_on else "未报"
    name = f"{duty.unit or ''} {duty.period} {duty.due}".strip()
    return Proof("core.duty", str(duty.uid), name, counts, note)

"""The review of a plan: accept, correct, split, merge, reject; settle what the document leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.permissions import Actor, require
from soildesk.plans.models import Indicator, Milestone, Plan, PlanTask, StandingOrder, TaskUnit
from soildesk.plans.refusals import GroundMissing, WrongState, WrongValue
from soildesk.plans.services.decisions import decide_again
from soildesk.plans.services.history import note, note_all
from soildesk.plans.services.holding import meaning, next_position, reviewing
from soildesk.plans.services.intake import milestone_row
from soildesk.plans.services.units import UnitPlacer
from soilrules import deadlines
from soilrules.deadlines.model import DeadlineKind
from soilrules.plantext.draft import Role

CONFIDENT = 0.8
"""Below this a field stands out and bulk acceptance leaves its task to a person."""
NO_DAY = frozenset(
    {DeadlineKind.UNDETERMINED, DeadlineKind.AS_DIRECTED, DeadlineKind.BEFORE_EVENT, DeadlineKind.AFTER_EVENT}
)
"""Kinds whose words fix no calendar day: a person gives a review date."""


@dataclass(frozen=True)
class Standing:
    """This year's action of a task without a date: what, in which form, by whom, checked how often."""

    action: str = ""
    result_form: str = ""
    person: str = ""
    rhythm: StandingOrder.Rhythm = StandingOrder.Rhythm.QUARTER


def accept(task: PlanTask, *, by: Actor, at: datetime, standing: Standing | None = None) -> PlanTask:
    """Accept one task as it stands now."""
    with reviewing(task.plan, by, task):
        _refuse_gone(task)
        _mark(task, PlanTask.Status.ACCEPTED, by, at)
        _order(task, standing)
        note(task, "accepted", by=by, at=at)
        audit.record("plans.task.accepted", subject=task, by=by, at=at)
    return task


def accept_confident(plan: Plan, *, by: Actor, at: datetime, everything: bool = False) -> int:
    """Accept every proposed task whose least sure field is sure enough (or all); returns how many."""
    tasks = plan.tasks.filter(status=PlanTask.Status.PROPOSED)
    if not everything:
        tasks = tasks.filter(confidence__gte=CONFIDENT)
    with reviewing(plan, by):
        chosen = list(tasks.prefetch_related("milestones"))
        PlanTask.objects.filter(pk__in=[task.pk for task in chosen]).update(
            status=PlanTask.Status.ACCEPTED, accepted_by=by.person, accepted_at=at
        )
        StandingOrder.objects.bulk_create(
            [StandingOrder(task=task, rhythm=rhythm_read(task)) for task in chosen if is_standing(task)],
            ignore_conflicts=True,
            batch_size=1000,
        )
        note_all(chosen, "accepted", by=by, at=at)
        if chosen:
            audit.record(
                "plans.tasks.accepted", subject=plan, by=by, at=at, data=audit.bulk(str(task.uid) for task in chosen)
            )
    return len(chosen)


def reject(task: PlanTask, *, why: str, by: Actor, at: datetime) -> PlanTask:
    """Leave a task out of the ledger, with the reason."""
    if not why.strip():
        raise GroundMissing(_("不采纳任务"))
    with reviewing(task.plan, by, task):
        _refuse_gone(task)
        _mark(task, PlanTask.Status.REJECTED, by, at, why.strip()[:200])
        note(task, "rejected", by=by, at=at, data={"why": why})
        audit.record("plans.task.rejected", subject=task, by=by, at=at)
    return task


def reopen(task: PlanTask, *, by: Actor, at: datetime) -> PlanTask:
    """Take an acceptance or rejection back while the plan is under review."""
    with reviewing(task.plan, by, task):
        _refuse_gone(task)
        task.status, task.accepted_by, task.accepted_at, task.decided_why = PlanTask.Status.PROPOSED, None, None, ""
        task.save(update_fields=["status", "accepted_by", "accepted_at", "decided_why"])
        note(task, "reopened", by=by, at=at)
        audit.record("plans.task.reopened", subject=task, by=by, at=at)
    return task


def _refuse_gone(task: PlanTask) -> None:
    if task.status in {PlanTask.Status.MERGED, PlanTask.Status.SPLIT}:
        raise WrongState(
            _("“%(task)s”%(state)s，不能再单独处理。请打开并入或拆分后的任务。")
            % {"task": task.heading, "state": task.get_status_display()}
        )


def _mark(task: PlanTask, status: PlanTask.Status, by: Actor, at: datetime, why: str = "") -> None:
    task.status, task.accepted_by, task.accepted_at, task.decided_why = status, by.person, at, why
    task.save(update_fields=["status", "accepted_by", "accepted_at", "decided_why"])


def is_standing(task: PlanTask) -> bool:
    """Whether no term of the task fixes a day: it is then judged by a rhythm of our own."""
    return not any(
        milestone.completion
        and not milestone.overruled_by_id
        and (milestone.last or milestone.month or milestone.review_on)
        for milestone in task.milestones.all()
    )


def _order(task: PlanTask, standing: Standing | None) -> None:
    if standing is None and not is_standing(task):
        return
    if standing is None:  # what was set before an acceptance taken back stays set
        StandingOrder.objects.get_or_create(task=task, defaults=vars(Standing(rhythm=rhythm_read(task))))
    else:
        StandingOrder.objects.update_or_create(task=task, defaults=vars(standing))


def rhythm_read(task: PlanTask) -> StandingOrder.Rhythm:
    """How often a task that fixes no day is looked at, by its own words; a quarter where they do not say it is monthly."""
    words = "".join((task.text, *(milestone.text for milestone in task.milestones.all())))
    monthly = any(word in words for word in ("每月", "每个月", "按月", "逐月"))
    return StandingOrder.Rhythm.MONTH if monthly else StandingOrder.Rhythm.QUARTER


@dataclass(frozen=True)
class Correction:
    """New values of a task's fields; None leaves a field as it is."""

    number: str | None = None
    title: str | None = None
    text: str | None = None
    deadline_text: str | None = None
    units: Sequence[tuple[str, Role]] | None = None


def correct(task: PlanTask, correction: Correction, *, by: Actor, at: datetime) -> PlanTask:
    """Change fields of a task under review; what the reader found stays in `reading` and in the history."""
    if correction.text is not None and not correction.text.strip():
        raise WrongValue(_("目标任务不能为空。请写明任务内容，或改为“不采纳”。"))
    with reviewing(task.plan, by, task):
        _refuse_gone(task)
        changes = _plain_changes(task, correction)
        if correction.deadline_text is not None and correction.deadline_text != task.deadline_text:
            changes["deadline_text"] = [task.deadline_text, correction.deadline_text]
            _set_deadline(task, correction.deadline_text)
        if correction.units is not None:
            changes |= _set_units(task, correction.units)
        if changes:
            task.save(update_fields=["number", "title", "text", "deadline_text"])
            note(task, "corrected", by=by, at=at, data=changes)
            audit.record("plans.task.corrected", subject=task, by=by, at=at, data={"fields": sorted(changes)})
    return task


def _plain_changes(task: PlanTask, correction: Correction) -> dict[str, list[str]]:
    changes = {}
    for name, limit in (("number", 40), ("title", 200), ("text", None)):
        wanted = getattr(correction, name)
        if wanted is not None and wanted.strip()[:limit] != getattr(task, name):
            changes[name] = [getattr(task, name), wanted.strip()[:limit]]
            setattr(task, name, wanted.strip()[:limit])
    return changes


def _set_deadline(task: PlanTask, text: str) -> None:
    """Read the person's words by the grammar of plans; words it does not know become an undetermined term."""
    task.deadline_text = text.strip()[:200]
    read = deadlines.parse(task.deadline_text, plan_year=task.plan.year)
    task.milestones.all().delete()
    rows = [milestone_row(task, position, deadline) for position, deadline in enumerate(read)]
    for row in rows:
        row.spans = []  # a person's words stand nowhere in the document
    if task.deadline_text and not rows:
        rows = [Milestone(task=task, position=0, kind=DeadlineKind.UNDETERMINED, text=task.deadline_text)]
    Milestone.objects.bulk_create(rows)


def _set_units(task: PlanTask, wanted: Sequence[tuple[str, Role]]) -> dict[str, list[str]]:
    kept = list(task.units.filter(overruled_by=None))  # what a decision overruled stays as it is
    before = list(dict.fromkeys(f"{unit.name}（{unit.role}）" for unit in kept))  # printed here and inherited: once
    after = list(dict.fromkeys(f"{name}（{role}）" for name, role in wanted))
    if before == after:
        return {}
    known: dict[tuple[str, str], list[TaskUnit]] = {}
    for unit in kept:
        known.setdefault((unit.name, unit.role), []).append(unit)
    placer = UnitPlacer(task.plan.division, task.plan.issued_on or clock.local_day(task.plan.imported_at))
    rows = []
    for position, (name, role) in enumerate(dict.fromkeys(wanted)):
        same = known.get((name, role))
        row = same.pop(0) if same else TaskUnit(task=task, name=name.strip()[:120], role=role, source="added")
        row.position = position
        placer.place(row)
        rows.append(row)
    task.units.filter(pk__in=[unit.pk for units in known.values() for unit in units]).delete()
    for row in rows:
        row.save()
    return {"units": ["、".join(before), "、".join(after)]}


def set_review_date(milestone: Milestone, day: date, *, by: Actor, at: datetime) -> Milestone:
    """Give a term without a day the date on which a person will look at it again (内部时限)."""
    task = milestone.task
    if milestone.last or milestone.month:
        raise WrongState(_("“%(text)s”已有明确日期，不需要复核日期。") % {"text": milestone.text})
    with reviewing(task.plan, by, task):
        milestone.review_on, milestone.internal = day, True
        milestone.save(update_fields=["review_on", "internal"])
        note(task, "review_date", by=by, at=at, data={"text": milestone.text, "day": day.isoformat()})
        audit.record("plans.milestone.review_date_set", subject=task, by=by, at=at, data={"day": day.isoformat()})
    return milestone


def split(task: PlanTask, offsets: Sequence[int], *, by: Actor, at: datetime) -> list[PlanTask]:
    """Cut a task's text at `offsets` (characters of its text); every part keeps units and gets the terms in its words."""
    cuts = [0, *sorted(set(offsets)), len(task.text)]
    pieces = [(a, task.text[a:b]) for a, b in zip(cuts, cuts[1:], strict=False)]
    if len(pieces) < 2 or any(not piece.strip() for _start, piece in pieces):
        raise WrongValue(_("拆分位置无效：每一段都要有文字。请在两句之间选择拆分位置。"))
    with reviewing(task.plan, by, task):
        _refuse_gone(task)
        parts = [_part(task, start, piece, order) for order, (start, piece) in enumerate(pieces)]
        _mark(task, PlanTask.Status.SPLIT, by, at)
        renumber(task.plan)
        decide_again(task.plan)
        note(task, "split", by=by, at=at, data={"into": [str(part.uid) for part in parts]})
        audit.record("plans.task.split", subject=task, by=by, at=at, data={"into": [str(part.uid) for part in parts]})
    return parts


def _part(task: PlanTask, start: int, piece: str, order: int) -> PlanTask:
    part = PlanTask.objects.create(
        plan=task.plan,
        division_path=task.division_path,
        owner_department=task.owner_department,
        position=task.position,
        number=f"{task.number}-{order + 1}"[-40:] if task.number else "",
        section=task.section,
        section_key=task.section_key,
        text=piece.strip(),
        origin=task.origin,
        part=task.part,
        line=task.line,
        reading={"text": _piece_reading(task, start, piece), "title": None, "body_start": 0},
        confidence=task.confidence,
        came_from=task,
    )
    for unit in task.units.filter(decided_by=None):  # decisions are made again for the parts
        unit.pk, unit.task, unit.overruled_by, unit._state.adding = None, part, None, True
        unit.save()
    _set_deadline(part, "")
    read = deadlines.parse(part.text, plan_year=task.plan.year)
    part.deadline_text = "；".join(dict.fromkeys(d.text for d in read if d.completion))[:200]
    part.save(update_fields=["deadline_text"])
    rows = [milestone_row(part, position, deadline) for position, deadline in enumerate(read)]
    for row in rows:
        row.spans = []
    Milestone.objects.bulk_create(rows)
    return part


def _piece_reading(task: PlanTask, start: int, piece: str) -> dict[str, object]:
    """The piece's own characters in the document, where the whole text stood in one stretch."""
    whole = (task.reading.get("text") or {}).get("spans") or []
    spans = []
    if len(whole) == 1 and whole[0][1] - whole[0][0] == len(task.text):
        spans = [[whole[0][0] + start, whole[0][0] + start + len(piece)]]
    return {"value": piece.strip(), "spans": spans, "confidence": 1.0, "reason": ""}


def merge(tasks: Iterable[PlanTask], into: PlanTask, *, by: Actor, at: datetime) -> PlanTask:
    """Put tasks into `into`: their units and terms are added to it, their texts stay readable behind it."""
    others = [task for task in tasks if task.pk != into.pk]
    if not others or any(task.plan_id != into.plan_id for task in others):
        raise WrongValue(_("请在同一份方案里选择至少两项任务合并。"))
    with reviewing(into.plan, by, into, *others):
        for task in (into, *others):
            _refuse_gone(task)
        for task in others:
            _absorb(into, task)
            task.merged_into = into
            task.save(update_fields=["merged_into"])
            _mark(task, PlanTask.Status.MERGED, by, at)
        into.save(update_fields=["title", "deadline_text"])
        decide_again(into.plan)
        names = [str(task.uid) for task in others]
        note(into, "merged", by=by, at=at, data={"from": names})
        audit.record("plans.task.merged", subject=into, by=by, at=at, data={"from": names})
    return into


def _absorb(into: PlanTask, task: PlanTask) -> None:
    outranked = _outranked(into, task) | _outranked(task, into)
    for model in (TaskUnit, Milestone):
        present = list(model.objects.filter(task=into))
        known = {meaning(row) for row in present if row.overruled_by_id is None}
        place = next_position(present)
        for row in model.objects.filter(task=task, overruled_by=None, decided_by=None):
            if meaning(row) not in known:
                row.pk, row.task, row.position, row._state.adding = None, into, place, True
                row.save()
                place += 1
    plain = into.units.filter(role=Role.RESPONSIBLE, overruled_by=None, decided_by=None)
    plain.filter(name__in=outranked).delete()
    texts = [text for text in (into.deadline_text, task.deadline_text) if text]
    into.deadline_text = "；".join(dict.fromkeys(texts))[:200]
    if not into.title:
        into.title = task.title


def _outranked(task: PlanTask, other: PlanTask) -> set[str]:
    """Units responsible for `task` that lead or support `other`: together their rank says more than 责任单位."""
    plain, ranked = (one.units.filter(overruled_by=None, decided_by=None) for one in (task, other))
    names = set(ranked.exclude(role=Role.RESPONSIBLE).values_list("name", flat=True))
    return names.intersection(plain.filter(role=Role.RESPONSIBLE).values_list("name", flat=True))


def renumber(plan: Plan) -> None:
    """Give every task of the plan its place in order of print; parts of a split follow the task they came from."""
    rows = list(plan.tasks.order_by("position", "came_from_id", "id"))
    for position, row in enumerate(rows):
        row.position = position
    PlanTask.objects.bulk_update(rows, ["position"], batch_size=500)


def accept_indicators(plan: Plan, *, by: Actor, at: datetime) -> int:
    """Accept every indicator nobody decided yet; returns how many."""
    require(by, "plans.review", plan)
    with transaction.atomic():
        count = plan.indicators.filter(accepted_at__isnull=True, rejected_why="").update(
            accepted_by=by.person, accepted_at=at
        )
        if count:
            audit.record("plans.indicators.accepted", subject=plan, by=by, at=at, data={"count": count})
    return count


def reject_indicator(indicator: Indicator, *, why: str, by: Actor, at: datetime) -> Indicator:
    """Leave an indicator out, with the reason."""
    if not why.strip():
        raise GroundMissing(_("不采纳指标"))
    with reviewing(indicator.plan, by):
        indicator.rejected_why, indicator.accepted_by, indicator.accepted_at = why.strip()[:200], None, None
        indicator.save(update_fields=["rejected_why", "accepted_by", "accepted_at"])
        audit.record("plans.indicator.rejected", subject=indicator.plan, by=by, at=at, data={"id": indicator.pk})
    return indicator

"""与上一版比较: what a new edition adds, drops and changes, and whether a changed task is the one it was."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.kit.parts import Chip
from soildesk.plans import wording
from soildesk.plans.models import Assignment, Plan, PlanTask, ProgressEntry
from soildesk.plans.pages.access import actor_of, logged_in, plan_or_404, sentence_of, task_or_404
from soildesk.plans.pages.frame import frame
from soildesk.plans.pages.wording import role_word
from soildesk.plans.services import editions, succession
from soildesk.plans.services.handing_over import moves_terms


@require_GET
@logged_in
def changes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What changed since the edition in force; while it is under review, each changed task asks whether it is the same."""
    by = actor_of(request)
    plan = plan_or_404(by, uid)
    if plan.edition_of_id is None:
        raise Http404(str(uid))
    old = plan_or_404(by, succession.compared_with(plan).uid)  # type: ignore[union-attr]
    found = editions.compare(editions.facts_of(old), editions.facts_of(plan), succession.told_by_key(plan))
    asked = {each.task.pk: each for each in succession.proposals(plan, by.today)}
    worked = _worked([each.old.pk for each in asked.values() if each.old])
    shown = {change.new.pk for change in found.changed}
    also = [each.change for each in asked.values() if each.change and each.task.pk not in shown]
    waiting = succession.waiting(asked.values())
    return render(
        request,
        "plans/review/changes.html",
        {
            **frame(request, plan, "changes"),
            "old": old,
            "found": found,
            "changes": [_change(change, asked, worked, by.today) for change in (*found.changed, *also)],
            "added": [{**_task(task), "asked": asked.get(task.pk), "uid": _uid(plan, task.pk)} for task in found.added],
            "removed": [_task(task) for task in found.removed],
            "choices": _choices(old, found) if plan.stage == Plan.Stage.REVIEW else [],
            "waiting": len(waiting),
            "late": sum(each.late for each in waiting),
            "moves": moves_terms(plan, old),
        },
    )


def _uid(plan: Plan, pk: int) -> UUID:
    found: UUID = plan.tasks.values_list("uid", flat=True).get(pk=pk)
    return found


def _choices(old: Plan, found: editions.Comparison) -> list[PlanTask]:
    """Accepted tasks of the edition before that nothing goes on with."""
    keys = [task.pk for task in found.removed]
    return list(old.tasks.filter(pk__in=keys, status=PlanTask.Status.ACCEPTED).order_by("position", "pk"))


def _worked(tasks: list[int]) -> dict[int, str]:
    """What was done under the edition before, in a few words."""
    signed, said = dict.fromkeys(tasks, 0), dict.fromkeys(tasks, 0)
    for pk in Assignment.objects.filter(task__in=tasks, received_at__isnull=False).values_list("task_id", flat=True):
        signed[pk] += 1
    for pk in ProgressEntry.objects.filter(assignment__task__in=tasks).values_list("assignment__task_id", flat=True):
        said[pk] += 1
    return {pk: _("签收 %(n)d 个单位，填报 %(m)d 次") % {"n": signed[pk], "m": said[pk]} for pk in tasks}


def _units(pairs: Any) -> list[tuple[str, str]]:
    return [(role_word(role), name) for role, name in sorted(pairs)]


def _task(task: editions.TaskFacts) -> dict[str, Any]:
    return {"task": task, "units": _units(task.units), "place": task.section[-1] if task.section else ""}


def _change(
    change: editions.Change, asked: dict[int, succession.Proposal], worked: dict[int, str], day: date
) -> dict[str, Any]:
    each = asked.get(change.new.pk)
    chip = None
    if each and each.standing:
        tone, icon, word = wording.state_look(each.standing, day)
        chip = Chip(tone, str(word), icon, wording.state_why(each.standing))
    return {
        "change": change,
        "added": _units(change.units_added),
        "removed": _units(change.units_removed),
        "place": change.new.section[-1] if change.new.section else "",
        "asked": each,
        "chip": chip,
        "worked": worked.get(each.old.pk, "") if each and each.old else "",
    }


@require_POST
@logged_in
def same(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is the same task as the one named of the edition before; or it is not."""
    by = actor_of(request)
    task = task_or_404(by, uid)
    try:
        if request.POST.get("old"):
            succession.confirm(task, _old(by, request.POST["old"]), by=by, at=clock.now())
            messages.success(
                request, _("“%(task)s”承接上一版的任务，发布后签收、填报和逾期一并沿用。") % {"task": task}
            )
        else:
            succession.deny(task, by=by, at=clock.now())
            messages.success(request, _("“%(task)s”按新任务办理，从新版发布之日起算。") % {"task": task})
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect(f"{reverse('plans:changes', args=[task.plan.uid])}#t{task.pk}")


def _old(by: Actor, uid: str) -> PlanTask:
    try:
        return task_or_404(by, UUID(uid))
    except ValueError:
        raise Http404(uid) from None


@require_POST
@logged_in
def all_same(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Everything that changed is the same task as before."""
    by = actor_of(request)
    plan = plan_or_404(by, uid)
    try:
        count = succession.confirm_all(plan, by=by, at=clock.now())
        messages.success(request, _("%(n)d 项改动的任务承接上一版，并已采纳。") % {"n": count})
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect("plans:changes", uid=plan.uid)

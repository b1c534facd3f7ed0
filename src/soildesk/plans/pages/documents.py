"""须报材料 on a task's page: naming a document, filing it, looking at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.parts import Chip, Tone
from soildesk.plans.models import AskedDocument, DocumentFiling, PlanTask
from soildesk.plans.pages.access import task_or_404
from soildesk.plans.pages.request import back
from soildesk.plans.queries.documents import Slot, slots
from soildesk.plans.queries.evidence import visible
from soildesk.plans.queries.task import TaskPage
from soildesk.plans.services import documents

Outcome = DocumentFiling.Outcome
LOOKS: dict[str | None, tuple[Tone, str]] = {
    None: ("warn", "dash-circle"),
    Outcome.WAITING: ("busy", "hourglass-split"),
    Outcome.ACCEPTED: ("good", "check-circle-fill"),
    Outcome.REFUSED: ("bad", "x-circle-fill"),
}


def asked_rows(page: TaskPage, actor: Actor, on: date) -> list[dict[str, Any]]:
    """The documents the task is proved by, as far as the actor reads them, with what may be done now."""
    rows = [_row(slot, page, actor) for slot in slots(page.task, min(on, actor.today))]
    shown = [row for row in rows if row is not None]
    first = {row["slot"].document.pk: row for row in reversed(shown)}
    for row in first.values():
        row["may_drop"] = page.hands.office and page.hands.live
    return shown


def _row(slot: Slot, page: TaskPage, actor: Actor) -> dict[str, Any] | None:
    unit = slot.assignment.department_id if slot.assignment else None
    hands = page.hands
    mine = hands.on(unit) if unit else hands.live and (hands.office or bool(hands.own))
    filing = slot.filing
    reads = bool(filing and visible(actor, page.task, [filing.use]))
    if not (mine or reads or hands.office or filing is None):
        return None
    tone, icon = LOOKS[slot.outcome]
    word = str(Outcome(slot.outcome).label) if slot.outcome else _("未报送")
    return {
        "slot": slot,
        "chip": Chip(tone, word, icon, filing.why if filing else ""),
        "file": reverse("core:file", args=[filing.use.uid]) if filing and reads else "",
        "may_file": mine and slot.outcome != Outcome.ACCEPTED,
        "may_check": _may_check(slot, page, actor),
    }


def _may_check(slot: Slot, page: TaskPage, actor: Actor) -> bool:
    """Whoever filed it does not judge it."""
    filing = slot.filing
    waits = filing is not None and slot.outcome == Outcome.WAITING
    own = bool(waits and filing and actor.person and filing.filed_by_id == actor.person.pk)
    return waits and not own and page.hands.live and page.hands.verifier


@require_POST
@staff_page("plans.read")
def ask(request: HttpRequest, uid: UUID) -> HttpResponse:
    """列明一份材料."""
    task, said = task_or_404(actor_of(request), uid), request.POST
    return _act(
        request,
        task,
        lambda by: documents.ask(
            task,
            said.get("name", ""),
            by=by,
            at=clock.now(),
            shows=said.get("shows", ""),
            each_unit=bool(said.get("each_unit")),
        ),
        _("已列入所要的材料。"),
    )


@require_POST
@staff_page("plans.read")
def drop(request: HttpRequest, uid: UUID) -> HttpResponse:
    """取消一份材料."""
    row = _document(request, uid)
    why = request.POST.get("why", "")
    return _act(request, row.task, lambda by: documents.drop(row, why=why, by=by, at=clock.now()), _("已取消。"))


@require_POST
@staff_page("plans.read")
def file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """报送材料."""
    row = _document(request, uid)
    given = request.FILES.get("file")
    unit = request.POST.get("assignment")
    given_for = [one for one in row.task.assignments.all() if str(one.uid) == unit]

    def act(by: Actor) -> object:
        if unit and not given_for:
            raise Refusal(_("“%(name)s”的报送单位不在这项任务中。请在任务页选择单位后再报送。") % {"name": row})
        if given is None:
            raise Refusal(_("没有选择文件。请选择要报送的文件。"))
        return documents.file(row, next(iter(given_for), None), given.name or "", given.read(), by=by, at=clock.now())

    return _act(request, row.task, act, _("已报送“%(name)s”，待核对。") % {"name": row})


@require_POST
@staff_page("plans.read")
def check(request: HttpRequest, uid: UUID) -> HttpResponse:
    """核对材料."""
    row = get_object_or_404(DocumentFiling.objects.select_related("document__task__plan", "assignment", "use"), uid=uid)
    task = task_or_404(actor_of(request), row.document.task.uid)
    accepted, why = request.POST.get("outcome") == "accepted", request.POST.get("why", "")
    told = _("已核对通过。") if accepted else _("已退回，报送单位会看到理由。")
    return _act(request, task, lambda by: documents.check(row, accepted, by=by, at=clock.now(), why=why), told)


def _document(request: HttpRequest, uid: UUID) -> AskedDocument:
    row = AskedDocument.objects.select_related("task__plan").filter(uid=uid).first()
    if row is None:
        raise Http404(str(uid))
    task_or_404(actor_of(request), row.task.uid)
    return row


def _act(request: HttpRequest, task: PlanTask, act: Callable[[Actor], object], told: str) -> HttpResponse:
    try:
        act(actor_of(request))
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return back(request, "plans:task", task.uid)

"""Pages for laboratories: check a file, send it, see what became of what one sent. Never a point, never a place."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock, files
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.languages import language
from soildesk.monitoring import findingsheet, labtemplate
from soildesk.monitoring.batchpages import STATES, chip_of, finding_line, folded
from soildesk.monitoring.models import Batch
from soildesk.monitoring.pages import sending
from soildesk.monitoring.pages.forms_intake import FileForm, SendForm
from soildesk.monitoring.pages.intake import batch_url
from soildesk.monitoring.rulenames import rule_title
from soildesk.monitoring.services import checking
from soilrules.labcheck import current

SHOWN = 500
LATEST = 200


@staff_page(checking.PERMISSION)
def check(request: HttpRequest) -> HttpResponse:
    """Check a file; nothing of it is kept."""
    actor = actor_of(request)
    form = FileForm(**sending.posted(request))
    context: dict[str, Any] = {
        "form": form,
        "crumbs": [(_("数据自查"), "")],
        "may_send": may(actor, "monitoring.send_results"),
    }
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        name = files.clean_name(upload.name or "results.csv")
        try:
            context["told"] = _told(upload.read(), name, actor)
        except Refusal as refusal:
            context["refused"] = _said(refusal)
    return render(request, "monitoring/check.html", context, status=422 if "refused" in context or form.errors else 200)


def _told(data: bytes, name: str, actor: Actor) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="check") as folder:
        path = Path(folder) / "upload"
        path.write_bytes(data)
        told = checking.check(path, name, by=actor, on=clock.today())
    lines = [
        {
            **one,
            "chip": chip_of(one["severity"]),
            "text": one[language()],
            "title": rule_title(one["rule"]),
        }
        for one in told["findings"][:SHOWN]
    ]
    return {**told, "name": name, "lines": folded(lines), "more": max(0, len(told["findings"]) - SHOWN)}


def _said(refusal: Refusal) -> str:
    sentences = getattr(refusal, "sentences", None)
    return sentences[language()] if sentences else str(refusal)


@staff_page(checking.PERMISSION)
def template(request: HttpRequest) -> HttpResponse:
    """The template of the exchange format."""
    return download(labtemplate.workbook(current()), _("检测结果交换格式模板"), "xlsx")


@staff_page("monitoring.send_results")
def sent(request: HttpRequest) -> HttpResponse:
    """Send a file, and see what one sent."""
    actor = actor_of(request)
    form = SendForm(initial={"campaign": request.GET.get("campaign", "")}, **sending.posted(request))
    context: dict[str, Any] = {"form": form, "crumbs": [(_("报送数据"), "")]}
    if request.method == "POST" and form.is_valid():
        try:
            batch, job = sending.send(form.cleaned_data, actor)
        except Refusal as refusal:
            context["refused"] = _said(refusal)
        else:
            return sending.on_the_way(job) if job else redirect("monitoring:sent_one", uid=batch.uid)
    own = Batch.objects.filter(by=actor.person).select_related("campaign").order_by("-at")[:LATEST]
    context["batches"] = [(one, STATES[one.state], *findingsheet.counted_for(one, actor)) for one in own]
    return render(request, "monitoring/sent.html", context, status=422 if request.method == "POST" else 200)


@staff_page("monitoring.send_results")
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One file that was sent: its state, and what its sender may know of its findings."""
    actor = actor_of(request)
    batch = Batch.objects.filter(by=actor.person, uid=uid).select_related("campaign").first()
    if batch is None:
        raise Http404(str(uid))
    if may(actor, "monitoring.read", batch):
        return redirect(batch_url(batch))
    errors, warnings = findingsheet.counted_for(batch, actor)
    tone, _icon, word = STATES[batch.state]
    context = {
        "batch": batch, "errors": errors, "warnings": warnings, "tone": tone, "word": word,
        "lines": folded([finding_line(each) for each in findingsheet.seen_by(batch, actor)[:SHOWN]]),
        "returned": batch.state == Batch.State.RETURNED,
        "crumbs": [(_("报送数据"), reverse("monitoring:sent")), (batch.receipt, "")],
    }  # fmt: skip
    return render(request, "monitoring/sent_one.html", context)

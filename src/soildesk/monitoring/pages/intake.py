"""Pages of laboratory batches for the office: bring a file, compare cells, accept, return."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.kit import sheets
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.pages import register_list
from soildesk.monitoring import findingsheet
from soildesk.monitoring.models import Batch, Campaign
from soildesk.monitoring.pages import sending
from soildesk.monitoring.pages.forms_intake import BringForm, ReasonForm, ReportForm, ReturnForm
from soildesk.monitoring.queries.outdated import judged
from soildesk.monitoring.queries.results import analyte_name
from soildesk.monitoring.services import batches
from soildesk.monitoring.services import intake as services
from soildesk.monitoring.services.sending import by_job


def batch_url(batch: Batch) -> str:
    """The page of a batch."""
    return reverse("kit:record", args=["batches", str(batch.uid)])


def crumbs(*names: str) -> list[tuple[str, str]]:
    """Where a page of batches stands."""
    return [(_("检测批次"), reverse("kit:collection", args=["batches"])), *((name, "") for name in names)]


@staff_page("monitoring.send_results")
def new(request: HttpRequest) -> HttpResponse:
    """Bring a laboratory's file for a campaign."""
    actor = actor_of(request)
    running = Campaign.objects.visible_to(actor).filter(state=Campaign.State.RUNNING).order_by("-starts_on")
    choices = [(one.number, f"{one.title}（{one.number}）") for one in running]
    form = BringForm(
        initial={"campaign": request.GET.get("campaign", "")}, campaigns=choices, **sending.posted(request)
    )
    context: dict[str, Any] = {"form": form, "campaigns": choices, "crumbs": crumbs(_("报送检测数据"))}
    if request.method == "POST" and form.is_valid():
        try:
            batch, job = sending.send(form.cleaned_data, actor)
        except Refusal as refusal:
            context["refused"] = str(refusal)
        else:
            return sending.on_the_way(job) if job else _seen(request, batch)
    return render(request, "monitoring/batch_new.html", context, status=422 if request.method == "POST" else 200)


def _seen(request: HttpRequest, batch: Batch) -> HttpResponse:
    if batch.state != Batch.State.CHECKED or batch.rows == 0:
        messages.info(request, _("这个文件以前报送过，没有重复读入。这是当时的批次。"))
    return redirect(batch_url(batch))


def _batch(request: HttpRequest, uid: UUID, permission: str) -> tuple[Batch, Actor]:
    actor = actor_of(request)
    found = Batch.objects.visible_to(actor).filter(uid=uid).first()
    if found is None:
        raise Http404(str(uid))
    require(actor, permission, found)
    return found, actor


@staff_page("monitoring.send_results")
@require_POST
def resume(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Go on with a reading that broke off."""
    batch, actor = _batch(request, uid, "monitoring.send_results")
    try:
        if services.kept_file(batch) is None:
            raise services.IntakeRefused(
                _("这个文件太大，没有存在系统里：请在原来的电脑上用同一条命令再导入一次，会从停下的地方继续。"),
                code="monitoring.batch.given_up",
            )
        batch = services.adopted(batch)
        return sending.on_the_way(by_job(batch, actor))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(batch_url(batch))


@staff_page("monitoring.send_results")
@require_POST
def give_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give a reading up."""
    batch, actor = _batch(request, uid, "monitoring.send_results")
    try:
        services.give_up(batch, by=actor, at=clock.now())
        messages.success(request, _("已放弃 %(number)s，没有留下任何结果。") % {"number": batch.number})
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(batch_url(batch))
    return redirect("kit:collection", "batches")


def _act(
    request: HttpRequest, batch: Batch, form: Any, words: dict[str, Any], write: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """A page with one form and one act behind it."""
    context = {
        "form": form,
        "batch": batch,
        "back": batch_url(batch),
        "crumbs": crumbs(batch.number, words["title"]),
        **words,
    }
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, write(form.cleaned_data))
            return redirect(batch_url(batch))
        except Refusal as refusal:
            context["refused"] = str(refusal)
    return render(request, "monitoring/intake_act.html", context, status=422 if request.method == "POST" else 200)


def _later(batch: Batch) -> str:
    """That very many results are judged by a job."""
    return "" if judged(batch) else _("结果很多，正在后台评价，完成后会有消息。")


@staff_page(batches.DECIDES)
def accept(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Accept a batch."""
    from django import forms

    batch, actor = _batch(request, uid, batches.DECIDES)

    def write(said: dict[str, Any]) -> str:
        done = batches.accept(batch, by=actor, at=clock.now())
        return _("已接收 %(number)s 的 %(n)d 个结果。") % {"number": done.number, "n": done.rows} + _later(done)

    words = {
        "title": _("接收 %(number)s") % {"number": batch.number}, "save": _("接收"), "why_not": batches.stopped(batch),
        "note": _("接收后 %(n)d 个结果进入台账并立即评价；以后只能更正，不能删除。") % {"n": batch.rows},
    }  # fmt: skip
    return _act(request, batch, forms.Form(**sending.posted(request)), words, write)


@staff_page(batches.DECIDES)
def flag(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Accept a batch with flags and the reason."""
    batch, actor = _batch(request, uid, batches.DECIDES)

    def write(said: dict[str, Any]) -> str:
        done = batches.accept(batch, by=actor, at=clock.now(), reason=said["reason"])
        return _("已带标记接收 %(number)s 的 %(n)d 个结果。") % {"number": done.number, "n": done.rows} + _later(done)

    words = {
        "title": _("带标记接收 %(number)s") % {"number": batch.number}, "save": _("带标记接收"),
        "why_not": batches.stopped(batch, flagged=True),
        "note": _("结果照常进入台账并评价，批次上一直带着标记和您写的理由。"),
    }  # fmt: skip
    return _act(request, batch, ReasonForm(**sending.posted(request)), words, write)


@staff_page(batches.DECIDES)
def send_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Return a batch to the laboratory."""
    batch, actor = _batch(request, uid, batches.DECIDES)

    def write(said: dict[str, Any]) -> str:
        batches.send_back(batch, said["reason"], by=actor, at=clock.now())
        return _("已退回 %(number)s。检测机构能看到原因和问题清单。") % {"number": batch.number}

    words = {"title": _("退回 %(number)s") % {"number": batch.number}, "save": _("退回检测机构")}
    return _act(request, batch, ReturnForm(**sending.posted(request)), words, write)


@staff_page("monitoring.send_results")
def report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Bind the report."""
    batch, actor = _batch(request, uid, "monitoring.send_results")

    def write(said: dict[str, Any]) -> str:
        upload = said["report"]
        batches.bind_report(batch, (upload.name or "report.pdf", upload.read()), by=actor, at=clock.now())
        return _("已绑定检测报告。请打开报告，逐格核对抽到的数。")

    words = {"title": _("绑定检测报告"), "save": _("绑定"), "multipart": True}
    return _act(request, batch, ReportForm(**sending.posted(request)), words, write)


@staff_page(batches.DECIDES)
def compare(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Tick for every drawn cell whether the report prints the same."""
    batch, actor = _batch(request, uid, batches.DECIDES)
    context: dict[str, Any] = {"batch": batch, "back": batch_url(batch), "crumbs": crumbs(batch.number, _("逐格核对"))}
    if request.method == "POST":
        answers = {
            at: request.POST[f"cell-{at}"] == "same" for at in range(len(batch.drawn)) if f"cell-{at}" in request.POST
        }
        try:
            batches.compare(batch, answers, by=actor, at=clock.now())
            messages.success(request, _("已记下核对结果。"))
            return redirect(batch_url(batch))
        except Refusal as refusal:
            context["refused"] = str(refusal)
    context["cells"] = [(cell, analyte_name(cell["analyte"])) for cell in batch.drawn]
    return render(request, "monitoring/batch_compare.html", context, status=422 if request.method == "POST" else 200)


@staff_page("monitoring.send_results")
def findings_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The list of findings as Excel; for the laboratory without what is not its to know."""
    actor = actor_of(request)
    batch = Batch.objects.visible_to(actor).filter(uid=uid).first()
    if batch is None:
        raise Http404(str(uid))
    out = BytesIO()
    sheets.write_xlsx([findingsheet.of_batch(batch, actor)], out)
    return download(out.getvalue(), _("%(number)s问题清单") % {"number": findingsheet.called(batch, actor)}, "xlsx")


@staff_page("monitoring.read")
def findings(request: HttpRequest) -> HttpResponse:
    """The findings of batches, with their filters and their file."""
    from soildesk.monitoring.register.batches import FINDINGS

    return register_list(request, FINDINGS, crumbs=crumbs(_("检查发现")))

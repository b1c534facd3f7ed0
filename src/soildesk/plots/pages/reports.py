"""Pages of a report: registered, put right, its files and data, handed in, checked, returned, made public, handed up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.sentences import said as in_words
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.refused import stopped
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.monitoring.queries import bound as binding
from soildesk.plots.models import Report
from soildesk.plots.pages.events import crumbs as plot_crumbs
from soildesk.plots.pages.events import led_on, plot_or_404, plot_url
from soildesk.plots.queries.plots import version_of
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.reportfields import name_of
from soildesk.plots.reportforms import (
    DataForm,
    FileForm,
    NoteForm,
    PublishForm,
    ReasonForm,
    ReceiptForm,
    ReportForm,
    SentForm,
)
from soildesk.plots.reportwords import FILE, url_of
from soildesk.plots.services import disclosure, reports
from soilrules.plots.reports import ReportKind

Write = Callable[[dict[str, Any]], str]
State = Report.State
CHANGING = (*reports.OPEN, State.SUBMITTED, State.REVIEWING)
"""States in which what a report rests on may still be said otherwise."""


def seen(request: HttpRequest, uid: UUID, permission: str) -> tuple[Actor, Report]:
    """A report the actor sees, who may do what is asked with it."""
    actor = actor_of(request)
    rows = Report.objects.visible_to(actor).select_related("plot", "owner_department__division", "created_by")
    found: Report = get_object_or_404(rows, uid=uid)
    require(actor, permission, found)
    if permission == FILE:
        reports.need_keeper(found, actor)
    return actor, found


def crumbs(report: Report, title: str) -> list[tuple[str, str]]:
    """The way to an act on a report."""
    listed = reverse("kit:collection", args=["plot_reports"])
    return [(_("地块报告"), listed), (report.number, url_of(report)), (title, "")]


def ask(
    request: HttpRequest, report: Report, form: Any, write: Write, *, title: str, save: str, note: str = "",
    check: Callable[[], object] | None = None,
) -> HttpResponse:  # fmt: skip
    """A page with one form and one act on a report; where `check` refuses the act, the page says so instead of the form."""
    if check and (answer := stopped(request, check, url_of(report), _("回到这份报告"))):
        return answer
    context = {"title": f"{title} {report.number}", "note": note, "save": save, "crumbs": crumbs(report, title)}
    return asked(request, form, context, write, url_of(report))


def while_(report: Report, *states: str) -> Callable[[], object]:
    """The check that a report stands in one of these states."""
    return partial(reports.need_state, report, *states)


@staff_page("plots.read")
def choose(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Which kind of report came in."""
    actor = actor_of(request)
    version = plot_or_404(actor, uid)
    require(actor, "plots.file", version)
    kinds = [(one, name_of(one), reverse("plots:report_new", args=[uid, str(one)])) for one in ReportKind]
    context = {"version": version, "kinds": kinds, "crumbs": plot_crumbs(version, (_("登记报告"), ""))}
    return render(request, "plots/report_choose.html", context)


@staff_page("plots.read")
def new(request: HttpRequest, uid: UUID, kind: str) -> HttpResponse:
    """A report of a kind."""
    actor = actor_of(request)
    version = plot_or_404(actor, uid)
    require(actor, "plots.file", version)
    if kind not in list(ReportKind):
        return choose(request, uid)
    said = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    initial = {"use_system": version.use_system, "use_planned": version.use_planned}
    form = ReportForm(kind=kind, initial=initial, **said)
    context = {
        "title": _("登记%(kind)s：%(plot)s") % {"kind": name_of(kind), "plot": version.name},
        "note": _(
            "只填写名单、准入核查和指标要用的内容，其余以报告文件为准，不必重新录入。标“选填”的可以以后补，完整性审查前要齐全。"
        ),
        "save": _("保存"),
        "crumbs": plot_crumbs(version, (_("登记报告"), reverse("plots:reports_new", args=[uid])), (name_of(kind), "")),
    }

    def write(values: dict[str, Any]) -> str:
        at = clock.now()
        made = reports.register(version.plot, kind, form.facts(version), by=actor, at=at)
        if values["paper"]:
            reports.attach(made, data=values["paper"].read(), name=values["paper"].name, by=actor, at=at)
        context["done"] = url_of(made)
        return _("已登记 %(number)s，还没有提交。") % {"number": made.number}

    return led_on(request, form, context, write, plot_url(version))


@staff_page("plots.read")
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What a report says, put right before it is handed in."""
    actor, report = seen(request, uid, "plots.file")
    version = version_of(report.plot_id, actor.today)
    assert version is not None, "a report has a plot"
    said = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    names = ("title", "author", "author_code", "client", "credit_record", "finished_on", "use_system", "use_planned")
    whole = report.covers is not None and report.covers.equals(version.geometry)
    covering = "plot" if whole else "ground" if report.covers is not None else "none"
    initial = {**{name: getattr(report, name) for name in names}, "covering": covering}
    if covering == "ground":
        initial["ground"] = report.covers.wkt
    form = ReportForm(kind=report.kind, held=report, initial=initial, **said)

    def write(values: dict[str, Any]) -> str:
        at = clock.now()
        reports.revise(report, form.facts(version), by=actor, at=at)
        if values["paper"]:
            reports.attach(report, data=values["paper"].read(), name=values["paper"].name, by=actor, at=at)
        return _("已保存。")

    return ask(request, report, form, write, title=_("修改"), save=_("保存"), check=while_(report, *reports.OPEN))


@staff_page("plots.read")
def attach(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One more file."""
    actor, report = seen(request, uid, "plots.file")

    def write(said: dict[str, Any]) -> str:
        use = reports.attach(report, data=said["file"].read(), name=said["file"].name, by=actor, at=clock.now())
        return _("已上传“%(name)s”。") % {"name": use.name}

    return ask(
        request,
        report,
        posted(FileForm, request),
        write,
        title=_("上传文件"),
        save=_("上传"),
        check=while_(report, *reports.OPEN),
    )


@staff_page("plots.read")
def data(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The batches a report rests on, what they come to, and why it differs."""
    actor, report = seen(request, uid, "plots.file")
    version = version_of(report.plot_id, actor.today)
    assert version is not None, "a report has a plot"
    near = list(binding.accepted_on(actor, version.geometry)[:60])
    bound = list(report.batches.values_list("number", flat=True))
    shown = {one.number for one in near}
    initial = {
        "batches": bound,
        "numbers": "、".join(one for one in bound if one not in shown),
        **{name: getattr(report, name) for name in (*reports.EXPLAINED, "groundwater_class")},
    }
    said = {"data": request.POST} if request.method == "POST" else {}
    form = DataForm(near=near, kind=report.kind, initial=initial, **said)

    def write(values: dict[str, Any]) -> str:
        at = clock.now()
        chosen = _batches(actor, [*values["batches"], *split(values["numbers"])])
        told = {name: values[name] for name in (*reports.EXPLAINED, "groundwater_class") if name in values}
        reports.explain(report, told, by=actor, at=at)
        reports.bind(report, chosen, by=actor, at=at)
        return _("已关联 %(n)d 个检测批次，并已评价。") % {"n": len(chosen)}

    note = _(
        "系统按报告所用筛选值评价关联批次的土壤结果，按所选标准评价地下水结果；效果评估按目标值计算。报告结论不被改动，不一致的必须说明，说明不了的应退回。"
    )
    return ask(
        request,
        report,
        form,
        write,
        title=_("数据与结论"),
        save=_("保存并评价"),
        note=note,
        check=while_(report, *CHANGING),
    )


def split(text: str) -> list[str]:
    """Numbers typed in one line."""
    return [one.strip() for one in text.replace("，", "、").replace(",", "、").split("、") if one.strip()]


def _batches(actor: Actor, numbers: list[str]) -> list[Any]:
    rows = binding.called(actor, numbers)
    unknown = [one for one in dict.fromkeys(numbers) if one not in rows]
    if unknown:
        raise ReportRefused(
            _("没有找到检测批次“%(numbers)s”：请填写“检测批次”列表中的批次编号。") % {"numbers": "、".join(unknown)},
            code="plots.report.batch",
        )
    return list(rows.values())


@staff_page("plots.read")
def submit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Handed in."""
    actor, report = seen(request, uid, "plots.file")

    def write(said: dict[str, Any]) -> str:
        held = reports.submit(report, by=actor, at=clock.now(), on=said["on"])
        return _("已提交（第 %(n)d 轮），等待完整性审查。") % {"n": held.round}

    lacking = "".join(reports.missing(report, actor.today))
    form = posted(SentForm, request, {"on": clock.today()})
    return ask(
        request, report, form, write, title=_("提交"), save=_("提交"), note=lacking, check=while_(report, *reports.OPEN)
    )


@staff_page("plots.read")
def complete(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The completeness check passed."""
    actor, report = seen(request, uid, "plots.accept")

    def write(said: dict[str, Any]) -> str:
        reports.complete(report, by=actor, at=clock.now(), note=said["note"])
        return _("完整性审查通过，评审开始。")

    lacking = "".join(reports.missing(report, actor.today))
    note = lacking or _("要读取的内容齐全；附件和图件是否齐全请人工核对。")
    if lacking and request.method == "POST":
        note = ""  # what is missing stands in the refusal, once
    return ask(
        request,
        report,
        posted(NoteForm, request),
        write,
        title=_("完整性审查"),
        save=_("通过"),
        note=note,
        check=while_(report, State.SUBMITTED),
    )


@staff_page("plots.read")
def give_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Returned with reasons."""
    actor, report = seen(request, uid, "plots.accept")

    def write(said: dict[str, Any]) -> str:
        reports.give_back(report, said["why"], by=actor, at=clock.now())
        return _("已退回，重新提交后为下一轮。")

    lacking = "".join(reports.missing(report, actor.today))
    form = posted(ReasonForm, request, {"why": lacking})
    return ask(
        request,
        report,
        form,
        write,
        title=_("退回修改"),
        save=_("退回"),
        check=while_(report, State.SUBMITTED, State.REVIEWING),
    )


@staff_page("plots.read")
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Given up."""
    actor, report = seen(request, uid, "plots.file")

    def write(said: dict[str, Any]) -> str:
        reports.withdraw(report, said["why"], by=actor, at=clock.now())
        return _("已撤回。")

    return ask(
        request,
        report,
        posted(ReasonForm, request),
        write,
        title=_("撤回"),
        save=_("撤回"),
        check=while_(report, *CHANGING),
    )


@staff_page("plots.read")
def publish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Made public."""
    actor, report = seen(request, uid, "plots.accept")

    def write(said: dict[str, Any]) -> str:
        disclosure.publish(report, said["since"], said["until"], said["address"], by=actor, at=clock.now())
        return _("已登记公开。")

    today = clock.today()
    initial = {
        "since": report.published_on or today,
        "until": report.published_until,
        "address": report.address,
    }
    note = in_words(disclosure.public_until(today, today).message)
    return ask(
        request,
        report,
        posted(PublishForm, request, initial),
        write,
        title=_("登记公开"),
        save=_("登记"),
        note=note,
        check=while_(report, State.ACCEPTED),
    )


@staff_page("plots.read")
def upload(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Handed up to the national system."""
    actor, report = seen(request, uid, "plots.accept")

    def write(said: dict[str, Any]) -> str:
        disclosure.uploaded(report, said["receipt"], said["on"], by=actor, at=clock.now())
        return _("已登记上传回执。")

    form: forms.Form = posted(ReceiptForm, request, {"on": clock.today(), "receipt": report.receipt})
    return ask(
        request, report, form, write, title=_("登记上传回执"), save=_("登记"), check=while_(report, State.ACCEPTED)
    )

"""Acts on 分办: sign, report, upload, verify, send back, reassign. Each is one service call and one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed, may, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.plans import wording
from soildesk.plans.models import Assignment
from soildesk.plans.pages.request import assignment_or_404, back, is_part, next_of
from soildesk.plans.pages.workforms import SAID, EvidenceForm, ReassignForm, ReportForm, WhyForm
from soildesk.plans.queries import department as queries
from soildesk.plans.queries.work import departments_for, open_terms, tasks_for_evidence
from soildesk.plans.services import work
from soildesk.plans.services.work import Report

REFUSED = 422
"""Status of a refused act: the form is shown again with the sentence."""


def _attempt(request: HttpRequest, act: Callable[[], object], said: str) -> str:
    """Do the act and say how it went; returns the refusal's sentence, empty where the act was done."""
    try:
        act()
    except (Refusal, NotAllowed) as refusal:
        return str(refusal)
    if not is_part(request):
        messages.success(request, said)
    return ""


def _at_once(request: HttpRequest, assignment: Assignment, act: Callable[[], object], said: str) -> HttpResponse:
    refused = _attempt(request, act, said)
    if refused:
        messages.error(request, refused)
    return back(request, "plans:task", assignment.task.uid)


@require_POST
@staff_page("plans.read")
def receive(request: HttpRequest, uid: UUID) -> HttpResponse:
    """签收."""
    actor, assignment = actor_of(request), assignment_or_404(actor_of(request), uid)
    return _at_once(
        request,
        assignment,
        lambda: work.receive(assignment, by=actor, at=clock.now()),
        _("已签收“%(task)s”。") % {"task": assignment.task.heading},
    )


@require_POST
@staff_page("plans.read")
def verify(request: HttpRequest, uid: UUID) -> HttpResponse:
    """核实."""
    actor, assignment = actor_of(request), assignment_or_404(actor_of(request), uid)
    return _at_once(
        request,
        assignment,
        lambda: work.verify(assignment, by=actor, at=clock.now()),
        _("已核实%(unit)s的填报。") % {"unit": assignment.department},
    )


def _answer(
    request: HttpRequest, assignment: Assignment, form: forms.Form, what: dict[str, Any], refused: str
) -> HttpResponse:
    """The form: as a row in a list where htmx asks, else as a page of its own."""
    template = "plans/task/form_row.html" if is_part(request) else "plans/task/form_page.html"
    leave = "" if is_part(request) else next_of(request) or reverse("plans:task", args=[assignment.task.uid])
    context = {
        "form": form,
        "assignment": assignment,
        "task": assignment.task,
        "refused": refused,
        "next": next_of(request),
        "leave": leave,
        **what,
    }
    status = REFUSED if (refused or form.errors) and not is_part(request) else 200
    return render(request, template, context, status=status)


def _done(request: HttpRequest, assignment: Assignment, said: str) -> HttpResponse:
    """After the act: the row's new state where htmx asked, else back to where the person was."""
    if not is_part(request):
        return back(request, "plans:task", assignment.task.uid)
    tone, icon, word = wording.ASSIGNMENT_STATES[assignment.state]
    return render(
        request,
        "plans/task/done_row.html",
        {
            "said": said,
            "assignment": assignment,
            "entry": assignment.entries.order_by("-at", "-pk").first(),
            "tone": tone,
            "icon": icon,
            "word": word,
        },
    )


@require_http_methods(["GET", "POST"])
@staff_page("plans.read")
def report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """填报进展: 已办, 办理中, 未办及原因, 转错了."""
    actor = actor_of(request)
    assignment = assignment_or_404(actor, uid)
    if not may(actor, "plans.review", assignment.task.plan):
        require(actor, "plans.report", assignment)
    terms = open_terms(assignment, page_day(request))
    form = ReportForm(request.POST or None, request.FILES or None, periods=terms, initial=_now_due(terms))
    what = {"title": _("填报进展"), "buttons": SAID, "url": reverse("plans:report", args=[uid])}
    if request.method == "GET":
        return _answer(request, assignment, form, what, "")
    said = request.POST.get("said", "going")
    if not form.is_valid():
        return _answer(request, assignment, form, what, _("请改正标出的内容后再提交。"))
    told = _("已记下：%(said)s。") % {"said": SAID.get(said, said)}
    refused = _attempt(request, lambda: _say(assignment, said, form.cleaned_data, actor), told)
    return _answer(request, assignment, form, what, refused) if refused else _done(request, assignment, told)


def _now_due(terms: list[tuple[str, str]]) -> dict[str, Any]:
    return {"period": terms[0][0] if terms else "", "done_on": clock.today()}


def _say(assignment: Assignment, said: str, data: dict[str, Any], by: Actor) -> object:
    if said == "misdirected":
        return work.misdirected(assignment, why=data["text"] or data["unfinished_why"], by=by, at=clock.now())
    if said not in SAID:
        raise Refusal(_("没有“%(said)s”这种填报。请用表上的按钮提交。") % {"said": said})
    done = said == "done"
    report = Report(
        text=data["text"],
        claims_done=done,
        done_on=data["done_on"] if done else None,
        unfinished_why=data["unfinished_why"] if said == "not_done" else "",
        period=data["period"],
    )
    if said == "not_done" and not data["unfinished_why"].strip():
        raise Refusal(_("“未办及原因”需要写明未办原因。请在“未办原因”中填写。"))
    attachments = [(one.name or "", one.read()) for one in data["files"]]
    return work.report(assignment, report, by=by, at=clock.now(), attachments=attachments)


@require_http_methods(["GET", "POST"])
@staff_page("plans.verify")
def send_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """退回: what the unit had closed is open again."""
    actor, assignment = actor_of(request), assignment_or_404(actor_of(request), uid)
    require(actor, "plans.verify", assignment.task.plan)
    form = WhyForm(request.POST or None)
    what = {"title": _("退回重报"), "submit": _("退回"), "url": reverse("plans:send_back", args=[uid])}

    def act(data: dict[str, Any]) -> object:
        return work.send_back(assignment, why=data["why"], by=actor, at=clock.now())

    return _with_ground(request, assignment, form, what, act=act, told=_("已退回%(unit)s重报。"))


@require_http_methods(["GET", "POST"])
@staff_page("plans.review")
def reassign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """改派 or 撤销."""
    actor, assignment = actor_of(request), assignment_or_404(actor_of(request), uid)
    require(actor, "plans.review", assignment.task.plan)
    known = departments_for(assignment, page_day(request))
    form = ReassignForm(request.POST or None, departments=[(str(one.uid), str(one)) for one in known])
    what = {"title": _("改派"), "submit": _("改派"), "url": reverse("plans:reassign", args=[uid])}

    def act(data: dict[str, Any]) -> object:
        to = next((one for one in known if str(one.uid) == data["to"]), None)
        return work.reassign(assignment, to, why=data["why"], by=actor, at=clock.now())

    return _with_ground(request, assignment, form, what, act=act, told=_("已改派，原分办单位：%(unit)s。"))


def _with_ground(
    request: HttpRequest,
    assignment: Assignment,
    form: WhyForm,
    what: dict[str, Any],
    *,
    act: Callable[[dict[str, Any]], object],
    told: str,
) -> HttpResponse:
    if request.method == "GET" or not form.is_valid():
        return _answer(request, assignment, form, what, "")
    said = told % {"unit": assignment.department}
    refused = _attempt(request, lambda: act(form.cleaned_data), said)
    return _answer(request, assignment, form, what, refused) if refused else _done(request, assignment, said)


@require_http_methods(["GET", "POST"])
@staff_page("plans.report")
def evidence(request: HttpRequest) -> HttpResponse:
    """上传材料: one file for one or many tasks."""
    actor = actor_of(request)
    tasks = tasks_for_evidence(actor, page_day(request))
    first = request.GET.getlist("task")
    form = EvidenceForm(
        request.POST or None,
        request.FILES or None,
        initial={"tasks": first},
        tasks=[(str(one.uid), f"{one.number} {one.heading}".strip()) for one in tasks],
    )
    context = {
        "form": form,
        "title": _("上传材料"),
        "crumbs": [(_("我的单位"), reverse("plans:department")), (_("上传材料"), "")],
    }
    if request.method == "GET" or not form.is_valid():
        return render(request, "plans/task/evidence.html", context, status=REFUSED if form.errors else 200)
    chosen = [one for one in tasks if str(one.uid) in form.cleaned_data["tasks"]]
    file = form.cleaned_data["file"]
    unit = next(iter(queries.own_departments(actor)), None)
    remark = form.cleaned_data["remark"] or str(unit or "")
    said = _("“%(name)s”已用于 %(n)d 项任务。") % {"name": file.name, "n": len(chosen)}
    refused = _attempt(
        request,
        lambda: work.add_evidence(chosen, file.name, file.read(), by=actor, at=clock.now(), remark=remark),
        said,
    )
    if refused:
        return render(request, "plans/task/evidence.html", context | {"refused": refused}, status=REFUSED)
    return back(request, "plans:task", chosen[0].uid)

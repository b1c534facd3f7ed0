"""The acts on a problem, each a page with one form; the clause, the punishment, the order as a Word file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.sentences import said as sentence
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.land.pages.parcels import asked
from soildesk.land.queries.choices import department, keepers
from soildesk.oversight import orderpaper
from soildesk.oversight.models import Problem
from soildesk.oversight.pages import forms_problems as ask
from soildesk.oversight.queries.problems import problem_of
from soildesk.oversight.services import judging, problems
from soildesk.oversight.services.problems import ANSWER, RECORD, SETTLE, Done, Order, Proof
from soildesk.oversight.violationwords import penalty_lines, violation_choices

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """One act: its title, permission, form, service and what is said when it is done."""

    title: Any
    permission: str
    form: type[forms.Form]
    write: Callable[[Problem, Said, Done], Problem]
    done: Any


def proofs(said: Said) -> list[Proof]:
    """The files of a form."""
    return [Proof(one.name, one.read()) for one in said.get("files") or ()]


def _assign(problem: Problem, said: Said, done: Done) -> Problem:
    unit = department(int(said["unit"]))
    if unit is None:
        raise Http404(said["unit"])
    return problems.assign(problem, Order(unit, said["requirement"], said["due"], said["due_body"]), done)


def _noted(service: Callable[[Problem, Done], Problem]) -> Callable[[Problem, Said, Done], Problem]:
    return lambda problem, said, done: service(problem, done)


def _proved(service: Callable[..., Problem]) -> Callable[[Problem, Said, Done], Problem]:
    return lambda problem, said, done: service(problem, done, proofs(said))


def _extend(problem: Problem, said: Said, done: Done) -> Problem:
    return problems.extend(problem, said["due"], done, document=said["document"])


PAGES: Mapping[str, Page] = {
    "assign": Page(_l("交办"), SETTLE, ask.AssignForm, _assign, _l("已交办。")),
    "measure": Page(_l("登记整改进展"), ANSWER, ask.WorkForm, _proved(problems.measure), _l("已登记整改进展。")),
    "answer": Page(
        _l("报请验收"), ANSWER, ask.WorkForm, _proved(problems.answer), _l("已报请验收，等待另一名人员验收。")
    ),
    "settle": Page(_l("验收销号"), SETTLE, ask.NoteForm, _noted(problems.settle), _l("已销号。")),
    "return": Page(_l("退回"), SETTLE, ask.NoteForm, _noted(problems.give_back), _l("已退回整改。")),
    "extend": Page(_l("调整时限"), SETTLE, ask.ExtendForm, _extend, _l("已调整时限。")),
    "dismiss": Page(_l("核实不属实"), SETTLE, ask.NoteForm, _noted(problems.dismiss), _l("已登记核实结果。")),
    "reopen": Page(_l("重新打开"), SETTLE, ask.NoteForm, _noted(problems.reopen), _l("已重新打开。")),
}


def found_or_404(actor: Actor, uid: UUID) -> Problem:
    """The problem; nothing where the actor sees none."""
    problem = problem_of(actor, uid)
    if problem is None:
        raise Http404(str(uid))
    return problem


def url_of(problem: Problem) -> str:
    """Its record page."""
    return reverse("kit:record", args=["problems", str(problem.uid)])


def crumbs(problem: Problem, title: str) -> list[tuple[str, str]]:
    """The way to an act on a problem."""
    return [
        (_("问题清单"), reverse("kit:collection", args=["problems"])),
        (problem.number, url_of(problem)),
        (title, ""),
    ]


def bound(request: HttpRequest, form: type[forms.Form], **said: Any) -> Any:
    """The form with what was posted."""
    given = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    return form(**given, **said)


@staff_page("oversight.read")
def problem_act(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """One act on one problem."""
    actor, page = actor_of(request), PAGES.get(name)
    problem = found_or_404(actor, uid)
    if page is None:
        raise Http404(name)
    require(actor, page.permission, problem)

    def write(said: dict[str, Any]) -> str:
        page.write(problem, said, Done(actor, clock.now(), said["note"]))
        return str(page.done)

    context = {
        "title": f"{page.title}：{problem.number}",
        "note": problem.fact,
        "crumbs": crumbs(problem, str(page.title)),
        "save": page.title,
    }
    form = bound(request, page.form, **_choices(name, problem, actor))
    return asked(request, form, context, write, url_of(problem))


def _choices(name: str, problem: Problem, actor: Actor) -> dict[str, Any]:
    """What the form of an act lets choose and begins with."""
    if name == "assign":
        first = {
            "unit": str(problem.unit_id or ""), "requirement": problem.requirement, "due": problem.due, "due_body": problem.due_body,
        }  # fmt: skip
        return {"departments": keepers(actor, actor.today), "initial": first}
    if name == "extend":
        return {"initial": {"due": problem.due}}
    return {}


@staff_page("oversight.read")
def cite(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The clause: first what both laws say, then the person's choice."""
    actor = actor_of(request)
    problem = found_or_404(actor, uid)
    require(actor, RECORD, problem)
    first = {
        "violation": problem.violation, "acted_on": problem.acted_on or problem.found_on, "decided_on": actor.today,
    }  # fmt: skip
    form = bound(request, ask.CiteForm, kinds=violation_choices(actor, actor.today), initial=first)
    context: dict[str, Any] = {
        "form": form, "problem": problem, "title": f"{_('选定条款')}：{problem.number}", "back": url_of(problem),
        "crumbs": crumbs(problem, _("选定条款")),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        act = judging.Act(said["violation"], said["acted_on"], said["decided_on"], said["began_on"])
        try:
            context |= _ranges(act)
            if request.POST.get("step") == "cite":
                judging.cite(problem, act, request.POST.get("law", ""), Done(actor, clock.now()))
                messages.success(request, _("已登记对应条款。"))
                return HttpResponseRedirect(url_of(problem))
        except Refusal as refusal:
            context["refused"] = str(refusal)
    status = 422 if form.errors or "refused" in context else 200
    return render(request, "oversight/cite.html", context, status=status)


def _ranges(act: judging.Act) -> dict[str, Any]:
    """What the laws say of an act, for a page."""
    ranges = judging.ranges_of(act)
    laws = [penalty_lines(one) for one in ranges.penalties]
    return {"ranges": ranges, "told": sentence(ranges.message), "laws": laws}


@staff_page("oversight.read")
def punish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A punishment that was decided."""
    actor = actor_of(request)
    problem = found_or_404(actor, uid)
    require(actor, SETTLE, problem)

    def write(said: dict[str, Any]) -> str:
        decision = judging.Decision(said["number"], said["decided_on"], said["authority"], said["content"])
        judging.punish(problem, decision, Done(actor, clock.now()), proofs(said))
        return _("已登记处罚。")

    context = {
        "title": f"{_('登记处罚')}：{problem.number}",
        "note": _("只登记已经作出的决定；罚多少由有权机关决定，系统不计算。"),
        "crumbs": crumbs(problem, _("登记处罚")),
        "save": _("登记"),
    }
    return asked(request, bound(request, ask.PenaltyForm), context, write, url_of(problem))


@staff_page("oversight.read")
def order(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The order 问题交办单 as a Word file."""
    actor = actor_of(request)
    problem = found_or_404(actor, uid)
    return download(
        orderpaper.docx(problem, actor.today), _("问题交办单%(number)s") % {"number": problem.number}, "docx"
    )

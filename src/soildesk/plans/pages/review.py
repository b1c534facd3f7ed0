"""审核: the document on the left, the ledger read from it on the right, every act on a task in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.plans.models import Indicator, Milestone, Plan, PlanTask, UnassignedClause
from soildesk.plans.pages import taskforms
from soildesk.plans.pages.access import actor_of, logged_in, plan_or_404, sentence_of, task_or_404
from soildesk.plans.pages.cards import Card, card_of, cards_of, sections
from soildesk.plans.pages.forms import CorrectionForm, HeadForm, StandingForm
from soildesk.plans.pages.frame import frame
from soildesk.plans.pages.heads import head_fields, indicator_rows, notes_of
from soildesk.plans.pages.paper import paper
from soildesk.plans.pages.wording import iso_or_none, printed_terms, terms_reading
from soildesk.plans.queries.review import CARRIED, GONE, counts, filters, standing_tasks
from soildesk.plans.refusals import WrongValue
from soildesk.plans.services import clauses, review, whole_plan
from soilrules import deadlines

REFUSED = 422
"""Status of a refused act: the page shows the answer in place."""
Act = Callable[[HttpRequest, PlanTask, Actor], object]


@require_GET
@logged_in
def screen(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The whole screen of one plan."""
    plan = plan_or_404(actor_of(request), uid)
    shown = next((each for each in filters() if each.name == request.GET.get("show")), filters()[0])
    cards = cards_of(plan, standing_tasks(plan).filter(shown.condition))
    found = counts(plan)
    return render(
        request,
        "plans/review/screen.html",
        {
            **frame(request, plan, "review"),
            **_progress(plan, found, shown.name),
            "paper": paper(plan),
            "head": list(head_fields(plan)),
            "notes": notes_of(plan),
            "goals": plan.reading.get("goals", []),
            "universal": plan.reading.get("universal", []),
            "indicators": indicator_rows(plan),
            "sections": sections(cards),
            "unassigned": plan.unassigned.all(),
            "open_clauses": "clauses" in request.GET or not found["all"],
            "gone": plan.tasks.filter(status__in=GONE).select_related("merged_into"),
            "carried": plan.reading.get("carried"),
            "fresh": found["accepted"] + found["rejected"] == 0,
        },
    )


def _progress(plan: Plan, found: dict[str, int], shown: str) -> dict[str, Any]:
    named = [each for each in filters() if each.name != CARRIED or plan.edition_of_id]
    chosen = [{"filter": each, "count": found[each.name], "here": each.name == shown} for each in named]
    decided = found["accepted"] + found["rejected"]
    return {
        "counts": found,
        "filters": chosen,
        "decided": decided,
        "left_open": plan.unassigned.filter(decision="").count(),
    }


ACTS: dict[str, Act] = {}
"""POST acts on one task by the last word of their address."""


def _act(name: str) -> Callable[[Act], Act]:
    def keep(function: Act) -> Act:
        ACTS[name] = function
        return function

    return keep


@_act("accept")
def _accept(request: HttpRequest, task: PlanTask, by: Actor) -> object:
    standing = None
    if "rhythm" in request.POST:
        form = StandingForm(request.POST)
        if not form.is_valid():
            raise WrongValue(" ".join(error for errors in form.errors.values() for error in errors))
        standing = form.standing()
    return review.accept(task, by=by, at=clock.now(), standing=standing)


@_act("reject")
def _reject(request: HttpRequest, task: PlanTask, by: Actor) -> object:
    return review.reject(task, why=request.POST.get("why", ""), by=by, at=clock.now())


@_act("reopen")
def _reopen(request: HttpRequest, task: PlanTask, by: Actor) -> object:
    return review.reopen(task, by=by, at=clock.now())


@_act("correct")
def _correct(request: HttpRequest, task: PlanTask, by: Actor) -> object:
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        raise WrongValue(" ".join(error for errors in form.errors.values() for error in errors))
    wanted = form.correction(request.POST.getlist("unit_name"), request.POST.getlist("unit_role"))
    return review.correct(task, wanted, by=by, at=clock.now())


@_act("split")
def _split(request: HttpRequest, task: PlanTask, by: Actor) -> object:
    offsets = [int(value) for value in request.POST.getlist("at") if value.isdecimal()]
    return review.split(task, offsets, by=by, at=clock.now())


@_act("merge")
def _merge(request: HttpRequest, task: PlanTask, by: Actor) -> object:
    keys = set(request.POST.getlist("other"))
    others = [row for row in task.plan.tasks.select_related("plan") if str(row.pk) in keys]
    return review.merge(others, task, by=by, at=clock.now())


WHOLE_PAGE = frozenset({"split", "merge"})
"""Acts after which other cards and the marks of the document change too."""


@require_http_methods(["GET", "POST"])
@logged_in
def task_act(request: HttpRequest, uid: UUID, act: str) -> HttpResponse:
    """GET shows the card (with the act's form, where it has one); POST does the act."""
    by = actor_of(request)
    task = task_or_404(by, uid)
    if request.method == "GET":
        if act != "card" and act not in taskforms.FORMS:
            raise Http404(act)
        return _card(request, task, form=act)
    if act not in ACTS:
        raise Http404(act)
    try:
        ACTS[act](request, task, by)
    except (Refusal, NotAllowed) as refusal:
        return _refused(request, task, refusal, act)
    return _done(request, task, act)


def _done(request: HttpRequest, task: PlanTask, act: str) -> HttpResponse:
    back = reverse("plans:review", args=[task.plan.uid])
    if "HX-Request" not in request.headers:
        return redirect(f"{back}#t{task.pk}")
    if act in WHOLE_PAGE:
        return HttpResponse(headers={"HX-Refresh": "true"})
    asks = act == "accept" and "rhythm" not in request.POST
    return _card(request, task, form="standing" if asks else "", progress=True)


def _refused(request: HttpRequest, task: PlanTask, refusal: Refusal | NotAllowed, act: str) -> HttpResponse:
    sentence = sentence_of(refusal)
    if "HX-Request" not in request.headers:
        messages.error(request, sentence)
        return redirect(f"{reverse('plans:review', args=[task.plan.uid])}#t{task.pk}")
    return _card(request, task, form=act, refusal=sentence)


def _card(
    request: HttpRequest, task: PlanTask, *, form: str = "", refusal: str = "", progress: bool = False
) -> HttpResponse:
    """One card as it stands now, with a form open in it, a refusal, or the counts of the whole plan beside it."""
    plan = task.plan
    card = card_of(task)
    context = {**frame(request, plan, "review"), "card": card, "refusal": refusal}
    context |= _form_context(request, card, form)
    if progress:
        context |= {**_progress(plan, counts(plan), _shown_now(request)), "progress": True}
    return render(request, "plans/review/card.html", context, status=REFUSED if refusal else 200)


def _shown_now(request: HttpRequest) -> str:
    """The filter of the page the card stands on."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    return parse_qs(here.query).get("show", ["all"])[0]


def _form_context(request: HttpRequest, card: Card, name: str) -> dict[str, Any]:
    if name not in taskforms.FORMS or (name == "standing" and not card.standing):
        return {}
    return {"open_form": f"plans/review/form_{name}.html", **taskforms.FORMS[name](card, request.POST or None)}


@require_POST
@logged_in
def accept_many(request: HttpRequest, uid: UUID) -> HttpResponse:
    """采纳全部把握高的任务, or 采纳其余."""
    by = actor_of(request)
    plan = plan_or_404(by, uid)
    try:
        count = review.accept_confident(plan, by=by, at=clock.now(), everything=request.POST.get("all") == "1")
        messages.success(request, _("已采纳 %(count)d 项任务。") % {"count": count})
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect("plans:review", uid=plan.uid)


@require_POST
@logged_in
def review_date(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a term without a day its review date."""
    by = actor_of(request)
    term = Milestone.objects.filter(pk=pk).select_related("task").first()
    if term is None:
        raise Http404(str(pk))
    term.task = task_or_404(by, term.task.uid)
    day = iso_or_none(request.POST.get("day", ""))
    try:
        if day is None:
            raise WrongValue(_("复核日期没有填写。请选择一个日期。"))
        review.set_review_date(term, day, by=by, at=clock.now())
    except (Refusal, NotAllowed) as refusal:
        return _refused(request, term.task, refusal, "")
    return _done(request, term.task, "review_date")


@require_GET
@logged_in
def term_words(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What words of a deadline are read as in this plan's year, while somebody types them."""
    plan = plan_or_404(actor_of(request), uid)
    text = request.GET.get("deadline_text", "")[:200]
    read = [
        (found[0].text, terms_reading(found)) for found in printed_terms(deadlines.parse(text, plan_year=plan.year))
    ]
    return render(request, "plans/review/term_words.html", {"read": read, "text": text.strip()})


@require_http_methods(["GET", "POST"])
@logged_in
def head(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The head of the plan as a form; POST corrects it."""
    by = actor_of(request)
    plan = plan_or_404(by, uid)
    form = HeadForm(request.POST) if request.method == "POST" else HeadForm.of(plan)
    if request.method == "POST" and form.is_valid():
        try:
            whole_plan.correct_head(plan, form.head(), by=by, at=clock.now())
        except (Refusal, NotAllowed) as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("方案信息已保存。"))
            return redirect("plans:review", uid=plan.uid)
    status = REFUSED if form.errors else 200
    return render(request, "plans/review/head.html", {**frame(request, plan, "review"), "form": form}, status=status)


@require_POST
@logged_in
def reject_indicator(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave an indicator out, with the reason."""
    by = actor_of(request)
    row = Indicator.objects.visible_to(by).filter(pk=pk).select_related("plan").first()
    if row is None:
        raise Http404(str(pk))
    try:
        review.reject_indicator(row, why=request.POST.get("why", ""), by=by, at=clock.now())
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect(f"{reverse('plans:review', args=[row.plan.uid])}#i{row.pk}")


CLAUSE_ACTS: dict[str, Callable[..., object]] = {
    "take": clauses.take_up,
    "leave": lambda row, **who: clauses.leave(row.plan, clauses=[row], **who),
    "reopen": clauses.reopen,
}
"""Acts on one clause without a unit, by the last word of their address."""


@require_POST
@logged_in
def clause_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Take a clause up as a task, leave it, or take that back; then the page with the clause or its new task."""
    by = actor_of(request)
    row = UnassignedClause.objects.visible_to(by).filter(pk=pk).select_related("plan").first()
    if row is None or act not in CLAUSE_ACTS:
        raise Http404(act)
    place = f"l{row.pk}"
    try:
        CLAUSE_ACTS[act](row, by=by, at=clock.now())
        if row.task:
            place = f"t{row.task.pk}"
            messages.success(
                request, _("已列为任务“%(task)s”，请点“改正”补填责任单位，再采纳。") % {"task": row.heading}
            )
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect(f"{reverse('plans:review', args=[row.plan.uid])}?clauses=1#{place}")


@require_POST
@logged_in
def leave_clauses(request: HttpRequest, uid: UUID) -> HttpResponse:
    """其余都不列为任务."""
    by = actor_of(request)
    plan = plan_or_404(by, uid)
    try:
        count = clauses.leave(plan, by, clock.now())
        messages.success(request, _("%(count)d 段条款不列为任务。") % {"count": count})
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect(f"{reverse('plans:review', args=[plan.uid])}?clauses=1#clauses")

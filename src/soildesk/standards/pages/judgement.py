"""判定: a table in, what was understood and every verdict out; kept only when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.standards.addresses import url_of
from soildesk.standards.choices import CROPS
from soildesk.standards.judging import LIMITS, MOST_ROWS, TableRefused
from soildesk.standards.models import Trial
from soildesk.standards.pages.forms import ChoicesForm, TableForm, initial_of
from soildesk.standards.pages.judged import JudgedTable
from soildesk.standards.queries.evaluations import divisions_to_judge, ended_job_of, trial_of
from soildesk.standards.queries.judged import Comparison, table_of
from soildesk.standards.refusals import language
from soildesk.standards.services import judgement

if TYPE_CHECKING:
    from soildesk.core.models import Division
    from soildesk.core.permissions import Actor

REFUSED = 422


def sentence_of(refusal: Refusal) -> str:
    """The sentence of a refusal in the language of the page."""
    return refusal.sentences[language()] if isinstance(refusal, TableRefused) else str(refusal)


@require_http_methods(["GET", "POST"])
@staff_page("standards.judge")
def new(request: HttpRequest) -> HttpResponse:
    """Paste or choose a table; POST judges it and goes to the trial, or says why not beside the form."""
    actor = actor_of(request)
    divisions = divisions_to_judge(actor)
    if not divisions:
        require(actor, "standards.judge", actor.person)
    if request.method == "GET":
        return _new_page(request, TableForm(divisions, initial={"on": page_day(request)}))
    form = TableForm(divisions, request.POST, request.FILES)
    if not form.is_valid():
        return _new_page(request, form, status=REFUSED)
    data, name = form.table()
    given = judgement.Given(data, name, form.chosen, form.place)
    try:
        trial = judgement.try_out(given, by=actor, at=clock.now())
    except Refusal as refusal:
        return _new_page(request, form, sentence_of(refusal), status=REFUSED)
    return HttpResponseRedirect(url_of(trial))


def _new_page(request: HttpRequest, form: TableForm, error: str = "", status: int = 200) -> HttpResponse:
    page = {
        "form": form,
        "error": error or " ".join(str(one) for one in form.non_field_errors()),
        "crops": CROPS,
        "most_rows": MOST_ROWS,
        "limit_mb": LIMITS.file_mb,
        "crumbs": [(_("判定记录"), reverse("standards:evaluations")), (_("判定"), "")],
    }
    return render(request, "standards/judgement/new.html", page, status=status)


def own_trial(request: HttpRequest, uid: UUID) -> Trial:
    """One's own trial, or 404."""
    found = trial_of(actor_of(request), uid)
    if found is None:
        raise Http404(str(uid))
    return found


@require_GET
@staff_page("standards.judge")
def trial(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What came of a table, not kept yet."""
    found = own_trial(request, uid)
    crumbs = [(_("判定记录"), reverse("standards:evaluations")), (found.file_name, "")]
    page = {"trial": found, "crumbs": crumbs}
    if found.state == Trial.State.WAITING:
        ended = ended_job_of(found)
        if ended is None:
            return render(request, "standards/judgement/waiting.html", page)
        return render(request, "standards/judgement/refused.html", {**page, "why": ended.doing, "broken": True})
    if found.state == Trial.State.REFUSED:
        return render(request, "standards/judgement/refused.html", {**page, "why": found.refusal[language()]})
    judged = JudgedTable.of(found, request)
    form = ChoicesForm(
        _divisions(found, actor_of(request)), initial=initial_of(found.choices, found.division_id, page_day(request))
    )
    page |= {"judged": judged, "form": form, "crops": CROPS, "title": _title(found), "changed": _changed(found, judged)}
    return render(request, "standards/judgement/trial.html", page)


def _divisions(trial: Trial, actor: Actor) -> list[Division]:
    """Where the results may belong; those of a kept judgement stay where they are."""
    return [trial.division] if trial.first_id else divisions_to_judge(actor)


def _title(trial: Trial) -> str:
    """What the judgement might be called."""
    if trial.first:
        return trial.first.title
    stem = trial.file_name.rpartition(".")[0] or trial.file_name
    return "" if stem == _("粘贴的表.txt").rpartition(".")[0] else stem


def _changed(trial: Trial, judged: JudgedTable) -> int | None:
    """How many verdicts differ from the first judgement; None where there is none."""
    if trial.first is None:
        return None
    return len(Comparison.of(table_of(trial.first), judged.selection.table).of_verdict)


@require_POST
@staff_page("standards.judge")
def again(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Judge the same table by other choices: a new trial; the old one stays where it is."""
    actor, found = actor_of(request), own_trial(request, uid)
    form = ChoicesForm(_divisions(found, actor), request.POST)
    if not form.is_valid():
        messages.error(
            request, _("没有重新判定：%(why)s") % {"why": " ".join(e for es in form.errors.values() for e in es)}
        )
        return HttpResponseRedirect(url_of(found))
    source = judgement.source_of(found)
    given = judgement.Given(judgement.files.read(source), source.name, form.chosen, form.place, found.first)
    try:
        found = judgement.try_out(given, by=actor, at=clock.now())
    except Refusal as refusal:
        messages.error(request, sentence_of(refusal))
    return HttpResponseRedirect(url_of(found))


@require_POST
@staff_page("standards.judge")
def keep(request: HttpRequest, uid: UUID) -> HttpResponse:
    """保存."""
    found = own_trial(request, uid)
    try:
        kept = judgement.keep(found, request.POST.get("title", ""), by=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(url_of(found))
    messages.success(request, _("已保存。这份判定从此不再改动；要换标准或日期，请用“重新判定”。"))
    if kept.first:
        return HttpResponseRedirect(reverse("standards:compare", args=[kept.uid]))
    return HttpResponseRedirect(url_of(kept))

"""Pages of trials 试算: other terms are asked with, a job works them out, what was found stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock, jobs
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may
from soildesk.farmland import classdrawing, classsheets
from soildesk.farmland.approvedwords import element_names
from soildesk.farmland.classwords import class_chip, terms_told
from soildesk.farmland.models import Classification, ClassTrial
from soildesk.farmland.mu import told
from soildesk.farmland.pages.classforms import TermsForm
from soildesk.farmland.pages.classifying import READ, crumbs, seen
from soildesk.farmland.queries import trials as kept
from soildesk.farmland.queries import whatif as others
from soildesk.farmland.queries.whatif import Terms
from soildesk.farmland.services import classifying, trials
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.parts import Chip
from soildesk.land.pages.forms import posted
from soildesk.plots.register.records import stopped

if TYPE_CHECKING:
    from soildesk.core.models import Job

SHOWN = 200
"""Units in the table of the page; the Excel file has all."""
STATES = {"waiting": "calm", "running": "busy", "done": "good", "failed": "bad", "cancelled": "unknown"}


def trial_url(held: ClassTrial) -> str:
    """The page of a trial."""
    return reverse("farmland:trial", args=[held.uid])


@staff_page(READ)
def whatif(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Other terms are asked with; what was asked before stands below."""
    actor, held = seen(request, uid)
    again = kept.of_classification(actor, held).filter(uid=_uid(request.GET.get("again", ""))).first()
    own = Terms.of(again or held)
    initial = {
        "ruleset": own.ruleset, "switches": list(own.switches), "standards_on": own.standards_on, "local_limits": own.local_limits,
    }  # fmt: skip
    form = posted(TermsForm, request, initial)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = trials.ask(held, form.terms(), by=actor, at=clock.now())
        except Refusal as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("正在试算，完成后本页会更新。"))
            return HttpResponseRedirect(trial_url(made))
    context = {
        "title": _("假如换规则或标准 %(title)s") % {"title": held.title},
        "crumbs": crumbs(held, _("假如")),
        "form": form,
        "refused": refused,
        "stopped_by": stopped(actor, trials.PERMISSION, held),
        "own": terms_told(held),
        "editions": others.next_edition_days(held.division_path, actor.today),
        "trials": [_line(one) for one in kept.of_classification(actor, held)],
    }
    return render(request, "farmland/whatif.html", context, status=422 if request.method == "POST" else 200)


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _line(one: ClassTrial) -> tuple[ClassTrial, str, str, Chip]:
    """A trial asked before: by what terms, how it went."""
    return one, terms_told(one), trial_url(one), _chip(one, kept.job_of(one))


def _chip(one: ClassTrial, job: Job | None) -> Chip:
    if one.computed_at:
        n = len(one.found["differs"])
        return Chip("good", _("%(n)d 个单元会变") % {"n": n} if n else _("没有单元会变"))
    return Chip(STATES[job.state], job.get_state_display()) if job else Chip("unknown", _("没有结果"))  # type: ignore[arg-type]


def _found(request: HttpRequest, uid: UUID) -> tuple[Actor, ClassTrial]:
    actor = actor_of(request)
    return actor, get_object_or_404(kept.trials(actor), uid=uid)


@staff_page(READ)
def trial(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A trial: how far it is; when it is done, which units change, how much from which class to which, and where."""
    actor, one = _found(request, uid)
    held, job = one.classification, kept.job_of(one)
    own = job is not None and jobs.visible_to(actor).filter(pk=job.pk).exists()
    context: dict[str, Any] = {
        "title": _("试算 %(title)s") % {"title": held.title},
        "crumbs": [*crumbs(held, "")[:2], (_("假如"), _ask_url(held)), (_("试算"), "")],
        "one": one,
        "job": job if one.computed_at is None else None,
        "may_stop": own,
        "facts": _facts(one, held),
        "again": f"{_ask_url(held)}?again={one.uid}" if may(actor, trials.PERMISSION, held) else "",
        "ask": _ask_url(held),
    }
    if one.computed_at is not None:
        context |= _result(one, held, actor)
    return render(request, "farmland/trial.html", context)


def _ask_url(held: Classification) -> str:
    return reverse("farmland:classify_whatif", args=[held.uid])


def _facts(one: ClassTrial, held: Classification) -> list[tuple[str, str]]:
    before, after = one.found.get("standards", ((), ()))
    return [
        (_("类别划分"), f"{held.title}（{held.number}）"),
        (_("现在的设定"), _with_editions(terms_told(held), before)),
        (_("试算的设定"), _with_editions(terms_told(one), after)),
        (_("发起人"), one.by.name if one.by else ""),
    ]


def _with_editions(terms: str, editions: Any) -> str:
    return f"{terms}（{'、'.join(editions)}）" if editions else terms


def _result(one: ClassTrial, held: Classification, actor: Actor) -> dict[str, Any]:
    rows = kept.changed(one)
    before, after = one.found["before_m2"], one.found["after_m2"]
    return {
        "moved": told(sum(each.version.area_m2 for each in rows)),
        "units": one.found["units"],
        "areas": [
            (class_chip(key), told(before.get(key, 0)), told(after.get(key, 0)))
            for key in kept.ORDER
            if key in before or key in after
        ],
        "moves": [(class_chip(m.before), class_chip(m.after), m.units, told(m.area_m2)) for m in kept.moves(rows)],
        "count": len(rows),
        "rows": [
            (each.version, class_chip(each.before), class_chip(each.after), element_names(each.controlling), told(each.version.area_m2))
            for each in rows[:SHOWN]
        ],
        "maps": classdrawing.of_trial(rows, held, actor) if rows else (),
        "drawn": min(len(rows), classdrawing.MOST),
        "outdated": classifying.outdated_rounds(held, one.found.get("stamps", {})),
    }  # fmt: skip


@staff_page(READ)
def trial_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    """All units that change, as an Excel file."""
    _actor, one = _found(request, uid)
    if one.computed_at is None:
        raise Http404(str(uid))
    return download(
        classsheets.trial_book(one, kept.changed(one)),
        _("试算_%(title)s") % {"title": one.classification.title},
        "xlsx",
    )

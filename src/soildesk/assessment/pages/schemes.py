"""Schemes: the shipped ones, the form by which a place puts one into force, and opening assessments under it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.assessment import workbook as books
from soildesk.assessment.pages import forms as ask
from soildesk.assessment.pages.base import crumbs, found, told, url_of
from soildesk.assessment.pages.shownscheme import scheme_context
from soildesk.assessment.queries import records
from soildesk.assessment.queries.standing import scheme_of
from soildesk.assessment.refusals import AssessmentRefused
from soildesk.assessment.services import adopting, opening
from soildesk.assessment.services.adopting import ADOPT, YEARS, Adopting
from soildesk.assessment.services.opening import OPEN
from soildesk.assessment.templatetags.assessment import plainly
from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.land.pages.parcels import asked
from soildesk.reporting.pages.base import own_place
from soilrules.assessment.scheme import Scheme
from soilrules.assessment.schemes import CHANGEABLE, schemes

LISTS = ("items", "deductions", "vetoes")
NUMBERS = ("weight", "target", "each", "most")


@staff_page("assessment.read")
def every(request: HttpRequest) -> HttpResponse:
    """The shipped schemes."""
    context = {
        "schemes": [(one, [words_of(level) for level in one.assessed]) for one in schemes().values()],
        "crumbs": [*_start(), (_("随系统提供的方案"), "")],
    }
    return render(request, "assessment/schemes.html", context)


def words_of(level: Any) -> Any:
    """A level in words."""
    return {"province": _("省"), "city": _("市"), "county": _("县（市、区）"), "town": _("镇（街道）")}[str(level)]


def _start() -> list[tuple[str, str]]:
    return [(_("考核方案"), reverse("kit:collection", args=["assessment_schemes"]))]


@staff_page("assessment.read")
def of_assessment(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The scheme an assessment goes by, for whoever sees the assessment."""
    one = found(actor_of(request), uid)
    context = scheme_context(scheme_of(one.adoption), one.adoption.changes)
    return render(request, "assessment/scheme.html", {**context, "adoption": one.adoption, "crumbs": crumbs(one, (_("考核方案"), ""))})  # fmt: skip


@staff_page(ADOPT)
@told
def adopt(request: HttpRequest, name: str) -> HttpResponse:
    """Put a scheme into force for a year, with the place's own numbers."""
    actor = actor_of(request)
    own = None if name in schemes() else records.own_scheme(actor, name)
    shipped = records.base_of(own) if own else schemes().get(name)
    if shipped is None:
        raise Http404(name)
    place = own_place(actor)
    require(actor, ADOPT, place.division)
    said = request.POST if request.method == "POST" else None
    told_year = _year(request.GET.get("year", "") if said is None else said.get("year", ""))
    year = told_year or actor.today.year
    standing = next(
        (one for one in records.in_force(actor) if (one.scheme, one.year, one.division_id) == (name, year, place.division.pk)), None
    )  # fmt: skip
    refused = ""
    if said is not None:
        changes = _changes(shipped, said)
        wanted = Adopting(
            name, told_year, said.get("document", ""), said.get("ground", ""), changes, shipped if own else None
        )
        try:
            made = adopting.adopt(wanted, place, by=actor, at=clock.now())
        except Refusal as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("已采用，第 %(n)d 版。") % {"n": made.version})
            return HttpResponseRedirect(reverse("kit:record", args=["assessment_schemes", str(made.uid)]))
    current = scheme_of(standing) if standing else shipped
    context = {
        **_form_lines(scheme_context(current, standing.changes if standing else None), said),
        "refused": refused,
        "document": request.POST.get("document", standing.document if standing else ""),
        "ground": request.POST.get("ground", standing.ground if standing else ""),
        "year": request.POST.get("year", year),
        "place": place.division,
        "standing": standing,
        "outside": shipped.years and not shipped.years[0] <= year <= shipped.years[1],
        "crumbs": [*_start(), (shipped.title, "")],
    }
    return render(request, "assessment/adopt.html", context, status=422 if refused else 200)


@staff_page("assessment.read")
def workbook(request: HttpRequest, name: str) -> HttpResponse:
    """A shipped scheme as Excel: what an office begins its own with."""
    shipped = schemes().get(name)
    if shipped is None:
        raise Http404(name)
    return _book(shipped)


@staff_page("assessment.read")
def own_workbook(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A version in force as Excel, with the place's own numbers."""
    row = records.adoption_of(actor_of(request), uid)
    if row is None:
        raise Http404(str(uid))
    return _book(scheme_of(row))


def _book(scheme: Scheme) -> HttpResponse:
    return download(books.written(scheme), scheme.title, "xlsx")


@staff_page(ADOPT)
@told
def upload(request: HttpRequest) -> HttpResponse:
    """A scheme the office wrote itself, from its workbook."""
    actor = actor_of(request)
    place, done = own_place(actor), {"url": ""}
    require(actor, ADOPT, place.division)
    given = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = ask.OwnForm(**given, initial={"year": actor.today.year})  # type: ignore[arg-type]

    def write(said: dict[str, Any]) -> str:
        scheme = books.read(said["file"].read(), said["file"].name)
        wanted = Adopting(scheme.id, said["year"], said["document"], said["ground"], own=scheme)
        made = adopting.adopt(wanted, place, by=actor, at=clock.now())
        done["url"] = reverse("kit:record", args=["assessment_schemes", str(made.uid)])
        return _("已采用“%(title)s”，第 %(n)d 版。") % {"title": made.title, "n": made.version}

    context = {
        "title": _("上传本地方案"),
        "note": _("下载一个方案的 Excel，改成本地的指标、分值、扣分、否决和等次，“编号”换成本地的，再上传。启用的各项分值合计应为 100 分；“数据来源”空着的由人填写并附材料。"),
        "crumbs": [*_start(), (_("上传本地方案"), "")],
        "save": _("上传并采用"),
    }  # fmt: skip
    response = asked(request, form, context, write, reverse("assessment:schemes"))
    return HttpResponseRedirect(done["url"]) if done["url"] else response


def _year(text: str) -> int:
    """A year as it was typed; 0 for what is none."""
    return int(text) if text.isdecimal() and int(text) in YEARS else 0


def _form_lines(context: dict[str, Any], said: Any) -> dict[str, Any]:
    """Each line with what stands in its boxes: as the scheme says it, or, after a refusal, as it was typed."""

    def typed(one: Any) -> dict[str, Any]:
        if said is None:
            return {"in_use": one.in_use} | {key: plainly(getattr(one, key)) for key in NUMBERS if hasattr(one, key)}
        return {"in_use": f"{one.id}-in_use" in said} | {key: said.get(f"{one.id}-{key}", "") for key in NUMBERS}

    for row in (row for part in context["parts"] for row in part["rows"]):
        row["typed"] = typed(row["item"])
    return context | {key: [(*row, typed(row[0])) for row in context[key]] for key in ("deductions", "vetoes")}


def _changes(shipped: Any, said: Any) -> dict[str, dict[str, Any]]:
    """What the form says, as differences from the shipped scheme."""
    changes: dict[str, dict[str, Any]] = {}
    for rows in (getattr(shipped, key) for key in LISTS):
        for one in rows:
            given: dict[str, Any] = {"in_use": f"{one.id}-in_use" in said}
            given |= {key: said[f"{one.id}-{key}"].strip() for key in NUMBERS if f"{one.id}-{key}" in said}
            allowed = next(keys for name, keys in CHANGEABLE.items() if one in getattr(shipped, name))
            differs = {
                key: value for key, value in given.items() if key in allowed and not _same(getattr(one, key), value)
            }
            if differs:
                changes[one.id] = differs
    return changes


def _same(held: Any, given: Any) -> bool:
    if isinstance(given, bool):
        return bool(held == given)
    try:
        return bool(held == type(held)(given))
    except ArithmeticError:
        return False


@staff_page(OPEN)
@told
def open_(request: HttpRequest) -> HttpResponse:
    """Open assessments of the places below."""
    actor = actor_of(request)
    rows = [one for one in records.in_force(actor) if one.division_id in {each.pk for each in records.offices(actor)}]
    places = {place.code: place for one in rows for place in records.to_open(one, actor.today)}
    below = {place.code: place for one in rows for place in records.below(one, actor.today)}
    form = ask.OpenForm(
        request.POST or None,
        initial={"adoption": request.GET.get("adoption", "")},
        adoptions=[(str(one.uid), f"{one}　{one.document}") for one in rows],
        places=[(code, place.name) for code, place in (places if request.method == "GET" else below).items()],
    )

    opened: list[str] = []

    def write(said: dict[str, Any]) -> str:
        adoption = next(one for one in rows if str(one.uid) == said["adoption"])
        chosen = [below[code] for code in said["places"]]
        try:
            made = opening.open_for(adoption, chosen, said["due"], by=actor, at=clock.now())
        except AssessmentRefused as refusal:  # somebody was quicker: what was wanted stands
            opened[:] = [url_of(one) for one in records.opened(adoption, chosen, actor)]
            if refusal.code != "assessment.open.twice" or not opened:
                raise
            return _("所选的考核已经发起过，没有重复发起。")
        return _("已发起 %(n)d 个考核，已通知被考核单位在 %(due)s 前签报自评。") % {"n": len(made), "due": said["due"]}

    context = {
        "title": _("发起考核"),
        "note": _open_note(rows, places),
        "crumbs": [(_("考核"), reverse("kit:collection", args=["assessments"])), (_("发起考核"), "")],
        "save": _("发起"),
    }
    done = asked(request, form, context, write, reverse("kit:collection", args=["assessments"]))
    return redirect(opened[0]) if len(opened) == 1 else done


def _open_note(rows: list[Any], places: dict[str, Any]) -> str:
    if not rows:
        return _("本地还没有现行的考核方案：请先采用一个方案。")
    if not places:
        return _("现行方案可以考核的地区都已发起。")
    return _("发起时按台账核算一次，被考核单位看到预填的自评表。已按所有现行方案发起的地区不再列出。")

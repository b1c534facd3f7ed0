"""An inspection walked on a telephone: begin, the facilities, one check list, finish; its report and ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from soildesk.core import clock, files
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.enterprises import hazardsheets, inspectionpaper
from soildesk.enterprises.models import FacilityVersion, Hazard, Inspection, InspectionAnswer
from soildesk.enterprises.pages import forms_hazards as ask
from soildesk.enterprises.plantwords import ASPECTS, edition_name, item_name, kind_name
from soildesk.enterprises.queries import inspections as found
from soildesk.enterprises.queries.firms import names_of
from soildesk.enterprises.queries.plants import firm_by_uid, own_firms
from soildesk.enterprises.sentences import said as sentence
from soildesk.enterprises.services import inspections
from soildesk.enterprises.services.inspections import Beginning, Said
from soildesk.enterprises.services.plantside import BEFORE, INSPECT, Done, Photo
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.record_pages import SAVED
from soildesk.land.pages.parcels import asked
from soilrules.enterprises.inspection import Aspect

READ = "enterprises.read_plant"
Answer = InspectionAnswer.Answer


def url_of(inspection: Inspection) -> str:
    """Its record page."""
    return reverse("kit:record", args=["inspections", str(inspection.uid)])


def found_or_404(actor: Actor, uid: UUID) -> Inspection:
    """The inspection; nothing where the actor sees none."""
    inspection = found.inspection_of(actor, uid)
    if inspection is None:
        raise Http404(str(uid))
    return inspection


def crumbs(inspection: Inspection | None, title: str) -> list[tuple[str, str]]:
    """The way to a page of an inspection."""
    start = [(_("隐患排查"), reverse("kit:collection", args=["inspections"]))]
    return [*start, *([(inspection.number, url_of(inspection))] if inspection else []), (title, "")]


def bound(request: HttpRequest, form: Any, **said: Any) -> Any:
    """The form with what was posted."""
    given = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    return form(**given, **said)


@staff_page(INSPECT)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an inspection."""
    actor = actor_of(request)
    firms = own_firms(actor)
    first = {"on": clock.today(), "cause": Inspection.Cause.REGULAR, "firm": request.GET.get("firm", "")}
    if len(firms) == 1:
        first["firm"] = str(firms[0].enterprise.uid)
    form = bound(request, ask.BeginForm, firms=firms, initial=first)
    context: dict[str, Any] = {
        "title": _("开始排查"),
        "note": _("先登记重点场所和设施设备。检查内容按开始日期有效的指南版本逐处列出。"),
        "crumbs": crumbs(None, _("开始排查")),
        "save": _("开始"),
    }

    def write(told: dict[str, Any]) -> str:
        firm = firm_by_uid(actor, told["firm"])
        if firm is None:
            raise Http404(told["firm"])
        beginning = Beginning(told["cause"], told["on"], told["inspector"])
        made = inspections.begin(firm, beginning, Done(actor, clock.now()))
        context["made"] = made
        return _("已开始排查 %(number)s。") % {"number": made.number}

    answer = asked(request, form, context, write, reverse("kit:collection", args=["inspections"]))
    if "made" in context:
        return HttpResponseRedirect(reverse("enterprises:inspection", args=[context["made"].uid]))
    return answer


@staff_page(READ)
def walk(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The facilities of an inspection, those not yet looked at first."""
    actor = actor_of(request)
    inspection = found_or_404(actor, uid)
    lists = sorted(found.sheets(inspection, actor.today), key=lambda one: one.is_done)
    items = found.asked_of(lists[0].version.kind, inspection.began_on) if lists else None
    context = {
        "inspection": inspection,
        "firm": names_of([inspection.enterprise_id], actor.today).get(inspection.enterprise_id, ""),
        "sheets": [(one, kind_name(one.version.kind)) for one in lists],
        "done": sum(one.is_done for one in lists),
        "edition": edition_name(inspection.edition),
        "edition_said": sentence(items.message) if items else "",
        "running": inspection.state == Inspection.State.UNDER_WAY,
        "crumbs": crumbs(inspection, _("排查")),
        "saved_draft": request.session.pop(SAVED, ""),
    }
    return render(request, "enterprises/inspection.html", context)


@staff_page(INSPECT)
def sheet(request: HttpRequest, uid: UUID, facility: UUID) -> HttpResponse:
    """The check list of one facility."""
    actor = actor_of(request)
    inspection = found_or_404(actor, uid)
    require(actor, INSPECT, inspection)
    one = found.sheet_of(inspection, facility, actor.today)
    if one is None:
        raise Http404(str(facility))
    draft = f"{actor.person.uid if actor.person else ''}.inspect.{inspection.uid}.{facility}"
    context: dict[str, Any] = {
        "sheet": one,
        "inspection": inspection,
        "draft": draft,
        "kind": kind_name(one.version.kind),
    }
    if request.method == "POST":
        try:
            told = list(_told(request, one))
            on = parse_date(request.POST.get("on") or "-")
            inspections.answer(inspection, one.version, told, Done(actor, clock.now()), on=on)
        except Refusal as refusal:
            context["refused"] = str(refusal)
        else:
            request.session[SAVED] = draft
            messages.success(request, _("已登记“%(name)s”的排查结果。") % {"name": one.version.name})
            return HttpResponseRedirect(_next(inspection, one.version, request, actor))
    context |= {"aspects": list(_aspects(request, one)), "crumbs": _sheet_crumbs(inspection, one.version)}
    context["on"] = request.POST.get("on") or actor.today.isoformat()
    context["running"] = inspection.state == Inspection.State.UNDER_WAY
    return render(request, "enterprises/inspection_sheet.html", context, status=422 if "refused" in context else 200)


def _sheet_crumbs(inspection: Inspection, version: FacilityVersion) -> list[tuple[str, str]]:
    walked = (inspection.number, reverse("enterprises:inspection", args=[inspection.uid]))
    return [(_("隐患排查"), reverse("kit:collection", args=["inspections"])), walked, (version.name, "")]


def _next(inspection: Inspection, version: FacilityVersion, request: HttpRequest, actor: Actor) -> str:
    """The next facility that is not done, where asked for; else all of them."""
    left = [one for one in found.sheets(inspection, actor.today) if not one.is_done and one.version.pk != version.pk]
    if request.POST.get("next") and left:
        return reverse("enterprises:inspection_sheet", args=[inspection.uid, left[0].version.facility.uid])
    return reverse("enterprises:inspection", args=[inspection.uid])


def _told(request: HttpRequest, one: found.Sheet) -> Iterator[Said]:
    """What was posted, item by item; an item without a choice, or as it stands, is not told."""
    for item in one.items:
        value = request.POST.get(f"answer-{item.key}", "")
        if not value:
            continue
        photos = [Photo(each.name or "photo.jpg", each.read()) for each in request.FILES.getlist(f"photo-{item.key}")]
        due = parse_date(request.POST.get(f"due-{item.key}", "") or "-")
        note, suggestion = (request.POST.get(f"{name}-{item.key}", "") for name in ("note", "suggestion"))
        yield Said(item.key, value, note, suggestion, due, photos)


def _aspects(request: HttpRequest, one: found.Sheet) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The items by what they look at, each with what was said."""
    photos = files.uses_of_many(one.hazards.values())
    for aspect in Aspect:
        rows = [_row(request, one, item.key, photos) for item in one.items if item.aspect is aspect]
        if rows:
            yield str(ASPECTS[aspect]), rows


def _row(request: HttpRequest, one: found.Sheet, key: str, photos: dict[int, Any]) -> dict[str, Any]:
    answer, hazard = one.answers.get(key), one.hazards.get(key)
    held = {
        "answer": answer.answer if answer else "",
        "note": answer.note if answer else "",
        "suggestion": hazard.suggestion if hazard else "",
        "due": hazard.due.isoformat() if hazard and hazard.due else "",
    }
    said = {name: request.POST.get(f"{name}-{key}", value) for name, value in held.items()}
    kept = [use for use in photos.get(hazard.pk, ()) if use.kind == BEFORE] if hazard else []
    choices = [(value, label, said["answer"] == value) for value, label in Answer.choices]
    return {"key": key, "name": item_name(key), "choices": choices, "hazard": hazard, "photos": kept, **said}


@staff_page(INSPECT)
def finish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Finish an inspection."""
    actor = actor_of(request)
    inspection = found_or_404(actor, uid)
    require(actor, INSPECT, inspection)
    left = [one for one in found.sheets(inspection, actor.today) if not one.is_done]

    def write(told: dict[str, Any]) -> str:
        inspections.finish(inspection, told["on"], Done(actor, clock.now()), left_out=told["left_out"])
        return _("排查 %(number)s 已完成，排查义务随之更新。") % {"number": inspection.number}

    names = "、".join(one.version.name for one in left)
    context = {
        "title": _("完成排查：%(number)s") % {"number": inspection.number},
        "note": _("还没有排查完的：%(names)s。") % {"names": names} if left else _("全部设施已排查。完成后不能再改。"),
        "crumbs": crumbs(inspection, _("完成排查")),
        "save": _("完成"),
    }
    form = bound(request, ask.FinishForm, initial={"on": clock.today()})
    return asked(request, form, context, write, url_of(inspection))


@staff_page(READ)
def report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The report of an inspection as a Word file."""
    actor = actor_of(request)
    inspection = found_or_404(actor, uid)
    name = _("隐患排查报告%(number)s") % {"number": inspection.number}
    return download(inspectionpaper.docx(inspection, actor.today), name, "docx")


@staff_page(READ)
def ledger(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The ledger of the hazards of one inspection as an Excel file."""
    actor = actor_of(request)
    inspection = found_or_404(actor, uid)
    rows = Hazard.objects.visible_to(actor).filter(inspection=inspection)
    return ledger_file(rows, actor, _("隐患排查台账%(number)s") % {"number": inspection.number})


@staff_page(READ)
def ledger_form(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The table to fill in and take in again: the hazards of the inspection, and the facilities by name."""
    actor = actor_of(request)
    inspection = found_or_404(actor, uid)
    name = _("隐患排查台账填报%(number)s") % {"number": inspection.number}
    return download(hazardsheets.form(inspection, actor.today), name, "xlsx")


def ledger_file(rows: Any, actor: Actor, name: str) -> HttpResponse:
    """A ledger as an answer."""
    return download(hazardsheets.ledger(rows, actor.today, name), name, "xlsx")

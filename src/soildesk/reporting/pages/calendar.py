"""The acts on the calendar of reports, each a page with one form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.parcels import asked
from soildesk.land.services.writing import Place
from soildesk.plans.queries import reported
from soildesk.reporting.pages.base import own_place, told
from soildesk.reporting.pages.forms import DueForm, WhyForm, YearForm
from soildesk.reporting.queries import records
from soildesk.reporting.services import calendar
from soildesk.reporting.services.calendar import PLAN, Entry
from soildesk.reporting.services.copies import period_named
from soilrules.reports import elsewhere

LIST = ("kit:collection", "report_dues")


def _list_url() -> str:
    return reverse(LIST[0], args=[LIST[1]])


@staff_page(PLAN)
@told
def open_year(request: HttpRequest) -> HttpResponse:
    """What the rules say is due in a year, and the one act that puts it into the calendar."""
    actor = actor_of(request)
    place = own_place(actor)
    form = YearForm(request.POST or None, initial={"year": actor.today.year})

    def write(said: dict[str, Any]) -> str:
        new = calendar.open_year(place, said["year"], by=actor, at=clock.now())
        if not new:
            return _("%(year)d 年规则要求%(place)s报送的都已在日历里，或规则没有要求；本地方案和来文要求的请逐项列入。") % {
                "year": said["year"], "place": place.division.name,
            }  # fmt: skip
        return _("已列入 %(n)d 项。") % {"n": len(new)}

    context = {
        "title": _("建立年度报表日历"),
        "note": _("按规则列出法律法规和本地适用的规定要求%(place)s在该年报送的报表；重复办理不会重复列入。")
        % {"place": place.division.name},
        "crumbs": [(_("报表日历"), _list_url()), (_("建立年度日历"), "")],
        "save": _("列入"),
    }
    return asked(request, form, context, write, _list_url())


@staff_page(PLAN)
@told
def add(request: HttpRequest) -> HttpResponse:
    """One line by a person, beside what the local plans and other places' plans ask."""
    actor = actor_of(request)
    place = own_place(actor)
    first = {
        "unit": str(place.department.pk), "period": str(actor.today.year),
        **{key: request.GET[key] for key in ("title", "receiver", "basis", "form", "due", "period") if key in request.GET},
    }  # fmt: skip
    form = DueForm(request.POST or None, initial=first, departments=records.departments_in(place.division, actor.today))
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            due = calendar.add(_entry(form.cleaned_data), place, by=actor, at=clock.now())
            messages.success(request, _("已列入报表日历。"))
            return HttpResponseRedirect(reverse("kit:record", args=["report_dues", str(due.uid)]))
        except Refusal as refusal:
            refused = str(refusal)
    context = {
        "form": form,
        "refused": refused,
        "title": _("列入报表日历"),
        "back": _list_url(),
        "crumbs": [(_("报表日历"), _list_url()), (_("列入一项"), "")],
        "clauses": reported.clauses_on_reports(actor, place.division, actor.today.year),
        "examples": _examples(place),
    }
    return render(request, "reporting/add_due.html", context, status=422 if request.method == "POST" else 200)


def _entry(said: dict[str, Any]) -> Entry:
    return Entry(
        said["title"], said["receiver"], period_named(said["period"].strip()), said["basis"], said["due"], said["form"],
        records.department(int(said["unit"])),
    )  # fmt: skip


def _examples(place: Place) -> list[Any]:
    where = calendar.where_of(place.division)
    return elsewhere(where) if where else []


@staff_page(PLAN)
@told
def drop(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a line out."""
    actor = actor_of(request)
    due = _found(actor, uid)
    require(actor, PLAN, due)

    def write(said: dict[str, Any]) -> str:
        calendar.drop(due, said["why"], by=actor, at=clock.now())
        return _("已移出报表日历，原因已登记。")

    back = reverse("kit:record", args=["report_dues", str(uid)])
    context = {
        "title": _("移出报表日历：%(title)s") % {"title": due},
        "note": _("移出的不再提示逾期，仍可查到原因，可以恢复。"),
        "crumbs": [(_("报表日历"), _list_url()), (due.title, back), (_("移出"), "")],
        "save": _("移出"),
    }
    return asked(request, WhyForm(request.POST or None), context, write, back)


@require_POST
@staff_page(PLAN)
@told
def restore(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put a line back."""
    actor = actor_of(request)
    calendar.restore(_found(actor, uid), by=actor, at=clock.now())
    messages.success(request, _("已恢复。"))
    return HttpResponseRedirect(reverse("kit:record", args=["report_dues", str(uid)]))


def _found(actor: Actor, uid: UUID) -> Any:
    due = records.due_of(actor, uid)
    if due is None:
        raise Http404(str(uid))
    return due

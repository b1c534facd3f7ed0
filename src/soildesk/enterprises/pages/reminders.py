"""Who has not done what: every firm with what it owes late or soon, and the letters that remind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor
from soildesk.enterprises import dutyletters, dutysheets
from soildesk.enterprises.dutyletters import DAYS, Sender
from soildesk.enterprises.dutywords import duty_keys, line_of
from soildesk.enterprises.pages.firms import firm_or_404
from soildesk.enterprises.queries.cards import Card, Missed, missed
from soildesk.enterprises.queries.facts import View
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.downloads import download
from soildesk.kit.sheets import write_xlsx

PAGE = 50


@staff_page("enterprises.read")
def overview(request: HttpRequest) -> HttpResponse:
    """Firm after firm: what is late, what is due within days, and the letter."""
    actor, on = actor_of(request), page_day(request)
    found = missed(View(actor, on), days=DAYS)
    if request.GET.get("export") == "xlsx":
        return _sheet(found, on)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "name": one.firm.name,
            "uid": one.firm.row["enterprise__uid"],
            "late": [line_of(line, one.firm.row["enterprise__uid"]) for line in one.late],
            "soon": [line_of(line, one.firm.row["enterprise__uid"]) for line in one.soon],
        }
        for one in page
    ]
    context = {
        "rows": rows,
        "page": page,
        "next": f"?on={on}&page={page.next_page_number()}" if page.has_next() else "",
        "previous": f"?on={on}&page={page.previous_page_number()}" if page.has_previous() else "",
        "on": on,
        "foreseen": on > clock.today(),
        "days": DAYS,
        "late": sum(bool(one.late) for one in found),
        "items": sum(len(one.late) for one in found),
        "crumbs": [(_("义务清单"), reverse("enterprises:duties") + f"?on={on}"), (_("谁还没办"), "")],
    }
    return render(request, "enterprises/duty_reminders.html", context)


def _sheet(found: Sequence[Missed], on: date) -> HttpResponse:
    rows = [(Card(one.firm, on.year, ()), line) for one in found for line in (*one.late, *one.soon)]
    out = BytesIO()
    write_xlsx([dutysheets.lines(_("谁还没办"), rows, on.year, on)], out)
    return download(out.getvalue(), f"{_('谁还没办')}_{on:%Y%m%d}", "xlsx")


@staff_page("enterprises.read")
def letters(request: HttpRequest) -> HttpResponse:
    """The letters as Word: of one firm, of one duty, of all; `form=table` is one letter with a table."""
    actor, on = actor_of(request), min(page_day(request), clock.today())  # nobody is reminded of what is still to come
    found = [one for one in missed(View(actor, on), days=DAYS, only=_only(request, actor)) if one.late or one.soon]
    if key := request.GET.get("duty", ""):
        if key not in duty_keys():
            raise Http404(key)
        found = [one for one in (_of_duty(each, key) for each in found) if one.late or one.soon]
    if not found:
        return render(
            request, "enterprises/duty_reminders.html", {"rows": [], "on": on, "days": DAYS, "late": 0, "items": 0}
        )
    department = actor.person.department if actor.person else None
    sender = Sender(department.name if department else "", on)
    is_table = request.GET.get("form") == "table"
    made = dutyletters.together(found, sender) if is_table else dutyletters.each(found, sender)
    return download(made, f"{_('提醒函')}_{on:%Y%m%d}", "docx")


def _only(request: HttpRequest, actor: Actor) -> list[int] | None:
    text = request.GET.get("unit", "")
    if not text:
        return None
    try:
        return [firm_or_404(actor, UUID(text)).enterprise_id]
    except ValueError:
        raise Http404(text) from None


def _of_duty(one: Missed, key: str) -> Missed:
    late = [line for line in one.late if line.rule.duty == key]
    return Missed(one.firm, late, [line for line in one.soon if line.rule.duty == key])

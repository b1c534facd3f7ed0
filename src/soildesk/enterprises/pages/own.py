"""My firm: what it owes this year and why, what it filed, what the office said. Nothing of any other firm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor, may, require
from soildesk.enterprises import filingwords
from soildesk.enterprises.dutywords import Line, line_of
from soildesk.enterprises.filingforms import form_of
from soildesk.enterprises.models import EnterpriseVersion, Filing
from soildesk.enterprises.pages.filingentry import NewForm
from soildesk.enterprises.pages.firms import firm_or_404
from soildesk.enterprises.queries import filings as found
from soildesk.enterprises.queries.cards import Card, cards
from soildesk.enterprises.queries.facts import View
from soildesk.enterprises.services import filingevents, filings
from soildesk.enterprises.services.filings import What
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.register import collections
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soilrules.enterprises.duties import CardLine, CardState
from soilrules.enterprises.dutyrules import DutyRule, OwedBy

FIRST_YEAR = 2019
PLANT = ("facilities", "inspections", "hazards")
"""Registers in which a firm keeps its own plant."""
KIND_OF_EVENT = {
    **{event: kind for kind, event in filingevents.DAY_OF_FILING.items()},
    **{event: kind for kind, (event, _name) in filingevents.DAY_IN_IT.items()},
    **dict.fromkeys(filingevents.RECEIPTS.values(), Filing.Kind.DEMOLITION_PLAN),
}
"""By which filing a duty is done."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One line of the own card, and where it is filed."""

    line: Line
    proof: str
    file_url: str


@dataclass(frozen=True, slots=True)
class Mine:
    """One of several firms somebody speaks for: what was returned, how much is late, what is due next."""

    version: EnterpriseVersion
    returned: list[Filing]
    late: int
    soonest: Line | None


def own_or_404(request: HttpRequest, uid: UUID) -> EnterpriseVersion:
    """A firm the actor speaks for; nothing otherwise, whatever the reason."""
    actor = actor_of(request)
    version = firm_or_404(actor, uid)
    if not found.speaks_for(actor, version.enterprise_id):
        raise Http404(str(uid))
    return version


@staff_page("enterprises.own")
def home(request: HttpRequest) -> HttpResponse:
    """Where somebody of a firm begins: the firm, or which of several."""
    actor = actor_of(request)
    firms = found.own_firms(actor)
    if len(firms) == 1:
        return redirect("enterprises:own_card", firms[0].enterprise.uid)
    return render(request, "enterprises/own.html", {"firms": _mine(firms, actor)})


def _mine(firms: list[EnterpriseVersion], actor: Actor) -> list[Mine]:
    today, ids = clock.today(), [one.enterprise_id for one in firms]
    returned = found.seen(actor).filter(enterprise__in=ids, state=Filing.State.RETURNED).order_by("id")
    lines = {each.firm.row["enterprise_id"]: _of_unit(each) for each in cards(View(actor, today), today.year, only=ids)}
    made = []
    for one in firms:
        owed = lines.get(one.enterprise_id, [])
        ahead = (each for each in owed if each.state is not CardState.DONE and each.due and each.due >= today)
        soonest = min(ahead, key=_day_of, default=None)
        made.append(
            Mine(
                one,
                [filing for filing in returned if filing.enterprise_id == one.enterprise_id],
                sum(each.state is CardState.OVERDUE for each in owed),
                line_of(soonest, one.enterprise.uid) if soonest else None,
            )
        )
    return made


def _of_unit(card: Card) -> list[CardLine]:
    return [line for line in card.lines if line.rule.owed_by is OwedBy.UNIT]


def _day_of(line: CardLine) -> tuple[date, str]:
    return line.due or date.max, line.rule.id


@staff_page("enterprises.own")
def card(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The card of a year: what is due until when, why, and how it was done."""
    actor, version = actor_of(request), own_or_404(request, uid)
    today = clock.today()
    year = _year(request, today)
    mine = cards(View(actor, today), year, only=[version.enterprise_id])
    lines = [one for each in mine for one in _of_unit(each)]
    filed = list(found.seen(actor).filter(enterprise=version.enterprise_id))
    worst = [one for one in lines if one.state is CardState.OVERDUE]
    context = {
        "version": version,
        "year": year,
        "years": range(today.year + 1, FIRST_YEAR - 1, -1),
        "owed": [_owed(line_of(one, uid), uid, year) for one in lines if one.owed],
        "waiting": [line_of(one, uid) for one in lines if not one.owed],
        "late": len(worst),
        "returned": [one for one in filed if one.state == Filing.State.RETURNED],
        "filed": [(one, filingwords.chip_of(one)) for one in filed],
        "told": list(actor.person.messages.order_by("-created_at")[:5]) if actor.person else [],
        "plant": _plant(actor),
        "crumbs": [(_("我的企业"), reverse("enterprises:own")), (version.name, "")],
    }
    return render(request, "enterprises/own_card.html", context)


def _year(request: HttpRequest, today: date) -> int:
    text = request.GET.get("year", "")
    known = text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= today.year + 1
    return int(text) if known else today.year


def _owed(line: Line, firm: UUID, year: int) -> Owed:
    proof = line.evidence_url if line.evidence.startswith("enterprises.filing:") else ""
    kind = _kind_of(line.card.rule)
    if not kind or line.card.state is CardState.DONE:
        return Owed(line, proof, "")
    period = line.period[:4] if form_of(kind).yearly and line.period[:4].isdecimal() else str(year)
    about = line.card.owed.period if line.card.owed and kind in filingevents.OF_SUBJECT else ""
    query = urlencode({"kind": kind, "period": period, "subject": about})
    return Owed(line, proof, f"{reverse('enterprises:filing_new', args=[firm])}?{query}")


def _kind_of(rule: DutyRule) -> str:
    return next((str(KIND_OF_EVENT[event]) for event in rule.evidence if event in KIND_OF_EVENT), "")


def _plant(actor: Actor) -> list[tuple[str, str]]:
    """Registers of the own plant."""
    registers = collections()
    return [
        (str(registers[name].title), reverse("kit:collection", args=[name]))
        for name in PLANT
        if name in registers and may(actor, registers[name].permission)
    ]


@staff_page()
def new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A new filing: by the firm, or by an office from paper."""
    actor, version = actor_of(request), firm_or_404(actor_of(request), uid)
    require(actor, "enterprises.file", version)
    own = found.is_firm(actor)
    made: list[Filing] = []

    def write(said: dict[str, Any]) -> str:
        what = What(said["kind"], said["period"], said["subject"])
        made.append(filings.draft(version, what, by=actor, at=clock.now()))
        return _("已建立草稿 %(number)s。") % {"number": made[0].number}

    back = reverse("enterprises:own_card", args=[uid]) if own else reverse("enterprises:duty_card", args=[uid])
    context = {
        "title": _("新的申报 %(name)s") % {"name": version.name},
        "note": "" if own else _("代录企业送来的纸质材料：会注明由单位代录，并记录收到日期。"),
        "crumbs": [(_("我的企业") if own else version.name, back), (_("新的申报"), "")],
        "save": _("下一步"),
    }
    initial = {
        "period": clock.today().year,
        **{name: request.GET[name] for name in NewForm.base_fields if name in request.GET},
    }
    answer = asked(request, posted(NewForm, request, initial), context, write, back)
    return redirect("enterprises:filing_edit", made[0].uid) if made else answer

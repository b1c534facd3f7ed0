"""The safe-use rate: as we count it, its parts and rows, beside the approved one, where it is going; and the form on paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor, may
from soildesk.enterprises.sentences import how_sure, said
from soildesk.farmland import ratepaper
from soildesk.farmland.mu import told
from soildesk.farmland.queries import differences, progress, rates
from soildesk.farmland.queries.rates import Answer, Place, Why
from soildesk.farmland.queries.then import Then
from soildesk.farmland.ratewords import part_word, state_word, why_word
from soildesk.farmland.usewords import kind_word, method_word
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day, page_known_on
from soildesk.kit.downloads import download
from soilrules.farmland.forecast import Forecast, forecast

if TYPE_CHECKING:
    from soildesk.core.models import Division

MOST = 400
"""Rows a page shows; the table of a place with more is taken away by command or Excel."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks: place and year as of a day, and a target in percent (None: none). `unread`: what nobody could read."""

    division: Division
    then: Then
    target: Decimal | None
    unread: Sequence[str] = ()


def _asked(request: HttpRequest, actor: Actor) -> Asked | None:
    """None where the actor sees no division."""
    given = {name: request.GET.get(name, "").strip() for name in ("division", "year", "on", "target")}
    on = min(page_day(request), clock.today())
    seen = progress.divisions(actor, on)
    if not seen:
        return None
    division = next((one for one in seen if one.code == given["division"]), seen[0])
    year = int(given["year"]) if given["year"].isdecimal() and len(given["year"]) == 4 else on.year
    target = _target(given["target"])
    wrong = (
        ("division", division.code, _("没有代码为“%(given)s”的地区，或者不在您的查阅范围，下面是%(shown)s的。"), division.name),
        ("year", str(year), _("年度“%(given)s”不是四位数的年份，下面是 %(shown)s 年的。"), year),
        ("on", on.isoformat(), _("截至日期“%(given)s”看不懂或者还没有到，下面截至 %(shown)s。"), on),
    )  # fmt: skip
    unread = [
        sentence % {"given": given[name], "shown": shown}
        for name, read, sentence, shown in wrong
        if given[name] and unicodedata.normalize("NFKC", given[name]) != read
    ]
    if given["target"] and target is None:
        unread.append(
            _("目标“%(given)s”不是 0 到 100 之间的数，没有按目标预测：请填百分数，如 93。") % {"given": given["target"]}
        )
    return Asked(division, Then(year, on, page_known_on(request)), target, unread)


def _target(text: str) -> Decimal | None:
    try:
        number = Decimal(unicodedata.normalize("NFKC", text).removesuffix("%"))
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 < number <= 100 else None


@staff_page("farmland.read")
def show(request: HttpRequest) -> HttpResponse:
    """The rate of a place and year."""
    actor = actor_of(request)
    asked = _asked(request, actor)
    if asked is None:
        return render(request, "farmland/rate.html", {"nothing": True})
    then, place = asked.then, Place(asked.division.path, asked.then)
    answer = rates.by_unit(actor, place)
    approved = differences.approved_of(place.path, then)
    context = {
        "asked": asked,
        "divisions": progress.divisions(actor, then.on),
        "years": range(clock.today().year, 2015, -1),
        "answer": answer,
        "percent": _percent(answer.rate),
        "state": state_word(answer.state),
        "why": why_word(answer),
        "latest": rates.last_year_told(actor, place) if answer.why is Why.NO_LEDGER else None,
        "method": method_word(answer.method) if answer.method else "",
        "mark": how_sure(answer.method.mark) if answer.method else "",
        "parts": _parts(answer),
        "rows": _rows(answer)[:MOST],
        "more": max(0, len(answer.found.rows) - MOST) if answer.found else 0,
        "areas": _areas(answer),
        "beside": differences.Beside(asked.division, answer, approved),
        "work": differences.owing(differences.beside(actor, _below(asked.division, then.on), then)),
        "outlook": _outlook(actor, asked, answer),
        "may_keep": may(actor, "farmland.keep_rates", asked.division),
        "tasks": progress.tasks(actor, then, asked.division.path),
        "query": request.GET.urlencode(),
        "crumbs": [(_("农用地"), ""), (_("受污染耕地安全利用率"), "")],
    }
    return render(request, "farmland/rate.html", context)


def _below(division: Division, on: date) -> list[Division]:
    """The division and those right below it."""
    return [division, *progress.below(division, on)]


def _percent(rate: Decimal | None) -> str:
    return "" if rate is None else f"{rate * 100:.2f}"


def _areas(answer: Answer) -> dict[str, str]:
    if answer.found is None:
        return {}
    return {"numerator": told(answer.found.numerator_m2), "denominator": told(answer.found.denominator_m2)}


def _parts(answer: Answer) -> list[dict[str, Any]]:
    """Each part of the formula: what it counts, of how much."""
    if answer.found is None or answer.method is None:
        return []
    made = []
    for part in dict.fromkeys(one.part for one in answer.method.counts.values()):
        rows = [one for one in answer.found.rows if one.part == part]
        counted = sum((one.area_m2 for one in rows if one.counts), Decimal(0))
        whole = sum((one.area_m2 for one in rows), Decimal(0))
        share = _percent(counted / whole) if whole else ""
        units = len({one.unit for one in rows})
        made.append(
            {"name": part_word(part), "units": units, "counted": told(counted), "whole": told(whole), "share": share}
        )
    return made


def _rows(answer: Answer) -> list[dict[str, Any]]:
    """The rows, those that do not count first: they are what is to be done."""
    if answer.found is None:
        return []
    lines = answer.lines or {}
    rows = sorted(answer.found.rows, key=lambda one: (one.counts, -one.area_m2))
    return [
        {"row": one, "line": lines.get(one.unit), "kind": kind_word(one.kind), "area": told(one.area_m2), "because": said(one.because)}
        for one in rows
    ]  # fmt: skip


def _outlook(actor: Actor, asked: Asked, answer: Answer) -> dict[str, Any] | None:
    """Where the rate is going, if there is one and a target was given."""
    if asked.target is None or answer.rate is None or answer.found is None:
        return None
    left = progress.left_m2(actor, asked.then, asked.division.path)
    found: Forecast = forecast(
        answer.found.numerator_m2, answer.found.denominator_m2, asked.target / 100,
        on=asked.then.on, year=asked.then.year, tasks_left_m2=left,
    )  # fmt: skip
    return {
        "needed": told(found.needed_m2) if found.needed_m2 else "",
        "left": told(left) if left is not None else "",
        "with_tasks": _percent(found.with_tasks),
        "by_pace": _percent(found.by_pace),
        "reaches": found.reaches(asked.target / 100),
    }


@staff_page("farmland.read")
def paper(request: HttpRequest) -> HttpResponse:
    """The assessment form as a Word file: the approved rate where there is one."""
    actor = actor_of(request)
    asked = _asked(request, actor)
    if asked is None:
        return render(request, "farmland/rate.html", {"nothing": True}, status=404)
    found = differences.beside(actor, _below(asked.division, asked.then.on), asked.then)
    name = _("%(place)s%(year)s年受污染耕地安全利用率") % {"place": asked.division.name, "year": asked.then.year}
    return download(ratepaper.made(found, asked.division.name, asked.then), name, "docx")

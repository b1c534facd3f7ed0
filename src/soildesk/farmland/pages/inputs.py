"""The page of inputs and wastes: indicators of a year, what asks for an explanation, figures town by town; acts on a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import may, require
from soildesk.enterprises.pages.forms import DocumentForm, WhyForm
from soildesk.enterprises.sentences import how_sure, said
from soildesk.farmland import inputdrawing
from soildesk.farmland.holdingwords import law_words
from soildesk.farmland.inputlines import asked_line
from soildesk.farmland.inputmeasures import value_words
from soildesk.farmland.models import TownFigure
from soildesk.farmland.queries import figures as found
from soildesk.farmland.queries import indicators
from soildesk.farmland.services import figures, keeping
from soildesk.farmland.services.figures import KEEP, name_of, unit_of
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.parts import Chip, Tile
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soilrules.farmland.inputdata import Kind, inputs
from soilrules.farmland.inputs import shown
from soilrules.farmland.inputsums import total

FORMULAS = {
    Kind.SHARE: _l("%(part)s ÷ %(whole)s"),
    Kind.CHANGE: _l("%(part)s，与上年比"),
    Kind.TOLD: _l("%(part)s，本级测定"),
    Kind.COUNT: _l("%(part)s，合计"),
}


class ExplainForm(forms.Form):
    """Why a figure is out of line."""

    words = forms.CharField(label=_l("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator as the table shows it."""

    name: str
    formula: str
    mark: str
    chip: Chip
    value: str
    why: str
    drawing: Any


@staff_page("farmland.read")
def inputs_page(request: HttpRequest) -> HttpResponse:
    """Indicators and figures of a place and year."""
    actor, on = actor_of(request), page_day(request)
    places = found.places_of(actor)
    division = next((one for one in places if one.code == request.GET.get("place", "")), places[0] if places else None)
    context: dict[str, Any] = {"places": places, "division": division, "on": on}
    if division is not None:
        past = _known_by(on)
        newest = found.newest_year(actor, division, past) or on.year
        asked_for = request.GET.get("year", "")
        year = (
            int(asked_for)
            if asked_for.isdecimal() and figures.EARLIEST < int(asked_for) <= on.year
            else min(newest, on.year)
        )
        of = found.book(actor, division, indicators.years_of(year), past)
        lines = found.lines_of(actor, of, year, past)
        known = [one for one in indicators.shown(of, year) if one.collected]
        waiting = [one for one in lines if one.open]
        context |= {
            "year": year,
            "years": range(on.year, max(newest, on.year) - 6, -1),
            "lines": [_line(one, of.of(year, division)) for one in known],
            "silent": [one.indicator.zh for one in indicators.shown(of, year) if not one.collected],
            "waiting": [asked_line(actor, one, year) for one in waiting],
            "explained": [asked_line(actor, one, year) for one in lines if one.checked.asks and one.explained],
            "towns": of.towns,
            "matrix": _matrix(of, year, {(one.town.pk, one.checked.figure): one for one in lines}),
            "tiles": _tiles(of, year, known, waiting),
            "may_keep": may(actor, KEEP),
            "law": law_words("recovery", min(on, date(year, 12, 31))),
        }
    return render(request, "farmland/inputs.html", context)


def _known_by(on: date) -> datetime | None:
    """The moment a past day ends: it knows what was told by then. None: all that stands."""
    return None if on >= clock.today() else timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))


def _tiles(of: found.Book, year: int, known: Sequence[indicators.Shown], waiting: Sequence[found.Asking]) -> list[Tile]:
    told = sum(1 for one in of.towns if of.of(year, one))
    open_ = sum(one.made.value is None for one in known)
    return [
        Tile(
            _("已上报镇街"),
            told,
            tone="good" if told == len(of.towns) else "warn",
            note=_("应报 %(n)d 个") % {"n": len(of.towns)},
        ),
        Tile(
            _("已算出的指标"),
            len(known) - open_,
            tone="warn" if open_ else "good",
            note=_("共 %(n)d 项") % {"n": len(known)},
        ),
        Tile(_("待说明或者补报"), len(waiting), "#waiting", tone="warn" if waiting else "good"),
    ]


def _line(one: indicators.Shown, own: Mapping[str, TownFigure]) -> Line:
    told = one.indicator
    whole = inputs().figures.get(told.whole)
    formula = FORMULAS[told.kind] % {"part": inputs().figures[told.part].zh, "whole": whole.zh if whole else ""}
    why = said(one.made.why) if one.made.why else ""
    asked_for = own.get(told.asked)
    if one.made.value is not None and asked_for is not None:
        reached = one.made.value * 100 >= asked_for.value
        words = _("达到市级要求 %(least)s%%") if reached else _("没有达到市级要求 %(least)s%%")
        why = words % {"least": shown(asked_for.value)}
        chip = Chip("good" if reached else "bad", value_words(one.made), why=asked_for.document)
    elif one.made.value is not None:
        chip = Chip("calm", value_words(one.made))
    else:
        chip = (
            Chip("calm", _("不适用"), why=why) if one.made.not_applicable else Chip("unknown", _("无法计算"), why=why)
        )
    return Line(told.zh, formula, how_sure(told.mark), chip, value_words(one.made), why, inputdrawing.series(one))


def _matrix(of: found.Book, year: int, lines: dict[tuple[int, str], found.Asking]) -> list[dict[str, Any]]:
    """Figures down, the whole and the towns across; figures nobody told are left out."""
    place, rows = of.place(year), []
    for key, figure in inputs().figures.items():
        whole = total(key, place)
        cells = [_cell(of, year, town, key, lines.get((town.pk, key))) for town in of.towns]
        if whole.own is None and not any(cell["row"] for cell in cells):
            continue
        differs = _("全区数为 %(own)s，各镇街合计 %(sum)s") % {"own": shown(whole.own), "sum": shown(whole.summed)}
        rows.append({
            "name": figure.zh, "unit": unit_of(key), "whole": shown(whole.value) or "—", "cells": cells,
            "differs": differs if whole.differs else "", "missing": "、".join(whole.missing) if whole.value is None else "",
        })  # fmt: skip
    return rows


def _cell(of: found.Book, year: int, town: Any, key: str, line: found.Asking | None) -> dict[str, Any]:
    row = of.of(year, town).get(key)
    return {
        "town": town.name, "row": row, "value": shown(row.value) if row else "" if inputs().figures[key].of_place else "—",
        "url": reverse("kit:record", args=["farm_figures", str(row.uid)]) if row else "",
        "open": bool(line and line.open), "why": said(line.checked.message) if line and line.checked.asks else "",
    }  # fmt: skip


def _found(request: HttpRequest, uid: UUID) -> tuple[TownFigure, str, dict[str, Any]]:
    """The figure that stands, its page, and what an act on it begins with; refused to whoever may not."""
    actor = actor_of(request)
    rows = TownFigure.objects.visible_to(actor).filter(superseded_at=None).select_related("division__parent")
    held = get_object_or_404(rows, uid=uid)
    require(actor, KEEP, held)
    back = reverse("kit:record", args=["farm_figures", str(uid)])
    what = _("%(year)d 年%(town)s %(figure)s") % {
        "year": held.year, "town": held.division.name, "figure": name_of(held.figure),
    }  # fmt: skip
    page = f"{reverse('farmland:inputs')}?year={held.year}"
    return held, back, {"what": what, "page": page, "crumbs": [(_("投入品和废弃物"), page), (what, back)]}


@staff_page("farmland.read")
def explain(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Why a figure is out of line."""
    held, back, told = _found(request, uid)

    def write(given: dict[str, Any]) -> str:
        figures.explain(held, given["words"], by=actor_of(request), at=clock.now())
        return _("已说明“%(what)s”。") % told

    of = found.book(actor_of(request), held.division, [held.year])
    lines = found.lines_of(actor_of(request), of, held.year)
    why = next((said(one.checked.message) for one in lines if one.row and one.row.pk == held.pk), "")
    value = f"{shown(held.value)} {unit_of(held.figure)}"
    context = {
        "title": _("说明：%(what)s") % told,
        "note": _("登记的数据是 %(value)s。%(why)s。数据不改，只说明原因；确实有误的，请统计部门更正。") % {"value": value, "why": why},
        "crumbs": [*told["crumbs"], (_("说明"), "")],
        "save": _("提交说明"),
        "done": told["page"],
    }  # fmt: skip
    return asked(request, posted(ExplainForm, request, {"words": held.explained}), context, write, back)


@staff_page("farmland.read")
def paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What proves a figure."""
    held, back, told = _found(request, uid)

    def write(given: dict[str, Any]) -> str:
        upload = given["file"]
        proof = keeping.Paper(upload.read(), upload.name, "evidence")
        keeping.attach(figures.SUBJECT, held, proof, by=actor_of(request), at=clock.now())
        return _("已上传“%(name)s”。") % {"name": upload.name}

    context = {
        "title": _("上传佐证：%(what)s") % told,
        "crumbs": [*told["crumbs"], (_("上传佐证"), "")],
        "save": _("上传"),
    }
    return asked(request, posted(DocumentForm, request), context, write, back)


@staff_page("farmland.read")
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A figure that should not stand."""
    held, back, told = _found(request, uid)

    def write(given: dict[str, Any]) -> str:
        figures.take_back(held, why=given["reason"], by=actor_of(request), at=clock.now())
        return _("已撤销“%(what)s”。") % told

    context = {
        "title": _("撤销：%(what)s") % told,
        "note": _("撤销后这个数据不再参加计算，仍留在历史里；依据它的指标会显示缺少数据。"),
        "crumbs": [*told["crumbs"], (_("撤销"), "")],
        "save": _("撤销"),
        "done": told["page"],
    }
    return asked(request, posted(WhyForm, request), context, write, back)

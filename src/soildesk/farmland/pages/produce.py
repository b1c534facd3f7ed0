"""Pages of tests and notices: the plan of field tests, soil and produce side by side, buyers, results, notices and answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import Actor, may, require
from soildesk.farmland import grainforms as ask
from soildesk.farmland import grainpaper
from soildesk.farmland.grainwords import content_word, element_words, owed_chip, owed_key, risk_words, said_chip
from soildesk.farmland.models import GrainNotice, Lot, ProduceTest, Season
from soildesk.farmland.pages.lots import _pdf, filled, lacking, lot_url, seen_or_404
from soildesk.farmland.queries import buyers, labproduce, owedtests
from soildesk.farmland.services import grainnotices, lines, producetests, seasons
from soildesk.farmland.services.grainnotices import Said
from soildesk.farmland.services.offices import LINES, Line
from soildesk.farmland.services.producetests import CONTENTS
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.parts import Chip, Tile
from soildesk.land.pages.parcels import asked
from soildesk.land.queries.choices import department
from soilrules.farmland.harvests import OwedState
from soilrules.verdict import Outcome

STATES = (OwedState.OVERDUE, OwedState.DUE, OwedState.CANNOT_SAY, OwedState.DONE)
SOIL = {
    "": ("unknown", _l("没有土壤结果")),
    Outcome.MEETS: ("good", _l("不超过筛选值")),
    Outcome.EXCEEDS_SCREENING: ("warn", _l("超过筛选值")),
    Outcome.EXCEEDS_CONTROL: ("bad", _l("超过管制值")),
    Outcome.EXCEEDS: ("bad", _l("超标")),
    Outcome.UNKNOWN: ("unknown", _l("没有结论")),
}


def year_of(request: HttpRequest) -> int:
    """The year the address asks for; the page's own without it."""
    text = request.GET.get("year", "")
    asked_for = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return asked_for if 2000 <= asked_for <= 2100 else page_day(request).year


@staff_page("farmland.read")
def plan(request: HttpRequest) -> HttpResponse:
    """The tests owed before the harvests of a year, the earliest first; units at risk of which nobody said what grows there."""
    actor, on, year = actor_of(request), page_day(request), year_of(request)
    if request.method == "POST":
        return _replan(request, actor, year)
    rows = owedtests.plan(actor, on, year)
    lost = owedtests.unplanned(actor, on, year)
    counts = {state: sum(one.state is state for one in rows) for state in STATES}
    context = {
        "lines": [_line(one) for one in rows],
        "lost": [(one, risk_words(one.risks)) for one in lost],
        "tiles": _tiles(counts, len(lost)),
        "year": year,
        "years": range(on.year + 1, on.year - 6, -1),
        "on": on,
        "may_keep": may(actor, seasons.KEEP),
        "may_test": may(actor, producetests.TEST),
        "crumbs": [(_("临田检测计划"), "")],
    }
    return render(request, "farmland/test_plan.html", context)


def _replan(request: HttpRequest, actor: Actor, year: int) -> HttpResponse:
    require(actor, seasons.KEEP)
    listed = reverse("farmland:test_plan") + f"?year={year}"

    def write(said: dict[str, Any]) -> str:
        made = seasons.plan_year(year, by=actor, at=clock.now())
        return _("已按现行类别、最近检测和禁止生产区域更新 %(year)s 年的检测待办，变动 %(n)d 项。") % {
            "year": year,
            "n": made,
        }

    return asked(request, Form(request.POST), {"title": _("更新临田检测计划"), "save": _("更新")}, write, listed)


def _tiles(counts: dict[OwedState, int], lost: int) -> list[Tile]:
    return [
        Tile(_("逾期未检"), counts[OwedState.OVERDUE], "#plan", "bad" if counts[OwedState.OVERDUE] else "calm"),
        Tile(_("待检测"), counts[OwedState.DUE], "#plan", "busy"),
        Tile(_("日期不全"), counts[OwedState.CANNOT_SAY], "#plan", "unknown"),
        Tile(_("已检测"), counts[OwedState.DONE], "#plan", "good"),
        Tile(_("没有登记种植季的风险单元"), lost, "#lost", "bad" if lost else "calm"),
    ]


def _line(one: owedtests.Owed) -> dict[str, Any]:
    asked_for = f"?unit={one.season.unit.number}&crop={one.season.crop}&stage=field"
    last = one.last
    return {
        "owed": one,
        "chip": owed_chip(owed_key(one)),
        "risks": risk_words(one.risks),
        "lacking": element_words(one.lacking),
        "late": bool(one.done_on and one.due and one.done_on > one.due),
        "last": last,
        "last_chip": said_chip(last.said) if last else None,
        "test_url": reverse("kit:collection_add", args=["produce_tests"]) + asked_for,
        "url": reverse("kit:record", args=["seasons", str(one.season.uid)]),
    }


@staff_page("farmland.read")
def pairs(request: HttpRequest) -> HttpResponse:
    """Soil and produce at one point."""
    actor, on, year = actor_of(request), page_day(request), year_of(request)
    rows = labproduce.pairs(actor, on, year)
    context = {
        "lines": [
            (one, _soil_chip(one.soil_worst), said_chip(str(one.said), bool(one.produce)), _both(one)) for one in rows
        ],
        "missing": labproduce.without_pair(actor, on, rows),
        "year": year,
        "years": range(on.year + 1, on.year - 6, -1),
        "on": on,
        "crumbs": [(_("土壤和农产品协同监测"), "")],
    }
    return render(request, "farmland/produce_pairs.html", context)


def _soil_chip(outcome: str) -> Chip:
    tone, word = SOIL.get(outcome, SOIL[""])
    return Chip(tone, str(word))  # type: ignore[arg-type]


def _both(one: labproduce.Pair) -> list[tuple[str, str, str]]:
    """Contents that were measured in both."""
    of_soil = {row.analyte: row for row in one.soil}
    return [
        (content_word(row.analyte), _value(of_soil.get(row.analyte)), _value(row))
        for row in one.produce
        if row.analyte in CONTENTS
    ]


def _value(row: Any) -> str:
    return f"{row.printed} {row.unit}" if row else "—"


@staff_page("farmland.read")
def buyer_list(request: HttpRequest) -> HttpResponse:
    """Buyers and mills with the tests they owe and made."""
    actor, on, year = actor_of(request), page_day(request), year_of(request)
    context = {
        "lines": buyers.of_year(actor, on, year),
        "year": year,
        "years": range(on.year + 1, on.year - 6, -1),
        "basis": buyers.basis(on),
        "on": on,
        "may_test": may(actor, producetests.TEST),
        "crumbs": [(_("收购加工企业检测"), "")],
    }
    return render(request, "farmland/grain_buyers.html", context)


@staff_page("farmland.read")
def result(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The result of a sample."""
    actor = actor_of(request)
    test = seen_or_404(ProduceTest, actor, uid)
    require(actor, producetests.TEST, test)
    here = reverse("kit:record", args=["produce_tests", str(test.uid)])
    form = filled(request, ask.ResultForm, {"result_on": clock.today()})

    def write(said: dict[str, Any]) -> str:
        facts = {name: said[name] for name in ("result_on", "laboratory", "report_number")}
        held = producetests.tell_result(test, facts, form.contents, by=actor, at=clock.now())
        return _("已登记结果：%(said)s。") % {"said": said_chip(held.said).word}

    return asked(request, form, _page(test, _("登记结果"), _("登记")), write, here)


@staff_page("farmland.read")
def test_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A test taken back."""
    actor = actor_of(request)
    test = seen_or_404(ProduceTest, actor, uid)
    require(actor, producetests.TEST, test)

    def write(said: dict[str, Any]) -> str:
        producetests.take_back(test, why=said["why"], by=actor, at=clock.now())
        return _("已撤销。")

    listed = reverse("kit:collection", args=["produce_tests"])
    return asked(request, filled(request, ask.WhyForm, {}), _page(test, _("撤销检测"), _("撤销")), write, listed)


def _page(test: ProduceTest, title: str, save: str) -> dict[str, Any]:
    listed = reverse("kit:collection", args=["produce_tests"])
    here = reverse("kit:record", args=["produce_tests", str(test.uid)])
    crumbs = [(_("农产品检测"), listed), (test.number, here), (title, "")]
    return {"title": f"{title} {test.number}", "crumbs": crumbs, "save": save}


@staff_page("farmland.read")
def season_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A season taken back."""
    actor = actor_of(request)
    season = seen_or_404(Season, actor, uid)
    require(actor, seasons.KEEP, season)
    listed = reverse("kit:collection", args=["seasons"])

    def write(said: dict[str, Any]) -> str:
        seasons.take_back(season, why=said["why"], by=actor, at=clock.now())
        return _("已撤销。")

    context = {"title": _("撤销种植季"), "crumbs": [(_("种植季"), listed), (_("撤销"), "")], "save": _("撤销")}
    return asked(request, filled(request, ask.WhyForm, {}), context, write, listed)


@staff_page("farmland.read")
def notice_send(request: HttpRequest) -> HttpResponse:
    """A notice about a lot or a test."""
    actor = actor_of(request)
    given = request.GET
    about = (
        seen_or_404(Lot, actor, _uid(given.get("lot")))
        if given.get("lot")
        else seen_or_404(ProduceTest, actor, _uid(given.get("test")))
    )
    require(actor, grainnotices.NOTIFY, about)
    here = (
        lot_url(about, "lot-notices")
        if isinstance(about, Lot)
        else reverse("kit:record", args=["produce_tests", str(about.uid)])
    )
    kind = given.get("kind", "")
    kind = kind if kind in GrainNotice.Kind.values else GrainNotice.Kind.LOCK
    initial = {"kind": kind, "on": clock.today(), "text": proposed_text(about, kind), "to": _usual(about, kind, actor)}
    offices = lines.receivers(about.division_path, actor)
    form = filled(
        request, ask.NoticeForm, initial, offices=offices, lacks=lacking(Line.FARMING, about.division_path, actor)
    )

    def write(said: dict[str, Any]) -> str:
        to = department(int(said["to"]))
        assert to is not None, "the form offers departments that stand"
        told = Said(said["kind"], to, said["on"], said["text"], said["due"])
        made = grainnotices.send(about, told, by=actor, at=clock.now(), stands_in=said.get("stands_in", ""))
        return _("已发出 %(number)s，收文单位：%(to)s。") % {"number": made.number, "to": to.name}

    context = {
        "title": _("发粮食通报 %(about)s") % {"about": about.number},
        "note": _missing(about.division_path, actor),
        "crumbs": [(about.number, here), (_("发通报"), "")],
        "save": _("发出"),
    }
    return asked(request, form, context, write, here)


def _uid(text: Any) -> UUID:
    try:
        return UUID(str(text or ""))
    except ValueError:
        return UUID(int=0)


def proposed_text(about: Lot | ProduceTest, kind: str) -> str:
    """What a notice may say; whoever sends it changes it."""
    facts = {"about": about.number, "crop": about.crop}
    if kind == GrainNotice.Kind.RECALL:
        where = about.taken_at if isinstance(about, ProduceTest) else ""
        return _(
            "%(crop)s（%(about)s%(where)s）检测超标。请核查来源和流向，停止销售、召回已流出的粮食，并答复数量和处理结果。"
        ) % {
            **facts,
            "where": f"，{where}" if where else "",
        }
    if kind == GrainNotice.Kind.PURCHASE:
        return (
            _("请对批次 %(about)s 的%(crop)s组织定向收购，单收单储，不得作为口粮销售，并答复收购单位、仓房和数量。")
            % facts
        )
    return (
        _("因检测超标，已锁定批次 %(about)s 的%(crop)s。锁定期间不得进入口粮市场，请知照收购企业并答复安排。") % facts
    )


def _usual(about: Any, kind: str, actor: Actor) -> str:
    line = Line.MARKET if kind == GrainNotice.Kind.RECALL and isinstance(about, Lot) else Line.GRAIN
    return lines.usual(line, about.division_path, actor)


def _missing(path: str, actor: Actor) -> str:
    """That a place has no grain or market office, so that another is chosen knowingly."""
    lost = [str(LINES[line]) for line in (Line.GRAIN, Line.MARKET) if lacking(line, path, actor)]
    if not lost:
        return ""
    return _("本地没有登记%(offices)s：请选择承担这项职责的部门，并在内容中写明依据。") % {"offices": "、".join(lost)}


@staff_page("farmland.read")
def notice_answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An answer."""
    actor = actor_of(request)
    notice = seen_or_404(GrainNotice, actor, uid)
    require(actor, "farmland.move_grain", notice)
    here = reverse("kit:record", args=["grain_notices", str(notice.uid)])

    def write(said: dict[str, Any]) -> str:
        grainnotices.answer(notice, said["text"], said["on"], by=actor, at=clock.now())
        return _("已答复。")

    context = {
        "title": _("答复 %(number)s") % {"number": notice.number},
        "note": notice.text,
        "crumbs": [(_("粮食通报"), reverse("kit:collection", args=["grain_notices"])), (notice.number, here), (_("答复"), "")],
        "save": _("答复"),
    }  # fmt: skip
    return asked(request, filled(request, ask.AnswerForm, {"on": clock.today()}), context, write, here)


@staff_page("farmland.read")
def notice_paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A notice as a paper."""
    notice = seen_or_404(GrainNotice, actor_of(request), uid)
    return _pdf(grainpaper.notice_paper(notice, at=clock.now()), notice.number)

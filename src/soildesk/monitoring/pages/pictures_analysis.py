"""Tools for consultants and reviewers: profiles in depth, box plots, what varies together. Outside the daily menu."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import may
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.parts import Chip
from soildesk.monitoring import campaignlinks, picturefiles
from soildesk.monitoring.drawings.boxes import box_figure
from soildesk.monitoring.drawings.figure import Figure
from soildesk.monitoring.drawings.profile import MOST_HOLES, profile_figure
from soildesk.monitoring.drawings.together import correlation_figure, loading_figure
from soildesk.monitoring.models import Medium, Surface
from soildesk.monitoring.picturefiles import Behind
from soildesk.monitoring.pictures import named
from soildesk.monitoring.queries import contents, sources, spread, tools
from soildesk.monitoring.queries.tools import Asked
from soildesk.standards.refusals import language
from soilrules.statistics import Substitute

UNITS = {"town": _l("乡镇（街道）"), "land": _l("土地利用"), "kind": _l("点位类型")}
RULES = {
    spread.KAPLAN_MEIER: _l("不替代（Kaplan–Meier）"),
    Substitute.HALF_LIMIT.value: _l("按检出限的一半"),
    Substitute.LIMIT.value: _l("按检出限"),
}
SUBSTITUTES = {one: RULES[one] for one in (Substitute.HALF_LIMIT.value, Substitute.LIMIT.value)}
LANDS = {
    "paddy": _l("水田"), "orchard": _l("果园"), "other": _l("其他农用地"), "rotation": _l("水旱轮作"),
    "class_1": _l("第一类用地"), "class_2": _l("第二类用地"), "class1": _l("第一类用地"), "class2": _l("第二类用地"),
}  # fmt: skip
LATEST = 8
_BETWEEN = re.compile(r"[\s,，、;；]+")

campaignlinks.add(
    campaignlinks.Link(
        _l("分析工具"),
        "monitoring.read",
        lambda campaign: f"{reverse('monitoring:analysis')}?campaign={campaign.number}",
        icon="sliders",
    )
)


@staff_page("monitoring.read")
def analysis(request: HttpRequest) -> HttpResponse:
    """All tools of one campaign on one page."""
    actor, on = actor_of(request), page_day(request)
    asked = tools.asked(actor, request.GET, on)
    surfaces = Surface.objects.visible_to(actor).select_related("campaign")
    if asked.campaign:
        surfaces = surfaces.filter(campaign=asked.campaign)
    context = {
        **_asking(asked),
        "may_draw": may(actor, "monitoring.draw_surface"),
        "surfaces": [(one, named(one.analyte), surface_chip(one)) for one in surfaces[:LATEST]],
        "crumbs": [*_crumbs(asked)[:1], (_("分析工具"), "")],
    }
    return render(request, "monitoring/analysis.html", context)


def surface_chip(one: Surface) -> Chip:
    """The state of a surface."""
    if one.outdated_at is not None:
        return Chip("warn", _("已过时"), "clock-history", str(one.get_outdated_why_display()))
    tones = {Surface.State.WORKING: "busy", Surface.State.MAPPED: "good", Surface.State.UNKNOWN: "unknown"}
    return Chip(tones[Surface.State(one.state)], str(one.get_state_display()))  # type: ignore[arg-type]


def _crumbs(asked: Asked, *names: str) -> list[tuple[str, str]]:
    found = [(_("监测任务"), reverse("kit:collection", args=["campaigns"]))]
    query = f"?campaign={asked.campaign.number}" if asked.campaign else ""
    found.append((_("分析工具"), reverse("monitoring:analysis") + query))
    return [*found, *((name, "") for name in names)]


def _asking(asked: Asked) -> dict[str, Any]:
    """What the form of every tool offers."""
    return {
        "asked": asked,
        "media": [(one, Medium(one).label) for one in asked.media],
        "analytes": [(slug, named(slug)) for slug in asked.analytes],
    }


def _behind(asked: Asked, figure_rows: Any) -> Behind:
    assert asked.campaign is not None
    query = {"campaign": asked.campaign.number, "medium": asked.medium, "analyte": asked.analyte}
    return Behind(figure_rows, query, asked.campaign.title)


def _answer(
    request: HttpRequest, template: str, asked: Asked, context: Mapping[str, Any], figure: Figure | None
) -> HttpResponseBase:
    """The page of a tool, or the data behind its picture as a file."""
    rows = asked.rows.filter(analyte=asked.analyte) if asked.rows is not None else None
    if figure and rows is not None and "data" in request.GET:
        return picturefiles.file(figure, _behind(asked, rows), request.GET["data"])
    files = picturefiles.links(request) if figure else []
    graded = bool(figure) and rows is not None and picturefiles.is_graded(rows)
    return render(request, template, {**_asking(asked), "figure": figure, "files": files, "graded": graded, **context})


@staff_page("monitoring.read")
def profile(request: HttpRequest) -> HttpResponseBase:
    """Contents by depth at the points of a campaign."""
    asked = tools.asked(actor_of(request), request.GET, page_day(request))
    numbers = [one for one in _BETWEEN.split(request.GET.get("point", "")) if one]
    unit, holes = tools.holes(asked, numbers)
    figure = None
    if holes and asked.campaign:
        title = _("%(campaign)s %(analyte)s 深度剖面") % {
            "campaign": asked.campaign.title,
            "analyte": named(asked.analyte),
        }
        figure = profile_figure(holes, unit, title)
    context = {
        "points": "，".join(numbers),
        "left_out": max(0, len(holes) - MOST_HOLES),
        "crumbs": _crumbs(asked, _("深度剖面")),
    }
    return _answer(request, "monitoring/profile.html", asked, context, figure)


@staff_page("monitoring.read")
def boxes(request: HttpRequest) -> HttpResponseBase:
    """Box plots by town, land or kind of point."""
    asked = tools.asked(actor_of(request), request.GET, page_day(request))
    by = _known(request, "by", UNITS)
    rule = _known(request, "rule", RULES)
    unit, held, other = contents.alike(asked.contents())
    groups = {str(LANDS.get(name, name)): some for name, some in tools.by_unit(held, by).items()}
    figure = None
    if held and asked.campaign:
        said = {"campaign": asked.campaign.title, "analyte": named(asked.analyte), "by": UNITS[by]}
        figure = box_figure(spread.boxes(groups, rule, language()), unit, _("%(campaign)s %(analyte)s 按%(by)s") % said)
    context = {
        "units": UNITS.items(),
        "by": by,
        "rules": RULES.items(),
        "rule": rule,
        "rule_word": RULES[rule],
        "other_unit": other,
        "not_detected": sum(not one.detected for one in held),
        "n": len(held),
        "crumbs": _crumbs(asked, _("箱线图")),
    }
    return _answer(request, "monitoring/boxes.html", asked, context, figure)


def _known(request: HttpRequest, name: str, known: Mapping[str, Any]) -> str:
    said = request.GET.get(name, "")
    return said if said in known else next(iter(known))


@staff_page("monitoring.read")
def source_hints(request: HttpRequest) -> HttpResponseBase:
    """Correlations and loadings with their caveat."""
    asked = tools.asked(actor_of(request), request.GET, page_day(request))
    there = sources.candidates(asked)
    chosen = [slug for slug in request.GET.getlist("with") if slug in there] or there[: sources.MOST]
    by = Substitute(_known(request, "by", SUBSTITUTES))
    context: dict[str, Any] = {
        "there": [(slug, named(slug), slug in chosen) for slug in there],
        "substitutes": SUBSTITUTES.items(),
        "by": by.value,
        "by_word": SUBSTITUTES[by.value],
        "crumbs": _crumbs(asked, _("相关与来源线索")),
    }
    figure = None
    if chosen and asked.campaign:
        found = sources.together(asked, chosen, by)
        figure, more = _together(found, asked.campaign.title)
        context |= more
    if figure and "data" in request.GET and asked.rows is not None:
        behind = _behind(asked, asked.rows)
        query = {key: value for key, value in behind.query.items() if key != "analyte"}
        return picturefiles.file(_samples(found, asked.campaign.title), Behind(behind.rows, query), request.GET["data"])  # type: ignore[union-attr]
    return _answer(request, "monitoring/sources.html", asked, context, figure)


def _together(found: sources.Together, title: str) -> tuple[Figure | None, dict[str, Any]]:
    """The matrix; the bars, caveats and refusals beside it."""
    names = [named(slug) for slug in found.analytes]
    figure = None
    if found.correlations:
        figure = correlation_figure(found.correlations, names, _("%(campaign)s 相关系数") % {"campaign": title})
    loaded = (
        loading_figure(found.loadings, names, _("%(campaign)s 因子载荷") % {"campaign": title})
        if found.loadings
        else None
    )
    remarks = [
        *(found.correlations.remarks if found.correlations else ()),
        *(found.loadings.remarks if found.loadings else ()),
    ]
    missing = [(named(slug), count) for slug, count in found.not_detected.items() if count]
    return figure, {
        "loadings": loaded,
        "remarks": list(dict.fromkeys(one.sentence(language()) for one in remarks)),
        "refusals": [_refusal(one) for one in found.refusals],
        "missing": missing,
        "samples": len(found.samples),
    }


def _refusal(message: Any) -> str:
    """A refusal with the analyte by its name."""
    said: str = message.sentence(language())
    slug = message.params.get("analyte", "")
    return said.replace(slug, named(slug)) if slug else said


def _samples(found: sources.Together, title: str) -> Figure:
    """The table behind: one row for each sample."""
    rows = [
        [sample, *("" if number != number else f"{number:g}" for number in line)]
        for sample, line in zip(found.samples, found.table.tolist(), strict=True)
    ]
    head = [_("样品编号"), *(named(slug) for slug in found.analytes)]
    return Figure(_("%(campaign)s 相关分析数据") % {"campaign": title}, "", 1, 1, (), head, rows)

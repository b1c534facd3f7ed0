"""Pages of surfaces: asked for, seen with everything they rest on, taken away as picture or GeoTIFF."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import numpy as np
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock, files, jobs
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may
from soildesk.kit import faces_urls
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.downloads import download
from soildesk.kit.parts import Fact
from soildesk.kit.register import collections
from soildesk.land.pages.forms import posted
from soildesk.monitoring.drawings.axes import figures
from soildesk.monitoring.drawings.figure import Figure
from soildesk.monitoring.drawings.surfacemap import MU_M2, chances_drawn, contents_drawn, surface_figure
from soildesk.monitoring.drawings.variogram import variogram_figure
from soildesk.monitoring.models import ExportRequest, Grade, Medium, Surface
from soildesk.monitoring.pages.pictures_analysis import RULES, surface_chip
from soildesk.monitoring.picturepng import Sheet, png
from soildesk.monitoring.pictures import named
from soildesk.monitoring.queries import coverage, tools
from soildesk.monitoring.queries import surfaces as queries
from soildesk.monitoring.queries.contents import alike, layers_of
from soildesk.monitoring.queries.tools import Asked
from soildesk.monitoring.services import exporting, surfaces
from soildesk.standards.refusals import language
from soilrules.geodesy.crs import named as crs_named
from soilrules.geodesy.transform import from_stored
from soilrules.statistics import Substitute

PICTURES = {"contents": _l("含量"), "probability": _l("超标概率")}
FILES = {
    "contents": _l("含量（均值）"), "medians": _l("含量（中位数）"), "probability": _l("超标概率"), "variance": _l("克里金方差"),
}  # fmt: skip
MODELS = {"spherical": _l("球状"), "exponential": _l("指数"), "gaussian": _l("高斯"), "matern": _l("马特恩")}
SUBSTITUTES = [
    ("", _l("不替代（有未检出则不能成图）")),
    *((one, RULES[one]) for one in (Substitute.HALF_LIMIT.value, Substitute.LIMIT.value)),
]


class SurfaceForm(forms.Form):
    """How a surface is made."""

    depth = forms.ChoiceField(label=_l("深度（cm）"), required=False)
    method = forms.ChoiceField(label=_l("方法"), choices=Surface.Method.choices)
    scale = forms.ChoiceField(label=_l("插值尺度"), choices=Surface.Scale.choices)
    substitute = forms.ChoiceField(label=_l("未检出"), choices=SUBSTITUTES, required=False)
    cell_m = forms.FloatField(label=_l("格距（m）"), min_value=0.1, required=False)
    reach_m = forms.FloatField(label=_l("离点多远以外不出图（m，不写则用变程）"), min_value=0.1, required=False)
    limit = forms.FloatField(label=_l("限值（不写则用多数结果适用的限值）"), min_value=0, required=False)


@staff_page("monitoring.draw_surface")
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a surface."""
    actor, on = actor_of(request), page_day(request)
    asked = tools.asked(actor, request.POST or request.GET, on)
    held = asked.contents()
    layers = [str(one) for one in layers_of(held)]
    usual, places = queries.usual_limit(alike(held)[1]), queries.places_of(held)
    form = posted(SurfaceForm, request, {"substitute": Substitute.HALF_LIMIT.value})
    form.fields["depth"].choices = [("", _("最上层")), *((one, one) for one in layers if one)]  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "form": form,
        "asked": asked,
        "media": [(one, Medium(one).label) for one in asked.media],
        "analytes": [(slug, named(slug)) for slug in asked.analytes],
        "n": len(held),
        "not_detected": sum(not one.detected for one in held),
        "usual": usual,
        "cell": places.cell_m if places and len(places.contents) > 1 else None,
        "crumbs": _crumbs(asked, _("插值图")),
    }
    if request.method == "POST" and form.is_valid() and asked.campaign:
        try:
            made = _start(asked, form.cleaned_data, actor)
            return redirect("monitoring:surface", uid=made.uid)
        except Refusal as refusal:
            context["refused"] = str(refusal)
    return render(request, "monitoring/surface_new.html", context, status=422 if request.method == "POST" else 200)


def _start(asked: Asked, said: Mapping[str, Any], actor: Actor) -> Surface:
    assert asked.campaign is not None
    wanted = surfaces.Wanted(asked.analyte, asked.medium, **said)
    made = surfaces.ask(asked.campaign, wanted, by=actor, at=clock.now())
    title = _("插值图：%(campaign)s %(analyte)s") % {"campaign": asked.campaign.title, "analyte": named(asked.analyte)}
    return surfaces.start(made, by=actor, title=title)


def _crumbs(asked: Asked, name: str) -> list[tuple[str, str]]:
    query = f"?campaign={asked.campaign.number}" if asked.campaign else ""
    return [
        (_("监测任务"), reverse("kit:collection", args=["campaigns"])),
        (_("分析工具"), reverse("monitoring:analysis") + query),
        (name, ""),
    ]


def _found(request: HttpRequest, uid: UUID) -> tuple[Surface, Actor]:
    actor = actor_of(request)
    found = queries.surface_of(actor, uid)
    if found is None:
        raise Http404(str(uid))
    return found, actor


def title_of(surface: Surface) -> str:
    """What a surface is called."""
    depth = f" {surface.depth} cm" if surface.depth else ""
    return _("%(campaign)s %(analyte)s%(depth)s插值图") % {
        "campaign": surface.campaign.title, "analyte": named(surface.analyte), "depth": depth,
    }  # fmt: skip


@staff_page("monitoring.read")
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One surface: its maps, its variogram, how far it is to be trusted; or why there is none."""
    found, actor = _found(request, uid)
    mapped = found.state == Surface.State.MAPPED
    context = {
        "surface": found,
        "title": title_of(found),
        "chip": surface_chip(found),
        "job": jobs.visible_to(actor).filter(uid=found.job).first() if found.job else None,
        "facts": _facts(found),
        "reason": found.reason.get(language(), ""),
        "remarks": [each[language()] for each in found.report.get("remarks", ())],
        "pictures": [(key, PICTURES[key], drawn(found, key, actor)) for key in PICTURES] if mapped else [],
        "variogram": _variogram(found),
        "validation": _validation(found) if mapped else [],
        "files": [(FILES[use.kind], use.kind) for use in files.uses_of(found) if use.kind in FILES],
        "graded": found.campaign.grade != Grade.PUBLIC,
        "layers": _layers(found),
        "again": f"{reverse('monitoring:surface_new')}?{urlencode(_query(found))}"
        if may(actor, surfaces.PERMISSION)
        else "",
        "crumbs": [
            (_("监测任务"), reverse("kit:collection", args=["campaigns"])),
            (found.campaign.title, reverse("monitoring:campaign", args=[found.campaign.uid])),
            (_("插值图"), ""),
        ],
    }
    return render(request, "monitoring/surface.html", context)


def _query(surface: Surface) -> dict[str, str]:
    """The selection of the list of results a surface was drawn from."""
    return {"campaign": surface.campaign.number, "medium": surface.medium, "analyte": surface.analyte}


def _facts(surface: Surface) -> list[Fact]:
    report = surface.report
    limit = f"{figures(surface.limit)} {surface.unit}" if surface.limit else _("没有给定，也没有多数结果适用的限值")
    found = [
        Fact(_("分析项目"), f"{named(surface.analyte)}（{surface.get_medium_display()}）"),
        Fact(_("方法"), f"{surface.get_method_display()}，{surface.get_scale_display()}"),
        Fact(_("未检出"), dict(SUBSTITUTES).get(surface.substitute, surface.substitute)),
        Fact(_("格距"), f"{figures(surface.cell_m)} m"),
        Fact(_("限值"), limit, note=surface.limit_source),
        Fact(_("数据分级"), surface.campaign.get_grade_display()),
    ]
    if "points" in report:
        found.append(Fact(_("参加插值的点"), _("%(n)d 个位置") % {"n": report["points"]}, note=_left_out(report)))
        found.append(Fact(_("有效距离"), f"{figures(report['reach_m'])} m"))
        found.append(Fact(_("坐标系"), report["crs"][language()]))
        found += _grounds_told(report["figures"], surface.unit)
    return found


def _left_out(report: Mapping[str, Any]) -> str:
    told = []
    if report["not_detected"]:
        told.append(_("其中未检出 %(n)d") % {"n": report["not_detected"]})
    if report["without_place"]:
        told.append(_("%(n)d 个结果没有位置") % {"n": report["without_place"]})
    if report["left_out"]:
        told.append(_("%(n)d 个结果单位不能换算或超出量程") % {"n": report["left_out"]})
    return "，".join(told)


def _grounds_told(told: Mapping[str, Any], unit: str) -> list[Fact]:
    if not told.get("cells"):
        return []
    reach = f"{figures(told['low'])} – {figures(told['high'])} {unit}"
    found = [
        Fact(_("出图面积"), _mu(told["area_m2"])),
        Fact(_("含量范围"), reach, note=_("中间值 %(n)s") % {"n": figures(told["middle"])}),
    ]
    if "above_m2" in told:
        found.append(Fact(_("估计值高于限值的面积"), _mu(told["above_m2"])))
    if "likely_m2" in told:
        found.append(Fact(_("超标概率大于一半的面积"), _mu(told["likely_m2"])))
    return found


def _mu(area_m2: float) -> str:
    return _("%(mu)s 亩（%(ha)s 公顷）") % {"mu": figures(area_m2 / MU_M2), "ha": figures(area_m2 / 10_000)}


def drawn(surface: Surface, key: str, actor: Actor) -> Figure | None:
    """The map of contents or of the probability; None where the method gives none."""
    values = queries.values_of(surface, key)
    if values is None and key == "contents":
        values = queries.values_of(surface, "medians")
    if values is None:
        return None
    grid, spots = queries.grid_of(surface), surface.report["spots"]
    crs = crs_named(grid.epsg)
    outlines = coverage.divisions(actor, actor.today)
    shapes = from_stored(np.array([shape for shape, _name in outlines], dtype=object), crs).geoms if outlines else ()
    grounds = list(zip(shapes, (name for _shape, name in outlines), strict=True))
    if key == "probability":
        return surface_figure(chances_drawn(values, grid, spots, grounds), f"{title_of(surface)}：{PICTURES[key]}")
    made = contents_drawn(values, grid, spots, unit=surface.unit, limit=surface.limit, grounds=grounds)
    return surface_figure(made, title_of(surface))


def _variogram(surface: Surface) -> Figure | None:
    told = surface.report.get("variogram")
    return variogram_figure(told, _("变异函数与%(model)s模型") % {"model": MODELS[told["kind"]]}) if told else None


def _validation(surface: Surface) -> list[Fact]:
    told = surface.report["validation"]
    scale = _("对数尺度") if surface.scale == Surface.Scale.LOG else surface.unit
    found = [
        Fact(_("逐点剔除"), _("%(n)d 个点") % {"n": told["n"]}),
        Fact(_("平均误差"), figures(told["mean_error"]), note=scale),
        Fact(_("均方根误差"), figures(told["rmse"]), note=_("数据的标准差 %(sd)s") % {"sd": figures(told["sd"])}),
    ]
    if told["msdr"] is not None:
        found.append(Fact(_("标准化均方误差"), figures(told["msdr"]), note=_("接近 1 时方差和概率可信")))
    if told["correlation"] is not None:
        found.append(Fact(_("实测与估计的相关系数"), figures(told["correlation"])))
    return found


def _layers(surface: Surface) -> list[tuple[str, str]]:
    """The classes on the whole map, where there are any."""
    query = f"surface={surface.uid}"
    held = set(surface.bands.values_list("shows", flat=True).distinct())
    names = (("contents", "surface_contents", _("含量分级")), ("probability", "surface_chances", _("超标概率分级")))
    found = [(title, faces_urls.map_of(collections()[name], query)) for shows, name, title in names if shows in held]
    return [(title, url) for title, url in found if url]


@staff_page("monitoring.read")
def picture(request: HttpRequest, uid: UUID, what: str) -> HttpResponse:
    """The map as a picture to be printed; of graded data with an approval only."""
    found, actor = _found(request, uid)
    figure = drawn(found, what, actor) if found.state == Surface.State.MAPPED and what in PICTURES else None
    if figure is None:
        raise Http404(what)
    return _given(request, found, actor, ("png", lambda mark: png(figure, _sheet(found, figure, mark), at=clock.now())))


def _sheet(surface: Surface, figure: Figure, mark: str) -> Sheet:
    unit = surface.by.department.name if surface.by and surface.by.department else ""
    report = surface.report
    notes = [report["crs"][language()], *(each[language()] for each in report["remarks"])]
    lines = [
        _("编制单位：%(unit)s") % {"unit": unit},
        _("制作日期：%(day)s") % {"day": clock.local_day(surface.at)},
        _("数据分级：%(grade)s") % {"grade": surface.campaign.get_grade_display()},
    ]
    return Sheet(figure.title, notes, lines, mark)


@staff_page("monitoring.read")
def raster(request: HttpRequest, uid: UUID, what: str) -> HttpResponse:
    """One grid as GeoTIFF; of graded data with an approval only, in an archive with the approval's line."""
    found, actor = _found(request, uid)
    use = files.uses_of(found).filter(kind=what).first() if what in FILES else None
    if use is None:
        raise Http404(what)
    data = files.read(use)
    return _given(request, found, actor, ("tif", lambda mark: _archive(use.name, data, mark) if mark else data))


def _archive(name: str, data: bytes, mark: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
        archive.writestr(_("批准信息.txt"), mark)
    return out.getvalue()


def _given(request: HttpRequest, surface: Surface, actor: Actor, file: tuple[str, Any]) -> HttpResponse:
    """The file, where it may leave the house; else the way to the page where that is asked for."""
    kind, made = file
    approval: ExportRequest | None = None
    if surface.campaign.grade != Grade.PUBLIC:
        approval = queries.approval(actor, surface.campaign, medium=surface.medium, analyte=surface.analyte)
        if approval is None:
            messages.info(request, _("这张图由分级数据绘制：带出须先经批准。批准后回到图页再下载。"))
            return redirect(f"{reverse('monitoring:export_new')}?{urlencode({'query': urlencode(_query(surface))})}")
        exporting.given_out(approval, surface.report["results"], kind, by=actor, at=clock.now())
    data = made(exporting.watermark(approval) if approval else "")
    ending = "zip" if kind == "tif" and approval else kind
    return download(data, title_of(surface), ending)

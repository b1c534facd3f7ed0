"""What is worth knowing of a new plot before it is written: its ground far from all that is known, or over another; a use nobody reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor
from soildesk.kit.faces import Change
from soildesk.land import landuse
from soildesk.land.queries import standing
from soildesk.land.shapes import area_m2
from soildesk.plots.models import PlotVersion
from soildesk.plots.queries.plots import overlapping, shared_areas
from soilrules.gate.rules import tolerance
from soilrules.geodesy import measure

SOME = 2000
"""Parcels that tell where the district lies, where no plot does."""


def tell(actor: Actor) -> Callable[[Change], Sequence[str]]:
    """Asked once for a whole file: of each new row what its ground meets, rows before it too."""
    known = _extent(actor)
    rows: list[tuple[str, BaseGeometry]] = []

    def of(change: Change) -> Sequence[str]:
        ground, name = change.values.get("geometry"), str(change.values.get("name", ""))
        told = _unread_use(change)
        if ground is None or ground.is_empty:
            return told
        told += [*_far(ground, known), *_over_plots(ground, actor), *_over_rows(ground, rows)]
        rows.append((name, ground))
        return told

    return of


def _extent(actor: Actor) -> BaseGeometry | None:
    """The box around all plots an actor sees, or where there are none around some parcels; None where nothing is known."""
    shapes = [*PlotVersion.objects.visible_to(actor).standing(actor.today).values_list("geometry", flat=True)]
    shapes = shapes or [*standing.parcels(actor, actor.today).values_list("geometry", flat=True)[:SOME]]
    return shapely.box(*shapely.total_bounds(shapes)) if shapes else None


def _unread_use(change: Change) -> list[str]:
    """A planned use that no classification reads: then nobody knows which values the ground is held against."""
    code, system = (str(change.values.get(key) or "") for key in ("use_planned", "use_system"))
    if not code or landuse.nearest(system, code):
        return []
    return [_("规划用途“%(code)s”读不出是哪一类用地：请核对代码，并选择用地分类标准。") % {"code": code}]


def _far(ground: BaseGeometry, known: BaseGeometry | None) -> list[str]:
    if known is None or known.intersects(ground):
        return []
    near, far = map(shapely.Point, shapely.shortest_line(ground, known).coords)
    km = float(measure.distance_m([near], [far])[0]) / 1000
    return [_("范围在本级已登记的宗地、地块之外，相距约 %(km)s 公里：请核对坐标系和位置。") % {"km": f"{km:,.1f}"}]


def _over_plots(ground: BaseGeometry, actor: Actor) -> list[str]:
    whole, told = area_m2(ground), []
    for one in overlapping(ground, actor, actor.today):
        if one.area_m2 > tolerance().of(whole):
            said = {"name": one.version.name, "number": one.version.plot.number, "area": f"{one.area_m2:,.0f}"}
            told.append(_("与“%(name)s”（%(number)s）重叠 %(area)s m²：请核对是不是同一地块。") % said)
    return told


def _over_rows(ground: BaseGeometry, rows: Sequence[tuple[str, BaseGeometry]]) -> list[str]:
    whole, told = area_m2(ground), []
    met = [row for row in rows if row[1].intersects(ground)]
    for (name, _shape), area in zip(met, shared_areas(ground, [row[1] for row in met]), strict=True):
        if area > tolerance().of(whole):
            told.append(_("与文件中的“%(name)s”重叠 %(area)s m²：请核对。") % {"name": name, "area": f"{area:,.0f}"})
    return told

"""How points of film, what is found there, what is put on land and traces of water are entered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.farmland.models import FilmPointVersion, FilmResidue, Spreading, WaterTrace
from soildesk.farmland.models.told import Told
from soildesk.farmland.mu import to_m2
from soildesk.farmland.queries import holdings as found
from soildesk.farmland.queries import waters
from soildesk.farmland.queries.named import units_called
from soildesk.farmland.refusals import InputRefused
from soildesk.farmland.services import filmpoints, spreading, watertraces
from soildesk.farmland.tellingentry import TellingActs
from soildesk.kit.faces import Entry, Writing
from soildesk.land.queries.choices import standing_version
from soildesk.land.services.writing import Place, place_at
from soildesk.land.versionentry import TOWN, VersionActs


def film_point(actor: Actor, uid: str, on: date | None = None) -> FilmPointVersion:
    """A point's version; refused where the actor sees none."""
    held = standing_version(FilmPointVersion, actor, uid, on)
    if held is None:
        raise InputRefused(
            _("没有找到这个监测点，或当日尚未设置：请回到列表重新打开。"), code="farmland.input.not_found"
        )
    return held


POINT_ACTS = VersionActs("point", filmpoints, film_point, keeps_import=True)


def _of_point(actor: Actor, values: Mapping[str, Any], held: Told | None) -> tuple[dict[str, Any], Place]:
    given = dict(values)
    named = given.pop("point", "")
    if isinstance(held, FilmResidue) and not isinstance(named, str):
        version = film_point(actor, str(held.point.uid))
    else:
        several = found.points_called(actor, named, actor.today)
        if len(several) != 1:
            raise InputRefused(
                _("没有找到地膜残留监测点“%(text)s”，或不止一个：请填写已登记监测点的编号或名称。") % {"text": named},
                code="farmland.input.point",
            )
        version = several[0]
    return {**given, "point": version.point}, place_at(version.division_path, actor)


def _of_unit(actor: Actor, values: Mapping[str, Any], held: Told | None) -> tuple[dict[str, Any], Place]:
    """What is put on land belongs to the place of its unit; without a unit, to the town that was chosen."""
    given = dict(values)
    town, named, mu = given.pop("town", ""), given.pop("unit", ""), given.pop("area_mu", None)
    if mu not in (None, ""):
        given["area_m2"] = to_m2(Decimal(mu))
    if isinstance(held, Spreading) and not isinstance(named, str):
        return {**given, "unit": held.unit}, place_at(town or held.division_path, actor)
    if not named:
        return {**given, "unit": None}, place_at(town or (held.division_path if held else ""), actor)
    several = units_called(actor, [named], actor.today)[named]
    if len(several) != 1:
        raise InputRefused(
            _("没有找到评价单元“%(text)s”，或不止一个：请填写单元编号、外部代码或名称。") % {"text": named},
            code="farmland.input.unit",
        )
    return {**given, "unit": several[0].unit}, place_at(several[0].division_path, actor)


def _of_water(actor: Actor, values: Mapping[str, Any], held: Told | None) -> tuple[dict[str, Any], Place]:
    given = dict(values)
    named = given.pop("point", "")
    if isinstance(held, WaterTrace) and not isinstance(named, str):
        return {**given, "point": held.point, "year": held.year}, place_at(held.division_path, actor)
    several = waters.called(actor, named, actor.today)
    if len(several) != 1:
        raise InputRefused(
            _("没有找到灌溉水点位“%(text)s”，或不止一个：请填写监测点位的编号或名称。") % {"text": named},
            code="farmland.input.point",
        )
    year = given.get("year") or given["on"].year
    return {**given, "point": several[0].point, "year": year}, place_at(several[0].division_path, actor)


def _begin_point(actor: Actor, given: Mapping[str, str]) -> Mapping[str, Any]:
    """The point a form was opened for, and what exceeds there."""
    return {key: given[key] for key in ("point", "analytes", "year") if given.get(key)}


RESIDUE_ACTS = TellingActs(filmpoints.RESIDUES, _of_point)
SPREADING_ACTS = TellingActs(spreading.SPREADINGS, _of_unit)
TRACE_ACTS = TellingActs(watertraces.TRACES, _of_water)

FILM_POINTS = Writing(
    entries=[
        Entry("name", _l("名称"), required=True, longest=120, names=["监测点名称", "点位名称"], example=_l("柏庄镇玉米地 1 号")),
        TOWN,
        Entry("crop", _l("作物"), longest=80),
        Entry("covered_years", _l("覆膜年限"), "integer", unit=_l("年")),
        Entry("geometry", _l("位置"), "geometry", required=True),
    ],
    permission=filmpoints.KEEP, add=POINT_ACTS.add, change=POINT_ACTS.change, guard=POINT_ACTS.guard, match=("name",),
)  # fmt: skip

RESIDUES = Writing(
    entries=[
        Entry("point", _l("监测点"), required=True, field="point_name", names=["监测点名称", "监测点编号", "点位"]),
        Entry("on", _l("采样日期"), "date", required=True),
        Entry("kg_per_ha", _l("残留量（kg/hm²）"), "decimal", required=True, unit="kg/hm²", names=["残留量", "地膜残留量"], example="42.5"),
        Entry("depth_cm", _l("采样深度（cm）"), "decimal", unit="cm", names=["采样深度", "耕层深度"]),
        Entry("report_number", _l("报告编号"), longest=120),
        Entry("note", _l("备注"), longest=300),
    ],
    permission=filmpoints.KEEP, add=RESIDUE_ACTS.add, change=RESIDUE_ACTS.change, guard=RESIDUE_ACTS.guard, begin=_begin_point,
    match=(), dated=False,
)  # fmt: skip

SPREADINGS = Writing(
    entries=[
        Entry("kind", _l("类别"), "choice", required=True, choices=Spreading.Kind.choices),
        Entry("unit", _l("评价单元"), field="unit__number", names=["单元", "单元编号", "地块"], longest=120, note=_l("单元编号、外部代码或名称；不在评价单元内的留空，选乡镇。")),
        TOWN,
        Entry("on", _l("日期"), "date", required=True, names=["施用日期"]),
        Entry("tonnes", _l("数量（吨）"), "decimal", required=True, unit=_l("吨"), names=["数量", "施用量"], note=_l("污泥按干基填写。")),
        Entry("area_mu", _l("施用面积（亩）"), "decimal", unit=_l("亩"), names=["施用面积", "面积"]),
        Entry("origin", _l("来源单位"), required=True, longest=160, example=_l("青禾区污水处理厂")),
        Entry("report_number", _l("检测报告编号"), longest=120, names=["报告编号"]),
        Entry("within", _l("检测达标"), "yes_no", names=["是否达标"], note=_l("没有检测就留空。")),
        Entry("note", _l("备注"), longest=300),
    ],
    permission=spreading.KEEP, add=SPREADING_ACTS.add, change=SPREADING_ACTS.change, guard=SPREADING_ACTS.guard,
    begin=lambda actor, given: {"unit": given["unit"]} if given.get("unit") else {}, match=(), dated=False,
)  # fmt: skip

TRACES = Writing(
    entries=[
        Entry("point", _l("灌溉水点位"), required=True, field="point__number", names=["点位", "点位编号"]),
        Entry("on", _l("日期"), "date", required=True, names=["溯源日期"]),
        Entry("year", _l("年度"), "integer", note=_l("超标结果所属的年度；不填则为溯源日期的年度。")),
        Entry("analytes", _l("超标项目"), required=True, longest=200),
        Entry("found", _l("溯源结论"), required=True, longest=500, example=_l("上游青禾电镀雨水口混排，现场取样铬超标")),
        Entry("source", _l("污染来源"), longest=160, note=_l("工业源、农业源或者地质背景；查清的写明单位。")),
        Entry("done", _l("采取的措施"), longest=500, example=_l("停用该灌渠，改用地下水；责令封堵雨水口")),
        Entry("closed_on", _l("办结日期"), "date"),
        Entry("note", _l("备注"), longest=300),
    ],
    permission=watertraces.KEEP, add=TRACE_ACTS.add, change=TRACE_ACTS.change, guard=TRACE_ACTS.guard, begin=_begin_point,
    match=(), dated=False,
)  # fmt: skip

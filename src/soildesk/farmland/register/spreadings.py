"""The registers of what is put on land, of points of film and what was found there, of traces of irrigation water."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.enterprises.register.records import stopped
from soildesk.enterprises.sentences import said
from soildesk.farmland import groundentering
from soildesk.farmland.holdingwords import LOOKS, chip, law_words, limit_words, word
from soildesk.farmland.models import FilmPointVersion, Spreading, UnitVersion
from soildesk.farmland.queries import holdings as found
from soildesk.farmland.queries import waters
from soildesk.farmland.register.beside import beside
from soildesk.farmland.register.figures import SECTION
from soildesk.farmland.register.told import told_page
from soildesk.farmland.services import filmpoints, spreading, watertraces
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.parts import Act, Chip, Fact
from soildesk.kit.register import Column, Register, Row, Stored
from soilrules.farmland.holdings import Limit, State, held_against, limits, spread_stands
from soilrules.farmland.inputs import shown

MOST = limits()[Limit.RESIDUE].most


def _label(field: str, choices: Any) -> Any:
    return lambda row: str(choices(row[field]).label) if row[field] else ""


def _add_verdicts(rows: list[Row], actor: Actor, on: date) -> None:
    """How each spreading stands, with all spreadings of its unit."""
    of_unit = found.spread_of(rows)
    held = {one.pk: found.spread(one) for one in Spreading.objects.filter(pk__in=[row["id"] for row in rows])}
    for row in rows:
        one = held[row["id"]]
        state, message = spread_stands(one, of_unit.get(row["unit_id"] or 0, [one]))
        row["_state"], row["_why"] = state, said(message)


def _spread(row: Row) -> tuple[Sequence[Chip], Sequence[Fact]]:
    one = Spreading.objects.get(pk=row["pk"])
    rows = (
        [found.spread(each) for each in Spreading.objects.filter(superseded_at=None, unit=one.unit_id)]
        if one.unit_id
        else []
    )
    state, message = spread_stands(found.spread(one), rows or [found.spread(one)])
    facts = [Fact(_("依据"), law_words("spreading", one.on))]
    if one.kind == Spreading.Kind.SLUDGE:
        most = _("每年每公顷不超过 %(most)s 吨（干基）") % {"most": limits()[Limit.SLUDGE].most}
        facts.append(Fact(_("污泥用量限值"), most, note=limit_words(Limit.SLUDGE)))
    return [chip(state, said(message))], facts


def _what(row: Row) -> str:
    return f"{row['on']} {Spreading.Kind(row['kind']).label}"


SPREADINGS = register.add(
    Register(
        name="farmland.spreadings",
        collection="farm_spreadings",
        title=_l("污泥、堆肥、粪污施用"),
        permission="farmland.read",
        queryset=found.spreadings,
        key="uid",
        fields=["id", "unit_id"],
        enrich=_add_verdicts,
        record=told_page(spreading.SPREADINGS, "spreading", _spread),
        columns=[
            Column("what", _l("施用"), _what, ["on", "kind"], width=12, frozen=True, format=cells.link),
            Column("on", _l("日期"), sort="on", width=7, format=cells.day, type="date"),
            Column("kind", _l("类别"), _label("kind", Spreading.Kind), ["kind"], sort="kind", width=7, stored=Stored("kind", Spreading.Kind.choices)),
            Column("unit", _l("评价单元"), "unit__number", sort="unit__number", width=13),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("tonnes", _l("数量（吨）"), sort="tonnes", width=7, numeric=True, format=cells.number, type="number"),
            Column("area_mu", _l("施用面积（亩）"), width=8, numeric=True, format=cells.number, type="number"),
            Column("origin", _l("来源单位"), width=14, format=cells.clamp),
            Column("state", _l("结论"), lambda row: row.get("_state") or "", ["id", "unit_id"], width=8, format=cells.chip(LOOKS), export=lambda value, row: word(value)),
            Column("why", _l("理由"), lambda row: row.get("_why") or "", ["id", "unit_id"], width=16, format=cells.clamp),
            Column("report_number", _l("检测报告编号"), width=12),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[
            ChoiceFilter("kind", _l("类别"), choices=Spreading.Kind.choices),
            ChoiceFilter("within", _l("检测达标"), choices=[("yes", _l("达标")), ("no", _l("超标")), ("-", _l("没有结论"))],
                         conditions={"yes": Q(within=True), "no": Q(within=False), "-": Q(within=None)}),
            TextFilter("unit", _l("评价单元"), fields=["unit__number"]),
            DateRangeFilter("on", _l("日期")),
        ],
        search=["unit__number", "origin", "report_number"],
        default_sort="-on",
        writing=groundentering.SPREADINGS,
        views=[(_l("超标的"), "within=no"), (_l("没有检测的"), "within=-")],
        about=_l("施到农用地的污泥、堆肥和畜禽粪污：数量、地点、检测。超标的禁止施用；污泥还要看当年用量和连续年限。"),
        empty=_l("还没有施用记录。下载模板填写后导入，或逐条登记。"),
    )
)  # fmt: skip


@beside(order=60)
def put_on_unit(actor: Actor, unit: UnitVersion, on: date) -> str:
    """What was put on a unit, on the unit's own page."""
    rows = found.spreadings(actor, on).filter(unit=unit.unit_id).order_by("-on")
    held = [found.spread(one) for one in rows]
    if not held:
        return ""
    lines = []
    for row, one in zip(rows, held, strict=True):
        state, message = spread_stands(one, held)
        url = reverse("kit:record", args=["farm_spreadings", str(row.uid)])
        lines.append({"row": row, "chip": chip(state, said(message)), "why": said(message), "url": url})
    add = f"{reverse('kit:collection_add', args=['farm_spreadings'])}?unit={unit.unit.number}"
    return render_to_string(
        "farmland/spread_of_unit.html", {"lines": lines, "add": "" if stopped(actor, spreading.KEEP, unit) else add}
    )


def _kg(value: Any, row: Row) -> str:
    return cells.NOTHING if value is None else shown(value)


def _residue_state(value: Any) -> str:
    return "" if value is None else str(held_against(Limit.RESIDUE, value))


def _film_page(actor: Actor, row: Row, on: date) -> RecordPage:
    """A point of film: what was last found, against the limit."""
    version = FilmPointVersion.objects.select_related("point").get(pk=row["pk"])
    number = version.point.number
    new = f"{reverse('kit:collection_add', args=['farm_residues'])}?point={number}"
    listed = f"{reverse('kit:collection', args=['farm_residues'])}?q={number}"
    state = _residue_state(row["kg_per_ha"]) or State.UNKNOWN
    why = (
        _("最近 %(day)s 测得 %(value)s kg/hm²") % {"day": row["sampled_on"], "value": row["kg_per_ha"]}
        if row["sampled_on"]
        else _("还没有监测数据")
    )
    return RecordPage(
        chips=[chip(state, why)],
        facts=[Fact(_("残留量限值"), _("不大于 %(most)s kg/hm²") % {"most": MOST}, note=limit_words(Limit.RESIDUE))],
        acts=[
            Act(_("登记监测数据"), new, "plus-lg", primary=True, stopped_by=stopped(actor, filmpoints.KEEP, version))
        ],
        related=[(_("历次监测数据"), listed)],
    )


FILM_LOOKS = {**LOOKS, "": ("unknown", "question-octagon", _l("没有数据"))}
OVER = Q(kg_per_ha__gt=MOST)

FILM_POINTS = register.add(
    Register(
        name="farmland.film_points",
        collection="farm_filmpoints",
        subject="farmland.filmpoint",
        title=_l("地膜残留监测点"),
        permission="farmland.read",
        queryset=found.film_points,
        knows_past=True,
        key="point__uid",
        record=_film_page,
        columns=[
            Column("number", _l("编号"), "point__number", sort="point__number", width=13, frozen=True, format=cells.link),
            Column("name", _l("名称"), sort="name", width=16, format=cells.clamp),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("crop", _l("作物"), width=8),
            Column("covered_years", _l("覆膜年限"), sort="covered_years", width=6, numeric=True, type="integer"),
            Column("kg_per_ha", _l("最近残留量（kg/hm²）"), sort="kg_per_ha", width=9, numeric=True, format=_kg, type="number"),
            Column("sampled_on", _l("采样日期"), sort="sampled_on", width=7, format=cells.day, type="date"),
            Column("state", _l("结论"), lambda row: _residue_state(row["kg_per_ha"]), ["kg_per_ha"], width=8, format=cells.chip(FILM_LOOKS), export=lambda value, row: str(FILM_LOOKS[value][2])),
            Column("since", _l("起"), sort="since", width=7, format=cells.day, type="date", shown=False),
        ],
        filters=[
            TextFilter("town", _l("乡镇（街道）"), fields=["town"]),
            ChoiceFilter("state", _l("结论"), choices=[("over", _l("超过限值")), ("-", _l("没有数据"))], conditions={"over": OVER, "-": Q(kg_per_ha=None)}),
        ],
        search=["name", "point__number", "crop"],
        default_sort="number",
        ground=Ground("geometry", shape="point", title="name", color="#b07d2b"),
        writing=groundentering.FILM_POINTS,
        about=_l("农田耕层里残留多少地膜：每个监测点历次的数据，对照限值。"),
        empty=_l("还没有设置监测点。在地图上点选登记，或下载模板导入。"),
    )
)  # fmt: skip


def _residue(row: Row) -> tuple[Sequence[Chip], Sequence[Fact]]:
    limit = Fact(_("残留量限值"), _("不大于 %(most)s kg/hm²") % {"most": MOST}, note=limit_words(Limit.RESIDUE))
    return [chip(_residue_state(row["kg_per_ha"]))], [limit]


RESIDUES = register.add(
    Register(
        name="farmland.residues",
        collection="farm_residues",
        title=_l("地膜残留监测数据"),
        permission="farmland.read",
        queryset=found.residues,
        key="uid",
        record=told_page(filmpoints.RESIDUES, "residue", _residue),
        columns=[
            Column("on", _l("采样日期"), sort="on", width=7, frozen=True, format=cells.link, type="date"),
            Column("point_name", _l("监测点"), width=16, format=cells.clamp),
            Column("number", _l("监测点编号"), "point__number", sort="point__number", width=13),
            Column("kg_per_ha", _l("残留量（kg/hm²）"), sort="kg_per_ha", width=9, numeric=True, format=_kg, type="number"),
            Column("state", _l("结论"), lambda row: _residue_state(row["kg_per_ha"]), ["kg_per_ha"], width=8, format=cells.chip(FILM_LOOKS), export=lambda value, row: str(FILM_LOOKS[value][2])),
            Column("depth_cm", _l("采样深度（cm）"), width=7, numeric=True, format=cells.number, type="number"),
            Column("report_number", _l("报告编号"), width=12),
            Column("town", _l("乡镇（街道）"), width=8, shown=False),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[TextFilter("point", _l("监测点"), fields=["point_name", "point__number"]), DateRangeFilter("on", _l("采样日期"))],
        search=["point_name", "point__number", "report_number"],
        default_sort="-on",
        writing=groundentering.RESIDUES,
        about=_l("各监测点历次的地膜残留量。"),
        empty=_l("还没有监测数据：从监测点的页面登记，或下载模板导入。"),
    )
)  # fmt: skip


def _trace(row: Row) -> tuple[Sequence[Chip], Sequence[Fact]]:
    if row["closed_on"]:
        return [Chip("good", _("已办结"), why=str(row["closed_on"]))], []
    return [Chip("busy", _("办理中"))], []


TRACES = register.add(
    Register(
        name="farmland.traces",
        collection="farm_watertraces",
        title=_l("灌溉水超标溯源"),
        permission="farmland.read",
        queryset=waters.traces,
        key="uid",
        record=told_page(watertraces.TRACES, "trace", _trace),
        columns=[
            Column("on", _l("日期"), sort="on", width=7, frozen=True, format=cells.link, type="date"),
            Column("point", _l("灌溉水点位"), "point__number", sort="point__number", width=13),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("year", _l("年度"), sort="year", width=5, type="integer"),
            Column("analytes", _l("超标项目"), width=10, format=cells.clamp),
            Column("found", _l("溯源结论"), width=20, format=cells.clamp),
            Column("source", _l("污染来源"), width=12, format=cells.clamp),
            Column("done", _l("采取的措施"), width=18, format=cells.clamp),
            Column("closed_on", _l("办结日期"), sort="closed_on", width=7, format=cells.day, type="date"),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[
            ChoiceFilter("open", _l("办结"), choices=[("yes", _l("未办结")), ("no", _l("已办结"))],
                         conditions={"yes": Q(closed_on=None), "no": Q(closed_on__isnull=False)}),
            TextFilter("year", _l("年度"), fields=["year"]),
        ],
        search=["point__number", "analytes", "found", "source"],
        default_sort="-on",
        writing=groundentering.TRACES,
        views=[(_l("未办结"), "open=yes")],
        about=_l("灌溉用水超过农田灌溉水质标准的，查清从哪里来、采取了什么措施。"),
        empty=_l("没有溯源记录。灌溉水超标后，从“灌溉用水”的页面登记。"),
    )
)  # fmt: skip

navigation.register(SECTION, _l("灌溉用水"), "farmland:waters", "farmland.read", order=498, icon="droplet-half")
for _title, _name, _order, _icon in (
    (_l("污泥、堆肥、粪污施用"), "farm_spreadings", 498, "arrow-counterclockwise"),
    (_l("地膜残留监测点"), "farm_filmpoints", 499, "pin-map"),
):
    navigation.register(SECTION, _title, "kit:collection", "farmland.read", order=_order, icon=_icon, args=(_name,))

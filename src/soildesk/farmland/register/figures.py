"""The register of yearly figures of inputs and wastes, and what its record page says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.enterprises.register.records import stopped
from soildesk.enterprises.sentences import said
from soildesk.farmland.models import TownFigure
from soildesk.farmland.queries import figures as found
from soildesk.farmland.queries.places import Names
from soildesk.farmland.refusals import InputRefused
from soildesk.farmland.services import figures
from soildesk.farmland.services.figures import KEEP, Reported, name_of, unit_of
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Change, Entry, RecordPage, Writing
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.parts import Act, Chip, Event
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.land.versionentry import TOWN
from soildesk.plots.register.records import file_part
from soilrules.farmland.inputdata import inputs
from soilrules.farmland.inputs import shown

SECTION = _l("农业投入品")
Source = TownFigure.Source
CHOICES = [(key, one.zh) for key, one in inputs().figures.items()]


def rows(actor: Actor | None, on: date) -> QuerySet[TownFigure]:
    """The figures that stand, of years up to a day."""
    return found.standing(actor).filter(year__lte=on.year).annotate(town=F("division__name"))


def _told(actor: Actor, change: Change, held: TownFigure | None = None) -> Reported:
    """What was entered, with what stands where nothing else was said."""
    said = change.values
    year = int(said.get("year") or (held.year if held else 0))
    if "town" in said or held is None:
        path = str(
            said.get("town")
            or (actor.person.department.division.path if actor.person and actor.person.department else "")
        )
        places = [one for one in Names(actor, max(year, figures.EARLIEST)).all if one.path == path]
        if not places:
            raise InputRefused(_("请选择镇街，或者数据所属的区县。"), code="farmland.input.division")
        division = places[0]
    else:
        division = held.division
    texts = {name: str(said.get(name) or (getattr(held, name) if held else "")) for name in ("document", "note")}
    source = str(said.get("source") or (held.source if held else Source.DEPARTMENT))
    figure = str(said.get("figure") or (held.figure if held else ""))
    value = said.get("value", held.value if held else None)
    if value is None:
        raise InputRefused(_("请填写数值：没有发生的填 0，不知道的不要填。"), code="farmland.input.value")
    return Reported(year, division, figure, value, source, **texts)


def add(actor: Actor, change: Change, at: datetime) -> str:
    """Report one; its key."""
    return str(figures.report(_told(actor, change), by=actor, at=at, why=change.why).uid)


def change(actor: Actor, key: str, change: Change, at: datetime) -> None:
    """Put another figure in the place of one."""
    held = _held(actor, key)
    figures.report(_same(held, _told(actor, change, held)), by=actor, at=at, why=change.why)


def _held(actor: Actor, key: str) -> TownFigure:
    row = (
        TownFigure.objects.visible_to(actor)
        .filter(superseded_at=None, uid=UUID(key))
        .select_related("division")
        .first()
    )
    if row is None:
        raise InputRefused(_("这个数据已经更正过：请回到列表重新打开。"), code="farmland.input.stale")
    return row


def _same(held: TownFigure, told: Reported) -> Reported:
    """A correction is of the same figure; another one is another row."""
    if (told.year, told.division.pk, told.figure) != (held.year, held.division_id, held.figure):
        raise InputRefused(
            _("更正只改数值、来源和佐证：年度、镇街或指标填错的，请撤销后重新登记。"), code="farmland.input.figure"
        )
    return told


def guard(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused."""
    try:
        if row is None:
            figures.check(_told(actor, change), by=actor)
        else:
            held = _held(actor, str(row["uid"]))
            figures.check(_same(held, _told(actor, change, held)), by=actor)
    except (Refusal, NotAllowed) as refusal:
        return [str(refusal)]
    return []


def page(actor: Actor, row: Row, on: date) -> RecordPage:
    """A figure: how it lies in line, what was said of it, its papers, what stood before."""
    held = TownFigure.objects.select_related("division__parent", "recorded_by", "explained_by").get(pk=row["pk"])
    line = next((one for one in _lines(actor, held) if one.row and one.row.pk == held.pk), None)
    keeping = stopped(actor, KEEP, held)
    uid = str(held.uid)
    return RecordPage(
        chips=[_chip(line)] if line else [],
        acts=[
            Act(_("说明"), reverse("farmland:figure_explain", args=[uid]), "pencil", primary=bool(line and line.open), stopped_by=keeping),
            Act(_("上传佐证"), reverse("farmland:figure_file", args=[uid]), "paperclip", stopped_by=keeping),
            Act(_("撤销"), reverse("farmland:figure_back", args=[uid]), "slash-circle", danger=True, stopped_by=keeping),
        ],
        files=[file_part(use, _("佐证")) for use in files.uses_of(held)],
        history=_history(held),
        related=[(_("本年全部数据和指标"), f"{reverse('farmland:inputs')}?year={held.year}")],
    )  # fmt: skip


def _lines(actor: Actor, held: TownFigure) -> Sequence[found.Asking]:
    return found.lines_of(actor, found.book(actor, held.division, [held.year]), held.year)


def _chip(line: found.Asking) -> Chip:
    why = said(line.checked.message)
    if line.open:
        return Chip("warn", _("待说明"), why=why)
    return Chip("good", _("已说明") if line.checked.asks else _("无异常"), why=why)


def _history(held: TownFigure) -> Sequence[Event]:
    rows = TownFigure.objects.filter(year=held.year, division=held.division, figure=held.figure).select_related(
        "recorded_by"
    )
    told = []
    for one in rows.order_by("recorded_at", "id"):
        who = one.recorded_by.name if one.recorded_by else ""
        words = _("登记为 %(value)s %(unit)s") % {"value": shown(one.value), "unit": unit_of(one.figure)}
        told.append(Event(one.recorded_at, who, words, one.document))
        if one.explained_at:
            told.append(
                Event(one.explained_at, one.explained_by.name if one.explained_by else "", _("说明"), one.explained)
            )
        if one.superseded_at:
            told.append(Event(one.superseded_at, "", _("更正或者撤销"), one.reason))
    return told


def _what(row: Row) -> str:
    return f"{row['year']} {row['town']} {name_of(row['figure'])}"


FIGURES = register.add(
    Register(
        name="farmland.figures",
        collection="farm_figures",
        title=_l("投入品和废弃物数据"),
        permission="farmland.read",
        queryset=rows,
        key="uid",
        columns=[
            Column("what", _l("数据"), _what, ["year", "town", "figure"], width=20, frozen=True, format=cells.link),
            Column("year", _l("年度"), sort="year", width=5, type="integer"),
            Column("town", _l("镇街"), sort="division__path", width=9),
            Column("figure", _l("指标"), lambda row: name_of(row["figure"]), ["figure"], sort="figure", width=16, stored=Stored("figure", CHOICES)),
            Column("value", _l("数值"), sort="value", width=8, numeric=True, format=lambda value, row: shown(value), type="number"),
            Column("unit", _l("单位"), lambda row: unit_of(row["figure"]), ["figure"], width=4),
            Column("source", _l("来源"), lambda row: str(Source(row["source"]).label), ["source"], width=8, stored=Stored("source", Source.choices)),
            Column("document", _l("佐证"), width=14, format=cells.clamp),
            Column("explained", _l("异常说明"), width=20, format=cells.clamp),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
            Column("recorded_at", _l("登记时间"), sort="recorded_at", width=10, format=cells.moment, type="datetime", shown=False),
        ],
        filters=[
            TextFilter("year", _l("年度"), fields=["year"]),
            ChoiceFilter("figure", _l("指标"), choices=CHOICES),
            TextFilter("town", _l("镇街"), fields=["division__name"]),
            ChoiceFilter("source", _l("来源"), choices=Source.choices),
            ChoiceFilter("explained", _l("异常说明"), choices=[("yes", _l("有说明")), ("no", _l("没有说明"))],
                         conditions={"yes": ~Q(explained=""), "no": Q(explained="")}),
        ],
        search=["division__name", "document", "explained"],
        default_sort="-year",
        page_acts=[
            PageAct(_l("指标和待说明数据"), "farmland:inputs", "farmland.read", icon="rulers"),
            PageAct(_l("导入统计表"), "kit:import_new", KEEP, icon="upload", primary=True, args=("farmland.figures",)),
        ],
        writing=Writing(
            entries=[
                Entry("year", _l("年度"), "integer", required=True, example="2025"),
                Entry("town", _l("镇街"), "choice", field="division_path", choices=TOWN.choices, names=["乡镇", "乡镇（街道）", "镇街名称"],
                      note=_l("不填则为本单位所在的行政区；由区县统一测定的选区县。")),
                Entry("figure", _l("指标"), "choice", required=True, choices=CHOICES, names=["指标名称"]),
                Entry("value", _l("数值"), "decimal", required=True, note=_l("面积按亩、重量按吨、比例按 % 填写。没有发生的填 0，不知道的不要填。"), example="125.6"),
                Entry("source", _l("来源"), "choice", choices=Source.choices, note=_l("镇街人员登记的一律为镇街填报。")),
                Entry("document", _l("佐证"), longest=200, note=_l("不是统计年报的必填：报表、台账或者文件的名称编号。")),
                Entry("note", _l("备注"), longest=300),
            ],
            permission=KEEP,
            add=add,
            change=change,
            guard=guard,
            begin=lambda actor, given: {key: given[key] for key in ("year", "town", "figure") if given.get(key)},
            match=(),
            dated=False,
        ),
        record=page,
        about=_l("每年每个镇街的投入品使用和废弃物回收利用数据。统计年报整表导入，镇街只说明异常；空着不等于 0。"),
        empty=_l("还没有数据：请导入统计部门的年报表，原表不用改格式。"),
    )
)  # fmt: skip

navigation.register(SECTION, _l("投入品和废弃物"), "farmland:inputs", "farmland.read", order=496, icon="rulers")

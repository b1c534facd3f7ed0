"""The list of classes down to households 落地到户: every unit of a day, and a row for each household that tills it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor
from soildesk.farmland.approvedwords import class_word, element_names
from soildesk.farmland.models import FarmlandClass, Household, UnitVersion
from soildesk.farmland.mu import to_mu
from soildesk.farmland.queries import classes, units
from soildesk.kit.sheets import Sheet, SheetColumn, write_xlsx

FIELDS = (
    "unit_id", "unit__number", "name", "code", "town", "location", "ground", "use", "crop", "farmland_class", "controlling",
    "area_m2", "approved_m2", "class_since", "decision", "keeper_name",
)  # fmt: skip


def workbook(actor: Actor, on: date, known_on: datetime | None = None) -> bytes:
    """Two sheets: units with their households, and areas by class."""
    out = io.BytesIO()
    known = _("，截至 %(at)s 所知") % {"at": f"{known_on:%Y-%m-%d}"} if known_on else ""
    note = _("状态日期 %(on)s%(known)s；制表 %(today)s。含农户个人信息，内部使用，不得公开。") % {
        "on": on, "known": known, "today": clock.today(),
    }  # fmt: skip
    listed = Sheet(
        _("类别清单"),
        _columns(),
        _rows(actor, on, known_on),
        title=_("农用地土壤环境质量类别清单（落地到户）"),
        note=note,
    )
    write_xlsx([_summary(actor, on, known_on, note), listed], out)
    return out.getvalue()


def _columns() -> Sequence[SheetColumn]:
    return [
        SheetColumn(_("单元编号"), 22), SheetColumn(_("外部代码"), 18), SheetColumn(_("单元名称"), 22), SheetColumn(_("乡镇（街道）"), 12),
        SheetColumn(_("坐落"), 20), SheetColumn(_("地类"), 8), SheetColumn(_("利用方式"), 10), SheetColumn(_("主要作物"), 10),
        SheetColumn(_("现行类别"), 12), SheetColumn(_("控制元素"), 12), SheetColumn(_("单元面积（亩）"), 12, numeric=True),
        SheetColumn(_("批准面积（亩）"), 12, numeric=True), SheetColumn(_("类别生效日期"), 12), SheetColumn(_("批准文号"), 20),
        SheetColumn(_("责任单位"), 14), SheetColumn(_("户主"), 10), SheetColumn(_("联系电话"), 14), SheetColumn(_("承包合同编号"), 18),
        SheetColumn(_("流转受让方"), 18), SheetColumn(_("农户面积（亩）"), 12, numeric=True),
    ]  # fmt: skip


def _rows(actor: Actor, on: date, known_on: datetime | None) -> Iterator[Sequence[Any]]:
    tilling: dict[int, list[Household]] = {}
    for one in units.households(actor, on, known_on).order_by("head", "id"):
        tilling.setdefault(one.unit_id, []).append(one)
    grounds, uses = dict(UnitVersion.Ground.choices), dict(UnitVersion.Use.choices)
    for row in units.units(actor, on, known_on).order_by("unit__number").values(*FIELDS).iterator(chunk_size=500):
        first = [
            row["unit__number"], row["code"], row["name"], row["town"], row["location"], grounds.get(row["ground"], ""),
            uses.get(row["use"], ""), row["crop"], class_word(row["farmland_class"]), element_names(row["controlling"]),
            to_mu(row["area_m2"]), None if row["approved_m2"] is None else to_mu(row["approved_m2"]), row["class_since"],
            row["decision"], row["keeper_name"],
        ]  # fmt: skip
        for one in tilling.get(row["unit_id"], []):
            yield [*first, one.head, one.phone, one.contract, one.transferee, to_mu(one.area_m2)]
        if row["unit_id"] not in tilling:
            yield [*first, _("没有登记农户"), "", "", "", None]


def _summary(actor: Actor, on: date, known_on: datetime | None, note: str) -> Sheet:
    columns = [
        SheetColumn(_("现行类别"), 16), SheetColumn(_("单元数"), 10, numeric=True), SheetColumn(_("面积（亩）"), 16, numeric=True),
        SheetColumn(_("面积（公顷）"), 16, numeric=True), SheetColumn(_("其中永久基本农田（亩）"), 22, numeric=True),
    ]  # fmt: skip
    rows = [
        [
            class_word(one.farmland_class),
            one.count,
            to_mu(one.area_m2),
            round(one.area_m2 / 10000, 4),
            to_mu(one.basic_m2),
        ]
        for one in classes.totals(actor, on, known_on)
        if one.count or one.farmland_class in FarmlandClass.values
    ]
    return Sheet(_("汇总"), columns, rows, title=_("农用地土壤环境质量类别面积汇总"), note=note)

"""How holdings, their ledgers and checks are entered: by form, template and import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.farmland.holdingwords import LEAST_MM, OVER_MU
from soildesk.farmland.models import HoldingVersion, InputCheck, InputEntry
from soildesk.farmland.models.told import Told
from soildesk.farmland.mu import to_m2
from soildesk.farmland.queries import holdings as found
from soildesk.farmland.refusals import InputRefused
from soildesk.farmland.services import holdings
from soildesk.farmland.services.holdings import KEEP
from soildesk.farmland.tellingentry import TellingActs
from soildesk.kit.faces import Change, Entry, Writing
from soildesk.land.queries.choices import standing_version
from soildesk.land.services.writing import Place, place_at
from soildesk.land.versionentry import TOWN, VersionActs

V = HoldingVersion


def holding_version(actor: Actor, uid: str, on: date | None = None) -> HoldingVersion:
    """A holding's version; refused where the actor sees none."""
    held = standing_version(HoldingVersion, actor, uid, on)
    if held is None:
        raise InputRefused(
            _("没有找到这个经营主体，或当日尚未登记：请回到列表重新打开。"), code="farmland.input.not_found"
        )
    return held


ACTS = VersionActs("holding", holdings, holding_version, keeps_import=True)


def in_m2(change: Change) -> Change:
    """An area entered in 亩 is kept in m²."""
    if "area_mu" not in change.values:
        return change
    given = dict(change.values)
    mu = given.pop("area_mu")
    return replace(change, values={**given, "area_m2": None if mu in (None, "") else to_m2(Decimal(mu))})


def add(actor: Actor, change: Change, at: datetime) -> str:
    """Register one."""
    return ACTS.add(actor, in_m2(change), at)


def change(actor: Actor, key: str, change: Change, at: datetime) -> None:
    """Change or correct one."""
    ACTS.change(actor, key, in_m2(change), at)


def one_called(actor: Actor, text: str, held: Told | None) -> HoldingVersion:
    """The holding that was named; that of the row that stands where nothing was."""
    if held is not None and not text:
        return holding_version(actor, str(held.holding.uid))  # type: ignore[attr-defined]
    several = found.called(actor, text, actor.today)
    if len(several) != 1:
        raise InputRefused(
            _("没有找到经营主体“%(text)s”，或不止一个：请填写已登记主体的编号、统一社会信用代码或全称。")
            % {"text": text},
            code="farmland.input.holding",
        )
    return several[0]


def _resolve(actor: Actor, values: Mapping[str, Any], held: Told | None) -> tuple[dict[str, Any], Place]:
    """The facts of a line, with its holding, in the holding's place."""
    given = dict(values)
    named = given.pop("holding", "")
    version = one_called(actor, named if isinstance(named, str) else "", held)
    return {**given, "holding": version.holding}, place_at(version.division_path, actor)


def begin(actor: Actor, given: Mapping[str, str]) -> Mapping[str, Any]:
    """The holding a form was opened for."""
    return {"holding": given["holding"]} if given.get("holding") else {}


ENTRY_ACTS = TellingActs(holdings.ENTRIES, _resolve)
CHECK_ACTS = TellingActs(holdings.CHECKS, _resolve)
SOIL_ACTS = TellingActs(holdings.SOIL, _resolve)
HOLDING = Entry(
    "holding", _l("经营主体"), required=True, field="firm", longest=160,
    names=["主体名称", "经营主体名称", "单位名称", "企业名称", "被抽检主体", "统一社会信用代码"],
    note=_l("已登记主体的编号、统一社会信用代码或全称。"), example=_l("青禾绿源蔬菜专业合作社"),
)  # fmt: skip

HOLDINGS = Writing(
    entries=[
        Entry("name", _l("名称"), required=True, longest=160, names=["单位名称", "企业名称", "主体名称", "养殖场名称"], example=_l("青禾绿源蔬菜专业合作社")),
        Entry("kind", _l("类别"), "choice", required=True, choices=V.Kind.choices, names=["主体类别"]),
        Entry("form", _l("主体类型"), "choice", choices=V.Form.choices, names=["组织形式"], note=format_lazy(_l("合作社、企业的设施种植面积大于 {mu} 亩的，要检测农产品。"), mu=OVER_MU)),
        Entry("code", _l("统一社会信用代码"), longest=18),
        TOWN,
        Entry("location", _l("地址"), longest=200),
        Entry("area_mu", _l("设施种植面积"), "decimal", unit=_l("亩"), names=["种植面积", "设施面积", "面积（亩）"], note=_l("温室、大棚等设施的种植面积，不含露地。"), example="62.5"),
        Entry("edible", _l("种植食用农产品"), "yes_no"),
        Entry("produce", _l("农产品或者畜种"), longest=160, example=_l("番茄、黄瓜")),
        Entry("equipped", _l("配套粪污处理设施"), "yes_no", note=_l("养殖场填写。")),
        Entry("has_outlet", _l("有生产废水排放口"), "yes_no", note=_l("养殖场填写；没有排查过就留空。")),
        Entry("outlet", _l("废水排放口"), longest=160, note=_l("位置和去向，例如“场区东侧，排入东河”。")),
        Entry("outlet_checked_on", _l("排放口排查日期"), "date"),
        Entry("licence", _l("检测资质证书编号"), longest=120, names=["资质证书编号"], note=_l("检测机构填写。")),
        Entry("licence_until", _l("检测资质有效期至"), "date", names=["资质有效期至", "有效期至"], note=_l("检测机构填写。")),
        Entry("geometry", _l("位置"), "geometry"),
    ],
    permission=KEEP,
    add=add,
    change=change,
    guard=lambda actor, change, row: ACTS.guard(actor, in_m2(change), row),
    match=("code", "name"),
)  # fmt: skip

ENTRIES = Writing(
    entries=[
        HOLDING,
        Entry("on", _l("日期"), "date", required=True, names=["使用日期", "购进日期", "回收日期"]),
        Entry("kind", _l("类别"), "choice", required=True, choices=InputEntry.Kind.choices),
        Entry("name", _l("名称"), required=True, longest=120, names=["产品名称", "投入品名称"], example=_l("复合肥 15-15-15")),
        Entry("amount_kg", _l("数量（kg）"), "decimal", required=True, names=["数量", "使用量", "产生量", "回收量"], unit="kg", example="500"),
        Entry("thickness_mm", _l("地膜厚度（mm）"), "decimal", unit="mm", names=["厚度"], note=format_lazy(_l("农用薄膜填写；低于 {mm} mm 的不得生产、销售和使用。"), mm=LEAST_MM), example="0.012"),
        Entry("highly_toxic", _l("高毒农药"), "yes_no", note=_l("农药填写；是高毒农药的必须写明来源或者去向。")),
        Entry("from_to", _l("来源或者去向"), longest=160, names=["来源", "去向", "购买人", "回收单位"], note=_l("兽药、饲料和粪污必填：从哪里购进、卖给谁、用于哪批畜禽，粪污送到哪里；回收站点写明收来的包装、农膜送到哪里处置。")),
        Entry("paid_yuan", _l("付给交回人（元）"), "decimal", names=["回收奖励", "回收补贴", "付给交回人"], note=_l("回收站点收到农药包装、废旧农膜时填写；没有付钱的填 0。")),
        Entry("note", _l("备注"), longest=300),
    ],
    permission=KEEP, add=ENTRY_ACTS.add, change=ENTRY_ACTS.change, guard=ENTRY_ACTS.guard, begin=begin, match=(), dated=False,
)  # fmt: skip

CHECKS = Writing(
    entries=[
        HOLDING,
        Entry("on", _l("抽检日期"), "date", required=True, names=["抽样日期", "检查日期"]),
        Entry("kind", _l("类别"), "choice", required=True, choices=InputCheck.Kind.choices),
        Entry("product", _l("产品名称"), required=True, longest=160, names=["检查内容"], note=_l("检查养殖场的写明检查内容，例如“粪污处理设施运行、还田去向”。"), example=_l("聚乙烯地膜 0.01 mm")),
        Entry("maker", _l("生产企业"), longest=160),
        Entry("thickness_mm", _l("地膜厚度（mm）"), "decimal", unit="mm", names=["实测厚度"], note=_l("农用薄膜填实测值。")),
        Entry("report_number", _l("检测报告编号"), longest=120, names=["报告编号", "检查记录编号"], note=_l("检查养殖场的填写检查记录编号。")),
        Entry("passes", _l("合格"), "yes_no", names=["是否合格", "结论"]),
        Entry("done", _l("处理情况"), longest=300, note=_l("不合格的写明：下架、立案、移送等。")),
        Entry("note", _l("备注"), longest=300),
    ],
    permission=KEEP, add=CHECK_ACTS.add, change=CHECK_ACTS.change, guard=CHECK_ACTS.guard, begin=begin, match=(), dated=False,
)  # fmt: skip

SOIL_CHECKS = Writing(
    entries=[
        HOLDING,
        Entry("on", _l("日期"), "date", required=True),
        Entry("soil_suspected", _l("可能因土壤原因"), "yes_no", required=True),
        Entry("ground", _l("判断理由"), required=True, longest=300, example=_l("同一地块连续两茬镉超标，投入品检测合格")),
        Entry("monitored_on", _l("土壤监测日期"), "date"),
        Entry("report_number", _l("监测报告编号"), longest=120),
        Entry("found", _l("监测结论"), longest=300),
        Entry("note", _l("备注"), longest=300),
    ],
    permission=KEEP, add=SOIL_ACTS.add, change=SOIL_ACTS.change, guard=SOIL_ACTS.guard, begin=begin, match=(), dated=False,
)  # fmt: skip

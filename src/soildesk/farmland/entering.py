"""How units, households and decisions are entered: the entries of their forms, templates and imports, and the acts behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.farmland import groundwords
from soildesk.farmland.models import Household, UnitVersion
from soildesk.farmland.mu import M2_OF_MU, to_m2, written
from soildesk.farmland.queries.units import called
from soildesk.farmland.refusals import HouseholdRefused, UnitRefused
from soildesk.farmland.services import approvals, households, unitgrounds, units
from soildesk.kit.faces import Change, Entry, Writing
from soildesk.land.queries.choices import keepers, standing_version
from soildesk.land.services.writing import place_at
from soildesk.land.shapes import surface
from soildesk.land.versionentry import TOWN, VersionActs

V = UnitVersion


def unit_version(actor: Actor, uid: str, on: date | None = None) -> UnitVersion:
    """A unit's version; refused where the actor sees none."""
    try:
        found = standing_version(UnitVersion, actor, uid, on)
    except ValidationError:
        found = None
    if found is None:
        raise UnitRefused(
            _("没有找到这个评价单元，或当日尚未登记、已经终止：请回到列表重新打开。"), code="farmland.unit.not_found"
        )
    return found


_ACTS = SimpleNamespace(
    register=units.enter, check_new=units.check_new, change=units.change, check_change=units.check_change
)
ACTS = VersionActs("unit", _ACTS, unit_version, keeps_import=True)


def _in_m2(change: Change, key: str = "area_of_record_m2") -> Change:
    """Areas entered in 亩, in m²; of the two the one in m² goes before."""
    if "area_mu" not in change.values:
        return change
    values = dict(change.values)
    given = values.pop("area_mu")
    if values.get(key) in (None, ""):
        values[key] = _m2(given)
    return replace(change, values=values)


def _m2(value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        return to_m2(written(value))
    except ValueError:
        raise UnitRefused(
            _("面积 %(value)s 亩不是大于 0 的数字：请填写亩数，例如 12.5；没有就留空。") % {"value": value},
            code="farmland.unit.number",
        ) from None


def add_unit(actor: Actor, change: Change, at: datetime) -> str:
    """Enter a unit; its key."""
    return ACTS.add(actor, _in_m2(change), at)


def change_unit(actor: Actor, key: str, change: Change, at: datetime) -> None:
    """Change or correct a unit."""
    ACTS.change(actor, key, _in_m2(change), at)


def beside_unit(actor: Actor) -> Callable[[Change], Sequence[str]]:
    """Why a new unit cannot lie beside those of its file before it."""
    before = unitgrounds.Before()

    def refuse(change: Change) -> Sequence[str]:
        try:
            before.take(str(change.values.get("name") or ""), surface(change.values.get("geometry")))
        except UnitRefused as refusal:
            return [str(refusal)]
        return []

    return refuse


def tell_unit(actor: Actor) -> Callable[[Change], Sequence[str]]:
    """What is worth knowing of a new unit: one of no town is in no figure of a town."""
    own = actor.person.department if actor.person else None
    here = own.division if own is not None and own.division.level != "town" else None

    def tells(change: Change) -> Sequence[str]:
        if here is None or change.values.get("town"):
            return []
        return [
            _("没有写明乡镇（街道），登记到%(place)s：按乡镇统计和下达任务时都不在内，请在文件中补上。")
            % {"place": here.name}
        ]

    return tells


def guard_unit(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused."""
    try:
        return ACTS.guard(actor, _in_m2(change), row)
    except UnitRefused as refusal:
        return [str(refusal)]


UNITS = Writing(
    entries=[
        Entry("code", _l("外部代码"), names=["单元代码", "单元编码", "图斑编号", "地块编码", "地块编号", "BSM", "DYBH", "TBBH"], longest=80,
              note=_l("省级类别划分成果中的单元或图斑代码，照原样填写；导入批准成果时按它对应。"), example="990101-DY-0001"),
        Entry("name", _l("单元名称"), required=True, names=["名称", "地块名称", "DYMC", "DKMC"], longest=120, example=_l("柏庄镇东圩村南片")),
        TOWN,
        Entry("keeper", _l("责任单位"), "choice", field="keeper_id", choices=keepers, bulk=True, required=True, names=["管护单位"],
              note=_l("负责落实措施的乡镇（街道）或部门。")),
        Entry("ground", _l("地类"), "choice", required=True, choices=groundwords.grounds, bulk=True, names=["土地利用类型", "地类名称", "DLMC", "地类编码", "DLBM"]),
        Entry("use", _l("利用方式"), "choice", choices=groundwords.uses, bulk=True, note=_l("按 GB 15618 的用地分类；不知道就留空，留空时不能评价。")),
        Entry("crop", _l("主要作物"), names=["作物", "种植作物"], longest=80, bulk=True, example=_l("水稻")),
        Entry("location", _l("坐落"), names=["坐落位置", "地址", "ZLDWMC"], longest=200),
        Entry("soil_type", _l("土壤类型"), names=["土类", "TRLX"], longest=80, bulk=True, example=_l("水稻土")),
        Entry("topography", _l("地形部位"), names=["地形", "地貌"], longest=80, bulk=True),
        Entry("irrigation", _l("灌溉水源"), names=["灌溉水"], longest=120, bulk=True),
        Entry("source", _l("周边污染源"), names=["污染源"], longest=200, bulk=True),
        Entry("industry_near", _l("周边 2 km 有工矿企业"), "yes_no", names=["周边2km工矿企业"], bulk=True, note=_l("没有核实的留空，不要填“否”。")),
        Entry("basic_farmland", _l("永久基本农田"), "yes_no", names=["是否永久基本农田", "基本农田"], bulk=True),
        Entry("pollution", _l("污染程度（详查）"), "choice", choices=groundwords.pollutions, bulk=True, names=["污染程度", "污染等级"],
              note=_l("农用地土壤污染状况详查的结论；没有结论的留空。")),
        Entry("pollution_source", _l("污染程度依据"), longest=160, bulk=True),
        Entry("field_chief", _l("田长"), longest=60, note=_l("个人姓名，只有经办人和镇街可见。")),
        Entry("forest_chief", _l("林长"), longest=60, note=_l("个人姓名，只有经办人和镇街可见。")),
        Entry("area_mu", _l("登记面积（亩）"), "decimal", field="record_mu", names=["登记面积", "面积（亩）", "面积(亩)", "亩数"], unit=_l("亩"), area_of_record=M2_OF_MU,
              note=_l("证书、台账或批准文件上的面积；与图形计算面积相差超过 1% 会提示。")),
        Entry("geometry", _l("范围"), "geometry", required=True),
        Entry("note", _l("备注"), longest=300),
    ],
    permission="farmland.keep_units",
    add=add_unit,
    change=change_unit,
    guard=guard_unit,
    beside=beside_unit,
    tells=tell_unit,
    match=("code", "name"),
)  # fmt: skip


def household(actor: Actor, uid: str) -> Household:
    """A household as it stands; refused where the actor sees none."""
    try:
        found = Household.objects.visible_to(actor).filter(uid=uid, superseded_at=None).select_related("unit").first()
    except ValidationError:
        found = None
    if found is None:
        raise HouseholdRefused(
            _("没有找到这户，或刚被别人改过：请回到列表重新打开。"), code="farmland.household.not_found"
        )
    return found


def _facts(change: Change) -> dict[str, Any]:
    return {key: value for key, value in _in_m2(change, "area_m2").values.items() if key != "unit"}


def _unit(actor: Actor, change: Change) -> Any:
    text = str(change.values.get("unit") or "")
    found = called(actor, text, actor.today)
    if len(found) != 1:
        raise HouseholdRefused(
            _("没有找到评价单元“%(text)s”，或不止一个：请填写单元编号、外部代码或唯一的名称。") % {"text": text},
            code="farmland.household.unit",
        )
    return found[0].unit


def add_household(actor: Actor, change: Change, at: datetime) -> str:
    """Enter a household; its key."""
    made = households.enter(_unit(actor, change), _facts(change), by=actor, at=at, batch=change.batch)
    return str(made.uid)


def change_household(actor: Actor, key: str, change: Change, at: datetime) -> None:
    """Correct a household; where it tills another unit it is moved by the unit's page."""
    held = household(actor, key)
    if "unit" in change.values and _unit(actor, change).pk != held.unit_id:
        raise HouseholdRefused(
            _("农户不能直接改到另一个单元：登记错误的，先登记停止耕种，再在正确的单元登记。"),
            code="farmland.household.unit",
        )
    households.correct(held, _facts(change), by=actor, at=at, why=change.why)


def guard_household(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused."""
    try:
        if row is None:
            households.check_new(_unit(actor, change), _facts(change), by=actor)
        else:
            why = change.why or "-"  # the page asks for it
            households.check_change(household(actor, str(row["uid"])), _facts(change), by=actor, why=why)
    except (Refusal, NotAllowed) as refusal:
        return [str(refusal)]
    return []


def begin_household(actor: Actor, given: Mapping[str, str]) -> Mapping[str, Any]:
    """The unit the form was opened for."""
    return {"unit": given["unit"]} if given.get("unit") else {}


HOUSEHOLDS = Writing(
    entries=[
        Entry("unit", _l("评价单元"), required=True, field="unit__number", names=["单元编号", "外部代码", "单元代码", "单元名称", "图斑编号"], longest=120,
              note=_l("单元编号、外部代码或名称。")),
        Entry("head", _l("户主"), required=True, names=["户主姓名", "农户", "承包方", "承包方代表"], longest=60),
        Entry("phone", _l("联系电话"), names=["电话", "手机"], longest=40),
        Entry("contract", _l("承包合同编号"), names=["合同编号", "承包合同代码", "承包经营权证号"], longest=80),
        Entry("transferee", _l("流转受让方"), names=["受让方", "经营主体"], longest=120, note=_l("土地已流转的填写：受让方承担土壤污染防治义务。")),
        Entry("area_mu", _l("面积（亩）"), "decimal", required=True, field="area_mu", names=["面积", "亩数", "面积(亩)", "承包面积（亩）", "承包面积"], unit=_l("亩"),
              note=_l("这户在本单元内耕种的面积。")),
        Entry("since", _l("起"), "date", names=["起始日期", "承包起始日期"], note=_l("不填则为今天。")),
        Entry("until", _l("止"), "date", names=["终止日期", "承包终止日期"]),
        Entry("note", _l("备注"), longest=300),
    ],
    permission="farmland.keep_households",
    add=add_household,
    change=change_household,
    guard=guard_household,
    begin=begin_household,
    match=(),
    dated=False,
)  # fmt: skip


def add_decision(actor: Actor, change: Change, at: datetime) -> str:
    """Register a decision; its key."""
    return str(approvals.register(change.values, [], place_at("", actor), by=actor, at=at).uid)


def guard_decision(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused: a decision is registered once and not changed."""
    try:
        approvals.check_new(change.values, place_at("", actor), by=actor)
    except (Refusal, NotAllowed) as refusal:
        return [str(refusal)]
    return []


DECISIONS = Writing(
    entries=[
        Entry("number", _l("批准文号"), required=True, names=["文号"], longest=120, example=_l("示政函〔2021〕66号")),
        Entry("title", _l("标题"), required=True, longest=200, example=_l("关于同意农用地土壤环境质量类别划分成果的批复")),
        Entry("authority", _l("批准机关"), required=True, longest=120, example=_l("示例省人民政府"), note=_l("类别由省级人民政府审定，本级只登记。")),
        Entry("authority_why", _l("机关核对说明"), longest=300, note=_l("由省级部门印发的，写明省政府同意的依据；省政府直接批复的留空。")),
        Entry("decided_on", _l("批准日期"), "date", required=True),
        Entry("since", _l("生效日期"), "date", note=_l("不填则为批准日期。")),
        Entry("note", _l("备注"), longest=300),
    ],
    permission="farmland.register_classes",
    add=add_decision,
    guard=guard_decision,
    match=("number",),
    dated=False,
)  # fmt: skip

"""How facilities are entered: the entries of their form, template and import, and the acts behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.core.versions import Recording
from soildesk.enterprises.models import EnterpriseVersion, FacilityVersion
from soildesk.enterprises.plantwords import kind_choices
from soildesk.enterprises.queries.firms import called
from soildesk.enterprises.queries.plants import own_firms
from soildesk.enterprises.refusals import FacilityRefused
from soildesk.enterprises.services import facilities
from soildesk.kit.faces import Change, Entry, Writing
from soildesk.land.queries.choices import standing_version


def facility_version(actor: Actor, uid: str, on: date | None = None) -> FacilityVersion:
    """A facility's version; refused where the actor sees none."""
    found = standing_version(FacilityVersion, actor, uid, on)
    if found is None:
        raise FacilityRefused(
            _("没有找到这处设施，或当日尚未登记、已经拆除：请回到列表重新打开。"), code="enterprises.facility.not_found"
        )
    return found


def firm_named(actor: Actor, text: str) -> EnterpriseVersion:
    """The firm of a facility, by number, code or full name; a representative of one firm need not name it."""
    found = called(actor, text, actor.today) if text.strip() else own_firms(actor)
    if len(found) != 1:
        raise FacilityRefused(
            _("没有找到企业“%(text)s”，或不止一家：请填写已登记企业的编号、统一社会信用代码或全称。") % {"text": text},
            code="enterprises.facility.no_firm",
        )
    return found[0]


def _new(actor: Actor, change: Change) -> tuple[EnterpriseVersion, dict[str, Any], date]:
    facts = dict(change.values)
    firm = firm_named(actor, str(facts.pop("enterprise", "") or ""))
    if number := str(facts.pop("number", "") or "").strip():
        raise FacilityRefused(
            _("没有系统编号为“%(number)s”的设施：新设施请把系统编号留空，由系统编号。") % {"number": number},
            code="enterprises.facility.number",
        )
    if change.batch is not None:
        facts["batch"] = change.batch
    return firm, facts, change.since or actor.today


def _changes(actor: Actor, version: FacilityVersion, change: Change) -> dict[str, Any]:
    facts = dict(change.values)
    if str(facts.pop("number", "") or version.facility.number) != version.facility.number:
        raise FacilityRefused(_("系统编号不能改。"), code="enterprises.facility.number")
    text = str(facts.pop("enterprise", "") or "")
    if text and firm_named(actor, text).enterprise_id != version.enterprise_id:
        raise FacilityRefused(
            _("设施 %(number)s 属于另一家企业，不能改到别家：请在原企业登记停用拆除，在新企业另行登记。")
            % {"number": version.facility.number},
            code="enterprises.facility.other_firm",
        )
    return facts


def add(actor: Actor, change: Change, at: datetime) -> str:
    """Register a facility; its key."""
    firm, facts, since = _new(actor, change)
    made = facilities.register(firm, facts, since=since, recording=Recording(actor, at, change.why))
    return str(made.facility.uid)


def alter(actor: Actor, key: str, change: Change, at: datetime) -> None:
    """Change or correct a facility."""
    version = facility_version(actor, key, change.since)
    recording = Recording(actor, at, change.why)
    facilities.change(version, _changes(actor, version, change), since=change.since, recording=recording)


def guard(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused."""
    try:
        if row is None:
            firm, facts, since = _new(actor, change)
            facilities.check_new(firm, facts, since=since, by=actor)
        else:
            version = facility_version(actor, str(row["facility__uid"]), change.since)
            facilities.check_change(version, _changes(actor, version, change), since=change.since, by=actor)
    except (Refusal, NotAllowed) as refusal:
        return [str(refusal)]
    return []


FACILITIES = Writing(
    entries=[
        Entry("number", _l("系统编号"), field="facility__number", names=["编号"], longest=40, note=_l("新登记的留空，由系统编号；改现有设施的照填。")),
        Entry("enterprise", _l("企业"), field="enterprise__number", names=["单位名称", "企业名称", "统一社会信用代码"], longest=160,
              note=_l("已登记企业的编号、统一社会信用代码或全称；企业人员登记本企业的可以留空。")),
        Entry("name", _l("名称"), required=True, names=["重点场所或者重点设施设备", "重点场所", "重点设施设备", "设施名称", "储罐名称"], longest=120, example=_l("1#废水调节池")),
        Entry("code", _l("企业编号"), names=["设施编号", "储罐编号", "位号"], longest=60, note=_l("企业自己的编号，同一企业内不重复。")),
        Entry("kind", _l("类型"), "choice", required=True, choices=kind_choices, names=["设施类型", "场所类型"], bulk=True),
        Entry("area_name", _l("所在区域"), names=["区域", "车间"], longest=80, bulk=True),
        Entry("activity", _l("涉及工业活动"), names=["工业活动"], longest=120, bulk=True),
        Entry("substances", _l("有毒有害物质"), names=["涉及有毒有害物质", "储存物质", "储存介质"], longest=200),
        Entry("hidden", _l("隐蔽性重点设施设备"), "yes_no", names=["隐蔽性设施", "是否隐蔽性设施"], bulk=True, note=_l("渗漏不能及时发现或者整改的。")),
        Entry("unit", _l("监测单元"), names=["重点监测单元"], longest=60, bulk=True),
        Entry("unit_class", _l("单元类别"), "choice", choices=FacilityVersion.UnitClass.choices, bulk=True),
        Entry("underground_tank", _l("地下储罐"), "yes_no", names=["埋地储罐"], bulk=True, note=_l("不填则按类型判断。")),
        Entry("tank_type", _l("储罐类型"), names=["罐体类型", "单双层"], longest=60, bulk=True, example=_l("双层卧式")),
        Entry("spec", _l("规格"), names=["容积", "规格型号"], longest=80),
        Entry("installed_on", _l("投用日期"), "date", names=["投运日期", "使用年限起", "建成日期"]),
        Entry("service_years", _l("设计使用年限"), "integer", names=["使用年限"], unit=_l("年")),
        Entry("use_state", _l("使用情况"), names=["使用状态", "在用情况"], longest=60, bulk=True),
        Entry("position", _l("位置说明"), names=["位置", "位置信息"], longest=120),
        Entry("geometry", _l("坐标"), "geometry"),
    ],
    permission="enterprises.inspect",
    add=add,
    change=alter,
    guard=guard,
    match=("number",),
    template=_l("重点场所和设施设备"),
)  # fmt: skip

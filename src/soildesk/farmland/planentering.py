"""How plans, zones, tasks, techniques, visits and approved rates are entered, by form or Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.farmland.models import AreaTask, FarmlandClass, Guidance, Technique, UnitClass, UnitVersion, UsePlan
from soildesk.farmland.queries.named import names_in, units_called
from soildesk.farmland.refusals import UseRefused
from soildesk.farmland.services import controlreports, library, plans_of_use, rates, tasks_of_area, zones
from soildesk.farmland.services.controlreports import Asked
from soildesk.farmland.services.plans_of_use import Made
from soildesk.farmland.services.rates import Approved
from soildesk.farmland.services.tasks_of_area import Given
from soildesk.farmland.services.zones import Proposed
from soildesk.farmland.useentering import guarded, mu_of, texts
from soildesk.farmland.usewords import measure_choices, method_choices
from soildesk.kit.faces import Change, Entry, Writing
from soildesk.land.queries.choices import department, keepers, own_towns
from soildesk.land.services.writing import Place, place_at
from soildesk.land.versionentry import TOWN

STANDS_IN = Entry(
    "stands_in", _l("代办依据"), field="note", longest=200,
    note=_l("本地没有主管部门、由其他部门代办的，写明依据的文件；其余留空。"),
)  # fmt: skip
UNITS = Entry(
    "units", _l("涉及单元"), "lines", field="note", longest=8000, names=["评价单元", "地块"],
    note=_l("单元编号、外部代码或全称，用“、”或换行分开；按类别选全部的可以留空。"),
)  # fmt: skip

if TYPE_CHECKING:
    from soildesk.core.models import Division
SCOPES = [
    ("safe_use", _l("本地全部安全利用类")),
    ("strict", _l("本地全部严格管控类")),
    ("wooded", _l("本地全部园地、林地")),
]
SCOPE = Entry("scope", _l("或者选全部"), "choice", field="note", choices=SCOPES)


def units_of(actor: Actor, said: Mapping[str, Any], place: Place, on: date) -> list[UnitVersion]:
    """The units named one by one, or all of a class at the place; refused where a name means none or several."""
    names = names_in(str(said.get("units") or ""))
    found = units_called(actor, names, on)
    if wrong := [name for name in names if len(found[name]) != 1]:
        raise UseRefused(
            _("没有找到评价单元“%(names)s”，或不止一个：请填写单元编号、外部代码或全称。")
            % {"names": "、".join(wrong[:8])},
            code="farmland.use.unit",
        )
    each = {found[name][0].unit_id: found[name][0] for name in names}
    if scope := said.get("scope"):
        each |= {one.unit_id: one for one in _all_of(actor, str(scope), place, on)}
    return list(each.values())


def _all_of(actor: Actor, scope: str, place: Place, on: date) -> list[UnitVersion]:
    rows = UnitVersion.objects.visible_to(actor).standing(on).filter(division_path__startswith=place.division.path)
    if scope in FarmlandClass.values:
        held = UnitClass.objects.standing(on).filter(farmland_class=scope)
        rows = rows.filter(ground=UnitVersion.Ground.CROPLAND, unit__in=held.values("unit"))
    else:
        rows = rows.filter(ground__in=(UnitVersion.Ground.GARDEN, UnitVersion.Ground.FOREST))
    return list(rows.select_related("unit"))


def _place(actor: Actor, said: Mapping[str, Any]) -> Place:
    return place_at(str(said.get("town") or ""), actor)


def _plan(actor: Actor, change: Change) -> tuple[Made, list[UnitVersion], Place]:
    said, place = change.values, _place(actor, change.values)
    words = texts(said, "title", "agronomy", "monitoring", "training", "other", "note", "stands_in")
    first = int(said["first_year"])
    made = Made(
        kind=said["kind"], first_year=first, last_year=int(said.get("last_year") or first), made_on=said["made_on"],
        **{"title": "", **words},
    )  # fmt: skip
    return made, units_of(actor, said, place, min(made.made_on, actor.today)), place


def _add_plan(actor: Actor, change: Change, at: datetime) -> str:
    made, units, place = _plan(actor, change)
    return str(plans_of_use.make(made, units, place, by=actor, at=at, batch=change.batch).uid)


def _check_plan(actor: Actor, change: Change) -> None:
    made, units, place = _plan(actor, change)
    plans_of_use.check(made, units, place, by=actor)


PLANS = Writing(
    entries=[
        Entry("kind", _l("类别"), "choice", required=True, choices=UsePlan.Kind.choices, names=["方案类别"]),
        Entry("title", _l("名称"), required=True, longest=200, names=["方案名称"]),
        Entry("first_year", _l("起始年度"), "integer", required=True, names=["年度"], example="2026"),
        Entry("last_year", _l("截止年度"), "integer", note=_l("只管一年的留空。")),
        Entry("made_on", _l("编制日期"), "date", required=True),
        UNITS, SCOPE,
        Entry("agronomy", _l("农艺调控、替代种植"), "lines", longest=1000),
        Entry("monitoring", _l("协同监测与评价"), "lines", longest=1000),
        Entry("training", _l("技术指导和培训"), "lines", longest=1000),
        Entry("other", _l("其他措施"), "lines", longest=1000),
        TOWN, STANDS_IN,
        Entry("note", _l("备注"), longest=300),
    ],
    permission=plans_of_use.PLAN, add=_add_plan, guard=guarded(_check_plan), match=(), dated=False,
    template=_l("受污染耕地方案"),
)  # fmt: skip


def _zone(actor: Actor, change: Change) -> tuple[Proposed, list[UnitVersion], Place]:
    said, place = change.values, _place(actor, change.values)
    words = texts(said, "name", "produce", "proposal", "note", "stands_in")
    made = Proposed(
        proposed_on=said["proposed_on"], geometry=said.get("geometry"), **{"name": "", "produce": "", **words}
    )
    return made, units_of(actor, said, place, min(made.proposed_on, actor.today)), place


def _add_zone(actor: Actor, change: Change, at: datetime) -> str:
    made, units, place = _zone(actor, change)
    return str(zones.propose(made, units, place, by=actor, at=at, batch=change.batch).uid)


def _check_zone(actor: Actor, change: Change) -> None:
    made, units, place = _zone(actor, change)
    zones.check(made, units, place, by=actor)


ZONES = Writing(
    entries=[
        Entry("name", _l("名称"), required=True, longest=160, names=["区域名称"]),
        Entry("produce", _l("禁止生产的农产品"), required=True, longest=300, names=["农产品"], note=_l("几种之间用“、”分开。"), example=_l("水稻、小麦")),
        Entry("proposed_on", _l("提出日期"), "date", required=True),
        Entry("proposal", _l("建议文号"), longest=120),
        UNITS, SCOPE,
        Entry("geometry", _l("范围"), "geometry", note=_l("不画的为所选单元的范围。")),
        TOWN, STANDS_IN,
        Entry("note", _l("备注"), longest=300),
    ],
    permission=zones.PROPOSE, add=_add_zone, guard=guarded(_check_zone), match=(), dated=False,
    template=_l("特定农产品禁止生产区域"),
)  # fmt: skip


def _task(actor: Actor, change: Change) -> Given:
    said = change.values
    unit = department(int(said["unit_in_charge"]))
    if unit is None:
        raise UseRefused(_("没有这个责任单位：请在列表中选择。"), code="farmland.use.office")
    return Given(
        year=int(said["year"]), kind=said["kind"], division=_division(actor, str(said["division"])), unit_in_charge=unit,
        area_m2=mu_of(said["area_mu"]) or 0, due=said.get("due"), batch=change.batch, **texts(said, "document", "note", "stands_in"),
    )  # fmt: skip


def _division(actor: Actor, path: str) -> Division:
    return place_at(path, actor).division


def _add_task(actor: Actor, change: Change, at: datetime) -> str:
    return str(tasks_of_area.give(_task(actor, change), by=actor, at=at).uid)


TASKS = Writing(
    entries=[
        Entry("year", _l("年度"), "integer", required=True, example="2026"),
        Entry("kind", _l("任务"), "choice", required=True, choices=AreaTask.Kind.choices, names=["任务类型"]),
        Entry("division", _l("承担地区"), "choice", required=True, field="division__path", choices=own_towns, names=["乡镇", "村", "乡镇（街道）"]),
        Entry("unit_in_charge", _l("责任单位"), "choice", required=True, field="unit_in_charge_id", choices=keepers),
        Entry("area_mu", _l("任务面积"), "decimal", required=True, field="area_m2", unit=_l("亩"), names=["面积", "任务面积（亩）"]),
        Entry("due", _l("时限"), "date"),
        Entry("document", _l("下达文号"), longest=120, names=["文号"]),
        STANDS_IN,
        Entry("note", _l("备注"), longest=300),
    ],
    permission=tasks_of_area.GIVE, add=_add_task, match=(), dated=False, template=_l("受污染耕地面积任务"),
    guard=guarded(lambda actor, change: tasks_of_area.check(_task(actor, change), by=actor)),
)  # fmt: skip


def _rate(actor: Actor, change: Change) -> Approved:
    said = change.values
    return Approved(
        year=int(said["year"]), division=_division(actor, str(said["division"])), rate=said["rate"], on=said["on"],
        batch=change.batch, **{"number": "", "authority": "", **texts(said, "number", "authority", "method", "explained", "note")},
    )  # fmt: skip


def _add_rate(actor: Actor, change: Change, at: datetime) -> str:
    return str(rates.register(_rate(actor, change), by=actor, at=at).uid)


RATES = Writing(
    entries=[
        Entry("year", _l("年度"), "integer", required=True, example="2025"),
        Entry("division", _l("地区"), "choice", required=True, field="division__path", choices=own_towns, names=["行政区", "县（区）"]),
        Entry("rate", _l("核定值"), "decimal", required=True, unit="%", names=["核定值（%）", "受污染耕地安全利用率", "安全利用率（%）"]),
        Entry("method", _l("核算方法"), "choice", choices=method_choices, note=_l("文件没有写明的留空。")),
        Entry("number", _l("核定文号"), required=True, longest=120, names=["文号"]),
        Entry("authority", _l("核定机关"), required=True, longest=120),
        Entry("on", _l("核定日期"), "date", required=True),
        Entry("explained", _l("差异说明"), longest=500, note=_l("与自算值不一致的原因；可以以后再填。")),
        Entry("note", _l("备注"), longest=300),
    ],
    permission=rates.KEEP, add=_add_rate, match=(), dated=False, template=_l("受污染耕地安全利用率核定值"),
    guard=guarded(lambda actor, change: rates.check(_rate(actor, change), by=actor)),
)  # fmt: skip


def _report(actor: Actor, change: Change) -> tuple[Asked, list[UnitVersion], Place]:
    said, place = change.values, _place(actor, change.values)
    words = texts(said, "party", "party_code", "period", "asked_by", "note", "stands_in")
    asked = Asked(due=said["due"], batch=change.batch, **{"party": "", "period": "", "asked_by": "", **words})
    return asked, units_of(actor, said, place, min(asked.due, actor.today)), place


def _add_report(actor: Actor, change: Change, at: datetime) -> str:
    asked, units, place = _report(actor, change)
    return str(controlreports.ask(asked, units, place, by=actor, at=at).uid)


def _check_report(actor: Actor, change: Change) -> None:
    asked, units, place = _report(actor, change)
    controlreports.check(asked, units, place, by=actor)


REPORTS = Writing(
    entries=[
        Entry("party", _l("土壤污染责任人"), required=True, longest=160, names=["责任人", "责任单位"]),
        Entry("party_code", _l("统一社会信用代码"), longest=18, note=_l("责任人是个人的留空。")),
        Entry("period", _l("报告期"), required=True, longest=20, example=_l("2026年上半年")),
        Entry("due", _l("时限"), "date", required=True),
        Entry("asked_by", _l("报告要求的依据"), required=True, longest=200, note=_l("风险评估报告、方案或者主管部门文件：写明文号或者章节。")),
        UNITS, SCOPE, TOWN, STANDS_IN,
        Entry("note", _l("备注"), longest=300),
    ],
    permission=controlreports.ASK, add=_add_report, guard=guarded(_check_report), match=(), dated=False,
    template=_l("风险管控定期报告"),
)  # fmt: skip
LIBRARY = ("name", "measure", "crop", "elements", "conditions", "dose", "source", "note")


def _technique(actor: Actor, change: Change) -> dict[str, Any]:
    said = change.values
    facts = {"what": said["what"], "recommended": bool(said.get("recommended")), "batch": change.batch}
    return facts | texts(said, *LIBRARY)


def _add_technique(actor: Actor, change: Change, at: datetime) -> str:
    place = _place(actor, change.values)
    return str(library.add(_technique(actor, change), place, by=actor, at=at).uid)


TECHNIQUES = Writing(
    entries=[
        Entry("what", _l("类型"), "choice", required=True, choices=Technique.What.choices),
        Entry("name", _l("名称"), required=True, longest=120, names=["技术名称", "品种名称"]),
        Entry("measure", _l("措施种类"), "choice", choices=measure_choices),
        Entry("crop", _l("适用作物"), longest=120),
        Entry("elements", _l("针对元素"), longest=120, example=_l("镉、砷")),
        Entry("conditions", _l("适用条件"), longest=300),
        Entry("dose", _l("用量和方法"), longest=300),
        Entry("source", _l("来源"), required=True, longest=200, note=_l("推荐文件、审定编号或者试验单位。")),
        Entry("recommended", _l("列入推荐清单"), "yes_no", names=["推荐"]),
        Entry("note", _l("备注"), longest=300),
    ],
    permission=library.KEEP, add=_add_technique, match=(), dated=False, template=_l("技术库和品种清单"),
    guard=guarded(lambda actor, change: library.check(_technique(actor, change), _place(actor, change.values), by=actor)),
)  # fmt: skip


def _guidance(actor: Actor, change: Change) -> tuple[dict[str, Any], Sequence[UnitVersion], Place]:
    said, place = change.values, _place(actor, change.values)
    facts = {"kind": said["kind"], "on": said["on"], "attendees": said.get("attendees"), "batch": change.batch}
    facts |= texts(said, "topic", "place", "experts", "advice", "note")
    return facts, units_of(actor, said, place, min(said["on"], actor.today)), place


def _add_guidance(actor: Actor, change: Change, at: datetime) -> str:
    facts, units, place = _guidance(actor, change)
    return str(library.guide(facts, units, place, by=actor, at=at).uid)


def _check_guidance(actor: Actor, change: Change) -> None:
    facts, _units, place = _guidance(actor, change)
    library.check_guidance(facts, place, by=actor)


GUIDANCE = Writing(
    entries=[
        Entry("kind", _l("类型"), "choice", required=True, choices=Guidance.Kind.choices),
        Entry("on", _l("日期"), "date", required=True),
        Entry("topic", _l("主题"), required=True, longest=200, names=["培训主题", "指导内容"]),
        Entry("place", _l("地点"), longest=160),
        Entry("experts", _l("专家"), required=True, longest=300, names=["授课专家", "专家组成员"]),
        Entry("attendees", _l("参加人数"), "integer", names=["培训人数"]),
        Entry("advice", _l("意见和建议"), "lines", longest=1000),
        UNITS, TOWN,
        Entry("note", _l("备注"), longest=300),
    ],
    permission=library.KEEP, add=_add_guidance, match=(), dated=False, template=_l("专家指导和培训"),
    guard=guarded(_check_guidance),
)  # fmt: skip

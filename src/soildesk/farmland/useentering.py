"""How safe use is entered: what forms, templates and imports share, from the entries to the acts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.farmland.models import UnitMeasure, UnitVersion
from soildesk.farmland.mu import to_m2
from soildesk.farmland.queries.named import plan_called, technique_called, units_called
from soildesk.farmland.refusals import UseRefused
from soildesk.farmland.services import measures
from soildesk.farmland.services.measures import Done
from soildesk.farmland.usewords import measure_choices
from soildesk.kit.faces import Change, Entry, Writing

Adding = Callable[[Actor, Change, datetime], str]
Guarding = Callable[[Actor, Change, Mapping[str, Any] | None], Sequence[str]]


def guarded(check: Callable[[Actor, Change], Any]) -> Guarding:
    """What a check refuses, as sentences."""

    def guard(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
        try:
            check(actor, change)
        except (Refusal, NotAllowed) as refusal:
            return [str(refusal)]
        return []

    return guard


def unit_of(actor: Actor, text: str, on: date) -> UnitVersion:
    """The one unit a name means on a day; refused where it means none or several."""
    name = text.strip()
    found = units_called(actor, [name], on)[name]
    if len(found) != 1:
        raise UseRefused(
            _("没有找到评价单元“%(name)s”，或不止一个：请填写单元编号、外部代码或全称。") % {"name": name},
            code="farmland.use.unit",
        )
    return found[0]


def texts(values: Mapping[str, Any], *names: str) -> dict[str, str]:
    """Texts that were filled in, trimmed."""
    return {name: str(values[name]).strip() for name in names if values.get(name)}


def mu_of(value: Any) -> Decimal | None:
    """An area given in 亩, in m²."""
    return None if value in (None, "") else to_m2(Decimal(str(value)))


def _done(actor: Actor, change: Change) -> tuple[UnitVersion, Done]:
    said = change.values
    year = int(said["year"])
    measures.check_year(year, actor)
    unit = unit_of(actor, str(said["unit"]), min(actor.today, date(year, 12, 31)))
    facts: dict[str, Any] = texts(said, "kind", "evidence", "evidence_name", "doer", "crop", "note")
    facts |= {name: said.get(name) for name in ("geometry", "started_on", "finished_on", "cost_yuan")}
    facts |= {"year": year, "area_m2": mu_of(said.get("area_mu")), "batch": change.batch}
    facts |= {"technique": _technique(actor, said), "plan": _plan(actor, said)}
    return unit, measures.as_done(facts)


def _technique(actor: Actor, said: Mapping[str, Any]) -> Any:
    name = str(said.get("technique") or "").strip()
    found = technique_called(actor, name)
    if name and found is None:
        raise UseRefused(
            _("技术库和品种清单里没有“%(name)s”：请先登记，或者留空。") % {"name": name}, code="farmland.use.not_found"
        )
    return found


def _plan(actor: Actor, said: Mapping[str, Any]) -> Any:
    number = str(said.get("plan") or "").strip()
    found = plan_called(actor, number)
    if number and found is None:
        raise UseRefused(
            _("没有编号为“%(number)s”的方案：请核对，或者留空。") % {"number": number}, code="farmland.use.not_found"
        )
    return found


def add_measure(actor: Actor, change: Change, at: datetime) -> str:
    """Write a measure down; its key."""
    unit, done = _done(actor, change)
    return str(measures.record(unit, done, by=actor, at=at).uid)


def _check_measure(actor: Actor, change: Change) -> None:
    unit, done = _done(actor, change)
    measures.check(unit, done, by=actor)


def tell_measure(actor: Actor) -> Callable[[Change], Sequence[str]]:
    """What is worth knowing of a measure before it is written."""

    def tells(change: Change) -> Sequence[str]:
        try:
            unit, done = _done(actor, change)
        except (Refusal, NotAllowed):
            return []
        return measures.worth_knowing(unit, done, actor)

    return tells


def measure_once(actor: Actor, change: Change) -> Hashable:
    """The measure a row tells of; the same again is a row copied twice. One with a ground of its own is told apart by it."""
    unit, done = _done(actor, change)
    return None if done.geometry is not None else (done.area_m2, *measures.same_as(unit, done).values())


def begin_measure(actor: Actor, given: Mapping[str, str]) -> Mapping[str, Any]:
    """The form as it begins from a unit's page."""
    return {"unit": given.get("unit", ""), "year": actor.today.year}


MEASURES = Writing(
    entries=[
        Entry("unit", _l("评价单元"), required=True, field="unit__number", longest=120, names=["地块编号", "单元编号", "外部代码", "地块", "单元"],
              note=_l("单元编号、外部代码或全称。")),
        Entry("year", _l("年度"), "integer", required=True, names=["实施年度", "年份"], example="2026"),
        Entry("kind", _l("措施"), "choice", required=True, choices=measure_choices, names=["措施类型", "措施种类", "技术措施"]),
        Entry("area_mu", _l("措施面积"), "decimal", field="area_m2", unit=_l("亩"), names=["面积", "面积（亩）", "实施面积", "实施面积（亩）"],
              note=_l("不超过单元面积；画出范围的可以不填。")),
        Entry("started_on", _l("开始日期"), "date"),
        Entry("finished_on", _l("到位日期"), "date", names=["完成日期"], note=_l("不清楚就留空：按年度计。")),
        Entry("evidence", _l("佐证类型"), "choice", choices=UnitMeasure.Evidence.choices, names=["佐证材料类型", "证据类型"],
              note=_l("有佐证的措施才计入安全利用率；照片、文件在登记后上传。")),
        Entry("evidence_name", _l("佐证名称或者编号"), longest=200, names=["佐证", "佐证材料", "证据"]),
        Entry("cost_yuan", _l("费用"), "decimal", unit=_l("元"), names=["费用（元）", "投入资金"]),
        Entry("doer", _l("实施主体"), longest=160, names=["实施单位"]),
        Entry("crop", _l("作物"), longest=80, names=["种植作物"]),
        Entry("technique", _l("技术或者品种"), field="technique__name", longest=120, note=_l("技术库和品种清单里的名称。")),
        Entry("plan", _l("所属方案"), field="plan__number", longest=40, names=["方案编号"]),
        Entry("geometry", _l("措施范围"), "geometry", note=_l("没有范围的，只知道单元内有这么多面积：同一单元有几项措施时，取最大的一项。")),
        Entry("note", _l("备注"), longest=300),
    ],
    permission=measures.KEEP,
    add=add_measure,
    guard=guarded(_check_measure),
    tells=tell_measure,
    once=measure_once,
    begin=begin_measure,
    after=measures.after_file,
    match=(),
    dated=False,
    template=_l("受污染耕地措施台账"),
)  # fmt: skip

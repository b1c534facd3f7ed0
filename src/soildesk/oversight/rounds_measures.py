"""Measures of looking after the ground and the firms: unused land patrolled, what was found settled, the drawn firms visited."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.kit.measures import MeasureResult, measure
from soildesk.land.services.rounds import months_after
from soildesk.monitoring.measuring import BOTH, Asked, Counted
from soildesk.oversight.queries import rounds
from soilrules.indicators.shares import share

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor
    from soildesk.land.models import UnusedLandVersion

LAND, PATROL = "land.unusedlandversion", "land.patrol"
NO_LAND = gettext_noop("没有登记未利用地：没有登记不等于没有，不能判断。")
NO_PATROL = gettext_noop("当年没有未利用地巡查的记录，不能判断是没有巡查还是没有登记。")
NOTHING_FOUND = gettext_noop("当年的 %(n)d 次巡查没有发现异常，没有需要处置的。")
NO_LOT = gettext_noop("当年没有抽查计划的记录，不能判断。")


@measure(
    "oversight.unused_patrolled",
    title=_("未利用地按周期巡查"),
    reads=(LAND, PATROL),
    words=("未利用地定期开展巡查", "未利用地保护，定期开展巡查", "未利用地巡查", "加强未利用地保护"),
    subjects=BOTH,
)
def unused_patrolled(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every piece of unused land was patrolled within its own period, counted back from the day."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    lands, last = rounds.unused(asked)
    if not lands:
        return asked.cannot_say(NO_LAND)
    return asked.share(
        [_patrolled(one, last.get(one.land_id), asked.limit) for one in lands], share,
        gettext_noop("%(all)d 块未利用地中，%(good)d 块按周期巡查（%(percent)s%%）。"),
    )  # fmt: skip


def _patrolled(land: UnusedLandVersion, last: date | None, limit: date) -> Counted:
    """In time until the next patrol is due; one just registered and not yet due is open."""
    due = months_after(last or land.since, land.patrol_every_months)
    told = _t("最近巡查 %(day)s") % {"day": last} if last else _t("没有巡查记录")
    counts = False if due < limit else True if last else None
    note = _t("%(told)s，每 %(n)d 个月一次，应于 %(due)s 前再巡查") % {
        "told": told, "n": land.patrol_every_months, "due": due,
    }  # fmt: skip
    name = f"{land.land.number} {land.name}"
    return Counted("land.unusedland", str(land.land.uid), name, counts, note, silent=last is None and counts is False)


@measure(
    "oversight.patrol_findings_closed",
    title=_("巡查发现的问题已处置"),
    reads=(PATROL,),
    words=("巡查检查、监测等发现土壤污染风险", "向滩涂、坑塘、废弃坑井非法排污", "未利用地的环境监管"),
    subjects=BOTH,
)
def patrol_findings_closed(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Whatever patrols of the year found on unused land was acted upon, and so were older findings still open then."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    visits, found = rounds.findings(asked)
    if not visits and not found:
        return asked.cannot_say(NO_PATROL)
    if not found:
        return asked.not_applicable(NOTHING_FOUND, n=visits)
    rows = [
        Counted(
            PATROL,
            str(one.uid),
            f"{one.on} {one.land.number} {one.get_found_display()}",
            done is not None,
            _t("%(day)s 处置") % {"day": done} if done else _t("没有处置记录"),
        )
        for one, done in found
    ]
    return asked.share(rows, share, gettext_noop("巡查发现的 %(all)d 处异常中，%(good)d 处已处置（%(percent)s%%）。"))


@measure(
    "oversight.drawn_visited",
    title=_("抽查对象已检查"),
    reads=("oversight.inspectionplan", "oversight.drawing", "oversight.visit"),
    words=("双随机", "专项执法检查", "年度执法计划", "日常监管执法", "日常环境监管", "监督检查"),
    subjects=BOTH,
)
def drawn_visited(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every firm drawn for inspection in the year was visited; until the plan ends what is left is open."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    rows = [_visited(*one, asked.limit) for one in rounds.drawn(asked)]
    if not rows:
        return asked.cannot_say(NO_LOT)
    return asked.share(rows, share, gettext_noop("当年抽中的 %(all)d 家单位中，%(good)d 家已检查（%(percent)s%%）。"))


def _visited(drawing: Any, visits: list[Any], limit: date) -> Counted:
    plan = drawing.plan
    held = [one for one in visits if one.found != one.Found.NOT_MET]
    if held:
        counts, note = True, _t("%(day)s 检查") % {"day": min(one.on for one in held)}
    else:
        counts = False if plan.ends_on < limit else None
        told = _t("未能检查") if visits else _t("没有检查记录")
        note = _t("%(told)s，计划 %(day)s 结束") % {"told": told, "day": plan.ends_on}
    firm = drawing.enterprise
    return Counted("enterprises.enterprise", str(firm.uid), f"{plan.number} {firm.number}", counts, note)

"""Acts on the target values of a report and the numbers it gives of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor
from soildesk.plots.models import Report
from soildesk.plots.queries.reporttargets import JUDGES
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.reportfields import WITH_TARGETS
from soildesk.plots.services.reports import OPEN, judge, need_state, with_keeper
from soilrules import analytes, units
from soilrules.plots.figures import Name

State = Report.State
MOST = 200


@transaction.atomic
def put(report: Report, facts: Mapping[str, Any], *, by: Actor, at: datetime, no: int | None = None) -> Report:
    """One target told, or with its `no` put right; what the bound results say of it is computed at once."""
    held = _open(report, by)
    row = _row(facts)
    rest = [one for one in held.targets if one["no"] != no]
    if no is not None and len(rest) == len(held.targets):
        raise ReportRefused(_("没有找到这条目标值：请刷新页面后再看。"), code="plots.report.not_found")
    if len(rest) >= MOST:
        raise ReportRefused(_("目标值已有 %(n)d 条，达到上限。") % {"n": MOST}, code="plots.report.value")
    same = ("medium", "analyte", "area", "points")
    if any(all(one[key] == row[key] for key in same) for one in rest):
        raise ReportRefused(_("这个项目在同一评价单元已有目标值：请修改原来的一条。"), code="plots.report.twice")
    number = no or max((one["no"] for one in rest), default=0) + 1
    return _keep(held, sorted([*rest, {"no": number, **row}], key=lambda one: one["no"]), by, at)


@transaction.atomic
def drop(report: Report, no: int, *, by: Actor, at: datetime) -> Report:
    """A target that the report does not have."""
    held = _open(report, by)
    return _keep(held, [one for one in held.targets if one["no"] != no], by, at)


def _open(report: Report, by: Actor) -> Report:
    held = with_keeper(report, by)
    need_state(held, *OPEN, State.SUBMITTED, State.REVIEWING)
    if held.kind not in WITH_TARGETS:
        raise ReportRefused(_("这一类报告没有要比较的目标值。"), code="plots.report.kind")
    return held


def _keep(report: Report, targets: list[dict[str, Any]], by: Actor, at: datetime) -> Report:
    report.targets = targets
    report.save(update_fields=["targets"])
    data = {"number": report.number, "targets": len(targets)}
    audit.record("plots.report.targets", subject=report, by=by, at=at, data=data)
    return judge(report, by=by, at=at)


def _row(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are kept; refused where one is none."""
    medium, target = str(facts.get("medium") or ""), facts.get("target")
    if medium not in JUDGES:
        raise ReportRefused(_("没有选择土壤还是地下水：请选择。"), code="plots.report.value")
    if not isinstance(target, Decimal) or target <= 0:
        raise ReportRefused(_("目标值应为大于 0 的数：请照报告填写。"), code="plots.report.value")
    own = {str(one): str(facts[one]) for one in Name if facts.get(one) is not None}
    points = tuple(one for one in (text.strip() for text in facts.get("points") or ()) if one)
    return {
        "medium": medium,
        "analyte": _analyte(str(facts.get("analyte") or "")),
        "target": str(target),
        "unit": _unit(str(facts.get("unit") or ""), medium),
        "area": str(facts.get("area") or "").strip()[:80],
        "points": list(dict.fromkeys(points)),
        **own,
    }


def _analyte(text: str) -> str:
    slugs = analytes.candidates(text)
    if len(slugs) == 1:
        return slugs[0]
    near = slugs or tuple(one.slug for one in analytes.nearest(text))
    raise ReportRefused(
        _("“%(text)s”不是标准中的一个项目：请写全名或 CAS 号，如 %(near)s。")
        % {"text": text, "near": "、".join(analytes.get(one).name() for one in near)},
        code="plots.report.value",
    )


def _unit(text: str, medium: str) -> str:
    unit = units.parse(text)
    wanted = units.parse("mg/kg" if medium == "soil" else "mg/L")
    assert wanted is not None, "a unit of ours"
    if unit is None or unit.dimension is not wanted.dimension:
        raise ReportRefused(
            _("单位“%(text)s”不适用：土壤填 mg/kg、µg/kg 等，地下水填 mg/L、µg/L 等。") % {"text": text},
            code="plots.report.value",
        )
    return unit.symbol

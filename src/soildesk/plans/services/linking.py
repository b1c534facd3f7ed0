"""承接: tasks and targets of one plan take up those of a superior or a longer plan."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.plans.models import Indicator, IndicatorLink, Plan, PlanTask, TaskLink
from soildesk.plans.refusals import WrongValue


def link_task(upper: PlanTask, lower: PlanTask, *, by: Actor, at: datetime) -> TaskLink:
    """Say that `lower` takes up `upper`; the office of the lower plan says so."""
    require(by, "plans.link", lower.plan)
    refuse_unless_above(upper.plan, lower.plan)
    with transaction.atomic():
        link, made = TaskLink.objects.get_or_create(
            upper=upper, lower=lower, defaults={"made_by": by.person, "made_at": at}
        )
        if made:
            audit.record("plans.task.linked", subject=lower, by=by, at=at, data={"upper": str(upper.uid)})
    return link


def unlink_task(link: TaskLink, *, by: Actor, at: datetime) -> None:
    """Take a link back."""
    require(by, "plans.link", link.lower.plan)
    with transaction.atomic():
        audit.record("plans.task.unlinked", subject=link.lower, by=by, at=at, data={"upper": str(link.upper.uid)})
        link.delete()


def link_indicator(upper: Indicator, lower: Indicator, *, by: Actor, at: datetime, document: str = "") -> IndicatorLink:
    """Say that a target takes up a superior's; `document` names the 目标责任书 that hands it down."""
    require(by, "plans.link", lower.plan)
    refuse_unless_above(upper.plan, lower.plan)
    with transaction.atomic():
        link, _made = IndicatorLink.objects.update_or_create(
            upper=upper,
            lower=lower,
            defaults={"document": document.strip()[:200], "made_by": by.person, "made_at": at},
        )
        audit.record(
            "plans.indicator.linked", subject=lower.plan, by=by, at=at, data={"lower": lower.pk, "upper": upper.pk}
        )
    return link


def refuse_unless_above(upper: Plan, lower: Plan) -> None:
    """A plan takes up one of a division above it, or a longer plan of its own division."""
    same_place = upper.division_path == lower.division_path
    longer = same_place and upper.pk != lower.pk and _covers(upper, lower)
    if lower.division_path.startswith(upper.division_path) and (longer or not same_place):
        return
    raise WrongValue(
        _(
            "《%(upper)s》不是《%(lower)s》的上级方案，也不是本地更长期限的方案，不能登记承接。请选择上级或中长期方案中的任务。"
        )
        % {"upper": upper, "lower": lower}
    )


def _covers(upper: Plan, lower: Plan) -> bool:
    bounds = (upper.period_start, upper.period_end, lower.period_start, lower.period_end)
    if None in bounds:
        return False
    inside = upper.period_start <= lower.period_start and upper.period_end >= lower.period_end
    return inside and (upper.period_start, upper.period_end) != (lower.period_start, lower.period_end)

"""What every page of a plan under review carries: its title, where it stands, the way between its pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.kit.day import page_day
from soildesk.kit.parts import Chip, Tab
from soildesk.plans.models import Plan, PlanTask, TaskUnit
from soildesk.plans.pages.access import actor_of, stopped
from soildesk.plans.queries.review import GONE, OPEN_MATCH
from soildesk.plans.services import succession

PHASE_TONE = {
    Plan.Phase.REVIEW: "warn",
    Plan.Phase.NOT_BEGUN: "calm",
    Plan.Phase.IN_FORCE: "good",
    Plan.Phase.TO_CLOSE: "warn",
    Plan.Phase.SUPERSEDED: "calm",
    Plan.Phase.ABOLISHED: "calm",
    Plan.Phase.HISTORY: "calm",
}


def url_or_none(name: str, *args: object) -> str:
    """The address of a page; empty where it has not landed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def frame(request: HttpRequest, plan: Plan, here: str) -> dict[str, Any]:
    """The context shared by the pages of one plan; `here` names the present one."""
    actor = actor_of(request)
    phase = plan.phase(page_day(request))
    unsaid = len(succession.waiting(succession.proposals(plan, clock.today()))) if plan.edition_of_id else 0
    return {
        "plan": plan,
        "phase": Chip(PHASE_TONE[phase], str(phase.label)),
        "in_review": plan.stage == Plan.Stage.REVIEW,
        "may_review": plan.stage == Plan.Stage.REVIEW and not stopped(actor, "plans.review", plan),
        "to_confirm": unsaid,
        "tabs": _tabs(plan, here, unsaid),
        "crumbs": [(_("方案与任务"), url_or_none("plans:list") or reverse("plans:intake")), (plan.title, "")],
    }


def open_names(plan: Plan) -> int:
    """How many printed names are not placed."""
    gone = (*GONE, PlanTask.Status.REJECTED)
    rows = TaskUnit.objects.filter(task__plan=plan, match__in=OPEN_MATCH, overruled_by=None)
    return rows.exclude(task__status__in=gone).values("name").distinct().count()


def _tabs(plan: Plan, here: str, unsaid: int) -> list[Tab]:
    found = [
        ("review", _("审核"), None),
        ("conflicts", _("不一致"), plan.conflicts.filter(settled_at__isnull=True).count()),
        ("units", _("单位对应"), open_names(plan)),
    ]
    if plan.edition_of_id:
        found.append(("changes", _("与上一版比较"), unsaid or None))
    found.append(("publish", _("发布"), None))
    return [
        Tab(title, reverse(f"plans:{name}", args=[plan.uid]), here=name == here, count=count)
        for name, title, count in found
    ]

"""What the pages beside a plan's daily work share: the plan's title line and the tabs between them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.kit.day import page_day
from soildesk.kit.parts import Chip, Tab
from soildesk.plans.models import Plan
from soildesk.plans.pages.access import actor_of, plan_or_404
from soildesk.plans.pages.frame import PHASE_TONE


def published_plan(request: HttpRequest, uid: UUID) -> Plan:
    """A plan that went out; one under review has none of these pages."""
    plan = plan_or_404(actor_of(request), uid)
    if plan.stage == Plan.Stage.REVIEW:
        raise Http404(str(uid))
    return plan


def upkeep(request: HttpRequest, plan: Plan, here: str) -> dict[str, Any]:
    """The context shared by these pages."""
    phase = plan.phase(page_day(request))
    titles = (
        ("overview", _("总览")),
        ("sheets", _("分办单")),
        ("taking_up", _("承接")),
        ("measures", _("核算")),
        ("close", _("总结")),
    )
    return {
        "plan": plan,
        "phase": Chip(PHASE_TONE[phase], str(phase.label)),
        "tabs": [Tab(title, reverse(f"plans:{name}", args=[plan.uid]), here=name == here) for name, title in titles],
        "crumbs": [
            (_("方案与任务"), reverse("plans:list")),
            (plan.title, reverse("plans:overview", args=[plan.uid])),
            (str(dict(titles)[here]), ""),
        ],
    }

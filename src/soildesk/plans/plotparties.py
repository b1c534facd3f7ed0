"""On the page of a plot: what plans of its place say of who must act, beside the law in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse

from soildesk.core.permissions import Actor
from soildesk.enterprises.sentences import said
from soildesk.plans.models import Plan, PlanTask
from soildesk.plots.queries.responsible import acting, situation_of
from soildesk.plots.register.beside import beside
from soilrules.plots.planparties import PlanSays, sentences
from soilrules.plots.responsible import Responsible, plan_differs

WORDS = ("收回", "责任主体", "责任人", "变更")


@dataclass(frozen=True, slots=True)
class Shown:
    """One sentence of a plan as the page shows it. `told` is empty where it agrees with the law."""

    plan: str
    url: str
    sentence: str
    told: str
    differs: bool


@beside(order=20)
def section(actor: Actor, version: Any, on: date) -> str:
    """The sentences that speak of this plot; nothing where no plan of the place has one."""
    found = shown(actor, version, on)
    return render_to_string("plans/plot_parties.html", {"rows": found}) if found else ""


def shown(actor: Actor, version: Any, on: date) -> list[Shown]:
    """Sentences of plans that bind the plot's place and went out, the newest plan first."""
    plans = plans_of(actor, version)
    tasks = PlanTask.objects.filter(plan_id__in=plans, status=PlanTask.Status.ACCEPTED).order_by("-plan_id", "position")
    situation, law = situation_of(version, on), {one.task: one for one in acting(version, on)}
    found: list[Shown] = []
    for key, uid, text in tasks.values_list("plan_id", "uid", "text"):
        for one in sentences(text):
            if one.speaks_of(situation):
                found.append(_shown(one, plans[key], reverse("plans:task", args=[uid]), law[one.task]))
    return found


def plans_of(actor: Actor, version: Any) -> dict[int, str]:
    """The titles of the plans of the divisions a plot lies in that went out, by key."""
    rows = Plan.objects.visible_to(actor).counted()
    return {
        key: title
        for key, title, path in rows.values_list("pk", "title", "division_path")
        if version.division_path.startswith(path)
    }


def _shown(one: PlanSays, plan: str, url: str, law: Responsible) -> Shown:
    message = plan_differs(one.party, law, plan)
    return Shown(
        plan, url, one.sentence, said(message) if message else "", bool(message and message.id == "plan_differs")
    )

"""What reports tell of plans: a place's own plans of a year, their tasks with both answers, their indicators with targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse

from soildesk.core.models import Division
from soildesk.core.permissions import Actor
from soildesk.kit.measures import MeasureResult, Outcome
from soildesk.monitoring.measuring import PERCENT, target_reached
from soildesk.plans.models import Binding, Indicator, Plan, PlanTask
from soildesk.plans.queries.checked import Pass, stood
from soildesk.plans.queries.ledger import units_by_role
from soildesk.plans.queries.reading import clause_of
from soildesk.plans.queries.statuses import Status, statuses
from soildesk.plans.wording import target_words

SPEAKS_OF_REPORTS = ("报送", "上报", "报告", "汇总", "通报", "自评估", "公开", "备案")


@dataclass(frozen=True)
class Target:
    """One indicator of a plan with its target in words, and what the records say where a measure is bound to it."""

    plan: Plan
    name: str
    target: str
    result: MeasureResult | None
    indicator: Indicator

    @property
    def outcome(self) -> Outcome:
        """Without a measure nothing can be said."""
        return self.result.outcome if self.result else Outcome.CANNOT_SAY


@dataclass(frozen=True)
class Clause:
    """A task whose words speak of a report: what a calendar may take over, with where it stands."""

    uid: str
    words: str
    title: str
    deadline: str
    source: str


def plans_of(actor: Actor, place: Division, year: int) -> list[Plan]:
    """The place's own plans for a year that went out; a plan of several years is one for each of them."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    meant = Q(period_start__lte=last, period_end__gte=first) | Q(period_start=None, year=year)
    rows = Plan.objects.visible_to(actor).counted()
    return list(rows.filter(meant, division=place, kind=Plan.Kind.PLAN).select_related("division").order_by("pk"))


def tasks_of(plans: Sequence[Plan], actor: Actor, on: date, known_on: date) -> list[Status]:
    """Their accepted tasks, with section and term: what is reported, what the records say."""
    return [one for plan in plans for one in statuses(actor, on, known_on, plan, printed=True)]


def units_of(found: Sequence[Status]) -> dict[int, str]:
    """The units of each task as printed, those in the lead first, by the task's key."""
    held = units_by_role([one.task.pk for one in found])
    return {
        pk: "、".join(dict.fromkeys(name for role in sorted(roles, key=_rank) for name in roles[role]))
        for pk, roles in held.items()
    }


def _rank(role: str) -> int:
    order = ("lead", "responsible", "support")
    return order.index(role) if role in order else len(order)


def targets_of(plans: Sequence[Plan], actor: Actor, on: date, known_on: date) -> list[Target]:
    """Their indicators in the order of print, with the answer of the measure bound first."""
    reading = Pass(actor, on, known_on)
    rows = Indicator.objects.filter(plan__in=plans, rejected_why="", overruled_by=None).select_related("plan__division")
    found = list(rows.order_by("plan_id", "position"))
    leading = {pk: checked.leading for pk, checked in reading.of_indicators(found).items()}
    return [
        Target(row.plan, row.name, target_words(row), one.result if (one := leading[row.pk]) else None, row)
        for row in found
    ]


@dataclass(frozen=True)
class Aim:
    """What a plan wants of a measure: its words, the plan, and the indicator that prints it."""

    words: str
    plan: str
    url: str
    indicator: Indicator

    @property
    def least(self) -> Decimal | None:
        """The percentage to reach; None where the plan names none that must be reached."""
        row = self.indicator
        return row.target_number if row.comparator in (">=", "=") and row.unit in PERCENT else None

    def outcome(self, percent: Decimal) -> Outcome:
        """What a rate in percent says of the aim."""
        reached = target_reached(self.indicator, percent)
        if reached is None:
            return Outcome.CANNOT_SAY
        return Outcome.DONE if reached else Outcome.NOT_DONE


def aims_of(plans: Sequence[Plan], year: int, measure: str, known_on: date) -> list[Aim]:
    """What plans want of a measure in a year, as bound on a day, the newest plan first; asks nothing of the records."""
    bound = stood(Binding.objects.filter(measure=measure, indicator__isnull=False), known_on).values("indicator")
    rows = Indicator.objects.filter(
        Q(year=year) | Q(year=None), pk__in=bound, plan__in=plans, rejected_why="",
        overruled_by=None, not_applicable=False,
    ).select_related("plan").order_by("-plan_id", "position")  # fmt: skip
    return [
        Aim(
            target_words(row), row.plan.doc_number or row.plan.title,
            f"{reverse('plans:measures', args=[row.plan.uid])}#indicator-{row.pk}", row,
        )
        for row in rows
    ]  # fmt: skip


def clauses_on_reports(actor: Actor, place: Division, year: int) -> list[Clause]:
    """Tasks of the place's own plans that speak of reporting something, in the order of print."""
    words = Q()
    for one in SPEAKS_OF_REPORTS:
        words |= Q(text__contains=one)
    tasks = PlanTask.objects.visible_to(actor).filter(
        words, plan__in=plans_of(actor, place, year), status=PlanTask.Status.ACCEPTED
    )
    return [
        Clause(
            str(task.uid), clause_of(task) or task.text, task.heading, task.deadline_text,
            f"{task.plan.doc_number or task.plan.title} {task.number}".strip(),
        )
        for task in tasks.select_related("plan__document").order_by("plan_id", "position")
    ]  # fmt: skip

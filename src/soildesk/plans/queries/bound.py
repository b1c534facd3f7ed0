"""Tasks and indicators that are checked by measures, and when they began and ceased to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.kit import measures
from soildesk.kit.hindsight import Span, Written, written_about
from soildesk.plans.models import Binding, Indicator, Plan, PlanTask, TaskEvent
from soildesk.plans.queries.checked import stood

OF_INDICATOR = Indicator._meta.label_lower


@dataclass(frozen=True, slots=True)
class Bound:
    """One task or indicator with the measure that checks it; `key` names it in an address."""

    key: str
    measure: str
    title: str
    subject: PlanTask | Indicator


def bound_to_measures(actor: Actor, known_on: date | None = None) -> list[Bound]:
    """Those an actor sees, by plan and number; of a plan in several editions the one that counts.

    `known_on`: with those that were checked as known on that day and are no more.
    """
    now = Binding.objects.filter(superseded_at__isnull=True)
    rows = now if known_on is None else now | stood(Binding.objects.all(), known_on)
    rows = rows.exclude(measure="")
    rows = rows.exclude(task__plan__stage=Plan.Stage.SUPERSEDED).exclude(indicator__plan__stage=Plan.Stage.SUPERSEDED)
    rows = rows.select_related("task__plan__division", "indicator__plan__division")
    tasks = set(PlanTask.objects.visible_to(actor).values_list("pk", flat=True))
    indicators = set(Indicator.objects.visible_to(actor).values_list("pk", flat=True))
    found: dict[tuple[str, str], Bound] = {}
    for one in rows.order_by("id"):
        if one.task is not None and one.task_id in tasks:
            title = f"{one.task.plan} {one.task.number} {one.task.heading}"
            told = Bound(f"task-{one.task_id}", one.measure, title, one.task)
        elif one.indicator is not None and one.indicator_id in indicators:
            title = f"{one.indicator.plan} {one.indicator.name}"
            told = Bound(f"indicator-{one.indicator_id}", one.measure, title, one.indicator)
        else:
            continue
        found.setdefault((told.key, told.measure), told)
    return list(found.values())


def was_checked(bound: Bound, known_on: date) -> bool:
    """Whether the measure checked the task or indicator as known on a day."""
    return stood(_of(bound), known_on).exists()


def written_of(bound: Bound, span: Span) -> Sequence[Written]:
    """When it was chosen for the task or indicator in between, and when it was struck, the latest first."""
    return sorted(_written(_of(bound), span), key=lambda one: one.at, reverse=True)


@written_about(OF_INDICATOR)
def of_indicators(actor: Actor, uids: Collection[str], span: Span) -> Mapping[str, Sequence[Written]]:
    """Of the indicators an actor sees, by the keys under which the rows of a clause's targets name them."""
    found = defaultdict(list)
    seen = Indicator.objects.visible_to(actor).filter(pk__in=[uid for uid in uids if uid.isdecimal()])
    for one in seen.order_by("pk"):
        found[str(one.pk)] += _written(one.bindings.exclude(measure=""), span)
    return found


def _of(bound: Bound) -> QuerySet[Binding]:
    return bound.subject.bindings.filter(measure=bound.measure)


def _written(rows: QuerySet[Binding], span: Span) -> Iterator[Written]:
    between = Q(recorded_at__gte=span.after, recorded_at__lt=span.until)
    struck = Q(superseded_at__gte=span.after, superseded_at__lt=span.until)
    for one in rows.filter(between | struck).select_related("accepted_by").order_by("id"):
        told = {"measure": _title(one.measure)}
        if span.after <= one.recorded_at < span.until:
            yield Written(one.recorded_at, str(one.accepted_by or ""), _("选定核算办法“%(measure)s”") % told)
        if one.superseded_at and span.after <= one.superseded_at < span.until:
            yield Written(one.superseded_at, _who_struck(one, one.superseded_at), _("解除核算办法“%(measure)s”") % told)


def _title(name: str) -> str:
    known = measures.measures().get(name)
    return str(known.title) if known else name


def _who_struck(binding: Binding, at: datetime) -> str:
    """Told in the history of a task; indicators have none."""
    event = TaskEvent.objects.filter(task=binding.task_id, kind="unbound", at=at).select_related("by").first()
    return str(event.by or "") if event else ""

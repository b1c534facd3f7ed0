"""Warnings as they are seen: lists, counts, the results one is about with what is said of them now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, When

from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Alert, Campaign, Result, ResultVerdict
from soildesk.monitoring.queries.network import short_name, town
from soildesk.monitoring.rulings import sentence


def alerts(actor: Actor | None, on: date) -> QuerySet[Alert]:
    """Warnings opened up to a day."""
    rows = Alert.objects.visible_to(actor).filter(opened_on__lte=on)
    return rows.annotate(town=town(), owner_name=short_name("owner"))


def alert_of(actor: Actor, uid: UUID) -> Alert | None:
    """One warning, if the actor sees it."""
    rows = Alert.objects.visible_to(actor).select_related("campaign", "point", "owner", "merged_into")
    return rows.filter(uid=uid).first()


def open_alerts(actor: Actor) -> QuerySet[Alert]:
    """Warnings that are not over."""
    return Alert.objects.visible_to(actor).filter(state__in=Alert.LIVE)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One warning that waits, for a short list."""

    uid: UUID
    title: str
    level: str
    due: date | None
    owner: str


def waiting(actor: Actor, most: int, units: Collection[int] | None = None) -> tuple[int, list[Waiting]]:
    """How many warnings are not over, those of some departments where named, and the first: nearest day first."""
    rows = open_alerts(actor)
    if units is not None:
        nobodys = Q(owner=None, owner_department__in=units)  # who opened it names its owner
        rows = rows.filter(Q(owner__in=units) | Q(with_units__in=units) | nobodys).distinct()
    count = rows.count()
    if not count:
        return 0, []
    first = rows.annotate(owner_name=short_name("owner")).order_by(F("due").asc(nulls_last=True), "pk")[:most]
    found = first.values_list("uid", "title", "level", "due", "owner_name")
    return count, [Waiting(uid, title, level, due, owner or "") for uid, title, level, due, owner in found]


def others_live(actor: Actor, alert: Alert) -> QuerySet[Alert]:
    """Warnings this one could be merged into: of the same county, those of the same point first."""
    county = "/".join(alert.division_path.split("/")[:3])
    rows = open_alerts(actor).exclude(pk=alert.pk).filter(division_path__startswith=county)
    same = Case(When(point=alert.point_id, then=0), When(analyte=alert.analyte, then=1), default=2)
    return rows.annotate(near=same).order_by("near", "-opened_on", "-pk")


@dataclass(frozen=True, slots=True)
class Weighed:
    """One result of a warning and the verdict that stands on it now; none where it no longer counts."""

    result: Result
    verdict: str
    sentence: str
    standard: str
    basis: str
    mark: str


def results_of(alert: Alert, language: str = "zh") -> Sequence[Weighed]:
    """The results a warning is about, the oldest first."""
    results = alert.results.select_related("batch", "task", "corrected_by").order_by("sampled_on", "pk")
    rows = ResultVerdict.objects.filter(result__in=alert.results.values("pk"), trial=False, superseded_at=None)
    verdicts = {one.result_id: one for one in rows.select_related("judgement")}
    return [_weighed(one, verdicts.get(one.pk), language) for one in results]


def _weighed(result: Result, verdict: ResultVerdict | None, language: str) -> Weighed:
    if verdict is None:
        return Weighed(result, "", "", "", "", "")
    ruling = verdict.judgement.rulings[verdict.ruling]
    row: dict[str, Any] = {
        "value": result.value,
        "detection_limit": result.detection_limit,
        "censored": result.censored,
        "factor": verdict.factor,
        "day": verdict.day,
        "ph": verdict.ph,
    }
    said = sentence(ruling, row, language)
    return Weighed(result, verdict.verdict, said, ruling["standard"] or "", ruling["basis"] or "", ruling["mark"] or "")


def of_campaign(campaign: Campaign) -> QuerySet[Alert]:
    """The warnings a campaign gave rise to."""
    return Alert.objects.filter(campaign=campaign)


def campaign_called(actor: Actor, number: str) -> Campaign | None:
    """A campaign by its number or uid, if the actor sees it."""
    rows = Campaign.objects.visible_to(actor)
    try:
        return rows.filter(uid=UUID(number)).first()
    except ValueError:
        return rows.filter(number=number.strip()).first()

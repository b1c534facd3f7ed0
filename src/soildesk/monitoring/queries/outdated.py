"""Campaigns whose verdicts no longer rest on what holds today, and why: limits, points, records or results changed.

Nothing stays silently judged by what was: it is shown on the pages of verdicts, judged anew by the hourly upkeep, and
by `soildesk results judge --stale`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from soildesk.core import clock
from soildesk.monitoring.models import Batch, Campaign, FieldRecord, Judgement, PointVersion, Qualifier, Result
from soildesk.monitoring.queries.weighing import division_of
from soildesk.standards.services.tables import library_for

Why = Judgement.Why
FACTS = ("standard", "use", "planned_use", "crop", "kind")
"""What a verdict takes from the point."""
Course = list[tuple[date, tuple[Any, ...]]]


@dataclass(frozen=True)
class Outdated:
    """One campaign and why its verdicts are outdated, the weightiest reason first."""

    campaign: Campaign
    whys: tuple[str, ...]


def outdated(campaigns: QuerySet[Campaign], on: date) -> list[Outdated]:
    """Those of some campaigns that are to be judged anew, in their order."""
    libraries: dict[str, str] = {}
    found = []
    for campaign in _told(campaigns):
        whys = tuple(_whys(campaign, on, libraries))
        if whys:
            found.append(Outdated(campaign, whys))
    return found


def why_outdated(campaign: Campaign, on: date) -> tuple[str, ...]:
    """Why the verdicts of one campaign are outdated; empty where they are not."""
    found = outdated(Campaign.objects.filter(pk=campaign.pk), on)
    return found[0].whys if found else ()


def judged(batch: Batch) -> bool:
    """Whether the campaign of an accepted batch was judged since."""
    return batch.campaign.judgements.filter(as_if_on=None, at__gte=batch.decided_at or batch.at).exists()


def stamp(campaign: Campaign) -> tuple[Any, ...]:
    """What the verdicts of a campaign rest on, in short: it is another where anything of it is written."""
    results = Result.objects.filter(batch__campaign=campaign)
    marks = Qualifier.objects.filter(result__batch__campaign=campaign)
    points = PointVersion.objects.filter(point__tasks__campaign=campaign)
    records = FieldRecord.objects.filter(task__campaign=campaign)
    return (
        library_for(division_of(campaign)).fingerprint,
        tuple(campaign.batches.order_by("pk").values_list("pk", "state")),
        *(
            tuple(rows.aggregate(Max("pk"), Max("superseded_at")).values())
            for rows in (results, marks, points, records)
        ),
    )


def _told(campaigns: QuerySet[Campaign]) -> QuerySet[Any]:
    """Campaigns with accepted results, each with what came after its last judgement."""
    last = Judgement.objects.filter(campaign=OuterRef("pk"), as_if_on=None).order_by("-at", "-pk")
    after = OuterRef("judged_at")
    of = {"batch__campaign": OuterRef("pk")}
    points = PointVersion.objects.filter(point__tasks__campaign=OuterRef("pk"))
    rejections = Qualifier.objects.filter(result__batch__campaign=OuterRef("pk"), code=Qualifier.Code.REJECTED)
    return (
        campaigns.annotate(
            judged_at=Subquery(last.values("at")[:1]),
            fingerprint=Subquery(last.values("fingerprint")[:1]),
            has_results=Exists(Batch.objects.filter(campaign=OuterRef("pk"), state__in=Batch.ACCEPTED_STATES)),
        )
        .filter(has_results=True)
        .annotate(
            accepted_since=Exists(
                Batch.objects.filter(campaign=OuterRef("pk"), state__in=Batch.ACCEPTED_STATES, decided_at__gt=after)
            ),
            corrected_since=Exists(Result.objects.filter(**of, superseded_at__gt=after)),
            rejected_since=Exists(rejections.filter(Q(at__gt=after) | Q(superseded_at__gt=after))),
            recorded_since=Exists(FieldRecord.objects.filter(task__campaign=OuterRef("pk"), at__gt=after)),
            points_since=Exists(points.filter(Q(recorded_at__gt=after) | Q(superseded_at__gt=after))),
        )
        .order_by("pk")
    )


def _whys(campaign: Any, on: date, libraries: dict[str, str]) -> Iterable[str]:
    if campaign.judged_at is None:
        yield Why.ACCEPTED
        return
    path = campaign.division_path
    if path not in libraries:
        libraries[path] = library_for(division_of(campaign)).fingerprint
    if campaign.fingerprint != libraries[path]:
        yield Why.STANDARD
    if campaign.recorded_since or (campaign.points_since and _points_differ(campaign, campaign.judged_at, on)):
        yield Why.USE
    if campaign.corrected_since or campaign.rejected_since:
        yield Why.CORRECTED
    if campaign.accepted_since:
        yield Why.ACCEPTED


def _points_differ(campaign: Campaign, judged_at: datetime, on: date) -> bool:
    """Whether a point of the campaign says another thing of what verdicts rest on than it did when it was judged."""
    rows = PointVersion.objects.filter(point__tasks__campaign=campaign).distinct().order_by("point", "since", "pk")
    then: dict[int, Course] = {}
    now: dict[int, Course] = {}
    for one in rows:
        facts = tuple(getattr(one, name) for name in FACTS)
        if one.recorded_at <= judged_at and (one.superseded_at is None or one.superseded_at > judged_at):
            _goes_on(then.setdefault(one.point_id, []), one, facts, clock.local_day(judged_at))
        if one.superseded_at is None:
            _goes_on(now.setdefault(one.point_id, []), one, facts, on)
    return then != now


def _goes_on(course: Course, one: PointVersion, facts: tuple[Any, ...], on: date) -> None:
    """Add what a version says from its day on, as far as it had begun; the same said again is nothing new."""
    if one.since > on:
        return
    if not course or course[-1][1] != facts:
        course.append((one.since, facts))
    if one.until is not None and one.until <= on:
        course.append((one.until, ()))

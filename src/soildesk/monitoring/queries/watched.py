"""Points that watch a source of pollution named by a code of its own system: their warnings and their results.

Whose code it is, this room does not know; whoever keeps those sources asks here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Alert, PointVersion, Result, ResultVerdict

SELF, PERIMETER = PointVersion.Kind.SELF, PointVersion.Kind.PERIMETER


@dataclass(frozen=True, slots=True)
class Watched:
    """One point that watches a source: what it is, when it was last sampled, how its newest results were judged."""

    pk: int
    uid: UUID
    number: str
    name: str
    kind: str
    kind_name: str
    medium_name: str
    code: str
    results: int
    last: date | None
    over: int


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning at a point that watches a source."""

    uid: UUID
    number: str
    title: str
    code: str
    opened_on: date
    due: date | None
    findings: list[dict[str, Any]]


def points(actor: Actor, codes: Collection[str], on: date) -> list[Watched]:
    """The points standing on a day that watch the sources of these codes; those the source monitors itself first."""
    rows = (
        PointVersion.objects.visible_to(actor).standing(on).filter(source_code__in=list(codes)).select_related("point")
    )
    found = [one for one in rows if one.kind in (SELF, PERIMETER)]
    keys = [one.point_id for one in found]
    results = Result.objects.accepted().filter(point__in=keys, sampled_on__lte=on)
    last = dict(results.values_list("point").annotate(Max("sampled_on")).order_by())
    counts = dict(results.values_list("point").annotate(Count("pk")).order_by())
    over = _over(last)
    told = [
        Watched(
            one.point_id, one.point.uid, one.point.number, one.name, one.kind, one.get_kind_display(), one.get_medium_display(),
            one.source_code, counts.get(one.point_id, 0), last.get(one.point_id), over.get(one.point_id, 0),
        )
        for one in found
    ]  # fmt: skip
    return sorted(told, key=lambda one: (one.kind != SELF, one.number))


def _over(last: Mapping[int, date]) -> dict[int, int]:
    """How many results of the newest day of each point are over a limit."""
    rows = ResultVerdict.objects.filter(result__point__in=list(last), trial=False, superseded_at=None)
    found: dict[int, int] = {}
    for point, day, verdict in rows.values_list("result__point", "result__sampled_on", "verdict"):
        if day == last[point] and verdict.startswith("exceeds"):
            found[point] = found.get(point, 0) + 1
    return found


def warnings(actor: Actor, on: date, *, rules: Collection[str]) -> list[Warned]:
    """Warnings by one of some rules at points that sources monitor themselves, the oldest first."""
    rows = Alert.objects.visible_to(actor).filter(opened_on__lte=on, point__isnull=False)
    versions = PointVersion.objects.standing(on).filter(kind=SELF).exclude(source_code="")
    codes = dict(versions.values_list("point_id", "source_code"))
    rows = rows.filter(point__in=list(codes)).order_by("opened_on", "pk")
    found = []
    for one in rows:
        met = [finding for finding in one.findings if finding.get("rule") in rules]
        if met and one.point_id is not None:
            found.append(Warned(one.uid, one.number, one.title, codes[one.point_id], one.opened_on, one.due, met))
    return found


def filed(keys: Collection[int]) -> list[dict[str, Any]]:
    """The accepted results of some points, as they were printed."""
    rows = Result.objects.accepted().filter(point__in=list(keys), sampled_on__isnull=False).order_by("sampled_on", "pk")
    names = ("point__number", "sampled_on", "analyte", "unit", "value", "printed", "censored", "pk")
    limits = _limits([row[-1] for row in rows.values_list("point", "pk")])
    return [
        {
            "point": point, "round": day, "analyte": analyte, "unit": unit, "value": value, "printed": printed,
            "censored": censored, "limit": limits.get(pk),
        }
        for point, day, analyte, unit, value, printed, censored, pk in rows.values_list(*names)
    ]  # fmt: skip


def _limits(keys: Collection[int]) -> dict[int, float]:
    """The limit each result was held to, where one was."""
    rows = ResultVerdict.objects.filter(result__in=list(keys), trial=False, superseded_at=None).select_related(
        "judgement"
    )
    found = {}
    for one in rows:
        limit = one.judgement.rulings[one.ruling].get("limit")
        if limit is not None:
            found[one.result_id] = float(limit)
    return found

"""The gravest verdict at each point: of one campaign, of one analyte, or of the newest result of every analyte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import QueryDict

from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Campaign, Grade, PointVersion, Result, ResultVerdict
from soildesk.monitoring.queries import network
from soildesk.monitoring.queries.eventfacts import counting_everywhere
from soildesk.monitoring.queries.results import grades
from soilrules.verdict import Outcome

NONE = "none"
"""No result that counts, or none that was judged: nothing is known."""
GRAVITY = Case(
    *(When(verdict=one.value, then=Value(one.gravity)) for one in Outcome), default=Value(-1), output_field=IntegerField()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A point with its gravest verdict."""

    uid: str
    number: str
    name: str
    at: Any
    verdict: str
    analyte: str
    factor: float | None


def points(actor: Actor | None, on: date) -> QuerySet[PointVersion]:
    """Points of a day with the gravest verdict on their newest results."""
    return _told(network.points(actor, on))


def asked(rows: QuerySet[PointVersion], params: QueryDict) -> QuerySet[PointVersion]:
    """The same points told by the verdicts of the campaign and the analyte the address asks for."""
    campaign, analyte = params.get("campaign", ""), params.get("analyte", "")
    return _told(rows, campaign, analyte) if campaign or analyte else rows


def open_points(rows: QuerySet[PointVersion]) -> QuerySet[PointVersion]:
    """What may leave the house without an approval: verdicts on results of public campaigns alone."""
    return _told(rows, only_open=True).exclude(verdict=NONE)


def _told(
    rows: QuerySet[PointVersion], campaign: str = "", analyte: str = "", *, only_open: bool = False
) -> QuerySet[PointVersion]:
    found = _standing(campaign, analyte)
    if only_open:
        found = found.filter(result__batch__campaign__grade=Grade.PUBLIC)
    found = (
        found.filter(result__point=OuterRef("point")).annotate(gravity=GRAVITY).order_by("-gravity", "-factor", "pk")
    )
    return rows.annotate(
        verdict=Coalesce(Subquery(found.values("verdict")[:1]), Value(NONE)),
        grave_analyte=Coalesce(Subquery(found.values("analyte")[:1]), Value("")),
        grave_factor=Subquery(found.values("factor")[:1]),
        grave_day=Subquery(found.values("result__sampled_on")[:1]),
    )


def _standing(campaign: str, analyte: str) -> QuerySet[ResultVerdict]:
    """Verdicts that stand on results that count; of all campaigns those on the newest result of each analyte."""
    rows = ResultVerdict.objects.filter(trial=False, superseded_at=None, result__in=counting_everywhere().values("pk"))
    if analyte:
        rows = rows.filter(analyte=analyte)
    if campaign:
        return rows.filter(result__batch__campaign__number=campaign)
    newer = Result.objects.accepted().filter(  # type: ignore[attr-defined]
        point=OuterRef("result__point"),
        analyte=OuterRef("result__analyte"),
        sampled_on__gt=OuterRef("result__sampled_on"),
    )
    return rows.exclude(Exists(newer))


def sampled_in(campaign: str) -> QuerySet[Result]:
    """The points that have accepted results in a campaign, as a query of their keys."""
    return Result.objects.accepted().filter(batch__campaign__number=campaign).values("point")  # type: ignore[attr-defined,no-any-return]


def judged_for(analyte: str) -> QuerySet[ResultVerdict]:
    """The points that have a verdict on an analyte, as a query of their keys."""
    return ResultVerdict.objects.filter(analyte=analyte, trial=False, superseded_at=None).values("result__point")


def of_campaign(actor: Actor, campaign: Campaign, analyte: str = "") -> Sequence[Told]:
    """The points of a campaign by their gravest verdict in it, the gravest last: it is drawn over the others."""
    gravest = _gravest(campaign, analyte)
    rows = PointVersion.objects.visible_to(actor).filter(superseded_at=None, point__in=sampled_in(campaign.number))
    held = rows.order_by("since").values_list("point_id", "point__uid", "point__number", "name", "geometry")
    nothing = (-1, 0.0, NONE, "", None)
    found = {
        point: (gravest.get(point, nothing), Told(str(uid), number, name, at, *gravest.get(point, nothing)[2:]))
        for point, uid, number, name, at in held
    }
    return [told for _grave, told in sorted(found.values(), key=lambda pair: (pair[0][:2], pair[1].number))]


def _gravest(campaign: Campaign, analyte: str) -> dict[int, tuple[int, float, str, str, float | None]]:
    """Gravity, factor to order by, verdict, analyte and factor of the gravest verdict of each point of a campaign."""
    rows = _standing(campaign.number, analyte).exclude(result__point=None)
    found: dict[int, tuple[int, float, str, str, float | None]] = {}
    known = {one.value: one.gravity for one in Outcome}
    for point, verdict, of, factor in rows.values_list("result__point", "verdict", "analyte", "factor").iterator(
        10_000
    ):
        one = (known.get(verdict, -1), factor or 0.0, verdict, of, factor)
        if point not in found or one[:2] > found[point][:2]:
            found[point] = one
    return found


def is_graded(rows: QuerySet[PointVersion], params: QueryDict) -> bool:
    """Whether verdicts of graded campaigns are told."""
    results = Result.objects.filter(point__in=rows.order_by().values("point"))
    if params.get("campaign"):
        results = results.filter(batch__campaign__number=params["campaign"])
    return not set(grades(results)) <= {Grade.PUBLIC.value}

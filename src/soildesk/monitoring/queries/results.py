"""Results as lists show them: accepted ones, with point, verdict and the marks given to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Exact

from soildesk.core.permissions import Actor
from soildesk.kit.register import Row
from soildesk.monitoring.models import (
    Batch,
    BatchFinding,
    Campaign,
    ExportRequest,
    Grade,
    Qualifier,
    Result,
    ResultVerdict,
)
from soilrules import analytes

RARE = ("exceeds", "exceeds_screening", "exceeds_control")


def results(actor: Actor | None, on: date) -> QuerySet[Result]:
    """Accepted results that no correction replaced; of a day in the past those sampled until then."""
    accepted = Batch.objects.filter(state__in=Batch.ACCEPTED_STATES).values("pk")
    rows = Result.objects.visible_to(actor).filter(batch__in=accepted, superseded_at__isnull=True)
    if actor is not None and on < actor.today:
        rows = rows.filter(sampled_on__lte=on)
    return rows


def open_results(rows: QuerySet[Result]) -> QuerySet[Result]:
    """Those that may leave the house without anybody's approval."""
    return rows.filter(batch__campaign__grade=Grade.PUBLIC)


def standing(**more: Any) -> QuerySet[ResultVerdict]:
    """Verdicts that stand."""
    return ResultVerdict.objects.filter(superseded_at__isnull=True, trial=False, **more)


def with_verdict(verdict: str) -> Q:
    """Results with a verdict that stands; the few that exceed are found from their side."""
    if verdict in RARE:
        return Q(pk__in=standing(verdict=verdict).values("result"))
    return Q(Exists(standing(verdict=verdict, result=OuterRef("pk"))))


def without_verdict() -> Q:
    """Results nobody has judged."""
    return Q(~Exists(standing(result=OuterRef("pk"))))


def of_analyte(slug: str) -> Q:
    """Results of an analyte, as an expression no index is of: one of millions is found faster along the list's order."""
    return Q(Exact(Concat("analyte", Value("")), slug))


def add_verdicts(rows: list[Row], actor: Actor | None, on: date) -> None:
    """The verdict that stands and the marks of validator and interpreter, for the rows of a page."""
    keys = [row["pk"] for row in rows]
    verdicts = {one["result"]: one for one in standing(result__in=keys).values("result", "verdict", "factor", "cause")}
    marks: dict[int, list[str]] = defaultdict(list)
    for one in Qualifier.objects.filter(result__in=keys, superseded_at=None).order_by("role"):
        marks[one.result_id].append(f"{one.get_role_display()}：{one.get_code_display()}")
    for row in rows:
        found = verdicts.get(row["pk"], {})
        row["_verdict"], row["_factor"] = found.get("verdict"), found.get("factor")
        row["_marks"] = "；".join(marks.get(row["pk"], ()))


def analyte_name(slug: str, language: str = "zh") -> str:
    """The name of an analyte; of what is none, as it was printed."""
    known = analytes.all_analytes().get(slug)
    return known.name(language) if known else slug


def printed(row: Row) -> str:
    """A result as a person reads it: a number, <limit, >bound, or as printed where it is none."""
    if row["censored"]:
        return f"<{plain(row['detection_limit'])}" if row["detection_limit"] is not None else str(row["printed"])
    if row["more_than"] is not None:
        return f">{plain(row['more_than'])}"
    return str(row["printed"]) if row["value"] is None else plain(row["value"])


def plain(value: float) -> str:
    """A number without an exponent, as many figures as it has."""
    text = f"{value:.12g}"
    return text if "e" not in text else f"{value:.15f}".rstrip("0")


def batches(actor: Actor | None, on: date) -> QuerySet[Batch]:
    """Batches the actor may see."""
    return Batch.objects.visible_to(actor)


def findings(actor: Actor | None, on: date) -> QuerySet[BatchFinding]:
    """Findings of the batches of the actor's places."""
    return BatchFinding.objects.filter(batch__in=Batch.objects.visible_to(actor).values("pk"))


def exports(actor: Actor | None, on: date) -> QuerySet[ExportRequest]:
    """Requests for graded results."""
    return ExportRequest.objects.visible_to(actor)


def campaign_choices(actor: Actor, on: date) -> list[tuple[str, str]]:
    """Campaigns that have batches, newest first."""
    rows = Campaign.objects.visible_to(actor).filter(batches__isnull=False).distinct().order_by("-starts_on")
    return [(one.number, f"{one.title}（{one.number}）") for one in rows[:200]]


def analyte_choices(actor: Actor, on: date) -> list[tuple[str, str]]:
    """Every analyte by its name."""
    return [(slug, one.zh) for slug, one in analytes.all_analytes().items()]


def grades(rows: QuerySet[Result]) -> Iterable[str]:
    """The grades of the campaigns of some results."""
    found = Campaign.objects.filter(batches__in=rows.order_by().values("batch").distinct())
    return set(found.values_list("grade", flat=True).order_by())

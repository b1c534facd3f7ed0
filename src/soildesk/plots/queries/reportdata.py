"""What the laboratory batches bound to a report say of it: judged by the values of its planned use, and counted by points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.db.models import Q, QuerySet

from soildesk.core.models import Division
from soildesk.land import landuse
from soildesk.land.services.writing import county_of
from soildesk.land.shapes import area_m2
from soildesk.monitoring.models import Batch, Medium, Qualifier, Result
from soildesk.monitoring.queries.samplefacts import NOT_JUDGED, sample_key
from soildesk.plots.models import Membership, PlotVersion, Report
from soildesk.plots.queries.plots import version_of
from soildesk.plots.reportfields import SURVEYS, values_of
from soildesk.standards.services.tables import library_for
from soilrules import __version__
from soilrules.evaluation import Choices, Evaluation
from soilrules.labtables import SCHEMA, Layout, Problem, Shape
from soilrules.monitoring.density import Comparison
from soilrules.plots.evidence import EXCEEDS, WITHIN, computed_exceeds, soil_density
from soilrules.plots.lists import ListKey
from soilrules.plots.reports import ReportKind
from soilrules.standards.rulings import Cause
from soilrules.verdict import Outcome

STANDARD = "gb36600"
CLASS_OF = {"first": "class_1", "second": "class_2"}
"""The class of use behind the column of values a report names."""
NOT_HELD = frozenset({str(Cause.NO_LIMIT), str(Cause.PART_OF_SUM)})
"""Causes of a result that is held against no limit of its own: it neither meets nor exceeds."""
SHOWN = 20
_LONG = Layout(Shape.LONG, (), 0, (), {}, (), 0.0)


@dataclass(frozen=True, slots=True)
class Density:
    """How many soil points a survey needs for its area, and how many were found."""

    area_m2: float
    told: Decimal | None
    bound: int | None  # points of the bound batches; None where none is bound
    compared: Comparison


class _Held:
    """Results of the desk as a table of the rules."""

    name, layout = "", _LONG
    problems: tuple[Problem, ...] = ()

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All of them at once."""
        yield pa.RecordBatch.from_pylist(self._rows, schema=SCHEMA)

    def message(self, record: dict[str, Any]) -> None:
        """Nothing was wrong with them."""
        return


def results_of(report: Report) -> QuerySet[Result]:
    """The results of the bound batches that count: accepted, not corrected, not rejected, of real samples."""
    rejected = Qualifier.objects.filter(
        role=Qualifier.Role.VALIDATOR, code=Qualifier.Code.REJECTED, superseded_at=None
    ).values("result_id")
    rows = Result.objects.accepted().filter(batch__in=report.batches.all())  # type: ignore[attr-defined]
    found: QuerySet[Result] = rows.exclude(pk__in=rejected).exclude(task__role__in=NOT_JUDGED)
    return found


def judged(report: Report, on: date) -> dict[str, Any]:
    """What the bound results come to, to be kept with the report; `why_not` is a word where nothing can be computed."""
    column = str(values_of(report).get("column") or "")
    told: dict[str, Any] = {"on": str(on), "column": column, "rules": __version__}
    told["batches"] = sorted(report.batches.values_list("number", flat=True))
    if report.kind not in SURVEYS:
        return {**told, "outcome": "", "why_not": "kind"}
    if column not in CLASS_OF:
        return {**told, "outcome": "", "why_not": "column"}
    rows = _rows(report)
    if not rows:
        return {**told, "outcome": "", "why_not": "results"}
    return {**told, **_counted(_evaluated(report, rows, column))}


def _evaluated(report: Report, rows: list[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    division = division_of(report.division_path)
    choices = Choices(
        on=report.finished_on, standard=STANDARD, land_class=CLASS_OF[column], division=division.code if division else ""
    )  # fmt: skip
    library = library_for(division) if division else None
    assert library is not None, "a report has a place"
    return list(Evaluation(_Held(rows), library, choices).rows())


def _rows(report: Report) -> list[dict[str, Any]]:
    fields = ("pk", "task_id", "sample", "analyte", "printed", "value", "unit", "censored", "detection_limit", "more_than", "sampled_on")  # fmt: skip
    found = results_of(report).filter(medium=Medium.SOIL).exclude(analyte="ph").order_by("pk").values(*fields)
    ph = {
        sample_key(one): one["value"]
        for one in results_of(report).filter(analyte="ph", medium=Medium.SOIL).values("task_id", "sample", "value")
    }
    return [
        {
            "row": one["pk"], "sample": sample_key(one), "analyte": one["analyte"], "text": one["printed"],
            "value": one["value"], "unit": one["unit"] or None, "censored": one["censored"], "date": one["sampled_on"],
            "detection_limit": one["detection_limit"], "more_than": one["more_than"], "ph": ph.get(sample_key(one)),
            "medium": "土壤", "standard": STANDARD,
        }
        for one in found
    ]  # fmt: skip


def _counted(rows: list[dict[str, Any]]) -> dict[str, Any]:
    held = [one for one in rows if one["cause"] not in NOT_HELD]
    outcomes = Counter(one["verdict"] for one in held)
    exceeds = computed_exceeds(Outcome(one) for one in outcomes)
    over = sorted(
        (one for one in held if Outcome(one["verdict"]).gravity > Outcome.UNKNOWN.gravity),
        key=lambda one: (-Outcome(one["verdict"]).gravity, -(one["factor"] or 0)),
    )
    return {
        "outcome": "" if exceeds is None else EXCEEDS if exceeds else WITHIN,
        "why_not": "unknown" if exceeds is None else "",
        "results": len(held),
        "exceeding": len(over),
        "unknown": outcomes.get(str(Outcome.UNKNOWN), 0),
        "no_limit": len(rows) - len(held),
        "standards": sorted({one["standard"] for one in held if one["standard"]}),
        "gravest": [_told(one) for one in over[:SHOWN]],
        "open": sorted({one["name"] for one in held if one["verdict"] == Outcome.UNKNOWN})[:SHOWN],
    }


def _told(row: dict[str, Any]) -> dict[str, Any]:
    kept = ("name", "verdict", "value", "unit", "factor", "limit", "limit_unit")
    return {**{key: row[key] for key in kept}, "result": row["row"]}


def samples_of(gravest: list[dict[str, Any]]) -> dict[int, tuple[str, str]]:
    """Sample and point of the results that weigh most."""
    rows = Result.objects.filter(pk__in=[one["result"] for one in gravest if one.get("result")])
    return {one.pk: (one.sample, one.point.number if one.point else "") for one in rows.select_related("point")}


def density(report: Report) -> Density | None:
    """Whether a survey has as many points as its ground asks, on the day it was sampled; None for other reports."""
    version = version_of(report.plot_id, report.finished_on)
    if report.kind not in SURVEYS or version is None:
        return None
    values = values_of(report)
    told, sampled = values.get("soil_points"), values.get("sampled_on")
    on = sampled if isinstance(sampled, date) else report.finished_on
    area = area_m2(report.covers) if report.covers is not None else version.area_m2
    bound = _points(report) if report.batches.exists() else None
    found = bound if bound is not None else int(told) if isinstance(told, Decimal) else None
    suspected = Membership.objects.standing(on).filter(plot=report.plot_id, list_key=str(ListKey.SUSPECTED)).exists()
    compared = soil_density(
        ReportKind(report.kind), Decimal(str(round(area, 2))), found, on, suspected=suspected or None
    )
    return Density(area, told if isinstance(told, Decimal) else None, bound, compared)


def _points(report: Report) -> int:
    """Soil points of the bound results; results of no known point are counted by their sample."""
    rows = results_of(report).filter(medium=Medium.SOIL).values_list("point_id", "task_id", "sample").distinct()
    return len({f"p{point}" if point else f"t{task}" if task else f"s{sample}" for point, task, sample in rows})


def class_doubt(report: Report) -> bool:
    """Whether the report uses values of the second class for ground that is planned for a use of the first."""
    planned = landuse.nearest(report.use_system, report.use_planned) if report.use_planned else None
    return bool(planned and planned.land_class == "class_1" and values_of(report).get("column") == "second")


def batches_near(actor: Any, version: PlotVersion) -> QuerySet[Batch]:
    """Accepted batches seen by the actor whose campaign lies on the plot, or that have results of points on it."""
    shape = version.geometry
    from soildesk.monitoring.models import PointVersion

    points = PointVersion.objects.filter(superseded_at=None, geometry__intersects=shape).values("point")
    near = Q(campaign__geometry__intersects=shape) | Q(pk__in=Result.objects.filter(point__in=points).values("batch"))
    rows: QuerySet[Batch] = Batch.objects.visible_to(actor).filter(state__in=Batch.ACCEPTED_STATES)
    return rows.filter(near).order_by("number")


def division_of(path: str) -> Division | None:
    """The county a report is of."""
    return Division.objects.filter(path=county_of(path)).order_by("-since").first()

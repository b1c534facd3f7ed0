"""What the laboratory batches bound to a report say of it: judged by the values of its planned use, and counted by points.

Soil of a survey is held against the column it names, its groundwater against the class it names or its own targets; an
effect evaluation against its targets (`reporttargets`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from soildesk.core.models import Division
from soildesk.land import landuse
from soildesk.land.services.writing import county_of
from soildesk.land.shapes import area_m2
from soildesk.monitoring.queries import bound
from soildesk.plots.models import Membership, Report
from soildesk.plots.queries import reporttargets
from soildesk.plots.queries.plots import version_of
from soildesk.plots.queries.reportground import batches_of, ground_of, on_ground
from soildesk.plots.reportfields import SURVEYS, values_of
from soildesk.standards.services.tables import library_for
from soilrules import __version__
from soilrules.evaluation import Choices, Evaluation
from soilrules.labtables import SCHEMA, Layout, Problem, Shape
from soilrules.monitoring.density import Comparison, Enough
from soilrules.plots.evidence import EXCEEDS, WITHIN, computed_exceeds, soil_density
from soilrules.plots.lists import ListKey
from soilrules.plots.reports import ReportKind
from soilrules.standards.rulings import Cause
from soilrules.verdict import Outcome

STANDARD, GROUNDWATER_STANDARD = "gb36600", "gbt14848"
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
    zone_open: bool  # a detailed survey whose suspected zone has no area: how many points are needed is not known


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


def judged(report: Report, on: date) -> dict[str, Any]:
    """What the bound results come to, to be kept with the report; `why_not` is a word where nothing can be computed."""
    told: dict[str, Any] = {"on": str(on), "rules": __version__}
    told["batches"] = sorted(report.batches.values_list("number", flat=True))
    if report.kind == ReportKind.EFFECT_EVALUATION:
        return {**told, **reporttargets.judged(report)}
    if report.kind not in SURVEYS:
        return {**told, "outcome": "", "why_not": "kind"}
    return {**told, **_soil(report), "groundwater": _groundwater(report)}


def _soil(report: Report) -> dict[str, Any]:
    column = str(values_of(report).get("column") or "")
    told = {"column": column, "outcome": ""}
    if column not in CLASS_OF:
        return {**told, "why_not": "column"}
    held, off = on_ground(report, bound.soil_results(batches_of(report)))
    rows, told = _rows(held, "土壤", STANDARD), {**told, "off": off}
    if not rows:
        return {**told, "why_not": "off" if off else "results"}
    return {**told, **_counted(_evaluated(report, rows, {"standard": STANDARD, "land_class": CLASS_OF[column]}))}


def _groundwater(report: Report) -> dict[str, Any]:
    """What the bound results of groundwater come to; without any there is nothing to compare."""
    rows, off = on_ground(report, bound.groundwater_results(batches_of(report)))
    level = report.groundwater_class
    told = {"class": level, "outcome": "", "off": off}
    if not rows:
        return {**told, "why_not": "results"}
    if not level:
        return {**told, "why_not": "class"}
    if level == Report.Groundwater.OWN:
        outcome, targets = reporttargets.own_target_says(report)
        return {**told, "outcome": outcome, "targets": targets, "why_not": _open(outcome, targets)}
    held = _rows(rows, "地下水", GROUNDWATER_STANDARD)
    return {**told, **_counted(_evaluated(report, held, {"standard": GROUNDWATER_STANDARD, "level": level}))}


def _open(outcome: str, targets: int) -> str:
    return "" if outcome else "unknown" if targets else "targets"


def _evaluated(report: Report, rows: list[dict[str, Any]], chosen: dict[str, str]) -> list[dict[str, Any]]:
    division = division_of(report.division_path)
    choices = Choices(on=report.finished_on, division=division.code if division else "", **chosen)
    library = library_for(division) if division else None
    assert library is not None, "a report has a place"
    return list(Evaluation(_Held(rows), library, choices).rows())


def _rows(results: list[dict[str, Any]], medium: str, standard: str) -> list[dict[str, Any]]:
    return [
        {
            "row": one["pk"], "sample": one["sample_key"], "analyte": one["analyte"], "text": one["printed"],
            "value": one["value"], "unit": one["unit"] or None, "censored": one["censored"], "date": one["sampled_on"],
            "detection_limit": one["detection_limit"], "more_than": one["more_than"], "ph": one["ph"],
            "medium": medium, "standard": standard,
        }
        for one in results
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


def left_out(report: Report) -> list[str]:
    """Batches of the report's ground and time that are not bound and exceed the values it names: evidence it says nothing of."""
    column, ground = str(values_of(report).get("column") or ""), ground_of(report)
    if report.kind not in SURVEYS or column not in CLASS_OF or ground is None:
        return []
    others = bound.others_on(ground, batches_of(report))
    held, _off = on_ground(report, bound.soil_results(others)) if others else ([], 0)
    if not held:
        return []
    rows = _evaluated(report, _rows(held, "土壤", STANDARD), {"standard": STANDARD, "land_class": CLASS_OF[column]})
    over = {one["row"] for one in rows if Outcome(one["verdict"]).gravity > Outcome.UNKNOWN.gravity}
    return sorted({others[one["batch_id"]] for one in held if one["pk"] in over})


def samples_of(gravest: list[dict[str, Any]]) -> dict[int, tuple[str, str]]:
    """Sample and point of the results that weigh most."""
    return bound.samples_of([one["result"] for one in gravest if one.get("result")])


def density(report: Report) -> Density | None:
    """Whether a survey has as many points as its ground asks, on the day it was sampled; None for other reports."""
    version = version_of(report.plot_id, report.finished_on)
    if report.kind not in SURVEYS or version is None:
        return None
    values = values_of(report)
    told, sampled = values.get("soil_points"), values.get("sampled_on")
    on = sampled if isinstance(sampled, date) else report.finished_on
    area = area_m2(report.covers) if report.covers is not None else version.area_m2
    counted = _points(report)
    found = counted if counted is not None else int(told) if isinstance(told, Decimal) else None
    suspected = Membership.objects.standing(on).filter(plot=report.plot_id, list_key=str(ListKey.SUSPECTED)).exists()
    whole, zone = Decimal(str(round(area, 2))), _zone(values)
    compared = soil_density(
        ReportKind(report.kind), whole, found, on,
        suspected=suspected or None, zone_m2=None if zone is None else min(zone, whole),
    )  # fmt: skip
    open_ = report.kind == ReportKind.DETAILED and zone is None and compared.verdict is Enough.UNKNOWN
    return Density(area, told if isinstance(told, Decimal) else None, counted, compared, open_)


def _zone(values: dict[str, Any]) -> Decimal | None:
    """The area of the suspected zone a detailed survey tells; a part of its ground at most."""
    told = values.get("zone_m2")
    return told if isinstance(told, Decimal) else None


def _points(report: Report) -> int | None:
    """Soil points of the bound results; results of no known point are counted by their sample. None where none is bound."""
    return (
        len(
            {
                f"p{one['point_id']}" if one["point_id"] else one["sample_key"]
                for one in on_ground(report, bound.soil_results(batches_of(report)))[0]
            }
        )
        or None
    )


def class_doubt(report: Report) -> bool:
    """Whether the report uses values of the second class for ground that is planned for a use of the first."""
    planned = landuse.nearest(report.use_system, report.use_planned) if report.use_planned else None
    return bool(planned and planned.land_class == "class_1" and values_of(report).get("column") == "second")


def division_of(path: str) -> Division | None:
    """The county a report is of."""
    return Division.objects.filter(path=county_of(path)).order_by("-since").first()

"""The ground a report speaks of, and which bound results are of it: a batch may hold a whole district's."""

from __future__ import annotations

from typing import Any

from shapely.geometry.base import BaseGeometry

from soildesk.monitoring.queries import bound
from soildesk.plots.models import Report
from soildesk.plots.queries.plots import version_of


def on_ground(report: Report, results: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """Of results those of a report's ground and of the days before it was finished, and how many points lie off the ground."""
    results = [one for one in results if not (one["sampled_on"] and one["sampled_on"] > report.finished_on)]
    ground = ground_of(report)
    if ground is None:
        return results, 0
    off = bound.points_off((one["point_id"] for one in results if one["point_id"]), ground)
    return [one for one in results if one["point_id"] not in off], len(off)


def ground_of(report: Report) -> BaseGeometry | None:
    """The ground a report speaks of: what it covers, else its plot as it lay when it was finished."""
    version = version_of(report.plot_id, report.finished_on)
    return report.covers if report.covers is not None else version.geometry if version else None


def batches_of(report: Report) -> list[int]:
    """The batches bound to a report, by their key."""
    return list(report.batches.values_list("pk", flat=True))

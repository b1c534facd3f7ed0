"""Results that count, as columns: for rooms above that judge many of them by circumstances of their own.

The facts of each sample (day, land, crop, pH) are those the judgement of monitoring goes by. Blind parallels, samples
from below the surface and results of no point are left out and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Campaign, Medium, PointVersion, ResultVerdict, SamplingTask
from soildesk.monitoring.queries.eventfacts import counting_everywhere
from soildesk.monitoring.queries.samplefacts import Samples, accepted
from soildesk.monitoring.queries.weighing import chunks, division_of
from soildesk.standards.services.tables import library_for
from soilrules.verdict import Outcome

FIELDS = (
    "pk", "task_id", "point_id", "sample", "analyte", "printed", "medium", "value", "unit", "censored",
    "detection_limit", "sampled_on", "depth_cm", "task__role", "task__depth_from_cm",
)  # fmt: skip
KEPT = (
    "result", "point", "analyte", "printed", "value", "unit", "censored", "detection_limit", "ph", "day", "land", "crop",
)  # fmt: skip
_NUMBERS: Mapping[str, Any] = {
    "result": np.int64, "point": np.int64, "value": np.float64, "censored": np.bool_, "detection_limit": np.float64,
    "ph": np.float64,
}  # fmt: skip
OVER = (Outcome.EXCEEDS, Outcome.EXCEEDS_SCREENING, Outcome.EXCEEDS_CONTROL)
MANY = 500
"""Keys asked for at once; more are picked out of all."""
_TOP = re.compile(r"\s*(\d+(?:\.\d+)?)")
Step = Callable[[int], None]


@dataclass(frozen=True)
class Columns:
    """Row for row; numbers are NaN and words None where nobody said. `left_out` counts by why: parallel, deeper, no_point."""

    columns: Mapping[str, NDArray[Any]]
    left_out: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.columns["result"])

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]


def results_of(
    campaigns: Iterable[Any], medium: str, analytes: Sequence[str], on: date, *, step: Step = lambda done: None
) -> Columns:
    """The results that count of some campaigns in a medium for some analytes."""
    held: dict[str, list[Any]] = {name: [] for name in KEPT}
    left_out: Counter[str] = Counter()
    for campaign in campaigns:
        samples = Samples(campaign, library_for(division_of(campaign)), on)
        for rows in chunks(accepted(campaign).filter(medium=medium, analyte__in=analytes), FIELDS):
            for row in rows:
                if why := _left_out(row):
                    left_out[why] += 1
                else:
                    _take(held, row, samples)
            step(len(held["result"]))
    return Columns({name: np.array(held[name], _NUMBERS.get(name, object)) for name in KEPT}, left_out)


def _left_out(row: Mapping[str, Any]) -> str:
    if row["task__role"] == SamplingTask.Role.PARALLEL:
        return "parallel"
    if row["point_id"] is None:
        return "no_point"
    return "deeper" if row["medium"] == Medium.SOIL and _top(row) > 0 else ""


def _top(row: Mapping[str, Any]) -> float:
    """Where the sample begins below ground, in centimetres; at the surface where nobody said."""
    if row["task__depth_from_cm"] is not None:
        return float(row["task__depth_from_cm"])
    found = _TOP.match(row["depth_cm"] or "")
    return float(found[1]) if found else 0.0


def _take(held: dict[str, list[Any]], row: Mapping[str, Any], samples: Samples) -> None:
    facts = samples.of(row)
    said = {
        **row,
        "result": row["pk"],
        "point": row["point_id"],
        "ph": samples.ph(row),
        "day": facts.day,
        "land": facts.land,
        "crop": facts.crop,
    }
    for name, column in held.items():
        value = said[name]
        column.append(np.nan if value is None and _NUMBERS.get(name) is np.float64 else value)


def campaign_named(actor: Actor, name: str) -> Campaign | None:
    """A campaign by its number, uid or title, the newest of that title; None where the actor sees none."""
    rows = Campaign.objects.visible_to(actor)
    held: Campaign | None = rows.filter(number=name).first() or rows.filter(title=name).order_by("-starts_on").first()
    return held


def campaigns_of(actor: Actor, media: Sequence[str] = ()) -> list[Campaign]:
    """The campaigns the actor sees that begun, the newest first; of some media only where these are named."""
    rows = Campaign.objects.visible_to(actor).exclude(state=Campaign.State.DRAFT).order_by("-starts_on", "-pk")
    return [one for one in rows if not media or set(media) & set(one.media)]


def places_of(points: Sequence[int], on: date) -> dict[int, tuple[str, str, Any]]:
    """Number, name and place of points as they stood on a day, or as they were last said."""
    rows = (
        PointVersion.objects.filter(point__in=points, superseded_at=None, since__lte=on)
        if len(points) < MANY
        else (PointVersion.objects.filter(superseded_at=None, since__lte=on))
    )
    found = rows.order_by("since").values_list("point_id", "point__number", "name", "geometry")
    wanted = set(points)
    return {pk: (number, name, at) for pk, number, name, at in found.iterator(10_000) if pk in wanted}


@dataclass(frozen=True, slots=True)
class Over:
    """A result over a limit by the verdict that stands. `factor` is its content over the first limit."""

    point: int
    medium: str
    analyte: str
    verdict: str
    factor: float | None
    on: date
    campaign: str


def over_limits(actor: Actor, media: Sequence[str], since: date, on: date) -> list[Over]:
    """The results of some media over a limit, sampled from one day on up to another, in the campaigns the actor sees."""
    rows = ResultVerdict.objects.filter(
        trial=False, superseded_at=None, verdict__in=OVER, result__in=counting_everywhere().values("pk"),
        result__medium__in=media, result__point__isnull=False, result__sampled_on__gte=since, result__sampled_on__lte=on,
        judgement__campaign__in=Campaign.objects.visible_to(actor).values("pk"),
    )  # fmt: skip
    found = rows.order_by("result__sampled_on", "pk").values_list(
        "result__point_id", "result__medium", "analyte", "verdict", "factor", "result__sampled_on",
        "judgement__campaign__number",
    )  # fmt: skip
    return [Over(*row) for row in found.iterator(5_000)]


def surveyed_in(actor: Actor, shape: Any, on: date) -> list[Campaign]:
    """The campaigns the actor sees with accepted results of soil sampled on a ground up to a day, the newest first."""
    points = PointVersion.objects.filter(
        superseded_at=None, medium=Medium.SOIL, geometry__intersects=shape
    ).values_list("point_id", flat=True)
    results = counting_everywhere().filter(point__in=list(points), medium=Medium.SOIL, sampled_on__lte=on)
    rows = Campaign.objects.visible_to(actor).filter(pk__in=results.values("batch__campaign"))
    return list(rows.order_by("-starts_on", "-pk"))


def point_called(actor: Actor, number: str, on: date) -> PointVersion | None:
    """A point by our number or its code, as it stands on a day; None where the actor sees none or more than one."""
    rows = PointVersion.objects.visible_to(actor).standing(on).select_related("point")
    found = list(rows.filter(Q(point__number=number.strip()) | Q(code=number.strip()))[:2]) if number.strip() else []
    return found[0] if len(found) == 1 else None

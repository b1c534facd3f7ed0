"""Contents as pictures show them: what was measured, what was not detected, and the limit each was held against."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Result, ResultVerdict, SamplingTask
from soildesk.monitoring.queries.eventfacts import counting_everywhere
from soildesk.monitoring.queries.verdicts import rulings_of
from soildesk.monitoring.rulings import Ruling
from soilrules import analytes, units
from soilrules.statistics.readings import Reading

FIELDS = (
    "pk", "uid", "sample", "analyte", "medium", "printed", "value", "unit", "censored", "detection_limit", "more_than",
    "sampled_on", "depth_cm", "point_id", "point__number", "division_path", "task__depth_from_cm", "task__depth_to_cm",
    "task__role", "batch__campaign_id",
)  # fmt: skip
_DEPTH = re.compile(r"(\d+(?:\.\d+)?)\s*[-–—~～至]\s*(\d+(?:\.\d+)?)")


class Layer(NamedTuple):
    """From which depth to which, in centimetres; None where nobody said."""

    top: float | None
    bottom: float | None

    def __str__(self) -> str:
        if self.top is None and self.bottom is None:
            return ""
        return "–".join("" if one is None else f"{one:g}" for one in self)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a result was held against: limits in the unit of the result, by which edition."""

    screening: float | None
    control: float | None
    standard: str
    mark: str


@dataclass(frozen=True, slots=True)
class Content:
    """One result that counts. `number` is what was measured, or the detection limit where nothing was detected."""

    pk: int
    uid: str
    sample: str
    analyte: str
    medium: str
    number: float
    detected: bool
    above: bool  # the instrument's range was passed: more than `number`
    unit: str
    on: date | None
    layer: Layer
    point: int | None
    point_number: str
    division_path: str
    campaign: int
    parallel: bool
    verdict: str  # "" where nobody judged it
    limits: Limits | None

    @property
    def said(self) -> str:
        """The number as it is printed, with < or > where it is none."""
        sign = ">" if self.above else "" if self.detected else "<"
        return f"{sign}{plain(self.number)}"

    @property
    def reading(self) -> Reading | None:
        """As the rules of statistics take it; None for what is no content."""
        return Reading(Decimal(f"{self.number:.10g}"), self.detected) if self.number > 0 else None


def plain(value: float) -> str:
    """A number without an exponent, as many figures as it has."""
    text = f"{value:.12g}"
    return text if "e" not in text else f"{value:.15f}".rstrip("0")


def seen(actor: Actor, on: date) -> QuerySet[Result]:
    """Results that count, of a day in the past those sampled until then."""
    rows = counting_everywhere().visible_to(actor)  # type: ignore[attr-defined]
    return rows.filter(sampled_on__lte=on) if on < actor.today else rows


def contents(rows: QuerySet[Result]) -> list[Content]:
    """The contents of some results with the verdicts that stand, in the order of day and key."""
    held = list(rows.order_by("sampled_on", "pk").values(*FIELDS))
    verdicts = ResultVerdict.objects.filter(result__in=rows.order_by().values("pk"), trial=False, superseded_at=None)
    told = list(verdicts.values("result_id", "verdict", "analyte", "day", "judgement_id", "ruling"))
    rulings = rulings_of(told)
    by_result = {one["result_id"]: (one, rulings[one["judgement_id"]][one["ruling"]]) for one in told}
    found = (_content(row, by_result.get(row["pk"])) for row in held)
    return [one for one in found if one is not None]


def _content(row: dict[str, Any], judged: tuple[dict[str, Any], Ruling] | None) -> Content | None:
    number = row["detection_limit"] if row["censored"] else row["more_than"] if row["value"] is None else row["value"]
    if number is None:
        return None
    said, ruling = judged or (None, None)
    return Content(
        pk=row["pk"],
        uid=str(row["uid"]),
        sample=row["sample"],
        analyte=row["analyte"],
        medium=row["medium"],
        number=float(number),
        detected=not row["censored"],
        above=row["value"] is None and not row["censored"],
        unit=row["unit"],
        on=row["sampled_on"] or (said["day"] if said else None),
        layer=_layer(row),
        point=row["point_id"],
        point_number=row["point__number"] or "",
        division_path=row["division_path"],
        campaign=row["batch__campaign_id"],
        parallel=row["task__role"] == SamplingTask.Role.PARALLEL,
        verdict=said["verdict"] if said else "",
        limits=_limits(ruling, row["unit"]) if said and ruling and said["analyte"] == row["analyte"] else None,
    )


def _layer(row: dict[str, Any]) -> Layer:
    if row["task__depth_from_cm"] is not None or row["task__depth_to_cm"] is not None:
        return Layer(row["task__depth_from_cm"], row["task__depth_to_cm"])
    found = _DEPTH.search(row["depth_cm"] or "")
    return Layer(float(found[1]), float(found[2])) if found else Layer(None, None)


def _limits(ruling: Ruling, unit: str) -> Limits | None:
    """The limits of a ruling; those of a sum are of the sum and stand at none of its components."""
    found = [in_unit(_number(ruling[name]), ruling["limit_unit"] or unit, unit) for name in ("screening", "control")]
    if found == [None, None]:
        return None
    return Limits(found[0], found[1], ruling["standard"] or "", ruling["mark"] or "")


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def in_unit(number: float | None, unit: str, wanted: str) -> float | None:
    """A number in another unit; None where the two do not measure the same."""
    if number is None or unit == wanted:
        return number
    one, other = units.parse(unit), units.parse(wanted)
    if one is None or other is None or one.dimension is not other.dimension:
        return None
    return number * float(one.to(other))


def usual_unit(rows: Iterable[Content]) -> str:
    """The unit most of some contents have."""
    found = Counter(one.unit for one in rows).most_common(1)
    return found[0][0] if found else ""


def alike(rows: Sequence[Content]) -> tuple[str, list[Content], int]:
    """The usual unit, the contents turned into it, and how many have a unit that cannot be."""
    unit = usual_unit(rows)
    turned = [_in(one, unit) for one in rows]
    kept = [one for one in turned if one is not None]
    return unit, kept, len(rows) - len(kept)


def _in(one: Content, unit: str) -> Content | None:
    number = in_unit(one.number, one.unit, unit)
    if number is None or (
        one.medium == "soil" and one.unit != unit and units.times(one.unit, unit) is None
    ):  # wet for dry
        return None
    limits = one.limits
    if limits:
        first, second = (in_unit(each, one.unit, unit) for each in (limits.screening, limits.control))
        limits = replace(limits, screening=first, control=second)
    return replace(one, number=number, unit=unit, limits=limits)


def layers_of(rows: Iterable[Content]) -> list[Layer]:
    """The layers sampled, the uppermost first."""
    found = {one.layer for one in rows}
    return sorted(found, key=lambda one: (one.top is None, one.top or 0.0, one.bottom or 0.0))


def analytes_of(rows: QuerySet[Result]) -> list[str]:
    """The analytes some results have, in the order of the data."""
    held = set(rows.order_by().values_list("analyte", flat=True).distinct())
    known = [slug for slug in analytes.all_analytes() if slug in held]
    return [*known, *sorted(held - set(known))]

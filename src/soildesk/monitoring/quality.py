"""Quality control of a batch: the laboratory's own rows, blind parallels it never learns of, the verdict by analyte.

Judged by the edition of the day of sampling (soilrules.statistics.quality_control). An edition whose numbers are not
entered leaves everything unknown, and that is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from soildesk.monitoring.models import Batch, Medium, QualitySample, Result, SamplingTask
from soildesk.monitoring.sampled import Sample
from soilrules import units
from soilrules.messages import Message
from soilrules.statistics import quality_control as rules
from soilrules.statistics.quality_rules import edition_on
from soilrules.statistics.readings import Reading

SOILS = (Medium.SOIL, Medium.SEDIMENT)
NOT_APPLICABLE = "not_applicable"
GRAVITY = (NOT_APPLICABLE, "accept", "accept_with_flags", "unknown", "return_to_laboratory")
BASE = "mg/kg"
AT_ONCE = 500


def keep(batch: Batch, rows: Sequence[Mapping[str, Any]], samples: Mapping[str, Sample]) -> None:
    """Write down the measurements of quality control: those of the sheet, and the blind parallels."""
    made = [_of_sheet(batch, row, samples) for row in rows] + list(_blind(batch, samples))
    for start in range(0, len(made), AT_ONCE):
        with transaction.atomic():
            QualitySample.objects.bulk_create(made[start : start + AT_ONCE])


def _of_sheet(batch: Batch, row: Mapping[str, Any], samples: Mapping[str, Sample]) -> QualitySample:
    of = samples.get(row["name"])
    numbers = {name: _decimal(row[name]) for name in ("added", "certified", "uncertainty", "detection_limit")}
    return QualitySample(
        batch=batch, kind=row["kind"], analyte=row["analyte"], name=row["name"][:80], unit=row["unit"][:20],
        first=row["first"][:30], second=row["second"][:30], row=row["row"], medium=of.medium if of else "", **numbers,
    )  # fmt: skip


def _decimal(text: str) -> Decimal | None:
    return round(Decimal(text), 6) if text else None


def _blind(batch: Batch, samples: Mapping[str, Sample]) -> Iterator[QualitySample]:
    """Pairs of a sample and its blind parallel, by analyte; the partner may stand in a batch accepted before."""
    pairs = {name: one.parallel_of for name, one in samples.items() if one.parallel_of in samples}
    if not pairs:
        return
    found = _results(batch, {*pairs, *pairs.values()})
    for name, first in pairs.items():
        for analyte, second in found.get(name, {}).items():
            other = found.get(first, {}).get(analyte)
            if other and _said(other) and _said(second) and other.unit == second.unit:
                yield QualitySample(
                    batch=batch, kind=QualitySample.Kind.BLIND, analyte=analyte, name=f"{first} / {name}"[:80],
                    unit=second.unit, first=_said(other), second=_said(second), row=second.row, medium=second.medium,
                )  # fmt: skip


def _results(batch: Batch, names: set[str]) -> dict[str, dict[str, Result]]:
    found: dict[str, dict[str, Result]] = defaultdict(dict)
    ours = Q(batch=batch) | Q(batch__state__in=Batch.ACCEPTED_STATES, batch__campaign=batch.campaign_id)
    listed = sorted(names)
    for start in range(0, len(listed), AT_ONCE):
        tasks = SamplingTask.objects.filter(campaign=batch.campaign_id, code__in=listed[start : start + AT_ONCE])
        for one in Result.objects.filter(ours, task__in=tasks, superseded_at=None).order_by("pk"):
            found[one.sample][one.analyte] = one
    return found


def _said(one: Result) -> str:
    """A result as a reading; blank where it is none."""
    if one.censored:
        return f"<{one.detection_limit!r}"[:30] if one.detection_limit else ""
    return repr(one.value)[:30] if one.value and one.value > 0 else ""


def verdicts(batch: Batch) -> dict[str, Any]:
    """The verdict of every analyte of the batch, and the gravest of them."""
    controls = list(batch.quality_samples.all())
    contents = _contents(batch)
    told = []
    for analyte, medium, days in _counted(batch):
        samples = sum(days.values())
        if not controls:
            told.append(_said_why(analyte, medium, samples, "no_quality"))
        elif medium not in SOILS:
            told.append(_said_why(analyte, medium, samples, "other_medium"))
        elif analyte not in contents:
            told.append(_said_why(analyte, medium, samples, "no_content", NOT_APPLICABLE))
        else:
            own = [one for one in controls if one.analyte == analyte and one.medium in ("", medium)]
            told.extend(_lines((analyte, medium), days, own))
    gravest = max((line["verdict"] for line in told), key=GRAVITY.index, default="unknown")
    verdict = "unknown" if gravest == NOT_APPLICABLE else gravest
    return {"verdict": verdict, "analytes": told, "rows": len(controls)}


def _contents(batch: Batch) -> set[str]:
    """The analytes given as contents; pH and the like are none, and the tables of the standards are of contents."""
    said = batch.results.order_by().values_list("analyte", "unit").distinct()
    return {analyte for analyte, unit in said if _in_base(unit) is not None}


def _in_base(printed: str) -> Decimal | None:
    """What to multiply a number of this unit by to have mg/kg; None for a unit that does not become it."""
    unit, base = units.parse(printed), units.parse(BASE)
    if unit is None or base is None or unit.dimension is not base.dimension:
        return None
    return unit.to(base)


def _counted(batch: Batch) -> Iterator[tuple[str, str, dict[date | None, int]]]:
    """How many samples each analyte has, by medium and day."""
    rows = (
        batch.results.order_by().values_list("analyte", "medium", "sampled_on").annotate(Count("sample", distinct=True))
    )
    found: dict[tuple[str, str], dict[date | None, int]] = defaultdict(dict)
    for analyte, medium, day, count in rows:
        found[analyte, medium][day] = count
    for (analyte, medium), days in sorted(found.items()):
        yield analyte, medium, days


def _lines(
    of: tuple[str, str], days: Mapping[date | None, int], controls: Sequence[QualitySample]
) -> Iterator[dict[str, Any]]:
    """One line for each edition the samples of an analyte fall under."""
    analyte, medium = of
    by_edition: dict[str, tuple[date, int]] = {}
    for day, count in days.items():
        if day is not None:
            edition = edition_on(day)
            name = edition.name if edition else ""
            by_edition[name] = (day, by_edition.get(name, (day, 0))[1] + count)
    if not by_edition:
        yield _said_why(analyte, medium, sum(days.values()), "no_day")
    for day, count in by_edition.values():
        yield _line(analyte, medium, rules.check_batch(_batch(analyte, day, count, controls)), count)


def _said_why(analyte: str, medium: str, samples: int, why: str, verdict: str = "unknown") -> dict[str, Any]:
    message = Message("labquality", "batch", why, {"row": "1"})
    return {
        "analyte": analyte, "medium": medium, "samples": samples, "verdict": verdict, "edition": "",
        "zh": message.sentence("zh"), "en": message.sentence("en"), "findings": [],
    }  # fmt: skip


def _line(analyte: str, medium: str, verdict: rules.BatchVerdict, samples: int) -> dict[str, Any]:
    return {
        "analyte": analyte, "medium": medium, "samples": samples, "verdict": str(verdict.outcome),
        "edition": verdict.edition, "zh": verdict.message.sentence("zh"), "en": verdict.message.sentence("en"),
        "findings": [
            {
                "outcome": str(one.outcome), "about": one.about, "rule": one.rule.id if one.rule else "",
                "mark": str(one.rule.mark) if one.rule else "", "zh": one.message.sentence("zh"),
                "en": one.message.sentence("en"),
            }
            for one in verdict.findings
        ],
    }  # fmt: skip


def _batch(analyte: str, day: date, samples: int, controls: Iterable[QualitySample]) -> rules.Batch:
    """The measurements of one analyte as the rules take them, in mg/kg."""
    kinds: dict[str, list[Any]] = defaultdict(list)
    for one in controls:
        made = _measured(one)
        if made is not None:
            kinds[type(made).__name__].append(made)
    pairs = tuple(kinds["Pair"])
    return rules.Batch(
        analyte, day, max(samples, len({pair.sample for pair in pairs})), pairs, tuple(kinds["Blank"]),
        tuple(kinds["Spike"]), tuple(kinds["ReferenceMaterial"]),
    )  # fmt: skip


def _measured(one: QualitySample) -> Any:
    """One measurement; None in a unit that does not become mg/kg."""
    factor = _in_base(one.unit)
    if factor is None:
        return None

    def reading(text: str) -> Reading:
        said = Reading.parse(text)
        return Reading(said.value * factor, said.detected, one.name)

    def scaled(number: Decimal | None) -> Decimal:
        return (number or Decimal(0)) * factor

    if one.kind == QualitySample.Kind.BLANK:
        limit = scaled(one.detection_limit) if one.detection_limit else None
        return rules.Blank(one.name, reading(one.first), limit)
    if one.kind == QualitySample.Kind.SPIKE:
        return rules.Spike(one.name, reading(one.first), scaled(one.added), reading(one.second))
    if one.kind == QualitySample.Kind.MATERIAL:
        return rules.ReferenceMaterial(one.name, reading(one.first), scaled(one.certified), scaled(one.uncertainty))
    return rules.Pair(one.name, reading(one.first), reading(one.second))

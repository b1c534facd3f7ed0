"""What a judgement says, told result by result: verdict, limit, basis and reason of each, accepted or waiting.

Results of checked batches nobody accepted yet are judged as they would be if they were: a trial that is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from soildesk.monitoring.models import Batch, Campaign
from soildesk.monitoring.queries.samplefacts import NOT_JUDGED, WITHOUT_PH, rejected, taken_in
from soildesk.monitoring.queries.verdicts import rulings_of, standing
from soildesk.monitoring.queries.weighing import FIELDS, Verdicts, chunks, verdicts_of
from soildesk.monitoring.rulings import Ruling, sentence
from soilrules.verdict import Outcome

SHOWN = (*FIELDS, "point__number", "batch__number", "batch__state", "task__role")


@dataclass(frozen=True, slots=True)
class Said:
    """The verdict on one result."""

    ruling: Ruling
    factor: float | None
    day: date | None
    ph: float | None


def kept(campaign: Campaign) -> dict[int, Said]:
    """The verdicts that stand, by the key of their result."""
    rows = standing(campaign)
    rulings = rulings_of(rows)
    found = rows.values_list("result_id", "judgement_id", "ruling", "factor", "day", "ph").iterator(10_000)
    return {
        result: Said(rulings[judgement][ruling], factor, day, ph)
        for result, judgement, ruling, factor, day, ph in found
    }


def said_by(verdicts: Verdicts) -> dict[int, Said]:
    """Verdicts worked out and not kept, by the key of their result."""
    columns = (verdicts.result, verdicts.ruling, verdicts.factor, verdicts.day, verdicts.ph)
    found = zip(*(column.tolist() for column in columns), strict=True)
    return {
        result: Said(verdicts.rulings[ruling], _number(factor), day, _number(ph))
        for result, ruling, factor, day, ph in found
    }


def _number(value: float) -> float | None:
    return None if value != value else value


def waiting(campaign: Campaign, on: date, as_if_on: date | None = None) -> dict[int, Said]:
    """The verdicts on results of batches that wait to be accepted; empty where none waits."""
    keys = set(taken_in(campaign).filter(batch__state=Batch.State.CHECKED).values_list("pk", flat=True))
    if not keys:
        return {}
    found = said_by(verdicts_of(campaign, on, as_if_on, waiting=True))
    return {key: one for key, one in found.items() if key in keys}


def told(campaign: Campaign, said: Mapping[int, Said]) -> Iterator[dict[str, Any]]:
    """Every result that was read in, with what is said of it; what is not judged says why."""
    left_out = set(rejected(campaign).values_list("result_id", flat=True))
    for rows in chunks(taken_in(campaign), SHOWN):
        for row in rows:
            found = said.get(row["pk"])
            yield _shown(row) | (_judged(row, found) if found else _not_judged(row, left_out))


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the laboratory said, and where it came in."""
    return {
        "sample": row["sample"],
        "point": row["point__number"],
        "medium": row["medium"],
        "analyte": row["analyte"],
        "value": row["detection_limit"] if row["censored"] else row["value"],
        "unit": row["unit"],
        "censored": row["censored"],
        "accepted": row["batch__state"] in Batch.ACCEPTED_STATES,
        "batch": row["batch__number"],
    }


def _judged(row: Mapping[str, Any], said: Said) -> dict[str, Any]:
    ruling = said.ruling
    over_control = ruling["verdict"] == Outcome.EXCEEDS_CONTROL
    measured = {"value": row["value"], "detection_limit": row["detection_limit"], "censored": row["censored"]}
    return {
        "judged": True,
        "judged_as": ruling["analyte"],
        "verdict": ruling["verdict"],
        "cause": ruling["cause"] or None,
        "factor": said.factor,
        "limit": ruling["control"] if over_control else ruling["screening"],
        "limit_unit": ruling["limit_unit"],
        "basis": ruling["basis"],
        "reason": sentence(ruling, {**measured, "factor": said.factor, "day": said.day, "ph": said.ph}),
        "mark": ruling["mark"],
    }


def _not_judged(row: Mapping[str, Any], left_out: set[int]) -> dict[str, Any]:
    """A result that is held against nothing: unknown, never met, and counted nowhere."""
    cause, reason = _why_not(row, left_out)
    nothing = dict.fromkeys(("factor", "limit", "limit_unit", "basis", "mark"))
    return {
        "judged": False,
        "judged_as": None,
        "verdict": str(Outcome.UNKNOWN),
        "cause": cause,
        "reason": reason,
        **nothing,
    }


def _why_not(row: Mapping[str, Any], left_out: set[int]) -> tuple[str, str]:
    if row["pk"] in left_out:
        return "rejected", _("审核弃用，不参加评价。")
    if row["task__role"] in NOT_JUDGED:
        return "quality_sample", _("质量控制样品，只用于质量控制，不参加评价。")
    if row["analyte"] == "ph" and row["medium"] in WITHOUT_PH:
        return "circumstance", _("pH 是选用限值的条件，本身没有限值，不参加评价。")
    return "not_judged", _("还没有评价：请重新评价本任务。")

"""Target values of a report: the numbers it gives of them, and what the bound results say, target by target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from soildesk.monitoring.queries import bound
from soildesk.plots.models import Report
from soildesk.plots.queries.reportground import batches_of, on_ground
from soilrules import analytes, units
from soilrules.messages import Message
from soilrules.plots.evidence import statistics_fact
from soilrules.plots.figures import Figures, Judged, Name, differing, judge_groundwater, judge_soil
from soilrules.plots.lists import ROOM
from soilrules.statistics.effect_evaluation import Outcome
from soilrules.statistics.readings import Reading

SOIL, GROUNDWATER = bound.SOIL, bound.GROUNDWATER
JUDGES = {SOIL: judge_soil, GROUNDWATER: judge_groundwater}
WORDS = {"passed": "reached", "failed": "not_reached", None: ""}
"""What the statistics of all targets come to, as the conclusion of an evaluation."""


@dataclass(frozen=True, slots=True)
class Target:
    """One target: of a pollutant in a medium and an evaluation area; `points` empty means every bound point."""

    no: int
    medium: str
    analyte: str
    target: Decimal
    unit: str
    area: str = ""
    points: tuple[str, ...] = ()
    own: Figures = field(default_factory=Figures)

    @property
    def name(self) -> str:
        """What the pollutant is called."""
        return analytes.get(self.analyte).name()


def targets_of(report: Report) -> list[Target]:
    """The targets a report tells, in the order they were entered."""
    return [_target(one) for one in report.targets]


def _target(row: Mapping[str, Any]) -> Target:
    own = {one: Decimal(row[one]) for one in Name if row.get(one)}
    return Target(
        no=row["no"],
        medium=row["medium"],
        analyte=row["analyte"],
        target=Decimal(row["target"]),
        unit=row["unit"],
        area=row.get("area", ""),
        points=tuple(row.get("points", ())),
        own=Figures(**{str(key): value for key, value in own.items()}),
    )


def judged(report: Report) -> dict[str, Any]:
    """What the bound results say of the targets of an effect evaluation, to be kept with the report."""
    targets = targets_of(report)
    if not targets:
        return {"outcome": "", "why_not": "targets"}
    if not report.batches.exists():
        return {"outcome": "", "why_not": "results"}
    told = [_told(one, found) for one, found in each(report, targets)]
    word = WORDS[statistics_fact(Outcome(one["outcome"]) for one in told)]
    left = left_over(report, targets)
    if left and word == WORDS["passed"]:
        return {"outcome": "", "why_not": "left", "targets": told, "left": left}
    return {"outcome": word, "why_not": "" if word else "open", "targets": told, "left": left}


def left_over(report: Report, targets: Sequence[Target]) -> list[str]:
    """Samples of the bound soil with a pollutant that has a target, which no target's points name: nothing says they reached it."""
    asked = {one.analyte for one in targets if one.medium == SOIL}
    rows = [one for one in on_ground(report, bound.soil_results(batches_of(report)))[0] if one["analyte"] in asked]
    named = bound.samples_of(one["pk"] for one in rows)
    of_soil = [one for one in targets if one.medium == SOIL]
    return sorted({one["sample"] for one in rows if not any(_of(target, one, named) for target in of_soil)})


def each(report: Report, targets: Sequence[Target]) -> list[tuple[Target, Judged]]:
    """Every target with what the bound results say of it."""
    batches = batches_of(report)
    rows = {
        SOIL: on_ground(report, bound.soil_results(batches))[0],
        GROUNDWATER: on_ground(report, bound.groundwater_results(batches))[0],
    }
    named = bound.samples_of(one["pk"] for held in rows.values() for one in held)
    return [(one, _judge(one, [row for row in rows[one.medium] if _of(one, row, named)], named)) for one in targets]


def _of(target: Target, row: Mapping[str, Any], named: Mapping[int, tuple[str, str]]) -> bool:
    asked = not target.points or set(named.get(row["pk"], ())) & set(target.points)
    return bool(row["analyte"] == target.analyte and asked)


def _judge(target: Target, rows: Sequence[Mapping[str, Any]], named: Mapping[int, tuple[str, str]]) -> Judged:
    readings, wrong = readings_of(target, rows, named)
    return Judged(Outcome.UNKNOWN, wrong, Figures()) if wrong else JUDGES[target.medium](readings, target.target)


def readings_of(
    target: Target, rows: Sequence[Mapping[str, Any]], named: Mapping[int, tuple[str, str]]
) -> tuple[list[Reading], Message | None]:
    """The values in the unit of the target; or why they cannot be held against it."""
    wanted, found, wrong = units.parse(target.unit), [], []
    for row in rows:
        unit = units.parse(row["unit"] or "")
        wet = unit is not None and unit.basis is units.Basis.FRESH and target.medium == SOIL
        if unit is None or wanted is None or wet or unit.dimension is not wanted.dimension:
            return [], Message(ROOM, "targets", "unit", {"unit": target.unit})
        number = row["detection_limit"] if row["censored"] else row["value"]
        if number is None or number <= 0 or row["more_than"]:
            wrong.append(row["printed"])
            continue
        label = " ".join(filter(None, reversed(named.get(row["pk"], ("", "")))))
        found.append(Reading(Decimal(str(number)) * unit.to(wanted), not row["censored"], label))
    if wrong:
        return [], Message(ROOM, "targets", "not_a_number", {"values": "、".join(wrong[:10])})
    return found, None


def _told(target: Target, found: Judged) -> dict[str, Any]:
    figures = {key: _short(value) for key, value in asdict(found.figures).items() if value is not None}
    message = found.message
    return {
        "no": target.no,
        "outcome": str(found.outcome),
        "message": [message.room, message.group, message.id, dict(message.params)],
        "figures": figures,
        "differs": [str(one) for one in differing(target.own, found.figures)],
    }


def _short(value: Decimal | int) -> str:
    """A computed number in six digits."""
    if isinstance(value, int):
        return str(value)
    rounded = Decimal(f"{value:.6g}")
    return f"{rounded.normalize():f}"


def own_target_says(report: Report) -> tuple[str, int]:
    """What groundwater is by the report's own targets: exceeds, within, or empty; and how many targets it has."""
    targets = [one for one in targets_of(report) if one.medium == GROUNDWATER]
    found = [judge for _target, judge in each(report, targets)]
    if any(one.outcome is Outcome.NOT_REACHED for one in found):
        return "exceeds", len(targets)
    sure = all(one.figures.n and one.figures.above == 0 for one in found)
    return ("within" if found and sure else ""), len(targets)

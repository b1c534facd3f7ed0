"""Trials as they were found: the units that differ with their ground, and how much goes from which class to which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from soildesk.core.models import Job
from soildesk.core.permissions import Actor
from soildesk.farmland.models import Classification, ClassTrial, UnitVersion
from soildesk.farmland.queries.classifications import shown

ORDER = ("priority", "safe_use", "strict", "")


@dataclass(frozen=True, slots=True)
class Changed:
    """A unit on the ground it was worked out on, its class before and after, and the elements that make the latter."""

    version: UnitVersion
    before: str
    after: str
    controlling: str


@dataclass(frozen=True, slots=True)
class Move:
    """So many units and m² from one class to another."""

    before: str
    after: str
    units: int
    area_m2: float


def trials(actor: Actor) -> QuerySet[ClassTrial]:
    """The trials of classifications the actor may see, the newest first."""
    rows = ClassTrial.objects.visible_to(actor).select_related("classification", "by")
    return shown(rows, actor)


def of_classification(actor: Actor, classification: Classification) -> QuerySet[ClassTrial]:
    """The trials of one classification, without what was found of each unit."""
    return trials(actor).filter(classification=classification)


def job_of(trial: ClassTrial) -> Job | None:
    """The job that computes a trial."""
    return Job.objects.filter(uid=trial.job).select_related("owner").first()


def changed(trial: ClassTrial) -> list[Changed]:
    """The units that differ, the largest first."""
    rows = trial.found.get("differs", ())
    held = UnitVersion.objects.select_related("unit").in_bulk([row[0] for row in rows])
    return [Changed(held[version], *said) for version, *said in rows if version in held]


def moves(found: Sequence[Changed]) -> list[Move]:
    """How much goes from which class to which, in the order of the classes."""
    units: Counter[tuple[str, str]] = Counter()
    areas: Counter[tuple[str, str]] = Counter()
    for one in found:
        units[one.before, one.after] += 1
        areas[one.before, one.after] += one.version.area_m2  # type: ignore[assignment]
    wanted = sorted(units, key=lambda pair: (ORDER.index(pair[0]), ORDER.index(pair[1])))
    return [Move(*pair, units[pair], areas[pair]) for pair in wanted]

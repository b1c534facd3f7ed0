"""How far classifications are: what was proposed, what was checked, who agreed, what still stands in the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from soildesk.core.models import Division
from soildesk.core.permissions import Actor, held_for
from soildesk.farmland.models import (
    Classification,
    ClassOpinion,
    FarmlandClass,
    FieldCheck,
    Trigger,
    UnitClass,
    UnitProposal,
    UnitVersion,
)
from soildesk.farmland.queries.units import town

Proposed = TypeVar("Proposed", bound=QuerySet[Any])
AGREEING = ("agriculture", "ecology")
"""Lines of work that must both agree before a classification goes to the province."""
SAYING = Q(fits=False) | Q(use_fits=False) | Q(fits=True, use_fits=True)
"""Field checks that say how it is: where bounds or use could not be seen and nothing was wrong, somebody has to go again."""


def shown(rows: Proposed, actor: Actor | None) -> Proposed:
    """Of what is proposed the rows an actor may read: who reviews in one place may only read in another."""
    if actor is None:
        return rows.none()
    return rows if actor.system else rows.filter(held_for(actor, "farmland.read_proposals", rows.model))


def classifications(actor: Actor | None, on: date) -> QuerySet[Classification]:
    """Classifications the actor may see; nobody without the permission for proposals in their place."""
    return shown(Classification.objects.visible_to(actor), actor)


def proposals(actor: Actor | None, on: date) -> QuerySet[UnitProposal]:
    """The proposals that were computed last, of classifications that are not given up; reviewers alone see them."""
    rows = UnitProposal.objects.visible_to(actor).filter(superseded_at=None)
    rows = rows.exclude(classification__state=Classification.State.GIVEN_UP)
    rows = rows.annotate(town=town(), final_class=Coalesce(NullIf("settled", Value("")), "proposed"))
    return shown(rows, actor)


def triggers(actor: Actor | None, on: date) -> QuerySet[Trigger]:
    """Threads of adjustment up to a day."""
    rows = Trigger.objects.visible_to(actor).filter(superseded_at=None, on__lte=on).annotate(town=town())
    return shown(rows, actor)


def checks(actor: Actor | None, on: date) -> QuerySet[FieldCheck]:
    """Field checks up to a day."""
    return FieldCheck.objects.visible_to(actor).filter(superseded_at=None, on__lte=on).annotate(town=town())


def in_the_field(actor: Actor) -> QuerySet[Classification]:
    """Classifications whose units are to be looked at, as far as the actor sees any of them: a town sees its own units."""
    seen = UnitVersion.objects.visible_to(actor).filter(superseded_at=None).values("unit")
    asked = UnitProposal.objects.filter(superseded_at=None, unit__in=seen).values("classification")
    return Classification.objects.filter(state=Classification.State.CHECKING, pk__in=asked)


def unchecked(actor: Actor, classification: Classification) -> QuerySet[UnitVersion]:
    """The units of a classification an actor sees that nobody looked at yet or saw, as they were computed."""
    looked_at = classification.checks.filter(SAYING, superseded_at=None).values("unit")
    asked = live(classification).exclude(unit__in=looked_at)
    rows = UnitVersion.objects.visible_to(actor).filter(pk__in=asked.values("version"))
    return rows.select_related("unit").defer("geometry").order_by("unit__number")


def live(classification: Classification) -> QuerySet[UnitProposal]:
    """The proposals of a classification that stand."""
    return classification.proposals.filter(superseded_at=None)


def final(proposal: UnitProposal) -> str:
    """The class that would be sent: what the review settled on, else what was computed."""
    return proposal.settled or proposal.proposed


def apart(proposal: UnitProposal) -> Sequence[str]:
    """The points that must be drawn out of a unit before its class can be approved."""
    return [] if proposal.settled else proposal.detail.get("apart", [])


@dataclass(frozen=True)
class Progress:
    """Units of a classification by what stands in the way of sending them. All are keys of proposals but `misfits`."""

    units: int
    changed: int
    unknown: Sequence[UnitProposal]
    apart: Sequence[UnitProposal]
    unchecked: int
    misfits: Sequence[FieldCheck]
    moved: Sequence[UnitProposal]
    areas: Mapping[str, float]
    computed: Mapping[str, int]
    settled: Mapping[str, int]

    @property
    def left_out(self) -> list[UnitProposal]:
        """The units that cannot be sent: nobody can say their class, or points must be drawn out of them first."""
        return [*self.unknown, *self.apart]


def progress(classification: Classification) -> Progress:
    """How far a classification is."""
    rows = list(
        live(classification).select_related("unit", "version").defer("version__geometry").order_by("unit__number")
    )
    checks = last_checks(classification)
    areas: dict[str, float] = defaultdict(float)
    for one in rows:
        areas[final(one)] += one.version.area_m2
    return Progress(
        units=len(rows),
        changed=sum(bool(final(one)) and final(one) != one.before for one in rows),
        unknown=[one for one in rows if not final(one)],
        apart=[one for one in rows if final(one) and apart(one)],
        unchecked=sum(one.unit_id not in checks for one in rows),
        misfits=misfits(rows, checks),
        moved=[one for one in rows if one.version.superseded_at is not None],
        areas=dict(areas),
        computed=Counter(one.proposed for one in rows),
        settled=Counter(final(one) for one in rows),
    )


def last_checks(classification: Classification) -> dict[int, FieldCheck]:
    """The last field check of each unit that says how it is."""
    rows = classification.checks.filter(SAYING, superseded_at=None).select_related("unit").order_by("on", "pk")
    return {one.unit_id: one for one in rows}


def misfits(rows: Sequence[UnitProposal], checks: Mapping[int, FieldCheck]) -> list[FieldCheck]:
    """Checks that found other bounds or another use, of units nobody has changed since."""
    found = []
    for one in rows:
        check = checks.get(one.unit_id)
        differs = check is not None and (check.fits is False or check.use_fits is False)
        if check is not None and differs and one.version.recorded_at <= check.recorded_at:
            found.append(check)
    return found


def opinions(classification: Classification) -> dict[str, ClassOpinion]:
    """What each line of work said last of the proposals as they were computed last."""
    rows = classification.opinions.filter(superseded_at=None).select_related("department")
    if classification.computed_at:
        rows = rows.filter(recorded_at__gte=classification.computed_at)
    return {one.department.function: one for one in rows.order_by("on", "pk")}


def agreed(classification: Classification) -> list[str]:
    """The lines of work whose agreement is still missing."""
    said = opinions(classification)
    return [
        line for line in AGREEING if line not in said or said[line].verdict != ClassOpinion.Verdict.AGREE
    ]  # fmt: skip


def given(classification: Classification) -> Mapping[int, str] | None:
    """The class the decision gave each unit, by its key; None as long as there is none."""
    if classification.decision_id is None:
        return None
    rows = UnitClass.objects.filter(decision=classification.decision_id).filter(
        Q(superseded_at=None) | Q(superseded_at__gt=F("recorded_at"))
    )
    return dict(rows.order_by("pk").values_list("unit_id", "farmland_class"))


def outcome(proposal: UnitProposal, approved: Mapping[int, str] | None) -> str:
    """The class a unit has by a classification: what was approved once something is, before that what would be sent."""
    return final(proposal) if approved is None else approved.get(proposal.unit_id, "")


def differing(classification: Classification) -> list[tuple[UnitProposal, str]]:
    """Units the province gave another class than was sent; empty text where it gave none."""
    approved = given(classification)
    if approved is None:
        return []
    sent = live(classification).select_related("unit", "version").defer("version__geometry")
    return [
        (one, outcome(one, approved))
        for one in sent
        if final(one) and not apart(one) and outcome(one, approved) != final(one)
    ]


def class_word(value: str) -> str:
    """A class as it is called; empty is told as not known."""
    return str(FarmlandClass(value).label) if value else ""


def place_names(paths: Iterable[str]) -> dict[str, str]:
    """Names of divisions by path."""
    rows = Division.objects.filter(path__in=set(paths)).order_by("since")
    return dict(rows.values_list("path", "name"))

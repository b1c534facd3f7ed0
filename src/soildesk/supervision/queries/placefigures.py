"""One measure asked of each place right below one: how counties or towns stand, and what a letter about one of them begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from soildesk.core.models import Department, Division
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import READERS, Actor
from soildesk.kit import measures
from soildesk.kit.measures import Measure, MeasureResult, Outcome
from soildesk.kit.passes import remembering
from soildesk.monitoring.measuring import BOTH, WholePlace

OF_PLANS = "plans."
ORDER = (Outcome.NOT_DONE, Outcome.CANNOT_SAY, Outcome.NOT_APPLICABLE, Outcome.DONE)
"""Who has not reached it stands first."""


@dataclass(frozen=True, slots=True)
class PlaceFigure:
    """What a measure answers of a place on a day, as known now."""

    measure: Measure
    division: Division
    on: date
    result: MeasureResult

    @property
    def key(self) -> str:
        """How a letter is begun from it."""
        return f"{self.measure.id}|{self.division.path}|{self.on}"


def asked_of_places() -> list[Measure]:
    """Measures that can be asked of any place, without a plan."""
    return [
        one for one in measures.measures().values() if tuple(one.subjects) == BOTH and not one.id.startswith(OF_PLANS)
    ]


def below(actor: Actor, on: date) -> Sequence[Division]:
    """The places right below those an actor reads the whole of, as they were on a day."""
    read = {grant.division_id for grant in actor.grants if grant.role in READERS}
    return list(Division.objects.filter(valid_on(on), parent__in=read).order_by("path"))


def figures(actor: Actor, measure: Measure, on: date) -> list[PlaceFigure]:
    """The measure of each place below, those that have not reached it first."""
    with remembering({}):
        found = [_figure(actor, measure, one, on) for one in below(actor, on)]
    return sorted(found, key=lambda one: (ORDER.index(one.result.outcome), one.division.path))


def figure(actor: Actor, key: str) -> PlaceFigure | None:
    """The figure a key names; None where there is no such measure, or the place is not one below the actor's."""
    name, _, rest = key.partition("|")
    path, _, day = rest.partition("|")
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None
    measure = next((one for one in asked_of_places() if one.id == name), None)
    place = next((one for one in below(actor, on) if one.path == path), None)
    if measure is None or place is None or on > actor.today:
        return None
    return _figure(actor, measure, place, on)


def addressee(division: Division) -> Department | None:
    """The government of a place, where it is on record: a figure of a whole place is its matter."""
    kinds = (Department.Kind.GOVERNMENT, Department.Kind.TOWN)
    return Department.objects.filter(division=division, kind__in=kinds).order_by("pk").first()


def _figure(actor: Actor, measure: Measure, division: Division, on: date) -> PlaceFigure:
    return PlaceFigure(measure, division, on, measure.run(actor, WholePlace(division, on.year), on, actor.today))

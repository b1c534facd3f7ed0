"""Classes in the example looked at again: threads of routine monitoring, one put aside and others taken up; and the whole place
by the round of 2025, as far as there are points.
"""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

from soildesk.core import clock
from soildesk.core.models import Person
from soildesk.core.permissions import Actor
from soildesk.farmland.models import Classification, Trigger
from soildesk.farmland.services import classifying, triggers
from soildesk.farmland.services.classifying import Wanted
from soildesk.land.services.writing import place_at
from soildesk.monitoring.queries.columns import campaigns_of

FARMER = "maijia"
ASIDE = "复测点位在田埂填土上，不代表本单元；明年补采单元内三个点位再核实"


def tell() -> None:
    """Threads as they stand today, and the adjustment that the farming office began."""
    by = Actor.of(Person.objects.get(username=FARMER), on=clock.today())
    at = timezone.make_aware(datetime.combine(clock.today(), time(8, 30)))
    _whole(by, at)
    found = sorted(triggers.look(by=by, at=at), key=lambda one: one.pk)
    if len(found) < 2:
        return
    triggers.dismiss(found[0], why=ASIDE, by=by, at=at)
    taken = list(Trigger.objects.filter(state=Trigger.State.OPEN).select_related("unit"))
    wanted = Wanted(
        title="类别动态调整（例行监测）",
        on=clock.today(),
        soil_rounds=campaigns_of(by, ["soil"]),
        produce_rounds=campaigns_of(by, ["produce"]),
        why=str(taken[0].why),
    )
    made = triggers.take_up(taken, wanted, place_at("", by), by=by, at=at)
    classifying.compute(made, by=by, at=at)


def _whole(by: Actor, at: datetime) -> None:
    """Every unit by all the rounds there are: most have no point, and nobody can say their class."""
    wanted = Wanted(
        title="2026年农用地类别复核（加密监测）",
        on=clock.today(),
        soil_rounds=campaigns_of(by, ["soil"]),
        produce_rounds=campaigns_of(by, ["produce"]),
        why=str(Classification.Why.CO_MONITORING),
    )
    made = classifying.open_(wanted, place_at("", by), by=by, at=at)
    classifying.compute(made, by=by, at=at)

"""What produce and grain add to the page of a unit: its seasons with the tests they owe, locks that wait, its lots."""

from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string

from soildesk.core.permissions import Actor
from soildesk.farmland.grainwords import lot_chip, owed_chip, owed_key, risk_words
from soildesk.farmland.models import LockProposal, Lot, UnitVersion
from soildesk.farmland.queries import balances, owedtests
from soildesk.farmland.register.beside import beside
from soildesk.farmland.register.lotpage import first_step

LATEST = 6


@beside(order=60)
def section(actor: Actor, version: UnitVersion, on: date) -> str:
    """Seasons, tests and lots of a unit."""
    owed = sorted(
        owedtests.of_units([version.unit_id], on), key=lambda one: one.season.harvest_from or date.max, reverse=True
    )
    lots = Lot.objects.visible_to(actor).filter(superseded_at=None, units=version.unit_id).order_by("-number")[:LATEST]
    held = balances.of_many(lots, on)
    proposals = LockProposal.objects.visible_to(actor).filter(
        superseded_at=None, unit=version.unit_id, state=LockProposal.State.OPEN
    )
    risks = owedtests.risks_of([version.unit_id], on).get(version.unit_id)
    context = {
        "number": version.unit.number,
        "risks": risk_words(risks),
        "unknown": risks is None,
        "seasons": [(one, owed_chip(owed_key(one))) for one in owed[:LATEST]],
        "lots": [(one.lot, lot_chip(one.lot), first_step(one)) for one in held.values()],
        "proposals": proposals.select_related("test"),
    }
    return render_to_string("farmland/grain_of_unit.html", context)

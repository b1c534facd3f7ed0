"""What classifications add to the page of a unit: the class proposed and why, threads that ask for a new look, where its ground came from."""

from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string

from soildesk.core.permissions import Actor, may
from soildesk.farmland.classwords import class_chip
from soildesk.farmland.models import StandsFor, Trigger, UnitVersion
from soildesk.farmland.queries import classes, classifications, origins
from soildesk.farmland.register.beside import beside
from soilrules.bases import bases_on


@beside(order=30)
def section(actor: Actor, version: UnitVersion, on: date) -> str:
    """Proposals and threads for those who review; the origin of the ground for all."""
    reviewing = may(actor, "farmland.read_proposals", version)
    proposals = classifications.proposals(actor, on).filter(unit=version.unit_id) if reviewing else []
    threads = classifications.triggers(actor, on).filter(unit=version.unit_id) if reviewing else []
    held = classes.classes_of([version.unit_id], on, None).get(version.unit_id)
    origin = origins.origin_of(actor, version)
    context = {
        "version": version,
        "reviewing": reviewing,
        "proposals": [
            (one, class_chip(one.final_class), class_chip(one.soil_only))
            for one in (proposals.select_related("classification").order_by("-computed_at")[:4] if reviewing else ())
        ],
        "threads": [one for one in threads if one.state == Trigger.State.OPEN],
        "points": StandsFor.objects.filter(unit=version.unit_id, superseded_at=None).select_related("point")
        if reviewing
        else [],
        "may_classify": may(actor, "farmland.classify", version),
        "origin": origin,
        "bases": [one.cited for one in bases_on(origins.BASES, on)],
        "heavy": origins.is_heavy(version, held.farmland_class if held else ""),
        "may_convert": may(actor, "farmland.keep_units", version) and may(actor, "plots.decide", version),
    }
    return render_to_string("farmland/classes_of_unit.html", context)

"""On the page of a unit: the measures on it, the plans and zones it belongs to."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.template.loader import render_to_string

from soildesk.core.permissions import Actor, may
from soildesk.farmland.models import ProhibitedZone, UnitMeasure, UnitVersion, UsePlan
from soildesk.farmland.mu import told
from soildesk.farmland.queries.carried import came_from
from soildesk.farmland.queries.covered import with_evidence
from soildesk.farmland.register.beside import beside
from soildesk.farmland.services.measures import KEEP
from soildesk.farmland.usewords import measure_word

MOST = 12


@beside(order=50)
def section(actor: Actor, version: UnitVersion, on: date) -> str:
    """What was done on the unit and on those whose ground it took, with what is missing to count."""
    if not may(actor, "farmland.read", version):
        return ""
    rows = UnitMeasure.objects.visible_to(actor).filter(
        unit__in=came_from(version.unit_id), superseded_at=None, year__lte=on.year
    )
    found = list(rows.select_related("unit").order_by("-year", "-id")[:MOST])
    proven = set(rows.filter(with_evidence(), pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    zones = ProhibitedZone.objects.visible_to(actor).filter(units=version.unit_id, superseded_at=None)
    context = {
        "unit": version.unit,
        "measures": [(one, measure_word(one.kind), told(one.area_m2), one.pk in proven) for one in found],
        "plans": UsePlan.objects.visible_to(actor)
        .filter(units=version.unit_id, superseded_at=None)
        .order_by("-made_on"),
        "zones": zones.filter(Q(until=None) | Q(until__gt=on), proposed_on__lte=on),
        "may_keep": may(actor, KEEP, version),
    }
    return render_to_string("farmland/use_of_unit.html", context)

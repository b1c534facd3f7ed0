"""Where somebody may take in plans, and which department then keeps them."""

from __future__ import annotations

from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor, may

SMALL = (Division.Level.TOWN, Division.Level.VILLAGE)


def intake_divisions(actor: Actor) -> list[Division]:
    """The divisions of the actor's grants for which plans may be taken in, and those right below them that have plans."""
    granted = {grant.division_id: grant.division for grant in actor.grants}
    allowed = [row for row in granted.values() if may(actor, "plans.import", row)]
    below = Division.objects.filter(parent__in=allowed).exclude(level__in=SMALL)
    return allowed + [row for row in below if row.pk not in granted]


def keeper(actor: Actor, division: Division) -> Department | None:
    """The person's own department, else the one of the division in charge of soil; None where none is registered."""
    if actor.person and actor.person.department:
        return actor.person.department
    rows = division.departments.all()
    return rows.filter(function="ecology").first() or rows.first()

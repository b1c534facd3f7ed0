"""Which line of work the ground of a unit belongs to, and whom a notice about grain may go to."""

from __future__ import annotations

from soildesk.core.models import Department
from soildesk.core.permissions import Actor
from soildesk.farmland.models import UnitVersion
from soildesk.farmland.queries.lines import WOODED
from soildesk.farmland.services.offices import Line, offices_of
from soildesk.land.services.writing import county_of

TOLD_FIRST = (Line.GRAIN, Line.MARKET, Line.FINANCE)


def line_of(unit: UnitVersion) -> Line:
    """The line a unit belongs to: gardens and forest that grow food are the forest office's."""
    return Line.FORESTRY if unit.ground in WOODED else Line.FARMING


def receivers(path: str, actor: Actor) -> list[tuple[str, str]]:
    """The departments of a county a notice may go to, by key and name: grain and market offices first."""
    first = [one for line in TOLD_FIRST for one in offices_of(line, path, actor)]
    rows = Department.objects.filter(division__path__startswith=county_of(path), until=None)
    known = {one.pk for one in first}
    others = [one for one in rows.order_by("division__path", "id") if one.pk not in known]
    return [(str(one.pk), one.name) for one in [*first, *others]]


def usual(line: Line, path: str, actor: Actor) -> str:
    """The key of the nearest office of a line; empty where the place has none."""
    found = offices_of(line, path, actor).first()
    return str(found.pk) if found else ""

"""For which use an exit by a survey frees a plot: the values its event tells, beside the use planned then."""

from __future__ import annotations

from soildesk.land import landuse
from soildesk.plots.models import PlotEvent, PlotVersion
from soilrules.plots.lifedata import life_table
from soilrules.plots.screening import Screened
from soilrules.plots.screening import screened as judged
from soilrules.plots.state import EventKind, Exit


def screened(event: PlotEvent, version: PlotVersion) -> Screened | None:
    """What an exit by a survey frees its plot for; None for any other event."""
    if life_table().transitions[EventKind(event.kind)].exit is not Exit.SURVEY:
        return None
    return judged(str(event.data.get("column") or ""), land_class(version), event.on)


def land_class(version: PlotVersion) -> str:
    """The class of the planned use, as GB 36600 has them; empty where it is not determined."""
    planned = landuse.nearest(version.use_system, version.use_planned) if version.use_planned else None
    return planned.land_class if planned else ""

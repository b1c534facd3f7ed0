"""What oversight adds to the page of a plot: the problems that rounds of inspection opened."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.template.loader import render_to_string

from soildesk.core.permissions import Actor, may
from soildesk.oversight.queries import fromplots
from soildesk.oversight.register.problempages import state_chip
from soildesk.plots.queries.control import round_uids
from soildesk.plots.register.beside import beside


@beside(order=60)
def section(actor: Actor, plot: Any, on: date) -> str:
    """Problems of a plot as far as the actor may read them; nothing where there are none."""
    uids = round_uids(plot.plot_id) if may(actor, "oversight.read", plot) else []
    found = [(one, state_chip(one.state)) for one in fromplots.of_rounds(actor, uids)] if uids else []
    return render_to_string("oversight/of_firm.html", {"problems": found, "visits": []}) if found else ""

"""What oversight adds to the page of an enterprise: its problems, and, for the office, the visits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.template.loader import render_to_string

from soildesk.core.permissions import Actor, may
from soildesk.enterprises.register.beside import beside
from soildesk.kit.parts import Chip
from soildesk.oversight.queries import problems, visits
from soildesk.oversight.register.problempages import state_chip
from soildesk.oversight.register.visitpages import FOUND


@beside
def section(actor: Actor, firm: Any, on: date) -> str:
    """Problems and visits of a firm, as far as the actor may read them; nothing where there are none."""
    if not may(actor, "oversight.read", firm):
        return ""
    found = [(one, state_chip(one.state)) for one in problems.of_firm(actor, firm.enterprise_id)]
    seen = [(one, _chip(one.found)) for one in visits.of_firm(actor, firm.enterprise_id)]
    return render_to_string("oversight/of_firm.html", {"problems": found, "visits": seen}) if found or seen else ""


def _chip(found: str) -> Chip:
    tone, icon, word = FOUND[found]
    return Chip(tone, str(word), icon)  # type: ignore[arg-type]

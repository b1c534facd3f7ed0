"""What other parts and upper rooms add to the record page of a unit: each a section of safe HTML, or nothing.

`@beside(order)` marks a function of (actor, version of the unit, day) that gives a section.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from soildesk.core.permissions import Actor
from soildesk.farmland.models import UnitVersion

Section = Callable[[Actor, UnitVersion, date], str]
_sections: dict[Section, int] = {}


def beside(order: int = 100) -> Callable[[Section], Section]:
    """Add a section; it says itself what the actor may see. Smaller orders stand higher."""

    def add(section: Section) -> Section:
        _sections[section] = order
        return section

    return add


def sections(actor: Actor, unit: UnitVersion, on: date) -> list[str]:
    """The sections that have something to say."""
    drawn = (draw(actor, unit, on) for draw in sorted(_sections, key=lambda one: _sections[one]))
    return [said for said in drawn if said]

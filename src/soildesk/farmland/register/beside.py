"""What other parts and upper rooms add to the record page of a unit: each a section of safe HTML, or nothing.

`@beside(order)` marks a function of (actor, version of the unit, day) that gives a section.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from soildesk.core.permissions import Actor
from soildesk.farmland.models import UnitVersion
from soildesk.kit.parts import Chip

Section = Callable[[Actor, UnitVersion, date], str]
Chips = Callable[[Actor, UnitVersion, date], Sequence[Chip]]
_sections: dict[Section, int] = {}
_chips: list[Chips] = []


def chipped(given: Chips) -> Chips:
    """Add what stands beside the name of a unit because somebody must act."""
    if given not in _chips:
        _chips.append(given)
    return given


def chips(actor: Actor, unit: UnitVersion, on: date) -> list[Chip]:
    """What stands beside the name of a unit."""
    return [one for give in _chips for one in give(actor, unit, on)]


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

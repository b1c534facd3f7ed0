"""Which line of work the ground of a unit belongs to."""

from __future__ import annotations

from soildesk.farmland.models import UnitVersion
from soildesk.farmland.officelines import Line

WOODED = (UnitVersion.Ground.GARDEN, UnitVersion.Ground.FOREST)
"""Grounds kept by the forest office; what they bear is tested each season."""


def line_of(unit: UnitVersion) -> Line:
    """The line a unit belongs to: gardens and forest that grow food are the forest office's."""
    return Line.FORESTRY if unit.ground in WOODED else Line.FARMING

"""Which grounds are the forest office's."""

from __future__ import annotations

from soildesk.farmland.models import UnitVersion

WOODED = (UnitVersion.Ground.GARDEN, UnitVersion.Ground.FOREST)
"""Grounds kept by the forest office; what they bear is tested each season."""

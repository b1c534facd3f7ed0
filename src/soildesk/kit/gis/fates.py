"""What a preview shows of a row: the values before and after, by entry."""

from __future__ import annotations

from typing import Any

import numpy as np

from soildesk.kit.gis import values
from soildesk.kit.gis.judging import REFUSED, SAME, Judged
from soildesk.kit.gis.targets import Target
from soilrules.geodesy.measure import area_m2


def before_after(target: Target, row: Judged) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Before: None for a new row. After: None where nothing is written."""
    if row.fate in (SAME, REFUSED):
        return (None if row.standing is None else {}), None
    if row.standing is None:
        return None, {key: after_of(target, row, key) for key in (*row.given, target.geometry_key)}
    before = {key: _before_of(target, row, key) for key in row.differs}
    return before, {key: after_of(target, row, key) for key in row.differs}


def after_of(target: Target, row: Judged, key: str) -> Any:
    """A value as JSON keeps it; a geometry shows its area."""
    if key == target.geometry_key:
        return f"{row.area_m2:.2f} m²"
    return _listed(row.attributes) if key == "attributes" else values.stored(row.given[key])


def _before_of(target: Target, row: Judged, key: str) -> Any:
    standing = row.standing or {}
    if key == target.geometry_key:
        held = np.array([standing[target.ground.field]], dtype=object)
        return f"{float(area_m2(held)[0]):.2f} m²"
    if key == "attributes":
        return _listed(standing.get("attributes") or {})
    return values.stored(standing.get(target.path(key)))


def _listed(attributes: Any) -> str:
    return "；".join(f"{name}：{value}" for name, value in attributes.items())[:300]

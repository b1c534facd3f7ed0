"""A layer laid over stored rows: which rows each of its shapes meets, by one statement and a tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from django.db.models import QuerySet
from shapely.geometry.base import BaseGeometry


def near(rows: QuerySet[Any], shapes: Sequence[BaseGeometry]) -> list[Any]:
    """The rows whose box meets the box of any of the shapes, in the order of the rows; perhaps a few beside them."""
    return list(rows.filter(geometry__near_any=shapely.bounds(np.asarray(shapes, dtype=object)).tolist()))


def pairs(shapes: Sequence[BaseGeometry], others: Sequence[BaseGeometry]) -> list[list[int]]:
    """For each shape the places of the others that share a point with it, in their order."""
    found: list[list[int]] = [[] for _shape in shapes]
    if len(others):
        asked, met = shapely.STRtree(list(others)).query(list(shapes), predicate="intersects")
        for one, other in sorted(zip(asked.tolist(), met.tolist(), strict=True)):
            found[one].append(other)
    return found


def met(rows: QuerySet[Any], shapes: Sequence[BaseGeometry]) -> list[list[Any]]:
    """For each shape the rows that share a point with it, in the order of the rows."""
    found = near(rows, shapes)
    return [[found[at] for at in places] for places in pairs(shapes, [one.geometry for one in found])]

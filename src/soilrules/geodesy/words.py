"""What kinds of geometry are called, and why one cannot be used, as people read it."""

from __future__ import annotations

import numpy as np
from shapely.geometry.base import BaseGeometry

from soilrules.geodesy.shapes import crossed
from soilrules.messages import Message

ROOM = "geodesy"


def kind_word(kind: str, language: str = "zh") -> str:
    """What a kind of geometry is called.

    >>> kind_word("MultiLineString"), kind_word("Point", "en")
    ('多条线', 'point')
    """
    return Message(ROOM, "kinds", kind).sentence(language)


def why_broken(shape: BaseGeometry) -> Message | None:
    """Why a polygon is not valid, and where; None where it is.

    >>> import shapely
    >>> why_broken(shapely.from_wkt("POLYGON ((114 34, 114.01 34.01, 114.01 34, 114 34.01, 114 34))")).id
    'self_crossing'
    """
    found = next(crossed(np.array([shape], dtype=object), np.array([True])), None)
    return None if found is None else found.message

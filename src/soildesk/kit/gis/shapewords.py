"""What a shape is and what is wrong with it, in the language of the page."""

from __future__ import annotations

from shapely.geometry.base import BaseGeometry

from soildesk.kit.gis.refusals import language
from soilrules.geodesy import words


def kind_of(shape: BaseGeometry) -> str:
    """What kind of shape it is: a point, lines, a polygon."""
    return words.kind_word(shape.geom_type, language())


def why_broken(shape: BaseGeometry) -> str:
    """Why a polygon cannot be used, where, and what to do."""
    found = words.why_broken(shape)
    return "" if found is None else found.sentence(language())

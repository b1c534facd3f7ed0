"""What upper rooms know of a place and this room asks for: the farmland unit with its classes, sources upstream.

    context.tell_units(lambda point, on: …)

Nobody told: the class is not known and silences nothing; what lies upstream is not known, which is told as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from shapely.geometry import Point

from soilrules.monitoring.facts import FarmlandUnit, Source

Units = Callable[[Point, date], FarmlandUnit | None]
Sources = Callable[[Point, date], tuple[Source, ...] | None]

_units: list[Units] = []
_sources: list[Sources] = []


def tell_units(provider: Units) -> Units:
    """Say who knows the farmland unit at a place on a day."""
    _units.append(provider)
    return provider


def tell_sources(provider: Sources) -> Sources:
    """Say who knows the sources upstream or upwind of a place on a day."""
    _sources.append(provider)
    return provider


def unit_at(point: Point | None, on: date) -> FarmlandUnit | None:
    """The farmland unit a point lies in, None where nobody knows of one."""
    return next(filter(None, (ask(point, on) for ask in _units)), None) if point is not None else None


def sources_at(point: Point | None, on: date) -> tuple[Source, ...] | None:
    """The sources upstream of a point; None where nobody knows."""
    if point is None:
        return None
    known = [found for ask in _sources if (found := ask(point, on)) is not None]
    return tuple(one for found in known for one in found) if known else None


@contextmanager
def known_to(*, units: Units | None = None, sources: Sources | None = None) -> Iterator[None]:
    """For a while somebody knows units or sources, as in tests and trials."""
    before = list(_units), list(_sources)
    try:
        if units:
            tell_units(units)
        if sources:
            tell_sources(sources)
        yield
    finally:
        _units[:], _sources[:] = before

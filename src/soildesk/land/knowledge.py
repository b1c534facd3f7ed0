"""What is known of a ground: every room says what it knows, this room asks them all for the same shape.

A source is asked with the ground, which carries the parcels that stand or stood on it, and answers with what it
knows of them. Rooms above register theirs when the desk starts:

    knowledge.register(Source("plots.surveys", _("土壤污染状况调查"), _surveys))

    def _surveys(ground: Ground, actor: Actor) -> Iterable[Heard]:
        found = surveys_of(ground.parcel_ids, actor, ground.on)
        yield Heard(_("土壤污染状况调查"), [Known(one.title, parcel=one.parcel_id, since=one.on) for one in found])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class Stood:
    """A parcel as it stood on a part of the ground in a period. `relation` says how it is to what stands today."""

    parcel: int
    uid: str
    number: str
    name: str
    geometry: BaseGeometry
    since: date
    until: date | None
    area_m2: float
    relation: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Ground:
    """The ground asked about, on a day, as known at a moment (None: now)."""

    shape: BaseGeometry
    area_m2: float
    on: date
    known_on: datetime | None = None
    stood: Sequence[Stood] = field(default_factory=tuple)

    @cached_property
    def parcel_ids(self) -> frozenset[int]:
        """The parcels that stand or stood here."""
        return frozenset(each.parcel for each in self.stood)

    def where(self, parcel: int) -> list[BaseGeometry]:
        """The grounds of one parcel through time."""
        return [each.geometry for each in self.stood if each.parcel == parcel]


@dataclass(frozen=True, slots=True)
class Known:
    """One thing known: of a shape, or of a parcel (its ground through time). `of` names what it is told of."""

    what: str
    of: str = ""
    geometry: BaseGeometry | None = None
    parcel: int | None = None
    since: date | None = None
    until: date | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one source knows under one title. `cannot_say` is why nothing can be said; `rest` what the remainder means.

    `left_out` says of how much more nothing is told: it lies within the remainder.
    """

    title: Any
    known: Sequence[Known] = ()
    cannot_say: str = ""
    rest: Any = ""
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One source of knowledge. `find(ground, actor)` is scoped to the actor."""

    name: str
    title: Any
    find: Callable[[Ground, Actor], Iterable[Heard]]
    order: int = 100


_sources: dict[str, Source] = {}


def register(source: Source) -> Source:
    """Let a source be asked; the same name again replaces it."""
    _sources[source.name] = source
    return source


def sources() -> list[Source]:
    """All sources in their order."""
    return sorted(_sources.values(), key=lambda each: (each.order, each.name))

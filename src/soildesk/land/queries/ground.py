"""What is known of a ground: a shape answered through the parcels that stood on it, by area, with what nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from django.db.models import Q
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor
from soildesk.land import knowledge
from soildesk.land.knowledge import Ground, Heard, Known, Stood
from soildesk.land.models import LineageEvent, ParcelVersion
from soildesk.land.queries import ancestry
from soildesk.land.refusals import ShapeRefused
from soildesk.land.shapes import area_m2, polygons_of, surface
from soilrules.geodesy import overlay

SLIVER_M2 = 0.01
MOST_STOOD = 5_000
"""Versions of parcels on one ground; a district is asked by lists and overlays."""
TOLD = (
    "kind", "code", "location", "use_system", "use_now", "use_planned", "holder", "holder_kind", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing known of a part of the ground."""

    known: Known
    area_m2: float
    share: float

    @property
    def percent(self) -> float:
        """Its share in per cent."""
        return 100 * self.share


@dataclass(frozen=True, slots=True)
class Answer:
    """What one source says of the ground. The uncovered remainder is always said; None where nothing can be said."""

    title: str
    pieces: Sequence[Piece]
    covered_m2: float | None
    rest_m2: float | None
    rest_share: float | None
    rest: str
    cannot_say: str = ""
    left_out: str = ""

    @property
    def rest_percent(self) -> float | None:
        """The share nobody knows of, in per cent; None where nothing can be said."""
        return None if self.rest_share is None else 100 * self.rest_share


@dataclass(frozen=True, slots=True)
class KnownGround:
    """Everything known of a ground, by source."""

    ground: Ground
    answers: Sequence[Answer]


def known_ground(shape: BaseGeometry, actor: Actor, on: date, known_on: datetime | None = None) -> KnownGround:
    """What is known of a shape on a day, as known now or at a moment, within what the actor may see."""
    whole = surface(shape)
    ground = Ground(whole, area_m2(whole), on, known_on, tuple(_stood(whole, actor, on, known_on)))
    answers = [_answer(ground, heard, source) for source in knowledge.sources() for heard in source.find(ground, actor)]
    return KnownGround(ground, answers)


def of_parcel(version: ParcelVersion, actor: Actor, on: date, known_on: datetime | None = None) -> KnownGround:
    """What is known of a parcel's ground."""
    return known_ground(version.geometry, actor, on, known_on)


def _stood(shape: BaseGeometry, actor: Actor, on: date, known_on: datetime | None) -> list[Stood]:
    """Every version of a parcel that stood on the shape up to the day, the latest first."""
    known = Q(superseded_at__isnull=True)
    if known_on is not None:
        known = Q(recorded_at__lte=known_on) & (known | Q(superseded_at__gt=known_on))
    rows = ParcelVersion.objects.visible_to(actor).filter(known, since__lte=on, geometry__intersects=shape)
    found = list(rows.select_related("parcel").order_by("-since", "-pk")[: MOST_STOOD + 1])
    if len(found) > MOST_STOOD:
        raise ShapeRefused(
            _("这个范围内现有和曾有的地块超过 %(most)d 块：请缩小范围，或用叠加分析。") % {"most": MOST_STOOD},
            code="land.shape.too_much",
        )
    shared = _areas(shape, [row.geometry for row in found])
    standing = {row.parcel_id for row in found if row.until is None or row.until > on}
    events = {step.link.ancestor_id: step.link.event for step in reversed(ancestry.ancestors(standing, on, known_on))}
    return [
        Stood(
            row.parcel_id, str(row.parcel.uid), row.parcel.number, row.name, row.geometry, row.since, row.until,
            area, _relation(row, on, standing, events), {name: getattr(row, name) for name in TOLD},
        )
        for row, area in zip(found, shared, strict=True)
        if area > SLIVER_M2
    ]  # fmt: skip


def _relation(row: ParcelVersion, on: date, standing: set[int], events: dict[int, LineageEvent]) -> str:
    if row.until is None or row.until > on:
        return _("现有地块")
    if row.parcel_id in standing:
        return _("同一地块的过去")
    event = events.get(row.parcel_id)
    if event:
        return _("前身（%(day)s %(kind)s）") % {"day": event.on, "kind": event.get_kind_display()}
    return _("曾在此处，没有沿革联系")


def _areas(shape: BaseGeometry, others: Sequence[BaseGeometry]) -> list[float]:
    """How much of the shape each of the others covers, in shares of its ellipsoidal area."""
    shared = [0.0] * len(others)
    if others:
        for batch in overlay.overlay([0], _array([shape]), list(range(len(others))), _array(others)):
            for at, area in zip(batch.column("b").to_pylist(), batch.column("area_m2").to_pylist(), strict=True):
                shared[at] += area
    return shared


def _answer(ground: Ground, heard: Heard, source: knowledge.Source) -> Answer:
    title, rest = str(heard.title or source.title), str(heard.rest) or _("没有记录，不等于没有发生")
    if heard.cannot_say:
        return Answer(title, (), None, None, None, rest, heard.cannot_say)
    shapes = [_shape_of(ground, known) for known in heard.known]
    pieces = [
        Piece(known, area, area / ground.area_m2)
        for known, area in zip(heard.known, _areas(ground.shape, shapes), strict=True)
        if area > SLIVER_M2
    ]
    left = _rest(ground, [shape for shape in shapes if not shape.is_empty])
    return Answer(title, pieces, ground.area_m2 - left, left, left / ground.area_m2, rest, left_out=heard.left_out)


def _shape_of(ground: Ground, known: Known) -> Any:
    if known.geometry is not None:
        return known.geometry if known.geometry.is_valid else shapely.make_valid(known.geometry)
    return polygons_of(shapely.union_all(ground.where(known.parcel))) if known.parcel else shapely.MultiPolygon()


def _rest(ground: Ground, shapes: Sequence[BaseGeometry]) -> float:
    if not shapes:
        return ground.area_m2
    batch = next(iter(overlay.remainders([0], _array([ground.shape]), _array(shapes))))
    left = float(batch.column("remainder_m2")[0].as_py())
    return left if left > SLIVER_M2 else 0.0


def _array(shapes: Sequence[BaseGeometry]) -> Any:
    held = np.empty(len(shapes), dtype=object)
    held[:] = list(shapes)
    return held

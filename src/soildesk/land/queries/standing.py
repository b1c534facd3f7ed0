"""The rows of land that count on a day, for an actor or for the public."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from soildesk.core.permissions import Actor
from soildesk.land.models import Layer, LayerEdition, ParcelVersion, UnusedLandVersion, Zone


def parcels(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[ParcelVersion]:
    """Parcels standing on a day."""
    return ParcelVersion.objects.visible_to(actor).standing(on, known_on)


def unused_land(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[UnusedLandVersion]:
    """Unused land standing on a day."""
    return UnusedLandVersion.objects.visible_to(actor).standing(on, known_on)


def editions(layer: Layer, on: date, known_on: datetime | None = None) -> QuerySet[LayerEdition]:
    """The accepted editions of a layer that count on a day."""
    rows = layer.editions.filter(
        Q(until__isnull=True) | Q(until__gt=on), state=LayerEdition.State.ACCEPTED, since__lte=on
    )
    if known_on is None:
        return rows.filter(superseded_at__isnull=True)
    return rows.filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_on), recorded_at__lte=known_on)


def zones(layer: Layer, actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[Zone]:
    """The features of a layer on a day."""
    held = list(editions(layer, on, known_on).values_list("pk", flat=True))
    return Zone.objects.visible_to(actor).filter(edition__in=held)


def public_zones(layer: Layer, on: date) -> QuerySet[Zone]:
    """What the public sees of a layer: editions somebody published."""
    held = list(editions(layer, on).filter(published_at__isnull=False).values_list("pk", flat=True))
    return Zone.objects.filter(edition__in=held)

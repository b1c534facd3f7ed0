"""The rows of land that count on a day, for an actor or for the public."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from shapely.geometry.base import BaseGeometry

from soildesk.core.geometry import meeting
from soildesk.core.models import Division
from soildesk.core.permissions import READERS, Actor
from soildesk.land import attributes, landuse
from soildesk.land.models import Layer, LayerEdition, ParcelCode, ParcelVersion, Patrol, UnusedLandVersion, Zone

NOTHING_FOUND = Patrol.Found.NOTHING
"""A patrol that came upon nothing."""


def parcels(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[ParcelVersion]:
    """Parcels standing on a day, with the class of their use."""
    rows = ParcelVersion.objects.visible_to(actor).standing(on, known_on)
    return rows.annotate(use_class=landuse.class_of("use_now"), town=_town())


def called(actor: Actor, text: str, on: date) -> list[ParcelVersion]:
    """The parcels an actor sees on a day under our number, the code of the office that sent it, or another code."""
    plain = text.strip()
    wanted = (
        Q(parcel__number=plain) | Q(code=plain) | Q(parcel__in=ParcelCode.objects.filter(code=plain).values("parcel"))
    )
    rows = ParcelVersion.objects.visible_to(actor).standing(on).filter(wanted)
    return list(rows.select_related("parcel")) if plain else []


def unused_land(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[UnusedLandVersion]:
    """Unused land standing on a day."""
    rows = UnusedLandVersion.objects.visible_to(actor).standing(on, known_on)
    return rows.annotate(town=_town(), keeper_name=Coalesce(NullIf("keeper__short_name", Value("")), "keeper__name"))


def patrols(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[Patrol]:
    """Patrols made up to a day."""
    rows = Patrol.objects.visible_to(actor).filter(on__lte=on)
    rows = rows if known_on is None else rows.filter(at__lte=known_on)
    return rows.annotate(town=_town())


def first_parcel(actor: Actor) -> date | None:
    """The first day of which the parcels an actor may see say anything."""
    return _earliest(ParcelVersion.objects.visible_to(actor).filter(superseded_at=None), "since")


def first_unused(actor: Actor) -> date | None:
    """The same of unused land."""
    return _earliest(UnusedLandVersion.objects.visible_to(actor).filter(superseded_at=None), "since")


def first_patrol(actor: Actor) -> date | None:
    """The day of the first patrol."""
    return _earliest(Patrol.objects.visible_to(actor), "on")


def first_edition(layer: Layer, actor: Actor) -> date | None:
    """The first day of the first edition of a layer."""
    return _earliest(editions(layer).order_by(), "since") if sees_layer(actor, layer) else None


def _earliest(rows: QuerySet, name: str) -> date | None:
    found: date | None = rows.aggregate(first=Min(name))["first"]
    return found


def _town() -> Subquery:
    """The name of the division a row lies in; read only where it is shown."""
    return Subquery(Division.objects.filter(path=OuterRef("division_path")).order_by("-since").values("name")[:1])


def sees_layer(actor: Actor | None, layer: Layer) -> bool:
    """Whether a layer is of a place the actor works in, above it or below it; another district's is not."""
    if actor is None:
        return False
    if actor.system:
        return True
    paths = [grant.division.path for grant in actor.grants if grant.role in READERS]
    return any(layer.division_path.startswith(path) or path.startswith(layer.division_path) for path in paths)


def layers(actor: Actor | None) -> list[Layer]:
    """The layers an actor may see."""
    return [layer for layer in Layer.objects.select_related("owner_department") if sees_layer(actor, layer)]


def editions(layer: Layer, known_on: datetime | None = None) -> QuerySet[LayerEdition]:
    """The accepted editions of a layer, the latest first; without those that were corrected."""
    rows = layer.editions.filter(state=LayerEdition.State.ACCEPTED).order_by("-since", "-recorded_at")
    if known_on is None:
        return rows.filter(superseded_at__isnull=True)
    return rows.filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_on), recorded_at__lte=known_on)


def edition_on(layer: Layer, on: date, known_on: datetime | None = None) -> LayerEdition | None:
    """The edition that counts on a day: the last that began, unless it has ended."""
    last = editions(layer, known_on).filter(since__lte=on).first()
    return last if last and (last.until is None or last.until > on) else None


def editions_on(layers: Iterable[Layer], on: date) -> dict[int, LayerEdition]:
    """`edition_on` of many layers at once, by layer; those without one are not in it."""
    rows = LayerEdition.objects.filter(
        layer__in=[one.pk for one in layers], state=LayerEdition.State.ACCEPTED, superseded_at=None, since__lte=on
    )
    last = {one.layer_id: one for one in rows.order_by("since", "recorded_at")}
    return {pk: one for pk, one in last.items() if one.until is None or one.until > on}


def zones(layer: Layer, actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[Zone]:
    """The features of a layer on a day."""
    return _of(layer, edition_on(layer, on, known_on) if sees_layer(actor, layer) else None)


def shapes_on(
    kinds: Iterable[str], shapes: Sequence[BaseGeometry], actor: Actor | None, on: date
) -> tuple[dict[int, Layer], list[list[Zone]]]:
    """Layers of some kinds that have an edition on a day, by that edition, and for each ground the features it meets.

    Read are the kind, title and place of a layer, and the edition and shape of a feature.
    """
    last: dict[int, LayerEdition] = {}
    rows = LayerEdition.objects.filter(state=LayerEdition.State.ACCEPTED, superseded_at=None, since__lte=on)
    kept = rows.filter(layer__kind__in=list(kinds)).select_related("layer")
    kept = kept.only("until", "layer__kind", "layer__title", "layer__division_path")
    for edition in kept.order_by("since", "recorded_at"):
        if sees_layer(actor, edition.layer):
            last[edition.layer_id] = edition
    standing = {one.pk: one.layer for one in last.values() if one.until is None or one.until > on}
    zones_ = Zone.objects.filter(edition__in=standing).only("edition", "geometry").order_by("pk")
    return standing, meeting.met(zones_, shapes) if standing else [[] for _shape in shapes]


def zones_of_kind(kind: str, actor: Actor | None, on: date, known_on: datetime | None = None) -> list[Zone] | None:
    """The features of all layers of a kind on a day; None where no layer of it has an edition then."""
    found = [one for one in layers(actor) if one.kind == kind and edition_on(one, on, known_on)]
    return [zone for one in found for zone in zones(one, actor, on, known_on)] if found else None


def public_zones(layer: Layer, on: date) -> QuerySet[Zone]:
    """What the public sees of a layer: the edition of the day, if somebody published it."""
    edition = edition_on(layer, on)
    return _of(layer, edition if edition and edition.published_at else None)


def _of(layer: Layer, edition: LayerEdition | None) -> QuerySet[Zone]:
    rows = Zone.objects.filter(edition=edition) if edition else Zone.objects.none()
    rows = rows.annotate(**attributes.annotations(layer.attributes))
    coloured_by_code = layer.kind == Layer.Kind.PLANNING and layer.class_attribute
    return rows.annotate(level_class=landuse.class_of_code("level")) if coloured_by_code else rows

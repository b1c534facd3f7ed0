"""What may be chosen where land is entered, and the version an entry is about."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from soildesk.core.models import Department, Division, Version
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, divisions_of

V = TypeVar("V", bound=Version)


def towns(actor: Actor, on: date) -> list[tuple[str, str]]:
    """The divisions of the actor, the county and below, by path and name."""
    rows = Division.objects.filter(divisions_of(actor) & valid_on(on))
    wanted = rows.filter(level__in=[Division.Level.COUNTY, Division.Level.TOWN, Division.Level.VILLAGE])
    return list(wanted.values_list("path", "name"))


def keepers(actor: Actor, on: date) -> list[tuple[int, str]]:
    """The departments that may be made to patrol."""
    own = actor.person.department.division if actor.person and actor.person.department else None
    below = Division.objects.filter(divisions_of(actor), path__startswith=own.path if own else "")
    return [(row.pk, str(row)) for row in Department.objects.filter(valid_on(on), division__in=below)]


def standing_version(model: type[V], actor: Actor, uid: str, on: date | None) -> V | None:
    """The version an act is about: that of the day, or the last one for a correction without a day."""
    rows = model.objects.visible_to(actor).filter(superseded_at__isnull=True, **{f"{model.identity}__uid": uid})
    if on:
        rows = rows.standing(on)
    found: V | None = rows.select_related(model.identity).order_by("-since").first()
    return found


def department(pk: int) -> Department | None:
    """A department by its key."""
    return Department.objects.filter(pk=pk).first()

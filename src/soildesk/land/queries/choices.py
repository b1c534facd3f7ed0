"""What may be chosen where land is entered, and the version an entry is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext as _

from soildesk.core.models import Department, Division, Version
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, divisions_of
from soildesk.kit.faces import Named
from soildesk.kit.passes import once_a_pass

V = TypeVar("V", bound=Version)


@once_a_pass(lambda actor, on: on)
def towns(actor: Actor, on: date) -> list[tuple[str, str]]:
    """The divisions of the actor, the county and below, by path and name."""
    rows = Division.objects.filter(divisions_of(actor) & valid_on(on))
    wanted = rows.filter(level__in=[Division.Level.COUNTY, Division.Level.TOWN, Division.Level.VILLAGE])
    return list(wanted.values_list("path", "name"))


def own_towns(actor: Actor, on: date) -> list[tuple[str, str]]:
    """Where what an actor registers may lie: of the divisions, those of the own office's place; all of them without one."""
    office = actor.person.department if actor.person else None
    found = towns(actor, on)
    own = [one for one in found if office and one[0].startswith(office.division.path)]
    return own or found


def town_in(address: str, towns: Mapping[str, str]) -> str | None:
    """The path of the smallest place an address names, within the others it names; None where it names none, or two apart.
    `towns`: paths by name."""
    named = sorted((path for name, path in towns.items() if name in address), key=len)
    return named[-1] if named and all(named[-1].startswith(one) for one in named) else None


def keepers(actor: Actor, on: date) -> list[tuple[int, str]]:
    """The departments that may be made to patrol, each under the shortest name that is its own alone."""
    own = actor.person.department.division if actor.person and actor.person.department else None
    below = Division.objects.filter(divisions_of(actor), path__startswith=own.path if own else "")
    rows = Department.objects.filter(valid_on(on), division__in=below).select_related("division")
    found = list(rows.prefetch_related("aliases"))
    names = {row.pk: _names(row) for row in found}
    borne = Counter(name for each in names.values() for name in each)
    return [(row.pk, Named(_label(row, borne), names[row.pk])) for row in found]


def _names(row: Department) -> set[str]:
    """All that a department goes by: full and short name, the names documents print, its code."""
    return {row.name, row.short_name, str(row.uid), *(alias.name for alias in row.aliases.all())} - {""}


def _label(row: Department, borne: Mapping[str, int]) -> str:
    own = next((name for name in (row.short_name, row.name) if name and borne[name] == 1), "")
    return own or _("%(name)s（%(place)s）") % {"name": row.name, "place": row.division.name}


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

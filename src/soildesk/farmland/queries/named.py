"""Units, plans and techniques by what people call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from soildesk.core.models import Division
from soildesk.core.permissions import Actor
from soildesk.farmland.models import Technique, UnitClass, UnitVersion, UsePlan

BETWEEN = re.compile(r"[、，,;；\s]+")


def names_in(text: str) -> list[str]:
    """The names of a list as people write it, each once."""
    return list(dict.fromkeys(name for name in BETWEEN.split(text) if name))


def units_called(actor: Actor, names: Iterable[str], on: date) -> Mapping[str, list[UnitVersion]]:
    """The units an actor sees under a number, an external code or a name on a day, by what they were called."""
    wanted = list(dict.fromkeys(names))
    found: dict[str, list[UnitVersion]] = {name: [] for name in wanted}
    rows = UnitVersion.objects.visible_to(actor).standing(on).select_related("unit")
    for one in rows.filter(Q(unit__number__in=wanted) | Q(code__in=wanted) | Q(name__in=wanted)):
        for name in dict.fromkeys((one.unit.number, one.code, one.name)):
            if name in found:
                found[name].append(one)
    return found


def classes_of(unit_ids: Iterable[int], on: date) -> dict[int, UnitClass]:
    """The classes units have on a day."""
    rows = UnitClass.objects.standing(on).filter(unit__in=list(unit_ids))
    return {one.unit_id: one for one in rows}


def plan_called(actor: Actor, number: str) -> UsePlan | None:
    """A plan of use that stands, by its number."""
    rows = UsePlan.objects.visible_to(actor).filter(superseded_at=None, number=number.strip())
    return rows.first() if number.strip() else None


def technique_called(actor: Actor, name: str) -> Technique | None:
    """A technique or variety of the library, by its name."""
    rows = Technique.objects.visible_to(actor).filter(superseded_at=None, name=name.strip())
    return rows.first() if name.strip() else None


def division_name() -> Subquery:
    """The name of the division a row lies in."""
    return Subquery(Division.objects.filter(path=OuterRef("division_path")).order_by("-since").values("name")[:1])


def place_names(paths: Iterable[str]) -> Mapping[str, Any]:
    """Names of divisions by path."""
    rows = Division.objects.filter(path__in=set(paths)).order_by("since")
    return dict(rows.values_list("path", "name"))

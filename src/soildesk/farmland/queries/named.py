"""Units, plans and techniques by what people call them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q

from soildesk.core.models import Division
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor
from soildesk.farmland.models import Technique, UnitVersion, UsePlan

BETWEEN = re.compile(r"[、，,;；\s]+")


def names_in(text: str) -> list[str]:
    """The names of a list as people write it, each once."""
    return list(dict.fromkeys(name for name in BETWEEN.split(text) if name))


def units_called(actor: Actor, names: Iterable[str], on: date) -> Mapping[str, list[UnitVersion]]:
    """The units an actor sees under our number, the province's code or a full name, by what they were called."""
    wanted = list(dict.fromkeys(names))
    found: dict[str, list[UnitVersion]] = {name: [] for name in wanted}
    rows = UnitVersion.objects.visible_to(actor).standing(on).select_related("unit")
    for one in rows.filter(Q(unit__number__in=wanted) | Q(code__in=wanted) | Q(name__in=wanted)):
        for name in dict.fromkeys((one.unit.number, one.code, one.name)):
            if name in found:
                found[name].append(one)
    return found


def division_called(text: str, on: date) -> Division | None:
    """The division under a code or, where only one bears it, a name on a day."""
    name = unicodedata.normalize("NFKC", text).strip()
    rows = Division.objects.filter(valid_on(on)).filter(Q(code=name) | Q(name=name))
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def plan_called(actor: Actor, number: str) -> UsePlan | None:
    """A plan of use that stands, by its number."""
    rows = UsePlan.objects.visible_to(actor).filter(superseded_at=None, number=number.strip())
    return rows.first() if number.strip() else None


def technique_called(actor: Actor, name: str) -> Technique | None:
    """A technique or variety of the library, by its name."""
    rows = Technique.objects.visible_to(actor).filter(superseded_at=None, name=name.strip())
    return rows.first() if name.strip() else None

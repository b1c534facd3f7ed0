"""Divisions by the names tables print."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from soildesk.core.models import Division
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, divisions_of
from soildesk.farmland.queries.figures import COUNTY, LEVELS
from soilrules.farmland.inputdata import plain

SEAT = re.compile(r"(人民政府|街道办事处|办事处|办)$")


class Names:
    """The divisions an actor may report for, as they were at the end of a year."""

    def __init__(self, actor: Actor, year: int) -> None:
        rows = Division.objects.filter(divisions_of(actor), valid_on(date(year, 12, 31)), level__in=LEVELS)
        self.all = list(rows.select_related("parent").order_by("path"))
        counties = [one for one in self.all if one.level == COUNTY]
        self.whole = counties[0] if len(counties) == 1 else None

    def called(self, text: str, totals: Collection[str] = ()) -> list[Division]:
        """The divisions a name means; a row of totals means the one county the actor works in."""
        name = plain(SEAT.sub("", text.strip()))
        if name in totals:
            return [self.whole] if self.whole else []
        exact = [one for one in self.all if name in (plain(one.name), plain(one.code))]
        return exact or [one for one in self.all if len(name) > 1 and plain(one.name).startswith(name)]


def division_of(code: str, year: int) -> Division:
    """The division under a code at the end of a year."""
    rows = Division.objects.filter(valid_on(date(year, 12, 31)), code=code)
    return rows.select_related("parent").get()

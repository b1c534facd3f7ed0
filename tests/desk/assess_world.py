"""Assessments for tests: 云泽市 assesses 青禾区, 青禾区 its towns, on a published plan and two problems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from desk.conftest import DAY, _person, kept, made_world
from desk.reporting_world import Reports
from soildesk.assessment.models import Assessment, SchemeAdoption
from soildesk.assessment.queries.standing import Standing
from soildesk.assessment.services import adopting, checking, opening, selfassessing
from soildesk.assessment.services.acting import Doing, Paper
from soildesk.assessment.services.adopting import Adopting
from soildesk.assessment.services.selfassessing import Said
from soildesk.core.models import RoleGrant
from soildesk.land.services.writing import Place


@contextmanager
def shared_world(blocker: Any, folder: Path) -> Iterator[Assessing]:
    """青禾区 with an open assessment, and those of its towns, once for all tests of a file; what a test changes is undone after it."""
    with blocker.unblock(), kept(folder), translation.override("zh-hans"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOILDESK_TODAY", DAY.isoformat())
        made = Assessing(made_world())
        made.opened()
        made.towns()
        yield made


DUE = date(2026, 12, 15)
"""By when the self-assessments are due."""
PDF = b"%PDF-1.4 evidence"
HAZARD = {
    "low": "75", "high": "75", "applicable": True, "whole": "4", "why": "", "figures": [],
    "rows": [{"key": f"t/{key}", "type": "t", "uid": key, "name": key, "good": key != "d", "amount": "1", "note": "", "url": ""} for key in "abcd"],
}  # fmt: skip
"""A fact of four rows, three of them done."""


class Assessing:
    """The district of the world with a plan and problems; `city_officer` and `city_issuer` sit in the city's bureau."""

    def __init__(self, world: Any, *, plan: bool = True) -> None:
        self.world = world
        self.reports = Reports(world, plan=plan).with_problems()
        office = world.departments["city_ecology"]
        for name, role in (("city_officer", RoleGrant.Role.OFFICER), ("city_issuer", RoleGrant.Role.ISSUER)):
            world.people[name] = _person(name, role, world.city, office)
        self.city = Place(world.city, office)
        self.district = Place(world.district, world.departments["ecology"])

    def doing(self, who: str, why: str = "", *papers: Paper) -> Doing:
        """Somebody acts."""
        return Doing(self.world.actor(who), self.world.at, why, papers)

    @property
    def one(self) -> Assessment:
        """The open assessment of 青禾区 that stands; made where there is none."""
        rows = Assessment.objects.filter(place=self.world.district).select_related(
            "adoption__division", "place", "unit"
        )
        return rows.first() or self.opened()

    def adopted(self, scheme: str = "county_year", year: int = 2026, **more: Any) -> SchemeAdoption:
        """A scheme of the city (or for towns of the district)."""
        towns = scheme == "district_towns"
        by = self.world.actor("issuer" if towns else "city_issuer")
        wanted = Adopting(scheme, year, more.pop("document", "云环〔2026〕1号"), **more)
        return adopting.adopt(wanted, self.district if towns else self.city, by=by, at=self.world.at)

    def opened(self, adoption: SchemeAdoption | None = None) -> Assessment:
        """The assessment of 青禾区, open."""
        adoption = adoption or self.adopted()
        by = self.world.actor("city_officer")
        (made,) = opening.open_for(adoption, [self.world.district], DUE, by=by, at=self.world.at)
        return made

    def towns(self) -> list[Assessment]:
        """Those of the four towns."""
        places = [one.division for one in self.world.towns.values()]
        return opening.open_for(
            self.adopted("district_towns"), places, DUE, by=self.world.actor("officer"), at=self.world.at
        )

    def signed(self, one: Assessment | None = None) -> Assessment:
        """青禾区 has said its part and signed."""
        one = one or self.one
        paper = Paper("材料.pdf", PDF)
        selfassessing.fill(one, "public", Said(Decimal(80)), self.doing("officer", "公开四次", paper))
        for veto in ("event", "false_data"):
            selfassessing.fill(one, veto, Said(Decimal(0)), self.doing("officer", "没有发生"))
        return selfassessing.sign(one, self.doing("issuer"))

    def announced(self) -> Assessment:
        """Confirmed as said, every other item the records cannot say set to 90, and announced."""
        one = self.signed()
        checking.confirm_said(one, self.doing("city_officer", "核对材料"))
        for name in Standing(one).score(own=False).missing:
            checking.confirm(one, name, Said(Decimal(90)), self.doing("city_officer", "现场核定"))
        return checking.announce(one, self.doing("city_officer"))

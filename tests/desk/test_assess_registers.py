"""What every register promises, held for assessments and the schemes places put into force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from desk.assess_world import DUE, Assessing
from desk.register_promises import RegisterPromises
from soildesk.assessment.models import Assessment
from soildesk.assessment.services import adopting, opening
from soildesk.assessment.services.adopting import Adopting
from soildesk.land.services.writing import Place

pytestmark = pytest.mark.store


class NoVersions(RegisterPromises):
    """Rows that are no versions of things have no history of versions and are not edited."""

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith(("/history", "/edit")))


class TestAssessments(NoVersions):
    collection = "assessments"

    def fill(self, world: Any) -> Sequence[str]:
        return [str(one.uid) for one in Assessing(world, plan=False).towns()]

    def more(self, world: Any, count: int) -> None:
        by = world.actor("issuer")
        places = [one.division for one in world.towns.values()]
        place = Place(world.district, world.departments["ecology"])
        for year in range(2025, 2025 - (count + 3) // 4, -1):
            wanted = Adopting("district_towns", year, "青环〔2026〕1号")
            opening.open_for(adopting.adopt(wanted, place, by=by, at=world.at), places, DUE, by=by, at=world.at)
        assert Assessment.objects.count() >= count


class TestAdoptions(NoVersions):
    collection = "assessment_schemes"

    def fill(self, world: Any) -> Sequence[str]:
        made = Assessing(world, plan=False)
        return [str(made.adopted("district_towns", year).uid) for year in (2025, 2026)]

    def more(self, world: Any, count: int) -> None:
        place = Place(world.district, world.departments["ecology"])
        for year in range(2027, 2027 + count):
            wanted = Adopting("district_towns", year, "青环〔2026〕1号")
            adopting.adopt(wanted, place, by=world.actor("issuer"), at=world.at)

"""Farmland beneath the gate: the class in force is read from the units, and ground without one is not taken for clean."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desk import farmland_world
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.services import gate
from soilrules.gate.profiles import profiles

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY = date(2026, 11, 20)


def said_locally(farm: Any, name: str, on: date = DAY) -> str:
    """What the local rules of plan 004's place say of turning a unit into land for housing."""
    local = profiles()["5120"]
    shape = farm.version(name).geometry
    asked = Asked(
        shape, "农用地转建设用地", "0701", on, "guide2023", local, current_use="0101", current_scheme="guide2023"
    )
    answer = gate.check(asked, by=farm.world.actor("officer"))
    check = next(one for one in answer.decision.checks if one.id == "local_triggers")
    return check.because[-1].id


def test_strict_farmland_is_known_from_its_class(world: Any) -> None:
    farm = farmland_world.county(world)
    assert said_locally(farm, "strict_1") == "bites"
    assert said_locally(farm, "safe_1") == "clear"
    assert said_locally(farm, "bare_1") == "class_unknown"
    assert said_locally(farm, "strict_1", date(2021, 6, 29)) == "class_unknown"

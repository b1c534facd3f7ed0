"""Warnings weigh what is approved of the ground a result lies in."""

from __future__ import annotations

from typing import Any

import pytest

from desk import farmclass_world, farmland_world
from soildesk.monitoring.models import Alert, Expected

pytestmark = pytest.mark.django_db


def test_warnings_know_the_class_of_the_ground_they_are_about(world: Any) -> None:
    farm = farmland_world.county(world)
    over = {"cadmium": 0.9}  # paddy at pH 6.0: screening 0.4, control 2.0
    made = farmclass_world.soil_round(world, farm, {"safe_1": over, "priority_1": over, "bare_1": over})
    found: dict[str, set[str]] = {}
    for alert in Alert.objects.filter(campaign=made):
        found.setdefault(alert.point.number.split("-")[1], set()).update(one["rule"] for one in alert.findings)
    assert set(found) == {"priority_1", "bare_1"}, "a unit for safe use with cadmium is expected to have it"
    assert "warning.worse_class" in found["priority_1"] and "warning.worse_class" not in found["bare_1"]
    assert Expected.objects.filter(result__batch__campaign=made).count() == 3

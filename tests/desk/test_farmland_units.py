"""Evaluation units, their households, their ground through time, and the classes a province approved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from desk import farmland_world
from desk.conftest import kept, made_world
from soildesk.farmland.models import UnitClass

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home() -> None:
    """The files of the one world stay where they are."""


@pytest.fixture(scope="module")
def farm(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One farming county for all tests of this file; each undoes what it did."""
    with django_db_blocker.unblock(), kept(tmp_path_factory.mktemp("farmland")):
        yield farmland_world.county(made_world())


def test_county_stands(farm: Any) -> None:
    assert len(farm.units) == 20
    assert UnitClass.objects.standing(farm.world.day).count() == 18

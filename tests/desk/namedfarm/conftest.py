"""The farming county with five plans in force, for what plans name of farmland."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from desk import farmland_world
from desk.conftest import kept, made_world
from desk.farm_desk import FARMING, Desk, read
from desk.farmland_world import Farm
from fronts.county import put_in_force, task_of
from soildesk.farmland.models import UnitVersion
from soildesk.plans.models import Indicator, Plan


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Farm, dict[str, str]]]:
    """One farming county with five plans as published in force; each test undoes what it did."""
    with (
        django_db_blocker.unblock(),
        kept(tmp_path_factory.mktemp("named_farmland")),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("SOILDESK_TODAY", "2026-11-20")
        farm = farmland_world.county(made_world())
        UnitVersion.objects.filter(unit=farm.units["bare_1"]).update(superseded_at=farmland_world.AT)
        plans = {
            name: put_in_force(name, "990101", "officer", "issuer") for name in ("000", "001", "002", "003", "004")
        }
        yield farm, plans


@pytest.fixture
def farm(standing: tuple[Farm, dict[str, str]], db: None, monkeypatch: pytest.MonkeyPatch) -> Farm:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return standing[0]


@pytest.fixture
def desk(farm: Farm) -> Desk:
    """Somebody at the desk."""

    def sign_in(who: str = FARMING) -> Client:
        client = Client()
        client.force_login(farm.world.people[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def says(standing: tuple[Farm, dict[str, str]], desk: Desk) -> Callable[[str, str, str], str]:
    """What the measures page says of a task of a plan once a measure is bound to it there."""
    office = desk("officer")

    def answer(plan: str, words: str, measure: str) -> str:
        task = task_of(standing[1][plan], words)
        office.post(f"/plans/tasks/{task.uid}/bind/", {"measure": f"farmland.{measure}"})
        page = read(office, f"/plans/{task.plan.uid}/measures/")
        start = page.index(f"/plans/tasks/{task.uid}/")
        return re.sub(r"</?a\b[^>]*>", "", page[start : page.index("</tr>", start)])

    return answer


@pytest.fixture
def reached(standing: tuple[Farm, dict[str, str]], desk: Desk) -> Callable[[str, str, str], str]:
    """The same of an indicator, by its name."""
    office = desk("officer")

    def answer(plan: str, name: str, measure: str) -> str:
        uid = standing[1][plan]
        row = Indicator.objects.filter(plan=Plan.objects.get(uid=uid), name=name).latest("pk")
        office.post(f"/plans/indicators/{row.pk}/bind/", {"measure": f"farmland.{measure}"})
        page = read(office, f"/plans/{uid}/measures/")
        start = page.index(f'<th scope="row">{name}</th>')
        return page[start : page.index("</tr>", start)]

    return answer

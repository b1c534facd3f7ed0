"""A layer asked about at once is answered as each of its grounds alone, by no more statements than one ground costs."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.enterprise_world import Firms
from desk.land_world import layer, parcel, square
from desk.plot_world import Plots
from soildesk.core.geometry import meeting
from soildesk.core.permissions import system_actor
from soildesk.decisions.queries import facts
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.services import gate
from soildesk.land.models import Zone

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY = date(2026, 11, 20)
STAGES = ("outside", "S0", "S2", "S3", "S5", "removed", "released")
USES = ("1001", "0701", "0103")


def small_world(world: Any, chance: random.Random) -> None:
    """Plots in several stages, a key unit's site, parcels, zones and divisions on a field of 6 by 6 squares."""
    made = Plots(world)
    for n, stage in enumerate(STAGES):
        ground = square(chance.uniform(0, 5), chance.uniform(0, 5), chance.uniform(0.3, 1.6), chance.uniform(0.3, 1.6))
        plot = made.plot(f"地块{n}", ground)
        if stage in ("removed", "released"):
            made.to(plot, stage, covered=ground if n % 2 else None)
        else:
            made.to(plot, stage)
    firms = Firms(world)
    firm = firms.firm("青禾农药厂", industry="2631")
    firms.listed(firm, "soil_key", date(2026, 3, 1))
    firms.site(firm, square(chance.uniform(0, 4), chance.uniform(0, 4), 1.5))
    for east in range(6):
        for north in range(6):
            if chance.random() < 0.8:
                use = chance.choice(USES)
                parcel(world, square(east, north), name=f"宗地{east}{north}", use_system="guide2023", use_now=use)
    layer(world, "farmland", "basic_farmland", [{"name": "永农", "geometry": square(2, 2, 1.5)}])
    layer(world, "towns", "division", [{"name": "柏庄镇", "geometry": square(-1, -1, 7, 7)}])


def grounds(chance: random.Random, count: int) -> list[Any]:
    return [
        square(chance.uniform(-1, 6), chance.uniform(-1, 6), chance.uniform(0.2, 2), chance.uniform(0.2, 2))
        for _ in range(count)
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_layer_is_answered_as_each_of_its_grounds_alone(world: Any, seed: int) -> None:
    chance = random.Random(seed)
    small_world(world, chance)
    by = world.actor("officer")
    questions = [
        gate.prepared(Asked(
            one, chance.choice(["供地", "收回", "施工许可"]), chance.choice(USES), DAY, scheme="guide2023",
            untouched=chance.choice([None, True]),
        ))
        for one in grounds(chance, 40)
    ]  # fmt: skip
    together = gate.check_many(questions, by=by)
    for asked, answer in zip(questions, together, strict=True):
        alone = gate.check(asked, by=by)
        assert alone.facts == answer.facts
        assert alone.decision == answer.decision
        assert alone.cutting == answer.cutting
    assert len({one.decision.verdict for one in together}) > 1
    assert any(one.facts.reports for one in together)
    assert any(one.facts.neighbours for one in together)


def test_a_layer_costs_as_many_statements_as_one_ground(world: Any) -> None:
    small_world(world, random.Random(4))
    reader = system_actor("gate", DAY)

    def statements(count: int) -> int:
        asked = [Asked(square(-1, -1, 8, 8), "供地", "0701", DAY, scheme="guide2023")]
        asked += [replace(asked[0], shape=one) for one in grounds(random.Random(5), count - 1)]
        with CaptureQueriesContext(connection) as seen:
            facts.facts_of(asked, reader)
        return len(seen)

    assert statements(60) == statements(1)


def test_a_tree_meets_what_the_store_meets(world: Any) -> None:
    chance = random.Random(6)
    zones = [{"name": f"区{n}", "geometry": one} for n, one in enumerate(grounds(chance, 30))]
    layer(world, "towns", "division", zones)
    asked = [
        *grounds(chance, 20),
        square(2, 2).centroid.buffer(0.001),
        shapely.MultiPolygon([square(0, 0), square(3, 3)]),
    ]
    met = meeting.met(Zone.objects.order_by("pk"), asked)
    assert any(met)
    for shape, rows in zip(asked, met, strict=True):
        assert rows == list(Zone.objects.filter(geometry__intersects=shape).order_by("pk"))


def use_of(world: Any, shape: Any, **said: Any) -> tuple[str | None, str]:
    found = gate.check(
        Asked(shape, "施工许可", "0701", DAY, scheme="guide2023", **said), by=world.actor("officer")
    ).facts
    return found.current_use, found.current_scheme


def test_the_parcels_beneath_tell_the_use_nobody_said(world: Any) -> None:
    for east, use in ((0, "0701"), (1, "1001"), (2, "")):
        parcel(world, square(east, 0), name=f"宗地{east}", use_system="guide2023", use_now=use)
    assert use_of(world, square(0, 0)) == ("0701", "guide2023")
    assert use_of(world, square(0, 0, 1.5)) == ("0701/1001", "guide2023")
    assert use_of(world, square(0, 0), current_use="0103", current_scheme="guide2023") == ("0103", "guide2023")
    assert use_of(world, square(0, 0, 1, 1.5)) == (None, "")  # a third of it lies on no parcel
    assert use_of(world, square(1.5, 0)) == (None, "")  # one of its parcels does not say
    parcel(world, square(0, 0, 0.5), name="按旧分类登记", use_system="gbt21010_2017", use_now="0701")
    assert use_of(world, square(0, 0)) == (None, "")  # two classifications make no use together

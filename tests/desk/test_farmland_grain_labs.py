"""Produce above its limit, whoever found it: a laboratory's own file proposes a lock too, and a test of something else answers nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import farmland_world
import judging_world
import pytest
import shapely
from grain_world import Grain

from soildesk.farmland.models import LockProposal, ProduceTest, UnitVersion
from soildesk.farmland.queries import owedtests
from soildesk.farmland.refusals import GrainNoticeRefused, GrainRefused, LotRefused, OfficeRefused, SeasonRefused
from soildesk.farmland.services import graincustody, grainnotices, lineage, lots, producetests, seasons
from soildesk.farmland.services.graincustody import Paid
from soildesk.farmland.services.grainnotices import Said
from soildesk.farmland.services.lineage import Paper, Piece
from soildesk.farmland.services.lots import Locking, Unlocking
from soildesk.monitoring.services import judging
from soilrules.farmland.harvests import Risk

DAY = date(2026, 11, 20)


@pytest.fixture
def grain(world: Any, monkeypatch: pytest.MonkeyPatch) -> Grain:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Grain(farmland_world.county(world))


def test_what_a_laboratory_found_above_proposes_a_lock_once(grain: Grain) -> None:
    grain.season("safe_1")
    corner = grain.farm.version("safe_1").geometry.centroid
    at_point = judging_world.point(grain.world, "XT-1", x=corner.x, y=corner.y, kind="joint", use="paddy", crop="水稻")
    of = judging_world.campaign(grain.world, date(2026, 9, 8), kind="joint")
    into = judging_world.batch(grain.world, of)
    sample = judging_world.sample(grain.world, of, at_point, date(2026, 9, 8), medium="produce", crop="稻谷")
    judging_world.result(into, sample, "cadmium", 0.5)
    judging.judge(of, "accepted", by=grain.world.actor("officer"), at=grain.world.at)
    by = grain.by("agriculture")
    seasons.plan_year(2026, by=by, at=grain.world.at)
    proposal = LockProposal.objects.get()
    assert (proposal.crop, proposal.test.said, proposal.test.values.get().analyte) == ("稻谷", "severe", "cadmium")
    assert "超出" in producetests.explained(proposal.test)["cadmium"]
    seasons.plan_year(2026, by=by, at=grain.world.at)
    assert ProduceTest.objects.count() == 1
    assert grain.locked(proposal.test).units.get() == grain.farm.units["safe_1"]


def test_a_test_of_lead_does_not_take_back_cadmium(grain: Grain) -> None:
    grain.tested("priority_2", date(2026, 6, 10), "0.5")
    grain.tested("priority_2", date(2026, 7, 10), contents={"lead": "0.05"})
    unit = grain.farm.units["priority_2"].pk
    assert owedtests.risks_of([unit], DAY)[unit] == (Risk.LAST_ABOVE,)
    grain.tested("priority_2", date(2026, 7, 12), "0.1")
    assert owedtests.risks_of([unit], DAY)[unit] == ()
    grain.tested("priority_2", date(2026, 7, 12), "0.4", number="另一实验室")
    assert owedtests.risks_of([unit], DAY)[unit] == (Risk.LAST_ABOVE,)


def test_dividing_ground_does_not_free_its_grain(grain: Grain) -> None:
    locked = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    grain.tested("safe_2", date(2026, 9, 10), "0.35")
    pieces = {name: _divided(grain, name) for name in ("safe_1", "safe_2")}
    for made in pieces.values():
        keys = [one.unit_id for one in made]
        assert all(Risk.LAST_ABOVE in (found or ()) for found in owedtests.risks_of(keys, DAY).values())
    told = Locking(DAY, "", Decimal(100), pieces["safe_1"][:1], 2026)
    with pytest.raises(LotRefused, match=locked.number):
        lots.follow(told, "水稻", by=grain.by("agriculture"), at=grain.world.at)
    lot = grain.locked(LockProposal.objects.get(unit=grain.farm.units["safe_2"]).test, on=DAY)
    assert {one.pk for one in lot.units.all()} == {one.unit_id for one in pieces["safe_2"]}
    with pytest.raises(OfficeRefused):
        lots.unlock(locked, Unlocking(DAY, "纪要"), by=grain.by("grain"), at=grain.world.at)


def _divided(grain: Grain, name: str) -> list[UnitVersion]:
    """A unit cut in two along its middle."""
    held = grain.farm.version(name)
    west, south, east, north = held.geometry.bounds
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    pieces = [Piece(held.geometry.intersection(one)) for one in halves]
    paper = Paper(date(2026, 10, 1), "利用方式不同")
    return lineage.split(held, pieces, paper, by=grain.by("agriculture"), at=grain.world.at)


def test_a_season_is_one_harvest(grain: Grain) -> None:
    grain.season("safe_1")
    with pytest.raises(SeasonRefused, match="已经登记过"):
        grain.season("safe_1", year=2027)
    with pytest.raises(SeasonRefused, match="不是一季"):
        grain.season("safe_2", sown_on=date(2024, 1, 1))


def test_papers_of_a_lot_are_not_older_than_it(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    told = Said("lock", grain.world.departments["grain"], date(2026, 9, 1), "请定向收购")
    with pytest.raises(GrainNoticeRefused, match="早于锁定"):
        grainnotices.send(lot, told, by=grain.by("agriculture"), at=grain.world.at)
    paid = Paid("purchase", Decimal(1), date(2020, 1, 1), "甲", "1")
    with pytest.raises(GrainRefused, match="批次年度"):
        graincustody.pay(lot, paid, by=grain.by("finance"), at=grain.world.at, stands_in="-")

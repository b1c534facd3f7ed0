"""Produce above its limit, whoever found it: a laboratory's own file proposes a lock too, and a test of something else answers nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import farmland_world
import judging_world
import pytest
from grain_world import Grain

from soildesk.farmland.models import LockProposal, ProduceTest
from soildesk.farmland.queries import owedtests
from soildesk.farmland.services import producetests, seasons
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

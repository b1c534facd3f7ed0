"""Yards of solid waste are patrolled in each quarter; a ledger without one proves nothing."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk.plant_world import Plant
from soildesk.kit import measures
from soildesk.kit.measures import MeasureResult, Outcome

pytestmark = [pytest.mark.django_db]
TODAY = date(2026, 11, 20)
D, N, C, X = Outcome.DONE, Outcome.NOT_DONE, Outcome.CANNOT_SAY, Outcome.NOT_APPLICABLE


@pytest.fixture
def plant(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plant:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plant(world)


def ask(plant: Plant, on: date = TODAY, known_on: date = TODAY) -> MeasureResult:
    plan = SimpleNamespace(
        division=plant.world.district, year=2026, period_start=None, period_end=None, doc_number="", title="方案"
    )
    run = measures.get("enterprises.yards_patrolled").run
    return run(plant.world.actor("officer"), SimpleNamespace(plan=plan, number="15"), on, known_on)


def test_each_quarter_a_yard_stood_in_has_its_patrol(plant: Plant) -> None:
    assert ask(plant).outcome is C
    plant.facility("二号储罐", "underground_tank")
    assert ask(plant).outcome is C, "a tank is no yard"
    yard = plant.facility("一号渣场", "solid_waste_store")
    assert ask(plant, date(2026, 3, 31)).outcome is X, "no quarter has ended"
    office = Client()
    office.force_login(plant.world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    note = reverse("enterprises:facility_note", args=[yard.facility.uid])
    for day in ("2026-01-01", "2026-06-30"):
        said = {"kind": "patrol", "on": day, "note": "导流沟通畅", "by_whom": "安环"}
        assert office.post(note, said).status_code == 302
    assert ask(plant, date(2026, 9, 30)).outcome is D, "the third quarter has not ended"
    found = ask(plant, date(2026, 10, 1))
    assert (found.outcome, found.rows[0].note) == (N, "没有巡查记录：第3季度")
    assert office.post(note, {"kind": "repair", "on": "2026-09-30", "note": "修补防渗层"}).status_code == 302
    assert ask(plant).outcome is N, "a repair is no patrol"
    assert office.post(note, {"kind": "patrol", "on": "2026-09-30", "note": "无外溢"}).status_code == 302
    assert ask(plant).outcome is D
    assert ask(plant, known_on=date(2026, 11, 19)).outcome is C, "the yard itself was told only today"

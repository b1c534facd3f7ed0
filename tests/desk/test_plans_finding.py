"""The one search finds plans, tasks and units, in every spelling and within the actor's scope."""

from __future__ import annotations

from typing import Any

import pytest

from desk import ledger_world
from soildesk.plans.queries import finding

pytestmark = pytest.mark.django_db


def test_plans_and_tasks_are_found_by_their_words_within_scope(world: Any) -> None:
    plan = ledger_world.published(world)
    task = plan.tasks.order_by("position").first()
    assert task is not None
    words = task.text[2:8]
    hits = finding.find_tasks(world.actor("officer"), words, world.day, 5)
    assert str(task.uid) in hits[0].url
    assert words in hits[0].text
    assert hits[0].code == plan.title
    assert [hit.title for hit in finding.find_plans(world.actor("reader"), plan.title[:6], world.day, 5)] == [
        plan.title
    ]
    for find in (finding.find_plans, finding.find_tasks):
        assert find(world.actor("stranger"), words, world.day, 5) == []
    assert finding.find_tasks(world.actor("officer"), "没有这几个字", world.day, 5) == []


def test_drafts_show_no_task(world: Any) -> None:
    plan = ledger_world.taken_in(world)
    words = plan.tasks.order_by("position")[0].text[2:8]
    assert finding.find_tasks(world.actor("officer"), words, world.day, 5) == []
    assert "/review/" in finding.find_plans(world.actor("officer"), plan.title[:6], world.day, 5)[0].url


def test_units_are_found_by_alias_and_short_name_once(world: Any) -> None:
    unit = world.departments["development"]
    unit.aliases.create(name="发改局")
    unit.aliases.create(name="区发改局")
    assert [hit.title for hit in finding.find_units(world.actor("officer"), "发改局", world.day, 5)] == [unit.name]
    assert finding.find_units(world.actor("stranger"), "发改局", world.day, 5) == []


def test_around_shows_the_place_in_any_spelling() -> None:
    text = "前" * 100 + "任务台账" + "后" * 200
    shown = finding.around(text, "台帐")
    assert "台账" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")

"""Measures of other rooms read of a task only its plan's place and period: one answer serves all tasks of a pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from soildesk.core.models import Person
from soildesk.core.permissions import Actor
from soildesk.kit import measures
from soildesk.plans.models import PlanTask

DAY = date(2026, 11, 21)
pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("demo_home", "db")]


def test_every_measure_says_the_same_of_two_tasks_of_a_plan() -> None:
    officer = Actor.of(Person.objects.get(username="linlan"), DAY)
    rows = PlanTask.objects.filter(plan__title__startswith="青禾区2026年").select_related("plan__division")
    one, other = rows.first(), rows.last()
    asked = [m for m in measures.measures().values() if "plans.plantask" in m.subjects and m.run_many is None]
    assert len(asked) > 60
    for measure in asked:
        first, second = (measure.run(officer, task, DAY, DAY) for task in (one, other))
        assert replace(first, basis="") == replace(second, basis=""), measure.id

"""A plan under review and clients in front of its pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk.conftest import AT, World
from desk.plan_drafts import draft
from soildesk.core.models import Person
from soildesk.plans.models import Plan, PlanTask
from soildesk.plans.services.intake import Place, Source, import_plan

HTMX = {"HX-Request": "true"}


def plain_pages(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages name their files without a manifest; the day is the world's."""
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def sample(world: World) -> Plan:
    """The sample plan under review in 青禾区."""
    place = Place(world.district, world.departments["ecology"])
    return import_plan(draft(), Source.of(b"sample", "sample.txt"), place, by=world.actor("officer"), at=AT)


def of(person: Person) -> Client:
    """A client in which the person is logged in."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def task_of(plan: Plan, number: int) -> PlanTask:
    return plan.tasks.order_by("position")[number]


def act(client: Client, task: PlanTask, name: str, **data: Any) -> Any:
    """One act on a card, as the page's script sends it."""
    return client.post(reverse("plans:task_act", args=[task.uid, name]), data, headers=HTMX)


def url(name: str, plan: Plan) -> str:
    return reverse(f"plans:{name}", args=[plan.uid])

"""A county under a city, with towns, offices, a laboratory and firms, and published plans in force there."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q
from django.test import override_settings

from soildesk import cli
from soildesk.core import clock
from soildesk.core.permissions import system_actor
from soildesk.demo import people
from soildesk.plans.models import Binding, Plan, PlanTask

ROOT = Path(__file__).resolve().parents[2]
PLANS = ROOT / "examples" / "plans"
PLACES = ROOT / "tests" / "cases" / "places"
OFFICE, ISSUER, OTHER = "ayhb", "ayqf", "aysh"
CITY, CITY_ISSUER = "zybj", "zyqf"
DAY = "2026-11-21"
PLACE = {"county": ("512021", OFFICE, ISSUER), "city": ("5120", CITY, CITY_ISSUER)}


def here(table: Any) -> Any:
    """The rows of this county; the example district may stand in the same store."""
    return table.objects.exclude(division_path__startswith="99/")


def standing(blocker: pytest.DjangoDbBlocker, home: Path, plans: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The county with plans in force, each in the county or its city; undone at the end."""
    own = {
        "HOME": home, "MEDIA_ROOT": home / "attachments", "EXPORT_ROOT": home / "exports",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }  # fmt: skip
    with blocker.unblock(), override_settings(**own), pytest.MonkeyPatch.context() as patch:
        patch.setenv(clock.VARIABLE, DAY)
        with transaction.atomic():
            load_places()
            yield {name: put_in_force(name, *PLACE[where]) for name, where in plans.items()}
            transaction.set_rollback(True)


def load_places() -> None:
    """The places, offices and people."""
    people.load_divisions(PLANS / "divisions.csv")
    for name in ("ziyang", "anyue"):
        people.load_divisions(PLACES / f"{name}_divisions.csv")
        people.load_departments(PLACES / f"{name}_departments.csv")
        people.load_people(PLACES / f"{name}_people.csv", "An-yue 2026 soil", by=system_actor("places"), at=clock.now())


def put_in_force(name: str, division: str, keeper: str, issuer: str) -> str:
    """A published plan taken in, accepted whole and published in a place for this year.

    What the example settled for the plan of the same words, where it stands in the same store, is taken back: these tests
    begin with a plan of which nothing is settled.
    """
    (file,) = PLANS.glob(f"{name}_*.txt")
    out = io.StringIO()
    with redirect_stdout(out):
        made = ["plan", "import", str(file), "--year", "2026", "--as-edition", "--division", division]
        assert cli.main([*made, "--as", keeper, "--json"]) == 0
    plan = str(json.loads(out.getvalue())["id"])
    with redirect_stdout(io.StringIO()):
        assert cli.main(["plan", "accept", plan, "--all", "--as", keeper]) == 0
        assert cli.main(["plan", "publish", plan, "--as", issuer]) == 0
    Binding.objects.filter(Q(task__plan__uid=plan) | Q(indicator__plan__uid=plan)).delete()
    return plan


def task_of(plan: str, words: str) -> PlanTask:
    """The first accepted task of a plan with those words."""
    rows = Plan.objects.get(uid=plan).tasks.filter(status="accepted", text__contains=words)
    found: PlanTask = rows.order_by("position")[0]
    return found

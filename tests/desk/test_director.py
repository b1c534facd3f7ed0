"""会前一览: what is red and whose, what waits for this person's own decision, what the records contradict, in few queries."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from desk.reporting_world import Reports
from desk.supervision_world import Supervised
from soildesk.core.models import Person, RoleGrant
from soildesk.home.queries import outlook
from soildesk.supervision.services import matters

BUDGETS = json.loads((Path(__file__).parents[1] / "query_budgets.json").read_text(encoding="utf-8"))
pytestmark = pytest.mark.django_db
PAGE, PART = "/director/", "/director/records"
LATE, SOON = date(2026, 11, 16), date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    cache.clear()  # what was worked out for another test's people


@pytest.fixture
def made(world: Any) -> Supervised:
    return Supervised(world)


def client(world: Any, name: str) -> Client:
    return world.browser(name)


def text(found: Client, url: str, **headers: Any) -> str:
    response = found.get(url, **headers)
    assert response.status_code == 200, url
    return str(response.content.decode())


def figures(page: str) -> dict[str, str]:
    """The numbers of the page by the address of their rows."""
    links = re.findall(r'<a [^>]*href="([^"]+)" data-figure="(\d+)"', page)
    return {html.unescape(url): number for url, number in links}


def test_what_is_late_stands_with_its_unit_and_its_rows(made: Supervised) -> None:
    late = made.matter("地面防渗层破损", due=LATE)
    made.matter("危废台账缺失", due=SOON)
    page = text(client(made.world, "chief"), PAGE)
    told = figures(page)
    assert told["/kit/r/matters/?show=late"] == "1"
    assert told["/kit/r/matters/?show=soon"] == "1"
    assert told[f"/kit/r/matters/?show=late&unit={late.unit_id}"] == "1"
    assert told[f"/kit/r/matters/?show=open&due_from={SOON}&due_to={SOON}"] == "1", "the calendar tells the day"
    assert "逾期 4 天" in page


def test_what_changed_is_counted_since_the_day_asked_for(made: Supervised) -> None:
    made.matter("地面防渗层破损", due=LATE)
    chief = client(made.world, "chief")
    since = lambda day: figures(text(chief, f"{PAGE}?since={day}"))  # noqa: E731
    assert since("2026-11-16")["/kit/r/matters/?show=late&due_from=2026-11-16&due_to=2026-11-19"] == "1"
    assert since("2026-11-17")["/kit/r/matters/?show=late&due_from=2026-11-17&due_to=2026-11-19"] == "0"
    assert 'value="2026-11-13"' in text(chief, f"{PAGE}?since=2026-12-24"), "a day ahead is no meeting that was"


def test_a_request_waits_for_whoever_may_decide_it(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=SOON)
    matters.ask_extension(duty, date(2026, 12, 10), made.act("agriculture"))
    chief, unit = client(made.world, "chief"), client(made.world, "agriculture")
    for url in (PAGE, "/"):
        assert "延期待审批" in text(chief, url), url
        assert "延期待审批" not in text(unit, url), url
    rows = text(chief, "/waiting/answer-extensions")
    assert 'data-total="1"' in rows
    assert "地面防渗层破损" in rows
    assert "没有要办的了" in text(unit, "/waiting/answer-extensions")


def test_nobody_is_asked_to_decide_a_request_of_their_own(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=SOON, unit="ecology")
    RoleGrant.objects.create(person=made.world.people["chief"], role="officer", division=made.world.district)
    matters.ask_suspension(duty, "season", date(2026, 12, 10), made.act("chief"))
    assert "挂账待审批" not in text(client(made.world, "chief"), PAGE)
    assert "挂账待审批" in text(client(made.world, "issuer"), PAGE)


def test_a_report_waits_for_its_signature(world: Any) -> None:
    copy = Reports(world).copy("quarterly", "2026Q3")
    issuer, officer = client(world, "issuer"), client(world, "officer")
    page = text(issuer, "/waiting/answer-reporting-sign")
    assert reverse("kit:record", args=["reports", str(copy.uid)]) in page
    assert "报表待签发" not in text(officer, "/")


def test_what_the_records_contradict_comes_after_the_page_and_is_kept_until_something_is_written(world: Any) -> None:
    reports = Reports(world)
    chief = client(world, "issuer")
    first = text(chief, PAGE)
    assert "正在按台账核算" in first
    part = text(chief, PART, HTTP_HX_REQUEST="true")
    assert part.startswith("<section") and "填报与核算不一致的任务" in part
    assert "填报与核算不一致的任务" in text(chief, PART), "without a script it is a page"
    kept = text(chief, PAGE)
    assert "填报与核算不一致的任务" in kept and 'hx-trigger="load"' not in kept
    reports.due()
    stale = text(chief, PAGE)
    assert "填报与核算不一致的任务" in stale and 'hx-trigger="load"' in stale, "shown as it was, and asked anew"


def test_every_number_of_the_records_part_is_that_of_its_rows(world: Any) -> None:
    Reports(world)
    chief = client(world, "issuer")
    told = figures(text(chief, PART))
    assert told
    for url, number in told.items():
        assert f'data-total="{number}"' in text(chief, url) or number == "0", url


def test_who_sees_a_part_of_the_place_is_told_so(world: Any) -> None:
    Reports(world)
    town = client(world, "agriculture")
    assert "只能查阅其中一部分" in text(town, PART)
    assert outlook.checked(world.actor("agriculture"), world.day) is None


def test_strangers_and_administrators_do_not_see_it(world: Any) -> None:
    assert Client().get(PAGE).status_code == 302
    admin = Person.objects.create(username="keeper", name="keeper")
    RoleGrant.objects.create(person=admin, role=RoleGrant.Role.ADMIN, division=world.district)
    world.people["keeper"] = admin
    assert client(world, "keeper").get(PAGE).status_code == 403


def test_it_takes_no_more_queries_with_many_rows_than_with_few(made: Supervised) -> None:
    Reports(made.world)
    chief = client(made.world, "chief")
    counts = []
    for more in (1, 12):
        for number in range(more):
            made.matter(f"{more}-{number} 地面防渗层破损", due=LATE)
        text(chief, PART)
        text(chief, PAGE)
        with CaptureQueriesContext(connection) as queries:
            text(chief, PAGE)
        counts.append(len(queries))
    assert counts[1] <= counts[0], "queries grow with the rows"
    assert counts[0] <= BUDGETS["home.director"]

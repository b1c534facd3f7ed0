"""The pages of verdicts and warnings: who sees them, that they open, that their acts lead on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import judging_world as made
import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from register_promises import RegisterPromises

from soildesk.core.models import Person, RoleGrant
from soildesk.kit.register import collections
from soildesk.monitoring import tasks
from soildesk.monitoring.models import Alert, Campaign, Expected, FieldRecord, ResultVerdict
from soildesk.monitoring.services import judging

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


def client(world: Any, name: str) -> Client:
    return world.browser(name)


def judged(world: Any) -> Campaign:
    """Cadmium within, over, far over and without a pH."""
    of = made.campaign(world)
    points = [made.point(world, f"N{n}", use="paddy", x=114.3 + n * 0.1) for n in range(4)]
    values = [{"cadmium": 0.2, "ph": 6.0}, {"cadmium": 0.5, "ph": 6.0}, {"cadmium": 2.5, "ph": 6.0}, {"cadmium": 0.5}]
    made.results(world, of, dict(zip(points, values, strict=True)))
    judging.judge(of, "accepted", by=world.actor("officer"), at=AT)
    return of


class TestAlerts(RegisterPromises):
    """The register of warnings."""

    collection = "alerts"

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith("/history"))

    def fill(self, world: Any) -> list[str]:
        judged(world)
        return [str(uid) for uid in Alert.objects.order_by("pk").values_list("uid", flat=True)]

    def more(self, world: Any, count: int) -> None:
        of = made.campaign(world)
        points = [made.point(world, f"M{n}", use="paddy", x=115 + n * 0.1) for n in range(count)]
        made.results(world, of, {one: {"cadmium": 0.5, "ph": 6.0} for one in points})
        judging.judge(of, "accepted", by=world.actor("officer"), at=AT)


def test_the_public_sees_no_warning(world: Any) -> None:
    """No published rows of warnings."""
    assert collections()["alerts"].public is None


def test_the_table_counts_unknown_apart(world: Any) -> None:
    """Three judged, two over, one unknown with its cause; every number leads to its rows."""
    of = judged(world)
    page = client(world, "reader").get(reverse("monitoring:verdicts", args=[of.uid]))
    text = page.content.decode()
    assert page.status_code == 200
    line = page.context["lines"][0]["line"]
    assert (line.total, line.judged, line.over, line.control, line.unknown) == (4, 3, 2, 1, 1)
    assert line.rate == pytest.approx(66.67, abs=0.01)
    assert page.context["causes"][0][1] == 1
    assert f"campaign={of.number}&amp;medium=soil&amp;analyte=cadmium&amp;verdict=unknown" in text
    assert "v-unknown" in text
    for by in ("point", "plot", "town"):
        assert client(world, "reader").get(f"{page.request['PATH_INFO']}?by={by}&ucl=1").status_code == 200
    before = client(world, "reader").get(f"{page.request['PATH_INFO']}?known_on=2026-11-01")
    assert before.context["lines"] == []


def test_the_table_as_excel_keeps_single_results_of_graded_campaigns(world: Any) -> None:
    """Four sheets of counts; single results leave only from a public campaign."""
    of = judged(world)
    url = reverse("monitoring:verdicts_excel", args=[of.uid])
    names = openpyxl.load_workbook(BytesIO(client(world, "reader").get(url).content)).sheetnames
    assert len(names) == 4
    Campaign.objects.update(grade="public")
    book = openpyxl.load_workbook(BytesIO(client(world, "reader").get(url).content))
    assert len(book.sheetnames) == 5
    assert sum(row[0].value is not None for row in book[book.sheetnames[-1]].iter_rows()) >= 3


def test_judging_anew_shows_the_changes_first(world: Any) -> None:
    """Looking writes nothing; keeping does."""
    of = judged(world)
    made.revise(Alert.objects.first().point.versions.get(superseded_at=None), AT.date(), use="other")
    count = ResultVerdict.objects.count()
    url = reverse("monitoring:rejudge", args=[of.uid])
    assert client(world, "officer").get(url).status_code == 200
    assert ResultVerdict.objects.count() == count
    assert client(world, "reader").get(url).status_code == 403
    assert client(world, "officer").post(url, {"why": "use"}).status_code == 302
    assert of.judgements.count() == 2


def test_an_act_on_its_page(world: Any) -> None:
    """Assign and take up by the pages; a refusal is told on the page."""
    judged(world)
    alert = Alert.objects.order_by("pk").first()
    officer = client(world, "officer")
    record = reverse("kit:record", args=["alerts", str(alert.uid)])
    page = officer.get(record).content.decode()
    assert "为什么预警" in page
    assert "指定处置单位" in page
    take = reverse("monitoring:alert_act", args=[alert.uid, "take"])
    refused = officer.post(take, {"note": ""})
    assert refused.status_code == 422
    assert "还没有处置单位" in refused.content.decode()
    assign = reverse("monitoring:alert_act", args=[alert.uid, "assign"])
    assert officer.post(assign, {"owner": world.departments["agriculture"].pk, "note": ""}).status_code == 302
    assert client(world, "agriculture").post(take, {"note": ""}).status_code == 302
    alert.refresh_from_db()
    assert alert.state == "working"
    for name in ("measure", "answer", "extend", "escalate", "merge", "assign"):
        assert officer.get(reverse("monitoring:alert_act", args=[alert.uid, name])).status_code == 200
    assert client(world, "stranger").get(assign).status_code == 404


def test_the_city_sees_what_its_districts_report(world: Any) -> None:
    """County, city and province see their own and what lies below."""
    judged(world)
    person = Person.objects.create(username="city", name="city", department=world.departments["city_ecology"])
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.OFFICER, division=world.city)
    world.people["city"] = person
    rows = collections()["alerts"].rows(world.actor("city"), world.day)
    assert rows.count() == Alert.objects.count() == 2
    assert not collections()["alerts"].rows(world.actor("stranger"), world.day).exists()
    assert not Expected.objects.exists()


class Told:
    """A progress nobody looks at."""

    def step(self, done: int, total: int | None = None, doing: str = "") -> None:
        """Nothing."""


def test_all_campaigns_are_judged_anew_by_a_job(world: Any) -> None:
    """First only said, then kept; the page starts it for those who may."""
    of = judged(world)
    made.revise(of.alerts.order_by("pk").first().point.versions.get(superseded_at=None), AT.date(), use="other")
    FieldRecord.objects.update(land_use="paddy")
    said = tasks.rejudge_all(Told(), world.actor("officer"), why="standard")
    assert said == {"campaigns": 1, "changed": {}, "kept": False}
    assert of.judgements.count() == 1
    assert tasks.rejudge_all(Told(), world.actor("officer"), why="standard", keep=True)["kept"]
    assert tasks.rejudge(Told(), world.actor("officer"), campaign=str(of.uid), why="use")["changed"] == 0
    assert of.judgements.count() == 3
    page = reverse("monitoring:verdicts_by_campaign")
    assert client(world, "officer").get(page).context["lines"][0]["line"].total == 4
    assert client(world, "officer").post(page, {"keep": "0"}).status_code == 302
    assert client(world, "reader").post(page, {"keep": "1"}).status_code == 403


def test_new_tables_of_limits_are_told_on_the_page(world: Any) -> None:
    """A judgement by other tables than those in force says so."""
    of = judged(world)
    page = reverse("monitoring:verdicts", args=[of.uid])
    assert not client(world, "reader").get(page).context["outdated"]
    of.judgements.update(fingerprint="other")
    assert client(world, "reader").get(page).context["outdated"]

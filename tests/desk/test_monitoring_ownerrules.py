"""Whose warnings are: the rules a place registers, and what nobody's is shown as and owed by."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import judging_world as made
import pytest
from django.urls import reverse

from soildesk.core.models import AuditEntry, Duty
from soildesk.core.permissions import NotAllowed
from soildesk.monitoring.models import Alert, OwnerRule
from soildesk.monitoring.queries.alerts import waiting
from soildesk.monitoring.queries.owners import Desk
from soildesk.monitoring.refusals import AlertRefused
from soildesk.monitoring.services import disposal, judging, ownerrules
from soildesk.monitoring.services.ownerrules import Said
from soilrules.monitoring.owners import Land

pytestmark = [pytest.mark.django_db, pytest.mark.store]
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SINCE = date(2026, 1, 1)
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


def rule(world: Any, who: str = "officer", **said: Any) -> OwnerRule:
    given = {
        "division": world.district, "media": ["soil"], "lands": ["cultivated"], "leads": world.departments["agriculture"],
        "source": "青禾区土壤污染防治方案第三条", "since": SINCE, **said,
    }  # fmt: skip
    return ownerrules.add(Said(**given), by=world.actor(who), at=AT)


def warned(world: Any) -> Alert:
    """Farmland over its control value."""
    of = made.campaign(world)
    made.results(world, of, {made.point(world, "N1", use="paddy"): {"cadmium": 9.0, "ph": 6.0}})
    judging.judge(of, "accepted", by=world.actor("officer"), at=AT)
    return Alert.objects.get()


def duty(alert: Alert) -> Duty:
    return Duty.objects.for_subject(alert).get(done_on=None)


def test_nobodys_warning_is_owed_by_who_opened_it(world: Any, client: Any) -> None:
    """Shown as such with the act to name an owner; then the owner owes it."""
    alert = warned(world)
    assert alert.owner is None
    owed = duty(alert)
    assert (owed.unit, owed.title.startswith("责任部门未定，请指定")) == (world.departments["ecology"], True)
    assert waiting(world.actor("officer"), 5, [world.departments["ecology"].pk])[0] == 1
    client.force_login(world.people["officer"])
    assert "责任部门未定" in client.get(reverse("kit:collection", args=["alerts"])).content.decode()
    page = client.get(reverse("kit:record", args=["alerts", str(alert.uid)])).content.decode()
    assert "责任部门未定" in page
    assert f"/monitoring/alerts/{alert.uid}/assign" in page
    disposal.assign(alert, world.departments["agriculture"], by=world.actor("officer"), at=AT)
    owed = duty(alert)
    assert (owed.unit, owed.title.startswith("处置预警")) == (world.departments["agriculture"], True)


def test_a_rule_of_the_place_goes_first(world: Any) -> None:
    """Its department leads, others help; the basis says which clause."""
    rule(world, supports=[world.departments["ecology"]])
    alert = warned(world)
    assert alert.owner == world.departments["agriculture"]
    assert list(alert.with_units.all()) == [world.departments["ecology"]]
    assert "青禾区土壤污染防治方案第三条" in alert.owner_basis
    assert duty(alert).unit == world.departments["agriculture"]


def test_the_smallest_place_and_the_day_decide(world: Any) -> None:
    """The town's rule before the district's, one that names the land before one for any; ended and later ones not at all."""
    town = world.towns["柏庄镇"].division
    path = town.path
    wide = rule(world, lands=[], leads=world.departments["ecology"])

    def leads(land: Land | None = Land.CULTIVATED, on: date = TODAY) -> Any:
        return Desk(on).owner("soil", land, path).leads

    assert leads() == leads(None) == world.departments["ecology"]
    rule(world)
    assert leads() == world.departments["agriculture"]
    assert leads(None) == world.departments["ecology"], "which land it is nobody knows"
    rule(world, division=town, leads=world.departments["ecology"])
    assert leads() == world.departments["ecology"]
    assert leads(on=date(2025, 12, 31)) is None
    ownerrules.end(wide, date(2026, 6, 1), "改由方案规定", by=world.actor("officer"), at=AT)
    assert leads(None) is None
    assert AuditEntry.objects.filter(act="monitoring.ownerrule.ended").exists()


def test_what_is_refused(world: Any) -> None:
    """No source, no medium, a department of elsewhere, the same twice, an end before the beginning, a reader."""
    for code, said in (
        ("source", {"source": " "}),
        ("media", {"media": []}),
        ("choice", {"lands": ["sea"]}),
        ("other_place", {"leads": world.departments["other_ecology"]}),
    ):
        with pytest.raises(AlertRefused) as refusal:
            rule(world, **said)
        assert refusal.value.code == f"monitoring.ownerrule.{code}"
    held = rule(world)
    for act in (
        lambda: rule(world),
        lambda: ownerrules.end(held, date(2025, 1, 1), "", by=world.actor("officer"), at=AT),
    ):
        with pytest.raises(AlertRefused):
            act()
    with pytest.raises(NotAllowed):
        rule(world, "reader")
    with pytest.raises(NotAllowed):
        rule(world, "stranger")


def test_the_pages_register_and_end_one(world: Any, client: Any) -> None:
    """By a form, from the list; an end by its own form."""
    client.force_login(world.people["officer"])
    url = "/monitoring/owner-rules/new"
    assert client.get(url).status_code == 200
    said = {
        "division": world.district.pk, "media": ["soil", "produce"], "lands": ["cultivated"],
        "leads": world.departments["agriculture"].pk, "force": "must", "source": "方案第三条", "since": "2026-01-01",
    }  # fmt: skip
    assert client.post(url, {**said, "source": ""}).status_code == 422
    assert client.post(url, said).status_code == 302
    made_rule = OwnerRule.objects.get()
    listed = client.get(reverse("kit:collection", args=["ownerrules"])).content.decode()
    assert "方案第三条" in listed
    assert "耕地" in listed
    one = f"/monitoring/owner-rules/{made_rule.uid}"
    assert client.get(one).status_code == 200
    assert client.post(one, {"on": "2026-11-20", "reason": "方案修订"}).status_code == 302
    made_rule.refresh_from_db()
    assert made_rule.until == date(2026, 11, 20)
    client.force_login(world.people["stranger"])
    assert client.get(one).status_code == 404

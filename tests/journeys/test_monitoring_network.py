"""A town's officer samples with a telephone: nothing typed is lost, what is far off is said, and the pages stand."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from desk.monitoring_world import Network, county
from journeys.conftest import assert_stands, kept_as_draft
from soildesk.monitoring.models import FieldRecord

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def net(world: Any) -> Network:
    """The county."""
    return county(world)


def test_a_sample_is_written_down_on_the_spot(world: Any, net: Network, open_desk: Any) -> None:
    page = open_desk(world.people["town"], reverse("monitoring:field"), width=390)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 114.3090, "latitude": 34.7045, "accuracy": 6})
    page.get_by_role("link", name=net.tasks["clean"].code).click()
    page.get_by_label("质地").fill("粘土")
    page.get_by_label("pH").fill("6.5")
    kept_as_draft(page, "6.5")
    page.reload()
    page.get_by_role("button", name="恢复草稿").click()
    expect(page.get_by_label("质地")).to_have_value("粘土")
    page.get_by_role("button", name="记下我的位置").click()
    expect(page.locator("[data-far-said]")).to_contain_text("偏离太远")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("写明偏离的原因")
    expect(page.get_by_label("pH")).to_have_value("6.5")
    page.get_by_label("位置说明").fill("田埂积水")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("已登记样品")
    made = FieldRecord.objects.get(task=net.tasks["clean"])
    assert (made.texture, made.readings, made.place_reason, made.accuracy_m) == ("粘土", {"ph": "6.5"}, "田埂积水", 6)


def test_the_pages_stand(world: Any, net: Network, open_desk: Any) -> None:
    uid = net.campaign.uid
    page = open_desk(world.people["officer"], reverse("monitoring:network"))
    assert_stands(page)
    for url in (
        reverse("monitoring:campaign", args=[uid]),
        reverse("monitoring:campaign_design", args=[uid]),
        reverse("monitoring:custody", args=[uid]),
        reverse("monitoring:field") + "?all=1",
        reverse("monitoring:field_record", args=[net.tasks["well"].uid]),
    ):
        page.goto(page.url.partition("/monitoring")[0] + url)
        assert_stands(page)

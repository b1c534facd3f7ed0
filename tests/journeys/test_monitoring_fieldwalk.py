"""A field person's day on a telephone: from 今日 to the saved record, with labels and custody; a draft keeps place and photographs."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from desk.monitoring_world import Network, county
from journeys.conftest import FILES_KEPT, assert_stands, follow, kept_as_draft, until
from soildesk.core import files
from soildesk.monitoring.models import Custody, FieldRecord

pytestmark = pytest.mark.django_db(transaction=True)
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 40
PHOTOS = {"东": "east", "南": "south", "西": "west", "北": "north", "标签": "label"}


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def net(world: Any) -> Network:
    """The county."""
    return county(world)


def at_the_point(page: Page, net: Network, name: str) -> None:
    """The telephone stands where the sample is to be taken."""
    place = net.points[name].geometry
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": place.x, "latitude": place.y, "accuracy": 5})


def photograph(page: Page, key: str) -> None:
    """One photograph is taken."""
    file = {"name": f"{key}.jpg", "mimeType": "image/jpeg", "buffer": JPEG + key.encode()}
    page.locator(f"#photo-{key}").set_input_files([file])  # type: ignore[list-item]


def photo_said(page: Page, key: str) -> Any:
    """What stands under a photograph."""
    return page.locator(f'label[for="photo-{key}"] [data-photo-said]')


def is_pdf(page: Page, link: Locator) -> bool:
    """Whether a link leads to a paper."""
    answer = page.context.request.get(page.url.partition("/monitoring")[0] + str(link.get_attribute("href")))
    return answer.body().startswith(b"%PDF-")


def test_from_today_to_the_record_the_label_and_the_slip(world: Any, net: Network, open_desk: Any) -> None:
    page = open_desk(world.people["town"], reverse("home:today"), width=390)
    at_the_point(page, net, "clean")
    follow(page.get_by_role("link", name="采样：2026年秋季例行监测"))
    task = net.tasks["clean"]
    follow(page.get_by_role("link", name=task.code))
    page.get_by_role("button", name="记下我的位置").click()
    expect(page.locator("[data-far-said]")).to_contain_text("距点位 0 米")
    for key in PHOTOS.values():
        photograph(page, key)
    page.get_by_label("采样时间").fill("2026-11-02T09:30")
    page.get_by_label("质地").fill("壤土")
    page.get_by_label("采样人").fill("王采样")
    follow(page.get_by_role("button", name="提交", exact=True))
    expect(page.locator("#notices")).to_contain_text("已登记样品")
    made = FieldRecord.objects.get(task=task)
    assert (made.sampler, made.accuracy_m, made.distance_m) == ("王采样", 5, pytest.approx(0, abs=0.1))
    assert [use.note for use in files.uses_of(task)] == list(PHOTOS)
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('soildesk.draft'))") == []
    assert_stands(page)

    office = open_desk(world.people["officer"], reverse("monitoring:campaign", args=[net.campaign.uid]), width=390)
    assert is_pdf(office, office.get_by_role("link", name="样品标签（PDF，每页 24 张）"))
    office.goto(office.url.partition("/monitoring")[0] + reverse("monitoring:custody", args=[net.campaign.uid]))
    office.get_by_role("checkbox", name=task.code).check()
    office.get_by_label("时间").fill("2026-11-02T15:00")
    office.get_by_label("交样人").fill("王采样")
    office.get_by_label("收样人").fill("李司机")
    follow(office.get_by_role("button", name="登记流转"))
    assert Custody.objects.get(task=task).to_name == "李司机"
    assert is_pdf(office, office.get_by_role("row", name="李司机").get_by_role("link", name="PDF"))


def test_a_draft_keeps_the_place_and_the_photographs(world: Any, net: Network, open_desk: Any) -> None:
    task = net.tasks["clean"]
    page = open_desk(world.people["town"], reverse("monitoring:field_record", args=[task.uid]), width=390)
    at_the_point(page, net, "clean")
    page.get_by_role("button", name="记下我的位置").click()
    expect(page.locator("[data-locate-said]")).to_contain_text("位置已记下")
    photograph(page, "east")
    photograph(page, "label")
    page.get_by_label("质地").fill("粘土")
    kept_as_draft(page, "粘土", files=2)
    page.reload()
    expect(photo_said(page, "east")).to_have_text("")
    page.get_by_role("button", name="恢复草稿").click()
    expect(photo_said(page, "east")).to_have_text("east.jpg")
    expect(photo_said(page, "label")).to_have_text("label.jpg")
    expect(page.locator("[data-locate-said]")).to_contain_text("位置来自草稿")
    expect(page.locator("[data-far-said]")).to_contain_text("距点位 0 米")
    page.get_by_label("采样时间").fill("2026-11-30T09:30")  # after today: refused, and nothing is lost
    follow(page.get_by_role("button", name="提交", exact=True))
    expect(page.get_by_role("alert")).to_contain_text("晚于现在")
    expect(photo_said(page, "east")).to_have_text("east.jpg")
    page.get_by_label("采样时间").fill("2026-11-02T09:30")
    follow(page.get_by_role("button", name="提交并采下一个"))
    made = FieldRecord.objects.get(task=task)
    assert made.point is not None and made.accuracy_m == 5
    assert [use.note for use in files.uses_of(task)] == ["东", "标签"]
    until(page, f"{FILES_KEPT}.then(found => !found)")


def test_a_photograph_the_browser_did_not_keep_is_to_be_taken_again(world: Any, net: Network, open_desk: Any) -> None:
    page = open_desk(world.people["town"], reverse("monitoring:field_record", args=[net.tasks["clean"].uid]), width=390)
    photograph(page, "north")
    kept_as_draft(page, "north.jpg", files=1)
    page.evaluate("new Promise(done => { indexedDB.deleteDatabase('soildesk.drafts').onblocked = done; })")
    page.reload()
    page.get_by_role("button", name="恢复草稿").click()
    expect(photo_said(page, "north")).to_have_text("没有留下，请重新拍摄：north.jpg")
    assert_stands(page)

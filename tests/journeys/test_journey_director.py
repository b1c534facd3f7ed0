"""A director before a meeting: what is red and whose, the request decided, the report signed and taken along as Word."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from docx import Document
from playwright.sync_api import expect

from desk.reporting_world import Reports
from desk.supervision_world import Supervised
from journeys.conftest import WIDE, assert_stands, follow
from soildesk.reporting.models import ReportCopy
from soildesk.supervision.models import Suspension
from soildesk.supervision.services import matters

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Supervised:
    """One matter late, one whose escalation is asked to rest, a report that waits for its signature."""
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    cache.clear()
    found = Supervised(world)
    found.matter("地面防渗层破损", due=date(2026, 11, 16))
    later = found.matter("灌溉渠清淤", due=date(2026, 12, 4))
    matters.ask_suspension(later, Suspension.Cause.SEASON, date(2027, 3, 1), found.act("agriculture"))
    Reports(world).copy("quarterly", "2026Q3")
    return found


def test_a_director_before_a_meeting(made: Supervised, open_desk: Any) -> None:
    page = open_desk(made.world.people["chief"], "/")
    follow(page.get_by_role("navigation", name="主菜单").get_by_role("link", name="会前一览"))
    expect(page.locator("#checked")).to_contain_text("填报与核算不一致的任务")  # fetched after the page
    assert_stands(page)
    page.set_viewport_size({"width": WIDE, "height": 900})
    late = page.locator(".tile", has_text="逾期事项").get_by_role("link")
    number = late.get_attribute("data-figure")
    follow(late)
    expect(page.locator("#list")).to_have_attribute("data-total", str(number))
    expect(page.locator(".register")).to_contain_text("地面防渗层破损")

    follow(page.get_by_role("navigation", name="主菜单").get_by_role("link", name="会前一览"))
    follow(page.locator(".today-list").get_by_role("link", name="灌溉渠清淤"))
    follow(page.get_by_role("link", name="同意", exact=True))
    page.get_by_label("审批意见").fill("同意，开春恢复。")
    follow(page.locator("form.land-form").get_by_role("button", name="同意"))
    assert Suspension.objects.get().state == Suspension.State.GRANTED

    follow(page.get_by_role("navigation", name="主菜单").get_by_role("link", name="会前一览"))
    expect(page.get_by_role("link", name="挂账待审批")).to_have_count(0)
    follow(page.get_by_role("link", name="报表待签发 1"))
    follow(page.locator(".today-list a"))
    follow(page.get_by_role("link", name="签发"))
    page.get_by_label("文号").fill("青环〔2026〕51号")
    follow(page.locator("form.land-form").get_by_role("button", name="签发"))
    expect(page.locator("#notices")).to_contain_text("已签发，数字不再改变。")
    with page.expect_download() as word:
        page.get_by_role("link", name="Word").click()
    paper = Document(BytesIO(Path(word.value.path()).read_bytes()))
    assert any("土壤污染防治" in one.text for one in paper.paragraphs)
    assert ReportCopy.objects.get().document == "青环〔2026〕51号"

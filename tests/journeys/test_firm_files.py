"""A firm files on a telephone, the office returns it, the firm sends it again, the office accepts, the card says done."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from desk.enterprise_world import Firms
from journeys.conftest import NARROW, assert_axe_clean, assert_fits, follow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


def stands(page: Any) -> None:
    assert_fits(page)
    assert_axe_clean(page)


def test_a_firm_files_until_it_is_done(world: Any, open_desk: Any) -> None:
    made = Firms(world)
    plant = made.firm("青禾电镀有限公司", since=date(2015, 1, 1))
    made.listed(plant, "soil_key", date(2024, 3, 20))
    boss = made.representative(plant)

    page = open_desk(boss, "/", width=NARROW)
    expect(page.get_by_role("heading", level=1)).to_contain_text("青禾电镀有限公司")
    stands(page)
    line = page.locator("tr", has_text="有毒有害物质排放年度报告").last
    follow(line.get_by_role("link", name="填报"))
    follow(page.get_by_role("button", name="下一步"))
    page.get_by_label("全年没有排放有毒有害物质").select_option("no")
    page.get_by_label("有毒有害物质").nth(1).fill("六价铬")
    expect(page.locator("#kept")).to_contain_text("已自动保存")
    first = page.locator(".filing-row").first
    first.get_by_label("排放方式").select_option("water")
    follow(page.get_by_role("button", name="报送"))
    expect(page.locator(".has-error")).to_contain_text("没有填写")
    stands(page)
    first.get_by_label("排放量").fill("12.5")
    follow(page.get_by_role("button", name="报送"))
    expect(page.locator("main")).to_contain_text("已报送")
    stands(page)

    office = open_desk(world.people["officer"], "/kit/r/filings/?state=submitted")
    follow(office.locator(".register tbody a").first)
    stands(office)
    follow(office.get_by_role("link", name="退回"))
    office.get_by_label("原因").fill("物质名称请写全称")
    follow(office.get_by_role("button", name="退回"))

    page.goto(page.url.split("/enterprises/")[0])
    follow(page.locator(".notice a").first)
    expect(page.locator(".notice-error")).to_contain_text("物质名称请写全称")
    follow(page.get_by_role("link", name="填写"))
    page.locator(".filing-row").first.get_by_label("有毒有害物质").fill("六价铬化合物")
    follow(page.get_by_role("button", name="报送"))

    office.reload()
    follow(office.get_by_role("link", name="接收"))
    follow(office.get_by_role("button", name="接收"))
    expect(office.locator("#rounds")).to_contain_text("第 2 次报送")

    page.goto(page.url.split("/enterprises/")[0])
    done = page.locator("tr", has_text="有毒有害物质排放年度报告").filter(has_text="已完成")
    expect(done).to_contain_text("2026-11-20")
    follow(done.get_by_role("link", name="凭据"))
    expect(page.locator("h1")).to_contain_text("已接收")
    stands(page)

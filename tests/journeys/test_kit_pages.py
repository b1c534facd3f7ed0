"""The frame and every part of the kit in a real browser: keys, dialogs, the narrow page, accessibility."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from soildesk.assessment.models import SchemeAdoption
from soildesk.core.models import Message
from soildesk.kit.models import ImportBatch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def batches(world: Any) -> None:
    """A hundred and thirty rows of the list of imports."""
    ImportBatch.objects.bulk_create(
        ImportBatch(
            kind="t", file_name=f"台账{i:03d}.xlsx", sha256=f"{i:064d}", state="accepted" if i % 2 else "rejected",
            by=world.people["admin"], at=world.at - timedelta(hours=i),
        )
        for i in range(130)
    )  # fmt: skip


def test_every_page_of_the_kit_is_clean_and_fits(world: Any, batches: None, open_desk: Any, assert_stands: Any) -> None:
    page = open_desk(world.people["admin"], "/")
    origin = page.url.rstrip("/")
    for path in ("/", "/kit/gallery", "/kit/imports/", "/kit/imports/?state=previewed", "/search?q=x", "/nowhere"):
        page.goto(origin + path)
        assert_stands(page)
        assert "示例数据" in page.inner_text("body")


def test_keys_search_help_and_places(world: Any, batches: None, open_desk: Any) -> None:
    page = open_desk(world.people["admin"], "/")
    page.keyboard.press("/")
    expect(page.locator(".top-search input")).to_be_focused()
    page.keyboard.type("g")
    expect(page.locator(".top-search input")).to_have_value("g")
    page.locator("main").click()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page).to_have_url(re.compile("/kit/imports/$"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".register tbody tr").nth(1)).to_have_class(re.compile("is-at"))


def test_a_double_click_sends_once(world: Any, open_desk: Any) -> None:
    page = open_desk(world.people["issuer"], "/assessment/schemes/district_towns/adopt")
    page.fill("#document", "青环〔2026〕1号")
    page.get_by_role("button", name="采用", exact=True).dblclick()
    expect(page.get_by_text("已采用，第 1 版")).to_be_visible()
    assert SchemeAdoption.objects.count() == 1 and "完全相同" not in page.inner_text("main")


def test_filter_sort_and_page_stay_in_the_address(
    world: Any, batches: None, open_desk: Any, assert_axe_clean: Any
) -> None:
    page = open_desk(world.people["admin"], "/kit/imports/")
    page.locator(".filter summary").first.click()
    page.get_by_label("已导入").check()
    page.get_by_role("button", name="筛选").first.click()
    expect(page).to_have_url(re.compile("state=accepted"))
    expect(page.locator(".filter-chips")).to_contain_text("已导入")
    expect(page.locator(".list-foot")).to_contain_text("共 65 行")
    assert_axe_clean(page)
    assert "q=" not in page.url
    assert page.locator("#save-view input[name=query]").get_attribute("value") == "state=accepted"
    page.get_by_role("link", name="文件", exact=True).click()
    expect(page).to_have_url(re.compile("state=accepted.*sort=file_name"))
    expect(page.locator(".register tbody th").first).to_have_text("台账001.xlsx")
    page.locator(".filter-chips a").first.click()
    expect(page.locator(".list-foot")).to_contain_text("共 130 行")
    page.get_by_role("link", name="下一页").click()
    expect(page.locator(".list-foot")).to_contain_text("第 101–130 行")


def test_columns_and_views_are_chosen_in_dialogs(
    world: Any, batches: None, open_desk: Any, assert_axe_clean: Any
) -> None:
    page = open_desk(world.people["admin"], "/kit/imports/")
    page.get_by_role("button", name="列", exact=True).click()
    assert_axe_clean(page)
    page.locator("#columns").get_by_label("内容").uncheck()
    page.locator("#columns").get_by_role("button", name="显示").click()
    expect(page.locator(".register thead")).not_to_contain_text("内容")
    page.get_by_role("button", name="存为视图").click()
    assert_axe_clean(page)
    page.get_by_label("名称").fill("不看内容")
    page.locator("#save-view").get_by_role("button", name="保存").click()
    expect(page.locator("#notices")).to_contain_text("已保存视图“不看内容”")
    expect(page.locator(".register thead")).not_to_contain_text("内容")


def test_a_confirmed_act_is_asked_once_and_can_be_left(world: Any, open_desk: Any) -> None:
    page = open_desk(world.people["admin"], "/kit/gallery")
    page.get_by_role("button", name="办结").click()
    expect(page.locator("#confirm")).to_contain_text("办结后不能再改")
    page.locator("#confirm").get_by_role("button", name="取消").click()
    expect(page.locator("#confirm")).to_be_hidden()
    expect(page.get_by_role("button", name="删除", exact=True)).to_have_attribute("aria-disabled", "true")
    page.get_by_text("2026-12-31").hover()
    expect(page.locator("#pane-a mark").first).to_have_class(re.compile("is-on"))


def test_the_narrow_page_opens_its_menu_and_shows_rows_as_cards(world: Any, batches: None, open_desk: Any) -> None:
    page = open_desk(world.people["admin"], "/kit/imports/", width=390)
    expect(page.locator("#nav")).to_be_hidden()
    page.get_by_role("button", name="打开菜单").click()
    expect(page.locator("#nav")).to_be_visible()
    label = page.locator(".register tbody td").first.evaluate("e => getComputedStyle(e, '::before').content")
    assert label == '"内容"'


def test_a_message_is_read_on_a_narrow_page(world: Any, open_desk: Any) -> None:
    person = world.people["admin"]
    Message.objects.create(person=person, text="督办：红色督办单 2 件。请查看并答复。", link="/")
    page = open_desk(person, "/system/messages/", width=390)
    words = page.get_by_role("link", name="督办：红色督办单 2 件").bounding_box()
    assert words and words["width"] > 100 and words["height"] > 10


def test_the_day_is_chosen_and_carried_along(world: Any, batches: None, open_desk: Any) -> None:
    page = open_desk(world.people["admin"], "/?on=2026-06-30")
    expect(page.locator(".past")).to_contain_text("2026-06-30")
    page.locator("#nav").get_by_role("link", name="导入记录").click()
    expect(page).to_have_url(re.compile("on=2026-06-30"))
    page.locator(".past a").click()
    expect(page.locator(".past")).to_have_count(0)

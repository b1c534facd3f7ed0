"""From pasted text to a published plan, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.conftest import NARROW, OpenDesk, follow, settled
from soildesk.plans.models import Assignment, Plan, PlanTask

pytestmark = pytest.mark.django_db(transaction=True)

PLAN = """青禾区2026年土壤污染防治工作方案
青环委办〔2026〕4号
一、工作目标
受污染耕地安全利用率达到93%以上。
二、主要任务
（一）开展隐患排查。2026年10月底前完成土壤污染重点监管单位隐患排查，建立整改台账。（区生态环境局牵头，区农业农村局配合）
（二）加强宣传教育。长期开展土壤污染防治宣传教育，提高公众意识。（区生态环境局负责）
（三）推进信息共享。2026年6月底前建立部门信息共享机制。（区自然资源局牵头，区规划中心配合）
附件1
任务分工明细表
序号	重点工作	目标任务	完成时限	牵头单位	配合单位
1	开展隐患排查	完成土壤污染重点监管单位隐患排查，建立整改台账	2026年11月底前	区生态环境局	区农业农村局
2	加强宣传教育	长期开展土壤污染防治宣传教育，提高公众意识	长期	区生态环境局\t
3	推进信息共享	建立部门信息共享机制	2026年6月底前	区自然资源局	区规划中心
"""

Check = Callable[[Page], None]


def paste(page: Page, text: str = PLAN) -> None:
    """Read a plan in and wait for the review screen."""
    page.get_by_label("或者粘贴方案全文").fill(text)
    follow(page.get_by_role("button", name="读入", exact=True))
    assert page.url.endswith("/review/")


def card(page: Page, number: str) -> Any:
    """The card of the task with this printed number."""
    return page.locator("[data-task]").filter(has=page.locator(".no", has_text=number)).first


def test_from_pasted_text_to_a_published_plan(
    open_desk: OpenDesk, leader: Any, assert_axe_clean: Check, assert_fits: Check
) -> None:
    page = open_desk(leader, "/plans/new/")
    assert_axe_clean(page)
    paste(page)
    assert_axe_clean(page)

    first = card(page, "（一）")
    term = first.locator(".term").first
    expect(term).to_contain_text("2026-10-31")
    key = term.get_attribute("data-k")
    mark = page.locator(f"#paper mark[data-k~='{key}']").first
    term.hover()
    expect(mark).to_have_class(lit())
    assert mark.inner_text() == "2026年10月底前"
    page.locator(".part summary").first.hover()
    expect(mark).not_to_have_class(lit())
    mark.hover()
    expect(term).to_have_class(lit())
    first.locator(".unit").first.focus()
    expect(page.locator("#paper mark.of-unit.is-on").first).to_have_text("区生态环境局")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.matches('.unit, .term')")

    second = card(page, "（二）")
    second.get_by_role("button", name="采纳", exact=True).click()
    expect(second.get_by_label("今年做什么")).to_be_focused()
    settled(page)
    second.get_by_label("今年做什么").fill("全年进社区四次")
    second.get_by_role("button", name="保存要求").click()
    expect(second).to_contain_text("全年进社区四次")
    expect(page.locator("#progress strong")).to_have_text("1")

    first.get_by_role("button", name="改正").click()
    expect(first.get_by_label("完成时限")).to_be_visible()
    settled(page)
    first.get_by_label("完成时限").fill("9月底前")
    expect(first.locator(".reading")).to_contain_text("2026-09-30")
    assert_axe_clean(page)
    page.keyboard.press("Escape")
    expect(first.locator(".inline-form")).to_have_count(0)

    follow(page.get_by_role("link", name="不一致"))
    assert_axe_clean(page)
    conflict = page.locator(".conflict").first
    conflict.get_by_label("以附表为准").check()
    conflict.get_by_label("理由").fill("已与发文单位核实")
    conflict.get_by_role("button", name="裁定", exact=True).click()
    expect(page.locator(".settled-line").first).to_contain_text("已与发文单位核实")

    follow(page.get_by_role("link", name="单位对应"))
    assert_axe_clean(page)
    follow(page.get_by_role("link", name="审核", exact=True))
    follow(page.locator(".bar-acts button"))
    follow(page.get_by_role("link", name="发布", exact=True))
    assert_axe_clean(page)
    page.locator(".do-publish button[type=submit]").click()
    page.locator("dialog[open] button[value=yes]").click()
    expect(page.locator(".notice-success")).to_contain_text("已发布")
    plan = Plan.objects.get()
    assert plan.stage == Plan.Stage.PUBLISHED
    assert not plan.tasks.filter(status=PlanTask.Status.PROPOSED).exists()
    assert Assignment.objects.filter(task__plan=plan).exists()


def lit() -> Any:
    """The class a lit field carries."""
    import re

    return re.compile(r"\bis-on\b")


def test_the_review_works_on_a_phone(
    open_desk: OpenDesk, leader: Any, assert_axe_clean: Check, assert_fits: Check
) -> None:
    page = open_desk(leader, "/plans/new/", width=NARROW, height=844)
    assert_axe_clean(page)
    assert_fits(page)
    paste(page)
    assert_axe_clean(page)
    assert_fits(page)
    expect(page.locator("#paper")).to_be_hidden()
    card(page, "（一）").locator(".term").first.click()
    expect(page.locator("#paper")).to_be_visible()
    expect(page.locator("#ledger")).to_be_hidden()
    page.get_by_role("tab", name="台账").click()
    expect(page.locator("#ledger")).to_be_visible()
    for name in ("不一致", "单位对应", "发布"):
        follow(page.get_by_role("navigation", name="方案审核").get_by_role("link", name=name))
        assert_axe_clean(page)
        assert_fits(page)


def test_the_same_plan_twice_offers_a_new_edition_and_loses_nothing(open_desk: OpenDesk, leader: Any) -> None:
    page = open_desk(leader, "/plans/new/")
    paste(page)
    page.goto(page.url.split("/plans/")[0] + "/plans/new/")
    page.get_by_label("或者粘贴方案全文").fill(PLAN)
    page.get_by_role("button", name="读入", exact=True).click()
    expect(page.locator(".trouble")).to_contain_text("已经导入过")
    assert page.get_by_label("或者粘贴方案全文").input_value() == PLAN
    follow(page.get_by_role("button", name="作为新版本导入"))
    page.get_by_role("link", name="与上一版比较").click()
    expect(page.locator("main")).to_contain_text("两版的任务完全相同")

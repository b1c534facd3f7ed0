"""Cutting, joining, correcting and leaving out tasks, closing a plan, and a second factor: in a browser."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest
from playwright.sync_api import expect

from desk.conftest import AT, PASSWORD, World
from journeys.conftest import OpenDesk, follow
from journeys.test_review import PLAN, Check, card, paste
from soildesk.core.services import second_factor
from soildesk.plans.models import ClosingRow, Plan, PlanTask

pytestmark = pytest.mark.django_db(transaction=True)
LONG = PLAN.replace("建立整改台账。（区", "建立整改台账。11月底前完成整改。（区")


def test_tasks_are_corrected_cut_joined_and_left_out(
    open_desk: OpenDesk,
    leader: Any,
    assert_axe_clean: Check,
) -> None:
    page = open_desk(leader, "/plans/new/")
    paste(page, LONG)
    third = card(page, "（三）")
    third.get_by_role("button", name="改正").click()
    third.get_by_label("完成时限").fill("9月底前")
    third.get_by_role("button", name="保存").click()
    expect(third.locator(".inline-form")).to_have_count(0)
    expect(third).to_contain_text("2026-09-30")

    first = card(page, "（一）")
    first.get_by_role("button", name="拆分", exact=True).click()
    first.locator("input[name=at]").last.check()
    assert_axe_clean(page)
    first.locator(".inline-form").get_by_role("button", name="拆分", exact=True).click()
    expect(page.locator(".no", has_text="（一）-2").first).to_be_visible()
    plan = Plan.objects.get()
    assert plan.tasks.filter(status=PlanTask.Status.SPLIT).count() == 1
    assert plan.tasks.filter(came_from__isnull=False).count() == 2

    page.reload()
    second = card(page, "（二）")
    second.get_by_role("button", name="合并", exact=True).click()
    second.locator("input[name=other]").first.check()
    second.get_by_role("button", name="并入本项").click()
    expect(second.locator(".inline-form")).to_have_count(0)
    assert plan.tasks.filter(status=PlanTask.Status.MERGED).count() == 1

    page.reload()
    third = card(page, "（三）")
    third.get_by_role("button", name="不采纳", exact=True).click()
    third.get_by_label("不采纳的理由").fill("不属于本区职责")
    third.locator(".inline-form").get_by_role("button", name="不采纳", exact=True).click()
    expect(third).to_contain_text("不属于本区职责")
    assert plan.tasks.filter(status=PlanTask.Status.REJECTED).count() == 1


def test_a_plan_is_closed_with_the_fate_of_each_task(
    open_desk: OpenDesk,
    leader: Any,
    assert_axe_clean: Check,
    assert_fits: Check,
) -> None:
    page = open_desk(leader, "/plans/new/")
    paste(page)
    follow(page.locator(".bar-acts button"))
    plan = Plan.objects.get()
    page.goto(page.url.replace("/review/", "/review/publish/"))
    page.locator(".do-publish button[type=submit]").click()
    follow(page.locator("dialog[open] button[value=yes]"))
    assert page.url.endswith(f"/plans/{plan.uid}/")
    page.goto(page.url + "close/")
    assert_axe_clean(page)
    assert_fits(page)
    for choice in page.locator("select[name^=outcome-]").all():
        choice.select_option("ended")
    for ground in page.locator("input[name^=ground-]").all():
        ground.fill("年度任务调整")
    page.get_by_role("button", name="总结方案").click()
    expect(page.get_by_role("heading", name="总结表")).to_be_visible()
    plan.refresh_from_db()
    assert plan.stage == Plan.Stage.CLOSED
    assert ClosingRow.objects.filter(plan=plan).count() == plan.tasks.filter(status="accepted").count()


def test_a_second_factor_is_asked_for_at_login(world: World, open_desk: OpenDesk) -> None:
    person = world.people["officer"]
    person.set_password(PASSWORD)
    person.save()
    totp = pyotp.TOTP(second_factor.begin(person))
    codes = second_factor.confirm(person, totp.now(), by=world.actor("officer"), at=AT)
    page = open_desk(None, "/login/")
    page.locator("input[name=username]").fill("officer")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.locator("input[name=code]").fill("000000")
    page.locator("input[name=code]").press("Enter")
    expect(page.get_by_text("还可再试")).to_be_visible()
    page.locator("input[name=code]").fill(codes[0])
    page.locator("input[name=code]").press("Enter")
    expect(page.get_by_role("heading", name="今日")).to_be_visible()

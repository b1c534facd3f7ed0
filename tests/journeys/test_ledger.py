"""The ledger at work in a browser: a department signs and reports with evidence, the office verifies; clean and narrow."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from desk.ledger_world import at_unit, published, task
from soildesk.plans.models import Assignment, Plan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plan:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    cache.clear()
    return published(world)


def test_a_department_signs_reports_with_evidence_and_the_office_verifies(
    world: Any, plan: Plan, open_desk: Any, tmp_path: Path
) -> None:
    proof = tmp_path / "实施方案.txt"
    proof.write_text("已印发", "utf-8")
    page = open_desk(world.people["agriculture"], "/")
    page.get_by_role("link", name="待签收 2").click()
    page.get_by_label("选择本页全部").check()
    page.get_by_role("button", name="签收", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("已签收 2 项")

    page.get_by_role("link", name="我的单位").click()
    row = page.locator(".register tbody tr", has_text="推进耕地安全利用").first
    row.get_by_role("link", name="填报").click()
    form = page.locator("form.entry-form")
    form.get_by_label("办理情况").fill("受污染耕地安全利用方案已印发到镇")
    form.get_by_label("佐证材料").set_input_files(proof)
    form.get_by_role("button", name="已办", exact=True).click()
    expect(page.locator(".entry-row")).to_contain_text("已记下：已办")
    expect(row).to_contain_text("办理中")
    assert page.url.rstrip("/").endswith("/plans/department"), "the list was never left"

    office = open_desk(world.people["officer"], f"/plans/tasks/{task(plan, '（三）').uid}/")
    expect(office.locator(".files")).to_contain_text("实施方案.txt")
    office.get_by_role("button", name="核实").click()
    expect(office.locator("#notices")).to_contain_text("已核实区农业农村局的填报")
    mine = at_unit(plan, "（三）", world.departments["agriculture"])
    assert mine.state == Assignment.State.UNDER_WAY and mine.entries.get().verified_at, "December is still ahead"


def test_every_page_is_clean_and_fits(world: Any, plan: Plan, open_desk: Any, assert_stands: Any) -> None:
    at = at_unit(plan, "（三）", world.departments["agriculture"])
    page = open_desk(world.people["officer"], "/")
    origin = page.url.rstrip("/")
    for path in (
        "/", "/plans/", "/plans/ledger/", f"/plans/{plan.uid}/", f"/plans/tasks/{at.task.uid}/", "/plans/department/?unit=all",
        "/plans/reminders/", "/plans/evidence/", f"/plans/assignments/{at.uid}/report/", "/?on=2027-02-01",
    ):  # fmt: skip
        page.goto(origin + path)
        assert_stands(page)


def test_the_entry_opens_once_and_closes(world: Any, plan: Plan, open_desk: Any, assert_axe_clean: Any) -> None:
    page = open_desk(world.people["agriculture"], "/plans/department/")
    entry = page.locator(".register tbody tr", has_text="推进耕地安全利用").first.get_by_role("link", name="填报")
    entry.click()
    expect(page.locator(".entry-row")).to_have_count(1)
    assert_axe_clean(page)
    page.locator(".entry-row").get_by_role("button", name="办理中").click()
    expect(page.locator(".entry-row .refused")).to_contain_text("进展内容为空")
    with page.expect_response(re.compile("/report/")):
        entry.click()
    expect(page.locator(".entry-row .refused")).to_have_count(0)
    expect(page.locator(".entry-row")).to_have_count(1)
    page.get_by_role("button", name="收起").click()
    expect(page.locator(".entry-row")).to_have_count(0)

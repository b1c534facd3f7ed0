"""A district officer's Monday: what was reported is verified, the late are reminded, the report that is owed is made and every number opens."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from desk.ledger_world import at_unit
from desk.reporting_world import Reports
from journeys.conftest import WIDE, assert_stands, follow
from soildesk.plans.models import Assignment
from soildesk.plans.services import work
from soildesk.plans.services.work import Report
from soildesk.reporting.models import ReportCopy
from soildesk.reporting.services.copies import period_named

pytestmark = pytest.mark.django_db(transaction=True)
FRIDAY = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Reports:
    """A plan at work, two problems, a report due on the first; on Friday the farming office said what it did."""
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-23")
    cache.clear()
    found = Reports(world).with_problems()
    found.due("第四季度进展", form="quarterly", period=period_named("2026Q4"), due=date(2026, 12, 1))
    at = at_unit(found.plan, "（三）", world.departments["agriculture"])
    work.receive(at, by=world.actor("agriculture"), at=FRIDAY)
    work.report(at, Report("安全利用方案已印发到镇"), by=world.actor("agriculture"), at=FRIDAY)
    return found


def test_a_district_officers_monday(made: Reports, open_desk: Any) -> None:
    page = open_desk(made.world.people["officer"], "/")
    follow(page.get_by_role("link", name="待核实 1"))
    expect(page.locator(".register tbody tr")).to_have_count(1)
    follow(page.locator(".register tbody tr").get_by_role("link", name="推进耕地安全利用").first)
    page.get_by_role("button", name="核实").click()
    expect(page.locator("#notices")).to_contain_text("已核实区农业农村局的填报")

    follow(page.get_by_role("navigation", name="主菜单").get_by_role("link", name="今日"))
    expect(page.get_by_role("link", name=re.compile("^待核实"))).to_have_count(0)
    follow(page.get_by_role("link", name="生成提醒"))
    expect(page.locator(".letter").first).to_contain_text("下列任务已过完成时限")

    follow(page.get_by_role("navigation", name="主菜单").get_by_role("link", name="今日"))
    follow(page.get_by_role("link", name="应报报表 1"))
    assert_stands(page)
    page.set_viewport_size({"width": WIDE, "height": 900})
    follow(page.locator(".today-list a"))
    follow(page.get_by_role("link", name="生成报表"))
    follow(page.locator("form.land-form").get_by_role("button", name="生成"))
    expect(page.locator("#notices")).to_contain_text("已生成")
    follow(page.locator(".report a.figure").first)
    shown = page.locator("#rows tbody tr[data-counts='1']").count()
    assert float(page.locator("#count").get_attribute("data-total") or "0") == shown > 0

    at = at_unit(made.plan, "（三）", made.world.departments["agriculture"])
    assert at.state == Assignment.State.UNDER_WAY and at.entries.get().verified_at
    assert ReportCopy.objects.get().state == ReportCopy.State.DRAFT

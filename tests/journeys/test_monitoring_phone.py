"""Monitoring on a telephone: what is late says so, tables and drawings lose nothing at the edge."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from desk import judging_world as made
from journeys.conftest import NARROW, assert_axe_clean, assert_fits
from soildesk.monitoring.models import Alert, BatchFinding
from soildesk.monitoring.services import judging

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


def within(found: Locator) -> bool:
    """Whether an element lies inside a narrow page."""
    box = found.bounding_box()
    return box is not None and box["x"] >= 0 and box["x"] + box["width"] <= NARROW


def test_a_late_warning_is_read_whole(world: Any, open_desk: Any) -> None:
    of = made.campaign(world)
    made.results(world, of, {made.point(world, "N1", use="paddy"): {"cadmium": 0.5, "ph": 6.0}})
    judging.judge(of, "accepted", by=world.actor("officer"), at=AT)
    Alert.objects.update(due=date(2026, 11, 8))
    page = open_desk(world.people["officer"], "/kit/r/alerts/?late=1", width=NARROW)
    expect(page.locator(".register")).to_contain_text("逾期 12 天")
    page.locator(".register tbody a").first.click()
    expect(page.locator(".title-line")).to_contain_text("逾期 12 天")
    reason = page.locator("[data-label='理由与依据']").first
    expect(reason).to_be_visible()
    assert within(reason)
    expect(page.locator(".swipe-hint").first).to_be_visible()
    assert within(page.locator("figure.picture").first)
    assert_fits(page)
    assert_axe_clean(page)


def test_many_findings_of_one_kind_are_one_card(world: Any, open_desk: Any) -> None:
    batch = made.batch(world, made.campaign(world), "checked")
    said = "第%d行的样品“TR-没有这个”不在采样任务单中。请按标签核对编号。"
    BatchFinding.objects.bulk_create(
        BatchFinding(batch=batch, row=row, column="样品编号", rule="orphan", severity="error", zh=said % row, en="-")
        for row in range(2, 11)
    )
    page = open_desk(world.people["officer"], f"/kit/r/batches/{batch.uid}", width=NARROW)
    expect(page.locator(".findings tbody tr")).to_have_count(1)
    page.get_by_text("同类问题还有 8 条").click()
    last = page.locator(".same-kind[open] li").last
    expect(last).to_contain_text("第10行")
    assert within(last)
    assert_fits(page)

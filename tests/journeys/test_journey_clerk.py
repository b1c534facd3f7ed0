"""A town clerk's quarter, on a phone: slips with three answers, then the sheet of the quarter, filled from records and signed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from desk.oversight_world import Desk
from desk.rounds_world import Rounds
from desk.supervision_world import BEGAN, Supervised
from journeys.conftest import NARROW, assert_axe_clean, assert_fits, follow
from soildesk.oversight.services import problems
from soildesk.supervision.models import DispatchSheet, Slip

pytestmark = pytest.mark.django_db(transaction=True)
DUE, DAY = date(2026, 11, 17), date(2026, 11, 20)
WHY, ELSEWHERE = "防渗层修复未完工", "企业台账检查"


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Rounds:
    """A town that is late with a task of the plan and with two problems, each with a red slip; the quarter's round is open."""
    monkeypatch.setenv("SOILDESK_TODAY", DAY.isoformat())
    cache.clear()
    found, supervised = Rounds(world), Supervised(world)
    desk = Desk(world)
    for fact in (WHY, ELSEWHERE):
        said = {"source": "letter", "fact": fact, "found_on": BEGAN, "due": DUE, "unit": world.towns["柏庄镇"]}
        problems.record(said, desk.place(), by=desk.officer, at=world.at)
    supervised.run(DAY)
    found.open(found.asked(DAY, date(2026, 11, 27)), day=DAY)
    return found


def to_slip(page: Page, fact: str) -> None:
    """From 今日 to the slip about something."""
    page.goto(page.url.split("/kit/")[0].rstrip("/") + "/")
    follow(page.get_by_role("link", name="督办单待答复").last)
    assert_fits(page)
    follow(page.locator(".today-list").get_by_role("link", name=fact).first)


def answer(page: Page, act: str, note: str) -> None:
    """Press an answer, say why, and see it kept."""
    follow(page.get_by_role("link", name=act))
    page.get_by_label("原因").fill(note)
    assert_fits(page)
    follow(page.locator("form.land-form").get_by_role("button", name=act))
    expect(page.locator("#notices")).to_be_visible()


def test_a_town_clerks_quarter_on_a_phone(made: Rounds, open_desk: Any) -> None:
    town = made.world.people["town"]
    page = open_desk(town, "/", width=NARROW, height=844)
    assert_axe_clean(page)
    assert_fits(page)
    to_slip(page, WHY)
    answer(page, "未办及原因", "材料月底到货，12月5日前完成。")
    to_slip(page, ELSEWHERE)
    answer(page, "转错了", "企业台账由区生态环境局检查，请改派。")

    to_slip(page, "推进耕地安全利用")
    follow(page.get_by_role("link", name="已办"))
    assert_fits(page)
    page.get_by_label("办理情况").fill("落实到户，安全利用面积已完成。")
    follow(page.locator("form.entry-form").get_by_role("button", name="已办", exact=True))

    page.goto(page.url.split("/plans/")[0].split("/kit/")[0].rstrip("/") + "/")
    follow(page.get_by_role("link", name="调度表待填报 1"))
    follow(page.locator(".today-list a"))
    assert_fits(page)
    follow(page.get_by_role("link", name="填写、签报"))
    for box in page.locator("form.sheet-form textarea").all():
        box.fill("无")
    assert_fits(page)
    assert_axe_clean(page)
    follow(page.get_by_role("button", name="签报"))
    expect(page.locator("#notices")).to_contain_text("已签报，内容已经固定。")
    follow(page.get_by_role("link", name="净土台"))
    expect(page.get_by_role("link", name="调度表待填报 1")).to_have_count(0)

    told = dict(Slip.objects.filter(unit=town.department).exclude(answer_kind="").values_list("title", "answer_kind"))
    assert {kind for title, kind in told.items() if WHY in title} == {Slip.Answer.REASON}
    assert {kind for title, kind in told.items() if ELSEWHERE in title} == {Slip.Answer.MISDIRECTED}
    sheet = DispatchSheet.objects.get(unit=town.department)
    assert sheet.state == DispatchSheet.State.SIGNED and sheet.signings.get().digest

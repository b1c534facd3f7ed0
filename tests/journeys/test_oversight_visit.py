"""A visit on a telephone with a problem, put right by the unit, accepted by another officer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desk.enterprise_world import Firms
from desk.oversight_world import PICTURE, Desk
from journeys.conftest import NARROW, assert_axe_clean, assert_fits, assert_stands, follow, kept_as_draft
from soildesk.enterprises.services import happenings
from soildesk.enterprises.services.happenings import Told
from soildesk.oversight.models import Problem, Visit
from soilrules.enterprises.facts import EventKind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture on the telephone."""
    found = tmp_path / "围堰.png"
    found.write_bytes(PICTURE)
    return found


def stands(page: Page) -> None:
    """Narrow and clean."""
    assert_fits(page)
    assert_axe_clean(page)


def test_from_a_visit_to_acceptance_by_another(world: Any, open_desk: Any, photo: Path) -> None:
    made, desk = Firms(world), Desk(world)
    desk.second_officer()
    made.listed(made.firm("青禾电镀有限公司"), "soil_key", date(2026, 3, 20))
    desk.plan(1)

    page = open_desk(world.people["officer"], "/oversight/visits/", width=NARROW)
    stands(page)
    follow(page.get_by_role("link", name="青禾电镀有限公司"))
    page.get_by_role("radio", name="发现问题", exact=True).check()
    page.locator("#photo-spot").set_input_files(photo)
    expect(page.locator("[for=photo-spot] [data-photo-said]")).to_have_text("围堰.png")
    page.locator("#id_problem-0-fact").fill("储罐围堰缺口，雨水可外排")
    page.locator("#id_problem-0-due").fill("2026-12-20")
    stands(page)
    kept_as_draft(page, "2026-12-20", files=1)
    page.reload()
    page.get_by_role("button", name="恢复草稿").click()
    expect(page.locator("#id_problem-0-fact")).to_have_value("储罐围堰缺口，雨水可外排")
    expect(page.locator("[for=photo-spot] [data-photo-said]")).to_have_text("围堰.png")
    follow(page.get_by_role("button", name="提交"))
    expect(page.locator("#found")).to_contain_text("储罐围堰缺口")
    assert Visit.objects.get().found == "problems"
    stands(page)

    follow(page.locator("#found a"))
    stands(page)
    follow(page.get_by_role("link", name="交办", exact=True))
    page.get_by_label("督促整改单位").select_option(label="区农业农村局")
    page.get_by_label("整改要求").fill("修复围堰")
    stands(page)
    follow(page.get_by_role("button", name="交办"))

    problem = Problem.objects.get()
    unit = open_desk(world.people["agriculture"], f"/kit/r/problems/{problem.uid}", width=NARROW)
    follow(unit.get_by_role("link", name="报请验收"))
    unit.get_by_label("整改情况").fill("围堰已修复")
    unit.get_by_label("佐证材料").set_input_files(photo)
    stands(unit)
    follow(unit.get_by_role("button", name="报请验收"))
    expect(unit.locator(".title-line")).to_contain_text("待验收")

    second = open_desk(world.people["second"], f"/kit/r/problems/{problem.uid}", width=NARROW)
    follow(second.get_by_role("link", name="验收销号"))
    second.get_by_label("说明").fill("现场复核合格")
    follow(second.get_by_role("button", name="验收销号"))
    expect(second.locator(".title-line")).to_contain_text("已销号")
    expect(second.locator("#acts")).to_contain_text("现场复核合格")
    stands(second)


def test_the_pages_of_the_office_stand(world: Any, open_desk: Any) -> None:
    """Comparison, clause, plan and lists, on a desk and on a telephone."""
    made, desk = Firms(world), Desk(world)
    firm = made.firm("青禾电镀有限公司")
    made.listed(firm, "soil_key", date(2026, 3, 20))
    started = Told(EventKind.DEMOLITION_STARTED, date(2026, 10, 8), subject="一号车间")
    happenings.record(firm, started, by=world.actor("officer"), at=world.at)
    plan = desk.plan(1)
    problem = desk.problem("未报年报", enterprise=firm.enterprise, due=date(2026, 11, 10))
    page = open_desk(world.people["officer"], "/oversight/compare/")
    desk_address = page.url.partition("/oversight")[0]
    assert_stands(page)
    for path in (
        "/kit/r/problems/",
        f"/kit/r/inspection_plans/{plan.uid}",
        "/kit/r/inspection_plans/",
        "/kit/r/visits/",
    ):
        page.goto(desk_address + path)
        assert_stands(page)
    page.goto(f"{desk_address}/oversight/problems/{problem.uid}/cite")
    page.get_by_label("违法情形").select_option("no_toxic_report")
    page.get_by_label("行为发生（终了）日期").fill("2026-04-01")
    follow(page.get_by_role("button", name="查看规定"))
    expect(page.locator("#ranges input[type=radio]")).to_have_count(2)
    expect(page.locator("#ranges input:checked")).to_have_count(0)
    assert_stands(page)

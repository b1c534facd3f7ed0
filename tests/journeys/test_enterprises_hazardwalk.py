"""A plant is inspected on a telephone: a hazard with its photograph, put right by the firm, verified by the office; the drawing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desk.plant_world import Plant, png
from journeys.conftest import NARROW, assert_axe_clean, assert_fits, assert_stands, follow, kept_as_draft
from soildesk.core import files
from soildesk.enterprises.models import Hazard, Inspection
from soildesk.enterprises.services import plans
from soildesk.enterprises.services.plans import Drawing
from soildesk.enterprises.services.plantside import Photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


def picture(name: str) -> dict[str, Any]:
    """A photograph as a telephone gives it."""
    return {"name": name, "mimeType": "image/png", "buffer": png(80, 60)}


def answer_all(page: Page) -> None:
    """The first item is a hazard, all others are in order."""
    items = page.locator(".check-item")
    for at in range(items.count()):
        items.nth(at).get_by_text("隐患" if at == 0 else "符合", exact=True).click()
    first = items.first
    first.locator("textarea").fill("池壁有裂缝")
    first.locator("input[type=date]").fill("2026-12-20")
    first.locator("input[type=file]").set_input_files([picture("池壁.png")])  # type: ignore[list-item]


def test_a_hazard_from_the_telephone_to_its_end(world: Any, open_desk: Any) -> None:
    plant = Plant(world)
    page = open_desk(world.people["firm"], "/kit/r/inspections/", width=NARROW)
    follow(page.get_by_role("link", name="开始排查"))
    assert_fits(page)
    follow(page.get_by_role("button", name="开始"))
    expect(page.locator(".land-cards li")).to_have_count(2)
    assert_axe_clean(page)
    assert_fits(page)

    follow(page.get_by_role("link", name="1#废水调节池"))
    answer_all(page)
    expect(page.locator("[data-photo-said]").first).to_have_text("池壁.png")
    kept_as_draft(page, "2026-12-20", files=1)
    page.reload()
    page.get_by_role("button", name="恢复草稿").click()
    expect(page.locator(".check-item textarea").first).to_have_value("池壁有裂缝")
    expect(page.locator("[data-photo-said]").first).to_have_text("池壁.png")
    assert_axe_clean(page)
    assert_fits(page)
    follow(page.get_by_role("button", name="提交并排查下一处"))
    hazard = Hazard.objects.get()
    assert (hazard.what, hazard.due, files.uses_of(hazard).count()) == ("池壁有裂缝", date(2026, 12, 20), 1)

    for item in page.locator(".check-item").all():
        item.get_by_text("符合", exact=True).click()
    follow(page.get_by_role("button", name="提交", exact=True))
    expect(page.locator(".walk-progress")).to_contain_text("已排查 2 处，共 2 处")
    follow(page.get_by_role("link", name="完成排查"))
    follow(page.get_by_role("button", name="完成"))
    assert Inspection.objects.get().state == "finished"

    page.goto(page.url.split("/kit/")[0] + f"/kit/r/hazards/{hazard.uid}")
    assert_fits(page)
    follow(page.get_by_role("link", name="登记整改"))
    page.get_by_label("整改措施").fill("环氧树脂修补防渗层")
    page.get_by_label("整改责任人").fill("池建国")
    page.locator("input[type=file]").set_input_files([picture("整改后.png")])  # type: ignore[list-item]
    follow(page.get_by_role("button", name="登记整改"))
    expect(page.locator(".title-line")).to_contain_text("待验收")

    page = open_desk(world.people["officer"], f"/kit/r/hazards/{hazard.uid}", width=NARROW)
    expect(page.locator(".before-after img")).to_have_count(2)
    follow(page.get_by_role("link", name="验收销号"))
    page.get_by_label("验收意见").fill("现场核实合格")
    follow(page.get_by_role("button", name="验收销号"))
    expect(page.locator(".title-line")).to_contain_text("已销号")
    assert_stands(page)
    assert plant.firm.enterprise_id == hazard.enterprise_id


def test_what_stands_on_the_drawing_is_placed_by_a_click_or_by_numbers(world: Any, open_desk: Any) -> None:
    plant = Plant(world)
    drawing = Drawing("总平面图", date(2026, 11, 1), Photo("图.png", png(800, 600)))
    plan = plans.add(plant.firm, drawing, plant.done())
    page = open_desk(world.people["firm"], f"/enterprises/plans/{plan.uid}/")
    page.get_by_label("标注什么").select_option(label="1 1#废水调节池")
    box = page.locator("[data-plan]").bounding_box()
    assert box is not None
    page.locator("[data-plan]").click(position={"x": box["width"] / 4, "y": box["height"] / 2})
    expect(page.get_by_label("距左边（%）")).to_have_value("25.0")
    follow(page.get_by_role("button", name="标在图上"))
    expect(page.locator("[data-mark]")).to_have_count(1)
    page.get_by_label("标注什么").select_option(label="2 硫酸埋地储罐")
    page.get_by_label("距左边（%）").fill("70")
    page.get_by_label("距上边（%）").fill("30")
    follow(page.get_by_role("button", name="标在图上"))
    expect(page.locator("[data-mark]")).to_have_count(2)
    assert_stands(page)

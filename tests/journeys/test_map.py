"""The one map in a real browser: no request leaves the house, the policy is never touched, an official finds the way."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect

sys.path.append(str(Path(__file__).parents[1] / "desk"))

from land_world import county, square

from journeys.conftest import NARROW, follow

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = {"width": 1000, "height": 640}
"""Without a graphics card a frame costs by its pixels: what a map does is tried in a small window, its look in a wide one."""


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's day is the world's."""
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def land(world: Any) -> Any:
    """The county."""
    return county(world)


def opened(open_desk: Any, person: Any, path: str = "/map/", **window: int) -> tuple[Page, list[str]]:
    """The map, drawn, and the addresses it asked for."""
    page = open_desk(person, "/404", **(window or SMALL))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page.url.removesuffix("/404") + path)
    page.wait_for_selector("[data-ready]", state="attached", timeout=60_000)
    drawn(page)
    return page, asked


def spot(page: Page, east: float, north: float) -> tuple[float, float]:
    """Where a place of the county is on the screen."""
    x, y = square(east, north, 0.01, 0.01).bounds[:2]
    at = page.evaluate("([x, y]) => { const p = window.deskMap.map.project([x, y]); return [p.x, p.y]; }", [x, y])
    box = page.locator("#map").bounding_box()
    assert box
    place = (box["x"] + at[0], box["y"] + at[1])
    covering = page.evaluate("at => document.elementFromPoint(...at)?.closest('#map canvas') ? '' : 'covered'", place)
    assert not covering, f"something lies on the map at {place}"
    return place


IDLE = """() => new Promise((idle, late) => {
    const { map } = window.deskMap;
    map.once("idle", () => idle());
    map.triggerRepaint();
    setTimeout(() => late(new Error("the map never came to rest")), 60000);
})"""


def drawn(page: Page) -> None:
    """Wait until every tile asked for is there and drawn."""
    page.evaluate(IDLE)


def draw(page: Page, corners: Sequence[tuple[float, float]]) -> None:
    """Press at one place after the other."""
    for corner in corners:
        at = spot(page, *corner)
        page.mouse.move(*at)
        page.mouse.click(*at)


def query(page: Page) -> dict[str, list[str]]:
    """The state in the address bar."""
    return parse_qs(urlsplit(page.url).query)


def test_nothing_outside_is_asked_and_the_page_is_clean(
    world: Any, land: Any, open_desk: Any, assert_stands: Any
) -> None:
    page, asked = opened(open_desk, world.people["officer"], width=1440, height=900)
    page.locator(".map-text summary").click()
    expect(page.locator(".map-text-body")).to_contain_text("原农药厂")
    assert_stands(page)
    drawn(page)
    origin = urlsplit(page.url).netloc
    assert any("/tiles/parcels/" in url for url in asked)
    assert any(url.endswith("maplibre-gl-worker.mjs") for url in asked)
    assert {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))} == {origin}


def test_what_lies_there_is_opened_by_a_click_by_its_address_and_by_search(
    world: Any, land: Any, open_desk: Any
) -> None:
    page, _asked = opened(open_desk, world.people["officer"])
    page.mouse.click(*spot(page, 0.25, 0.5))
    card = page.locator("#map-card")
    expect(card.locator("h2")).to_have_text(["东山红线", "原农药厂"])
    expect(page).to_have_url(re.compile("sel=red_line"))
    card.locator("summary", has_text="原农药厂").click()
    expect(card).to_contain_text("青禾农化有限公司")
    expect(card.get_by_role("link", name="打开记录").last).to_have_attribute("href", re.compile("/kit/r/parcels/"))
    address = urlsplit(page.url)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert "sel" not in query(page)

    page.close()
    other, _asked = opened(open_desk, world.people["officer"], f"{address.path}?{address.query}")
    first = other.locator("#map-card h2").first
    expect(first).to_have_text("东山红线")
    other.locator(".map-find input").fill("粮库")
    other.locator("#map-found [data-hit]").first.click()
    expect(first).to_have_text("粮库")
    x, y = square(0.5, 1.5).bounds[:2]
    other.locator(".map-find input").fill(f"{y:.6f}, {x:.6f}")
    other.locator("#map-found [data-spot]").first.click()
    expect(first).to_have_text("北侧空地")


def test_layers_filters_and_the_day_stand_in_the_address(world: Any, land: Any, open_desk: Any) -> None:
    page, _asked = opened(open_desk, world.people["officer"])
    panel = page.locator('.map-layer[data-layer="parcels"]')
    panel.locator(".map-more summary").click()
    with page.expect_request(re.compile(r"/tiles/parcels/.*q=%E7%B2%AE")):
        panel.locator('input[name="parcels.q"]').fill("粮库")
        panel.locator('input[name="parcels.q"]').press("Tab")
    expect(page).to_have_url(re.compile("parcels.q="))
    page.locator('.map-layer[data-layer="water"] input[name="show"]').uncheck()
    assert "water" not in query(page)["layers"][0].split(",")
    with page.expect_request(re.compile(r"/tiles/parcels/.*on=2025-06-30")):
        page.locator('.map-time input[name="on"]').fill("2025-06-30")
        page.locator('.map-time input[name="on"]').press("Tab")
    expect(page).to_have_url(re.compile("on=2025-06-30"))
    page.mouse.click(*spot(page, 1.5, 0.5))
    expect(page.locator("#map-card")).to_contain_text("此处没有打开的图层内容")
    page.keyboard.press("l")
    expect(page).to_have_url(re.compile("/kit/r/"))


def test_a_box_lists_what_it_holds_and_a_drawing_becomes_a_parcel(world: Any, land: Any, open_desk: Any) -> None:
    page, _asked = opened(open_desk, world.people["officer"], "/map/?layers=parcels")
    page.locator('[data-tool="box"]').click()
    draw(page, [(-0.2, -0.2), (1.8, 0.8)])
    card = page.locator("#map-card")
    expect(card).to_contain_text("框选结果")
    expect(card.locator(".map-held button")).to_have_text(["原农药厂", "粮库"])
    listed = card.get_by_role("link", name="在列表中打开").get_attribute("href") or ""
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()

    page.locator('[data-tool="polygon"]').click()
    corners = [(0.2, 2.2), (1.2, 2.2), (1.2, 2.8), (0.2, 2.8)]
    draw(page, [*corners, corners[-1]])
    measures = page.locator("[data-measures]")
    expect(measures).to_contain_text("平方米")
    enter = page.locator("[data-enter] button", has_text="地块").first
    expect(enter).to_be_visible()
    area = re.search(r"([\d,.]+) 平方米", measures.inner_text())
    assert area and float(area[1].replace(",", "")) == pytest.approx(0.6 * 199.6 * 199.7, rel=0.05)
    follow(enter)
    expect(page).to_have_url(re.compile("/kit/r/parcels/new"))
    expect(page.locator("textarea[name='geometry']")).to_have_value(re.compile(r"^POLYGON \(\(114\."))
    page.wait_for_selector("[data-draw-map][data-ready]", timeout=60_000)

    page.goto(urljoin(page.url, listed))
    assert "bbox" in query(page)
    expect(page.locator(".register")).to_contain_text("粮库")
    expect(page.locator(".register")).not_to_contain_text("北侧空地")


def test_in_the_field_a_phone_finds_the_plot_it_stands_on(
    world: Any, land: Any, open_desk: Any, assert_axe_clean: Any, assert_fits: Any
) -> None:
    page, _asked = opened(open_desk, world.people["town"], width=NARROW, height=844)
    assert_fits(page)
    x, y = square(4.5, 0.5).bounds[:2]
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": x, "latitude": y})
    page.locator("[data-locate]").click()
    card = page.locator("#map-card")
    expect(card.locator("h2").first).to_have_text("东河滩地")
    box = card.bounding_box()
    assert box and box["y"] > 300 and box["width"] == 390, "the card is a sheet from below"
    patrol = card.get_by_role("link", name="登记巡查")
    expect(patrol).to_be_visible()
    assert (patrol.bounding_box() or {"height": 0})["height"] >= 44
    assert_axe_clean(page)
    follow(patrol)
    expect(page.locator("input[type='file'][capture]").first).to_be_attached()


def test_a_sheet_is_previewed_and_downloaded(world: Any, land: Any, open_desk: Any, assert_axe_clean: Any) -> None:
    page, _asked = opened(open_desk, world.people["officer"], "/map/?layers=parcels,water")
    page.locator("[data-sheet]").click()
    expect(page.locator(".sheet-image")).to_be_visible()
    expect(page.locator(".sheet-image")).to_have_js_property("complete", True)
    assert page.locator(".sheet-image").evaluate("image => image.naturalWidth") > 600
    assert_axe_clean(page)
    page.locator("input[name='title']").fill("青禾区地块与水源图")
    page.get_by_role("button", name="更新预览").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="PDF").click()
    assert started.value.suggested_filename.startswith("青禾区地块与水源图")
    assert Path(started.value.path()).read_bytes().startswith(b"%PDF")


def test_small_maps_stand_on_records_and_forms(world: Any, land: Any, open_desk: Any, assert_axe_clean: Any) -> None:
    uid = land.parcels["a"].parcel.uid
    page = open_desk(world.people["officer"], f"/kit/r/parcels/{uid}")
    page.wait_for_selector("[data-small-map][data-ready]", timeout=60_000)
    expect(page.locator("[data-small-map]")).to_have_attribute("aria-label", "地图：原农药厂")
    assert_axe_clean(page)
    page.goto(page.url + "/edit")
    page.wait_for_selector("[data-draw-map][data-ready]", timeout=60_000)
    expect(page.locator(".draw-map-told")).to_contain_text("亩")
    assert_axe_clean(page)
    ground = page.locator("textarea[name='geometry']")
    held = ground.input_value()
    page.locator(".draw-map-bar button").click()
    box = page.locator("[data-draw-map]").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for dx, dy in ((-12, -12), (12, -12), (12, 12)):
        page.mouse.click(x + dx, y + dy)
        page.wait_for_timeout(400)
    page.mouse.dblclick(x - 12, y + 12)
    page.wait_for_timeout(400)
    assert ground.input_value() != held  # a small plot has the four corners that were pressed, whatever is near them
    corners = ground.input_value().removeprefix("POLYGON ((").rstrip(")").split(", ")
    assert len({corner.split()[0] for corner in corners}) == len({corner.split()[1] for corner in corners}) == 2

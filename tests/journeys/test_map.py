"""The one map in a real browser: no request leaves the house, the policy is never touched, an official finds the way."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

sys.path.append(str(Path(__file__).parents[1] / "desk"))

from land_world import county, square

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drawn]
BOX = ",".join(f"{side:.5f}" for side in (*square(0, 0).bounds[:2], *square(3, 1).bounds[2:]))


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's day is the world's."""
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def land(world: Any) -> Any:
    """The county."""
    return county(world)


def opened(open_desk: Any, person: Any, path: str = "/map/", **how: Any) -> tuple[Page, list[str]]:
    """The map, drawn, and the addresses it asked for."""
    page = open_desk(person, "/404", **how)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page.url.removesuffix("/404") + path)
    page.wait_for_selector("[data-ready]", state="attached", timeout=30_000)
    return page, asked


def spot(page: Page, east: float, north: float) -> tuple[float, float]:
    """Where a place of the county is on the screen."""
    x, y = square(east, north, 0.01, 0.01).bounds[:2]
    at = page.evaluate("([x, y]) => { const p = window.deskMap.map.project([x, y]); return [p.x, p.y]; }", [x, y])
    box = page.locator("#map").bounding_box()
    assert box
    return box["x"] + at[0], box["y"] + at[1]


def drawn(page: Page) -> None:
    """Wait until every tile asked for is there; the policy forbids Playwright's own waiting, which evaluates texts."""
    for _attempt in range(100):
        page.wait_for_timeout(100)
        if page.evaluate("() => window.deskMap.map.areTilesLoaded()"):
            return
    raise AssertionError("tiles did not come")


def query(page: Page) -> dict[str, list[str]]:
    """The state in the address bar."""
    return parse_qs(urlsplit(page.url).query)


def test_nothing_outside_is_asked_and_the_page_is_clean(
    world: Any, land: Any, open_desk: Any, assert_axe_clean: Any, assert_fits: Any
) -> None:
    for width in (1440, 390):
        page, asked = opened(open_desk, world.people["officer"], width=width)
        drawn(page)
        origin = urlsplit(page.url).netloc
        assert any("/tiles/parcels/" in url for url in asked) and any(
            url.endswith("maplibre-gl-worker.mjs") for url in asked
        )
        assert {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))} == {origin}
        page.locator(".map-text summary").click()
        expect(page.locator(".map-text-body")).to_contain_text("原农药厂")
        assert_axe_clean(page)
        assert_fits(page)


def test_a_click_opens_what_lies_there_and_the_address_can_be_sent_on(world: Any, land: Any, open_desk: Any) -> None:
    page, _asked = opened(open_desk, world.people["officer"])
    page.mouse.click(*spot(page, 0.25, 0.5))
    card = page.locator("#map-card")
    expect(card.locator("h2")).to_have_text(["东山红线", "原农药厂"])
    expect(page).to_have_url(re.compile("sel=red_line"))
    card.locator("summary", has_text="原农药厂").click()
    expect(card).to_contain_text("青禾农化有限公司")
    expect(card.get_by_role("link", name="打开记录").last).to_have_attribute("href", re.compile("/kit/r/parcels/"))
    address = page.url
    other, _asked = opened(open_desk, world.people["officer"], urlsplit(address).path + "?" + urlsplit(address).query)
    expect(other.locator("#map-card h2").first).to_have_text("东山红线")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert "sel" not in query(page)


def test_search_goes_to_a_row_and_to_coordinates(world: Any, land: Any, open_desk: Any) -> None:
    page, _asked = opened(open_desk, world.people["officer"])
    page.locator(".map-find input").fill("粮库")
    page.locator("#map-found [data-hit]").first.click()
    expect(page.locator("#map-card h2").first).to_have_text("粮库")
    x, y = square(0.5, 1.5).bounds[:2]
    page.locator(".map-find input").fill(f"{y:.6f}, {x:.6f}")
    page.locator("#map-found [data-spot]").first.click()
    expect(page.locator("#map-card h2").first).to_have_text("北侧空地")


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


def test_a_drawing_is_measured_and_used_for_a_new_parcel(world: Any, land: Any, open_desk: Any) -> None:
    page, _asked = opened(open_desk, world.people["officer"])
    page.locator('[data-tool="polygon"]').click()
    corners = [(0.2, 2.2), (1.2, 2.2), (1.2, 2.8), (0.2, 2.8)]
    for east, north in corners:
        page.mouse.move(*spot(page, east, north))
        page.mouse.click(*spot(page, east, north))
        page.wait_for_timeout(350)  # two clicks close together are a double click
    page.mouse.click(*spot(page, *corners[-1]))
    measures = page.locator("[data-measures]")
    expect(measures).to_contain_text("平方米")
    area = re.search(r"([\d,.]+) 平方米", measures.inner_text())
    assert area and float(area[1].replace(",", "")) == pytest.approx(0.6 * 199.6 * 199.7, rel=0.05)
    page.locator("[data-enter] button", has_text="地块").first.click()
    expect(page).to_have_url(re.compile("/kit/r/parcels/new"))
    expect(page.locator("textarea[name='geometry']")).to_have_value(re.compile(r"^POLYGON \(\(114\."))
    page.wait_for_selector("[data-draw-map][data-ready]")


def test_a_box_lists_what_it_holds(world: Any, land: Any, open_desk: Any) -> None:
    page, _asked = opened(open_desk, world.people["officer"], "/map/?layers=parcels")
    page.locator('[data-tool="box"]').click()
    page.mouse.click(*spot(page, -0.2, -0.2))
    page.wait_for_timeout(350)
    page.mouse.move(*spot(page, 1.8, 0.8))
    page.mouse.click(*spot(page, 1.8, 0.8))
    card = page.locator("#map-card")
    expect(card).to_contain_text("框选结果")
    expect(card.locator(".map-held button")).to_have_text(["原农药厂", "粮库"])
    card.get_by_role("link", name="在列表中打开").click()
    expect(page).to_have_url(re.compile("bbox="))
    expect(page.locator(".register")).to_contain_text("粮库")
    expect(page.locator(".register")).not_to_contain_text("北侧空地")


def test_in_the_field_a_phone_finds_the_plot_it_stands_on(
    world: Any, land: Any, open_desk: Any, assert_axe_clean: Any
) -> None:
    page = open_desk(world.people["town"], "/404", width=390, height=844)
    x, y = square(4.5, 0.5).bounds[:2]
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": x, "latitude": y})
    page.goto(page.url.removesuffix("/404") + "/map/")
    page.wait_for_selector("[data-ready]", state="attached", timeout=30_000)
    page.locator("[data-locate]").click()
    card = page.locator("#map-card")
    expect(card.locator("h2").first).to_have_text("东河滩地")
    box = card.bounding_box()
    assert box and box["y"] > 300 and box["width"] == 390, "the card is a sheet from below"
    patrol = card.get_by_role("link", name="登记巡查")
    expect(patrol).to_be_visible()
    assert (patrol.bounding_box() or {"height": 0})["height"] >= 44
    assert_axe_clean(page)
    patrol.click()
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
    page.wait_for_selector("[data-small-map][data-ready]", timeout=30_000)
    expect(page.locator("[data-small-map]")).to_have_attribute("aria-label", "地图：原农药厂")
    assert_axe_clean(page)
    page.goto(page.url + "/edit")
    page.wait_for_selector("[data-draw-map][data-ready]", timeout=30_000)
    expect(page.locator(".draw-map-told")).to_contain_text("亩")
    assert_axe_clean(page)

"""Two offices and the gate: a ground drawn on the map, its answer, certificate and verification, an opinion; a layer as a job."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from desk.gis_world import feature, geojson
from desk.land_world import square
from desk.plotreport_world import Reports
from journeys.conftest import assert_axe_clean, assert_stands, follow, until
from soildesk.core import jobs
from soildesk.decisions.models import GateBatch, GateQuery, OpinionRequest

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def made(world: Any) -> Reports:
    """The small world with somebody of natural resources and a plot on the roster."""
    found = Reports(world)
    found.listed(found.to(found.plot("原青禾农药厂地块", square(0, 0, 4, 4)), "S5"), "roster", date(2026, 6, 1))
    return found


def draw(page: Page) -> None:
    """Four corners pressed on the small map; the field beneath holds the ground."""
    page.wait_for_selector("[data-draw-map][data-ready]", timeout=60_000)
    box = page.locator("[data-draw-map]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    corners = [(x - 60, y - 40), (x + 60, y - 40), (x + 60, y + 40), (x - 60, y + 40)]
    for at in [*corners, corners[-1]]:
        page.mouse.move(*at)
        page.mouse.click(*at)
    until(page, "() => document.querySelector('#id_ground').value.startsWith('POLYGON')")


def test_two_offices_ask_and_answer(made: Reports, open_desk: Any, tmp_path: Path) -> None:
    page = open_desk(made.world.people["resources"], reverse("decisions:ask"), height=1400)
    draw(page)
    page.locator("#id_act").select_option("施工许可")
    page.locator("#id_use").fill("0701")
    page.locator("#id_use_scheme").select_option("guide2023")
    page.locator("#id_project").fill("农药厂片区住宅项目")
    assert_axe_clean(page)
    follow(page.locator("main form").get_by_role("button", name="核查", exact=True))
    query = GateQuery.objects.get()
    expect(page.locator(".gate-verdict")).to_contain_text("不替代行政许可")
    assert (query.project, query.geometry.is_valid) == ("农药厂片区住宅项目", True)

    with page.expect_download() as sent:
        page.evaluate("url => { const a = document.createElement('a'); a.href = url; a.download = ''; a.click(); }",
                      reverse("decisions:paper", args=[query.uid]))  # fmt: skip
    assert Path(sent.value.path()).read_bytes().startswith(b"%PDF")
    anybody = open_desk(None, reverse("decisions:verify", args=[query.token]))
    expect(anybody.locator("main")).to_contain_text(query.number)
    assert_axe_clean(anybody)

    follow(page.locator("main").get_by_role("link", name="请求书面意见").first)
    page.locator("#id_incoming").fill("青自然资函〔2026〕101号")
    page.locator("#id_due").fill("2026-12-04")
    follow(page.locator("main form").get_by_role("button", name="登记", exact=True))
    expect(page.locator("#opinions")).to_contain_text("青自然资函〔2026〕101号")
    assert_stands(page)

    held = OpinionRequest.objects.get()
    other = open_desk(made.world.people["officer"], reverse("kit:record", args=["gate-opinions", str(held.uid)]))
    follow(other.locator("main").get_by_role("link", name="登记答复").first)
    letter = tmp_path / "复函.pdf"
    letter.write_bytes(PDF)
    other.locator("#id_answer").fill("该地块在名录内，修复目标未达到，不得开工建设与修复无关的项目。")
    other.locator("#id_outgoing").fill("青环函〔2026〕90号")
    other.locator("#id_file").set_input_files(letter)
    follow(other.locator("main form").get_by_role("button", name="登记答复", exact=True))
    expect(other.locator("main")).to_contain_text("青环函〔2026〕90号")
    assert_stands(other)
    page.reload()
    expect(page.locator("#opinions")).to_contain_text("复函 青环函〔2026〕90号")
    assert OpinionRequest.objects.get().state == "answered"


def test_a_layer_is_asked_about_as_a_job_and_ends_in_a_workbook(made: Reports, open_desk: Any, tmp_path: Path) -> None:
    rows = [
        feature(square(0, 0), 项目名称="青禾花园", 规划用途="0701"),
        feature(square(6, 6), 项目名称="城东商场", 规划用途="0901"),
    ]
    path = geojson(tmp_path / "供地计划.geojson", rows)
    page = open_desk(made.world.people["resources"], reverse("decisions:batch_new"))
    page.locator("#id_title").fill("2026年供地计划")
    page.locator("#id_file").set_input_files(path)
    page.locator("#id_act").select_option("供地")
    page.locator("#id_scheme").select_option("guide2023")
    assert_stands(page)
    follow(page.locator("main form").get_by_role("button", name="开始核查", exact=True))
    expect(page.locator("main")).to_contain_text("2026年供地计划")
    jobs.run(jobs.Job.objects.get())
    page.reload()
    held = GateBatch.objects.get()
    assert (held.state, sum(held.counts.values())) == ("done", 2)
    assert_stands(page)

    base = urlsplit(page.url)
    page.goto(f"{base.scheme}://{base.netloc}" + reverse("kit:record", args=["gate-batches", str(held.uid)]))
    assert_stands(page)
    with page.expect_download() as sent:
        page.get_by_role("link", name=f"{held.number}.xlsx").first.click()
    book = openpyxl.load_workbook(io.BytesIO(Path(sent.value.path()).read_bytes()), read_only=True)
    told = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell]
    assert {"青禾花园", "城东商场"} <= set(told)

"""Printed map sheets: a true scale, areas that are those of the ground, names that do not collide, nothing out of scope."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import shapely
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from land_world import county, parcel, square

from soildesk.core import jobs
from soildesk.core.models import Job
from soildesk.maps import sheetfile, sheetpages
from soildesk.maps.layers import layers_of
from soildesk.maps.sheetdrawing import NAME_MM, svg, text_width
from soildesk.maps.sheetfile import Legend, Wanted, sheet_file
from soildesk.maps.sheetframe import SCALES, Frame, Page, angle, frame_of, graticule
from soildesk.maps.sheetrows import LegendLine, drawn_of, legend_lines
from soilrules.geodesy import measure, transform

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 2, 0, 0, 5, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's day is the world's."""
    monkeypatch.setenv("SOILDESK_TODAY", DAY.isoformat())


@pytest.fixture
def land(world: Any) -> Any:
    """The county."""
    return county(world)


def layers(world: Any, *names: str, who: str = "officer") -> list[Any]:
    """Some layers as a person sees them."""
    every = {one.name: one for one in layers_of(world.actor(who), DAY, QueryDict())}
    return [every[name] for name in names]


def wanted(world: Any, *names: str, **more: Any) -> Wanted:
    """A sheet of the county."""
    box = shapely.union_all([square(0, 0), square(3, 1)]).bounds
    return Wanted(layers(world, *names), box, "青禾区地块分布图", DAY, DAY, department="青禾区生态环境局", **more)


def text_of(pdf: bytes) -> str:
    """What a PDF says."""
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1, "a sheet is one page"
        return re.sub(r"\s+", "", document[0].get_textpage().get_text_range())


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_a_sheet_says_what_an_official_signs(world: Any, land: Any, wide: bool, paper: Any) -> None:
    asked = wanted(
        world, "red_line", "water", "parcels", wide=wide, paper=paper, approval="GS（2024）0650号", made_up="青禾区"
    )
    pdf = sheet_file(asked, "pdf", at=AT)
    said = text_of(pdf)
    for words in (
        "青禾区地块分布图", "编制单位：青禾区生态环境局", "编制日期：2026年11月20日", "数据截至：2026年11月20日",
        "2000国家大地坐标系，3度带第38带", "图例", "审图号：GS（2024）0650号", "第1页共1页", "示例数据", "114°18′", "34°42′",
        f"1:{asked.frame.scale:,.0f}" if wide else "1:",
    ):  # fmt: skip
        assert re.sub(r"\s+", "", words) in said, words
    with pypdfium2.PdfDocument(pdf) as document:
        size = tuple(round(side * 25.4 / 72) for side in document[0].get_size())
    assert (
        size
        == {("A4", True): (297, 210), ("A4", False): (210, 297), ("A3", True): (420, 297), ("A3", False): (297, 420)}[
            paper, wide
        ]
    )
    assert sheet_file(replace(asked, wide=True), "png", at=AT, ppi=40).startswith(b"\x89PNG")


def test_the_scale_is_true_on_the_ground() -> None:
    frame = frame_of((114.0, 34.0, 114.02, 34.015), Page("A4", True))
    assert frame.scale in SCALES
    assert frame.ground.buffer(1e-9).contains(shapely.box(114.0, 34.0, 114.02, 34.015))
    metres, millimetres = frame.bar_metres()
    x, y = frame.middle
    half = millimetres * frame.scale / 2000
    line = shapely.LineString([(x - half, y), (x + half, y)])
    ground = measure.length_m(transform.to_stored(np.array([line], dtype=object), frame.crs).geoms)[0]
    assert float(ground) == pytest.approx(metres, rel=1e-6)
    edge = frame_of((115.45, 34.0, 115.47, 34.015), Page("A4", True))
    assert edge.stretch > 1.0002 > frame.stretch, "far from the meridian the zone stretches, and the bar with it"


def test_the_graticule_names_round_angles() -> None:
    assert [angle(value) for value in (114.0, 34.5, 34.0041666667)] == ["114°00′", "34°30′", "34°00′15″"]
    frame = frame_of((114.0, 34.0, 114.3, 34.2), Page("A4", True))
    lines = list(graticule(frame))
    assert {line.is_longitude for line in lines} == {True, False}
    assert sum(line.is_longitude for line in lines) >= 2
    assert all(
        -0.01 <= x <= frame.size[0] + 0.01 and -0.01 <= y <= frame.size[1] + 0.01
        for line in lines
        for x, y in line.points
    )


def test_the_legend_counts_and_measures_what_lies_on_the_sheet(world: Any, land: Any) -> None:
    a = land.parcels["a"].geometry
    west, south, east, north = a.bounds
    (layer,) = layers(world, "red_line")
    frame = frame_of((west, south, east, north), Page("A4", True))
    whole = drawn_of(layer, frame).lines()[0]
    half = square(0, 0, 0.5)
    assert whole.count == 1
    assert whole.area_m2 == pytest.approx(float(measure.area_m2(np.array([half], dtype=object))[0]), rel=1e-6)
    x, y = frame.middle
    moved = Frame(frame.crs, (x + frame.size[0] * frame.scale / 2000, y), frame.size, frame.scale)
    assert drawn_of(layer, moved).lines()[0].area_m2 < whole.area_m2, "what the frame cuts off is not counted"
    (strange,) = layers(world, "parcels", who="stranger")
    assert [(line.count, line.area_m2) for line in drawn_of(strange, frame).lines()] == [(0, 0.0)]


def test_a_layer_of_one_class_stands_under_no_other_layers_heading(world: Any, land: Any, tmp_path: Path) -> None:
    sheet = wanted(world, "parcels", "red_line", "water")
    drawn = [drawn_of(layer, sheet.frame) for layer in sheet.layers]
    lines = [(line["kind"], line["title"]) for line in sheetfile._legend(Legend.of(drawn, sheet.page), tmp_path)]
    assert lines[0] == ("class", "示例生态保护红线")
    assert [title for kind, title in lines if kind == "layer"][1:] == ["示例饮用水水源保护区"]


def test_classes_without_room_are_put_together() -> None:
    lines = [LegendLine(None, 1, float(area)) for area in (5, 1, 9, 2, 7)]
    kept = legend_lines(lines, 3)
    assert [(line.area_m2, line.others) for line in kept] == [(9.0, 0), (7.0, 0), (8.0, 3)]
    assert sum(line.count for line in kept) == len(lines)
    assert legend_lines(lines, 5) == lines


def test_names_do_not_collide_and_stay_on_the_map(world: Any, land: Any) -> None:
    for number in range(40):
        parcel(world, square(6 + number % 8 * 0.25, number // 8 * 0.25, 0.25, 0.25), name=f"密集地块{number:02d}")
    asked = wanted(world, "parcels")
    frame = frame_of(square(6, 0, 4, 2.5).bounds, Page("A4", True))
    picture = svg(frame, [drawn_of(layer, frame) for layer in asked.layers])
    found = re.findall(rf'<text x="([\d.]+)" y="([\d.]+)" font-size="{NAME_MM}"[^>]*>([^<]+)</text>', picture)
    boxes = [
        shapely.box(
            float(x) - text_width(name, NAME_MM) / 2,
            float(y) - NAME_MM + 0.5,
            float(x) + text_width(name, NAME_MM) / 2,
            float(y),
        )
        for x, y, name in found
    ]
    assert 5 <= len(boxes) <= 44
    assert [(a, b) for a in range(len(boxes)) for b in range(a) if boxes[a].intersection(boxes[b]).area > 1e-6] == []
    page = shapely.box(0, 0, *frame.size)
    assert all(page.contains(box) for box in boxes)


def test_a_name_is_never_markup(world: Any, land: Any) -> None:
    parcel(world, square(6, 0, 3, 3), name='<script>&"甲')
    frame = frame_of(square(6, 0, 3, 3).bounds, Page("A4", True))
    picture = svg(frame, [drawn_of(layer, frame) for layer in layers(world, "parcels")])
    assert "&lt;script&gt;&amp;&quot;甲" in picture and "<script" not in picture
    made = replace(wanted(world, "parcels"), title='#panic("x") $a$ *b*')
    assert '#panic("x")$a$*b*' in text_of(sheet_file(made, "pdf", at=AT)), "a title is text, not Typst"


def test_the_form_previews_and_gives_files(world: Any, land: Any) -> None:
    client = Client()
    client.force_login(world.people["officer"])
    box = ",".join(str(side) for side in shapely.union_all([square(0, 0), square(3, 1)]).bounds)
    asked = {"layers": "parcels,water", "bbox": box, "orientation": "portrait"}
    page = client.get(reverse("maps:sheet"), asked).content.decode()
    assert "地块、示例饮用水水源保护区分布图" in page and "青禾区生态环境局" in page and "as=pdf" in page
    assert client.get(reverse("maps:sheet_preview"), asked).content.startswith(b"\x89PNG")
    answer = client.get(reverse("maps:sheet"), {**asked, "as": "pdf", "title": "图"})
    assert answer.headers["Content-Type"] == "application/pdf" and "export.pdf" in answer.headers["Content-Disposition"]
    nothing = client.get(reverse("maps:sheet"), {"layers": "nothing"}).content.decode()
    assert "没有可打印的内容" in nothing
    assert client.get(reverse("maps:sheet"), {"layers": "nothing", "as": "pdf"}).status_code == 404
    strange = client.get(reverse("maps:sheet"), {**asked, "scale": "９99999999", "paper": "A0", "bbox": "nan,1,2,3"})
    assert strange.status_code == 200


def test_many_rows_are_drawn_by_a_job(world: Any, land: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheetpages, "MANY", 2)
    client = Client()
    client.force_login(world.people["officer"])
    box = ",".join(str(side) for side in shapely.union_all([square(0, 0), square(3, 1)]).bounds)
    asked = {"layers": "parcels", "bbox": box}
    page = client.get(reverse("maps:sheet"), asked).content.decode()
    assert "由后台作业绘制" in page and "sheet_preview" not in page
    assert client.get(reverse("maps:sheet_preview"), asked).status_code == 404
    query = QueryDict(mutable=True)
    query.update(asked)
    answer = client.post(reverse("maps:sheet_job"), {"query": query.urlencode(), "as": "pdf"})
    row = Job.objects.get(kind="maps.sheet")
    assert answer.headers["Location"] == reverse("core:job", args=[row.uid])
    jobs.run(row)
    row.refresh_from_db()
    assert row.state == Job.State.DONE and row.result_file is not None and row.result_file.name.endswith(".pdf")
    assert client.post(reverse("maps:sheet_job"), {"query": "layers=x"}).headers["Location"] == reverse("maps:map")

"""A printed sheet as a file: the map and all that stands around it, set by Typst with fonts of the package."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import pylopdf_fonts_zh_cn
import shapely
import typst
from django.utils.translation import gettext as _

from soildesk.kit.languages import language
from soildesk.maps.layers import MapLayer
from soildesk.maps.sheetdrawing import bar_svg, svg, swatch_svg, text_width
from soildesk.maps.sheetframe import EDGE, MARGIN, TITLE, Bounds, Frame, Page, Paper, frame_of
from soildesk.maps.sheetrows import Drawn, LegendLine, drawn_of, legend_lines
from soilrules.geodesy import measure

Kind = Literal["pdf", "png"]
SOURCE = Path(__file__).with_name("sheet_typst.txt")
LONGEST_TITLE, LONG_TITLE = 60, 24
PRINT_PPI, SCREEN_PPI = 200.0, 80.0
LEGEND_MM = 2.9
SHAPES = {0: "point", 1: "line", 2: "polygon"}


@dataclass(frozen=True)
class Wanted:
    """What a person asks to be printed, and what the sheet says of itself."""

    layers: Sequence[MapLayer]
    box: Bounds
    title: str
    on: date
    made_on: date
    paper: Paper = "A4"
    wide: bool = False
    scale: float | None = None
    department: str = ""
    approval: str = ""
    made_up: str = ""

    @property
    def page(self) -> Page:
        """The paper, with room for a legend that is as long as it may be."""
        return Page(self.paper, self.wide, sum(len(layer.legend) + 1 for layer in self.layers))

    @property
    def frame(self) -> Frame:
        """About the ground the sheet shows; what really lies there tells how long the legend is."""
        page = self.page
        return frame_of(self.box, replace(page, legend_lines=min(page.legend_lines, page.most_lines)), self.scale)


@dataclass(frozen=True)
class Legend:
    """The legend of a sheet: each layer with its lines, no more than the page has room for."""

    layers: Sequence[tuple[Drawn, Sequence[LegendLine]]]

    @classmethod
    def of(cls, layers: Sequence[Drawn], page: Page) -> Legend:
        """Room is shared evenly; a layer with few classes leaves the rest of its share to the others."""
        room, found = page.most_lines - len(layers), []
        waiting = sorted(((drawn, drawn.lines()) for drawn in layers), key=lambda pair: len(pair[1]))
        for number, (drawn, lines) in enumerate(waiting):
            kept = legend_lines(lines, max(room // (len(waiting) - number), 1))
            room -= sum(_lines_of(line, page) for line in kept)
            found.append((drawn, kept))
        return cls(sorted(found, key=lambda pair: list(layers).index(pair[0])))

    def height(self, page: Page) -> int:
        """How many lines it takes."""
        return 1 + sum(1 + sum(_lines_of(line, page) for line in lines) for _drawn, lines in self.layers)


def _lines_of(line: LegendLine, page: Page) -> int:
    return max(1, math.ceil(text_width(_title(line), LEGEND_MM) / page.title_room))


def _title(line: LegendLine) -> str:
    if line.others:
        return _("其他 %(count)d 类") % {"count": line.others}
    return str(line.swatch.given.title) if line.swatch else _("未分级")


def sheet_file(wanted: Wanted, kind: Kind, *, at: datetime, ppi: float = PRINT_PPI) -> bytes:
    """The sheet as a PDF, or as a picture of it."""
    page = wanted.page
    if not page.wide:  # how long the legend is tells how high the map may be
        first = Legend.of([drawn_of(layer, wanted.frame) for layer in wanted.layers], page)
        page = replace(page, legend_lines=first.height(page))
    frame = frame_of(wanted.box, page, wanted.scale)
    drawn = [drawn_of(layer, frame) for layer in wanted.layers]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sheet.typ").write_bytes(SOURCE.read_bytes())
        (folder / "map.svg").write_text(svg(frame, drawn), encoding="utf-8")
        (folder / "bar.svg").write_text(bar_svg(frame.bar_metres()[1]), encoding="utf-8")
        legend = list(_legend(Legend.of(drawn, page), folder))
        told = {**_told(wanted, frame), **_measures(page, frame), "legend": legend}
        (folder / "sheet.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        return _compiled(folder / "sheet.typ", kind, at, ppi)


def _compiled(source: Path, kind: Kind, at: datetime, ppi: float) -> bytes:
    made = typst.compile(
        str(source),
        format=kind,
        ppi=ppi if kind == "png" else None,
        font_paths=[str(pylopdf_fonts_zh_cn.sans_path().parent)],
        ignore_system_fonts=True,
        timestamp=at.astimezone(UTC).replace(microsecond=0),
    )
    return bytes(made[0] if isinstance(made, list) else made)


def _legend(legend: Legend, folder: Path) -> Iterator[dict[str, Any]]:
    """The lines of the legend, layers of one line first: below a heading they would stand for classes of its layer.

    The pictures are written beside the source.
    """
    number = 0
    for drawn, lines in sorted(legend.layers, key=lambda pair: pair[0].layer.is_classed):
        shared = shared_note([_title(line) for line in lines if line.swatch])
        if drawn.layer.is_classed:
            yield {"kind": "layer", "title": drawn.layer.title + shared}
        for line in lines:
            number += 1
            picture = f"swatch{number}.svg"
            shape = _shape(drawn)
            (folder / picture).write_text(swatch_svg(line.swatch, shape), encoding="utf-8")
            yield {
                **_line(line, has_area=shape == "polygon"),
                "kind": "class",
                "picture": picture,
                "title": _title(line).removesuffix(shared),
            }


def shared_note(titles: Sequence[str]) -> str:
    """The note in brackets that all titles end with: it is said once, over them.

    >>> shared_note(["01 耕地（现状分类）", "02 园地（现状分类）"]), shared_note(["耕地（一）", "园地（二）"])
    ('（现状分类）', '')
    """
    notes = {title[title.index("（") :] if title.endswith("）") else "" for title in titles}
    return notes.pop() if len(notes) == 1 and len(titles) > 1 else ""


def _shape(drawn: Drawn) -> str:
    """What the rows on the sheet are: a layer of mixed shapes may hold points only."""
    if drawn.layer.ground.shape != "mixed" or not len(drawn.shapes):
        return drawn.layer.ground.shape
    return SHAPES[int(shapely.get_dimensions(drawn.shapes).max())]


def _line(line: LegendLine, *, has_area: bool) -> dict[str, str]:
    return {
        "count": f"{line.count:,}",
        "mu": f"{measure.mu(line.area_m2):,.2f}" if has_area else "—",
        "hectares": f"{line.area_m2 / 10_000:,.2f}" if has_area else "—",
    }


def _measures(page: Page, frame: Frame) -> dict[str, Any]:
    """Millimetres of the page."""
    width, height = page.size
    return {
        "title_height": TITLE - 2,
        "width": width,
        "height": height,
        "margin": MARGIN,
        "wide": page.wide,
        "map_width": frame.size[0] + 2 * EDGE,
        "map_height": frame.size[1] + 2 * EDGE,
        "bar_mm": frame.bar_metres()[1],
    }


def _told(wanted: Wanted, frame: Frame) -> dict[str, Any]:
    """What the sheet says."""
    metres = frame.bar_metres()[0]
    return {
        "title": wanted.title,
        "title_size": 20 if len(wanted.title) <= LONG_TITLE else 14,
        "scale": f"1 : {frame.scale:,.0f}",
        "bar_text": _ground_length(metres),
        "bar_half": _ground_length(metres / 2),
        "department": wanted.department,
        "made_on": _long_day(wanted.made_on),
        "state_on": _long_day(wanted.on),
        "approval": _("审图号：%(number)s") % {"number": wanted.approval} if wanted.approval else "",
        "notes": _notes(wanted, frame),
        "words": _words(),
    }


def _words() -> dict[str, str]:
    return {
        "legend": _("图例"),
        "legend_note": _("数量与面积为图幅范围内的部分，按 CGCS2000 椭球计算"),
        "count": _("数量"),
        "mu": _("亩"),
        "hectares": _("公顷"),
        "by": _("编制单位："),
        "made": _("编制日期："),
        "state": _("数据截至："),
        "page": _("第 1 页 共 1 页"),
    }


def _notes(wanted: Wanted, frame: Frame) -> list[str]:
    """The coordinate system, and what a reader must not take for granted."""
    notes = [frame.crs.title.sentence(language()), _("箭头指坐标北；图上经纬线为 CGCS2000 经纬度。")]
    if wanted.made_up:
        notes.append(_("示例数据：%(place)s是虚构的地方，图上内容都是编造的。") % {"place": wanted.made_up})
    return notes


def _ground_length(metres: float) -> str:
    return (
        _("%(number)s 千米") % {"number": f"{metres / 1000:g}"}
        if metres >= 1000
        else _("%(number)s 米") % {"number": f"{metres:g}"}
    )


def _long_day(day: date) -> str:
    return _("%(year)d年%(month)d月%(day)d日") % {"year": day.year, "month": day.month, "day": day.day}

"""Draw the ground of the made-up district: `python examples/district/make_ground.py` writes the files in ground/.

Everything is laid out on a straight plan in metres and then bent by one smooth map, so that what touches on the
plan still touches on the ground. The place is nowhere: its outline follows no boundary that exists. Coordinates
are CGCS2000 (EPSG:4490); areas come out of the layout and are not adjusted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from plot_stories import STORIES
from shapely import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

FOLDER = Path(__file__).with_name("ground")
EAST, NORTH = 478_000.0, 4_012_000.0  # south-west corner of the plan, in the 3-degree zone 39 without its prefix
WIDTH, HEIGHT = 18_000.0, 13_000.0
TOWNS = {  # seeds of the towns on the plan, in metres
    "990101001": ("城关街道", (7_200, 6_600)),
    "990101002": ("河东街道", (11_300, 6_900)),
    "990101003": ("新苑街道", (7_600, 9_600)),
    "990101004": ("北湖街道", (11_000, 10_600)),
    "990101005": ("站前街道", (6_400, 3_800)),
    "990101100": ("青石镇", (2_600, 8_000)),
    "990101101": ("白鹭镇", (14_900, 4_600)),
    "990101102": ("柳溪镇", (10_600, 2_400)),
}
RIVER = LineString([(9_300, -500), (9_500, 2_000), (9_100, 4_300), (9_500, 6_800), (9_200, 9_400), (9_800, 13_500)])
LAKE = Point(12_600, 11_300).buffer(650)
PARK = box(4_000, 2_900, 6_900, 4_900)
TOWN_CENTRE = box(5_800, 5_600, 8_900, 8_000)
HILLS = Polygon([(2_300, 8_900), (4_300, 9_300), (5_200, 11_300), (3_300, 11_200)])
_to_degrees = pyproj.Transformer.from_crs(4548, 4490, always_xy=True)


def bent(points: np.ndarray) -> np.ndarray:
    """Where points of the plan (n, 2) lie on the ground, in degrees."""
    x, y = points[:, 0], points[:, 1]
    east = x + 260 * np.sin(y / 2_100) + 90 * np.sin(x / 900 + y / 1_300) + 25 * np.sin(y / 310)
    north = y + 220 * np.sin(x / 2_400 + 1) + 80 * np.cos(x / 1_050 - y / 1_700) + 25 * np.sin(x / 290)
    return np.column_stack(_to_degrees.transform(EAST + east, NORTH + north))


def ground(shape: BaseGeometry, step: float = 120.0) -> BaseGeometry:
    """A shape of the plan on the ground, nine decimals of a degree (a tenth of a millimetre)."""
    return shapely.set_precision(shapely.transform(shapely.segmentize(shape, step), bent), 1e-9)


def outline() -> Polygon:
    """The district on the plan."""
    middle = np.array([WIDTH / 2, HEIGHT / 2])
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    stretch = 1 - 0.07 * np.sin(3 * angles) - 0.05 * np.cos(5 * angles)
    around = np.column_stack([np.cos(angles) * WIDTH / 2, np.sin(angles) * HEIGHT / 2]) * stretch[:, None] * 0.97
    return Polygon(middle + around)


def towns() -> dict[str, tuple[str, Polygon]]:
    """The towns: what is nearest to each seed."""
    whole = outline()
    seeds = shapely.MultiPoint([at for _name, at in TOWNS.values()])
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=whole))
    found = {}
    for code, (name, at) in TOWNS.items():
        cell = next(cell for cell in cells if cell.covers(Point(at)))
        found[code] = (name, shapely.intersection(cell, whole))
    return found


def split(shape: Polygon, columns: int, rows: int, gap: float = 0.0) -> Iterator[Polygon]:
    """A rectangle in columns and rows, with a road of `gap` metres between."""
    west, south, east, north = shape.bounds
    width, height = (east - west) / columns, (north - south) / rows
    for column in range(columns):
        for row in range(rows):
            at = west + column * width, south + row * height
            yield box(at[0] + gap / 2, at[1] + gap / 2, at[0] + width - gap / 2, at[1] + height - gap / 2)


USES = {  # national land classes (国土空间调查、规划、用途管制用地用海分类): code, planned code
    "homes": ("0701", "0701"),
    "shops": ("0901", "0901"),
    "school": ("080403", "080403"),
    "works": ("1001", "1001"),
    "store": ("1101", "1101"),
    "dry": ("0103", "0103"),
    "irrigated": ("0102", "0102"),
    "paddy": ("0101", "0101"),
}
WORKS = (
    "青禾电镀有限公司", "云泽精细化工有限公司", "青禾蓄电池有限公司", "恒盛皮革制品厂", "青禾热镀锌有限公司", "瑞丰农药助剂厂",
    "云泽铅锌冶炼渣场", "青禾制革园二厂", "明远印染有限公司", "青禾涂料厂", "华新铸造有限公司", "青禾危废暂存中心",
    "城北加油站油库", "青禾污水处理厂", "东方机械加工厂", "青禾木材防腐厂", "新星橡胶制品厂", "青禾化肥厂",
    "泽通物流仓储中心", "青禾玻璃厂", "联诚电子材料有限公司", "青禾焦化旧址", "云泽有色金属加工厂", "青禾再生资源公司",
    "金属表面处理中心",
)  # fmt: skip


UNCHANGED = ("城关街道123号宗地", "城关街道138号宗地", "城关街道150号宗地")
"""Lots of old works that the register of land still calls homes, against the register of plots: the gate cannot say of them."""


def worked() -> dict[str, tuple[str, str]]:
    """Lots on which works stood, with their use and the one planned, as the register of plots says it too."""
    held = {story.where.removeprefix("lot:"): story.planned for story in STORIES if story.where.startswith("lot:")}
    return {name: ("1001", planned) for name, planned in held.items() if name not in UNCHANGED}


def lots() -> Iterator[tuple[Polygon, dict[str, Any]]]:
    """Building land: the town centre in blocks, the works of the park, the old pesticide works beside a school to be."""
    number, works = 0, worked()
    for place, block in enumerate(split(TOWN_CENTRE, 8, 6, 40)):
        use = "school" if place in {9, 30} else "shops" if place % 7 == 3 else "homes"
        for lot in split(block, 2, 2 if place % 3 else 1, 6):
            number += 1
            name = f"城关街道{number}号宗地"
            yield lot, lot_facts("城关街道", number, works.get(name, USES[use]), name, "")
    for place, block in enumerate(split(PARK, 5, 5, 50)):
        number += 1
        use = USES["store"] if WORKS[place].endswith(("仓储中心", "油库")) else USES["works"]
        yield block, lot_facts("站前街道", number, use, WORKS[place], WORKS[place])
    old_works = box(8_950, 7_000, 9_250, 7_280)
    school = box(8_950, 7_300, 9_250, 7_520)
    yield old_works, lot_facts("城关街道", number + 1, ("1001", "0701"), "原青禾农药厂地块", "青禾区土地储备中心")
    yield school, lot_facts("城关街道", number + 2, ("1207", "080403"), "规划青禾实验学校", "青禾区土地储备中心")


def lot_facts(town: str, number: int, use: tuple[str, str], name: str, holder: str) -> dict[str, Any]:
    """What the natural-resources bureau says of a lot."""
    return {
        "宗地代码": f"990101{number:03d}GB{number:05d}", "名称": name, "所在乡镇": town, "坐落": f"青禾区{town}", "现状用途": use[0],
        "规划用途": use[1], "使用权人": holder, "权属性质": "国有",
    }  # fmt: skip


FIELDS = {
    "河东街道": (0.153, "irrigated"),
    "白鹭镇": (0.327, "paddy"),
    "柳溪镇": (0.306, "irrigated"),
    "青石镇": (0.131, "dry"),
}


def fields() -> Iterator[tuple[Polygon, dict[str, Any]]]:
    """Farmland in strips of some twenty mu, clear of river, lake, hills and towns' centres."""
    chance = np.random.default_rng(2026)
    kept_clear = shapely.union_all(
        [RIVER.buffer(120), LAKE.buffer(250), HILLS, PARK.buffer(100), TOWN_CENTRE.buffer(200)]
    )
    number = 0
    for name, town in towns().values():
        share, use = FIELDS.get(name, (0.0, "dry"))
        west, south, east, north = town.bounds
        inside = town.buffer(-60)
        for x in np.arange(west, east, 305.0):
            for y in np.arange(south, north, 52.0):
                strip = box(x, y, x + 300, y + 50)
                village = chance.random(2)
                if village[0] > share or not inside.covers(strip) or strip.intersects(kept_clear):
                    continue
                number += 1
                yield strip, field_facts(name, number, use)


def field_facts(town: str, number: int, use: str) -> dict[str, Any]:
    """What the survey of land use says of a field."""
    return {
        "图斑编号": f"TB{number:06d}",
        "所在乡镇": town,
        "坐落": f"青禾区{town}",
        "地类编码": USES[use][0],
        "权属性质": "集体",
    }


def zones() -> dict[str, list[tuple[BaseGeometry, dict[str, Any]]]]:
    """The layers of other offices, by the name of their file."""
    farms = [(shape, facts) for shape, facts in fields()]
    by_town: dict[str, list[Polygon]] = {}
    for shape, facts in farms:
        by_town.setdefault(facts["坐落"], []).append(shape)
    basic, priority = [], []
    for place, shapes in by_town.items():
        middle = shapely.union_all(shapes).centroid
        near = [shape for shape in shapes if shape.distance(middle) < 2_200]
        blocks = shapely.get_parts(shapely.union_all([shape.buffer(6, join_style="mitre") for shape in near]))
        for each in blocks:
            basic.append(
                (each, {"编号": f"JBNT{len(basic) + 1:04d}", "名称": f"{place}永久基本农田", "保护片块": place[3:]})
            )
        core = shapely.union_all([shape.buffer(30) for shape in near if shape.distance(middle) < 900])
        priority.append((core, {"编号": f"YX{len(priority) + 1:02d}", "名称": f"{place[3:]}优先保护类耕地集中区"}))
    edge = float(np.quantile([shape.centroid.x for shape in by_town["青禾区柳溪镇"]], 0.6))
    grain = shapely.union_all([shape for shape in by_town["青禾区柳溪镇"] if shape.centroid.x < edge]).convex_hull
    second, first = LAKE.buffer(900), LAKE.buffer(200)
    return {
        "行政区界线": [(shape, {"代码": code, "名称": name}) for code, (name, shape) in towns().items()],
        "永久基本农田": basic,
        "优先保护类耕地集中区": priority,
        "粮食生产功能区": [(grain, {"编号": "LS01", "名称": "柳溪镇小麦生产功能区", "类型": "粮食生产功能区"})],
        "饮用水水源保护区": [
            (shapely.intersection(first, outline()), {"代码": "SY01", "名称": "北湖水源地", "分级": "一级保护区"}),
            (shapely.intersection(second.difference(first), outline()), {"代码": "SY02", "名称": "北湖水源地", "分级": "二级保护区"}),
        ],
        "生态保护红线": [
            (shapely.intersection(HILLS, outline()), {"代码": "HX01", "名称": "青石山水土保持红线区"}),
            (shapely.intersection(LAKE.buffer(60), outline()), {"代码": "HX02", "名称": "北湖水源涵养红线区"}),
        ],
        "工业园区": [(PARK.buffer(40, join_style="mitre"), {"代码": "YQ01", "名称": "青禾工业集中区", "级别": "省级"})],
        "规划用地": [
            (TOWN_CENTRE.buffer(60, join_style="mitre"), {"代码": "0701", "名称": "老城居住片区", "用途": "0701"}),
            (box(8_930, 6_980, 9_270, 7_290), {"代码": "0701", "名称": "农药厂片区改造居住", "用途": "0701"}),
            (box(8_930, 7_290, 9_270, 7_540), {"代码": "080403", "名称": "规划小学", "用途": "080403"}),
            (PARK, {"代码": "1001", "名称": "青禾工业集中区", "用途": "1001"}),
        ],
        "土壤污染管控区": [(box(8_930, 6_980, 9_270, 7_290), {"代码": "GK01", "名称": "原青禾农药厂管控区", "公告": "青环管控〔2026〕1号"})],
        "未利用地": [
            (box(9_330, 1_200, 9_460, 2_100), {"图斑编号": "WL01", "名称": "柳溪河滩", "类型": "滩涂", "所在乡镇": "柳溪镇", "耕地后备资源": "否", "管护单位": "柳溪镇"}),
            (box(9_180, 3_000, 9_300, 3_900), {"图斑编号": "WL02", "名称": "站前河滩", "类型": "滩涂", "所在乡镇": "站前街道", "耕地后备资源": "否", "管护单位": "站前街道"}),
            (box(15_600, 6_300, 16_100, 6_700), {"图斑编号": "WL03", "名称": "白鹭盐碱洼", "类型": "盐碱地", "所在乡镇": "白鹭镇", "耕地后备资源": "是", "管护单位": "白鹭镇"}),
            (box(1_500, 6_200, 1_900, 6_600), {"图斑编号": "WL04", "名称": "青石荒坡", "类型": "裸地", "所在乡镇": "青石镇", "耕地后备资源": "是", "管护单位": "青石镇"}),
            (box(2_200, 5_300, 2_800, 5_600), {"图斑编号": "WL05", "名称": "石门废弃采石坑", "类型": "裸地", "所在乡镇": "青石镇", "耕地后备资源": "否", "管护单位": "青石镇"}),
            (box(12_900, 8_300, 13_300, 8_700), {"图斑编号": "WL06", "名称": "河东草滩", "类型": "其他草地", "所在乡镇": "河东街道", "耕地后备资源": "是", "管护单位": "河东街道"}),
        ],
    }  # fmt: skip


def write(name: str, rows: list[tuple[BaseGeometry, dict[str, Any]]]) -> None:
    """One file of features, a feature a line so that a change can be read."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": facts, "geometry": json.loads(shapely.to_geojson(ground(shape)))},
            ensure_ascii=False, separators=(",", ":"),
        )
        for shape, facts in rows
    ]  # fmt: skip
    head = '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"features":[\n'
    (FOLDER / f"{name}.geojson").write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8")


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(exist_ok=True)
    write("宗地", list(lots()))
    write("耕地图斑", list(fields()))
    for name, rows in zones().items():
        write(name, rows)


if __name__ == "__main__":
    main()

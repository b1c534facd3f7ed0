"""Draw the farmland of the made-up district: `python examples/district/make_farmland.py` writes the files in farmland/.

Eight hundred evaluation units on the fields of make_ground: strips that lie side by side make one unit, gardens and
forest stand at the foot of the hills. What the survey told, who tills the ground and what the province approved in 2021
and adjusted in 2024 is invented; two stories run through it: cadmium from an old smelter along the canal of 柳溪镇, and
cadmium in sour paddy soil of 白鹭镇. Some units have no class, no degree of pollution or no households on purpose.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from make_ground import HILLS, LAKE, PARK, RIVER, TOWN_CENTRE, fields, ground, towns, zones
from shapely import Point, Polygon, box

from soilrules.geodesy import measure

FOLDER = Path(__file__).with_name("farmland")
COUNT = 800
GARDENS = (
    ("园地", "果园", "苹果", 26),
    ("林地", "其他", "核桃", 10),
    ("草地", "其他", "", 5),
    ("其他农用地", "其他", "", 4),
)
STRIP = (305.0, 52.0)
SOILS = {"白鹭镇": "潴育水稻土", "柳溪镇": "壤质潮土", "河东街道": "砂壤质潮土", "青石镇": "褐土"}
PLACES = {"白鹭镇": "低平原", "柳溪镇": "河流阶地", "河东街道": "河漫滩", "青石镇": "丘陵坡脚"}
WATERS = {"白鹭镇": "白鹭灌渠", "柳溪镇": "柳溪灌渠", "河东街道": "河东灌渠", "青石镇": "青石塘坝灌渠"}
CROPS = {
    "白鹭镇": ("水田", "水稻"),
    "柳溪镇": ("其他", "小麦"),
    "河东街道": ("其他", "蔬菜"),
    "青石镇": ("其他", "玉米"),
}
VILLAGES = {
    "白鹭镇": (
        "东圩村",
        "西圩村",
        "鹭洲村",
        "大塘村",
        "塘头村",
        "稻香村",
        "新渡村",
        "荷塘村",
        "圩埂村",
        "沙洲村",
        "白沙村",
        "柳圩村",
    ),
    "柳溪镇": (
        "柳溪村",
        "渠首村",
        "石桥村",
        "上渡村",
        "下渡村",
        "麦庄村",
        "前湾村",
        "后湾村",
        "小柳村",
        "长埂村",
        "南坡村",
        "新柳村",
    ),
    "河东街道": ("河湾村", "菜园村", "东堤村", "渡口村", "老滩村", "新滩村", "长堤村", "三里村"),
    "青石镇": ("青石村", "石门村", "坡头村", "山前村", "栗园村", "果岭村", "石塘村", "上坡村"),
}
SMELTER, SOUR = (10_900.0, 2_500.0), (15_000.0, 4_700.0)
MU = 10_000 / 15
SAFE, STRICT = {SMELTER: 560, SOUR: 360}, {SMELTER: 45, SOUR: 20}
"""About how many mu of each class lie around the middle of a story in 2021, strict in the middle; so that 900 and 120 mu stand
after 2024, as the plan of the year has it."""
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "德福春生玉兰国强秀英建民桂香志远金凤长河小满有田水根大成月娥永顺来喜东升翠花明亮守仁雨禾"


@dataclass
class Drawn:
    """One unit on the plan."""

    shape: Polygon
    town: str
    kind: str = "耕地"
    use: str = ""
    crop: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def middle(self) -> Point:
        """Its middle on the plan."""
        return self.shape.centroid

    @cached_property
    def mu(self) -> float:
        """Its area on the ground, in mu."""
        return float(measure.area_m2([ground(self.shape)])[0]) / MU


def crops(chance: np.random.Generator, count: int) -> list[Drawn]:
    """Cropland: strips of one town that lie side by side make one unit, until so many units are left."""
    found = {(round(s.bounds[0]), round(s.bounds[1]), f["所在乡镇"]): s for s, f in fields()}
    free, made = dict.fromkeys(found), []
    spare = len(found) - count
    order = list(found)
    for key in (order[at] for at in chance.permutation(len(order))):
        x, y, town = key
        steps = ((0, STRIP[1]), (STRIP[0], 0), (0, -STRIP[1]), (-STRIP[0], 0))
        beside = [(round(x + east), round(y + north), town) for east, north in steps]
        other = next((one for one in beside if one in free), None)
        if spare > 0 and key in free and other is not None:
            spare -= 1
            del free[key], free[other]
            made.append(Drawn(box(*found[key].union(found[other]).bounds), town))
    made += [Drawn(found[key], key[2]) for key in free]
    return sorted(made, key=lambda one: (one.town, one.shape.bounds))


def gardens(taken: Sequence[Drawn]) -> Iterator[Drawn]:
    """Gardens, forest, grass and other farmland of 青石镇, where no field is."""
    town = next(shape for name, shape in towns().values() if name == "青石镇").buffer(-80)
    clear = shapely.union_all([HILLS, RIVER.buffer(120), LAKE.buffer(250), PARK.buffer(100), TOWN_CENTRE.buffer(200)])
    fields_ = shapely.STRtree([one.shape for one in taken])
    west, south, east, north = town.bounds
    wanted = [each for each in GARDENS for _one in range(each[3])]
    places = ((x, y) for y in np.arange(south, north, 170.0) for x in np.arange(west, east, 240.0))
    for x, y in places:
        if not wanted:
            return
        plot = box(x, y, x + 210, y + 140)
        if town.covers(plot) and not plot.intersects(clear) and not len(fields_.query(plot, "intersects")):
            kind, use, crop, _count = wanted.pop(0)
            yield Drawn(plot, "青石镇", kind, use, crop)


def near(units: Sequence[Drawn], middle: tuple[float, float], wanted: float, taken: set[int]) -> Iterator[Drawn]:
    """The cropland nearest to a place, so many mu of it."""
    sum_ = 0.0
    for one in sorted(units, key=lambda one: one.middle.distance(Point(middle))):
        if sum_ >= wanted:
            return
        if id(one) not in taken and one.kind == "耕地":
            taken.add(id(one))
            sum_ += one.mu
            yield one


def told(units: Sequence[Drawn], chance: np.random.Generator) -> None:
    """What is said of each unit; what nobody knows stays empty."""
    basic = shapely.union_all([shape for shape, _facts in zones()["永久基本农田"]])
    plant = Point(9_100, 7_140)
    numbers: dict[str, int] = {}
    for at, one in enumerate(units, 1):
        villages = VILLAGES[one.town]
        west, south = one.middle.x // 1_400, one.middle.y // 1_100
        village = villages[int(west * 5 + south * 3) % len(villages)]
        numbers[one.town + village] = numbers.get(one.town + village, 0) + 1
        use, crop = (one.use, one.crop) if one.kind != "耕地" else CROPS[one.town]
        if one.town == "白鹭镇" and one.kind == "耕地" and at % 9 == 0:
            use, crop = "水旱轮作", "水稻、油菜"
        factory = PARK.distance(one.middle) < 2_000 or plant.distance(one.middle) < 2_000
        one.facts = {
            "单元代码": f"990101-DY-{at:04d}", "单元名称": f"{one.town}{village}{numbers[one.town + village]}号片", "所在乡镇": one.town,
            "坐落": f"青禾区{one.town}{village}", "地类": one.kind, "利用方式": use, "主要作物": crop,
            "土壤类型": SOILS[one.town] if at % 61 else "", "地形部位": PLACES[one.town],
            "灌溉水源": WATERS[one.town] if one.kind == "耕地" else "雨养", "周边污染源": "青禾工业集中区" if PARK.distance(one.middle) < 3_000 else "",
            "周边 2 km 有工矿企业": "" if at % 37 == 0 else "是" if factory else "否",
            "永久基本农田": "是" if one.kind == "耕地" and basic.covers(one.middle) else "否", "污染程度（详查）": "", "污染程度依据": "",
            "田长": "" if one.kind == "林地" else person(chance), "林长": person(chance) if one.kind in ("园地", "林地") else "",
            "登记面积（亩）": f"{one.mu * (1 + 0.004 * (chance.random() - 0.5)):.2f}" if at % 11 else "", "责任单位": one.town,
        }  # fmt: skip


def person(chance: np.random.Generator) -> str:
    """A name nobody bears."""
    letters = [GIVEN[chance.integers(len(GIVEN))] for _one in range(1 + int(chance.random() < 0.8))]
    return SURNAMES[chance.integers(len(SURNAMES))] + "".join(letters)


def classed(units: Sequence[Drawn], chance: np.random.Generator) -> tuple[list[list[str]], list[list[str]]]:
    """The rows of both decisions: code, class, controlling elements, area in mu."""
    taken: set[int] = set()
    first: dict[str, tuple[str, str]] = {}
    groups: dict[tuple[str, tuple[float, float]], list[Drawn]] = {}
    for word, sizes in (("严格管控类", STRICT), ("安全利用类", SAFE)):
        for middle, wanted in sizes.items():
            groups[word, middle] = list(near(units, middle, wanted, taken))
            for one in groups[word, middle]:
                elements = ("镉、铅" if word == "严格管控类" else "镉") if middle is SMELTER else "镉"
                first[one.facts["单元代码"]] = (word, elements)
                said(one, "重度" if word == "严格管控类" else "中度" if chance.random() < 0.35 else "轻度")
    cropland = [one for one in units if one.kind == "耕地"]
    for at, one in enumerate(cropland):
        code = one.facts["单元代码"]
        if code not in first:
            if at % 53 != 7:  # some were left out of the first approval, and named in 2024
                first[code] = ("优先保护类", "")
            said(one, "" if at % 29 == 3 else "轻微" if chance.random() < 0.06 else "未污染")
    rows = {one.facts["单元代码"]: one for one in cropland}
    approved = [[code, *first[code], f"{rows[code].mu:.2f}"] for code in rows if code in first]
    worse, better = groups["安全利用类", SMELTER][0], groups["安全利用类", SOUR][-2:]
    edge = next(near(units, SMELTER, 1, taken))
    changes = [
        (worse, "严格管控类", "镉、铅"),
        *((one, "优先保护类", "") for one in better),
        (edge, "安全利用类", "镉"),
    ]
    changes += [(one, "优先保护类", "") for code, one in rows.items() if code not in first]
    adjusted = [[one.facts["单元代码"], word, elements, f"{one.mu:.2f}"] for one, word, elements in changes]
    return approved, adjusted


def said(one: Drawn, degree: str) -> None:
    """The degree the survey told."""
    one.facts["污染程度（详查）"] = degree
    one.facts["污染程度依据"] = "青禾区农用地土壤污染状况详查（2019年）" if degree else ""


def households(units: Sequence[Drawn], chance: np.random.Generator) -> Iterator[list[str]]:
    """Who tills each unit; some have nobody on record, some let others till."""
    for at, one in enumerate(units, 1):
        if one.kind not in ("耕地", "园地") or at % 23 == 5:
            continue
        count = int(chance.integers(1, 4))
        shares = chance.dirichlet([6.0] * count) * one.mu * 0.985
        buyer = f"{one.town}丰禾种植专业合作社" if chance.random() < 0.12 else ""
        for number, share in enumerate(shares, 1):
            phone = f"1390000{int(chance.integers(10_000)):04d}" if chance.random() < 0.9 else ""
            contract = f"990101{at:04d}{number:02d}J"
            yield [one.facts["单元代码"], person(chance), phone, contract, buyer, f"{share:.2f}", "2020-01-01"]


def write(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table as towns and the province send it."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def main() -> None:
    """Write every file of the folder."""
    FOLDER.mkdir(exist_ok=True)
    chance = np.random.default_rng(800)
    others = sum(count for *_kind, count in GARDENS)
    cropland = crops(chance, COUNT - others)
    units = [*cropland, *gardens(cropland)]
    assert len(units) == COUNT, len(units)
    told(units, chance)
    approved, adjusted = classed(units, chance)
    features = [
        {"type": "Feature", "properties": one.facts, "geometry": json.loads(shapely.to_geojson(ground(one.shape)))}
        for one in units
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (FOLDER / "评价单元.geojson").write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")), "utf-8")
    header = ["单元代码", "土壤环境质量类别", "控制元素", "面积（亩）"]
    write("批准类别清单2021年.csv", header, approved)
    write("类别调整清单2024年.csv", header, adjusted)
    head = ["单元代码", "户主", "联系电话", "承包合同编号", "流转受让方", "面积（亩）", "起"]
    write("农户.csv", head, list(households(units, chance)))


if __name__ == "__main__":
    main()

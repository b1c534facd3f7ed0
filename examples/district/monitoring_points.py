"""Where the made-up district is monitored and what is found there: the points, and a content for each analyte and round.

Places are metres on the plan of make_ground; the contents are invented, with a story for some of them (`STORY`).
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, field

from make_ground import PARK, fields, towns
from shapely import Point
from shapely.geometry.base import BaseGeometry

ROUNDS = ("2024上半年", "2024", "2025上半年", "2025", "2026上半年", "2026")
LEVELS = {"N": "国控", "P": "省控", "C": "市控", "X": "县控", "E": "企业"}
OFFICE, FARMS, WATERS = "青禾区生态环境局", "青禾区农业农村局", "青禾区水利局"
PLANT, PARK_NAME = "原青禾农药厂地块", "青禾工业集中区"


@dataclass(frozen=True, eq=False)
class Spot:
    """One point: its code, what the register of points says of it, and in which rounds it is sampled."""

    code: str
    place: tuple[float, float]
    facts: dict[str, str]
    rounds: tuple[str, ...]
    group: str  # which contents it has
    taken: bool = True  # sampled already in the last round
    town: str = field(default="")


def kept(name: str, level: str, kind: str, medium: str, **more: str) -> dict[str, str]:
    """What the register says, in its own headings."""
    return {"名称": name, "级别": LEVELS[level], "点位类型": kind, "介质": medium, **more}


YEARS, ALL, LAST = ("2024", "2025", "2026"), ROUNDS, ("2026",)
FARM = {"评价标准": "农用地 GB 15618", "上界深度": "0", "下界深度": "20", "负责单位": FARMS}
USE = {"白鹭镇": ("水田（GB 15618、GB 5084）", "水稻"), "柳溪镇": ("其他农用地（GB 15618）", "小麦"),
       "河东街道": ("其他农用地（GB 15618）", "蔬菜"), "青石镇": ("其他农用地（GB 15618）", "玉米")}  # fmt: skip
FIELDS = (  # code, town, near which place, level, kind, sampled in the last round
    ("GK-01", "白鹭镇", (14_300, 4_000), "N", "基础点位", True), ("GK-02", "白鹭镇", (15_800, 5_300), "N", "基础点位", True),
    ("GK-03", "柳溪镇", (11_200, 2_000), "N", "基础点位", True), ("GK-04", "柳溪镇", (12_400, 3_100), "N", "基础点位", True),
    ("GK-05", "青石镇", (2_200, 7_400), "N", "基础点位", True), ("GK-06", "河东街道", (11_900, 7_600), "N", "基础点位", True),
    ("SK-01", "柳溪镇", (9_800, 2_900), "P", "风险监控点位", True), ("SK-02", "柳溪镇", (9_900, 3_500), "P", "风险监控点位", True),
    ("SK-03", "青石镇", (3_500, 6_300), "P", "风险监控点位", True), ("SK-04", "河东街道", (10_000, 7_100), "P", "风险监控点位", True),
    ("BJ-01", "青石镇", (2_100, 8_800), "N", "背景点位", True), ("BJ-02", "青石镇", (4_600, 9_000), "N", "背景点位", True),
    ("CK-01", "白鹭镇", (13_600, 5_600), "C", "例行监测点位", True), ("CK-02", "白鹭镇", (14_900, 3_200), "C", "例行监测点位", True),
    ("CK-03", "柳溪镇", (10_300, 1_300), "C", "例行监测点位", True), ("CK-04", "柳溪镇", (13_100, 2_200), "C", "例行监测点位", True),
    ("CK-05", "河东街道", (12_700, 6_400), "C", "例行监测点位", True), ("CK-06", "青石镇", (1_500, 8_200), "C", "例行监测点位", True),
    ("XK-01", "白鹭镇", (15_200, 4_500), "X", "例行监测点位", True), ("XK-02", "白鹭镇", (16_400, 4_100), "X", "例行监测点位", True),
    ("XK-03", "柳溪镇", (11_800, 1_400), "X", "例行监测点位", True), ("XK-04", "河东街道", (11_000, 7_900), "X", "例行监测点位", True),
    ("XK-05", "青石镇", (3_000, 7_700), "X", "例行监测点位", False), ("XK-06", "白鹭镇", (14_000, 6_300), "X", "例行监测点位", False),
    ("XK-07", "柳溪镇", (12_000, 3_900), "X", "例行监测点位", False),
)  # fmt: skip
PAIRS = (  # soil with what grows on it
    ("XT-01", "柳溪镇", (10_700, 2_600), "小麦", LAST), ("XT-02", "柳溪镇", (11_500, 2_700), "小麦", LAST),
    ("XT-03", "白鹭镇", (14_700, 4_900), "水稻", YEARS), ("XT-04", "白鹭镇", (15_500, 3_700), "水稻", YEARS),
)  # fmt: skip
BUILT = {"评价标准": "建设用地 GB 36600", "上界深度": "0", "下界深度": "50", "负责单位": OFFICE}
TWO, ONE = {"评价用途": "第二类用地（GB 36600）"}, {"评价用途": "第一类用地（GB 36600）"}
AROUND_PARK = (
    ("ZB-01", "西侧", (3_850, 3_900)), ("ZB-02", "西南侧", (3_880, 2_790)), ("ZB-03", "南侧", (5_450, 2_760)),
    ("ZB-04", "东南侧", (7_010, 2_800)), ("ZB-05", "东侧", (7_040, 3_900)), ("ZB-06", "东北侧", (7_020, 5_010)),
    ("ZB-07", "北侧", (5_450, 5_040)), ("ZB-08", "西北侧", (3_890, 5_010)),
)  # fmt: skip
AROUND_PLANT = (  # code, name, place, use, planned use, depth, rounds
    ("ZB-11", "原农药厂东侧", (9_285, 7_140), {}, "0701", ("0", "50"), LAST),
    ("ZB-12", "原农药厂东侧（深层）", (9_285, 7_138), {}, "0701", ("50", "200"), LAST),
    ("ZB-13", "原农药厂南侧", (9_100, 6_965), TWO, "", ("0", "50"), YEARS),
    ("ZB-14", "原农药厂西侧", (8_915, 7_140), TWO, "", ("0", "50"), YEARS),
    ("FX-01", "规划青禾实验学校", (9_100, 7_410), ONE, "080403", ("0", "50"), ("2025", "2026")),
)  # fmt: skip
WELLS = (  # code, name, place, source, level, rounds
    ("DX-01", "原农药厂上游对照井", (8_880, 7_340), PLANT, "C", ALL), ("DX-02", "原农药厂下游 1 号井", (9_300, 7_060), PLANT, "C", ALL),
    ("DX-03", "原农药厂下游 2 号井", (9_320, 6_840), PLANT, "X", ALL), ("DX-04", "工业集中区上游对照井", (5_450, 5_160), PARK_NAME, "X", ALL),
    ("DX-05", "工业集中区下游 1 号井", (5_300, 2_690), PARK_NAME, "X", ALL), ("DX-06", "工业集中区下游 2 号井", (6_200, 2_680), PARK_NAME, "X", ALL),
    ("DX-07", "工业集中区东侧井", (7_120, 3_300), PARK_NAME, "X", YEARS), ("DX-08", "北湖水源地补给区井", (12_000, 10_450), "", "N", YEARS),
)  # fmt: skip
CANALS = (("GG-01", "柳溪灌渠进水口", (9_650, 1_900)), ("GG-02", "白鹭灌渠分水闸", (13_800, 4_400)),
          ("GG-03", "河东灌渠进水口", (9_820, 6_200)), ("GG-04", "青石塘坝灌渠", (3_000, 6_900)))  # fmt: skip
RIVERS = (("DB-01", "东河上游断面", (9_330, 9_800)), ("DB-02", "东河下游断面", (9_450, 1_500)))


def spots() -> list[Spot]:
    """Every point."""
    found = [*_fields(), *_pairs(), *_around(), *_waters()]
    seen = towns()
    return [Spot(**{**vars(one), "town": _town(one.place, seen)}) for one in found]


def _town(place: tuple[float, float], seen: dict[str, tuple[str, BaseGeometry]]) -> str:
    return next(name for name, shape in seen.values() if shape.covers(Point(place)))


def _field_near() -> dict[str, list[BaseGeometry]]:
    found: dict[str, list[BaseGeometry]] = {}
    for shape, facts in fields():
        found.setdefault(facts["所在乡镇"], []).append(shape)
    return found


def _nearest(shapes: list[BaseGeometry], place: tuple[float, float]) -> tuple[float, float]:
    middle = min(shapes, key=lambda shape: shape.distance(Point(place))).centroid
    return middle.x, middle.y


def _fields() -> list[Spot]:
    farms, found, number = _field_near(), [], dict.fromkeys(USE, 0)
    for code, town, near, level, kind, taken in FIELDS:
        number[town] += 1
        use, crop = USE[town]
        facts = kept(
            f"{town}农田 {number[town]} 号", level, kind, "土壤", **FARM, 评价用途=use, 作物=crop, 监测周期="12"
        )
        rounds = YEARS if level != "X" else YEARS[1:]
        found.append(Spot(code, _nearest(farms[town], near), facts, rounds, "farm", taken=taken))
    return found


def _pairs() -> list[Spot]:
    farms, found = _field_near(), []
    for number, (code, town, near, crop, rounds) in enumerate(PAIRS, 1):
        place, use = _nearest(farms[town], near), USE[town][0]
        name = f"{town}协同 {number} 号"
        soil = kept(name, "X", "协同监测点位", "土壤", **FARM, 评价用途=use, 作物=crop)
        grain = kept(
            f"{name}（{crop}）", "X", "协同监测点位", "农产品", 评价标准="食品污染物 GB 2762", 作物=crop, 负责单位=FARMS
        )
        found += [Spot(f"{code}-T", place, soil, rounds, "farm"), Spot(f"{code}-N", place, grain, rounds, "produce")]
    return found


def _around() -> list[Spot]:
    park = [
        Spot(
            code,
            place,
            kept(f"工业集中区{side}", "X", "周边监测点位", "土壤", **BUILT, **TWO, 关联污染源=PARK_NAME),
            YEARS,
            "built",
        )
        for code, side, place in AROUND_PARK
    ]
    plant = []
    for code, name, place, use, planned, (top, bottom), rounds in AROUND_PLANT:
        kind = "风险监控点位" if use is ONE else "周边监测点位"
        facts = kept(
            name,
            "X",
            kind,
            "土壤",
            **{**BUILT, **use, "上界深度": top, "下界深度": bottom},
            规划用途代码=planned,
            关联污染源=PLANT,
        )
        plant.append(Spot(code, place, facts, rounds, "built"))
    return [*park, *plant]


def _waters() -> list[Spot]:
    under = {"评价标准": "地下水 GB/T 14848", "评价用途": "Ⅲ类水", "负责单位": OFFICE}
    found = []
    for code, name, place, source, level, rounds in WELLS:
        kind = "周边监测点位" if source else "基础点位"
        more = {"监测周期": "6" if rounds == ALL else "12", "关联污染源": source}
        found.append(Spot(code, place, kept(name, level, kind, "地下水", **under, **more), rounds, "well"))
    canal = {"评价标准": "农田灌溉水 GB 5084", "评价用途": "旱地作物（GB 5084）", "负责单位": WATERS, "监测周期": "12"}
    found += [
        Spot(code, at, kept(name, "X", "例行监测点位", "灌溉水", **canal), YEARS, "canal") for code, name, at in CANALS
    ]
    river = {"负责单位": OFFICE, "公开程度": "公开准确位置", "监测周期": "12"}
    found += [
        Spot(code, at, kept(name, "C", "例行监测点位", "地表水", **river), YEARS, "river") for code, name, at in RIVERS
    ]
    mud = kept("东河下游底泥", "X", "例行监测点位", "底泥沉积物", 负责单位=OFFICE)
    return [*found, Spot("DN-01", (9_455, 1_480), mud, YEARS, "mud")]


METALS = {"镉": 0.15, "汞": 0.068, "砷": 8.8, "铅": 25.0, "铬": 62.0, "铜": 23.0, "镍": 26.0, "锌": 70.0}
NONE = math.nan  # below the detection limit
CONTENTS: dict[str, dict[str, float]] = {
    "farm": {"pH": 7.8, **METALS},
    "mud": {"pH": 7.6, **METALS},
    "built": {"砷": 11.0, "镉": 0.34, "铬（六价）": NONE, "铜": 42.0, "铅": 66.0, "汞": 0.19, "镍": 33.0, "苯": NONE,
              "氯苯": NONE, "苯并[a]芘": NONE, "β-六六六": NONE, "γ-六六六": NONE},
    "well": {"pH": 7.3, "总硬度": 318.0, "氨氮": 0.17, "砷": 0.0021, "镉": NONE, "铅": NONE, "铬（六价）": NONE, "苯": NONE, "氯苯": NONE},
    "canal": {"pH": 7.7, "镉": 0.00031, "汞": NONE, "砷": 0.0019, "铅": NONE, "铬（六价）": NONE},
    "river": {"pH": 7.9, "氨氮": 0.41, "砷": 0.0016, "镉": NONE, "铅": NONE},
    "produce": {"镉": 0.042, "铅": 0.071, "汞": NONE},
}  # fmt: skip
PH_OF_TOWN = {"白鹭镇": 6.05, "青石镇": 7.0}
STORY: dict[tuple[str, str], dict[str, float]] = {
    # the ground itself holds cadmium at the foot of the hills: expected, no warning
    ("BJ-01", "镉"): {"2024": 0.47, "2025": 0.46, "2026": 0.48}, ("BJ-02", "镉"): {"2024": 0.41, "2025": 0.42, "2026": 0.40},
    # a field got sewage sludge: zinc over the screening value in 2025, below it a year later
    ("SK-04", "锌"): {"2024": 201.0, "2025": 332.0, "2026": 262.0},
    ("ZB-04", "铅"): {"2024": 842.0, "2025": 771.0, "2026": 743.0},
    # beside the former pesticide works, where homes are planned
    ("ZB-11", "β-六六六"): {"2026": 4.6}, ("ZB-11", "γ-六六六"): {"2026": 1.4}, ("ZB-12", "苯"): {"2026": 1.3},
    ("ZB-13", "β-六六六"): dict.fromkeys(YEARS, 0.11), ("ZB-14", "β-六六六"): dict.fromkeys(YEARS, 0.07),
    ("DX-02", "苯"): dict(zip(ROUNDS, (3.9, 4.6, 5.5, 6.4, 7.6, 8.9), strict=True)),
    ("DX-02", "氯苯"): dict(zip(ROUNDS, (96.0, 91.0, 98.0, 94.0, 97.0, 92.0), strict=True)),
    ("DX-06", "氨氮"): {**dict.fromkeys(ROUNDS, 0.44), "2026": 0.56},
    ("XT-01-N", "镉"): {"2026": 0.137}, ("XT-01-T", "镉"): {"2026": 0.52}, ("XT-01-T", "pH"): {"2026": 7.7},
}  # fmt: skip
HIGH_LIMITS = {("FX-01", "苯并[a]芘", "2026"): 0.6}
"""What was not found, with a detection limit above the screening value: nothing is proved by it."""
NOT_MEASURED = {("CK-01", "pH", "2026")}


def content(spot: Spot, analyte: str, when: str) -> float | None:
    """What is found of an analyte at a point in a round; not a number below the limit, None where it was not measured."""
    if (spot.code, analyte, when) in NOT_MEASURED:
        return None
    told = STORY.get((spot.code, analyte), {})
    if when in told:
        return told[when]
    usual = PH_OF_TOWN.get(spot.town, 7.8) if (spot.group, analyte) == ("farm", "pH") else CONTENTS[spot.group][analyte]
    wave = 0.03 if analyte != "pH" else 0.006
    turn = (1 if ROUNDS.index(when) // 2 % 2 else -1) * wave + wave / 2 * _chance(spot.code, analyte, when)
    own = (0.18 if analyte != "pH" else 0.02) * _chance(spot.code, analyte)
    return (usual + _from_park(spot, analyte)) * (1 + own) * (1 + turn)


def _from_park(spot: Spot, analyte: str) -> float:
    """What the park's smoke left on fields, less with the distance."""
    share = {"镉": 0.22, "铅": 45.0, "锌": 60.0}.get(analyte, 0.0) if spot.group in ("farm", "built") else 0.0
    return share * math.exp(-PARK.distance(Point(spot.place)) / 3_000)


def _chance(*words: str) -> float:
    """A number between -1 and 1 that is always the same for the same words."""
    return zlib.crc32("|".join(words).encode()) / 2**31 - 1

"""Write the round that looks again at polluted farmland: `python examples/district/make_farmland_round.py`.

The sheet of the crew and the file and report of the laboratory, in monitoring/: three points in most units that have a class of
their own, fewer in some, rice and wheat beside the soil in a few. Everything is invented. The same every time.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import make_monitoring as laboratory
import shapely
import shapely.ops
from make_monitoring import METHODS, OF_PRODUCE, Row, digits

UNITS = Path(__file__).with_name("farmland") / "评价单元.geojson"
NAME, SHEET, FIRST_DAY = "加密监测2025年", "加密监测采样记录", date(2025, 10, 20)
SPOTS = ((0.3, 0.35), (0.68, 0.32), (0.5, 0.7))
USUAL = {"镉": 0.17, "汞": 0.07, "砷": 8.6, "铅": 26.0, "铬": 61.0, "铜": 24.0, "镍": 26.0, "锌": 72.0}
PH = {"水田": 6.1, "其他": 7.8}
DAYS = {"pH": 2, "汞": 8}
LIGHT = {"水田": 0.62, "其他": 1.05}
"""Cadmium above the screening value of the use, far below its control value."""
HEAVY = {"水田": 2.7, "其他": 4.6}
WITHIN = {"镉": 0.061, "铅": 0.08, "汞": 0.004}
LIGHTLY = ("0058", "0059", "0078", "0083", "0108", "0109", "0382", "0401", "0404", "0405", "0427", "0428")
TWO_POINTS = {"0108", "0405", "0427"}
"""Too few points for the produce of a unit, or for four of five to agree."""
MIXED = {"0078", "0109"}  # one of three points is above
CLEARED = {"0083", "0404"}  # none is: the ground was dressed with clean soil
STRICT = {"0079": 2, "0403": 2}
LEAD = "0094"  # lead and cadmium above the screening value, neither above control: better than its class
CLEAN = ("0057", "0400")
NO_PH = ("0066", "0077")
ARSENIC = "0460"
GRAIN = {"0058": 3, "0382": 3, "0403": 3, "0059": 2}


def main() -> None:
    """Write the sheet, the file and the report."""
    known = {one["properties"]["单元代码"][-4:]: one for one in json.loads(UNITS.read_text("utf-8"))["features"]}
    chance = random.Random(2025)  # noqa: S311 (labels and contents, the same every time)
    sheet: list[Row] = []
    found: list[Row] = []
    for number, (code, medium, place, values) in enumerate(_samples(chance)):
        facts, day = known[code]["properties"], FIRST_DAY + timedelta(days=number // 12)
        label = f"25X{number + 1:03d}-{''.join(chance.choice(laboratory.LETTERS) for _ in range(4))}"
        at = _at(shapely.geometry.shape(known[code]["geometry"]), place)
        crop = facts["主要作物"] if medium == "农产品" else ""
        time = f"{day} {8 + number % 12 * 7 // 10:02d}:{number * 11 % 60:02d}"
        sheet.append([label, medium, f"{at.x:.7f}", f"{at.y:.7f}", crop, facts["利用方式"], time])
        for analyte, value in _with_ph(code, medium, facts, values).items():
            found.append(_row(label, analyte, value, medium, day))
    laboratory._write_csv(SHEET, ("样品编号", "介质", "经度", "纬度", "作物", "利用方式", "采样时间"), sheet)
    laboratory.long_csv(NAME, found)
    laboratory._pdf(NAME, f"检测结果见所附电子数据表，共 {len(sheet)} 个样品。", [])


def _samples(chance: random.Random) -> Iterator[tuple[str, str, tuple[float, float], dict[str, float]]]:
    """Unit, medium, place within its box, contents without pH."""
    use = {one["properties"]["单元代码"][-4:]: one["properties"]["利用方式"] for one in _features()}
    for code in (*LIGHTLY, *STRICT, LEAD, *CLEAN, *NO_PH, ARSENIC):
        points = STRICT.get(code, 2 if code in TWO_POINTS or code in CLEAN else 1 if code in (*NO_PH, ARSENIC) else 3)
        for at, place in enumerate(SPOTS[:points]):
            yield code, "土壤", place, _soil(code, at, "水田" if use[code] == "水田" else "其他", chance)
        for place in SPOTS[: GRAIN.get(code, 0)]:
            yield code, "农产品", place, {name: _near(value, chance) for name, value in WITHIN.items()}


def _soil(code: str, at: int, use: str, chance: random.Random) -> dict[str, float]:
    told = {name: _near(value, chance) for name, value in USUAL.items()}
    if code in STRICT:
        told["镉"] = _near(HEAVY[use], chance)
    elif code in (*LIGHTLY, LEAD, *NO_PH) and code not in CLEARED and (code not in MIXED or at == 0):
        told["镉"] = _near(LIGHT[use], chance)
    if code == LEAD:
        told["铅"] = _near(231.0, chance)
    if code == ARSENIC:
        told["砷"] = 34.2
    return told


def _near(value: float, chance: random.Random) -> float:
    return value * (1 + chance.uniform(-0.06, 0.06))


def _with_ph(code: str, medium: str, facts: dict[str, str], values: dict[str, float]) -> dict[str, float]:
    if medium == "农产品" or code in NO_PH:
        return values
    return {"pH": PH.get(facts["利用方式"], PH["水田" if "水稻" in facts["主要作物"] else "其他"]), **values}


def _row(label: str, analyte: str, value: float, medium: str, day: date) -> Row:
    soil = medium == "土壤"
    printed = f"{value:.1f}" if analyte == "pH" else digits(value)
    usual = laboratory.LIMITS[True] if soil else laboratory.OF_FOOD
    limit = "" if analyte == "pH" else laboratory.plain(usual[analyte])
    method = METHODS.get((analyte, True), "HJ 491-2019") if soil else OF_PRODUCE[analyte]
    done = day + timedelta(days=DAYS.get(analyte, 11))
    return [
        label,
        analyte,
        printed,
        "无量纲" if analyte == "pH" else "mg/kg",
        limit,
        str(day),
        str(done),
        medium,
        method,
    ]


def _at(shape: shapely.Geometry, place: tuple[float, float]) -> shapely.Point:
    """A place of the unit's box, or as near to it as lies well within the unit."""
    west, south, east, north = shape.bounds
    wanted = shapely.Point(west + place[0] * (east - west), south + place[1] * (north - south))
    inner = shape.buffer(-0.0001)
    return wanted if inner.contains(wanted) else shapely.ops.nearest_points(inner, wanted)[0]


def _features() -> list[dict[str, dict[str, str]]]:
    return list(json.loads(UNITS.read_text("utf-8"))["features"])


if __name__ == "__main__":
    main()

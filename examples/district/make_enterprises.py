"""Write the firms of the made-up district: `python examples/district/make_enterprises.py` writes the files in enterprises/.

Firms, the ground they stand on, notices of lists and what happened to each firm. Everything is invented; the credit
codes are of the unused region 990101 with right check digits. The same every time.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from plant_facilities import PLATING, facilities, is_hidden

from soilrules.enterprises import credit_code

FOLDER = Path(__file__).with_name("enterprises")
GROUND = Path(__file__).with_name("ground") / "宗地.geojson"
YES, NO = "是", "否"
OIL, WASTE = "5941", "7724"  # industries: who sells oil was not asked what waste it has; who treats hazardous waste
NEVER_INSPECTED = "青禾再生资源有限公司"  # listed in 2025, the year is over
NOT_AGAIN = "华新铸造有限公司"  # three years since the last inspection are over
NO_MONITORING = "新星橡胶制品有限公司"  # nothing for 2025
ABNORMAL = "青禾热镀锌有限公司"
DEMOLISHED = "瑞丰农药助剂有限公司"  # took a workshop down before it filed
FILED = {
    "青禾电镀有限公司",
    "云泽精细化工有限公司",
    "华新铸造有限公司",
    "青禾涂料有限公司",
}  # this year's report is told by its filing


@dataclass(frozen=True)
class Firm:
    """One firm: the holder of its parcel, industry, year of its listing as key unit (0: never)."""

    name: str
    holder: str
    industry: str
    listed: int
    tanks: str = NO
    toxic: str = YES
    cadmium: str = NO
    state: str = "在产"
    near: str = NO


FIRMS = [
    Firm("青禾电镀有限公司", "青禾电镀有限公司", "3360", 2021, YES, cadmium=YES, near=YES),
    Firm("云泽精细化工有限公司", "云泽精细化工有限公司", "2614", 2021, YES),
    Firm("青禾蓄电池有限公司", "青禾蓄电池有限公司", "3843", 2021, cadmium=YES),
    Firm("恒盛皮革制品有限公司", "恒盛皮革制品厂", "1910", 2021),
    Firm(ABNORMAL, "青禾热镀锌有限公司", "3360", 2021, cadmium=YES),
    Firm(DEMOLISHED, "瑞丰农药助剂厂", "2631", 2021, YES),
    Firm("云泽铅锌冶炼有限公司", "云泽铅锌冶炼渣场", "3212", 2021, cadmium=YES),
    Firm("青禾制革有限公司二厂", "青禾制革园二厂", "1910", 2022),
    Firm("明远印染有限公司", "明远印染有限公司", "1713", 2022),
    Firm("青禾涂料有限公司", "青禾涂料厂", "2641", 2021, YES),
    Firm(NOT_AGAIN, "华新铸造有限公司", "3391", 2021),
    Firm("青禾危险废物暂存中心有限公司", "青禾危废暂存中心", "7724", 2021),
    Firm("城北石油销售有限公司油库", "城北加油站油库", "5941", 2022, YES),
    Firm("青禾污水处理有限公司", "青禾污水处理厂", "4620", 2022),
    Firm("东方机械加工有限公司", "东方机械加工厂", "3484", 2023),
    Firm("青禾木材防腐有限公司", "青禾木材防腐厂", "2029", 2021, YES),
    Firm(NO_MONITORING, "新星橡胶制品厂", "2913", 2022),
    Firm("青禾化肥有限公司", "青禾化肥厂", "2621", 2021),
    Firm("联诚电子材料有限公司", "联诚电子材料有限公司", "3982", 2023, YES, cadmium=YES),
    Firm("云泽有色金属加工有限公司", "云泽有色金属加工厂", "3252", 2021, cadmium=YES),
    Firm(NEVER_INSPECTED, "青禾再生资源公司", "4210", 2025),
    Firm("云泽金属表面处理中心有限公司", "金属表面处理中心", "3360", 2021, YES, cadmium=YES),
    Firm("青禾石化储运有限公司", "", "5941", 2022, YES),
    Firm("柳溪冶金材料有限公司", "", "3240", 2021, cadmium=YES),
    Firm("白鹭医药中间体有限公司", "", "2710", 2024, YES),
    Firm("泽通物流仓储有限公司", "泽通物流仓储中心", "5990", 0, toxic=""),
    Firm("青禾玻璃有限公司", "青禾玻璃厂", "3041", 0, toxic=""),
    Firm("青禾焦化有限公司", "青禾焦化旧址", "2521", 0, state="关闭"),
    Firm("青禾农药有限公司", "原青禾农药厂", "2631", 0, state="搬迁"),
]
STOPPED = {"青禾焦化有限公司": date(2020, 6, 30), "青禾农药有限公司": date(2018, 11, 30)}
NOTICE = {
    2021: ("云环函〔2021〕18号", date(2021, 3, 30)), 2022: ("云环函〔2022〕15号", date(2022, 3, 29)),
    2023: ("云环函〔2023〕21号", date(2023, 3, 28)), 2024: ("云环函〔2024〕19号", date(2024, 3, 29)),
    2025: ("云环函〔2025〕16号", date(2025, 3, 28)), 2026: ("云环函〔2026〕17号", date(2026, 3, 27)),
}  # fmt: skip
TOWNS = {"青禾石化储运有限公司": "站前街道", "柳溪冶金材料有限公司": "柳溪镇", "白鹭医药中间体有限公司": "白鹭镇"}


def code_of(number: int) -> str:
    """A credit code of the unused region."""
    body = f"MA{260_000 + number * 37:06d}"
    first = f"91990101{body}{credit_code.body_digit(body)}"
    return first + credit_code.check_digit(first)


def parcels() -> list[dict]:
    """The parcels of the example."""
    return json.loads(GROUND.read_text("utf-8"))["features"]


def ground_of(firm: Firm, lots: list[dict]) -> dict | None:
    """The parcel of a firm: the one it holds, or the one named after it."""
    for lot in lots if firm.holder else ():
        if lot["properties"]["使用权人"] == firm.holder or lot["properties"]["名称"].startswith(firm.holder):
            return lot
    return None


def firm_rows(lots: list[dict]) -> Iterator[dict[str, str]]:
    """The register."""
    for number, firm in enumerate(FIRMS, 1):
        lot = ground_of(firm, lots)
        town = lot["properties"]["所在乡镇"] if lot else TOWNS[firm.name]
        running = firm.name not in STOPPED
        yield {
            "统一社会信用代码": code_of(number), "单位名称": firm.name, "所在乡镇": town, "行业代码": firm.industry,
            "地址": f"青禾区{town}{100 + number}号", "所在园区": "青禾工业集中区" if town == "站前街道" else "",
            "排污许可证编号": f"{code_of(number)}001P" if running else "",
            "许可管理类别": ("重点管理" if firm.listed else "登记管理") if running else "",
            "规模以上": YES if firm.listed and number % 4 else "", "有毒有害物质": firm.toxic, "排放镉": firm.cadmium,
            "产生危险废物": YES if firm.listed and firm.industry != OIL else "", "经营危险废物": YES if firm.industry == WASTE else NO if firm.listed else "",
            "地下储罐": firm.tanks, "敏感区": firm.near, "联系人": f"联系人{number:02d}", "联系电话": f"000-5500{number:04d}",
            "停止生产": STOPPED[firm.name].isoformat() if not running else "", "状态": firm.state,
        }  # fmt: skip


def site_features(lots: list[dict]) -> Iterator[dict]:
    """The ground each firm stands on, or stood on until it stopped."""
    for number, firm in enumerate(FIRMS, 1):
        lot = ground_of(firm, lots)
        if lot:
            facts = {
                "统一社会信用代码": code_of(number),
                "名称": f"{firm.name}厂区",
                "宗地代码": lot["properties"]["宗地代码"],
            }
            yield {"type": "Feature", "properties": facts, "geometry": lot["geometry"]}


def list_rows() -> Iterator[dict[str, str]]:
    """Who entered which list by which notice."""
    for number, firm in enumerate(FIRMS, 1):
        if firm.listed:
            paper, day = NOTICE[firm.listed]
            yield _entered("soil_key", paper, day, code_of(number), "符合列入条件")
        if firm.cadmium == YES:
            yield _entered("cadmium", "云环函〔2022〕40号", date(2022, 6, 20), code_of(number), "排放镉等重金属")


def _entered(key: str, paper: str, day: date, code: str, reason: str) -> dict[str, str]:
    return {"名录": key, "文号": paper, "成文日期": day.isoformat(), "统一社会信用代码": code, "原因": reason}


def event_rows() -> Iterator[dict[str, str]]:
    """What each key unit did, was late with, or should have done."""
    draw = random.Random(20261121)  # noqa: S311
    for number, firm in enumerate(FIRMS, 1):
        if firm.listed:
            yield from (one for one in _events_of(firm, code_of(number), draw) if not _is_told(firm, one))


def _is_told(firm: Firm, event: dict[str, str]) -> bool:
    """Whether this year's inspection is told whole, by its facilities and hazards."""
    walked = firm.name in (PLATING, ABNORMAL)
    return walked and event["事项"] == "hazard_inspection_done" and event["日期"] >= "2026"


def _events_of(firm: Firm, code: str, draw: random.Random) -> Iterator[dict[str, str]]:
    listed = NOTICE[firm.listed][1]
    yield _event(code, "selfmon_plan_filed", listed + timedelta(draw.randint(90, 150)))
    yield _event(code, "permit_issued", listed + timedelta(20), note="排污许可证换发")
    yield _event(code, "permit_duties_written", listed + timedelta(20))
    for year in range(firm.listed, 2026):
        if not (firm.name == NO_MONITORING and year == 2025):
            yield _event(code, "selfmon_done", date(year, 9, 5) + timedelta(draw.randint(0, 50)))
    for year in range(firm.listed + 1, 2027):
        day = date(year, 1, 15) + timedelta(draw.randint(0, 60))
        if not (firm.name in FILED and year == 2026):
            yield _event(code, "toxic_report_filed", day)
    yield _event(code, "selfmon_done", date(2026, 9, 8) + timedelta(draw.randint(0, 40)))
    if firm.tanks == YES:
        yield _event(code, "tank_reported", listed + timedelta(200))
    yield from _inspections(firm, code, listed, draw)
    yield from _rounds(firm, code, random.Random(code))  # noqa: S311
    if firm.name == DEMOLISHED:
        yield _event(
            code,
            "demolition_started",
            date(2026, 9, 10),
            subject="老合成车间拆除",
            note="现场检查发现已开始拆除，未见备案",
        )


def _rounds(firm: Firm, code: str, draw: random.Random) -> Iterator[dict[str, str]]:
    """Groundwater each half-year where leaks are hidden; each quarter where a sensitive area is near too."""
    if not is_hidden(firm.name, firm.industry, firm.tanks):
        return
    months = (2, 5, 8, 11) if firm.near == YES else (5,)
    for year in range(max(2022, firm.listed), 2027):
        for month in months:
            day = date(year, month, 1 + draw.randint(0, 18))
            filed = (firm.name, month, year) in ((ABNORMAL, 5, 2026), (PLATING, 11, 2026))
            if day > NOTICE[firm.listed][1] and not filed:
                yield _event(code, "selfmon_done", day, subject="groundwater")


def facility_rows() -> Iterator[dict[str, str]]:
    """What stands inside each plant."""
    for number, firm in enumerate(FIRMS, 1):
        for one in facilities(firm.name, firm.industry, firm.tanks) if firm.listed else ():
            x, y = one.at or ("", "")
            yield {
                "统一社会信用代码": code_of(number), "企业编号": one.code, "名称": one.name, "类型": one.kind, "所在区域": one.area,
                "隐蔽性": one.hidden, "有毒有害物质": one.substances, "工业活动": one.activity, "监测单元": one.unit,
                "单元类别": one.unit_class, "投用日期": one.since.isoformat() if one.since else "", "使用年限": one.years,
                "规格": one.spec, "距左": str(x), "距上": str(y),
            }  # fmt: skip


def _inspections(firm: Firm, code: str, listed: date, draw: random.Random) -> Iterator[dict[str, str]]:
    if firm.name == NEVER_INSPECTED:
        return
    done = listed + timedelta(draw.randint(150, 300))
    last = date(2026, 7, 31)
    while done <= last:
        yield _event(code, "hazard_inspection_done", done)
        if firm.name == NOT_AGAIN and done.year == 2023:
            return
        done = date(2023, 5, 20) if firm.name == NOT_AGAIN else done + timedelta(draw.randint(730, 1000))
    if firm.name != NOT_AGAIN and (last - done).days < -720:
        return
    if firm.name != NOT_AGAIN and done.year < 2027:
        yield _event(code, "hazard_inspection_done", min(done, last) - timedelta(draw.randint(5, 80)))


def _event(code: str, what: str, on: date, subject: str = "", note: str = "") -> dict[str, str]:
    return {"统一社会信用代码": code, "事项": what, "日期": on.isoformat(), "对象": subject, "说明": note}


def write(name: str, rows: Iterable[dict[str, str]]) -> None:
    """One table."""
    held = list(rows)
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, held[0].keys())
        out.writeheader()
        out.writerows(held)


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(exist_ok=True)
    lots = parcels()
    write("企业.csv", firm_rows(lots))
    write("名录.csv", list_rows())
    write("设施.csv", facility_rows())
    write("事项.csv", sorted(event_rows(), key=lambda row: (row["日期"], row["统一社会信用代码"])))
    collection = {"type": "FeatureCollection", "features": list(site_features(lots))}
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / "企业用地.geojson").write_text(text, "utf-8")


if __name__ == "__main__":
    main()

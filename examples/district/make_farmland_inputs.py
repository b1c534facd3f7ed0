"""Makes the figures of inputs, the holdings and their ledgers of the example district: made up, the same on every run.

    python examples/district/make_farmland_inputs.py

Writes farmland/投入品数据.csv (2021 to 2024), farmland/2025年农业投入品统计表.xlsx (as the statistics bureau prints it),
farmland/经营主体.csv and farmland/投入品台账.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter

HERE = Path(__file__).parent / "farmland"
SEED = 4108
TOWNS = {"河东街道": 0.55, "青石镇": 0.9, "白鹭镇": 1.7, "柳溪镇": 1.0}  # ten thousand mu of crops
FIGURES = {  # of ten thousand mu in 2021, change a year
    "主要农作物播种面积": (10000.0, 0.0), "化肥使用量（折纯）": (262.0, -0.018), "农药使用量": (3.1, -0.022),
    "测土配方施肥面积": (9420.0, 0.012), "绿色防控面积": (6100.0, 0.052), "统防统治面积": (4700.0, 0.045),
    "农膜使用量": (14.0, -0.01), "废弃农膜回收量": (11.6, 0.02), "农药包装废弃物产生量": (1.25, -0.01),
    "农药包装废弃物回收量": (0.96, 0.035), "农药包装废弃物处置量": (0.9, 0.04), "畜禽粪污产生量": (5200.0, 0.01),
    "畜禽粪污综合利用量": (4820.0, 0.021), "规模养殖场数": (3.0, 0.0), "配套粪污处理设施的规模养殖场数": (3.0, 0.0),
}  # fmt: skip
OF_DISTRICT = {
    "化肥利用率": (39.4, 0.7), "农药利用率": (40.1, 0.5), "城市污泥产生量": (8600.0, 120.0), "城市污泥无害化处理量": (7800.0, 190.0),
}  # fmt: skip
HOLDINGS = (
    "名称,类别,主体类型,统一社会信用代码,乡镇,设施种植面积,种植食用农产品,农产品或者畜种,配套粪污处理设施,有生产废水排放口,废水排放口,排放口排查日期,经度,纬度,资质证书编号,资质有效期至",
    "青禾绿源蔬菜专业合作社,设施种植主体,农民专业合作社,93990101MA2600101A,白鹭镇,62.5,是,番茄、黄瓜,,,,,116.9006,36.2291,,",
    "白鹭湾农业科技有限公司,设施种植主体,农业企业,91990101MA2600102B,白鹭镇,118,是,菠菜、生菜,,,,,116.9124,36.2243,,",
    "柳溪渠首果蔬合作社,设施种植主体,农民专业合作社,93990101MA2600103C,柳溪镇,48,是,草莓,,,,,116.8487,36.2461,,",
    "河东花卉有限公司,设施种植主体,农业企业,91990101MA2600104D,河东街道,75,否,花卉,,,,,116.8669,36.2011,,",
    "柳溪清源生猪养殖场,规模养殖场,农业企业,91990101MA2600105E,柳溪镇,,,生猪,是,否,,2026-03-18,116.8551,36.2498,,",
    "白鹭镇北滩奶牛场,规模养殖场,农业企业,91990101MA2600106F,白鹭镇,,,奶牛,是,是,场区东侧，排入白鹭渠,2026-04-02,116.9188,36.2362,,",
    "青石蛋鸡养殖合作社,规模养殖场,农民专业合作社,93990101MA2600107G,青石镇,,,蛋鸡,否,,,,116.8122,36.2155,,",
    "青禾区人民公园管理所,园林绿化养护单位,其他,12990101MB1234508H,河东街道,,,,,,,,116.8701,36.1952,,",
    "白鹭镇惠农农资店,农资经营门店,其他,92990101MA2600109J,白鹭镇,,,,,,,,116.9061,36.2267,,",
    "柳溪镇丰收农资服务部,农资经营门店,其他,92990101MA2600110K,柳溪镇,,,,,,,,116.8519,36.2433,,",
    "白鹭镇废旧农膜回收站,废旧农膜和包装回收站点,其他,92990101MA2600111L,白鹭镇,,,,,,,,116.9049,36.2255,,",
    "柳溪镇农药包装回收点,废旧农膜和包装回收站点,其他,92990101MA2600112M,柳溪镇,,,,,,,,116.8525,36.2440,,",
    "青禾区粮油购销有限公司,粮食收购加工企业,农业企业,91990101MA2600113P,柳溪镇,,,,,,,,116.8538,36.2429,,",
    "云泽市农产品质量安全检测中心（示例）,农产品检测机构,其他,12990100MB1600114Q,河东街道,,,,,,,,116.8712,36.1961,CATL〔2024〕第 0099 号（示例）,2027-05-31",
    "云泽市食品检验所（示例）,农产品检测机构,其他,12990100MB1600115R,河东街道,,,,,,,,116.8725,36.1970,CMA 991234567（示例）,2026-09-30",
)  # fmt: skip
LEDGER = (
    "经营主体,日期,类别,名称,数量,厚度,高毒农药,来源或者去向,付给交回人",
    "青禾绿源蔬菜专业合作社,2025-03-06,肥料,商品有机肥,12000,,,云泽有机肥厂,",
    "青禾绿源蔬菜专业合作社,2026-02-20,农药,苦参碱,18,,否,白鹭镇惠农农资店,",
    "青禾绿源蔬菜专业合作社,2026-03-01,农用薄膜,棚膜,820,0.12,,白鹭镇惠农农资店,",
    "青禾绿源蔬菜专业合作社,2026-06-30,农药包装废弃物,农药瓶袋,9,,,白鹭镇废旧农膜回收站,",
    "白鹭湾农业科技有限公司,2024-09-11,肥料,复合肥 15-15-15,6500,,,柳溪镇丰收农资服务部,",
    "青禾区人民公园管理所,2026-04-12,肥料,缓释肥,1500,,,云泽园林物资公司,",
    "青禾区人民公园管理所,2026-05-20,农药,吡虫啉,12,,否,云泽园林物资公司,",
    "白鹭镇惠农农资店,2026-03-05,农用薄膜,聚乙烯地膜,2400,0.01,,示例塑业有限公司,",
    "白鹭镇惠农农资店,2026-04-18,农用薄膜,聚乙烯地膜（促销装）,300,0.008,,来源不明，已下架,",
    "白鹭镇惠农农资店,2026-05-09,农药,氧乐果,20,,是,柳溪镇种棉户 3 户，实名登记,",
    "柳溪清源生猪养殖场,2026-03-12,饲料和饲料添加剂,猪用浓缩饲料,8000,,,购自云泽饲料有限公司（示例），育肥舍,",
    "柳溪清源生猪养殖场,2026-05-20,兽药,氟苯尼考粉,6,,,购自柳溪镇丰收农资服务部，3 号育肥舍,",
    "柳溪清源生猪养殖场,2026-04-08,畜禽粪污,固液分离后的粪肥,26000,,,柳溪镇渠首村麦田 40 亩,",
    "白鹭镇北滩奶牛场,2026-03-05,畜禽粪污,堆沤粪肥,36000,,,白鹭镇评价单元 990101-DY-0277 的 20 亩,",
    "柳溪镇丰收农资服务部,2026-05-18,兽药,氟苯尼考粉,20,,,售柳溪清源生猪养殖场等 2 户，实名登记,",
    "白鹭镇废旧农膜回收站,2026-07-02,农药包装废弃物,农药瓶袋,420,,,云泽危险废物处置中心（示例）,1260",
    "柳溪镇农药包装回收点,2026-07-05,农药包装废弃物,农药瓶袋,310,,,暂存站点，待转运,0",
)


def figures(year: int, draw: np.random.Generator) -> list[tuple[str, str, float]]:
    """Town, figure and value of a year."""
    rows = []
    for town, size in TOWNS.items():
        for name, (base, change) in FIGURES.items():
            value = base * size * (1 + change) ** (year - 2021) * float(draw.uniform(0.985, 1.015))
            places = 0 if "面积" in name or "数" in name else 2
            rows.append((town, name, round(value, places) if places else round(value)))
    return _plausible(rows, year)


def _plausible(rows: list[tuple[str, str, float]], year: int) -> list[tuple[str, str, float]]:
    """Parts below their wholes; in 2025 a town that used twice as much, and one farm without facilities."""
    of = {"测土配方施肥面积": "主要农作物播种面积", "废弃农膜回收量": "农膜使用量", "畜禽粪污综合利用量": "畜禽粪污产生量", "农药包装废弃物处置量": "农药包装废弃物回收量",
          "配套粪污处理设施的规模养殖场数": "规模养殖场数"}  # fmt: skip
    known = {(town, name): value for town, name, value in rows}
    if year == 2025:
        known["柳溪镇", "化肥使用量（折纯）"] = round(known["柳溪镇", "化肥使用量（折纯）"] * 2.15, 2)
        known["白鹭镇", "农膜使用量"] = round(known["白鹭镇", "农膜使用量"] * 2.3, 2)
        known["青石镇", "配套粪污处理设施的规模养殖场数"] = known["青石镇", "规模养殖场数"] - 1
    for (town, name), value in known.items():
        if name in of:
            known[town, name] = min(value, known[town, of[name]])
    return [(town, name, known[town, name]) for town, name, _value in rows]


def _write(name: str, rows: Sequence[Sequence[Any]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


def main() -> None:
    """Write the four files."""
    draw = np.random.default_rng(SEED)
    long: list[Sequence[Any]] = [("年度", "镇街", "指标", "数值")]
    for year in range(2021, 2025):
        long += [(year, *row) for row in figures(year, draw)]
        long += [
            (year, "青禾区", name, round(base + step * (year - 2021), 1)) for name, (base, step) in OF_DISTRICT.items()
        ]
    _write("投入品数据.csv", long)
    _write("经营主体.csv", [line.split(",") for line in HOLDINGS])
    _write("投入品台账.csv", [line.split(",") for line in LEDGER])
    _bureau(figures(2025, draw))


def _bureau(rows: Sequence[tuple[str, str, float]]) -> None:
    """The table as the bureau prints it: figures down, towns across; one figure of one town is still out."""
    values = {(town, name): value for town, name, value in rows if (town, name) != ("河东街道", "农药包装废弃物处置量")}
    units = {name: "亩" if "面积" in name else "个" if "数" in name else "吨" for name in FIGURES}
    with xlsxwriter.Workbook(str(HERE / "2025年农业投入品统计表.xlsx")) as book:
        book.set_properties({"title": "示例，纯属虚构", "created": datetime(2026, 3, 10, tzinfo=UTC)})
        sheet = book.add_worksheet("投入品")
        sheet.write(0, 0, "青禾区2025年农业投入品使用和废弃物回收利用情况（示例，纯属虚构）")
        sheet.write_row(1, 0, ["指标名称", "计量单位", *TOWNS, "青禾区"])
        at = 2
        for name in FIGURES:
            sheet.write_row(at, 0, [name, units[name], *(values.get((town, name), "") for town in TOWNS), ""])
            at += 1
        for name, (base, step) in OF_DISTRICT.items():
            whole = round(base + step * 4, 1)
            sheet.write_row(at, 0, [name, "%" if "率" in name else "吨", *([""] * len(TOWNS)), whole])
            at += 1
        sheet.write_row(at, 0, ["年末机电井数", "眼", 41, 66, 120, 73, ""])


if __name__ == "__main__":
    main()

"""Write the papers and pictures of the made-up firms: `python examples/district/make_plants.py`, after make_enterprises.py.

A drawing of one plant, drawn "photographs" of what was found and put right, reports as PDF, the list a superior sends, and
two rounds of wells that one firm monitors itself. Everything is invented and says so. The same every time.
"""

from __future__ import annotations

import csv
import io
import json
import random
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst
import xlsxwriter
from make_enterprises import ABNORMAL, FIRMS, FOLDER, code_of
from PIL import Image, ImageDraw, ImageFont
from plant_facilities import OF_PLATING

FONT = str(pylopdf_fonts_zh_cn.sans_path())
INK, GREY, LIGHT, WATER, RUST, GREEN = "#2b2f36", "#8a929c", "#e8ebee", "#9fc3d8", "#9a5a2c", "#6f9b6b"
Draw = Callable[[ImageDraw.ImageDraw], None]


def font(size: int) -> ImageFont.FreeTypeFont:
    """Noto Sans SC."""
    return ImageFont.truetype(FONT, size)


def picture(name: str, caption: str, draw: Draw, folder: Path = FOLDER) -> None:
    """A drawing that stands for a photograph and says so."""
    image = Image.new("RGB", (720, 540), LIGHT)
    pen = ImageDraw.Draw(image)
    draw(pen)
    pen.rectangle((0, 488, 720, 540), fill=INK)
    pen.text((16, 500), f"示意图（虚构）：{caption}", font=font(22), fill="white")
    image.quantize(32).save(folder / f"{name}.png", optimize=True)


def pool(pen: ImageDraw.ImageDraw, *, cracked: bool) -> None:
    """A pool from the side, its wall cracked or coated anew."""
    pen.rectangle((60, 120, 660, 430), fill=GREY)
    pen.rectangle((100, 150, 620, 430), fill=WATER)
    pen.rectangle((60, 110, 660, 150), fill="#c9ced4")
    if cracked:
        pen.line(((610, 120), (640, 190), (618, 245), (648, 310), (626, 370), (644, 430)), fill=INK, width=6)
        pen.polygon(((640, 400), (700, 486), (600, 486)), fill=RUST)
    else:
        pen.rectangle((600, 110, 662, 430), fill=GREEN)


def floor(pen: ImageDraw.ImageDraw, *, broken: bool) -> None:
    """The floor below a plating line."""
    pen.rectangle((80, 60, 640, 200), fill="#b9c2cb")
    for left in range(110, 600, 130):
        pen.rectangle((left, 90, left + 90, 200), fill=WATER)
    pen.rectangle((0, 260, 720, 488), fill="#cfc8bd" if broken else GREEN)
    if broken:
        for x, y in ((150, 330), (330, 400), (520, 310)):
            pen.ellipse((x, y, x + 110, y + 44), fill=RUST)


def store(pen: ImageDraw.ImageDraw, *, marked: bool) -> None:
    """A store of hazardous waste with drums."""
    pen.polygon(((60, 170), (360, 60), (660, 170)), fill=GREY)
    pen.rectangle((80, 170, 640, 440), fill="#d9dde1")
    for left in range(120, 420, 100):
        pen.rounded_rectangle((left, 300, left + 70, 430), 10, fill="#4d7ea8")
    if marked:
        pen.rectangle((470, 220, 610, 330), fill="#f2c230")
        pen.text((482, 250), "危险废物", font=font(28), fill=INK)
        pen.rectangle((100, 430, 440, 446), fill=GREEN)


def tank(pen: ImageDraw.ImageDraw) -> None:
    """A buried tank without a gauge."""
    pen.rectangle((0, 220, 720, 488), fill="#b59b7a")
    pen.rounded_rectangle((170, 290, 550, 430), 60, fill=GREY)
    pen.rectangle((340, 150, 380, 300), fill=INK)
    pen.text((400, 150), "无液位计、无渗漏报警", font=font(26), fill=RUST)


def ruin(pen: ImageDraw.ImageDraw) -> None:
    """A workshop half taken down."""
    pen.polygon(((60, 440), (60, 140), (230, 90), (300, 260), (420, 200), (470, 440)), fill=GREY)
    pen.rectangle((120, 220, 190, 300), fill=LIGHT)
    for x in range(480, 680, 50):
        pen.polygon(((x, 440), (x + 24, 380), (x + 60, 440)), fill=RUST)
    pen.line((0, 442, 720, 442), fill=INK, width=4)


def pictures() -> None:
    """Everything that was photographed."""
    picture("调节池整改前", "1#含铬废水调节池池壁裂缝", lambda pen: pool(pen, cracked=True))
    picture("调节池整改后", "池壁灌浆并重做防腐防渗层", lambda pen: pool(pen, cracked=False))
    picture("镀铬线整改前", "镀铬线下方地坪破损、有滴液", lambda pen: floor(pen, broken=True))
    picture("镀铬线整改后", "地坪重做环氧防渗，槽下加托盘", lambda pen: floor(pen, broken=False))
    picture("危废库整改前", "危废库标识缺失、无导流沟", lambda pen: store(pen, marked=False))
    picture("危废库整改后", "补设标识和导流沟", lambda pen: store(pen, marked=True))
    picture("埋地储罐", "硫酸埋地储罐没有液位计和报警", tank)
    picture("拆除现场", "老合成车间已部分拆除", ruin)


def plan_of_plant() -> None:
    """The drawing of the plating works: areas with the facilities where the ledger puts them."""
    width, height = 1600, 1050
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    areas = {
        "电镀车间": (140, 250, 800, 690), "污水处理站": (1000, 250, 1500, 470), "原料罐区": (1000, 590, 1500, 810),
        "危废库": (140, 750, 560, 930), "办公楼": (640, 750, 900, 930),
    }  # fmt: skip
    pen.rectangle((60, 130, width - 60, height - 60), outline=INK, width=5)
    for name, box in areas.items():
        pen.rectangle(box, fill="#f3f5f7", outline=GREY, width=3)
        pen.text((box[0] + 14, box[1] + 10), name, font=font(30), fill=INK)
    pen.line(((800, 460), (1000, 460)), fill=WATER, width=10)
    for one in OF_PLATING:
        assert one.at is not None
        x, y = one.at[0] * width, one.at[1] * height
        pen.rectangle((x - 60, y - 26, x + 60, y + 34), outline=GREY, width=2)
    pen.text((60, 40), "青禾电镀有限公司厂区平面布置图（虚构）", font=font(44), fill=INK)
    pen.text((width - 380, 60), "比例 1:500    ↑ 北", font=font(30), fill=INK)
    pen.text((70, height - 50), "2025年12月修订。示例图纸，不对应任何真实企业。", font=font(24), fill=GREY)
    image.quantize(32).save(FOLDER / "厂区平面图.png", optimize=True)


REPORTS = {
    "隐患排查报告": "青禾电镀有限公司2026年土壤污染隐患排查报告",
    "自行监测方案": "云泽精细化工有限公司土壤和地下水自行监测方案（2026年修订）",
    "自行监测报告": "土壤和地下水自行监测报告",
    "拆除活动污染防治方案": "企业拆除活动污染防治方案",
    "责任书": "青禾区土壤污染防治责任书（2026年度）",
    "行政处罚决定书": "云泽市生态环境局行政处罚决定书（示例）",
}


def reports() -> None:
    """Papers of one page."""
    for name, title in REPORTS.items():
        text = f'#set text(font: "Noto Sans SC", size: 12pt)\n= {title}\n\n示例文件，内容从略。本文件所涉企业、人员、数值均为虚构。\n'
        with tempfile.TemporaryDirectory() as folder:
            paper = Path(folder) / "paper.typ"
            paper.write_text(text, encoding="utf-8")
            fonts = [str(Path(FONT).parent)]
            made = typst.compile(str(paper), font_paths=fonts, ignore_system_fonts=True, timestamp=0)
        (FOLDER / f"{name}.pdf").write_bytes(made)


HEAD = (
    "序号",
    "来源",
    "交办文号",
    "反馈日期",
    "存在问题",
    "责任单位",
    "单位名称",
    "点位名称",
    "整改要求",
    "完成时限",
    "时限规定单位",
)
PAPER, BODY = "云环督反馈〔2026〕6号", "云泽市生态环境保护督察工作领导小组"
FOUND = (
    ("青禾热镀锌有限公司酸洗废水池周边地面无防渗，雨天有锈水外溢痕迹。", "青禾区生态环境局", "青禾热镀锌有限公司", "", "修复防渗层，完善导流沟", "2026-10-31"),
    ("工业集中区部分企业雨污分流不彻底，初期雨水未收集。", "青禾区工业和信息化局", "", "青禾工业集中区", "制定改造方案并完成主干管改造", "2026-12-31"),
    ("云泽铅锌冶炼有限公司渣场渗滤液收集池标识缺失，台账不全。", "青禾区生态环境局", "云泽铅锌冶炼有限公司", "", "补齐标识和台账", "2026-09-30"),
    ("白鹭镇部分农药包装废弃物回收点未做防渗，存放不规范。", "青禾区农业农村局", "", "白鹭镇回收点", "规范设置回收点", "2026-11-30"),
    ("青禾木材防腐有限公司存在随意堆放危险废物的情形。", "青禾区生态环境局", "青禾木材防腐有限公司", "", "核查处理", "2026-09-30"),
    ("原青禾农药厂地块围挡破损，警示标识脱落。", "", "", "原青禾农药厂地块", "修复围挡和标识", "2026-12-15"),
)  # fmt: skip


def superiors_list() -> None:
    """What the city's inspectors found, as they send it."""
    with xlsxwriter.Workbook(FOLDER / "督察反馈问题清单.xlsx") as book:
        book.set_properties({"created": datetime(2026, 8, 24, tzinfo=UTC), "comments": "虚构数据"})
        sheet = book.add_worksheet("问题清单")
        sheet.set_column(0, len(HEAD), 18)
        sheet.write_row(0, 0, HEAD)
        for at, (fact, unit, firm, place, asked, due) in enumerate(FOUND, 1):
            row = (at, "生态环境保护督察", PAPER, "2026-08-24", fact, unit, firm, place, asked, due, BODY)
            sheet.write_row(at, 0, row)


ASSESSED = {  # firm: points, kind, what fails the whole
    "青禾电镀有限公司": (55, "产废单位", ""), "青禾蓄电池有限公司": (58, "产废单位", ""), "云泽精细化工有限公司": (52, "产废单位", ""),
    "青禾热镀锌有限公司": (46, "产废单位", ""), "华新铸造有限公司": (51, "产废单位", ""), "云泽铅锌冶炼有限公司": (43, "产废单位", ""),
    "青禾木材防腐有限公司": (53, "产废单位", ""), "瑞丰农药助剂有限公司": (41, "产废单位", "未制定危险废物管理计划"),
    "云泽金属表面处理中心有限公司": (54, "产废单位", ""), "联诚电子材料有限公司": (57, "产废单位", ""),
    "青禾危险废物暂存中心有限公司": (56, "经营单位", ""),
}  # fmt: skip


def assessed() -> None:
    """The results of the assessment of hazardous-waste management, as its own system gives them out."""
    codes = {firm.name: code_of(number) for number, firm in enumerate(FIRMS, 1)}
    with xlsxwriter.Workbook(FOLDER / "危险废物规范化评估2026年.xlsx") as book:
        book.set_properties({"created": datetime(2026, 10, 12, tzinfo=UTC), "comments": "虚构数据"})
        sheet = book.add_worksheet("评估结果")
        sheet.set_column(0, 8, 18)
        sheet.write_row(
            0, 0, ("统一社会信用代码", "年度", "类别", "方式", "评估日期", "评估单位", "得分", "否决情形", "依据文件")
        )
        for at, (name, (score, kind, veto)) in enumerate(ASSESSED.items(), 1):
            day = date(2026, 9, 1) + timedelta(days=at)
            said = (
                codes[name],
                2026,
                kind,
                "全面评估",
                day.isoformat(),
                "青禾区生态环境局",
                score,
                veto,
                "青环固〔2026〕21号",
            )
            sheet.write_row(at, 0, said)


WELLS = {
    "ZX-01": ("对照井", "yes", -0.0004, 0.0007),
    "ZX-02": ("2#监测井", "no", 0.0003, 0.0),
    "ZX-03": ("3#监测井", "no", 0.0, -0.0003),
}
WELL_ROUNDS = {"自行监测2025年12月": date(2025, 12, 3), "自行监测2026年6月": date(2026, 6, 3)}
USUAL = {"pH": (7.3, "无量纲", "", "HJ 1147-2020", 1), "锌": (0.05, "mg/L", "0.00067", "HJ 700-2014", 12), "镉": (0.0004, "mg/L", "0.00005", "HJ 700-2014", 12),
         "铅": (0.0021, "mg/L", "0.00009", "HJ 700-2014", 12), "镍": (0.006, "mg/L", "0.00006", "HJ 700-2014", 12)}  # fmt: skip
ZINC = {("ZX-02", 2025): 0.31, ("ZX-02", 2026): 0.33, ("ZX-03", 2025): 0.61, ("ZX-03", 2026): 0.89}
COLUMNS = (
    "样品编号",
    "分析项目",
    "检测值",
    "单位",
    "检出限",
    "采样日期",
    "分析日期",
    "介质",
    "方法",
    "批次",
    "CMA",
    "检测机构",
    "报告编号",
)


def wells() -> None:
    """The wells of the firm whose zinc rose, the crew's sheet and the laboratory's two files."""
    code = next(code_of(number) for number, firm in enumerate(FIRMS, 1) if firm.name == ABNORMAL)
    ground = json.loads((FOLDER / "企业用地.geojson").read_text("utf-8"))["features"]
    ring = next(one for one in ground if one["properties"]["统一社会信用代码"] == code)["geometry"]["coordinates"][0]
    x, y = (sum(at[axis] for at in ring[:-1]) / (len(ring) - 1) for axis in (0, 1))
    rows = [
        {"外部代码": well, "名称": f"热镀锌厂{name}", "统一社会信用代码": code, "对照点": control, "经度": f"{x + dx:.6f}", "纬度": f"{y + dy:.6f}"}
        for well, (name, control, dx, dy) in WELLS.items()
    ]  # fmt: skip
    write("自行监测井", rows)
    crew = []
    for name, day in WELL_ROUNDS.items():
        codes = {well: f"{day:%y%m}-ZX{at:03d}" for at, well in enumerate(WELLS, 1)}
        crew += [
            {"批次": name, "样品编号": codes[well], "外部代码": well, "采样时间": f"{day} {9 + at:02d}:20"}
            for at, well in enumerate(WELLS)
        ]
        results = [_result(name, codes[well], well, analyte, day) for well in WELLS for analyte in USUAL]
        write(name, results)
    write("自行监测采样", crew)


def _result(name: str, label: str, well: str, analyte: str, day: date) -> dict[str, str]:
    value, unit, limit, method, days = USUAL[analyte]
    chance = random.Random(f"{label}{analyte}")  # noqa: S311
    content = (
        ZINC.get((well, day.year), value * chance.uniform(0.8, 1.2))
        if analyte == "锌"
        else value * chance.uniform(0.9, 1.1)
    )
    printed = f"{content:.1f}" if analyte == "pH" else f"{content:.3g}"
    done = day + timedelta(days=days)
    told = (
        label,
        analyte,
        printed,
        unit,
        limit,
        day.isoformat(),
        done.isoformat(),
        "地下水",
        method,
        f"B{done:%Y%m%d}",
        "990000000001",
        "云泽谱衡检测有限公司",
        f"PH-{name}",
    )
    return dict(zip(COLUMNS, told, strict=True))


def write(name: str, rows: Sequence[dict[str, str]]) -> None:
    """One table."""
    out = io.StringIO()
    table = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    (FOLDER / f"{name}.csv").write_text(out.getvalue(), encoding="utf-8")


def main() -> None:
    """Write all files."""
    pictures()
    plan_of_plant()
    reports()
    superiors_list()
    assessed()
    wells()


if __name__ == "__main__":
    main()

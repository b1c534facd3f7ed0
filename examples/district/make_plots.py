"""Write the construction-land plots of the made-up district: `python examples/district/make_plots.py` writes the files in plots/.

Sixty plots with what happened to them, the notices of the lists, a supply plan, planned land, acts of offices on ground,
a list of closed firms and two exports of a national system. Everything is invented. The same every time.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import make_ground
import numpy as np
import shapely
import typst
import xlsxwriter
from make_enterprises import FIRMS, code_of
from make_plants import FONT, GREEN, GREY, INK, RUST, WATER, font, picture
from PIL import ImageDraw
from plot_lives import CONTROLLER, DECIDED_BY, EVALUATOR, LEVELS, LOTS, REMEDIATOR, Happened, lives, written
from plot_reports import SAMPLED, label, laboratory, reports
from plot_stories import CLEAR, PARTLY, PESTICIDE, SPLIT, STORIES, USED, Story
from shapely import Point, Polygon, box

from soilrules.geodesy.measure import area_m2

FOLDER = Path(__file__).with_name("plots")
TITLES = {
    "suspected": "青禾区疑似污染地块名单", "polluted": "云泽市污染地块名录", "roster": "示例省建设用地土壤污染风险管控和修复名录",
    "negative": "青禾区污染地块开发利用负面清单", "priority": "青禾区污染地块优先管控名录",
}  # fmt: skip
SIGNS = {"county": "青环", "city": "云环", "province": "示环土"}
ORDINALS = "一二三四五六七八九十"
DISPOSED = (  # of closed firms: name, code of the register or none, industry, address, products, day
    ("青禾焦化有限公司", 28, "2521", "站前街道青禾工业集中区", "冶金焦、煤焦油", "2020-06-30"),
    ("青禾农药有限公司", 29, "2631", "城关街道河西路", "六六六、滴滴涕（历史）、有机磷", "2018-11-30"),
    ("柳溪石油供应站", 211, "5265", "柳溪镇南街", "成品油零售", "2026-01-15"),
    ("新苑橡胶制品有限公司", 212, "2911", "新苑街道北路", "橡胶密封件", "2026-02-28"),
    ("北湖镀锌件厂", 213, "3360", "北湖街道环湖路3号", "热镀锌件", "2025-11-30"),
    ("河东兽药有限公司", 214, "2750", "河东街道东风路18号", "兽用抗生素", "2025-12-31"),
    ("城关食品罐头厂", 215, "1453", "城关街道南门外", "水果罐头", "2025-10-31"),
    ("白鹭电机修理部", 216, "4350", "白鹭镇桥头", "电机绕组浸漆", "2025-09-30"),
    ("青石合金添加剂厂", 217, "3240", "青石镇石门村", "锰铁、铬铁", "2026-03-20"),
)


def lots() -> dict[str, Polygon]:
    """Every lot of the plan by its name."""
    return {facts["名称"]: shape for shape, facts in make_ground.lots()}


@cache
def taken() -> shapely.Geometry:
    """Ground of the plan where no plot is laid out freely."""
    fields = [shape.buffer(25) for shape, _facts in make_ground.fields()]
    unused = [shape.buffer(40) for shape, _facts in make_ground.zones()["未利用地"]]
    rest = [make_ground.RIVER.buffer(110), make_ground.LAKE.buffer(90), make_ground.HILLS, make_ground.PARK.buffer(80)]
    return shapely.union_all([*fields, *unused, *rest, make_ground.TOWN_CENTRE.buffer(80), box(8_800, 6_900, 9_400, 7_600)])  # fmt: skip


class Room:
    """Finds room near the middle of a town for one box after the other."""

    def __init__(self) -> None:
        self.towns = {name: (shape.buffer(-80), at) for name, shape, at in _towns()}
        self.laid: list[Polygon] = []

    def of(self, town: str, width: float, height: float) -> Polygon:
        """A place of that size, one corner cut."""
        inside, (x0, y0) = self.towns[town]
        shapely.prepare(taken())
        for ring in range(1, 40):
            for angle in np.linspace(0, 2 * np.pi, 6 * ring, endpoint=False) + ring:
                x, y = x0 + ring * 105 * np.cos(angle), y0 + ring * 105 * np.sin(angle)
                shape = _cut(x, y, width, height)
                if inside.covers(shape) and not taken().intersects(shape) and not any(shape.dwithin(one, 70) for one in self.laid):  # fmt: skip
                    self.laid.append(shape)
                    return shape
        raise ValueError(f"{town} has no room for {width} by {height}.")


def _towns() -> Iterator[tuple[str, Polygon, tuple[float, float]]]:
    for code, (name, shape) in make_ground.towns().items():
        yield name, shape, make_ground.TOWNS[code][1]


def _cut(x: float, y: float, width: float, height: float) -> Polygon:
    west, south, east, north = (round(one, 1) for one in (x, y, x + width, y + height))
    return Polygon([(west, south), (east, south), (east, north - height * 0.3), (east - width * 0.25, north), (west, north)])  # fmt: skip


def shapes() -> dict[str, Polygon]:
    """The ground of every plot on the plan."""
    held, room = lots(), Room()
    return {story.name: _shape(story, held, room) for story in STORIES}


def _shape(story: Story, held: Mapping[str, Polygon], room: Room) -> Polygon:
    kind, _colon, rest = story.where.partition(":")
    if kind == "lot":
        return held[rest]
    numbers = rest.split(":")
    if kind == "plan":
        return box(*map(float, rest.split(",")))
    if kind == "box":
        return room.of(story.town, *map(float, rest.split(",")))
    return part(held[numbers[0]], kind, float(numbers[1]))


def part(shape: Polygon, side: str, share: float) -> Polygon:
    """The western, eastern or southern share of a box."""
    west, south, east, north = shape.bounds
    if side == "south":
        return box(west, south, east, south + (north - south) * share)
    middle = west + (east - west) * (share if side == "west" else 1 - share)
    return box(west, south, middle, north) if side == "west" else box(middle, south, east, north)


def plot_rows(ground: Mapping[str, Polygon]) -> Iterator[tuple[Polygon, dict[str, str]]]:
    """The register."""
    found = Counter[str]()
    for number, story in enumerate(STORIES, 1):
        found[story.town] += 1
        deep = bool(story.pollutants)
        area = ground[story.name].area
        yield (
            ground[story.name],
            {
                "名称": story.name, "全国系统地块编码": f"990101{1000 + number}" if story.way != "required" else "",
                "所在乡镇": story.town, "坐落": f"青禾区{story.town}{story.name.removesuffix('地块')}",
                "用地分类标准": "guide2023", "现状用途": "1001", "规划用途": story.planned, "原用途行业代码": story.industry,
                "土地使用权人": story.holder,
                "使用权人类别": "government" if story.holder.endswith(("中心", "政府", "办事处")) else "organisation",
                "主要污染物": story.pollutants, "风险等级": _level(story), "责任人认定": _state(story, number), "土壤污染责任人": _responsible(story, number),
                "污染深度（m）": str(2 + number % 5) if deep else "",
                "污染土方量（m³）": str(round(area * 0.2 * (2 + number % 5), -2)) if deep and _known(story) else "",
                "地下水受污染": {0: "是", 1: "否"}.get(number % 3, "") if deep and _known(story) else "",
                "已开发利用": _developed(story),
                "登记日期": (min(story.start, date(2023, 3, 1)) - timedelta(1) if story.carried else story.start - timedelta(1)).isoformat(),
            },
        )  # fmt: skip


NOT_SEEN = ("原铁路货场危险品库地块", "河东土法炼油点地块")  # nobody has looked yet whether they are used


def _developed(story: Story) -> str:
    """Whether a polluted plot is used: those inside works that go on are, two were not looked at, the others lie idle."""
    if story.way not in ("S2", "S3", "S4", "S5", "S6") or story.name in NOT_SEEN:
        return ""
    return "是" if "有限公司" in story.holder else "否"


def _known(story: Story) -> bool:
    """Whether a detailed survey said how deep and how much."""
    return story.way not in ("S2", "detailed_within")


def _level(story: Story) -> str:
    return "高" if story.priority else "中" if story.way in ("S4", "S5", "S6", "aftercare") else ""


def _responsible(story: Story, number: int) -> str:
    if _state(story, number) not in ("known", "succession"):
        return ""
    if "中心" not in story.holder:
        return story.holder
    name = story.name.removesuffix("地块").removesuffix("旧址").removesuffix("老厂区")
    return name if name.endswith("厂") else f"{name}有限公司" if name == "青禾焦化" else f"{name}原经营单位"


def _state(story: Story, number: int) -> str:
    if not story.pollutants:
        return ""
    if story.name == PESTICIDE:
        return "succession"
    return "known" if "中心" not in story.holder else ("not_identifiable", "succession", "known")[number % 3]


def event_rows() -> Iterator[dict[str, str]]:
    """What happened, each with the number of its paper."""
    papers = Counter[tuple[str, int]]()
    for one in lives(STORIES):
        number = notice_number(one) if one.listed else ""
        if one.level and not one.listed:
            papers[one.level, one.on.year] += 1
            number = f"{SIGNS[one.level]}函〔{one.on.year}〕{20 + papers[one.level, one.on.year]}号"
        yield {
            "地块": one.plot, "事项": one.kind, "日期": one.on.isoformat(), "层级": one.level,
            "机关": LEVELS.get(one.level, ""), "文号": number, "名单": one.listed,
            "内容": json.dumps(dict(one.facts), ensure_ascii=False) if one.facts else "", "说明": one.note,
        }  # fmt: skip


def notice_number(one: Happened) -> str:
    """The number of the notice of a list on a day."""
    place = LOTS[one.listed].index(one.on.isoformat())
    return f"{SIGNS[DECIDED_BY[one.listed]]}公告〔{one.on.year}〕{1 + place + 2 * list(LOTS).index(one.listed)}号"


def notice_rows() -> Iterator[dict[str, str]]:
    """The notices that name at least one of our plots."""
    seen = {(one.listed, one.on): one for one in lives(STORIES) if one.listed}
    for (key, on), one in sorted(seen.items(), key=lambda each: each[0][1]):
        place = LOTS[key].index(on.isoformat())
        lot = f"第{ORDINALS[place]}批" if place < 10 else f"第十{ORDINALS[place - 10]}批"
        yield {
            "名单": key, "文号": notice_number(one), "标题": f"关于公布{TITLES[key]}（{lot}）的公告", "批次": lot,
            "机关": LEVELS[DECIDED_BY[key]], "层级": DECIDED_BY[key], "成文日期": on.isoformat(),
        }  # fmt: skip


SUPPLIED = (
    CLEAR, SPLIT, USED, PARTLY, "原新苑热电厂灰场地块", "原新苑机床厂地块", "原河东砖瓦厂地块", "原北湖水泥厂地块", "原白鹭棉织厂地块",
    "原城关电镀社地块", "原河东电池厂地块", "原新苑橡胶厂地块", "原城关加油站地块", "青禾化肥厂东侧收回地块", "原柳溪制浆厂地块", "原青禾化学试剂厂地块",
)  # fmt: skip
OTHERS = (3, 12, 22, 40, 52, 63, 77, 88, 95, 110, 112, 125, 144, 156)


def supply_rows(ground: Mapping[str, Polygon]) -> Iterator[tuple[Polygon, dict[str, str]]]:
    """The supply plan of next year: some of it on plots, some on lots that never were any."""
    held, planned = lots(), {story.name: story.planned for story in STORIES}
    named = [(name.removesuffix("地块"), ground[name], planned[name]) for name in SUPPLIED]
    named += [(f"城关街道{number}号", held[f"城关街道{number}号宗地"], "0701" if number % 2 else "0901") for number in OTHERS]  # fmt: skip
    for number, (name, shape, use) in enumerate(named, 1):
        yield (
            shape,
            {
                "编号": f"QH2027-{number:02d}", "项目名称": f"{name}{'住宅' if use == '0701' else '建设'}项目", "规划用途": use,
                "供应方式": "划拨" if use.startswith("08") else "挂牌出让", "计划供应时间": f"2027年第{'一二三四'[number % 4]}季度",
                "面积公顷": f"{shape.area / 10_000:.4f}",
            },
        )  # fmt: skip


def planned_rows(ground: Mapping[str, Polygon]) -> Iterator[tuple[Polygon, dict[str, str]]]:
    """The detailed plan: what the land is to become, on plots and on the school beside one."""
    names = ("原新苑染料厂地块", "原新苑机床厂地块", "原新苑橡胶厂地块", "原河东电池厂地块", "原河东砖瓦厂地块", "原北湖造纸厂地块",
             "原北湖水泥厂地块", "北湖垃圾填埋场旧址地块", "原白鹭砷制剂厂地块", "原白鹭农机站地块", "原柳溪冶炼厂地块", "原站前油毡厂地块")  # fmt: skip
    planned = {story.name: story.planned for story in STORIES}
    for number, name in enumerate(names, 1):
        shape = ground[name].buffer(15 if number % 2 else -6, join_style="mitre")
        yield (
            shape,
            {"代码": f"XG{number:02d}", "名称": f"{name.removesuffix('地块')}片区详细规划", "规划用途": planned[name]},
        )
    yield lots()["规划青禾实验学校"], {"代码": "XG13", "名称": "青禾实验学校", "规划用途": "080403"}


def act_rows(ground: Mapping[str, Polygon]) -> Iterator[tuple[Polygon, dict[str, str]]]:
    """What offices did with ground, and what images showed: grounds were sold, built on or used before they were clear."""
    land, housing = "青禾区自然资源局", "青禾区住房和城乡建设局"
    rows = (
        (PESTICIDE, "building_seen", "2026-09-08", "河西佳苑一期", "青禾城建置业有限公司", "", "影像2026-09-08-014", "0701", "否", 0.35),
        ("原新苑橡胶厂地块", "出让合同", "2026-05-20", "新苑北里", "云泽安居置业有限公司", land, "青自然资让〔2026〕11号", "0701", "否", 1.0),
        ("原北湖造纸厂地块", "use_seen", "2026-07-19", "北湖路停车场", "", "", "影像2026-07-19-003", "1201", "否", 0.3),
        (USED, "use_seen", "2025-11-04", "农机厂临时停车场", "", "", "巡查2025-11-04", "1201", "否", 0.6),
        ("原城关电镀社地块", "出让合同", "2024-06-12", "城关商业中心", "青禾商贸有限公司", land, "青自然资让〔2024〕6号", "0901", "否", 1.0),
        ("原城关电镀社地块", "施工许可", "2024-12-02", "城关商业中心", "青禾商贸有限公司", housing, "990101202412020101", "0901", "否", 1.0),
        ("原河东砖瓦厂地块", "供地方案报批", "2025-12-08", "河东新村", "", land, "青政土〔2025〕9号", "0701", "否", 1.0),
        ("原河东砖瓦厂地块", "出让合同", "2026-02-11", "河东新村", "云泽安居置业有限公司", land, "青自然资让〔2026〕2号", "0701", "否", 1.0),
        ("原河东砖瓦厂地块", "施工许可", "2026-06-30", "河东新村", "云泽安居置业有限公司", housing, "990101202606300102", "0701", "否", 1.0),
        ("原新苑染料厂地块", "施工许可", "2025-03-18", "染料厂地块修复工程", "云泽净土修复有限公司", housing, "990101202503180101", "0701", "是", 1.0),
        ("原河东金属回收站地块", "出让合同", "2026-08-28", "河东建材市场", "河东兴业商贸有限公司", land, "青自然资让〔2026〕19号", "0901", "否", 1.0),
        ("原河东五金电镀园地块", "use_seen", "2026-05-22", "场内停放车辆", "", "", "影像2026-05-22-007", "1201", "否", 0.15),
        ("原青禾农药厂成品库地块", "收回", "2022-08-15", "成品库土地收储", "青禾区土地储备中心", land, "青政收〔2022〕4号", "0701", "否", 1.0),
        ("原新苑搪瓷厂地块", "工程规划许可", "2024-05-09", "新苑文化站", "新苑街道办事处", land, "建字第990101202400012号", "0803", "否", 1.0),
    )  # fmt: skip
    heads = (
        "事项",
        "日期",
        "项目名称",
        "用地单位",
        "办理机关",
        "文号",
        "用途代码",
        "属于风险管控或修复工程",
    )
    for name, *facts, share in rows:
        whole = ground[name]
        shape = whole if share == 1 else whole.intersection(part(box(*whole.bounds), "west", share))
        yield shape, {"地块": name, **dict(zip(heads, facts, strict=True)), "用地分类标准": "guide2023"}


def images(ground: Mapping[str, Polygon]) -> Iterator[tuple[Polygon, dict[str, str]]]:
    """What remote sensing drew: one beside a plot, two where nobody knows of anything."""
    beside = ground["原河东金属回收站地块"]
    yield shapely.affinity.translate(beside, 40, 20), {"图斑编号": "YG2026-07", "影像日期": "2026-07-19", "所在乡镇": "河东街道"}  # fmt: skip
    for number, (town, x, y) in enumerate((("柳溪镇", 11_650, 1_250), ("青石镇", 1_250, 7_350)), 8):
        yield Point(x, y).buffer(55, quad_segs=3), {"图斑编号": f"YG2026-{number:02d}", "影像日期": "2026-07-19", "所在乡镇": town}  # fmt: skip


WORDS = {"S2": "详细调查", "S3": "风险评估", "S4": "风险管控", "S5": "治理与修复", "S6": "效果评估", "within": "已解除", "no_control": "已解除", "removed": "已移出名录"}  # fmt: skip
WORKS = {"control": "风险管控", "remediation": "治理与修复", "control_and_remediation": "管控和修复"}
REPORTS = {
    "within": "土壤污染状况初步调查报告",
    "no_control": "土壤污染风险评估报告",
    "removed": "修复效果评估报告",
}
EXPORT = ("地块编码", "地块名称", "阶段", "名录", "地址", "规划用途", "措施", "报告", "评审结果", "备案日期", "效果评估单位信用代码", "施工单位信用代码")  # fmt: skip


def first_load() -> Iterator[Sequence[str]]:
    """The export of the national system of spring 2023: what was there when the desk began."""
    for number, story in enumerate(STORIES, 1):
        if story.carried:
            left = story.carried in REPORTS
            listed = "风险管控和修复名录" if story.carried in ("S4", "S5", "S6") else "污染地块名录" if not left and story.carried != "S2" else ""  # fmt: skip
            yield (
                f"990101{1000 + number}", story.name, WORDS[story.carried],
                "污染地块名录；风险管控和修复名录" if listed.startswith("风险") else listed, f"青禾区{story.town}", story.planned,
                WORKS[story.works] if story.carried in ("S4", "S5", "S6") else "",
                f"{story.name}{REPORTS[story.carried]}" if left else "", "通过" if left else "", "2022-11-30" if left else "",
                EVALUATOR if story.carried == "removed" else "", (CONTROLLER if story.works == "control" else REMEDIATOR) if story.carried == "removed" else "",
            )  # fmt: skip


def this_month() -> Iterator[Sequence[str]]:
    """A later export to compare with: two stages behind, one plot unknown here, one missing there."""
    behind = {CLEAR: "初步调查", "原新苑染料厂地块": "风险评估"}
    stages = {"S0": "疑似", "S1": "初步调查", "removed": "已移出名录", "aftercare": "已移出名录"}
    for number, story in enumerate(STORIES, 1):
        if story.way in ("required", "dismissed") or story.name == "原青石民爆器材库地块":
            continue
        word = behind.get(story.name) or stages.get(story.way) or WORDS.get(story.way, "已解除")
        yield f"990101{1000 + number}", story.name, word, f"青禾区{story.town}", story.planned
    yield "9901011099", "柳溪镇东废旧塑料加工点地块", "疑似", "青禾区柳溪镇", "1401"


def sheet(name: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A workbook of one sheet."""
    with xlsxwriter.Workbook(FOLDER / f"{name}.xlsx") as book:
        book.set_properties({"created": datetime(2026, 11, 1, tzinfo=UTC), "comments": "虚构数据"})
        page = book.add_worksheet("表")
        page.set_column(0, len(heads), 20)
        for at, row in enumerate((heads, *rows)):
            page.write_row(at, 0, row)


def table(name: str, rows: Iterable[Mapping[str, str]]) -> None:
    """One table."""
    held = list(rows)
    with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, held[0].keys())
        out.writeheader()
        out.writerows(held)


def write(name: str, rows: Iterable[tuple[Polygon, Mapping[str, str]]]) -> None:
    """One file of features, a feature a line."""
    lines = []
    for shape, facts in rows:
        told = {"type": "Feature", "properties": dict(facts), "geometry": json.loads(shapely.to_geojson(make_ground.ground(shape)))}  # fmt: skip
        lines.append(json.dumps(told, ensure_ascii=False, separators=(",", ":")))
    (FOLDER / f"{name}.geojson").write_text(
        '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n", "utf-8"
    )


PAPERS = {
    "名单公告": "名单（名录）公告", "复函": "关于建设用地准入核查意见的复函", "系统查询截图": "全国系统查询截图", "地块报告": "地块土壤环境调查评估报告（封面页）",
    "检测报告": "土壤检测报告", "管控区域批复": "关于同意划定土壤污染管控区域的批复", "管控区域公告": "土壤污染管控区域公告", "管控计划": "年度土壤污染管控计划",
    "管控监测报告": "管控区域环境监测报告", "评审意见": "报告评审意见",
}  # fmt: skip


def papers() -> None:
    """Sheets that stand for notices, letters and pictures of a screen."""
    for name, title in PAPERS.items():
        text = f'#set text(font: "Noto Sans SC", size: 12pt)\n= {title}\n\n示例文件，内容从略。本文件所涉机关、地块、日期均为虚构。\n'
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "paper.typ"
            source.write_text(text, encoding="utf-8")
            fonts = [str(Path(FONT).parent)]
            made = typst.compile(str(source), font_paths=fonts, ignore_system_fonts=True, timestamp=0)
        (FOLDER / f"{name}.pdf").write_bytes(made)


def sign(pen: ImageDraw.ImageDraw) -> None:
    """The sign of a control zone on its two posts."""
    pen.rectangle((0, 360, 720, 488), fill=GREEN)
    pen.rectangle((180, 200, 200, 440), fill=INK)
    pen.rectangle((520, 200, 540, 440), fill=INK)
    pen.rectangle((120, 80, 600, 260), fill="#f2c230")
    pen.text((150, 110), "土壤污染管控区域", font=font(48), fill=INK)
    pen.text((150, 190), "禁止进入  禁止开挖", font=font(36), fill=INK)


def seepage(pen: ImageDraw.ImageDraw, *, stopped: bool) -> None:
    """A heap from the side, its water running out of the fence, or held back by a ditch."""
    pen.polygon(((40, 400), (260, 140), (470, 400)), fill=RUST)
    for left in range(30, 520, 40):
        pen.rectangle((left, 340, left + 8, 420), fill=INK)
    pen.rectangle((0, 410, 720, 488), fill="#cfc8bd")
    if stopped:
        pen.rectangle((520, 410, 600, 470), fill=WATER)
        pen.rectangle((505, 380, 520, 475), fill=INK)
    else:
        pen.polygon(((430, 410), (700, 430), (715, 480), (520, 470)), fill=RUST)


def heaped(pen: ImageDraw.ImageDraw) -> None:
    """Building material stacked on ground nobody may use."""
    pen.rectangle((0, 330, 720, 488), fill=GREEN)
    for left in range(120, 560, 110):
        pen.rectangle((left, 250, left + 90, 400), fill=GREY)
        pen.rectangle((left + 10, 200, left + 80, 250), fill=RUST)


def photographs() -> None:
    """What was photographed on rounds."""
    picture("管控标识", "管控区域标识牌", sign, FOLDER)
    picture("淋溶水外溢", "东侧围挡外有淋溶水外溢", lambda pen: seepage(pen, stopped=False), FOLDER)
    picture("截流沟", "东侧已开挖截流沟、设集水坑", lambda pen: seepage(pen, stopped=True), FOLDER)
    picture("堆放建材", "地块内堆放建材", heaped, FOLDER)


def survey_samples(told: Iterable[Mapping[str, str]]) -> Iterator[dict[str, str]]:
    """The samples of the surveys whose data the laboratory sent, each with its place, and their files."""
    days = {row["地块"]: date.fromisoformat(row["采样"]) for row in told if row["类别"] == "preliminary" and row["地块"] in SAMPLED}  # fmt: skip
    ground = shapes()
    for plot, (name, values) in SAMPLED.items():
        table(name, laboratory(plot, days[plot]))
        west, south, east, north = ground[plot].bounds
        for at in range(len(values)):
            x, y = west + (east - west) * (0.2 + 0.25 * (at % 3)), south + (north - south) * (0.15 + 0.25 * (at // 3))
            spot = make_ground.ground(Point(x, y))
            yield {
                "地块": plot, "批次": name, "样品编号": label(plot, days[plot], at), "采样时间": f"{days[plot]} {9 + at // 2:02d}:{at % 2 * 30:02d}",
                "经度": f"{spot.x:.6f}", "纬度": f"{spot.y:.6f}",
            }  # fmt: skip


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(exist_ok=True)
    papers()
    photographs()
    ground = shapes()
    write("地块", plot_rows(ground))
    write("供地计划2027年", supply_rows(ground))
    write("详细规划地块", planned_rows(ground))
    write("用地办理事项", act_rows(ground))
    write("遥感图斑", images(ground))
    covered = {story.name: part(ground[story.name], "west", story.covers) for story in STORIES if story.covers < 1}
    write("调查范围", ((shape, {"名称": name}) for name, shape in covered.items()))
    table("事项", event_rows())
    table("名单公告", notice_rows())
    table("书面通知", written())
    told = list(reports({name: float(area_m2([make_ground.ground(shape)])[0]) for name, shape in ground.items()}))
    table("报告", told)
    table("地块采样", survey_samples(told))
    firms = {firm.name for firm in FIRMS}
    closed = [(name, code_of(number), *rest) for name, number, *rest in DISPOSED]
    assert {name for name, number, *_rest in DISPOSED if number < 200} <= firms
    sheet(
        "关闭搬迁企业名单2026年一季度",
        ("企业名称", "统一社会信用代码", "行业代码", "地址", "主要产品", "关闭时间"),
        closed,
    )
    sheet("全国系统导出2023年3月", EXPORT, first_load())
    sheet("全国系统导出2026年11月", ("地块编码", "地块名称", "阶段", "地址", "规划用途"), this_month())


if __name__ == "__main__":
    main()

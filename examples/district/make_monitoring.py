"""Write the monitoring of the made-up district: `python examples/district/make_monitoring.py` writes the files in monitoring/.

Points and a geological background as other offices send them, the sheet of the crew, files and reports of a
laboratory that does not exist. Everything is invented; every report says so. The same every time.
"""

from __future__ import annotations

import csv
import io
import json
import math
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pylopdf_fonts_zh_cn
import shapely
import typst
import xlsxwriter
from make_ground import HILLS, ground
from monitoring_points import CONTENTS, HIGH_LIMITS, ROUNDS, Spot, content, spots
from shapely import Point

FOLDER = Path(__file__).with_name("monitoring")
LABORATORY, CMA = "云泽谱衡检测有限公司", "990000000001"
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PREFIX = dict(zip(ROUNDS, ("24001-", "24002-", "25001-", "25002-", "26001-", "26002-"), strict=True))
FIRST_DAY = {"2024上半年": date(2024, 5, 14), "2024": date(2024, 10, 15), "2025上半年": date(2025, 5, 13),
             "2025": date(2025, 10, 14), "2026上半年": date(2026, 5, 12), "2026": date(2026, 10, 13)}  # fmt: skip
SECOND_PART = date(2026, 10, 26)
PARALLEL = {"GK-03", "CK-01", "SK-02", "BJ-01", "ZB-03", "DX-05", "GG-01", "DB-01", "XT-03-N", "DN-01"}
MEDIUM = {
    "farm": "土壤",
    "built": "土壤",
    "well": "地下水",
    "canal": "灌溉水",
    "river": "地表水",
    "mud": "底泥",
    "produce": "农产品",
}
SOLID = ("farm", "built", "mud", "produce")
LIMITS = {  # of solids in mg/kg and of water in mg/L; benzene and chlorobenzene of water in µg/L
    True: {"镉": 0.01, "汞": 0.002, "砷": 0.01, "铅": 0.1, "铬": 4, "铜": 1, "镍": 3, "锌": 1, "铬（六价）": 0.5, "苯": 0.0019,
           "氯苯": 0.0012, "苯并[a]芘": 0.1, "β-六六六": 0.01, "γ-六六六": 0.01},
    False: {"镉": 0.00005, "汞": 0.00004, "砷": 0.00012, "铅": 0.00009, "铬（六价）": 0.004, "氨氮": 0.025, "总硬度": 5.0,
            "苯": 1.4, "氯苯": 1.0},
}  # fmt: skip
OF_FOOD = {"镉": 0.002, "铅": 0.02, "汞": 0.003}
IN_MICROGRAMS = ("苯", "氯苯")
DAYS = {"苯": 4, "氯苯": 4, "苯并[a]芘": 7, "β-六六六": 9, "γ-六六六": 9, "汞": 9, "氨氮": 1, "pH": 1, "总硬度": 3}
HEAD = (
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
METHODS = {
    ("镉", True): "GB/T 17141-1997", ("汞", True): "HJ 680-2013", ("砷", True): "HJ 680-2013", ("pH", True): "HJ 962-2018",
    ("铬（六价）", True): "HJ 1082-2019", ("苯", True): "HJ 605-2011", ("氯苯", True): "HJ 605-2011", ("苯并[a]芘", True): "HJ 834-2017",
    ("β-六六六", True): "HJ 835-2017", ("γ-六六六", True): "HJ 835-2017", ("pH", False): "HJ 1147-2020", ("总硬度", False): "GB/T 7477-1987",
    ("氨氮", False): "HJ 535-2009", ("铬（六价）", False): "GB/T 7467-1987", ("苯", False): "HJ 639-2012", ("氯苯", False): "HJ 639-2012",
    ("汞", False): "HJ 694-2014",
}  # fmt: skip
OF_PRODUCE = {"镉": "GB 5009.15-2023", "铅": "GB 5009.12-2023", "汞": "GB 5009.17-2021"}
Row = list[str]


@dataclass(frozen=True, eq=False)
class Sample:
    """One sample of one round: what the label says, where and when it was taken; `twin` is a blind parallel's original."""

    when: str
    code: str
    spot: Spot
    day: date
    second: bool  # of the second part of the last round
    twin: str = ""

    @property
    def rows(self) -> Iterator[Row]:
        """The laboratory's rows."""
        for analyte in CONTENTS[self.spot.group]:
            if (value := self._value(analyte)) is not None:
                yield [self.code, analyte, *self._printed(analyte, value), self.day.isoformat(), *self._made(analyte)]

    def _value(self, analyte: str) -> float | None:
        value = content(self.spot, analyte, self.when)
        return value * (1.004 if analyte == "pH" else 1.04) if value is not None and self.twin else value

    def _printed(self, analyte: str, value: float) -> Row:
        """Value, unit, detection limit."""
        if analyte == "pH":
            return [f"{value:.1f}", "无量纲", ""]
        solid = self.spot.group in SOLID
        usual = OF_FOOD if self.spot.group == "produce" else LIMITS[solid]
        limit = HIGH_LIMITS.get((self.spot.code, analyte, self.when), usual[analyte])
        unit = "mg/kg" if solid else "μg/L" if analyte in IN_MICROGRAMS else "mg/L"
        return [
            f"<{plain(limit)}" if math.isnan(value) or value < limit else digits(value),
            unit,
            plain(limit),
        ]

    def _made(self, analyte: str) -> Row:
        """Day of analysis, medium, method."""
        group, solid = self.spot.group, self.spot.group in SOLID
        usual = (
            OF_PRODUCE.get(analyte, "")
            if group == "produce"
            else METHODS.get((analyte, solid), "HJ 491-2019" if solid else "HJ 700-2014")
        )
        hasty = analyte == "铬（六价）" and not solid
        day = self.day + timedelta(days=1 if hasty else DAYS.get(analyte, 12))
        return [day.isoformat(), MEDIUM[group], usual]


def plain(limit: float) -> str:
    """A detection limit in full, never as a power of ten."""
    return f"{limit:f}".rstrip("0").rstrip(".")


def digits(value: float) -> str:
    """A content as a laboratory prints it: three significant digits."""
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{places}f}"


def samples() -> list[Sample]:
    """Every sample of every round, the blind parallels among them; those not taken yet have no day."""
    chance, found = random.Random(2026), []  # noqa: S311 (labels, the same every time)
    everywhere = spots()
    for when in ROUNDS:
        codes = _codes(PREFIX[when], chance)
        here = [spot for spot in everywhere if when in spot.rounds]
        for number, spot in enumerate(here):
            second = (
                when == "2026"
                and spot.group == "farm"
                and spot.facts["点位类型"] in ("基础点位", "例行监测点位")
                and spot.code != "CK-01"
            )
            start = SECOND_PART if second else FIRST_DAY[when]
            made = Sample(when, next(codes), spot, start + timedelta(days=number * 3 // len(here)), second)
            found.append(made)
            if spot.code in PARALLEL and when in ("2025", "2026"):
                found.append(Sample(when, next(codes), spot, made.day, second, twin=made.code))
    return found


def _codes(prefix: str, chance: random.Random) -> Iterator[str]:
    seen = set()
    while True:
        code = prefix + "".join(chance.choice(LETTERS) for _ in range(5))
        if code not in seen:
            seen.add(code)
            yield code


def taken(sample: Sample) -> bool:
    """Whether the sample was taken."""
    return sample.when != "2026" or sample.spot.taken


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(exist_ok=True)
    known = samples()
    write_points(spots())
    write_background()
    write_field(known)
    for when in ("2024上半年", "2025上半年", "2026上半年"):
        wide(f"地下水{when}", [one for one in known if one.when == when])
    long_csv("例行监测2024年", [row for one in known if one.when == "2024" for row in one.rows])
    workbook("例行监测2025年", [row for one in known if one.when == "2025" for row in one.rows])
    autumn = [one for one in known if one.when == "2026" and taken(one)]
    first = [row for one in autumn if not one.second for row in one.rows]
    workbook("秋季监测2026年第一批", first)
    workbook("秋季监测2026年第二批", list(slipped([row for one in autumn if one.second for row in one.rows])))
    long_csv("秋季监测2026年地下水（退回）", list(broken([row for row in first if row[7] == "地下水"])))
    write_reports(known)


def write_points(found: Iterable[Spot]) -> None:
    """The points with the headings the desk's own import knows."""
    lines = []
    for spot in found:
        facts = {**spot.facts, "外部代码": spot.code, "所在乡镇": spot.town}
        place = json.loads(shapely.to_geojson(ground(Point(spot.place))))
        lines.append({"type": "Feature", "properties": {k: v for k, v in facts.items() if v}, "geometry": place})
    _write_features("监测点位", lines)


def write_background() -> None:
    """Where the ground itself holds cadmium."""
    said = {
        "名称": "青石山黑色页岩区",
        "分析项目": "镉",
        "背景上限": "0.8",
        "单位": "mg/kg",
        "依据": "青禾区土壤地球化学调查报告（2023，虚构）",
    }
    place = json.loads(shapely.to_geojson(ground(HILLS.buffer(700))))
    _write_features("地质背景", [{"type": "Feature", "properties": said, "geometry": place}])


def _write_features(name: str, features: Sequence[dict[str, object]]) -> None:
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features]
    head = '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"features":[\n'
    (FOLDER / f"{name}.geojson").write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8")


CREW = (("张采", "李证"), ("王野", "赵明"), ("陈川", "孙禾"))
TEXTURE = {
    "白鹭镇": ("黏壤土", "灰棕"),
    "柳溪镇": ("壤土", "黄棕"),
    "河东街道": ("砂壤土", "浅棕"),
    "青石镇": ("壤土", "棕红"),
}


def write_field(known: Iterable[Sample]) -> None:
    """The sheet of the crew: which label was filled where and when; without a time what waits to be taken."""
    head = (
        "任务",
        "样品编号",
        "外部代码",
        "平行于",
        "采样时间",
        "作物",
        "现场pH",
        "天气",
        "质地",
        "颜色",
        "采样人",
        "见证人",
        "说明",
    )
    _write_csv("采样记录", head, [_record(number, one) for number, one in enumerate(known)])


def _record(number: int, one: Sample) -> Row:
    crew = CREW[number % len(CREW)]
    if not taken(one):
        return [one.when, one.code, one.spot.code, one.twin, *[""] * 9]
    at = f"{one.day.isoformat()} {8 + number % 8:02d}:{number * 7 % 60:02d}"
    solid = one.spot.group in ("farm", "built")
    texture, colour = TEXTURE.get(one.spot.town, ("杂填土", "杂色")) if solid else ("", "")
    ph = content(one.spot, "pH", one.when) if "pH" in CONTENTS[one.spot.group] else None
    note = "第 3 号地头储粮，六月检出超标批次复采。" if one.spot.code == "XT-01-N" else ""
    return [
        one.when, one.code, one.spot.code, one.twin, at, one.spot.facts.get("作物", ""),
        f"{ph + 0.1:.1f}" if ph and not solid else "", ("晴", "多云", "阴")[number % 3], texture, colour, *crew, note,
    ]  # fmt: skip


def _write_csv(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    (FOLDER / f"{name}.csv").write_text(out.getvalue(), encoding="utf-8")


def complete(name: str, row: Row) -> Row:
    """A row of the exchange format with the batch, the accreditation and the report of its file."""
    return [*row, f"B{row[6].replace('-', '')}", CMA, LABORATORY, f"PH-{name}"]


def long_csv(name: str, rows: Iterable[Row]) -> None:
    """A file in the exchange format."""
    _write_csv(name, HEAD, [complete(name, row) for row in rows])


def workbook(name: str, rows: Sequence[Row]) -> None:
    """A workbook in the exchange format with its sheet of quality control."""
    with xlsxwriter.Workbook(FOLDER / f"{name}.xlsx", {"strings_to_numbers": True}) as book:
        book.set_properties({"created": datetime(2026, 11, 1, tzinfo=UTC), "comments": "虚构数据"})
        _sheet(book, "检测结果", [HEAD, *(complete(name, row) for row in rows)])
        _sheet(book, "质控", [QUALITY, *_control(rows)])


def _sheet(book: xlsxwriter.Workbook, title: str, rows: Iterable[Sequence[str]]) -> None:
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 12, 14)
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)


QUALITY = ("类型", "分析项目", "编号", "测定值1", "测定值2", "加标量", "标准值", "不确定度", "检出限", "单位")


def _control(rows: Sequence[Row]) -> Iterator[Row]:
    """Blanks, pairs, spikes and reference materials of what was measured in soil."""
    soil: dict[str, list[Row]] = {}
    for row in rows:
        if row[7] == "土壤" and row[1] != "pH":
            soil.setdefault(row[1], []).append(row)
    for analyte, found in soil.items():
        limit = LIMITS[True][analyte]
        printed, middle = plain(limit), limit * 20
        for kind, name, *told in _measured(found, limit, middle):
            yield [kind, analyte, name, *told, printed, "mg/kg"]


def _measured(found: Sequence[Row], limit: float, middle: float) -> Iterator[Row]:
    """Kind, name, first and second value, added, certified, uncertainty."""
    share = -(-len(found) // 10)
    for number in (1, 2):
        yield ["空白", f"KB{number}", f"<{plain(limit)}", "", "", "", ""]
    for row in found[:: max(1, len(found) // share)]:
        yield ["平行双样", row[0], row[2], row[2], "", "", ""]
    for number in range(max(2, share)):
        yield ["加标回收", f"JB{number + 1}", digits(middle), digits(middle * 2.02), digits(middle), "", ""]
        yield [
            "标准物质",
            f"GSS-示例{number + 1}",
            digits(middle * 1.01),
            "",
            "",
            digits(middle),
            digits(middle * 0.06),
        ]


def slipped(rows: Sequence[Row]) -> Iterator[Row]:
    """The second part of the autumn as the laboratory sent it: one mercury in µg/kg, one label misread."""
    mercury = next(row for row in rows if row[1] == "汞" and row[0] == rows[-1][0])
    for row in rows:
        if row is mercury:
            yield [*row[:2], digits(float(row[2]) * 1_000), *row[3:]]
        elif row[0] == rows[0][0]:
            yield [misread(row[0]), *row[1:]]
        else:
            yield list(row)


def misread(code: str) -> str:
    """A label as somebody wrote it down in haste: its last two letters changed places."""
    return code[:-2] + code[-1] + code[-2]


def broken(rows: Sequence[Row]) -> Iterator[Row]:
    """The groundwater of the autumn as it came first: 0 for what was not found, and days before the sampling."""
    for row in rows:
        early = [*row[:6], (date.fromisoformat(row[5]) - timedelta(days=30)).isoformat(), *row[7:]]
        nought = row[1] == "铅" and row[2].startswith("<")
        yield [*row[:2], "0", *row[3:]] if nought else early if row[1] == "苯" else list(row)


def wide(name: str, known: Sequence[Sample]) -> None:
    """A table as many laboratories send it: one sample a row, units in the headings, the detection limits in a row."""
    names = list(CONTENTS["well"])
    with xlsxwriter.Workbook(FOLDER / f"{name}.xlsx", {"strings_to_numbers": True}) as book:
        book.set_properties({"created": datetime(2026, 11, 1, tzinfo=UTC), "comments": "虚构数据"})
        units = ["pH", *(f"{one}({'μg/L' if one in IN_MICROGRAMS else 'mg/L'})" for one in names[1:])]
        limits = ["", *(plain(LIMITS[False][one]) for one in names[1:])]
        lines = [["样品编号", "介质", "采样日期", "分析日期", "CMA", *units], ["检出限", "", "", "", "", *limits]]
        for one in known:
            day = (one.day + timedelta(days=1)).isoformat()
            lines.append([one.code, "地下水", one.day.isoformat(), day, CMA, *(row[2] for row in one.rows)])
        _sheet(book, "检测结果", lines)


REPORT = """#set page(paper: "a4", flipped: true, margin: 15mm, footer: align(center, text(8pt)[虚构示例，不是真实检测报告]))
#set text(font: "Noto Sans SC", size: 7pt)
#align(center, text(14pt)[检 测 报 告])
报告编号：PH-{name} #h(1fr) {laboratory}（虚构）

{text}

{drawn}
"""
PROOFS = {
    "佐证：河东街道停用污泥整改复核": "已停用外来污泥，清运 6 吨，加密复测锌 268 mg/kg。",
    "佐证：工业集中区东南侧铅超标处置": "料场已硬化并加盖防雨棚，表土清挖 12 立方米外运处置。",
}


def write_reports(known: Sequence[Sample]) -> None:
    """The report to each file that was accepted, and what proves that a place was put right."""
    parts = {f"地下水{when}": [one for one in known if one.when == when] for when in ROUNDS if when.endswith("上半年")}
    parts |= {f"例行监测{when}年": [one for one in known if one.when == when] for when in ("2024", "2025")}
    parts["秋季监测2026年第一批"] = [one for one in known if one.when == "2026" and taken(one) and not one.second]
    for name, some in parts.items():
        _pdf(name, "检测结果：", tables(some))
    for name, text in PROOFS.items():
        _pdf(name, text, [])


def tables(known: Sequence[Sample]) -> list[list[Row]]:
    """A table for each kind of sample: one sample a row, one analyte a column."""
    found = []
    for group in dict.fromkeys(one.spot.group for one in known):
        here = {one: {row[1]: row for row in one.rows} for one in known if one.spot.group == group}
        units = {analyte: row[3] for rows in here.values() for analyte, row in rows.items()}
        lines = [["样品编号", "采样日期", *(f"{analyte} {unit}" for analyte, unit in units.items())]]
        for one, rows in here.items():
            lines.append([one.code, one.day.isoformat(), *(rows[name][2] if name in rows else "—" for name in units)])
        found.append(lines)
    return found


def _pdf(name: str, text: str, found: Sequence[Sequence[Row]]) -> None:
    drawn = "\n".join(_drawn(rows) for rows in found)
    source = REPORT.format(name=name, laboratory=LABORATORY, text=text, drawn=drawn)
    fonts = [str(pylopdf_fonts_zh_cn.sans_path().parent)]
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "report.typ"
        paper.write_text(source, encoding="utf-8")
        made = typst.compile(str(paper), font_paths=fonts, ignore_system_fonts=True, timestamp=0)
    (FOLDER / f"{name}.pdf").write_bytes(made)


def _drawn(rows: Sequence[Row]) -> str:
    cells = ", ".join(f'"{cell}"' for row in rows for cell in row)
    return f"#table(columns: {len(rows[0])}, {cells})"


if __name__ == "__main__":
    main()

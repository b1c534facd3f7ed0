"""The example's calendar of reports: what is due this year, one quarter signed, sent and receipted, one draft with gaps, one
form of the city mapped and filled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from soildesk.core import clock
from soildesk.core.models import Department
from soildesk.demo.monitoring import actor, moment
from soildesk.kit import word
from soildesk.land.services.writing import Place
from soildesk.reporting.models import ReportDue
from soildesk.reporting.services import blanks, calendar, copies
from soildesk.reporting.services.blanks import List, Upload
from soildesk.reporting.services.calendar import Entry
from soildesk.reporting.services.copies import Published, Receipt, Wanted, period_named

OFFICER, ISSUER, OFFICE, CITY = "linlan", "zhouzheng", "青禾区生态环境局", "云泽市生态环境局"
COMMITTEE = "青禾区生态环境保护委员会办公室"
OPENED = date(2026, 7, 1)
OWN, ABOVE = "青禾区2026年土壤污染防治工作方案", "云泽市2026年土壤污染防治工作计划"


@dataclass(frozen=True)
class Line:
    """One line of the calendar."""

    title: str
    receiver: str
    period: str
    due: date | None
    basis: str
    form: str = ""


QUARTERS = tuple(
    Line("土壤污染防治工作季度进展", COMMITTEE, f"2026Q{at}", date(2026, 3 * at, 25), f"{OWN} 保障措施（二）：每季度末月25日前", "quarterly")
    for at in (1, 2, 3, 4)
)  # fmt: skip
LINES = (
    *QUARTERS,
    Line(
        "上年度土壤环境相关数据上传",
        "全市土壤环境信息化管理平台",
        "2025",
        date(2026, 3, 31),
        f"{OWN} 第5项：每年3月底前",
    ),
    Line("2026年度实施方案", CITY, "2026", date(2026, 3, 31), f"{ABOVE} 第23项：3月底前报市生态环境局备案"),
    Line(
        "土壤和农产品协同监测数据汇总分析", CITY, "2026", date(2026, 12, 10), f"{ABOVE} 第3项：12月10日前", "monitoring"
    ),
    Line("年度工作自评估报告", CITY, "2026", date(2026, 12, 31), f"{OWN} 保障措施（五）：12月底前", "self_assessment"),
    Line(
        "建设用地调查报告评审通过情况公开",
        "社会公众",
        "2026",
        None,
        f"{OWN} 第33项：定期公开，没有写日期",
        "plot_lists",
    ),
    Line(
        "上年度土壤环境质量状况公报",
        "社会公众",
        "2025",
        None,
        f"{OWN} 保障措施（四）：推进信息公开，没有写日期",
        "bulletin",
    ),
)
FORM = "云泽市土壤污染防治重点工作季度报表"
SHEET = "附表1"
CELLS = {
    "B2": "own:office", "D2": "own:period", "B4": "figure:tasks.all:text", "B5": "figure:tasks.done:text", "B6": "figure:tasks.overdue:text",
    "B10": "figure:oversight.open_problems:text",
    **{
        f"{letter}{row}": f"figure:{name}:{part}"
        for row, name in ((7, "plots.key_land_used_safely"), (8, "farmland.safe_use_rate"), (9, "enterprises.hazard_inspected"))
        for letter, part in (("B", "text"), ("C", "numerator"), ("D", "denominator"))
    },
}  # fmt: skip
BRIEF = "净土保卫战工作简报（云泽市）"
BRIEF_LINES = (
    "填报单位：________　　数据截至日期：________",
    "方案任务总数____项，已完成任务____项，进行中任务____项，逾期任务____项。",
    "未销号问题（　　）个，未销号预警（　　）个；重点单位隐患排查完成____%。",
    "受污染耕地安全利用率____%，下步打算：________。",
)
ROSTER = List(SHEET, 13, 18, "plots.roster_rows", {"A": "number", "B": "name", "C": "since", "D": "document"})


def tell(folder: Path) -> None:
    """Through the services people use, each act on its day; what lies ahead of today is left out."""
    office = Department.objects.select_related("division").get(name=OFFICE)
    place = Place(office.division, office)
    by = actor(OFFICER, OPENED)
    calendar.open_year(place, 2026, by=by, at=moment(OPENED))
    held = {
        (line.title, line.period): calendar.add(
            Entry(line.title, line.receiver, period_named(line.period), line.basis, line.due, line.form), place, by=by, at=moment(OPENED)
        )
        for line in LINES
    }  # fmt: skip
    _quarter(held["土壤污染防治工作季度进展", "2026Q3"], place)
    _bulletin(held["上年度土壤环境质量状况公报", "2025"], place)
    _draft(held["年度工作自评估报告", "2026"], place)
    _form(folder, place)
    _running_form(place)


def _quarter(due: ReportDue, place: Place) -> None:
    """The third quarter: made, signed, sent, receipted."""
    days = (date(2026, 9, 24), date(2026, 9, 25), date(2026, 9, 28))
    if clock.today() < days[-1]:
        return
    made, sent, received = days
    wanted = Wanted("quarterly", place.division, period_named("2026Q3"), made, due)
    copy = copies.make(wanted, place, by=actor(OFFICER, made), at=moment(made))
    copies.sign(copy, "青环〔2026〕46号", by=actor(OFFICER, sent), at=moment(sent, 9))
    copies.send(copy, COMMITTEE, sent, by=actor(OFFICER, sent), at=moment(sent, 11))
    copies.receive(copy, Receipt("青环委办收〔2026〕31号", received), by=actor(OFFICER, received), at=moment(received))


def _bulletin(due: ReportDue, place: Place) -> None:
    """Last year's state of the soil: made, signed, released."""
    today, at = clock.today(), clock.now()
    wanted = Wanted("bulletin", place.division, period_named("2025"), None, due)
    copy = copies.make(wanted, place, by=actor(OFFICER, today), at=at)
    copies.sign(copy, "青环〔2026〕53号", by=actor(ISSUER, today), at=at)
    where = "青禾区人民政府网站“环境质量”栏目 https://qinghe.example/hjzl/2025"
    copies.release(copy, Published(where, today, "青环审〔2026〕7号"), by=actor(OFFICER, today), at=at)


def _draft(due: ReportDue, place: Place) -> None:
    """The year's self-assessment as far as the records go."""
    wanted = Wanted("self_assessment", place.division, period_named("2026"), None, due)
    copies.make(wanted, place, by=actor(OFFICER, clock.today()), at=clock.now())


def _form(folder: Path, place: Place) -> None:
    """The city's form, mapped once and filled for this quarter."""
    file = folder / f"{FORM}.xlsx"
    by, at = actor(OFFICER, clock.today()), clock.now()
    form = blanks.take_in(Upload(FORM, file.name, file.read_bytes(), CITY), place.department, by=by, at=at)
    cells = {f"{SHEET}!{cell}": name for cell, name in CELLS.items()}
    form = blanks.map_cells(form, cells, [ROSTER], by=by, at=at)
    blanks.fill(form, Wanted("", place.division, period_named("2026Q4")), place, by=by, at=at)


def _running_form(place: Place) -> None:
    """The city's monthly brief, a form in running text: mapped by the words before its gaps, filled once."""
    document = word.a4()
    word.paragraph(document, BRIEF, word.TITLE)
    for line in BRIEF_LINES:
        word.paragraph(document, f"　　{line}")
    by, at = actor(OFFICER, clock.today()), clock.now()
    form = blanks.take_in(Upload(BRIEF, f"{BRIEF}.docx", word.saved(document), CITY), place.department, by=by, at=at)
    form = blanks.map_cells(form, blanks.proposed(form), by=by, at=at)
    blanks.fill(form, Wanted("", place.division, period_named("2026Q4")), place, by=by, at=at)

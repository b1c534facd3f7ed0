"""The report of a campaign as a Word file an institute hands in: basis, design, laboratory, exceedance tables, maps.

Every number is the one the pages show: the tables come from the same queries. Single results and the map of points of
graded campaigns stand in it only under an approval, whose line it then carries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx.document import Document
from docx.shared import Mm

from soildesk.core import clock
from soildesk.core.permissions import Actor
from soildesk.kit import word
from soildesk.kit.word import Strong, WordColumn
from soildesk.monitoring import pictures
from soildesk.monitoring.batchpages import QUALITY
from soildesk.monitoring.drawings.axes import figures
from soildesk.monitoring.models import Alert, Batch, Campaign, Grade, Judgement, Medium, SamplingTask
from soildesk.monitoring.picturepng import Sheet, png
from soildesk.monitoring.queries import alerts, designs, exceedance
from soildesk.monitoring.queries.exceedance import Line
from soildesk.monitoring.rulings import against_words, analyte_name
from soildesk.standards import verdicts as words
from soilrules.verdict import Outcome

C = WordColumn
PAIR = (C("", 24), C("", 76))
NEEDED = (
    C("区域", 10),
    C("介质", 12, True),
    C("面积（m²）", 16, True),
    C("要求", 10, True),
    C("现有", 10, True),
    C("结论与依据", 42),
)
BATCHES = (
    C("批次", 17),
    C("检测机构", 19),
    C("CMA 编号", 14),
    C("报告编号", 16),
    C("样品", 8, True),
    C("结果", 8, True),
    C("质量控制", 18, True),
)
QUALITIES = (C("批次", 20), C("分析项目", 16), C("结论", 16, True), C("说明", 48))
LINES = (C("", 20), C("应评价", 9, True), C("已评价", 9, True), C("未超标", 9, True), C("超筛选值\n或超标", 10, True),
         C("超管制值", 9, True), C("超标率", 9, True), C("无法判断", 9, True), C("无法判断\n占比", 9, True))  # fmt: skip
SPREAD = (
    C("分析项目", 16),
    C("介质", 10, True),
    C("评价依据", 22),
    C("中位数", 14, True),
    C("最大值", 14, True),
    C("单位", 10, True),
    C("说明", 14),
)
OVER = (C("点位", 18), C("样品编号", 16), C("项目", 10, True), C("结果", 12, True), C("限值", 10, True), C("倍数", 8, True),
        C("结论", 11, True), C("标准", 15))  # fmt: skip
ALERTS = (C("编号", 20), C("事项", 36), C("等级", 10, True), C("状态", 12, True), C("处置单位", 22))
SIGNATURES = (C("", 16), C("", 34), C("", 16), C("", 34))
MOST_OVER = 500
NONE = "—"


@dataclass(frozen=True)
class Report:
    """What the report is made of, read once."""

    campaign: Campaign
    actor: Actor
    at: datetime
    mark: str = ""  # the line of the approval under which single results stand in it
    lines: dict[str, list[Line]] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """The day it speaks of."""
        return clock.local_day(self.at)

    @property
    def is_whole(self) -> bool:
        """Whether single results and places may stand in it."""
        return self.campaign.grade == Grade.PUBLIC or bool(self.mark)

    @property
    def unit(self) -> str:
        """编制单位."""
        person = self.actor.person
        return person.department.name if person and person.department else ""

    @property
    def last(self) -> Judgement | None:
        """The last judgement that counts."""
        return self.campaign.judgements.filter(as_if_on=None).first()

    def of(self, by: str) -> list[Line]:
        """The exceedance table, as the page shows it."""
        if by not in self.lines:
            self.lines[by] = exceedance.lines(exceedance.verdicts_of(self.campaign), by)
        return self.lines[by]


def campaign_docx(report: Report) -> bytes:
    """The report as .docx, A4."""
    document = word.a4()
    word.paragraph(document, f"{report.campaign.title}报告", word.TITLE)
    word.paragraph(document, f"{report.campaign.number}　数据截至 {_long(report.on)}", word.SUBTITLE)
    if report.mark:
        word.paragraph(document, report.mark, word.NOTE)
    parts = (_basics, _design, _laboratory, _verdicts, _over, _maps, _warnings, _caveats, _sign)
    for number, part in enumerate(parts, start=1):
        part(document, report, f"{'一二三四五六七八九'[number - 1]}、")
    return word.saved(document)


def _long(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _basics(document: Document, report: Report, number: str) -> None:
    campaign, last = report.campaign, report.last
    word.paragraph(document, f"{number}任务概况与依据", word.HEADING)
    rows = [
        ("任务类型", str(campaign.get_kind_display())),
        ("依据", campaign.basis or NONE),
        ("组织单位", str(campaign.organiser)),
        ("检测机构", campaign.laboratory or "、".join(_laboratories(campaign)) or NONE),
        (
            "起止",
            f"{_long(campaign.starts_on)}至{_long(campaign.closed_on or campaign.ends_on)}（{campaign.get_state_display()}）",
        ),
        ("介质", "、".join(str(Medium(one).label) for one in campaign.media) or NONE),
        ("分析项目", "、".join(analyte_name(one) for one in campaign.analytes) or NONE),
        ("评价标准", "；".join(last.standards) if last else "尚未评价"),
        ("评价时间", f"{clock.local_day(last.at)}，规则版本 {last.rules_version}" if last else NONE),
        ("数据分级", str(campaign.get_grade_display())),
    ]
    word.table(document, PAIR, rows)


def _laboratories(campaign: Campaign) -> list[str]:
    found = campaign.batches.filter(state__in=Batch.ACCEPTED_STATES).exclude(laboratory="")
    return sorted(set(found.values_list("laboratory", flat=True)))


def _design(document: Document, report: Report, number: str) -> None:
    campaign = report.campaign
    word.paragraph(document, f"{number}布点与采样", word.HEADING)
    needed = designs.needed(campaign, report.on)
    if needed:
        word.table(document, NEEDED, [_needed_row(one) for one in needed])
    tasks = campaign.tasks.exclude(state=SamplingTask.State.DROPPED)
    dropped = campaign.tasks.filter(state=SamplingTask.State.DROPPED).count()
    taken = tasks.exclude(state=SamplingTask.State.PLANNED).count()
    parallels = tasks.filter(role=SamplingTask.Role.PARALLEL).count()
    told = f"安排样品 {tasks.count()} 个（其中密码平行样 {parallels} 个），已采 {taken} 个"
    word.paragraph(document, told + (f"，取消 {dropped} 个。" if dropped else "。"))
    if campaign.closing_note:
        word.paragraph(document, f"未完成情况：{campaign.closing_note}")


def _needed_row(one: designs.Needed) -> list[str]:
    wanted = one.comparison.required if one.comparison else None
    count = NONE
    if wanted:
        count = (
            str(wanted.needed) if wanted.needed is not None else f"至少 {wanted.at_least}" if wanted.at_least else NONE
        )
    said = one.said or "这类任务的布点数量没有可用的规则，由方案确定。"
    return [
        f"区域 {one.area}",
        one.medium_word,
        figures(one.area_m2, 6),
        count,
        str(one.found),
        f"{one.chip.word}：{said}",
    ]


def _laboratory(document: Document, report: Report, number: str) -> None:
    word.paragraph(document, f"{number}实验室与质量控制", word.HEADING)
    batches = list(report.campaign.batches.filter(state__in=Batch.ACCEPTED_STATES).order_by("at"))
    if not batches:
        word.paragraph(document, "还没有已接收的检测批次。")
        return
    word.table(document, BATCHES, [_batch_row(one) for one in batches])
    rows = [row for one in batches for row in _quality_rows(one)]
    if rows:
        word.table(document, QUALITIES, rows)
    flagged = sum(one.state == Batch.State.FLAGGED for one in batches)
    told = f"共接收 {len(batches)} 个批次"
    word.paragraph(document, told + (f"，其中 {flagged} 个带标记接收。" if flagged else "。") + _left_out(report))


def _batch_row(one: Batch) -> list[str]:
    verdict = str(QUALITY.get(one.quality.get("verdict", "unknown"), QUALITY["unknown"])[2])
    return [
        one.number,
        one.laboratory or NONE,
        one.cma or NONE,
        one.report_number or NONE,
        str(one.samples),
        str(one.rows),
        verdict,
    ]


def _quality_rows(one: Batch) -> list[list[str]]:
    """The analytes whose quality control did not pass, or could not be judged."""
    return [
        [one.number, analyte_name(line["analyte"]), str(QUALITY[line["verdict"]][2]), line["zh"] or NONE]
        for line in one.quality.get("analytes", ())
        if line["verdict"] not in ("accept", "not_applicable")
    ]


def _left_out(report: Report) -> str:
    last = report.last
    return f"审核弃用 {last.rejected} 个结果，未参加评价。" if last and last.rejected else ""


def _verdicts(document: Document, report: Report, number: str) -> None:
    word.paragraph(document, f"{number}评价结果", word.HEADING)
    whole = exceedance.total(report.of("analyte"))
    if not whole.total:
        word.paragraph(document, "还没有评价过的结果；没有评价不等于不超标。")
        return
    word.paragraph(document, _summary(whole))
    for by, title in (("analyte", "按项目"), ("town", "按乡镇（街道）")):
        word.paragraph(document, title, word.SUBHEADING)
        columns = (C("分析项目与评价依据" if by == "analyte" else "乡镇（街道）", LINES[0].share), *LINES[1:])
        word.table(document, columns, [*(_line_row(one, by) for one in report.of(by)), _line_row(whole, "")])
    word.paragraph(document, "各项目的分布", word.SUBHEADING)
    told = exceedance.figures(exceedance.verdicts_of(report.campaign))
    word.table(document, SPREAD, [_spread_row(key, one) for key, one in told.items()])


def _summary(whole: Line) -> str:
    causes = "；".join(f"{words.cause_word(cause)} {count}" for cause, count in whole.causes.most_common())
    unknown = f"，无法判断 {whole.unknown} 个，占 {whole.unknown_rate:.1f}%，不计入达标" if whole.unknown else ""
    rate = f"，占已评价的 {whole.rate:.1f}%" if whole.rate is not None else ""
    return (
        f"应评价 {whole.total} 个结果，已评价 {whole.judged} 个，其中超筛选值或超标（含超管制值）{whole.over} 个{rate}{unknown}。"
        + (f"无法判断的原因：{causes}。" if causes else "")
    )


def _line_row(one: Line, by: str) -> list[str]:
    title = (
        f"{analyte_name(one.key[1])}\n{against_words(*one.key[2:])}"
        if by == "analyte"
        else one.title or ("未落到乡镇（街道）" if by else Strong("合计"))
    )
    over = one.counts[Outcome.EXCEEDS_SCREENING] + one.counts[Outcome.EXCEEDS]
    rates = (NONE if rate is None else f"{rate:.1f}%" for rate in (one.rate, one.unknown_rate))
    rate, unknown = rates
    return [
        title, str(one.total), str(one.judged), str(one.counts[Outcome.MEETS]), str(over), str(one.control), rate,
        str(one.unknown), unknown,
    ]  # fmt: skip


def _spread_row(key: exceedance.AnalyteKey, one: exceedance.Figures) -> list[str]:
    medium, analyte, *against = key
    return [
        analyte_name(analyte),
        str(Medium(medium).label),
        against_words(*against),
        figures(one.median),
        figures(one.highest),
        one.unit,
        one.why or NONE,
    ]


def _over(document: Document, report: Report, number: str) -> None:
    word.paragraph(document, f"{number}超标结果", word.HEADING)
    if not report.is_whole:
        word.paragraph(
            document, f"本任务数据分级为“{report.campaign.get_grade_display()}”：逐个结果须经批准导出后附入。"
        )
        return
    rows = list(exceedance.exceeding(exceedance.verdicts_of(report.campaign)))
    if not rows:
        word.paragraph(document, "已评价的结果中没有超标的。")
        return
    rulings = dict(Judgement.objects.filter(pk__in={row["judgement_id"] for row in rows}).values_list("pk", "rulings"))
    held = [_over_row(row, rulings[row["judgement_id"]][row["ruling"]]) for row in rows[:MOST_OVER]]
    word.table(document, OVER, held)
    if len(rows) > MOST_OVER:
        word.paragraph(document, f"按倍数列出前 {MOST_OVER} 个，共 {len(rows)} 个。", word.NOTE)


def _over_row(row: dict[str, Any], ruling: dict[str, Any]) -> list[str]:
    limit = ruling["control"] if row["verdict"] == Outcome.EXCEEDS_CONTROL else ruling["screening"]
    limit = ruling["screening"] if limit is None else limit
    return [
        row["result__point__number"] or NONE, row["result__sample"], analyte_name(row["analyte"]),
        f"{row['result__printed']} {row['result__unit']}".strip(), NONE if limit is None else f"{limit:g}",
        figures(row["factor"], 3), words.word(row["verdict"]), ruling["standard"] or NONE,
    ]  # fmt: skip


def _maps(document: Document, report: Report, number: str) -> None:
    word.paragraph(document, f"{number}点位评价图", word.HEADING)
    figure = pictures.map_of_campaign(report.actor, report.campaign) if report.is_whole else None
    if figure is None:
        why = "还没有结果。" if report.is_whole else "点位位置属分级数据：须经批准导出后附入。"
        word.paragraph(document, why)
        return
    document.add_picture(BytesIO(png(figure, Sheet(width_mm=170), at=report.at)), width=Mm(165))
    word.paragraph(
        document, f"{figure.title}（按每个点位最重的结论；灰色为无法判断或尚未评价，不等于不超标）", word.NOTE
    )


def _warnings(document: Document, report: Report, number: str) -> None:
    word.paragraph(document, f"{number}预警", word.HEADING)
    found = list(alerts.of_campaign(report.campaign).select_related("owner").order_by("number"))
    if not found:
        word.paragraph(document, "本任务没有生成预警。")
        return
    live = sum(one.state in Alert.LIVE for one in found)
    word.paragraph(document, f"生成预警 {len(found)} 件，其中未销号 {live} 件。")
    word.table(document, ALERTS, [_alert_row(one) for one in found])


def _alert_row(one: Alert) -> list[str]:
    return [
        one.number,
        one.title,
        str(one.get_level_display()),
        str(one.get_state_display()),
        str(one.owner or "未指定"),
    ]


def _caveats(document: Document, report: Report, number: str) -> None:
    word.paragraph(document, f"{number}说明与适用限制", word.HEADING)
    said: Sequence[str] = (
        "结果按采样日有效的标准评价；无法判断的单独列出，不计入达标，也不计入超标率的分母。",
        "未检出的结果：检出限不高于限值的按未超标，高于限值的无法判断；统计量用 Kaplan–Meier 法，不以数值替代。",
        "密码平行样只作质量控制，不重复计数。",
        f"本报告各表与系统中该任务“评价结果”页在{_long(report.on)}的数字一致；以后更正的结果以系统为准。",
    )
    for at, one in enumerate(said, start=1):
        word.paragraph(document, f"{at}. {one}")


def _sign(document: Document, report: Report, number: str) -> None:
    word.paragraph(document, f"{number}编制与审核", word.HEADING)
    rows: Sequence[Sequence[str]] = (
        ("编制单位\n（盖章）", f"\n{report.unit}\n", "报告日期", "　　　　年　　月　　日"),
        ("编制人", "\n", "审核人", "\n"),
    )
    word.table(document, SIGNATURES, rows)


def file_name(campaign: Campaign) -> str:
    """What the file is called."""
    return _("%(campaign)s报告") % {"campaign": campaign.title}

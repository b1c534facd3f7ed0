"""The exceedance table as sheets: by analyte, point, plot and town, then every result over a limit with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from soildesk.kit.sheets import Sheet, SheetColumn
from soildesk.monitoring.models import Campaign, Grade, Judgement, Medium, ResultVerdict
from soildesk.monitoring.queries import exceedance
from soildesk.monitoring.queries.exceedance import AnalyteKey, Line
from soildesk.monitoring.register.records import analyte_name
from soildesk.monitoring.rulings import against_words
from soildesk.standards import verdicts as words
from soilrules.verdict import Outcome


def sheets(campaign: Campaign, rows: QuerySet[ResultVerdict], on: date) -> list[Sheet]:
    """Everything the page shows, and the rows behind it."""
    note = _("%(number)s · 截至 %(day)s · 无法判断的不计入达标") % {"number": campaign.number, "day": on}
    titles = {"analyte": _("按项目"), "point": _("按点位"), "plot": _("按地块"), "town": _("按乡镇")}
    found = [
        Sheet(title, _columns(by), _lines(rows, by), title=f"{campaign.title} {title}", note=note)
        for by, title in titles.items()
    ]
    if campaign.grade != Grade.PUBLIC:
        return found  # single results of graded campaigns leave with an approval, by the list of results
    over = Sheet(_("超标结果"), _over_columns(), _over(rows), title=f"{campaign.title} {_('超标结果')}", note=note)
    return [*found, over]


def _columns(by: str) -> Sequence[SheetColumn]:
    first = {"analyte": _("分析项目"), "point": _("点位"), "plot": _("地块"), "town": _("乡镇（街道）")}[by]
    counts = [
        _("应评价"),
        _("已评价"),
        _("未超标"),
        _("超筛选值或超标"),
        _("超管制值"),
        _("超标率（%）"),
        _("无法判断"),
        _("无法判断占比（%）"),
    ]
    columns = [
        SheetColumn(first, 20),
        *(SheetColumn(name, 11, True) for name in counts),
        SheetColumn(_("无法判断的原因"), 40),
    ]
    if by == "analyte":
        figures = [_("中位数"), _("最大值"), _("均值95%置信上限")]
        columns += [
            SheetColumn(_("介质"), 8),
            SheetColumn(_("评价依据"), 26),
            *(SheetColumn(name, 12, True) for name in figures),
            SheetColumn(_("单位"), 8),
            SheetColumn(_("置信上限说明"), 40),
        ]
    return columns  # fmt: skip


def _lines(rows: QuerySet[ResultVerdict], by: str) -> Iterator[Sequence[Any]]:
    figures: Mapping[AnalyteKey, exceedance.Figures] = exceedance.figures(rows, limits=True) if by == "analyte" else {}
    for one in exceedance.lines(rows, by):
        yield [*_counts(one, by), *(_figures(one, figures) if by == "analyte" else [])]


def _counts(line: Line, by: str) -> list[Any]:
    title = analyte_name(line.key[1]) if by == "analyte" else line.title
    causes = "；".join(f"{words.cause_word(cause)} {count}" for cause, count in line.causes.most_common())
    over = line.counts[Outcome.EXCEEDS_SCREENING] + line.counts[Outcome.EXCEEDS]
    return [
        title, line.total, line.judged, line.counts[Outcome.MEETS], over, line.control, _round(line.rate), line.unknown,
        _round(line.unknown_rate), causes,
    ]  # fmt: skip


def _round(share: float | None) -> Any:
    return "" if share is None else round(share, 2)


def _figures(line: Line, figures: Mapping[AnalyteKey, exceedance.Figures]) -> list[Any]:
    medium, slug, standard, land = line.key
    told = [str(Medium(medium).label), against_words(standard, land)]
    found = figures.get((medium, slug, standard, land))
    if found is None:
        return [*told, "", "", "", "", ""]
    return [*told, found.median, found.highest, found.upper, found.unit, found.why]


def _over_columns() -> Sequence[SheetColumn]:
    return [
        SheetColumn(_("样品编号"), 16), SheetColumn(_("点位"), 18), SheetColumn(_("介质"), 8), SheetColumn(_("分析项目"), 12),
        SheetColumn(_("检测值"), 10), SheetColumn(_("单位"), 8), SheetColumn(_("结论"), 10), SheetColumn(_("倍数"), 8, True),
        SheetColumn("pH", 6, True), SheetColumn(_("采样日期"), 12), SheetColumn(_("限值"), 10), SheetColumn(_("依据"), 40),
    ]  # fmt: skip


def _over(rows: QuerySet[ResultVerdict]) -> Iterator[Sequence[Any]]:
    rulings: dict[int, Any] = {}
    for one in exceedance.exceeding(rows):
        if one["judgement_id"] not in rulings:
            rulings[one["judgement_id"]] = Judgement.objects.get(pk=one["judgement_id"]).rulings
        ruling = rulings[one["judgement_id"]][one["ruling"]]
        yield [
            one["result__sample"], one["result__point__number"] or "", str(Medium(one["result__medium"]).label),
            analyte_name(one["analyte"]), one["result__printed"], one["result__unit"], words.word(one["verdict"]),
            "" if one["factor"] is None else round(one["factor"], 3), one["ph"], one["day"], ruling["limit"], ruling["basis"],
        ]  # fmt: skip

"""Which laboratory batches a report may rest on: accepted ones, sampled before it was finished and, of works, not before they began."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from soildesk.monitoring.queries.bound import first_sampled, is_accepted, last_sampled
from soildesk.plots.models import PlotEvent, Report
from soildesk.plots.refusals import ReportRefused
from soilrules.plots.reports import ReportKind


def refuse_unfit(report: Report, chosen: Iterable[Any]) -> None:
    """Refuse the first batch that can be no ground of the report."""
    for one in chosen:
        if why := _not_accepted(one) or _sampled_after(report, one) or _before_works(report, one):
            raise ReportRefused(why, code="plots.report.batch")


def _not_accepted(batch: Any) -> str:
    if is_accepted(batch):
        return ""
    return _("检测批次 %(number)s 还没有接收：请先在“检测批次”中接收，再关联。") % {"number": batch.number}


def _sampled_after(report: Report, batch: Any) -> str:
    sampled = first_sampled(batch)
    if sampled is None or sampled <= report.finished_on:
        return ""
    told = _(
        "检测批次 %(number)s 的样品 %(day)s 才采，晚于报告编制完成日期 %(finished)s：报告不能以它为依据，请核对批次。"
    )
    return told % {"number": batch.number, "day": sampled, "finished": report.finished_on}


def _before_works(report: Report, batch: Any) -> str:
    """What lay in the ground before the works began says nothing of their effect."""
    if report.kind != ReportKind.EFFECT_EVALUATION:
        return ""
    works = PlotEvent.objects.filter(superseded_at=None, plot=report.plot_id, kind="works_begun")
    begun = works.filter(on__lte=report.finished_on).order_by("-on").values_list("on", flat=True).first()
    sampled = last_sampled(batch)
    if begun is None or sampled is None or sampled >= begun:
        return ""
    told = _(
        "检测批次 %(number)s 的样品 %(day)s 已采完，早于工程开工 %(begun)s：不能说明管控、修复的效果，请核对批次。"
    )
    return told % {"number": batch.number, "day": sampled, "begun": begun}

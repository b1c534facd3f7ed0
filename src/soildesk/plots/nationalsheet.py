"""The sheet for the national system: where every plot stands here and by which document, what changed on the first sheet."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date

import xlsxwriter
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.plots.models import PlotEvent
from soildesk.plots.queries.plots import Standing, standing
from soildesk.plots.queries.stages import entered_on
from soildesk.plots.words import list_names, stage_word


def made(actor: Actor, on: date, since: date | None, differing: Mapping[int, str]) -> bytes:
    """The workbook: plots of which the last comparison says otherwise (`differing`) or something happened to after
    `since`, then all plots of the day."""
    rows = standing(actor, on)
    last, entered = _last_events([one.plot_id for one in rows], on), entered_on([one.plot_id for one in rows], on)
    recent = {plot for plot, event in last.items() if since is None or event.on > since} | set(differing)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#e6eef0"})
        changed = [one for one in rows if one.plot_id in recent]
        for title, held in ((_("需要更新"), changed), (_("全部地块"), rows)):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, _head(), bold)
            for at, one in enumerate(held, start=1):
                sheet.write_row(
                    at,
                    0,
                    [*_row(one, last.get(one.plot_id), entered.get(one.plot_id, {})), differing.get(one.plot_id, "")],
                )
            sheet.freeze_panes(1, 2)
            sheet.set_column(0, 1, 24)
            sheet.set_column(2, len(_head()) - 1, 18)
    return out.getvalue()


def _head() -> list[str]:
    return [
        _("全国系统地块编码"), _("地块名称"), _("阶段"), _("阶段日期"), _("名录"), _("列入日期"), _("最近事项日期"), _("最近事项文号"), _("决定机关"),
        _("坐落"), _("规划用途"), _("主要污染物"), _("风险等级"), _("地块编号"), _("与全国系统的不同"),
    ]  # fmt: skip


def _row(one: Standing, event: PlotEvent | None, entered: Mapping[str, date]) -> Sequence[str]:
    said = one.version
    day = one.stage_since.isoformat() if one.stage_since else ""
    last = (event.on.isoformat(), event.document, event.authority) if event else ("", "", "")
    lists = list_names(one.lists) if one.lists else ""
    days = "、".join(entered[key].isoformat() for key in one.lists)
    return [
        said.code, said.name, stage_word(one.stage), day, lists, days, *last, said.location, said.use_planned, said.pollutants,
        said.risk_level, said.plot.number,
    ]  # fmt: skip


def _last_events(plots: Sequence[int], on: date) -> dict[int, PlotEvent]:
    rows = PlotEvent.objects.filter(superseded_at=None, plot__in=plots, on__lte=on).order_by("on", "id")
    return {one.plot_id: one for one in rows}

"""Files of a laboratory for the made-up county of `monitoring_world`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from monitoring_world import SAMPLED_KEYS, Network, county

from soildesk.monitoring.models import Batch
from soildesk.monitoring.services import intake
from soildesk.monitoring.services.intake import Sent

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HEAD = ("样品编号", "分析项目", "检测值", "单位", "检出限", "采样日期", "分析日期", "介质", "方法", "CMA")
CONTENTS = {
    "镉": ("0.21", "0.01"),
    "砷": ("8.4", "0.01"),
    "铅": ("28.5", "0.1"),
    "汞": ("<0.002", "0.002"),
    "铬": ("61", "4"),
}
QUALITY = ("类型", "分析项目", "编号", "测定值1", "测定值2", "加标量", "标准值", "不确定度", "检出限", "单位")
Row = Sequence[str]


def rows_of(codes: Iterable[str], day: str = "2026-10-12", contents: Mapping[str, Row] = CONTENTS) -> list[list[str]]:
    """One row for each analyte of each sample."""
    return [
        [code, analyte, value, "mg/kg", limit, day, "2026-10-20", "土壤", "GB/T 17141-1997" if analyte == "镉" else "", "231512340001"]
        for code in codes
        for analyte, (value, limit) in contents.items()
    ]  # fmt: skip


def codes_of(net: Network) -> list[str]:
    """The codes of all samples taken, the blind parallel among them."""
    assert net.parallel is not None
    return [*(net.tasks[name].code for name in SAMPLED_KEYS), net.parallel.code]


def csv_file(path: Path, rows: Iterable[Row], head: Row = HEAD) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    path.write_text(out.getvalue(), "utf-8")
    return path


def workbook(path: Path, rows: Iterable[Row], quality: Iterable[Row] = (), head: Row = HEAD) -> Path:
    """A workbook with the results and, where there are rows of it, the sheet 质控."""
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": True})
    for name, lines in (("检测结果", [head, *rows]), ("质控", [QUALITY, *quality])):
        if len(lines) > 1:
            sheet = book.add_worksheet(name)
            for at, line in enumerate(lines):
                for column, cell in enumerate(line):
                    sheet.write(at, column, cell)
    book.close()
    return path


def sent(path: Path, **more: Any) -> Sent:
    return Sent(path, path.name, no_secrets=True, **more)


def taken(world: Any, net: Network, path: Path, *, who: str = "officer", **more: Any) -> Batch:
    """The batch of a file, read and checked."""
    actor = world.actor(who)
    batch = intake.begin(net.campaign, sent(path, **more), by=actor, at=AT)
    return intake.take_in(batch, by=actor) if batch.state == Batch.State.LOADING else batch


__all__ = ["AT", "Network", "codes_of", "county", "csv_file", "rows_of", "sent", "taken", "workbook"]

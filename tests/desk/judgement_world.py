"""Judged tables and standards of a place, made through the services."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import openpyxl

from soildesk.kit import imports
from soildesk.kit.models import ImportBatch
from soildesk.standards.exports.local_template import workbook
from soildesk.standards.localimport import LOCAL_TABLE
from soildesk.standards.models import Evaluation, LocalEdition, LocalProposal, Trial
from soildesk.standards.queries.judged import Change, Comparison, table_of
from soildesk.standards.services import judgement, localtables
from soildesk.standards.services.judgement import Given

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FARM = """样品编号	pH	用地类型	采样日期	镉(mg/kg)	铜(mg/kg)
T01	5.4	水田	2026-09-12	0.42	31
T02	5.1	水田	2026-09-12	1.62	55
T03		旱地	2026-09-12	0.55	22
T04	6.8	旱地	2026-09-12	<0.01	26
"""
GRAIN = """样品,作物,项目,结果,单位,采样日期
G1,生姜,铅,0.15,mg/kg,2026-08-30
G2,稻谷,镉,0.21,mg/kg,2026-08-30
"""
BY_FARM = {"standard": "gb15618", "on": "2026-11-20", "division": "990101"}
HEAD = {
    "标准编号": "DB99/T 101-2026",
    "名称": "建设用地土壤污染风险管控补充标准",
    "发布机关": "青禾区示例机关",
    "文号": "青示〔2026〕1号",
    "行政区划代码": "990101",
    "补充的国家标准": "GB 36600",
    "施行日期": "2026-09-01",
    "录入人": "甲",
}
ROW = {
    "项目": "砷",
    "级别": "筛选值",
    "用途": "第一类用地",
    "限值": "15",
    "条款": "表1",
    "来源": "青示〔2026〕1号",
    "把握": "单一来源",
}


def tried(world: Any, text: str = FARM, who: str = "officer", name: str = "表.txt", **choices: str) -> Trial:
    """A trial of a pasted table."""
    given = Given(text.encode(), name, {**BY_FARM, **choices}, world.district)
    return judgement.try_out(given, by=world.actor(who), at=AT)


def kept(world: Any, text: str = FARM, title: str = "东圩村", name: str = "表.txt", **choices: str) -> Evaluation:
    """A kept judgement."""
    trial = tried(world, text, name=name, **choices)
    return judgement.keep(trial, title, by=world.actor("officer"), at=AT)


def rows_of(row: Trial | Evaluation) -> dict[tuple[str, str], dict[str, Any]]:
    """The judged rows by sample and analyte."""
    return {(one["sample"], one["analyte"]): one for one in table_of(row).to_pylist()}


def changes(before: Trial | Evaluation, after: Trial | Evaluation) -> list[Change]:
    """The results two judgements see differently."""
    found = Comparison.of(table_of(before), table_of(after))
    return found.rows(found.pairs)


def filled(head: dict[str, Any] | None = None, rows: list[dict[str, Any]] | None = None) -> bytes:
    """The template of a standard of a place, filled in."""
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    said = {**HEAD, **(head or {})}
    for line in book["标准"].iter_rows(max_col=2):
        line[1].value = said.get(line[0].value)
    sheet = book["限值"]
    columns = {cell.value: cell.column for cell in sheet[1] if cell.value}
    for number, row in enumerate(rows if rows is not None else [ROW], 2):
        for name, value in row.items():
            sheet.cell(number, columns[name]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def previewed(world: Any, data: bytes, who: str = "officer") -> ImportBatch:
    """The file read, nothing written."""
    return imports.preview(LOCAL_TABLE, data, "地方标准.xlsx", imports.Purpose(world.actor(who), AT))


def proposed(world: Any, data: bytes | None = None, who: str = "officer") -> LocalProposal:
    """The file taken in."""
    batch = imports.accept(previewed(world, data or filled(), who), imports.Purpose(world.actor(who), AT))
    return LocalProposal.objects.get(import_uid=batch.uid)


def accepted(world: Any, data: bytes | None = None, at: datetime = AT) -> LocalEdition:
    """Proposed by one and accepted by another."""
    return localtables.accept(proposed(world, data), by=world.actor("issuer"), at=at)

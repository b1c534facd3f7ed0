"""The 任务分工明细表 as a Word file: A4 landscape, header row on every page, no row split over a page."""

from __future__ import annotations

from collections.abc import Sequence

from soildesk.kit import word
from soildesk.kit.word import Across, Look, WordColumn
from soildesk.plans.exports.rows import COLUMNS, FormColumn, LedgerExport, cells

TITLE, NOTE, HEAD = Look(word.TITLE_FONT, 36, centred=True), Look(), Look(word.HEAD_FONT)
CELL_SIZE = 21
INDICATORS = (
    FormColumn("指标名称", 36),
    FormColumn("目标值", 14, True),
    FormColumn("目标年份", 10, True),
    FormColumn("原文", 40),
)


def ledger_docx(ledger: LedgerExport) -> bytes:
    """The ledger as .docx."""
    document = word.a4(landscape=True)
    word.paragraph(document, ledger.heading, TITLE)
    if ledger.notes:
        word.paragraph(document, "　　".join(ledger.notes), NOTE)
    rows: list[Sequence[str] | Across] = []
    for section in ledger.sections:
        if section.title:
            rows.append(Across(section.title))
        rows += [cells(row) for row in section.rows]
    word.table(document, _columns(COLUMNS), rows, size=CELL_SIZE)
    if ledger.indicators:
        word.paragraph(document, "主要指标", HEAD)
        lines = [(one.name, one.shown_target, str(one.year or ""), one.quote) for one in ledger.indicators]
        word.table(document, _columns(INDICATORS), lines, size=CELL_SIZE)
    return word.saved(document)


def _columns(columns: Sequence[FormColumn]) -> list[WordColumn]:
    return [WordColumn(one.title, one.share, one.centred) for one in columns]

"""The ledger as it goes out: 任务分工明细表 in Excel and Word, and JSON. Pure functions over plain rows."""

from soildesk.plans.exports.excel import ledger_xlsx
from soildesk.plans.exports.gold import ledger_dict, ledger_json
from soildesk.plans.exports.rows import (
    ExportIndicator,
    ExportMilestone,
    ExportRow,
    ExportSection,
    LedgerExport,
)
from soildesk.plans.exports.word import ledger_docx

__all__ = [
    "ExportIndicator",
    "ExportMilestone",
    "ExportRow",
    "ExportSection",
    "LedgerExport",
    "ledger_dict",
    "ledger_docx",
    "ledger_json",
    "ledger_xlsx",
]

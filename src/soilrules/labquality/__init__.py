"""The laboratory's own quality control as it comes in the sheet 质控 of a workbook (data/labquality/sheet-v1.yaml).

    rows, findings = read_sheet(sheet)    # a soilrules.labtables.workbook.Sheet

Numbers stay as printed, in the unit printed; whether they are good enough is for statistics.quality_control to say.
"""

from __future__ import annotations

from soilrules.labquality.sheet import KINDS, SHEET, Column, Finding, Row, columns, kind_of, read_sheet

__all__ = ["KINDS", "SHEET", "Column", "Finding", "Row", "columns", "kind_of", "read_sheet"]

"""How the report of an evaluation looks: formats, words for outcomes and causes, the printed page."""

from __future__ import annotations

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from soilrules.messages import sentence

A4 = 9
LONGEST_CELL = 32_767  # characters Excel keeps in one cell
LONGEST_SHEET = 1_048_000  # rows of a list on one sheet
_BASE = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_BOX = {**_BASE, "border": 1, "border_color": "#b8c4c4", "text_wrap": True}
COLOURS = {"exceeds_control": "#f4b6ae", "exceeds_screening": "#fbdcb4", "exceeds": "#f4b6ae", "unknown": "#e4e4e8"}


class Looks:
    """The formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title = book.add_format({**_BASE, "font_name": "黑体", "font_size": 18, "align": "center"})
        self.heading = book.add_format({**_BASE, "font_name": "黑体", "font_size": 12})
        self.head = book.add_format({**_BOX, "bold": True, "bg_color": "#e6efee", "align": "center"})
        self.label = book.add_format({**_BOX, "bold": True, "bg_color": "#f3f7f6"})
        self.text = book.add_format(_BOX)
        self.plain = book.add_format(_BASE)
        self.signature = book.add_format({**_BASE, "font_size": 12})
        self.of_outcome = {name: book.add_format({**_BOX, "bg_color": colour}) for name, colour in COLOURS.items()}


def outcome_of(outcome: str) -> str:
    """The word for an outcome."""
    return sentence("evaluation", "outcomes", outcome)


def mark_of(mark: str | None) -> str:
    """The word for how sure a limit is."""
    return sentence("evaluation", "marks", mark) if mark else ""


def cause_of(cause: str | None) -> str:
    """Why nothing could be said, in short."""
    return sentence("evaluation", "causes", cause) if cause else ""


def next_step(cause: str | None) -> str:
    """What to do about a result nothing could be said of."""
    return sentence("evaluation", "next", cause) if cause else ""


def page_set_up(sheet: Worksheet, header: int | None, *, landscape: bool = True) -> None:
    """A4, one page wide, header on every page, page x of y."""
    sheet.set_paper(A4)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    sheet.set_footer("&L&A&C第 &P 页 共 &N 页")
    if header is not None:
        sheet.repeat_rows(header)
        sheet.freeze_panes(header + 1, 0)

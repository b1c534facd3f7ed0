"""One workbook for one firm and year: a sheet for every filing that is open or not yet begun, with ids nobody may change.

The first column is hidden and locked; it says for every row, signed, which firm, year and filing it is of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from django.core import signing
from django.utils.translation import gettext as _

from soildesk.enterprises.filingforms import FORMS, Entry, Form, form_of
from soildesk.enterprises.filingvalues import shown
from soildesk.enterprises.models import EnterpriseVersion, Filing
from soildesk.enterprises.queries import filings as found
from soildesk.kit.exports import sheet_name

SALT = "soildesk.enterprises.filingbook"
NEW, SUBJECT = "new", "_subject"
ROWS_OFFERED = 100
"""Rows of a table in the workbook."""
OPEN = (Filing.State.DRAFT, Filing.State.RETURNED)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one filing stands in the workbook: an open one, or one not yet begun."""

    firm: str
    year: str
    kind: str
    filing: str  # its uid, or NEW

    @property
    def id(self) -> str:
        """Its signed id."""
        return signing.Signer(salt=SALT).sign(":".join((self.firm, self.year, self.kind, self.filing)))

    @classmethod
    def of(cls, text: str) -> Slot | None:
        """From a signed id; None where it is not one of ours."""
        try:
            parts = signing.Signer(salt=SALT).unsign(text).split(":")
        except signing.BadSignature:
            return None
        return cls(*parts) if len(parts) == 4 else None


def slots(firm: EnterpriseVersion, year: str, actor: Any) -> list[tuple[Slot, Filing | None]]:
    """What the workbook of a year has sheets for."""
    uid, made = str(firm.enterprise.uid), []
    filed = list(found.seen(actor).filter(enterprise=firm.enterprise_id, period=year))
    for kind, form in FORMS.items():
        own = [one for one in filed if one.kind == kind and one.state in OPEN and not one.on_paper]
        made += [(Slot(uid, year, kind, str(one.uid)), one) for one in own]
        live = any(one.kind == kind and one.state in Filing.LIVE for one in filed)
        if not own and not (form.yearly and live):
            made.append((Slot(uid, year, kind, NEW), None))
    return made


def workbook(firm: EnterpriseVersion, year: str, actor: Any) -> bytes:
    """The workbook of a firm and year."""
    out = BytesIO()
    with xlsxwriter.Workbook(
        out, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as book:
        pages = _Book(book)
        pages.how_to(firm, year)
        for number, (slot, filing) in enumerate(slots(firm, year, actor), 1):
            known = filing.data if filing else found.known(firm.enterprise_id, slot.kind, actor.today)
            pages.sheet(number, slot, filing, known)
    return out.getvalue()


class _Book:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "text_wrap": True}
        self.word = book.add_format({**base, "bg_color": "#f0f3f3", "border": 1})
        self.head = book.add_format({**base, "bold": True, "bg_color": "#e6efee", "border": 1})
        self.open = book.add_format({**base, "num_format": "@", "border": 1, "locked": False})
        self.plain = book.add_format(base)

    def how_to(self, firm: EnterpriseVersion, year: str) -> None:
        page = self.book.add_worksheet(_("填写说明"))
        page.set_column(0, 0, 90)
        lines = [
            f"{firm.name}　{year}",
            _("每张表是一份申报：只填白色格子；不需要的表不填。附件请在页面上传。"),
            _("隐藏的编号列不能改动：改动过编号或混入别家单位的表，整份不接收。"),
            _("填好后在“我的企业”导入：先逐行列出结果，确认后才保存为草稿；保存后还要在页面上报送。"),
        ]
        for at, line in enumerate(lines):
            page.write_string(at, 0, line, self.plain)
        page.protect()

    def sheet(self, number: int, slot: Slot, filing: Filing | None, known: Mapping[str, Any]) -> None:
        form = form_of(slot.kind)
        page = self.book.add_worksheet(sheet_name(f"{number} {Filing.Kind(slot.kind).label}"))
        page.set_column(0, 0, 4, None, {"hidden": True})
        page.set_column(1, 1, 30)
        page.set_column(2, 12, 20)
        name = f"{Filing.Kind(slot.kind).label} {slot.year} {filing.subject if filing else ''}".strip()
        page.write_string(0, 1, name, self.head)
        at = 1
        for entry in self._single(form, filing):
            page.write_string(at, 0, f"{slot.id}#{entry.name}")
            page.write_string(at, 1, entry.heading + ("*" if entry.required else ""), self.word)
            self._cell(page, (at, 2), entry, known.get(entry.name))
            page.write_string(at, 3, str(entry.note), self.plain)
            at += 1
        for table in form.tables:
            at = self._table(page, at + 1, slot, table, known.get(table.name) or [])
        page.protect("", {"format_columns": True, "format_rows": True})

    def _single(self, form: Form, filing: Filing | None) -> list[Entry]:
        subject = [Entry(SUBJECT, form.subject)] if form.subject and filing is None else []
        return [*subject, *form.single]

    def _table(self, page: Any, at: int, slot: Slot, table: Entry, rows: Sequence[Mapping[str, Any]]) -> int:
        page.write_string(at, 1, str(table.title), self.head)
        for column, entry in enumerate(table.columns, 1):
            page.write_string(at + 1, column, entry.heading + ("*" if entry.required else ""), self.head)
        first = at + 2
        for number in range(max(ROWS_OFFERED, len(rows) + 20)):
            page.write_string(first + number, 0, f"{slot.id}#{table.name}")
            row = rows[number] if number < len(rows) else {}
            for column, entry in enumerate(table.columns, 1):
                self._cell(page, (first + number, column), entry, row.get(entry.name))
        return first + max(ROWS_OFFERED, len(rows) + 20)

    def _cell(self, page: Any, place: tuple[int, int], entry: Entry, value: Any) -> None:
        unitless = Entry(entry.name, entry.title, entry.kind, choices=entry.choices)
        if value is None:
            page.write_blank(*place, None, self.open)
        else:
            page.write_string(*place, shown(unitless, value), self.open)
        choices = [_("是"), _("否")] if entry.kind == "yes_no" else [str(label) for _key, label in entry.choices]
        if choices:
            page.data_validation(*place, *place, {"validate": "list", "source": choices})

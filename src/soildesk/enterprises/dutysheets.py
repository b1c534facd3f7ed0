"""Duty cards as Excel: the matrix of a year, and the lines of a duty or a firm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from soildesk.enterprises.dutywords import duty_keys, duty_name, line_of
from soildesk.enterprises.queries.cards import Card
from soildesk.kit.sheets import Sheet, SheetColumn
from soilrules.enterprises.duties import CardLine


def matrix(found: Sequence[Card], year: int, on: date) -> Sheet:
    """A row per firm, a column per duty: state and day of the worst line."""
    keys = [
        key for key in duty_keys() if any(line.rule.duty == key and line.owed for one in found for line in one.lines)
    ]
    columns = [SheetColumn(_("单位名称"), 28), SheetColumn(_("统一社会信用代码"), 20), *(SheetColumn(duty_name(key), 16) for key in keys)]  # fmt: skip
    rows = ([one.name, one.firm.row["credit_code"], *(_cell(one, key) for key in keys)] for one in found)
    return Sheet(_("义务清单"), columns, rows, _("%(year)d年义务清单") % {"year": year}, _note(on))


def _cell(one: Card, key: str) -> str:
    lines = [line for line in one.of(key) if line.owed is not None]
    if not lines:
        return ""
    told = line_of(lines[0], one.firm.row["enterprise__uid"])
    return f"{told.chip.word} {told.due or ''}".strip()


def lines(title: str, rows: Sequence[tuple[Card, CardLine]], year: int, on: date) -> Sheet:
    """A row per line, with reason, basis and proof."""
    columns = [
        SheetColumn(_("单位名称"), 28), SheetColumn(_("统一社会信用代码"), 20), SheetColumn(_("义务"), 26), SheetColumn(_("期次"), 12),
        SheetColumn(_("时限"), 12), SheetColumn(_("状态"), 10), SheetColumn(_("完成日期"), 12), SheetColumn(_("说明"), 40),
        SheetColumn(_("依据"), 40), SheetColumn(_("把握程度"), 10), SheetColumn(_("凭据"), 24),
    ]  # fmt: skip
    return Sheet(title, columns, _told(rows), _("%(year)d年 %(title)s") % {"year": year, "title": title}, _note(on))


def _told(rows: Sequence[tuple[Card, CardLine]]) -> Iterator[list[Any]]:
    for one, line in rows:
        told = line_of(line, one.firm.row["enterprise__uid"])
        basis = "；".join(cited.text for cited in told.basis)
        yield [
            one.name, one.firm.row["credit_code"], told.title, told.period, told.due, told.chip.word, told.done_on, told.reason,
            basis, told.mark, told.evidence,
        ]  # fmt: skip


def _note(on: date) -> str:
    return _("截至 %(day)s") % {"day": on}

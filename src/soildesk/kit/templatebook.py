"""The Excel template of a register, made from its entries: headings with notes, drop-downs, an example, and how to fill it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from soildesk.kit.entries import Entries
from soildesk.kit.exports import sheet_name
from soildesk.kit.faces import Entry

ROWS_OFFERED = 2_000
LONGEST_LIST = 250
"""Characters of a drop-down that may stand in the rule itself; a longer one is read from a sheet of choices."""
WIDEST, NARROWEST = 40, 12


def since_title() -> str:
    """The heading of the day from which a row counts."""
    return _("起算日期")


def remark_title() -> str:
    """The heading of the column that is not read, but for the mark of an example."""
    return _("备注（不导入）")


def example_mark() -> str:
    """What marks a row as an example."""
    return _("示例行，导入时跳过")


def clear_mark() -> str:
    """What empties an entry; an empty cell leaves it as it is."""
    return _("（清空）")


def in_any_language(word: Callable[[], str]) -> set[str]:
    """A word of ours as it stands in the templates of every language: a table may come back to a desk of another."""
    found = set()
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            found.add(str(word()))
    return found


def workbook(entries: Entries) -> bytes:
    """The template as an Excel file."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        _Book(book, entries).write()
    return out.getvalue()


class _Book:
    def __init__(self, book: xlsxwriter.Workbook, entries: Entries) -> None:
        self.book, self.entries = book, entries
        base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        self.head = book.add_format({**base, "bold": True, "bg_color": "#e6efee", "border": 1, "text_wrap": True})
        self.must = book.add_format({**base, "bold": True, "bg_color": "#f6e7c8", "border": 1, "text_wrap": True})
        self.text = book.add_format({**base, "num_format": "@"})
        self.example = book.add_format({**base, "italic": True, "font_color": "#777777", "num_format": "@"})
        self.plain = book.add_format({**base, "text_wrap": True, "valign": "top"})

    def write(self) -> None:
        title = str(self.entries.writing.template or self.entries.seen.declared.title)
        page = self.book.add_worksheet(sheet_name(title))
        self._lists = self.book.add_worksheet(_("选项"))
        self._lists.hide()
        for at, entry in enumerate(self.entries.all):
            self._column(page, at, entry)
        self._extra(page, len(self.entries.all))
        page.freeze_panes(1, 1)
        page.set_row(0, 32)
        self._how_to()

    def _column(self, page: Any, at: int, entry: Entry) -> None:
        heading = entry.heading
        page.set_column(at, at, min(max(len(heading) * 2 + 2, NARROWEST), WIDEST), self.text)
        page.write_string(
            0, at, f"{heading}*" if entry.required else heading, self.must if entry.required else self.head
        )
        if told := self.told(entry):
            page.write_comment(0, at, told, {"x_scale": 2})
        if entry.example != "":
            page.write_string(1, at, str(entry.example), self.example)
        if choices := self._choices(entry):
            page.data_validation(1, at, ROWS_OFFERED, at, self._rule(at, choices))

    def _choices(self, entry: Entry) -> list[str]:
        if entry.kind == "yes_no":
            return [_("是"), _("否")]
        return [str(label) for _value, label in self.entries.choices(entry)]

    def _rule(self, at: int, choices: Sequence[str]) -> dict[str, Any]:
        rule: dict[str, Any] = {
            "validate": "list",
            "source": list(choices),
            "error_title": _("不在选项里"),
            "error_message": _("请从下拉列表中选择。"),
        }
        if sum(len(choice) + 1 for choice in choices) > LONGEST_LIST:
            self._lists.write_column(0, at, choices)
            column = xlsxwriter.utility.xl_col_to_name(at)
            rule["source"] = f"='{self._lists.get_name()}'!${column}$1:${column}${len(choices)}"
        return rule

    def _extra(self, page: Any, at: int) -> None:
        if self.entries.writing.dated:
            page.set_column(at, at, NARROWEST, self.text)
            page.write_string(0, at, since_title(), self.head)
            page.write_comment(0, at, _("从哪一天起按这一行计；不填为导入当天。写成 2026-11-22。"))
            page.write_string(1, at, f"{self.entries.actor.today:%Y-%m-%d}", self.example)
            at += 1
        page.set_column(at, at, NARROWEST * 2)
        page.write_string(0, at, remark_title(), self.head)
        page.write_string(1, at, example_mark(), self.example)

    def told(self, entry: Entry) -> str:
        """Everything said of an entry, a line each."""
        lines = [str(entry.note)] if entry.note else []
        lines.append(_("必填") if entry.required else _("选填"))
        if entry.kind == "date":
            lines.append(_("日期，写成 2026-11-22"))
        if entry.kind == "geometry":
            lines.append(_("WKT 或 GeoJSON，经纬度（CGCS2000）；图形多的请用图形文件导入"))
        if entry.names:
            lines.append(_("也可写作：%(names)s") % {"names": "、".join(entry.names)})
        return "\n".join(lines)

    def _how_to(self) -> None:
        page = self.book.add_worksheet(_("填写说明"))
        page.set_column(0, 0, 22)
        page.set_column(1, 1, 90)
        match = "、".join(
            str(self.entries.by_key[key].title) for key in self.entries.writing.match if key in self.entries.by_key
        )
        general = [
            (_("怎样填"), _("每行一条记录，从第 2 行起。第 2 行是示例，可删可留，导入时跳过。带 * 的列必填。")),
            (_("新增与修改"), _("“%(match)s”与现有记录相同的，按修改处理；没有的，按新增处理。") % {"match": match}),
            (_("空格子"), _("修改时，空着的格子不改原来的内容；要清空，写“%(mark)s”。") % {"mark": clear_mark()}),
            (_("导入"), _("导入前会列出每一行的结果：新增、修改（改前改后）、相同、不导入（原因）。确认之后才写入。")),
        ]
        lines = [*general, *((str(entry.title), self.told(entry)) for entry in self.entries.all)]
        for row, (name, told) in enumerate(lines):
            page.write_string(row, 0, name, self.head)
            page.write_string(row, 1, told, self.plain)

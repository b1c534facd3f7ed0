"""The sheet of a workbook whose headings are asked for, and the template that has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from soildesk.core.sandbox import sheets_in_child
from soildesk.kit.imports import ImportRefused, MappingLine
from soildesk.kit.templatebook import in_any_language
from soilrules.plantext.formats import UnreadableFile

HEADER_WITHIN = 10
ROWS_OFFERED = 500
REMARK = "（"
BETWEEN = re.compile(r"[、，,；;/]\s*")


@dataclass(frozen=True)
class Column:
    """One column: its key, its heading, other headings it is known by, and what to fill in."""

    key: str
    title: str | Promise
    also: tuple[str, ...] = ()
    needed: bool = False
    hint: str | Promise = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """A sheet as it was understood: what each heading was taken for, and the rows below by key."""

    mapping: tuple[MappingLine, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


def found(data: bytes, name: str, columns: Sequence[Column], *, never: frozenset[str] = frozenset()) -> Found:
    """The first sheet with all needed headings and none of `never`. Refused where no sheet is such."""
    try:
        sheets = sheets_in_child(data, name)
    except UnreadableFile as error:
        raise ImportRefused(error.sentence((get_language() or "zh")[:2]), code="kit.import.unreadable") from error
    needed = {column.key for column in columns if column.needed}
    for sheet in sheets:
        rows = [(row.number, {cell.column: cell.text.strip() for cell in row.cells}) for row in sheet.rows]
        for at, (_number, cells) in enumerate(rows[:HEADER_WITHIN]):
            mapping = _mapped(cells, columns)
            if needed <= set(mapping.values()) and not never & {_plain(heading) for heading in cells.values()}:
                return Found(tuple(_lines(cells, mapping, columns)), tuple(_read(rows[at + 1 :], mapping)))
    raise ImportRefused(
        _("“%(name)s”里没有一张工作表同时有“%(needed)s”这些列。请下载模板，或把表头改成这些名称。")
        % {"name": name, "needed": "、".join(str(column.title) for column in columns if column.needed)},
        code="kit.import.no_columns",
    )


def parts(text: str) -> list[str]:
    """Several words in one cell.

    >>> parts("经办人、查阅")
    ['经办人', '查阅']
    """
    return [one.strip() for one in BETWEEN.split(text) if one.strip()]


def _plain(heading: str) -> str:
    return re.sub(r"[\s*＊]+", "", heading).split(REMARK)[0].split("(")[0]


def _mapped(cells: Mapping[int, str], columns: Sequence[Column]) -> dict[int, str]:
    known = {
        _plain(word): column.key
        for column in columns
        for word in (*in_any_language(lambda column=column: column.title), *column.also)
    }
    mapping: dict[int, str] = {}
    for at, heading in cells.items():
        key = known.get(_plain(heading), "")
        if key and key not in mapping.values():
            mapping[at] = key
    return mapping


def _lines(cells: Mapping[int, str], mapping: Mapping[int, str], columns: Sequence[Column]) -> Iterator[MappingLine]:
    titles = {column.key: str(column.title) for column in columns}
    return (MappingLine(heading, titles.get(mapping.get(at, ""), "")) for at, heading in cells.items() if heading)


def _read(
    rows: Sequence[tuple[int, Mapping[int, str]]], mapping: Mapping[int, str]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    for number, cells in rows:
        said = {mapping[at]: text for at, text in cells.items() if at in mapping and text}
        if said:
            yield number, said


def template(title: str, columns: Sequence[Column], notes: Sequence[str]) -> bytes:
    """An empty workbook with these headings, drop-downs where there is a choice, and a sheet that says how to fill it in."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#e3efed", "border": 1, "text_wrap": True})
        sheet, guide = book.add_worksheet(title), book.add_worksheet(_("填写说明"))
        for at, column in enumerate(columns):
            sheet.write_string(0, at, f"{column.title}*" if column.needed else str(column.title), head)
            sheet.set_column(at, at, 24 if column.needed else 16)
            if column.choices:
                sheet.data_validation(
                    1,
                    at,
                    ROWS_OFFERED,
                    at,
                    {"validate": "list", "source": list(column.choices), "error_type": "warning"},
                )
            guide.write_string(at + 1, 0, str(column.title))
            guide.write_string(at + 1, 1, _("必填") if column.needed else _("选填"))
            guide.write_string(at + 1, 2, str(column.hint))
        sheet.freeze_panes(1, 1)
        for at, word in enumerate((_("列"), _("是否必填"), _("怎样填写"))):
            guide.write_string(0, at, word, head)
        for at, note in enumerate(notes, len(columns) + 2):
            guide.write_string(at, 0, note)
        guide.set_column(0, 1, 14)
        guide.set_column(2, 2, 80)
    return out.getvalue()

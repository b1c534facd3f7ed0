"""A report as a Word or Excel file, from its snapshot alone: what was signed is what is printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from soildesk.kit import word
from soildesk.kit.exports import Sheet, SheetColumn, write_xlsx
from soildesk.kit.word import WordColumn
from soildesk.reporting.queries.kinds import kinds
from soildesk.reporting.queries.making import spoken
from soildesk.reporting.queries.reading import plain

Snapshot = Mapping[str, Any]
NUMERALS = "一二三四五六七八九十"


def docx(snapshot: Snapshot, told: Mapping[str, str]) -> bytes:
    """The report as .docx. `told` are lines of its head: 编制单位, 文号, 状态."""
    kind = kinds().get(snapshot["kind"])
    document = word.a4(landscape=bool(kind and kind.landscape))
    word.paragraph(document, heading(snapshot), word.TITLE)
    head = {**told, _("数据截至"): snapshot["on"]}
    word.paragraph(document, "　".join(f"{name}：{value}" for name, value in head.items() if value), word.SUBTITLE)
    for at, section in enumerate(snapshot["sections"]):
        word.paragraph(document, f"{NUMERALS[at]}、{section['title']}", word.HEADING)
        for sentence in section["sentences"]:
            word.paragraph(document, f"　　{spoken(sentence, snapshot)}")
        if section["figures"]:
            word.table(
                document, _figure_columns(), [_figure_row(snapshot["figures"][one]) for one in section["figures"]]
            )
        for name in section["tables"]:
            _table(document, snapshot["tables"][name])
    at = len(snapshot["sections"])
    _listed(document, f"{NUMERALS[at]}、{_('未能填报的内容')}", snapshot["gaps"])
    if snapshot["doubts"]:
        _listed(document, f"{NUMERALS[at + 1]}、{doubts_title()}", snapshot["doubts"])
    return word.saved(document)


def heading(snapshot: Snapshot) -> str:
    """The title of a report: place, period, name."""
    return f"{snapshot['place']}{period_words(snapshot['period'])}{snapshot['title']}"


def period_words(period: str) -> str:
    """A period as documents say it.

    >>> period_words("2026Q3")
    '2026年第三季度'
    """
    year, sign, rest = period[:4], period[4:5], period[5:]
    if sign == "Q":
        return f"{year}年第{NUMERALS[int(rest) - 1]}季度"
    if sign == "H":
        return f"{year}年{'上' if rest == '1' else '下'}半年"
    return f"{year}年{int(rest)}月" if sign == "-" else f"{year}年"


def _figure_columns() -> list[WordColumn]:
    return [
        WordColumn(_("项目"), 32),
        WordColumn(_("数值"), 14, centred=True),
        WordColumn(_("计算"), 18, centred=True),
        WordColumn(_("说明"), 36),
    ]


def _figure_row(one: Mapping[str, Any]) -> list[str]:
    return [one["title"], one["shown"], parts(one), one["why"]]


def parts(one: Mapping[str, Any]) -> str:
    """Numerator and denominator as they are printed; empty where there are none."""
    if one["numerator"] is None or not one["denominator"]:
        return _("%(n)d 条记录") % {"n": len(one["rows"])} if one["rows"] else ""
    return f"{plain(Decimal(one['numerator']))} / {plain(Decimal(one['denominator']))} {one['part_unit']}".strip()


def _table(document: Any, table: Mapping[str, Any]) -> None:
    word.paragraph(document, table["title"], word.SUBHEADING)
    if table["rows"] is None:
        word.paragraph(document, _("无法填报：%(why)s") % {"why": table["why"]}, word.NOTE)
        return
    if not table["rows"]:
        word.paragraph(document, _("没有记录。"), word.NOTE)
        return
    columns = [WordColumn(one["title"], one["share"], centred=one["share"] < 13) for one in table["columns"]]
    word.table(document, columns, list(cells_of(table)))


def cells_of(table: Mapping[str, Any]) -> Iterator[list[str]]:
    """The rows of a table as lists of words."""
    keys = [one["key"] for one in table["columns"]]
    for row in table["rows"] or ():
        yield [row["values"].get(key, "") for key in keys]


def doubts_title() -> str:
    """The heading over numbers that prove nothing yet."""
    return _("有数字但不能据此判断的内容")


def _listed(document: Any, title: str, rows: Sequence[Mapping[str, str]]) -> None:
    word.paragraph(document, title, word.HEADING)
    if not rows:
        word.paragraph(document, _("　　没有。"))
        return
    columns = [WordColumn(_("项目"), 36), WordColumn(_("原因"), 64)]
    word.table(document, columns, [[one["what"], one["why"]] for one in rows])


def xlsx(snapshot: Snapshot) -> bytes:
    """The report as .xlsx: figures, each table, what is missing."""
    note = _("%(place)s · 数据截至 %(on)s") % {"place": snapshot["place"], "on": snapshot["on"]}
    titles = [
        SheetColumn(_("项目"), 36),
        SheetColumn(_("数值"), 14),
        SheetColumn(_("计算"), 20),
        SheetColumn(_("说明"), 60),
    ]
    kind = kinds().get(snapshot["kind"])
    printed = [one for name, one in snapshot["figures"].items() if kind is None or name not in kind.weighed]
    figures = [_figure_row(one) for one in printed]
    sheets = [Sheet(_("指标"), titles, figures, title=heading(snapshot), note=note)] if figures else []
    for table in snapshot["tables"].values():
        columns = [SheetColumn(one["title"], max(8, one["share"])) for one in table["columns"]]
        sheets.append(Sheet(table["title"], columns, list(cells_of(table)), title=table["title"], note=note))
    gaps = [[one["what"], one["why"]] for one in (*snapshot["gaps"], *snapshot["doubts"])]
    sheets.append(
        Sheet(
            _("未填项"),
            [SheetColumn(_("项目"), 36), SheetColumn(_("原因"), 80)],
            gaps,
            title=_("未能填报或不能据此判断的内容"),
        )
    )
    out = BytesIO()
    write_xlsx(sheets, out)
    return out.getvalue()

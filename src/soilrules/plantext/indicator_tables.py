"""Targets in tables: one indicator a row with a target column, or one a column with a single place below.

Matrices by township are not targets of this plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soilrules.plantext import quantities as q
from soilrules.plantext.draft import IndicatorDraft
from soilrules.plantext.layout import Grid, GridCell
from soilrules.plantext.reasons import Reason
from soilrules.plantext.source import Words

NAME_COLUMN = re.compile(r"指标|名称|内容|项目|目标")
TARGET_COLUMN = re.compile(r"目标|任务值|(?:19|20)[0-9]{2}年")
PRESENT = re.compile(r"现状|基准|基期|基数|完成(?:情况|值|数|量)|实际|实绩|当前|上年|去年|属性|单位")
UNIT_COLUMN = re.compile(r"^(?:计量)?单位(?:（.*）)?$")
VALUE = re.compile(
    r"^(?:新增|完成|达到?|实现)?(?P<near>[≥≤><=约]|不低于|不少于|不高于|不超过)?(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<percent>%)?(?P<rest>[^0-9]{0,6})$"
)
YEAR = re.compile(r"(?P<year>(?:19|20)[0-9]{2})年?")
WORDED = re.compile(
    "^(?:得到|基本)?(?:有效保障|零增长|负增长|全覆盖|稳中向好|减少|下降|增加|完成|达标|总体保持稳定|保持稳定|总体稳定|稳定|持续改善|逐步改善|不下降|不增加|(?:完成|达到|满足).{2,12})$"
)
PLAIN_VALUE = re.compile("^(?:新增|完成|达到?)?[≥≤><=约]?[0-9.]+")
NAME_UNIT = re.compile(
    rf"（(?:单位：)?(?P<unit>%|{q.COUNTED}|[万亿]?(?:亩|吨|公顷|公里|平方公里|平方米|千米))）$", re.MULTILINE
)
COUNT_UNIT = re.compile(q.COUNTED)
SLASH = re.compile(r"^[/—-]+$")
PLACE_ROWS = 1
TWO, LEAST_STOREYS = 2, 3
YEAR_CELL = re.compile(r"(?:19|20)[0-9]{2}年?(?:[（度].{0,6})?$")


def read_indicator_tables(words: Words, tables: list[Grid], year: int | None) -> Iterator[IndicatorDraft]:
    """The indicators of the tables that hold no tasks."""
    for grid in tables:
        rows = [row for row in grid.rows if any(cell.end > cell.start for cell in row)]
        if len(rows) < 2 or max(map(len, rows)) < 2:
            continue
        header = [words.fold[cell.start : cell.end] for cell in rows[0]]
        lower = _lower_storey(words, rows)
        if lower:
            header, rows = lower, rows[1:]
        targets = [at for at, text in enumerate(header) if TARGET_COLUMN.search(text) and not PRESENT.search(text)]
        quantities = [at for at, text in enumerate(header) if at and q.QUANTITY.search(text)]
        if quantities:
            yield from _by_column(words, rows, quantities, year)
        elif targets and NAME_COLUMN.search("".join(header)):
            yield from _by_row(words, rows, header, targets, year)


def _lower_storey(words: Words, rows: list[tuple[GridCell, ...]]) -> list[str] | None:
    """The header of both rows where the second divides cells of the first: `现状值 | 目标值` over `2020年 | 2023年 | 2025年`."""
    upper, lower = ([words.fold[cell.start : cell.end] for cell in row] for row in rows[:2])
    if len(lower) != len(upper) or len(rows) < LEAST_STOREYS:
        return None
    own = [text if text != above else "" for text, above in zip(lower, upper, strict=True)]
    if sum(YEAR_CELL.match(text) is not None for text in own) < TWO or any(
        text and not YEAR_CELL.match(text) for text in own
    ):
        return None
    full = list(upper)
    for at in range(1, len(full)):
        full[at] = full[at] or (full[at - 1] if own[at] else "")
    return [above + below for above, below in zip(full, own, strict=True)]


def _by_column(
    words: Words, rows: list[tuple[GridCell, ...]], columns: list[int], year: int | None
) -> Iterator[IndicatorDraft]:
    """Names in the header, one place below."""
    data = [row for row in rows[1:] if len(row) == len(rows[0])]
    if len(data) != PLACE_ROWS:
        return
    for column in columns:
        name, value = rows[0][column], data[0][column]
        texts = re.split("[、；，]", words.fold[value.start : value.end])
        parts = q.names(
            words.fold[name.start : name.end], q.Named(0, name.end - name.start, "", len(texts) > 1), len(texts)
        )
        for (first, last, shown), text in zip(parts or [], texts, strict=False):
            draft = _draft(words, (name.start + first, name.start + last, shown), (value, text), year)
            if draft:
                yield draft


def _by_row(
    words: Words, rows: list[tuple[GridCell, ...]], header: list[str], targets: list[int], year: int | None
) -> Iterator[IndicatorDraft]:
    """Names in a column, the targets beside them, one for each year a column states; of columns that state none the last counts."""
    years = {at: int(stated["year"]) for at in targets if (stated := YEAR.search(header[at]))}
    if len(targets) > TWO and len(set(years.values())) < len(targets):
        return
    if len(set(years.values())) < len(targets):
        targets = targets[-1:]
    names = [
        at
        for at, text in enumerate(header)
        if NAME_COLUMN.search(text) and at not in targets and not PRESENT.search(text)
    ]
    unit = next((at for at, text in enumerate(header) if UNIT_COLUMN.match(text)), None)
    if not names:
        return
    for row in rows[1:]:
        if len(row) != len(header):
            continue
        name = row[names[-1]]
        measured = NAME_UNIT.search(words.fold, name.start, name.end)
        until = measured.start() if measured else name.end
        own_unit = (
            measured["unit"] if measured else words.fold[row[unit].start : row[unit].end] if unit is not None else ""
        )
        for target in targets:
            text = words.fold[row[target].start : row[target].end]
            if own_unit and not text.endswith(own_unit) and "%" not in text:
                text = PLAIN_VALUE.sub(rf"\g<0>{own_unit}", text)
            draft = _draft(words, (name.start, until, None), (row[target], text), years.get(target, year))
            if draft:
                yield draft


def _draft(
    words: Words, named: tuple[int, int, str | None], value: tuple[GridCell, str], year: int | None
) -> IndicatorDraft | None:
    """One indicator: the range of its name with its full wording where composed, its cell with the words to read."""
    name, shown, (cell, text) = named[:2], named[2], value
    match = VALUE.match(text)
    missing = SLASH.match(text) is not None
    worded = text if WORDED.match(text) else None
    if name[1] <= name[0] or not (match or missing or worded):
        return None
    target, unit, near = _value(match) if match else (worded, "", "text" if worded else "")
    quote = words.field(*name) if cell.end <= cell.start else words.field(cell.start, cell.end)
    return IndicatorDraft(
        name=words.field(*name, 0.8 if shown else 1.0, Reason.NAME_COMPOSED if shown else "", shown),
        comparator=near or "=",
        target=target,
        unit=unit,
        year=year,
        quote=quote,
        scope="table",
        wording=text,
        not_applicable=missing,
    )


def _value(match: re.Match[str]) -> tuple[float | str, str, str]:
    rest = match["rest"].strip()
    near = {
        "≥": ">=",
        ">": ">=",
        "≤": "<=",
        "<": "<=",
        "约": "~",
        "=": "=",
        "不低于": ">=",
        "不少于": ">=",
        "不高于": "<=",
        "不超过": "<=",
    }.get(match["near"] or "", "")
    if not near:
        near = ">=" if "以上" in rest else "~" if "左右" in rest else "<=" if "以下" in rest else "="
    digits = match["number"]
    unit = "%" if match["percent"] or rest == "%" else re.sub("以上|左右|以下", "", rest)
    if unit in ("%", "") or COUNT_UNIT.fullmatch(unit):
        return (float(digits) if "." in digits else int(digits)), unit, near
    return digits + unit, unit, near

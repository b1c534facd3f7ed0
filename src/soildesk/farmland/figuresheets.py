"""The statistics bureau's table as it is: towns down and figures across, figures down and towns across, or one figure a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from soildesk.core.sandbox import sheets_in_child
from soildesk.enterprises.sentences import language
from soildesk.farmland import figureheads
from soildesk.kit.imports import ImportRefused, MappingLine
from soilrules.farmland.inputdata import Figure, inputs, plain
from soilrules.plantext.formats import UnreadableFile
from soilrules.plantext.formats.sheets import SheetRow

HEADER_WITHIN = 10
YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
UNIT = re.compile(r"[（(]([^（()）]+)[)）]")
UNIT_LINE = re.compile(r"(?:计量)?单位\s*[：:]\s*([^\s，,、；;]+)")
PLACES = frozenset(
    map(
        plain,
        (
            "镇街",
            "乡镇",
            "乡镇（街道）",
            "街道",
            "地区",
            "单位",
            "单位名称",
            "行政区划",
            "区域",
            "镇（街道）",
            "各镇街",
            "填报单位",
            "县区",
            "区县",
            "乡镇名称",
            "乡镇别",
            "乡镇街道",
            "乡镇办",
            "镇",
            "镇别",
        ),
    )
)
YEARS = frozenset(map(plain, ("年度", "年份", "年")))
FIGURES = frozenset(map(plain, ("指标", "指标名称", "项目", "名称", "统计指标")))
VALUES = frozenset(map(plain, ("数值", "数据", "数量", "值", "本年", "本年数", "本期")))
UNITS = frozenset(map(plain, ("计量单位", "单位")))
WHOLE = "合计"
TOTALS = frozenset(map(plain, ("合计", "总计", "全区", "全县", "全市", "全区合计", "全县合计", "全市合计", "总数")))


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one place as it is printed: place and year as written, the unit that was said beside it."""

    position: int
    place: str
    heading: str
    figure: Figure | None
    text: str
    unit: str
    year: str


@dataclass
class Table:
    """What a file was taken for, and its cells."""

    kind: str
    mapping: list[MappingLine]
    cells: list[Cell]
    year: str = ""
    unit: str = ""
    left: list[str] = field(default_factory=list)  # headings that mean nothing to us


@dataclass(frozen=True, slots=True)
class _Sheet:
    rows: Sequence[tuple[int, Mapping[int, str]]]
    year: str
    unit: str
    grid: Sequence[SheetRow]


def tables(data: bytes, name: str) -> Table:
    """The table of a file that is understood best; refused where no figure was recognised."""
    try:
        sheets = sheets_in_child(data, name)
    except UnreadableFile as error:
        raise ImportRefused(error.sentence(language()), code="kit.import.unreadable") from error
    best: Table | None = None
    for sheet in sheets:
        rows = [(row.number, {cell.column: cell.text.strip() for cell in row.cells}) for row in sheet.rows]
        read = _Sheet(rows, _first(YEAR, rows) or _year_in(name), _first(UNIT_LINE, rows), sheet.rows)
        found = _long(read) or _across(read) or _down(read)
        if found is not None and (best is None or len(found.cells) > len(best.cells)):
            best = found
    if best is None:
        names = "、".join(one.zh for one in list(inputs().figures.values())[:6])
        raise ImportRefused(
            _("“%(name)s”里没有认出任何指标：表头应有镇街一列和指标名称，例如“%(known)s”等；也可以一行一个指标。")
            % {"name": name, "known": names},
            code="kit.import.no_columns",
        )
    return best


def _first(pattern: re.Pattern[str], rows: Sequence[tuple[int, Mapping[int, str]]]) -> str:
    """What a pattern finds in the first rows of a sheet: its title says the year, a line under it the unit."""
    for _number, cells in rows[:HEADER_WITHIN]:
        for text in cells.values():
            if match := pattern.search(text):
                return match.group(1)
    return ""


def _year_in(name: str) -> str:
    match = re.search(r"(?<!\d)((?:19|20)\d\d)(?!\d)", name)
    return match.group(1) if match else ""


def _headings(sheet: _Sheet) -> Iterator[tuple[int, Mapping[int, str]]]:
    for at, (_number, cells) in enumerate(sheet.rows[:HEADER_WITHIN]):
        yield at, {column: text for column, text in cells.items() if text}


def _column(cells: Mapping[int, str], names: frozenset[str]) -> int | None:
    return next((column for column, text in cells.items() if plain(UNIT.sub("", text)) in names), None)


def _unit_of(heading: str, figure: Figure) -> str:
    """The unit a heading says in brackets; what is no unit of the figure belongs to its name."""
    return next((text for text in reversed(UNIT.findall(heading)) if _knows(figure, text)), "") or _odd(heading, figure)


def _knows(figure: Figure, text: str) -> bool:
    return any(inputs().factor(figure, part) is not None for part in re.split(r"[，,、]", text))


def _odd(heading: str, figure: Figure) -> str:
    """A bracket that is neither a known unit nor part of the figure's name: a unit nobody knows."""
    known = {plain(name) for name in (figure.zh, *figure.names)}
    return "" if plain(heading) in known or not UNIT.search(heading) else UNIT.findall(heading)[-1]


def _long(sheet: _Sheet) -> Table | None:
    """One figure a row: place, figure, value, and perhaps unit and year."""
    for at, cells in _headings(sheet):
        place, figure, value = _column(cells, PLACES - UNITS), _column(cells, FIGURES), _column(cells, VALUES)
        if place is None or figure is None or value is None:
            continue
        unit, year = _column(cells, UNITS), _column(cells, YEARS)
        found = []
        for number, row in sheet.rows[at + 1 :]:
            if row.get(figure) and row.get(place):
                known = inputs().called(row[figure])
                said = row.get(unit, "") if unit is not None else ""
                said = said or (_unit_of(row[figure], known) if known else "")
                found.append(Cell(number, row[place], row[figure], known, row.get(value, ""), said, row.get(year, "") if year is not None else ""))  # fmt: skip
        names = {place: _("镇街"), figure: _("指标"), value: _("数值"), unit: _("单位"), year: _("年度")}
        mapping = [MappingLine(text, str(names.get(column, ""))) for column, text in cells.items()]
        if any(one.figure for one in found):
            return Table(_("一行一个指标"), mapping, found, sheet.year, sheet.unit)
    return None


def _across(sheet: _Sheet) -> Table | None:
    """Towns down, figures across."""
    for at, cells in _headings(sheet):
        place = _column(cells, PLACES)
        if place is None:
            continue
        below, parts = figureheads.heading(sheet.grid, at, place)
        heads = {column: figureheads.head(words, sheet.year) for column, words in parts.items() if column != place}
        known = figureheads.best(heads)
        if not known:
            continue
        year = _column(cells, YEARS)
        found = [
            Cell(number, row[place], one.text, one.figure, row.get(column, ""), _unit_over(one, one.figure),
                 (row.get(year, "") if year is not None else "") or one.year)
            for number, row in sheet.rows[below:] if row.get(place) and _any(row, known)
            for column, one in known.items() if one.figure is not None
        ]  # fmt: skip
        names = {place: _("镇街"), year: _("年度")}
        mapping = [
            MappingLine(" ".join(words), _named(known[column]) if column in known else str(names.get(column, "")))
            for column, words in sorted(parts.items())
        ]
        left = [line.read for line in mapping if not line.as_name]
        return Table(_("一行一个镇街"), mapping, found, sheet.year, sheet.unit, left)
    return None


def _named(head: figureheads.Head) -> str:
    """What a column was taken for, with its year where it says one of its own."""
    name = head.figure.zh if head.figure else ""
    return f"{name}（{head.year}）" if head.year else name


def _unit_over(head: figureheads.Head, figure: Figure) -> str:
    """The unit a heading says, or what stands above it."""
    above = (text for text in reversed(UNIT.findall(head.text)) if _knows(figure, text))
    return _unit_of(head.name, figure) or next(above, "")


def _any(row: Mapping[int, str], known: Mapping[int, Figure]) -> bool:
    return any(row.get(column) for column in known)


def _down(sheet: _Sheet) -> Table | None:
    """Figures down, towns across."""
    for at, cells in _headings(sheet):
        first = _column(cells, FIGURES)
        if first is None:
            continue
        unit, year = _column(cells, UNITS), _column(cells, YEARS)
        heads = {column: figureheads.head([text], sheet.year) for column, text in cells.items()}
        towns = {column: one for column, one in heads.items() if column not in (first, unit, year) and not one.beside}
        found = [
            Cell(number, WHOLE if town.year else town.text, row[first], figure, row.get(column, ""),
                 (row.get(unit, "") if unit is not None else "") or _unit_of(row[first], figure),
                 (row.get(year, "") if year is not None else "") or town.year)
            for number, row in sheet.rows[at + 1 :]
            if row.get(first) and (figure := inputs().called(row[first])) is not None
            for column, town in towns.items()
        ]  # fmt: skip
        left = [
            row[first] for _number, row in sheet.rows[at + 1 :] if row.get(first) and not inputs().called(row[first])
        ]
        if found:
            names = {first: _("指标"), unit: _("单位"), year: _("年度"), **{one: _("镇街") for one in towns}}
            mapping = [MappingLine(text, str(names.get(column, ""))) for column, text in cells.items()]
            left += [line.read for line in mapping if not line.as_name]
            return Table(_("一行一个指标、一列一个镇街"), mapping, found, sheet.year, sheet.unit, left)
    return None

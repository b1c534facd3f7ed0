"""What the words around the empty cells of a form say: their labels, and the fields they propose."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from soildesk.kit.folding import fold
from soildesk.kit.headingunits import unit_before, unit_in


def places(layout: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Every cell of a form by its name "<sheet>!<cell>", with its sheet."""
    for sheet in layout:
        for cell in sheet["cells"]:
            yield f"{sheet['name']}!{cell['cell']}", sheet, cell


def labels(layout: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What stands beside each empty cell: the nearest words to its left, else above it; both where there are both."""
    found = {}
    for sheet in layout:
        told = [cell for cell in sheet["cells"] if cell["text"].strip()]
        for cell in sheet["cells"]:
            if not cell["text"].strip():
                beside = (_clause(cell, told), "") if sheet["kind"] == TEXT else (_left(cell, told), _above(cell, told))
                found[f"{sheet['name']}!{cell['cell']}"] = " · ".join(filter(None, beside))
    return found


TEXT = "text"
"""The kind of a sheet that is running text: words and gaps in turn, nothing stands above anything."""
OWN = "…"
OWN_GAP = re.compile(r"[gt]\d+$")
CLAUSE = re.compile("[，。；！？]|[ \u3000\xa0]{2,}")


def _clause(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> str:
    """The words right before a gap in running text, from the last comma, full stop or room left free on."""
    return _last_clause(_left(cell, told))


def _last_clause(words: str) -> str:
    return CLAUSE.split(words)[-1].strip(" \u3000:：").lstrip("）)").rstrip("（(").strip(" \u3000:：")


def printed(layout: Sequence[Mapping[str, Any]], rows: Mapping[str, Any]) -> dict[str, dict[int, str]]:
    """Columns of these rows in which the form prints different names already, by their letters: {letter: {row: name}}.

    Running numbers and formulas are no names.
    """
    cells = next((sheet["cells"] for sheet in layout if sheet["name"] == rows["sheet"]), [])
    found: dict[str, dict[int, str]] = {}
    for cell in cells:
        words = cell["text"].strip()
        if (
            rows["first_row"] <= cell["row"] <= rows["last_row"]
            and words
            and not words.isdecimal()
            and not words.startswith("=")
        ):
            found.setdefault(cell["cell"].rstrip("0123456789"), {})[cell["row"]] = words
    return {letter: names for letter, names in found.items() if len(set(names.values())) > 1}


def formulas(layout: Sequence[Mapping[str, Any]]) -> set[str]:
    """Cells that count for themselves."""
    return {place for place, sheet, cell in places(layout) if sheet["kind"] == "xlsx" and cell["text"].startswith("=")}


def percents(layout: Sequence[Mapping[str, Any]]) -> set[str]:
    """Cells that show what they hold as a percentage: 0.5 as 50%."""
    return {place for place, _sheet, cell in places(layout) if cell.get("percent")}


def units(layout: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The unit a form wants in each empty cell: of a column of units, else in the words beside it, else above it."""
    found = {}
    for sheet in layout:
        told = [cell for cell in sheet["cells"] if cell["text"].strip()]
        for cell in sheet["cells"]:
            if not cell["text"].strip():
                found[f"{sheet['name']}!{cell['cell']}"] = _unit(cell, told, sheet["kind"] == TEXT)
    return {place: unit for place, unit in found.items() if unit}


def _unit(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]], flowing: bool) -> str:
    if flowing:
        after = next((one for one in told if one["row"] == cell["row"] and one["column"] == cell["column"] + 1), None)
        return unit_before(_words(after))
    own = [one for one in told if one["row"] == cell["row"] and one["column"] < cell["column"]]
    said = (unit_in(f"({one['text']})") for one in reversed(own) if fold(one["text"]) in UNITS)
    return next(said, "") or unit_in(_left(cell, told)) or unit_in(_above(cell, told))


def _left(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> str:
    return _words(_nearest_left(cell, told))


def _above(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> str:
    return _words(_nearest_above(cell, told))


def _words(one: Mapping[str, Any] | None) -> str:
    return str(one["text"].strip()) if one else ""


UNITS = frozenset(
    {"%", "家", "个", "块", "宗", "亩", "万亩", "公顷", "hm2", "平方米", "m2", "立方米", "m3", "吨", "项", "件", "次", "处", "份", "人", "户", "座", "口", "起", "万元", "公里", "天"}
)  # fmt: skip
"""Words of a column of units: they say nothing of what the row is about."""


def _nearest_left(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The words to the left of a cell; a unit says only in what the row is counted."""
    row, column = cell["row"], cell["column"]
    beside = [
        one
        for one in told
        if one["row"] <= row < one["row"] + one["rows"] and one["column"] < column and fold(one["text"]) not in UNITS
    ]
    return max(beside, key=lambda one: int(one["column"]), default=None)


def _nearest_above(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    row, column = cell["row"], cell["column"]
    over = [one for one in told if one["column"] <= column < one["column"] + one["columns"] and one["row"] < row]
    return max(over, key=lambda one: int(one["row"]), default=None)


OTHERS = re.compile("目标|任务|计划|应|上年|上期|去年|同期|本季|本月|当季|当月|单位")
"""Headings of columns that hold no figure of the desk: what is asked, another period, the unit."""
HEADINGS = {"分子": "numerator", "分母": "denominator"}
"""Headings over the two parts of a share."""


def proposed(
    layout: Sequence[Mapping[str, Any]], known: Mapping[str, str], mapped: Mapping[str, str], place_name: str = ""
) -> dict[str, str]:
    """Fields for empty cells that have none, by the words beside them; `known` are the fields and their names.

    The words to the left decide, and they speak for the cell next to them alone (units, and columns of targets or other
    periods, are passed over), or for one under 分子 or 分母; a heading decides where nothing stands to the left, for the
    cell right under it, or anywhere below in the row of the place itself (`place_name`). In running text the clause before a gap decides.
    """
    named = sorted(
        ((fold(title), name) for name, title in known.items() if not name.endswith("ator")),
        key=lambda one: -len(one[0]),
    )
    found: dict[str, str] = {}
    within = {
        f"{sheet['name']}!{OWN_GAP.sub('', one['cell'])}" for _p, sheet, one in places(layout) if sheet["kind"] == TEXT
    }
    for sheet in layout:
        told = _telling(sheet, within)
        look = _in_text if sheet["kind"] == TEXT else _proposed
        for cell in sheet["cells"]:
            place = f"{sheet['name']}!{cell['cell']}"
            name = "" if cell["text"].strip() or place in mapped else look(cell, told, named)
            name = name or _rest_of_day(cell, told, sheet, found) or _of_place(cell, told, named, place_name)
            if name in known:
                found[place] = name
    return found


def _telling(sheet: Mapping[str, Any], within: Collection[str]) -> list[Mapping[str, Any]]:
    """The cells with words. One with gaps of its own (`within`) speaks for them, and for no cell beside it; a row with room in it heads nothing."""
    told = [cell for cell in sheet["cells"] if cell["text"].strip()]
    if sheet["kind"] == TEXT:
        return told
    room = {cell["row"] for cell in sheet["cells"] if not cell["text"].strip()}
    return [
        {
            **one,
            "heads": one["row"] not in room,
            "text": OWN if f"{sheet['name']}!{one['cell']}" in within else one["text"],
        }
        for one in told
    ]


def _proposed(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]], named: Sequence[tuple[str, str]]) -> str:
    left, above = _nearest_left(cell, told), _nearest_above(cell, told)
    name = _named(_words(left or above), named)
    part = HEADINGS.get(_words(above)) if left else None
    if part:
        return name.removesuffix("text") + part if name.endswith(":text") else ""
    beside = left is not None and not OTHERS.search(_words(above)) and _next_to(left, cell, told)
    under = left is None and above is not None and above["row"] + above["rows"] == cell["row"] and above["heads"]
    return name if beside or under else ""


def _of_place(
    cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]], named: Sequence[tuple[str, str]], place_name: str
) -> str:
    """In the row of the place itself the heading of the column decides; the rows of other places stay empty."""
    if cell["text"].strip() or not place_name or fold(_left(cell, told)) != fold(place_name):
        return ""
    above = _words(_nearest_above(cell, told))
    whole = next((name for title, name in named if title == fold(above)), "")
    return whole or ("" if OTHERS.search(above) else _named(above, named))


def _next_to(left: Mapping[str, Any], cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a cell is the first behind the words that may hold their figure."""
    between = range(left["column"] + left["columns"], cell["column"])
    units = {one["column"] for one in told if one["row"] == cell["row"]}
    return all(
        column in units or OTHERS.search(_words(_nearest_above({**cell, "column": column}, told))) for column in between
    )


def _in_text(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]], named: Sequence[tuple[str, str]]) -> str:
    """By the clause right before the gap, from the last comma or full stop on."""
    left = _nearest_left(cell, told)
    beside = left is not None and left["column"] + 1 == cell["column"]
    return _named(_last_clause(_words(left)), named) if beside else ""


def _rest_of_day(
    cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]], sheet: Mapping[str, Any], found: Mapping[str, str]
) -> str:
    """The field of the gap before 年 or 月, where that is a day: ____年__月__日 is one day in three gaps."""
    if sheet["kind"] != TEXT or cell["text"].strip() or _left(cell, told) not in ("年", "月"):
        return ""
    before = next(
        (one for one in sheet["cells"] if (one["row"], one["column"]) == (cell["row"], cell["column"] - 2)), None
    )
    name = found.get(f"{sheet['name']}!{before['cell']}", "") if before else ""
    return name if name in DAYS else ""


DAYS = ("own:today", "own:on")
ALIASES = {fold(word): "own:place" for word in ("地区", "行政区", "县（市、区）", "区县", "填报地区")}
ALIASES |= {fold(word): "own:today" for word in ("填报日期", "填报时间", "填表时间")}
"""Other words for what a form is filled with, where they stand alone."""


def _named(words: str, named: Sequence[tuple[str, str]]) -> str:
    text = fold(words)
    if text in ALIASES:
        return ALIASES[text]
    return next((name for title, name in named if title and title in text), "")

"""What the words around the empty cells of a form say: their labels, and the fields they propose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from soildesk.kit.folding import fold


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
CLAUSE = re.compile("[，。；！？]")


def _clause(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> str:
    """The words right before a gap in running text, from the last comma or full stop on."""
    return CLAUSE.split(_left(cell, told))[-1].strip(" \u3000（）():：")


def _left(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> str:
    return _words(_nearest_left(cell, told))


def _above(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> str:
    return _words(_nearest_above(cell, told))


def _words(one: Mapping[str, Any] | None) -> str:
    return str(one["text"].strip()) if one else ""


def _nearest_left(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    row, column = cell["row"], cell["column"]
    beside = [one for one in told if one["row"] <= row < one["row"] + one["rows"] and one["column"] < column]
    return max(beside, key=lambda one: int(one["column"]), default=None)


def _nearest_above(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    row, column = cell["row"], cell["column"]
    over = [one for one in told if one["column"] <= column < one["column"] + one["columns"] and one["row"] < row]
    return max(over, key=lambda one: int(one["row"]), default=None)


HEADINGS = {"分子": "numerator", "分母": "denominator"}
"""Headings over the two parts of a share."""


def proposed(
    layout: Sequence[Mapping[str, Any]], known: Mapping[str, str], mapped: Mapping[str, str]
) -> dict[str, str]:
    """Fields for empty cells that have none, by the words beside them; `known` are the fields and their names.

    The words to the left decide, and they speak for the cell next to them alone, or for one under 分子 or 分母; a heading
    decides where nothing stands to the left, for the cell right under it. In running text the clause before a gap decides.
    """
    named = sorted(
        ((fold(title), name) for name, title in known.items() if not name.endswith("ator")),
        key=lambda one: -len(one[0]),
    )
    found = {}
    for sheet in layout:
        told = [cell for cell in sheet["cells"] if cell["text"].strip()]
        look = _in_text if sheet["kind"] == TEXT else _proposed
        for cell in sheet["cells"]:
            place = f"{sheet['name']}!{cell['cell']}"
            name = "" if cell["text"].strip() or place in mapped else look(cell, told, named)
            if name in known:
                found[place] = name
    return found


def _proposed(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]], named: Sequence[tuple[str, str]]) -> str:
    left, above = _nearest_left(cell, told), _nearest_above(cell, told)
    name = _named(_words(left or above), named)
    part = HEADINGS.get(_words(above)) if left else None
    if part:
        return name.removesuffix("text") + part if name.endswith(":text") else ""
    beside = left is not None and left["column"] + left["columns"] == cell["column"]
    under = left is None and above is not None and above["row"] + above["rows"] == cell["row"]
    return name if beside or under else ""


def _in_text(cell: Mapping[str, Any], told: Sequence[Mapping[str, Any]], named: Sequence[tuple[str, str]]) -> str:
    """By the clause right before the gap, from the last comma or full stop on."""
    left = _nearest_left(cell, told)
    beside = left is not None and left["column"] + 1 == cell["column"]
    return _named(CLAUSE.split(_words(left))[-1], named) if beside else ""


def _named(words: str, named: Sequence[tuple[str, str]]) -> str:
    text = fold(words)
    return next((name for title, name in named if title and title in text), "")

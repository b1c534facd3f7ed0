"""What columns beside a result say of it: qualifiers (<, U, ND, J, R) and whether it was detected."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from soilrules.labtables import notation
from soilrules.labtables.beside import Columns
from soilrules.labtables.coded import Coded, blank
from soilrules.labtables.layout import ValueColumn
from soilrules.labtables.results import CODE, Results

Flags = NDArray[np.bool_]
_KINDS = ("below", "above", "detected", "rejected", "unread")


@dataclass(slots=True)
class Said:
    """The results of which each kind of thing is said; `printed` is the first column of qualifiers."""

    rows: dict[str, Flags]
    printed: Coded


def of(columns: Columns, value: ValueColumn) -> Said:
    """What the columns beside one column of results say, its own or those of the whole row.

    A flag for a whole row of several results does not say which of them it means: where it says below, none is judged.
    """
    said = Said({kind: np.zeros(columns.rows, np.bool_) for kind in _KINDS}, blank(columns.rows))
    for role in ("qualifier", "detected", "not_detected"):
        read = _qualifier if role == "qualifier" else partial(notation.flag, asked=role)
        shared = role not in value.companions and columns.layout.results > 1
        for at in reversed(columns.layout.beside(value, role)):
            column = columns.at(at)
            words = np.array([*(read(word) or "" for word in column.words), ""])[column.codes]
            if shared:
                words[words == "below"] = "unread"
                words[words == "detected"] = ""
            for kind in _KINDS:
                said.rows[kind] |= words == kind
            said.printed = column if role == "qualifier" else said.printed
    return said


def _qualifier(word: str) -> str | None:
    """What a qualifier says; a letter such as J says nothing of detection."""
    if notation.says_below(word):
        return "below"
    return next((kind for kind in ("above", "rejected") if notation.means(word, kind)), None)


def apply(said: Said, one: Results, printed: Coded) -> None:
    """Change the results by what is said of them; a contradiction leaves nothing to judge, and 未检测 stays so."""
    number = ~np.isnan(one.value)
    below, above, detected, rejected, unread = (said.rows[kind] for kind in _KINDS)
    contradiction = detected & (one.censored | below)
    contradiction |= below & ((one.problem == CODE["above_range"]) | above)
    if below.any():
        one.below(below & ~printed.marked(notation.says_not_measured))
    one.above(above)
    one.refuse(number & unread, "detection_unread")
    one.refuse(contradiction & ((one.problem < 0) | (one.problem == CODE["above_range"])), "detection_contradiction")
    one.refuse(rejected & (number | one.censored), "rejected_result")

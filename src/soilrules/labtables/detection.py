"""What columns beside a result say of it: qualifiers (<, U, ND, J, R) and whether it was detected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soilrules.labtables import notation
from soilrules.labtables.beside import Columns
from soilrules.labtables.coded import Coded, blank
from soilrules.labtables.layout import ValueColumn
from soilrules.labtables.results import CODE, Results

Flags = NDArray[np.bool_]


@dataclass(slots=True)
class Said:
    """What is said of each result; `printed` is the first column of qualifiers."""

    below: Flags
    above: Flags
    detected: Flags
    rejected: Flags
    unread: Flags
    printed: Coded


def of(columns: Columns, value: ValueColumn) -> Said:
    """What the columns beside one column of results say, its own or those of the whole row."""
    nothing = np.zeros(columns.rows, np.bool_)
    said = Said(nothing, nothing.copy(), nothing.copy(), nothing.copy(), nothing.copy(), blank(columns.rows))
    for at in reversed(columns.layout.beside(value, "qualifier")):
        said.printed = columns.at(at)
        said.below |= said.printed.marked(notation.says_below)
        said.above |= said.printed.marked(lambda word: notation.means(word, "above"))
        said.rejected |= said.printed.marked(lambda word: notation.means(word, "rejected"))
    for role in ("detected", "not_detected"):
        for at in columns.layout.beside(value, role):
            read = [notation.flag(word, asked=role) for word in columns.at(at).words]
            codes = np.array([*("" if one is None else one for one in read), ""])[columns.at(at).codes]
            said.below |= codes == "below"
            said.detected |= codes == "detected"
            said.unread |= codes == "unread"
    return said


def apply(said: Said, one: Results, printed: Coded) -> None:
    """Change the results by what is said of them; a contradiction leaves nothing to judge, and 未检测 stays so."""
    number = ~np.isnan(one.value)
    contradiction = said.detected & (one.censored | said.below)
    contradiction |= said.below & ((one.problem == CODE["above_range"]) | said.above)
    one.below(said.below & ~printed.marked(notation.says_not_measured))
    one.above(said.above)
    one.refuse(number & said.unread, "detection_unread")
    one.refuse(contradiction & ((one.problem < 0) | (one.problem == CODE["above_range"])), "detection_contradiction")
    one.refuse(said.rejected & (number | one.censored), "rejected_result")

"""Characters nobody sees, which are taken off when a file is read: zero-width blanks, marks of direction and the like."""

from __future__ import annotations

import numpy as np

from soilrules.labcheck.findings import Log, rules
from soilrules.labcheck.frame import Frame
from soilrules.labtables.coded import INVISIBLE, matching

RULE = "invisible"


def check(frame: Frame, log: Log) -> None:
    """The cells of rows with results, column by column."""
    chunk = frame.piece.printed
    of_results = np.isin(chunk.rows, frame.piece.read.rows)
    for at, column in chunk.columns.items():
        where = matching(column, INVISIBLE) & of_results
        if where.any():
            _tell(frame, log, frame.layout.headings[at], chunk.rows[where])


def _tell(frame: Frame, log: Log, heading: str, rows: np.ndarray) -> None:
    shown = rows[: log.room(RULE)].tolist()
    for row in shown:
        log.tell(RULE, row, heading)
    log.only_count(RULE, len(rows) - len(shown))
    severity = np.where(np.isin(frame.row, rows), np.int8(rules()[RULE].severity), np.int8(0))
    np.maximum(frame.severity, severity, out=frame.severity)

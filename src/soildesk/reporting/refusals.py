"""Why an act of reporting was refused: stable codes, sentences for people."""

from __future__ import annotations

from soildesk.core.errors import Refusal


class ReportRefused(Refusal):
    """A report or its calendar cannot be written so.

    Codes: reporting.due.twice, .missing, .period, .day, .state, .why_missing; reporting.copy.kind, .period, .ahead, .place,
    .state, .signed, .day, .to_missing, .receipt_missing, .review_missing, .changed; reporting.blank.name, .cell, .field, .list, .unmapped,
    .version, .no_cells, .formula.
    """

    code = "reporting.refused"

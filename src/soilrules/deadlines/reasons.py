"""Why a term is less than sure: ids of sentences in soilrules/plantext/messages.yaml."""

from __future__ import annotations

from enum import StrEnum


class TermReason(StrEnum):
    """Reasons a deadline carries beside a confidence below 1."""

    TERM_AS_DIRECTED = "term_as_directed"
    TERM_UNDETERMINED = "term_undetermined"
    FIVE_YEAR_PLAN = "five_year_plan"
    TERM_BY_EVENT = "term_by_event"
    SHARED_ENDING = "shared_ending"
    NO_YEAR_FOR_TERM = "no_year_for_term"
    FIRST_DAY_IN_OR_OUT = "first_day_in_or_out"
    PART_OF_MONTH = "part_of_month"
    PERIOD_IN_OR_OUT = "period_in_or_out"
    TARGET_YEAR = "target_year"
    BARE_YEAR = "bare_year"
    RECURRING = "recurring"
    YEAR_FROM_PLAN = "year_from_plan"

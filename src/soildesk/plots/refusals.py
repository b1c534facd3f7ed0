"""Why an act on plots, their life or their lists was refused: stable codes, sentences for people."""

from __future__ import annotations

from typing import Any

from soildesk.core.errors import Refusal


class PlotsRefused(Refusal):
    """An act was refused. `code` never changes; the sentence says value, place, expectation, next step."""

    code = "plots.refused"


class PlotRefused(PlotsRefused):
    """A plot cannot be written so.

    Codes: plots.plot.unknown_fact, .name_missing, .choice, .number, .code_taken, .code_twice, .duplicate, .future,
    .later_versions, .parcel, .has_events, .on_list, .ground_lost, .not_found, .person, .unsettled.
    """

    code = "plots.plot.refused"


class EventRefused(PlotsRefused):
    """An event cannot be written, or taken back, so. `missing` are the conditions that are not met, `cited` their articles.

    Codes: plots.event.unknown, .future, .before_plot, .guard, .order, .authority, .document, .why_missing, .stale,
    .not_found, .of_report, .of_notice, .place.
    """

    code = "plots.event.refused"

    def __init__(self, sentence: str, *, code: str = "", missing: Any = (), cited: Any = ()) -> None:
        super().__init__(sentence, code=code)
        self.missing = tuple(missing)
        self.cited = tuple(cited)


class ListRefused(PlotsRefused):
    """A notice of a list, or what it does to the list, cannot be written so.

    Codes: plots.list.unknown, .level, .not_kept, .words, .days, .future, .twice, .elsewhere, .standing, .not_standing,
    .unknown_fact, .used, .why_missing.
    """

    code = "plots.list.refused"


class CandidateRefused(PlotsRefused):
    """A candidate cannot be taken in or decided so.

    Codes: plots.candidate.decided, .why_missing, .no_ground, .words, .future, .not_found, .unknown_fact, .twice.
    """

    code = "plots.candidate.refused"


class NoticeRefused(PlotsRefused):
    """A written notice cannot be written so.

    Codes: plots.notice.ground, .running, .words, .days, .future, .twice, .withdrawn, .done, .why_missing, .kind, .unknown_fact.
    """

    code = "plots.notice.refused"


class ReportRefused(PlotsRefused):
    """An act on a report, or its review, cannot be done so.

    Codes: plots.report.kind, .words, .code, .value, .future, .unknown_fact, .state, .no_file, .why_missing, .not_found,
    .ground, .batch, .differs, .incomplete, .open, .level, .side, .verdict, .expert, .conflict, .form, .paper, .days,
    .uploaded, .share, .seed, .too_few, .twice.
    """

    code = "plots.report.refused"


class ControlRefused(PlotsRefused):
    """An act on a plot that is not developed for now cannot be done so.

    Codes: plots.control.words, .days, .future, .done, .approved, .not_approved, .ended, .no_paper, .basis, .year, .medium,
    .ground, .not_found, .empty, .no_proof, .photos, .taken_back, .has_event, .why_missing.
    """

    code = "plots.control.refused"

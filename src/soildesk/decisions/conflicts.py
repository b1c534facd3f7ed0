"""What a layer that was asked about meets: each of its rows against each plot and list, and what must be surveyed first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator

from soildesk.decisions import answershown
from soildesk.decisions.models import GateBatch, GateQuery
from soildesk.decisions.queries import kept
from soildesk.kit.parts import Chip
from soildesk.plots.words import list_name, stage_word

SURVEYS = (
    "use_change_needs_survey", "survey_coverage", "suspected_not_surveyed", "key_unit_transfer",
    "industrial_never_surveyed", "local_sensitive_use", "local_triggers", "local_moments",
)  # fmt: skip
"""The checks that ask for a survey."""
ROWS_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Conflict:
    """One row of a layer on one plot, by one list the plot stands on that day; `on_list` is empty where it is on none."""

    query: GateQuery
    plot: str
    code: str
    stage: str
    on_list: str
    area_m2: float
    share: str


@dataclass(frozen=True, slots=True)
class ToSurvey:
    """Ground of one row that is to be surveyed first, or of which that cannot be said, by one check."""

    query: GateQuery
    title: str
    outcome: str
    chip: Chip
    area_m2: float
    plots: str
    because: str
    basis: str


def rows_page(batch: GateBatch, page: str = "1") -> Page[GateQuery]:
    """Some of the answers of a batch, the worst first over all of its pages."""
    return Paginator(kept.of_batch(batch), ROWS_PER_PAGE).get_page(page)


def found_in(queries: Iterable[GateQuery]) -> dict[str, Any]:
    """What the page tells of rows: their conflicts, and what must be surveyed first, the worst before the rest."""
    held = list(queries)
    worst = sorted(to_survey(held), key=lambda one: answershown.WORST.index(one.outcome))
    return {"conflicts": list(conflicts(held)), "to_survey": worst}


def conflicts(queries: Iterable[GateQuery]) -> Iterator[Conflict]:
    """Every row against the plots that lie on it, slivers apart, in the order of the rows."""
    for query in queries:
        for plot in query.facts["plots"]:
            area = sum(one["area_m2"] for one in query.facts["ground"]["pieces"] if plot["id"] in one["over"])
            if area <= query.tolerance_m2:
                continue
            for name in _lists(plot, query.on) or [""]:
                share = answershown.share_of(area, query.area_m2)
                yield Conflict(query, plot["name"], plot["code"], stage_word(plot["stage"]), name, area, share)


def to_survey(queries: Iterable[GateQuery]) -> Iterator[ToSurvey]:
    """What each row is asked to have surveyed first, in the order of the rows."""
    for query in queries:
        for one in answershown.asking(query):
            if one.id in SURVEYS:
                yield ToSurvey(
                    query, one.title, one.outcome, one.chip, one.area_m2, _plots_on(query, one.pieces), one.because[0], "；".join(one.basis)
                )  # fmt: skip


def _lists(plot: Mapping[str, Any], day: date) -> list[str]:
    return [list_name(one["list_key"]) for one in plot["memberships"] if answershown.counts(one, day)]


def _plots_on(query: GateQuery, pieces: Iterable[str]) -> str:
    wanted = set(pieces)
    over = {key for one in query.facts["ground"]["pieces"] if one["id"] in wanted for key in one["over"]}
    return "、".join(one["name"] for one in query.facts["plots"] if one["id"] in over)

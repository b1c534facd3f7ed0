"""Where plots stood in their life on a day, and on which lists: read from what the events made of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from soildesk.core.permissions import Actor
from soildesk.plots.models import Membership, Plot, PlotEvent, PlotStage
from soilrules.plots.lists import ListKey


@dataclass(frozen=True, slots=True)
class Life:
    """A plot's life as it is known: its events in their order, its stages and its stays on lists, each by day."""

    plot: Plot
    events: Sequence[PlotEvent]
    stages: Sequence[PlotStage]
    stays: Sequence[Membership]

    def stage_on(self, on: date) -> PlotStage | None:
        """The stage of a day; None where no event had happened yet."""
        return next((one for one in reversed(self.stages) if counts(one, on)), None)

    def lists_on(self, on: date) -> list[str]:
        """The lists of a day, in their order."""
        return ordered(one.list_key for one in self.stays if counts(one, on))


def counts(version: Any, on: date) -> bool:
    """Whether a version counts on a day."""
    return bool(version.since <= on and (version.until is None or on < version.until))


def counts_event(event: PlotEvent, on: date) -> bool:
    """Whether an event had happened by a day."""
    return bool(event.on <= on)


def ordered(keys: Iterable[str]) -> list[str]:
    """Keys of lists in the order in which a plot comes to stand on them."""
    held = set(keys)
    return [str(key) for key in ListKey if key in held]


def of(plot: Plot, known_on: datetime | None = None) -> Life:
    """The whole life of one plot, as known now or at a moment."""
    events = events_of([plot.pk], known_on).select_related("recorded_by", "notice", "report")
    stages = PlotStage.objects.as_known(known_on).filter(plot=plot).select_related("event").order_by("since", "id")
    stays = (
        Membership.objects.as_known(known_on)
        .filter(plot=plot)
        .select_related("event", "event_out", "notice", "notice_out")
    )
    return Life(plot, list(events), list(stages), list(stays.order_by("since", "list_key", "id")))


def events_of(plot_ids: Iterable[int], known_on: datetime | None = None) -> QuerySet[PlotEvent]:
    """The events of plots in the order in which they happened; those superseded by then are left out."""
    known = Q(superseded_at__isnull=True)
    if known_on is not None:
        known = Q(recorded_at__lte=known_on) & (known | Q(superseded_at__gt=known_on))
    return PlotEvent.objects.filter(known, plot__in=list(plot_ids)).order_by("plot", "on", "id")


def lists_of(plot_ids: Iterable[int], on: date, known_on: datetime | None = None) -> Mapping[int, list[str]]:
    """The keys of the lists plots stand on, by plot."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Membership.objects.standing(on, known_on).filter(plot__in=list(plot_ids))
    for plot, key in rows.values_list("plot_id", "list_key"):
        found[plot].append(key)
    return {plot: ordered(keys) for plot, keys in found.items()}


def entered_on(plot_ids: Iterable[int], on: date) -> Mapping[int, Mapping[str, date]]:
    """Since when plots stand on the lists of a day, by plot and list."""
    found: dict[int, dict[str, date]] = defaultdict(dict)
    rows = Membership.objects.standing(on).filter(plot__in=list(plot_ids))
    for plot, key, since in rows.values_list("plot_id", "list_key", "since"):
        found[plot][key] = since
    return found


def stays(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[Membership]:
    """Stays on lists that count on a day."""
    return Membership.objects.visible_to(actor).standing(on, known_on)


def stage_as(field: str, on: date, known_on: datetime | None = None) -> Subquery:
    """A field of the stage of a day as a column of a query over plots' versions."""
    rows = PlotStage.objects.standing(on, known_on).filter(plot=OuterRef("plot"))
    return Subquery(rows.order_by("-since", "-id").values(field)[:1])


def column_of_exit(on: date, known_on: datetime | None = None) -> Subquery:
    """By the values of which class of use the survey that released a plot was judged, as a column of its versions."""
    rows = PlotStage.objects.standing(on, known_on).filter(plot=OuterRef("plot"), exit=PlotStage.Exit.SURVEY)
    return Subquery(rows.order_by("-since", "-id").values(told=KeyTextTransform("column", "event__data"))[:1])

"""What happened to the plots of a ground after a day it was asked about: for answers that are kept and grow old."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncDate
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor
from soildesk.plots.models import PlotEvent, PlotVersion, Report
from soilrules.gate.fromlife import speaking
from soilrules.plots.reports import ReportKind

COLUMNS = ("what", "word", "day", "ref")
"""What changed, a word for it, the day, and the plot (None where it is none)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A ground as it was asked about: of which day, and when; and the day it is looked at again."""

    shape: BaseGeometry
    on: date
    at: datetime
    today: date


def changes(asked: Asked, reader: Actor) -> list[QuerySet[Any]]:
    """Events told or taken back since, reports of aftercare, plots told anew or ended: rows of `COLUMNS` to be read in one statement."""
    ever = PlotVersion.objects.visible_to(reader).filter(geometry__intersects=asked.shape).values("plot")
    events = PlotEvent.objects.filter(plot__in=ever, kind__in=sorted(speaking()), on__lte=asked.today)
    since = Q(on__gt=asked.on) | Q(recorded_at__gt=asked.at)
    told = events.filter(since, superseded_at=None)
    gone = events.filter(on__lte=asked.on, recorded_at__lte=asked.at, superseded_at__gt=asked.at)
    reports = Report.objects.filter(
        plot__in=ever, kind=ReportKind.AFTERCARE, state=Report.State.ACCEPTED, events=None,
        accepted_on__gt=asked.on, accepted_on__lte=asked.today,
    )  # fmt: skip
    versions = PlotVersion.objects.standing(asked.today).filter(plot__in=ever).filter(
        Q(recorded_at__gt=asked.at) | Q(since__gt=asked.on)
    )  # fmt: skip
    counting = PlotVersion.objects.standing(asked.today).filter(plot=OuterRef("plot"))
    ended = PlotVersion.objects.filter(
        ~Exists(counting), superseded_at=None, plot__in=ever, until__gt=asked.on, until__lte=asked.today
    )
    return [
        _rows(told, "event", F("kind"), F("on")),
        _rows(gone, "taken_back", F("kind"), TruncDate("superseded_at")),
        _rows(reports, "aftercare", F("title"), F("accepted_on")),
        _rows(versions, "plot", F("name"), F("since")),
        _rows(ended, "plot_ended", F("name"), F("until")),
    ]


def _rows(rows: QuerySet[Any], what: str, word: Any, day: Any) -> QuerySet[Any]:
    told = {"what": Value(what, output_field=CharField()), "word": word, "day": day, "ref": F("plot_id")}
    return rows.order_by().annotate(**told).values_list(*COLUMNS)


def redrawn(plot_ids: Iterable[int], asked: Asked) -> set[int]:
    """Those of the plots whose ground is drawn otherwise than it was known to be when the question was asked."""
    keys = list(plot_ids)
    then, now = (
        dict(PlotVersion.objects.standing(day, known).filter(plot__in=keys).values_list("plot_id", "geometry"))
        for day, known in ((asked.on, asked.at), (asked.today, None))
    )
    return {key for key in keys if key in then and key in now and not then[key].equals(now[key])}

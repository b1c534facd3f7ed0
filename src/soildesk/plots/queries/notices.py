"""Written notices up to a day, and how they stand."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from soildesk.core.permissions import Actor
from soildesk.plots.models import Plot, PlotVersion, WrittenNotice


def notices(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[WrittenNotice]:
    """Notices sent up to a day, with what the plot was called then."""
    rows = WrittenNotice.objects.visible_to(actor).filter(sent_on__lte=on)
    rows = rows if known_on is None else rows.filter(recorded_at__lte=known_on)
    names = PlotVersion.objects.standing(on, known_on).filter(plot=OuterRef("plot")).values("name")
    return rows.annotate(plot_name=Subquery(names[:1]))


def of_plot(plot: Plot) -> list[WrittenNotice]:
    """The notices of one plot, the latest first."""
    return list(WrittenNotice.objects.filter(plot=plot))


def is_open(on: date) -> Q:
    """Neither withdrawn nor done by a day."""
    return Q(withdrawn_at=None) & (Q(done_on=None) | Q(done_on__gt=on))


def is_late(on: date) -> Q:
    """Open, and its term has passed."""
    return is_open(on) & Q(due__lt=on)


STATES = {
    "waiting": lambda on: Q(withdrawn_at=None, received_on=None),
    "open": is_open,
    "late": is_late,
    "done": lambda on: Q(withdrawn_at=None, done_on__lte=on),
    "withdrawn": Q(withdrawn_at__isnull=False),
}

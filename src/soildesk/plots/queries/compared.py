"""Comparisons with exports of the national system that are kept, and what each found to differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from soildesk.core.permissions import Actor
from soildesk.kit.imports import ImportBatch, ImportRow
from soildesk.plots.models import PlotVersion

KIND = "plots.national"
DIFFERS = "_differs"
"""What a row of a comparison keeps where it differs: the sentence."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One plot of which the national system says otherwise, or nothing: then it stands in no row of the export."""

    position: int | None
    plot: PlotVersion
    told: str


def batches(actor: Actor) -> QuerySet[ImportBatch]:
    """The comparisons of an actor's office whose rows are kept, the newest first."""
    kept = Q(state__in=(ImportBatch.State.PREVIEWED, ImportBatch.State.ACCEPTED))
    closed = Q(state=ImportBatch.State.REJECTED) & Exists(ImportRow.objects.filter(batch=OuterRef("pk")))
    rows = ImportBatch.objects.filter(kept | closed, kind=KIND)
    if actor.person is None:
        return rows.none()
    office = actor.person.department_id
    return (rows.filter(by__department=office) if office else rows.filter(by=actor.person)).order_by("-at", "-pk")


def differences(batch: ImportBatch, actor: Actor) -> Sequence[Difference]:
    """What a comparison found to differ, of plots the actor still sees."""
    rows = list(ImportRow.objects.filter(batch=batch, raw__has_key=DIFFERS).order_by("pk"))
    uids = [row.raw["_plot"] for row in rows]
    seen = PlotVersion.objects.visible_to(actor).standing(actor.today).filter(plot__uid__in=uids)
    plots = {str(one.plot.uid): one for one in seen.select_related("plot")}
    return [
        Difference(row.position or None, plots[row.raw["_plot"]], row.raw[DIFFERS])
        for row in rows
        if row.raw["_plot"] in plots
    ]

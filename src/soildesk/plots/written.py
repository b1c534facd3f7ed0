"""What was written down about plots between two moments: versions, events, stays on lists; by whom, when and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.kit.hindsight import Span, Written, written_about
from soildesk.plots.models import Membership, Plot, PlotEvent, PlotStage, PlotVersion
from soildesk.plots.services.events import words_of
from soildesk.plots.words import list_name


@written_about("plots.plot")
def of_plots(actor: Actor, uids: Collection[str], span: Span) -> Mapping[str, Sequence[Written]]:
    """Of the plots an actor sees, by uid."""
    found: dict[str, list[Written]] = defaultdict(list)
    for told in (_versions, _events, _stays):
        for plot, written in told(actor, uids, span):
            found[str(plot.uid)].append(written)
    return found


def _versions(actor: Actor, uids: Collection[str], span: Span) -> Iterator[tuple[Plot, Written]]:
    rows = _new(PlotVersion.objects.visible_to(actor), uids, span)
    latest = {
        (one.plot_id, one.recorded_at): one for one in rows.order_by("since", "id")
    }  # an act may leave a rest before it
    for one in latest.values():
        replaced = one.plot.versions.filter(superseded_at=one.recorded_at).exists()
        what = _("变更或更正地块内容，自 %(since)s 起") if replaced else _("登记地块，自 %(since)s 起")
        yield one.plot, _written(one, one.recorded_at, what % {"since": one.since}, one.reason)


def _events(actor: Actor, uids: Collection[str], span: Span) -> Iterator[tuple[Plot, Written]]:
    rows = PlotEvent.objects.visible_to(actor)
    for one in _new(rows, uids, span):
        yield one.plot, _written(one, one.recorded_at, _event(one), one.note)
    taken = rows.filter(plot__uid__in=list(uids), superseded_at__gte=span.after, superseded_at__lt=span.until)
    for one in taken.select_related("plot"):
        assert one.superseded_at is not None, "asked for"
        what = _("撤销：%(event)s") % {"event": _event(one)}
        url = reverse("kit:record", args=["plots", str(one.plot.uid)])
        yield one.plot, Written(one.superseded_at, _who(one.plot, one.superseded_at), what, one.reason, url)


def _stays(actor: Actor, uids: Collection[str], span: Span) -> Iterator[tuple[Plot, Written]]:
    for one in _new(Membership.objects.visible_to(actor), uids, span):
        words = {"list": list_name(one.list_key), "since": one.since, "until": one.until}
        what = _("%(list)s：%(since)s 列入，%(until)s 移出") if one.until else _("%(list)s：%(since)s 列入")
        yield one.plot, _written(one, one.recorded_at, what % words, one.reason_out or one.reason_in)


def _new(rows: Any, uids: Collection[str], span: Span) -> Any:
    held = rows.filter(plot__uid__in=list(uids), recorded_at__gte=span.after, recorded_at__lt=span.until)
    return held.select_related("plot", "recorded_by").order_by("recorded_at", "id")


def _event(one: PlotEvent) -> str:
    told = {"kind": words_of(one.kind), "on": one.on, "document": one.document}
    return _("%(on)s %(kind)s %(document)s") % told


def _written(row: Any, at: datetime, what: str, why: str) -> Written:
    who = row.recorded_by.name if row.recorded_by else ""
    return Written(at, who, what.strip(), why, reverse("kit:record", args=["plots", str(row.plot.uid)]))


def _who(plot: Plot, at: datetime) -> str:
    """Who placed the plot anew when an event was taken back."""
    row = PlotStage.objects.filter(Q(recorded_at=at), plot=plot).select_related("recorded_by").first()
    return row.recorded_by.name if row and row.recorded_by else ""

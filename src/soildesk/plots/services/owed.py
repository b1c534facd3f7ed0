"""What is owed on written notices: done by an event of the plot, gone where a notice is withdrawn. Part of other acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from soildesk.core import duties
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soildesk.plots.models import Plot, PlotEvent, WrittenNotice
from soilrules.plots.state import EventKind

Kind = WrittenNotice.Kind
E = EventKind
FULFILLED_BY: dict[str, frozenset[EventKind]] = {
    Kind.PRELIMINARY: frozenset({E.PRELIMINARY_WITHIN, E.PRELIMINARY_EXCEEDS, E.SUSPICION_DISMISSED}),
    Kind.DETAILED: frozenset(
        {E.DETAILED_WITHIN, E.ASSESSED_NO_CONTROL, E.ASSESSED_CONTROL, E.ASSESSED_REMEDIATION, E.ASSESSED_BOTH}
    ),
    Kind.CONTROL: frozenset({E.EFFECT_REACHED, E.REMOVAL_DECIDED}),
    Kind.REMEDIATION: frozenset({E.EFFECT_REACHED, E.REMOVAL_DECIDED}),
    Kind.STOP: frozenset({E.VIOLATION_SETTLED}),
}
"""The events by which what a notice asks is done."""


def fit(plot: Plot, *, by: Actor) -> None:
    """Make the duties of a plot's notices fit its events."""
    notices = list(WrittenNotice.objects.filter(plot=plot).select_related("owner_department"))
    if not notices:
        return
    events = list(PlotEvent.objects.filter(superseded_at=None, plot=plot).order_by("on", "id"))
    for notice in notices:
        done = done_on(notice, events)
        if done != notice.done_on:
            notice.done_on = done
            notice.save(update_fields=["done_on"])
    duties.fit([(one, _standing(one)) for one in notices], by=by)


def done_on(notice: WrittenNotice, events: Sequence[PlotEvent]) -> date | None:
    """The day of the first event that does what a notice asks; None where none does yet."""
    wanted = FULFILLED_BY[notice.kind]
    return next((one.on for one in events if one.kind in wanted and one.on >= notice.sent_on), None)


def _standing(notice: WrittenNotice) -> Sequence[Standing]:
    if notice.withdrawn_at is not None or notice.due is None:
        return []
    title = _("%(what)s（%(number)s，%(who)s）") % {
        "what": notice.get_kind_display(),
        "number": notice.number,
        "who": notice.recipient,
    }
    spec = DutySpec(
        Duty.Kind.PLOT_NOTICE, title[:300], notice.owner_department, basis=notice.basis, due=notice.due,
        since=notice.received_on,
    )  # fmt: skip
    return [Standing(spec, Life(notice.sent_on), notice.done_on)]

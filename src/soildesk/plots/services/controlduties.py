"""What is owed on plots under control: zones on their way, the plan and media of a year, what rounds found. Part of other acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from soildesk.core import duties
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor
from soildesk.enterprises.sentences import LANGUAGES
from soildesk.plots.controlwords import FOUND, basis_of, medium_word
from soildesk.plots.models import ControlRound, ControlYear, ControlZone, Plot, PlotEvent, PlotStage
from soildesk.plots.queries.plots import names_of
from soilrules.plots.control import BASES, VIOLATION_BASES, VIOLATIONS, Found, Medium, found
from soilrules.plots.state import EventKind


def fit(plot: Plot, *, by: Actor) -> None:
    """Make the duties of a plot under control fit what is recorded of it; none is owed from the day it was released."""
    zones = list(ControlZone.objects.filter(plot=plot).select_related("owner_department"))
    years = list(ControlYear.objects.filter(plot=plot).select_related("owner_department"))
    rounds = list(ControlRound.objects.filter(plot=plot).select_related("owner_department"))
    if not (zones or years or rounds):
        return
    name = names_of([plot.pk], by.today).get(plot.pk, plot.number)
    ended, told = _released_on(plot), _violations(plot)
    duties.fit([(one, _of_zone(one, name, ended)) for one in zones], by=by)
    duties.fit([(one, _of_year(one, name, ended)) for one in years], by=by)
    duties.fit([(one, _of_round(one, name, told)) for one in rounds], by=by)


def subject_of(one: ControlRound, what: Found) -> str:
    """What the event of a violation that a round found is told by: the same in whatever language it is asked."""
    with override(LANGUAGES["zh"]):
        return _("巡查 %(on)s：%(what)s（%(mark)s）") % {"on": one.on, "what": FOUND[what], "mark": one.uid.hex[-6:]}


def findings(one: ControlRound) -> tuple[Found, ...]:
    """What a round found; one written wrongly found nothing."""
    if one.superseded_at is not None:
        return ()
    return found(building=one.unrelated_building, in_use=one.in_use, spread=one.spread, sign_intact=one.sign_intact)


def _released_on(plot: Plot) -> date | None:
    last = PlotStage.objects.filter(superseded_at=None, until=None, plot=plot).exclude(exit="").first()
    return last.since if last else None


def _violations(plot: Plot) -> dict[str, date]:
    """The violations written down as events, with their day."""
    rows = PlotEvent.objects.filter(superseded_at=None, plot=plot, kind=EventKind.VIOLATION_FOUND)
    return {str(one.data.get("violation", "")): one.on for one in rows}


def _owed(
    title: str, unit: Department, life: Life, *, due: date | None = None, basis: str = "", done_on: date | None = None
) -> Standing:
    """One thing owed by the department that keeps the plot."""
    return Standing(DutySpec(Duty.Kind.PLOT_CONTROL, title[:300], unit, basis=basis[:300], due=due), life, done_on)


def _of_zone(zone: ControlZone, name: str, ended: date | None) -> Sequence[Standing]:
    if zone.superseded_at is not None or zone.until is not None:
        return []
    steps = [(_("报政府批准管控区域"), zone.approved_on)]
    if zone.approved_on:
        steps += [(_("发布管控区域公告"), zone.announced_on), (_("设置管控区域标识"), zone.sign_on)]
    life = Life(zone.proposed_on, ended)
    basis = basis_of(BASES, zone.proposed_on)
    return [
        _owed(_("%(what)s：%(name)s") % {"what": what, "name": name}, zone.owner_department, life, basis=basis, done_on=done)
        for what, done in steps
    ]  # fmt: skip


def _of_year(row: ControlYear, name: str, ended: date | None) -> Sequence[Standing]:
    unit, life = row.owner_department, Life(date(row.year, 1, 1), ended)
    told = {"year": row.year, "name": name}
    plan = _owed(
        _("报送 %(year)s 年度管控计划：%(name)s") % told, unit, life, due=row.due, basis=row.due_basis, done_on=row.filed_on
    )  # fmt: skip
    return [plan, *(_of_medium(row, one, told, life) for one in Medium)]


def _of_medium(row: ControlYear, medium: Medium, told: dict[str, Any], life: Life) -> Standing:
    title = _("%(year)s 年管控区域%(medium)s监测：%(name)s") % {**told, "medium": medium_word(medium)}
    return _owed(
        title, row.owner_department, life,
        due=day_of(row.media_due.get(medium)), basis=row.media_basis or basis_of(BASES, date(row.year, 1, 1)),
        done_on=day_of((row.media_done.get(medium) or {}).get("on")),
    )  # fmt: skip


def day_of(text: str | None) -> date | None:
    """A day as a row of a year keeps it."""
    return date.fromisoformat(text) if text else None


def _of_round(one: ControlRound, name: str, told: dict[str, date]) -> list[Standing]:
    """A spread asks for measures, building and use for a decision; a lost sign has no term of its own."""
    said = {"name": name, "on": one.on}
    owed: list[Standing] = []
    for what in findings(one):
        if what is Found.SPREAD:
            title = _("采取措施防止污染扩散：%(name)s（%(on)s 巡查）") % said
            basis, done = basis_of(BASES, one.on), one.measure_on
        elif what in VIOLATIONS and not one.no_violation:
            title = _("核定巡查发现的“%(what)s”：%(name)s（%(on)s 巡查）") % {**said, "what": FOUND[what]}
            basis, done = basis_of(VIOLATION_BASES, one.on), told.get(subject_of(one, what))
        else:
            continue
        owed.append(_owed(title, one.owner_department, Life(one.on), basis=basis, done_on=done))
    return owed

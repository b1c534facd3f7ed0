"""The calendar of a year: opened from the rules, added to by a person with a ground, and a line taken out with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, duties
from soildesk.core.calendar import working_calendar
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Department, Division, Duty
from soildesk.core.permissions import Actor, require
from soildesk.land.services.writing import Place
from soildesk.reporting.models import ReportCopy, ReportDue
from soildesk.reporting.queries.kinds import kinds
from soildesk.reporting.refusals import ReportRefused
from soilrules.deadlines.periods import Period
from soilrules.reports import Due, Where, due_in
from soilrules.reports.kinds import Level

PLAN = "reporting.plan"
LEVELS = {Division.Level.PROVINCE: Level.PROVINCE, Division.Level.CITY: Level.CITY, Division.Level.COUNTY: Level.COUNTY}
SAID = "S"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line a person puts into the calendar: what, to whom, by when (None: nobody said), on what ground."""

    title: str
    receiver: str
    period: Period
    basis: str
    due: date | None = None
    form: str = ""
    unit: Department | None = None
    kind: str = ""
    mark: str = SAID


def where_of(place: Division) -> Where | None:
    """The place as the rules ask for it; None where nothing is owed at its level."""
    level = LEVELS.get(Division.Level(place.level))
    return Where(place.code, level) if level else None


def owed(place: Division, year: int) -> list[Due]:
    """What the rules say is due at a place in a year."""
    where = where_of(place)
    return due_in(year, where, working_calendar()) if where else []


@transaction.atomic
def open_year(place: Place, year: int, *, by: Actor, at: datetime) -> list[ReportDue]:
    """Put into the calendar what the rules say is due, once; returns what is new."""
    require(by, PLAN, place.division)
    held = set(ReportDue.objects.filter(division_path=place.division.path, year=year).values_list("origin", flat=True))
    new = [_of_rule(one, place, year, (by, at)) for one in owed(place.division, year) if one.key not in held]
    data = {"year": year, "new": len(new), **audit.bulk([one.origin for one in new])}
    audit.record("reporting.calendar.opened", subject=place.division, by=by, at=at, data=data)
    return new


def _of_rule(one: Due, place: Place, year: int, who: tuple[Actor, datetime]) -> ReportDue:
    basis = "；".join(each.cited for each in one.bases) or one.term.clause
    facts = {
        "kind": one.kind.id, "origin": one.key, "title": one.kind.title, "form": one.kind.form if one.kind.form in kinds() else "",
        "sender": one.term.sender, "receiver": one.term.receiver, "due": one.day, "provisional": one.provisional,
        "basis": basis, "mark": one.term.mark,
    }  # fmt: skip
    return _write(facts, one.period, place, who, year=year)


@transaction.atomic
def add(entry: Entry, place: Place, *, by: Actor, at: datetime) -> ReportDue:
    """Put a line into the calendar: of the local plan, of a letter, of a superior's order."""
    require(by, PLAN, place.division)
    title, receiver, basis = (text.strip() for text in (entry.title, entry.receiver, entry.basis))
    for text, name in ((title, _("报表名称")), (receiver, _("报送对象")), (basis, _("依据"))):
        if not text:
            raise ReportRefused(
                _("没有写%(name)s：报表日历的每一项都要写明名称、报送对象和依据。") % {"name": name},
                code="reporting.due.missing",
            )
    if entry.form and entry.form not in kinds():
        raise ReportRefused(_("没有“%(name)s”这种报表。") % {"name": entry.form}, code="reporting.copy.kind")
    if entry.due and entry.due < entry.period.first:
        raise ReportRefused(
            _("时限 %(due)s 早于期次 %(period)s 的第一天 %(first)s：请核对。")
            % {"due": entry.due, "period": entry.period.name, "first": entry.period.first},
            code="reporting.due.day",
        )
    same = ReportDue.objects.filter(
        division_path=place.division.path, title=title, receiver=receiver, period=entry.period.name, dropped_on=None
    )
    if same.exists():
        raise ReportRefused(
            _("“%(title)s”（%(period)s，报%(to)s）已经在报表日历里。")
            % {"title": title, "period": entry.period.name, "to": receiver},
            code="reporting.due.twice",
        )
    facts = {
        "kind": entry.kind, "title": title[:160], "form": entry.form, "sender": str(entry.unit or place.department),
        "receiver": receiver[:160], "due": entry.due, "basis": basis[:400], "mark": entry.mark,
    }  # fmt: skip
    year = entry.due.year if entry.due else entry.period.last.year
    due = _write(facts, entry.period, place, (by, at), year=year, unit=entry.unit)
    data = {"title": due.title, "period": due.period, "due": due.due and due.due.isoformat()}
    audit.record("reporting.due.added", subject=due, by=by, at=at, data=data)
    return due


def _write(
    facts: dict[str, Any], period: Period, place: Place, who: tuple[Actor, datetime], *, year: int, unit: Department | None = None
) -> ReportDue:  # fmt: skip
    by, at = who
    due = ReportDue.objects.create(
        **place.columns,
        **facts,
        year=year,
        period=period.name,
        period_first=period.first,
        period_last=period.last,
        unit=unit or place.department,
        entered_at=at,
        entered_by=by.person,
    )
    _owe(due, by=by, at=at)
    return due


def _owe(due: ReportDue, *, by: Actor, at: datetime) -> None:
    """The duty of the unit: a term that had passed before the line was entered is never late."""
    entered = clock.local_day(at)
    spec = DutySpec(
        Duty.Kind.REPORT, due.title, due.unit, basis=due.basis, period=due.period, period_start=due.period_first,
        due=due.due, issued_on=entered,
    )  # fmt: skip
    duties.replace_for(due, [spec], by=by, life=Life(entered, due.dropped_on))


@transaction.atomic
def drop(due: ReportDue, why: str, *, by: Actor, at: datetime) -> ReportDue:
    """Take a line out: it is not owed here. It stays with its reason."""
    due = ReportDue.objects.select_for_update().get(pk=due.pk)
    require(by, PLAN, due)
    if due.dropped_on is not None or ReportCopy.objects.filter(due=due).exclude(state=ReportCopy.State.DRAFT).exists():
        raise ReportRefused(
            _("“%(title)s”已移出，或已有签发的报表，不能移出。") % {"title": due.title}, code="reporting.due.state"
        )
    if not why.strip():
        raise ReportRefused(_("没有写不报的原因：请写明依据或理由。"), code="reporting.due.why_missing")
    due.dropped_why, due.dropped_on = why.strip()[:300], clock.local_day(at)
    due.save(update_fields=["dropped_why", "dropped_on"])
    duties.set_life(ReportDue.objects.filter(pk=due.pk), Life(clock.local_day(due.entered_at), due.dropped_on), by=by)
    audit.record("reporting.due.dropped", subject=due, by=by, at=at, data={"title": due.title, "period": due.period})
    return due


@transaction.atomic
def restore(due: ReportDue, *, by: Actor, at: datetime) -> ReportDue:
    """Put a line back that was taken out."""
    due = ReportDue.objects.select_for_update().get(pk=due.pk)
    require(by, PLAN, due)
    if due.dropped_on is None:
        raise ReportRefused(_("“%(title)s”没有移出报表日历。") % {"title": due.title}, code="reporting.due.state")
    due.dropped_why, due.dropped_on = "", None
    due.save(update_fields=["dropped_why", "dropped_on"])
    duties.set_life(ReportDue.objects.filter(pk=due.pk), Life(clock.local_day(due.entered_at)), by=by)
    audit.record("reporting.due.restored", subject=due, by=by, at=at, data={"title": due.title, "period": due.period})
    return due


__all__: Sequence[str] = ("Entry", "add", "drop", "open_year", "owed", "restore", "where_of")

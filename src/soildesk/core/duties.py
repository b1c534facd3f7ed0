"""Duties: what somebody owes by a day. The upper rooms open them; 今日 reads nothing else.

These functions are part of an act of an upper room: the caller has asked for the permission, holds the
transaction and writes the audit entry. Whether a duty is late is said by `soilrules.deadlines.state`
alone; `DutyQuerySet.late_on` and `due_within` are the same answers as SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from soildesk.core.calendar import working_calendar
from soildesk.core.errors import Refusal
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor, NotAllowed
from soilrules import deadlines
from soilrules.deadlines import State
from soilrules.deadlines.calendar import WorkingCalendar

FITTED = (
    "title", "basis", "period_start", "since", "working_days", "issued_on", "standing", "internal", "due", "provisional",
    "live_from", "live_until", "done_on", "evidence", "division_path", "owner_department_id",
)  # fmt: skip
"""Fields of a duty that can change while it stays the same duty."""


class DutyRefused(Refusal):
    """A duty cannot be changed so."""

    code = "core.duty.refused"


@dataclass(frozen=True)
class DutySpec:
    """A duty as its maker wants it. Days are calendar days; `due` is left out where `working_days` gives it."""

    kind: Duty.Kind
    title: str
    unit: Department | None
    basis: str = ""
    period: str = ""
    period_start: date | None = None
    due: date | None = None
    since: date | None = None
    working_days: int | None = None
    issued_on: date | None = None
    standing: bool = False
    internal: bool = False

    @property
    def done_on(self) -> None:
        """A wanted duty is not done."""
        return None

    @property
    def key(self) -> tuple[str, int | None, str, str]:
        """What makes two duties of one subject the same."""
        return (str(self.kind), self.unit.pk if self.unit else None, self.period, self.title)


@dataclass(frozen=True)
class Life:
    """The days on which duties count: `[start, end)`; without a start they do not count at all."""

    start: date | None = None
    end: date | None = None


def open_duty(subject: models.Model, spec: DutySpec, *, by: Actor, life: Life | None = None) -> Duty:
    """Open one duty of `subject`, in its division and owned by its department."""
    _need(by)
    duty = _empty(subject)
    _write(duty, subject, spec, life or Life(), working_calendar())
    duty.save(force_insert=True)
    return duty


def done(duty: Duty, *, on: date, by: Actor, evidence: Sequence[dict[str, Any]] = ()) -> Duty:
    """Say that a duty was done `on` a day, with what proves it (`{"type": …, "uid": …}`)."""
    _need(by)
    if on > by.today:
        raise DutyRefused(
            _("完成日期 %(on)s 晚于今天 %(today)s：请填写今天或更早的日期。") % {"on": on, "today": by.today},
            code="core.duty.done_in_future",
        )
    duty.done_on = on
    duty.evidence = [*duty.evidence, *evidence]
    duty.save(update_fields=["done_on", "evidence"])
    return duty


def reopen(duty: Duty, *, by: Actor) -> Duty:
    """Take back that a duty was done; its evidence stays."""
    _need(by)
    if duty.done_on is None:
        raise DutyRefused(_("“%(title)s”尚未办结，无需重新打开。") % {"title": duty.title}, code="core.duty.not_done")
    duty.done_on = None
    duty.save(update_fields=["done_on"])
    return duty


def replace_for(
    subject: models.Model, duties: Iterable[DutySpec], *, by: Actor, life: Life | None = None
) -> list[Duty]:
    """Make the duties of `subject` the given ones, in one go.

    A duty of the same kind, unit, period and title is kept with its completion and evidence and takes
    the new days; others that are not done go; done ones stay as history.
    """
    _need(by)
    life = life or Life()
    calendar = working_calendar()
    kept: list[Duty] = []
    with transaction.atomic():
        present = {_key(duty): duty for duty in Duty.objects.for_subject(subject)}
        for spec in duties:
            duty = present.pop(spec.key, None) or _empty(subject)
            _write(duty, subject, spec, life, calendar)
            kept.append(duty)
        for duty in kept:
            if duty.pk is not None:
                duty.save()
        Duty.objects.bulk_create([duty for duty in kept if duty.pk is None], batch_size=200)
        Duty.objects.filter(pk__in=[duty.pk for duty in present.values() if duty.done_on is None]).delete()
    return kept


@dataclass(frozen=True)
class Standing:
    """A duty as it is to stand: what is owed, on which days it counts, when it was done and by what."""

    spec: DutySpec
    life: Life
    done_on: date | None = None
    evidence: Sequence[dict[str, Any]] = ()


def fit(wanted: Sequence[tuple[models.Model, Sequence[Standing]]], *, by: Actor) -> int:
    """Make the duties of many subjects of one model exactly the given ones, for duties that follow from facts alone.

    A few statements for any number of subjects; returns how many rows were written or removed.
    """
    _need(by)
    if not wanted:
        return 0
    subjects = [subject for subject, _standing in wanted]
    rows = Duty.objects.filter(subject_type=subjects[0]._meta.label_lower, subject_id__in=[one.pk for one in subjects])
    present: dict[tuple[Any, ...], list[Duty]] = {}
    for duty in rows.order_by("-pk"):
        present.setdefault((duty.subject_id, *_key(duty)), []).append(duty)
    calendar = working_calendar()
    stated = [
        _stated(present.get((subject.pk, *one.spec.key)), subject, one, calendar)
        for subject, standings in wanted
        for one in standings
    ]
    new = [duty for duty, _changed in stated if duty.pk is None]
    changed = [duty for duty, is_changed in stated if is_changed and duty.pk is not None]
    gone = [duty.pk for left in present.values() for duty in left]
    with transaction.atomic():
        if gone:
            Duty.objects.filter(pk__in=gone).delete()
        Duty.objects.bulk_update(changed, FITTED, batch_size=200)
        Duty.objects.bulk_create(new, batch_size=200)
    return len(gone) + len(changed) + len(new)


def _stated(
    held: list[Duty] | None, subject: models.Model, one: Standing, calendar: WorkingCalendar
) -> tuple[Duty, bool]:
    """The row that says it, a held one where there is one, and whether it says something new."""
    duty = held.pop() if held else _empty(subject)
    before = [getattr(duty, name) for name in FITTED]
    _write(duty, subject, one.spec, one.life, calendar)
    duty.done_on, duty.evidence = one.done_on, list(one.evidence)
    return duty, before != [getattr(duty, name) for name in FITTED]


def set_life(subjects: models.QuerySet[Any], life: Life, *, by: Actor) -> int:
    """Say on which days the duties of these records count (a plan published, closed or replaced); returns how many."""
    _need(by)
    of_subjects = Duty.objects.filter(
        subject_type=subjects.model._meta.label_lower, subject_id__in=subjects.values("pk")
    )
    return of_subjects.update(live_from=life.start, live_until=life.end)


def end_life(subjects: models.QuerySet[Any], end: date, *, by: Actor) -> int:
    """Say that the duties of these records count no more from `end` on; those that had ended or begun stay as they are."""
    _need(by)
    rows = Duty.objects.filter(subject_type=subjects.model._meta.label_lower, subject_id__in=subjects.values("pk"))
    lasting = models.Q(live_until__isnull=True) | models.Q(live_until__gt=end)
    return rows.filter(lasting, live_from__isnull=False).update(live_until=end)


def recompute_provisional(*, by: Actor) -> int:
    """Compute terms of working days anew where a holiday notice has since arrived; returns how many days changed."""
    _need(by)
    changed = 0
    with transaction.atomic():
        for duty in Duty.objects.filter(provisional=True, working_days__isnull=False, done_on__isnull=True):
            before = (duty.due, duty.provisional)
            told = working_calendar().add_working_days(duty.since, duty.working_days)
            duty.due, duty.provisional = _moved(duty, *told)
            duty.save(update_fields=["due", "provisional"])
            changed += before != (duty.due, duty.provisional)
    return changed


def move_term(duty: Duty, to: date, *, by: Actor) -> Duty:
    """Give a duty another term than its record says: that holds until the record itself says another one."""
    _need(by)
    duty.moved_from = duty.moved_from if duty.due == duty.moved_to and duty.moved_from else duty.due
    duty.moved_to = duty.due = to
    duty.provisional = False
    duty.save(update_fields=["moved_from", "moved_to", "due", "provisional"])
    return duty


def _moved(duty: Duty, due: date | None, provisional: bool) -> tuple[date | None, bool]:
    """The term that counts: the one it was moved to, where its record still says what was moved."""
    moved = duty.moved_to is not None and duty.moved_from == due
    return (duty.moved_to, False) if moved else (due, provisional)


def state_of(duty: Duty, day: date, calendar: WorkingCalendar | None = None) -> State:
    """How a duty stands on a day, by the one function that says late; who asks of many reads the calendar once."""
    return deadlines.state(duty, day, calendar or working_calendar())


def _empty(subject: models.Model) -> Duty:
    return Duty(subject_type=subject._meta.label_lower, subject_id=subject.pk)


def _write(duty: Duty, subject: Any, spec: DutySpec, life: Life, calendar: WorkingCalendar) -> None:
    for name in (
        "kind",
        "title",
        "unit",
        "basis",
        "period",
        "period_start",
        "since",
        "working_days",
        "issued_on",
        "standing",
        "internal",
    ):
        setattr(duty, name, getattr(spec, name))
    duty.due, duty.provisional = _moved(duty, *deadlines.due_day(spec, calendar))
    duty.live_from, duty.live_until = life.start, life.end
    duty.division_path = subject.division_path
    duty.owner_department_id = subject.owner_department_id


def _key(duty: Duty) -> tuple[str, int | None, str, str]:
    return (str(duty.kind), duty.unit_id, duty.period, duty.title)


def _need(by: Actor | None) -> None:
    if by is None:
        raise NotAllowed(_("没有行为人，不能办理。请先登录。"))

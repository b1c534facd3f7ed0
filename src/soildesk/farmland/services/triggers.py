"""Threads of dynamic adjustment 动态调整线索: each found once; a person takes it up in a classification or puts it aside, saying why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, duties
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor, require, system_actor
from soildesk.farmland.models import Classification, Trigger, UnitClass, UnitVersion
from soildesk.farmland.queries.gathering import Step, silent
from soildesk.farmland.queries.threads import Thread, names_of, threads, to_compare
from soildesk.farmland.refusals import ClassifyRefused
from soildesk.farmland.services import classifying
from soildesk.farmland.services.classifying import Wanted
from soildesk.farmland.services.offices import Line, offices_of
from soildesk.land.services.writing import Place

PERMISSION = "farmland.classify"
JOB = "farmland.find_triggers"
State = Trigger.State


def keep_up() -> int:
    """What the desk looks for itself, hour by hour."""
    return len(look(by=system_actor("housekeeping"), at=clock.now()))


def look(*, by: Actor, at: datetime, step: Step = silent) -> list[Trigger]:
    """Look for threads in the actor's places.

    An event found before, whatever became of it, is left alone; a unit with a thread that waits is not asked about twice for
    the same reason.
    """
    require(by, PERMISSION)
    step(0, None, _("查找线索"))
    compared = to_compare(by, by.today)
    found = threads(by, by.today)
    known = set(Trigger.objects.filter(superseded_at=None).values_list("unit_id", "key"))
    waiting = set(Trigger.objects.filter(superseded_at=None, closed_on=None).values_list("unit_id", "why"))
    new: dict[tuple[int, str], Thread] = {}
    for one in sorted(found, key=lambda one: one.on, reverse=True):
        if (one.unit, one.key) not in known and (one.unit, one.why) not in waiting:
            new.setdefault((one.unit, one.why), one)
    made = _take_in(list(new.values()), by, at) if new else []
    for classification, editions in compared:  # once an edition: comparing works everything out anew
        told = {**classification.told, "looked_at": names_of(editions)}
        Classification.objects.filter(pk=classification.pk).update(told=told)
    return made


@transaction.atomic
def _take_in(new: Sequence[Thread], by: Actor, at: datetime) -> list[Trigger]:
    rows = UnitVersion.objects.standing(by.today).filter(unit__in=[one.unit for one in new]).defer("geometry")
    versions = {one.unit_id: one for one in rows.select_related("unit")}
    made = []
    for one in new:
        version = versions[one.unit]
        made.append(
            Trigger(
                unit_id=one.unit, why=one.why, on=one.on, key=one.key, what=one.what, proposed=one.proposed,
                division_path=version.division_path, owner_department_id=version.owner_department_id,
                recorded_at=at, recorded_by=by.person,
            )
        )  # fmt: skip
    made = Trigger.objects.bulk_create(made)
    offices: dict[tuple[str, str], Department | None] = {}
    for trigger in made:
        version = versions[trigger.unit_id]
        title = _("核实动态调整线索：%(unit)s %(what)s") % {"unit": version.name, "what": trigger.what}
        spec = DutySpec(Duty.Kind.FARM_CLASS, title[:300], _office(version, by, offices))
        duties.open_duty(trigger, spec, by=by, life=Life(by.today))
    told = audit.bulk([[one.unit_id, one.key] for one in made])
    audit.record("farmland.trigger.found", subject="farmland.trigger", by=by, at=at, data=told)
    return made


def _office(version: UnitVersion, by: Actor, known: dict[tuple[str, str], Department | None]) -> Department | None:
    """The office that keeps a unit's class: forestry for gardens and forest, farming for the rest."""
    grown = version.ground in (UnitVersion.Ground.GARDEN, UnitVersion.Ground.FOREST)
    line = Line.FORESTRY if grown else Line.FARMING
    key = (str(line), version.division_path)
    if key not in known:
        own = offices_of(line, version.division_path, by).first()
        known[key] = own or Department.objects.filter(pk=version.owner_department_id).first()
    return known[key]


@transaction.atomic
def take_up(triggers: Sequence[Trigger], wanted: Wanted, place: Place, *, by: Actor, at: datetime) -> Classification:
    """A classification of the units of some threads."""
    held = [_open(one, by) for one in triggers]
    if not held:
        raise ClassifyRefused(_("没有选择线索：请至少选择一条。"), code="farmland.classify.trigger")
    made = classifying.open_(wanted, place, by=by, at=at, triggers=held)
    for one in held:
        _close_duties(one, by)
    return made


@transaction.atomic
def dismiss(trigger: Trigger, *, why: str, by: Actor, at: datetime) -> Trigger:
    """A thread that changes nothing, and why; the same event is not asked about again."""
    if not why.strip():
        raise ClassifyRefused(_("请写明为什么不调整：理由会留在历史里。"), code="farmland.classify.why_missing")
    held = _open(trigger, by)
    acted = classifying.office(by, held)
    held.state, held.closed_on, held.closed_why = State.DISMISSED, by.today, why.strip()[:300]
    held.save(update_fields=["state", "closed_on", "closed_why"])
    _close_duties(held, by)
    data = {"key": held.key, "why": held.closed_why, **acted.told}
    audit.record("farmland.trigger.dismissed", subject=held, by=by, at=at, data=data)
    return held


def settle(classification: Classification, why: str, *, by: Actor) -> None:
    """The threads of a classification that was approved are closed, those of units that got no class are open again: part of
    its act."""
    given = set(
        UnitClass.objects.filter(decision=classification.decision, superseded_at=None).values_list("unit", flat=True)
    )
    for one in classification.triggers.filter(superseded_at=None, state=State.TAKEN, closed_on=None):
        if one.unit_id not in given:
            _release(one, by)
            continue
        one.closed_on, one.closed_why = by.today, why[:300]
        one.save(update_fields=["closed_on", "closed_why"])


def unsettle(classification: Classification) -> None:
    """The threads of a classification whose approval was taken back wait for it again: part of its act."""
    rows = classification.triggers.filter(superseded_at=None, state=State.TAKEN)
    rows.update(closed_on=None, closed_why="")


def let_go(classification: Classification, *, by: Actor) -> None:
    """The threads of a classification that was given up are open again: part of its act."""
    for one in classification.triggers.filter(superseded_at=None, state=State.TAKEN, closed_on=None):
        _release(one, by)


def _release(trigger: Trigger, by: Actor) -> None:
    """A thread that waits for somebody again."""
    trigger.state = State.OPEN
    trigger.save(update_fields=["state"])
    for duty in Duty.objects.for_subject(trigger).filter(done_on__isnull=False):
        duties.reopen(duty, by=by)


def _open(trigger: Trigger, by: Actor) -> Trigger:
    require(by, PERMISSION, trigger)
    held = Trigger.objects.select_for_update().get(pk=trigger.pk)
    if held.state != State.OPEN or held.superseded_at is not None:
        raise ClassifyRefused(
            _("这条线索已办理为“%(state)s”：请刷新页面。") % {"state": held.get_state_display()},
            code="farmland.classify.trigger",
        )
    return held


def _close_duties(trigger: Trigger, by: Actor) -> None:
    for duty in Duty.objects.for_subject(trigger).filter(done_on=None):
        duties.done(duty, on=by.today, by=by)

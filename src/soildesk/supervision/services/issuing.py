"""Making out the slips that are due: once a day for every place, and everything that was missed since the last time.

What is due is said by `soilrules.supervision.slips_due`; here it becomes papers with numbers, duties to answer, messages
and letters, in one transaction for a place. Running again makes nothing twice.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.calendar import working_calendar
from soildesk.core.errors import Refusal
from soildesk.core.models import Department, Division, Duty
from soildesk.core.numbers import next_numbers
from soildesk.core.permissions import Actor, require, system_actor
from soildesk.supervision.models import Run, Slip
from soildesk.supervision.models.matters import matter_of
from soildesk.supervision.queries.facts import facts_of, supervised, to_look_at
from soildesk.supervision.queries.places import office_of, places, rules_of, version_on, versions_of
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import mailing, ruling, settling, telling
from soilrules.supervision.authorities import Act, Body
from soilrules.supervision.due import SlipDue, slips_due
from soilrules.supervision.slips import Colour, SlipRule, customary

NUMBERED = "supervision.slip"
log = logging.getLogger(__name__)
State = Slip.State


@dataclass(frozen=True, slots=True)
class Round:
    """One run: the place, the office that issues, the day it is made out to, who runs it and when."""

    place: Division
    issuer: Department
    until: date
    by: Actor
    at: datetime


def keep_up() -> None:
    """The daily task: every place that was not run today, and the letters that wait."""
    today, by = clock.today(), system_actor("supervision")
    for place in places():
        if Run.objects.filter(division=place, until__gte=today).exists():
            continue
        try:
            run(place, by=by, at=clock.now())
        except Refusal as refusal:
            log.error("slips of %s were not made out: %s", place.code, refusal)
        except Exception:
            log.exception("slips of %s were not made out; the other places are, and it is tried again", place.code)
    mailing.send_waiting(at=clock.now())


def run(place: Division, *, by: Actor, at: datetime, until: date | None = None) -> int:
    """Issue what is due in a place by the end of a day (today); returns how many slips and reminders there were."""
    require(by, "supervision.run", place)
    if not by.system:
        ruling.need_authority(Act.SUPERVISE, place, by=by)
    until = until or clock.local_day(at)
    if until > clock.local_day(at):
        raise SupervisionRefused(
            _("%(day)s 还没有到，不能发出督办单。") % {"day": until}, code="supervision.slip.state"
        )
    with transaction.atomic():
        Division.objects.select_for_update().get(pk=place.pk)
        issuer = office_of(place, Body.CAMPAIGN_OFFICE, until)
        if issuer is None:
            raise SupervisionRefused(
                _("%(place)s没有登记指挥部办公室，督办单没有发出机关：请先在“督办机构”中登记。")
                % {"place": place.name},
                code="supervision.rules.office",
            )
        made = _issue(Round(place, issuer, until, by, at))
    return len(made)


def _issue(one: Round) -> list[Slip]:
    last = Run.objects.filter(division=one.place).aggregate(last=Max("until"))["last"]
    rows = list(to_look_at(supervised(one.place, places()), last, one.until))
    made = _numbered(_due(rows, one), one)
    Slip.objects.bulk_create(made, batch_size=300)
    _tie(made, one)
    _find_again(rows)
    settling.settle(one.place, on=one.until, by=one.by, new=made)
    version = version_on(one.place, one.until)
    rules = (rules_of(version) if version else None) or customary()
    telling.tell(_still_said(made, one.until), one.place, rules, at=one.at, on=one.until)
    Run.objects.update_or_create(
        division=one.place,
        until=one.until,
        defaults={
            "division_path": one.place.path, "owner_department": one.issuer, "issued": len(made), "at": one.at,
        },
    )  # fmt: skip
    if made:
        numbers = audit.bulk(slip.number or slip.key for slip in made)
        data = {"until": one.until.isoformat(), **numbers}
        audit.record("supervision.slips.issued", subject=one.place, by=one.by, at=one.at, data=data)
    return made


def _find_again(rows: Sequence[Duty]) -> None:
    """A duty that was taken away and came back is the same matter: its slips that wait are about it again."""
    stands = {matter_of(duty): duty for duty in rows}
    for slip in Slip.objects.filter(duty=None, state=State.WAITING):
        if slip.matter in stands:
            slip.duty = stands[slip.matter]
            slip.save(update_fields=["duty"])


def _still_said(made: Sequence[Slip], until: date) -> list[Slip]:
    """What is worth telling: not what a later slip of the same run has overtaken, nor what is done by now."""
    waiting = [slip for slip in made if slip.state == State.WAITING]
    overtaken = {slip.matter for slip in waiting}
    reminders = {slip.matter: slip for slip in made if slip.state == State.TOLD and slip.due >= until}
    return [*waiting, *(slip for matter, slip in reminders.items() if matter not in overtaken)]


def _due(rows: Sequence[Duty], one: Round) -> list[Slip]:
    """The slips that stand nowhere yet, in the order of their days."""
    versions, calendar = versions_of(one.place), working_calendar()
    known = _known({matter_of(duty) for duty in rows}, one)
    rules = {rule.id: rule for rule in customary().rules}
    found = []
    facts = facts_of(rows)
    for duty in rows:
        matter = matter_of(duty)
        for due in slips_due(facts[duty.pk], versions, calendar, one.until):
            if due.key not in known.get(matter, ()):
                found.append(_slip(duty, due, rules[due.rule], one, important=facts[duty.pk].important(due.on)))
    return sorted(found, key=lambda slip: (slip.on, slip.duty_id))


def _known(matters: set[str], one: Round) -> Mapping[str, set[str]]:
    keys: dict[str, set[str]] = defaultdict(set)
    rows = Slip.objects.filter(division_path__startswith=one.place.path)
    for matter, key in rows.values_list("matter", "key"):
        if matter in matters:
            keys[matter].add(key)
    return keys


def _slip(duty: Duty, due: SlipDue, rule: SlipRule, one: Round, *, important: bool) -> Slip:
    about = {**Slip.about(duty), "owner_department_id": one.issuer.pk}
    return Slip(
        **about,
        key=due.key,
        rule=due.rule,
        colour=due.colour.value,
        on=due.on,
        due=due.due,
        why=due.why.sentence(),
        said={"id": due.why.id, "params": dict(due.why.params)},
        basis=rule.basis,
        mark=rule.mark,
        to=[to.value for to in due.to],
        proposes=due.then.value if due.then else "",
        important=important,
        state=State.TOLD if due.colour is Colour.NONE else State.WAITING,
        answer_by=due.answer_by,
        recorded_at=one.at,
    )


def _numbered(slips: Sequence[Slip], one: Round) -> list[Slip]:
    """Numbers of the office by year, in the order of the days; a reminder has none."""
    by_year: dict[int, list[Slip]] = defaultdict(list)
    for slip in slips:
        if slip.colour != Colour.NONE:
            by_year[slip.on.year].append(slip)
    for year, those in by_year.items():
        for slip, number in zip(those, next_numbers(one.issuer, NUMBERED, year, len(those)), strict=True):
            slip.number = f"督办〔{year}〕{number}号"
    return list(slips)


def _tie(made: Sequence[Slip], one: Round) -> None:
    """Say which slip each one follows: the latest earlier one of the same matter and term."""
    stand: dict[tuple[str, date], list[Slip]] = defaultdict(list)
    matters = {slip.matter for slip in made}
    coloured = Slip.objects.filter(division_path__startswith=one.place.path).exclude(colour=Colour.NONE.value)
    for slip in coloured.order_by("on", "id").only("pk", "matter", "due", "on"):
        if slip.matter in matters:
            stand[slip.matter, slip.due].append(slip)
    for slip in made:
        before = [each for each in stand[slip.matter, slip.due] if (each.on, each.pk) < (slip.on, slip.pk)]
        slip.follows_id = before[-1].pk if before and slip.colour != Colour.NONE else None
    Slip.objects.bulk_update([slip for slip in made if slip.follows_id], ["follows"], batch_size=300)

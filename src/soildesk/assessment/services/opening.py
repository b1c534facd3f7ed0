"""An assessment is opened for a place, its facts read from the records, and read again while it is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from soildesk.assessment.models import Assessment, ItemResult, SchemeAdoption
from soildesk.assessment.queries import facts
from soildesk.assessment.queries.records import LEVELS, unit_in
from soildesk.assessment.queries.standing import Standing, scheme_of
from soildesk.assessment.refusals import AssessmentRefused
from soildesk.assessment.services.acting import Doing, State, barred_by_side
from soildesk.assessment.services.telling import Told, tell
from soildesk.core import audit, clock, duties
from soildesk.core.duties import DutySpec, Life
from soildesk.core.duties import Standing as DutyStanding
from soildesk.core.models import Division, Duty
from soildesk.core.permissions import Actor, require
from soildesk.land.services.writing import Place, number_for
from soildesk.reporting.queries.reading import Reading
from soildesk.reporting.services.copies import Wanted, reading_of
from soilrules.assessment.life import Side
from soilrules.deadlines.periods import period_of

OPEN = "assessment.open"


@transaction.atomic
def open_for(
    adoption: SchemeAdoption, places: Sequence[Division], due: date, *, by: Actor, at: datetime
) -> list[Assessment]:
    """Open an assessment for each of these places, whose self-assessments are due on `due`."""
    require(by, OPEN, adoption)
    adoption = (
        SchemeAdoption.objects.select_for_update(of=("self",))
        .select_related("division", "owner_department")
        .get(pk=adoption.pk)
    )
    if adoption.superseded_at is not None:
        raise AssessmentRefused(
            _("“%(title)s”第 %(n)d 版已被新版代替：请用现行版本。") % {"title": adoption, "n": adoption.version},
            code="assessment.scheme.unknown",
        )
    if not places:
        raise AssessmentRefused(_("没有选被考核的地区。"), code="assessment.open.place")
    if due < clock.local_day(at):
        raise AssessmentRefused(
            _("自评时限 %(due)s 早于发起日期 %(day)s：请填发起以后的日期。") % {"due": due, "day": clock.local_day(at)},
            code="assessment.open.due",
        )
    last = date(max(adoption.year, clock.local_day(at).year) + 1, 12, 31)
    if due > last:
        raise AssessmentRefused(
            _("自评时限 %(due)s 离 %(year)d 年度太远：请填 %(last)s 以前的日期。")
            % {"due": due, "year": adoption.year, "last": last},
            code="assessment.open.due",
        )
    made = [_open(adoption, place, due, by, at) for place in places]
    owe(made, by=by)
    for one in made:
        tell(one, Told.OPENED, {"due": due})
    return made


def owe(assessments: Sequence[Assessment], *, by: Actor) -> None:
    """What units owe fits their assessments: done when signed, owed again when sent back."""
    duties.fit([(one, [_owed(one)]) for one in assessments], by=by)


@translation.override("zh-hans")  # what a unit owes has one name, whoever opens it
def _owed(one: Assessment) -> DutyStanding:
    title = _("%(year)d年考核自评（%(number)s）") % {"year": one.year, "number": one.number}
    spec = DutySpec(Duty.Kind.ASSESSMENT, title, one.unit, one.adoption.document, str(one.year), due=one.due)
    done = clock.local_day(one.signed_at) if one.signed_at and one.state != State.OPENED else None
    return DutyStanding(spec, Life(clock.local_day(one.opened_at)), done)


def _open(adoption: SchemeAdoption, place: Division, due: date, by: Actor, at: datetime) -> Assessment:
    scheme = scheme_of(adoption)
    if (
        LEVELS.get(Division.Level(place.level)) not in [str(one) for one in scheme.assessed]
        or place.parent_id != adoption.division_id
    ):
        raise AssessmentRefused(
            _("“%(scheme)s”不能考核%(place)s：只考核%(above)s直接下辖、级别相符的地区。")
            % {"scheme": scheme.title, "place": place.name, "above": adoption.division.name},
            code="assessment.open.level",
        )
    if Assessment.objects.filter(place=place, scheme=adoption.scheme, year=adoption.year).exists():
        raise AssessmentRefused(
            _("%(place)s %(year)d 年的“%(scheme)s”已经发起。")
            % {"place": place.name, "year": adoption.year, "scheme": scheme.title},
            code="assessment.open.twice",
        )
    unit, office = unit_in(place, by.today), adoption.owner_department
    if unit is None:
        raise AssessmentRefused(
            _("%(place)s没有登记单位，没有人可以自评：请先登记单位。") % {"place": place.name},
            code="assessment.open.unit",
        )
    reading = _reading(place, adoption.year, by)
    made = Assessment.objects.create(
        **Place(place, office).columns,
        number=number_for(office, "KH", clock.local_day(at).year),
        adoption=adoption,
        scheme=adoption.scheme,
        year=adoption.year,
        place=place,
        unit=unit,
        due=due,
        on=reading.on,
        known_on=reading.known_on,
        facts=facts.read(scheme, reading),
        read_at=at,
        opened_at=at,
        opened_by=by.person,
    )
    standing = Standing(made)
    ItemResult.objects.bulk_create([ItemResult(assessment=made, item=name) for name in standing.rules])
    weigh(made)
    made.save()
    audit.record(
        "assessment.opened", subject=made, by=by, at=at,
        data={"number": made.number, "scheme": made.scheme, "year": made.year, "place": place.code},
    )  # fmt: skip
    return made


@transaction.atomic
def read_again(assessment: Assessment, doing: Doing) -> Assessment:
    """Read the facts anew, while the self-assessment is open: by either side, whoever sees the whole place."""
    held = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("adoption__division", "place")
        .get(pk=assessment.pk)
    )
    sides = [barred_by_side(held, side, doing.by) for side in Side]
    require(doing.by, "assessment.fill" if not sides[0] else "assessment.check", held)
    if all(sides):
        raise AssessmentRefused(sides[0], code="assessment.side")
    if held.state != State.OPENED:
        raise AssessmentRefused(
            _("%(number)s 已签报，核算数不再随台账变化：有出入的由考核方核定。") % {"number": held.number},
            code="assessment.state",
        )
    read_facts(held, doing)
    held.save()
    audit.record("assessment.read_again", subject=held, by=doing.by, at=doing.at, data={"number": held.number})
    return held


def read_facts(assessment: Assessment, doing: Doing) -> None:
    """Take the facts from the records as they are now. Part of an act that saves."""
    reading = _reading(assessment.place, assessment.year, doing.by)
    assessment.facts = facts.read(scheme_of(assessment.adoption), reading)
    assessment.on, assessment.known_on, assessment.read_at = reading.on, reading.known_on, doing.at
    weigh(assessment)


def weigh(assessment: Assessment) -> None:
    """Keep the score as it stands beside the assessment, for lists and ranks. Part of an act that saves."""
    found = Standing(assessment).score()
    assessment.worst, assessment.best = found.worst, found.best
    assessment.grade = found.grade.id if found.grade else ""


def _reading(place: Division, year: int, by: Actor) -> Reading:
    """The reading of the year of a place, up to its end or to today; refused where the actor sees a part of it."""
    return reading_of(Wanted("", place, period_of(date(year, 1, 1), "year")), by=by)

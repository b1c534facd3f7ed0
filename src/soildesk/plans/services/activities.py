"""Acts on activities of publicity and training: plan one, say that it was held, count it, cancel it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.permissions import OF_DEPARTMENT, Actor, require
from soildesk.kit.languages import called, listed
from soildesk.land.services.writing import Place, number_for, refuse_future
from soildesk.plans.models import Activity
from soildesk.plans.refusals import ActivityRefused
from soilrules.activities import Act, table

KEEP, COUNT = "plans.keep_activities", "plans.count_activities"
PAPER = "evidence"
State = Activity.State


@dataclass(frozen=True, slots=True)
class Paper:
    """One file that proves it: a list of those who came, a photograph, what was handed out."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Held:
    """What is written down of an activity that took place."""

    on: date
    people: int
    told: str = ""
    venue: str = ""
    papers: Sequence[Paper] = ()


@transaction.atomic
def plan(facts: Mapping[str, Any], place: Place, *, by: Actor, at: datetime) -> Activity:
    """An activity somebody means to hold; one that took place already is entered the same way and then said to be held."""
    check(facts, place, by=by)
    row = Activity(**place.columns, **facts, state=State.PLANNED, made_at=at, made_by=by.person)
    row.number = number_for(place.department, "PX", row.planned_on.year)
    row.save(force_insert=True)
    data = {"number": row.number, "kind": row.kind, "audience": row.audience, "on": row.planned_on.isoformat()}
    audit.record("plans.activity.planned", subject=row, by=by, at=at, data=data)
    return row


def check(facts: Mapping[str, Any], place: Place, *, by: Actor) -> None:
    """Refuse one without a topic, of an unknown kind, or entered already."""
    require(by, KEEP, place.division)
    if not str(facts.get("topic") or "").strip():
        raise ActivityRefused(_("没有写主题：请写明培训或者宣传的内容。"), code="plans.activity.words")
    if facts.get("kind") not in Activity.Kind.values or facts.get("audience") not in Activity.Audience.values:
        raise ActivityRefused(_("请选择类型和对象。"), code="plans.activity.kind")
    same = Activity.objects.exclude(state=State.CANCELLED).filter(
        division_path=place.division.path, topic=facts["topic"], planned_on=facts["planned_on"]
    )
    if same.exists():
        raise ActivityRefused(
            _("%(day)s 的“%(topic)s”已经登记过：请打开原记录办理。")
            % {"day": facts["planned_on"], "topic": facts["topic"]},
            code="plans.activity.twice",
        )


@transaction.atomic
def hold(activity: Activity, held: Held, *, by: Actor, at: datetime) -> Activity:
    """It took place: when, how many came, with the papers that show it."""
    row = _begun(activity, Act.HOLD, by)
    refuse_future(held.on, by, ActivityRefused, "plans.activity.future")
    if held.people < 1:
        raise ActivityRefused(_("参加人数应至少为 1 人：请照签到表填写。"), code="plans.activity.people")
    if not held.papers:
        raise ActivityRefused(
            _("没有上传材料：请上传签到表、照片或者宣传材料，至少一份。"), code="plans.activity.papers"
        )
    row.held_on, row.people, row.told = held.on, held.people, held.told.strip()[:1000]
    row.venue = held.venue.strip()[:160] or row.venue
    row.held_at, row.held_by = at, by.person
    for paper in held.papers:
        files.attach(row, data=paper.data, name=paper.name, kind=PAPER, by=by, at=at)
    data = {"on": held.on.isoformat(), "people": held.people, "papers": len(held.papers)}
    return _ended(row, Act.HOLD, by, at, data)


@transaction.atomic
def count(activity: Activity, *, by: Actor, at: datetime) -> Activity:
    """Another person looked at the papers: from now on it counts."""
    row = _begun(activity, Act.COUNT, by)
    if by.person is not None and row.held_by_id == by.person.pk:
        raise ActivityRefused(
            _("开展情况由您本人登记：请由另一名有权限的人员核对材料后认定。"), code="plans.activity.own"
        )
    row.counted_at, row.counted_by = at, by.person
    return _ended(row, Act.COUNT, by, at, {"people": row.people})


@transaction.atomic
def cancel(activity: Activity, why: str, *, by: Actor, at: datetime) -> Activity:
    """It will not take place, or its papers do not show it."""
    row = _begun(activity, Act.CANCEL, by)
    if not why.strip():
        raise ActivityRefused(_("没有写原因：请写明为什么取消。"), code="plans.activity.why")
    row.cancelled_at, row.cancelled_why = at, why.strip()[:300]
    return _ended(row, Act.CANCEL, by, at, {"why": row.cancelled_why})


def barred(activity: Activity, act: Act, by: Actor) -> str:
    """Why an act is not the actor's: staff of a department keep their own activities, the office all of the place."""
    own = [grant.department_id for grant in by.grants if grant.role in OF_DEPARTMENT]
    if act is Act.COUNT or by.system or len(own) < len(by.grants) or activity.owner_department_id in own:
        return ""
    return _("由组织单位办理：%(office)s。") % {"office": activity.owner_department}


def _begun(activity: Activity, act: Act, by: Actor) -> Activity:
    rule = table()[act]
    require(by, rule.right, activity)
    held = Activity.objects.select_for_update(of=("self",)).select_related("owner_department").get(pk=activity.pk)
    if said := barred(held, act, by):
        raise ActivityRefused(said, code="plans.activity.unit")
    if held.state not in rule.from_states:
        wanted = listed(str(State(one).label) for one in rule.from_states)
        raise ActivityRefused(
            _("%(number)s 现在是“%(state)s”，不能%(act)s：应为“%(wanted)s”。")
            % {"number": held.number, "state": held.get_state_display(), "act": called(rule), "wanted": wanted},
            code="plans.activity.state",
        )
    return held


def _ended(row: Activity, act: Act, by: Actor, at: datetime, data: Mapping[str, Any]) -> Activity:
    row.state = table()[act].reached(row.state)
    row.save()
    audit.record(f"plans.activity.{row.state}", subject=row, by=by, at=at, data={"number": row.number, **data})
    return row

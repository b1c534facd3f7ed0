"""What every act on an assessment begins and ends with: held, its right and side asked for, the state by the one table, written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from soildesk.assessment.models import Assessment
from soildesk.assessment.queries.records import works_in
from soildesk.assessment.refusals import AssessmentRefused
from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.kit.languages import called, listed
from soilrules.assessment import life
from soilrules.assessment.life import Side

State = Assessment.State


@dataclass(frozen=True, slots=True)
class Doing:
    """Who acts, when, on what ground."""

    by: Actor
    at: datetime
    why: str = ""
    files: tuple[Paper, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that comes with an act."""

    name: str
    data: bytes


def begun(assessment: Assessment, act: life.Act, doing: Doing) -> Assessment:
    """The assessment, held until the act ends; refused where the actor, the side, the state or the ground is not right."""
    rows = Assessment.objects.select_for_update(of=("self",))
    held = rows.select_related("adoption__division", "place", "unit", "owner_department").get(pk=assessment.pk)
    need(held, act, doing.by)
    row = life.table()[act]
    if row.ground and not doing.why.strip():
        raise AssessmentRefused(
            _("没有写理由：请写明%(act)s的依据或原因。") % {"act": called(row)}, code="assessment.item.why"
        )
    return held


def need(assessment: Assessment, act: life.Act, by: Actor) -> None:
    """Refused where the right, the side or the state is not that of the act: also before its form is shown."""
    row = life.table()[act]
    require(by, row.right, assessment)
    if barred := barred_by_side(assessment, row.side, by):
        raise AssessmentRefused(barred, code="assessment.side")
    if assessment.state not in row.from_states:
        wanted = listed(str(State(one).label) for one in row.from_states)
        raise AssessmentRefused(
            _("%(number)s 现在是“%(state)s”，不能%(act)s：应为“%(wanted)s”。")
            % {"number": assessment.number, "state": assessment.get_state_display(), "act": called(row), "wanted": wanted},
            code="assessment.state",
        )  # fmt: skip


def ended(assessment: Assessment, act: life.Act, name: str, doing: Doing, data: Mapping[str, Any]) -> Assessment:
    """Move it on by the table, save it and write the act down."""
    assessment.state = life.reached(act, assessment.state)
    assessment.save()
    audit.record(
        f"assessment.{name}", subject=assessment, by=doing.by, at=doing.at, data={"number": assessment.number, **data}
    )
    return assessment


def barred_by_side(assessment: Assessment, side: Side, by: Actor) -> str:
    """Why an act is not the actor's side's; empty where it is. Nobody assesses himself, nobody fills in for another."""
    if by.system:
        return ""
    if side is Side.ASSESSED:
        if works_in(by, assessment.place):
            return ""
        return _("这是被考核方的事：由%(place)s的人员办理。") % {"place": assessment.place.name}
    office = by.person.department if by.person else None
    if office is not None and office.division_id == assessment.adoption.division_id:
        return ""
    return _("这是考核方的事：由%(place)s的考核单位办理，被考核方不能自己核查、核定。") % {
        "place": assessment.adoption.division.name
    }

"""What assessment puts before people: self-assessments to sign, and signed ones to check, answer and make final."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from soildesk.assessment.models import Assessment, Proposal
from soildesk.core.models import Duty
from soildesk.core.owed import Waiting, waiting
from soildesk.core.permissions import Actor, held_for, may

CHECK, FINISH = "assessment.check", "assessment.finish"


def to_sign(actor: Actor, on: date, units: Collection[int]) -> list[Waiting]:
    """Self-assessments that these departments have still to sign, however far the term, the nearest first."""
    if not may(actor, "assessment.fill"):
        return []
    found = waiting(actor, on, [Duty.Kind.ASSESSMENT.value], {Assessment: "assessments"}, ahead=None)
    return [one for one in found if one.unit_id in units]


TO_CHECK = (Assessment.State.SELF_ASSESSED, Assessment.State.OBJECTED)
"""The states in which it is the turn of the office that assesses."""


def to_check(actor: Actor) -> list[Waiting]:
    """Assessments of this person's own office that wait for it: to be checked, objected to, or with proposals nobody has decided.

    Those that wait longest come first. One query for all, as 今日 asks it of everybody.
    """
    office = actor.person.department if actor.person else None
    if office is None or not (may(actor, CHECK) or may(actor, FINISH)):
        return []
    undecided = Proposal.objects.filter(state=Proposal.State.PROPOSED).values("assessment")
    turns = Q(state__in=TO_CHECK) & held_for(actor, CHECK, Assessment)
    turns |= Q(pk__in=undecided) & held_for(actor, FINISH, Assessment)
    rows = Assessment.objects.visible_to(actor).filter(turns, adoption__division=office.division_id)
    return [
        Waiting(CHECK, "assessments", one.uid, f"{one.place.name} {one.year} {one.number} {_turn(one)}", one.owner_department_id, None)
        for one in rows.select_related("place").order_by("signed_at", "id")
    ]  # fmt: skip


def _turn(one: Assessment) -> str:
    return _("后续建议待决定") if one.state == Assessment.State.FINAL else str(one.get_state_display())

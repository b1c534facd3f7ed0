"""What assessment puts before people: self-assessments to sign, and signed ones to check, answer and make final."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

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
    """Assessments of this person's own office that wait for it: signed and to be checked, or objected to; the longest waiting first."""
    office = actor.person.department if actor.person else None
    if office is None or not may(actor, CHECK):
        return []
    rows = Assessment.objects.visible_to(actor).filter(held_for(actor, CHECK, Assessment), state__in=TO_CHECK)
    found = rows.filter(adoption__division=office.division_id).select_related("place").order_by("signed_at", "id")
    return [
        Waiting(CHECK, "assessments", one.uid, f"{one.place.name} {one.year} {one.number} {one.get_state_display()}", one.owner_department_id, None)
        for one in found
    ]  # fmt: skip


def to_decide(actor: Actor) -> list[Waiting]:
    """What a result of this person's own office proposes to follow and nobody has decided, the earliest result first."""
    office = actor.person.department if actor.person else None
    if office is None or not may(actor, FINISH):
        return []
    rows = Proposal.objects.visible_to(actor).filter(held_for(actor, FINISH, Proposal), state=Proposal.State.PROPOSED)
    found = rows.filter(assessment__adoption__division=office.division_id).select_related("assessment__place")
    return [
        Waiting(FINISH, "assessments", one.assessment.uid, f"{one.assessment.place.name} {one.assessment.year} {one.words}", one.owner_department_id, None)
        for one in found.order_by("assessment__finished_at", "id")
    ]  # fmt: skip

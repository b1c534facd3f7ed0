"""What supervision puts before people: slips whose answer is owed, requests that wait for a decision."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from soildesk.core.models import Duty
from soildesk.core.owed import Waiting, waiting
from soildesk.core.permissions import Actor, held_for, may
from soildesk.supervision.models import DispatchSheet, Extension, Letter, Meeting, Slip, Suspension, TalkPromise

REQUESTS = {"extensions": Extension, "suspensions": Suspension}
"""The kinds of requests, by the register in which they stand."""


ANSWERED: dict[str, tuple[Any, str]] = {
    Duty.Kind.SLIP.value: (Slip, "slips"),
    Duty.Kind.LETTER.value: (Letter, "letters"),
    Duty.Kind.SHEET.value: (DispatchSheet, "dispatch_sheets"),
    Duty.Kind.TALK.value: (TalkPromise, "supervision:promise"),
}
"""What units owe supervision: the record of each kind of duty and the register, or the page, where it stands."""


def to_answer(actor: Actor, on: date, units: Collection[int]) -> list[Waiting]:
    """Slips and letters these departments have still to answer, sheets of 调度 to sign, promises of talks to keep."""
    if not may(actor, "supervision.answer"):
        return []
    found = waiting(actor, on, list(ANSWERED), dict(ANSWERED.values()))
    return [one for one in found if one.unit_id in units]


def last_meeting(actor: Actor, before: date) -> date | None:
    """The day of the last meeting that was held before a day."""
    rows = Meeting.objects.visible_to(actor).filter(state=Meeting.State.HELD, held_on__lt=before)
    found: date | None = rows.order_by("-held_on").values_list("held_on", flat=True).first()
    return found


def to_sign(actor: Actor) -> list[Waiting]:
    """Letters that are drafted and that this person may sign."""
    if not may(actor, "supervision.sign"):
        return []
    rows = Letter.objects.visible_to(actor).filter(
        held_for(actor, "supervision.sign", Letter), state=Letter.State.DRAFT
    )
    found = rows.order_by("made_at", "id").values_list("uid", "title", "owner_department_id", "answer_by")
    return [Waiting("supervision.sign", "letters", uid, title, unit, due) for uid, title, unit, due in found]


def to_decide(actor: Actor, on: date) -> list[Waiting]:
    """Requests for more time or a rest that this person may decide: never those of their own, the nearest term first."""
    if not may(actor, "supervision.decide"):
        return []
    found = []
    for collection, model in REQUESTS.items():
        rows = model.objects.visible_to(actor).filter(
            held_for(actor, "supervision.decide", model), state="asked", asked_on__lte=on
        )
        if actor.person is not None:
            rows = rows.exclude(asked_by=actor.person)
        found += [
            Waiting(
                collection,
                collection,
                one.uid,
                f"{one.title}（{one.unit}）",
                one.unit_id,
                one.duty.due if one.duty else None,
            )
            for one in rows.select_related("unit", "duty").order_by("asked_on", "id")
        ]
    return found

"""Where slips stand: answered, done, followed by the next one, or over; and what is owed as an answer to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from soildesk.core import duties
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Division, Duty
from soildesk.core.permissions import Actor
from soildesk.plans.queries.told import SUBJECT as TASK
from soildesk.plans.queries.told import Told, progress_days
from soildesk.supervision.models import Slip, Suspension
from soildesk.supervision.queries.places import of_place, places

State = Slip.State
PERIOD = 20


def settle(place: Division, *, on: date, by: Actor, new: Sequence[Slip] = ()) -> None:
    """Bring the slips of a place that wait for an answer up to what has happened, and the answers owed with them."""
    Suspension.objects.filter(of_place(place, places()), state=Suspension.State.GRANTED, until__lte=on).update(
        state=Suspension.State.ENDED
    )
    by_key = {slip.pk: slip for slip in new}
    waiting = Slip.objects.filter(of_place(place, places()), state=State.WAITING).select_related("duty", "unit")
    open_ = [_same(by_key.get(row.pk), row) for row in waiting.order_by("on", "id")]
    told = progress_days({slip.duty.subject_id for slip in open_ if slip.duty and slip.duty.subject_type == TASK})
    later: dict[tuple[str, date], list[Slip]] = defaultdict(list)
    for slip in open_:
        later[slip.matter, slip.due].append(slip)
    changed = [slip for slip in open_ if _stands(slip, on, told, later[slip.matter, slip.due])]
    fields = ["state", "ended_on", "answered_on", "answer_kind"]
    Slip.objects.bulk_update(changed, fields, batch_size=300)
    owe([*changed, *(slip for slip in new if slip.state == State.WAITING)], by=by)


def _same(kept: Slip | None, row: Slip) -> Slip:
    """The object the caller holds, with its relations read."""
    if kept is None:
        return row
    kept.duty, kept.unit = row.duty, row.unit
    return kept


def _stands(slip: Slip, on: date, told: Told, those: Sequence[Slip]) -> bool:
    """Say how a waiting slip stands now; whether that is something new."""
    duty = slip.duty
    if duty is None or duty.due != slip.due or (duty.live_until is not None and duty.live_until <= on):
        slip.state, slip.ended_on = State.OVER, on
        return True
    if duty.done_on is not None and duty.done_on <= on:
        slip.state, slip.ended_on = State.DONE, max(duty.done_on, slip.on)
        return True
    days = told.get((duty.subject_id, duty.unit_id or 0), ()) if duty.subject_type == TASK else ()
    if said := [day for day in days if slip.on <= day <= on]:
        slip.state, slip.answered_on, slip.ended_on = State.ANSWERED, said[0], said[0]
        slip.answer_kind = Slip.Answer.PROGRESS
        return True
    after = [one for one in those if (one.on, one.pk) > (slip.on, slip.pk)]
    if after:
        slip.state, slip.ended_on = State.FOLLOWED, after[0].on
        return True
    return False


def owe(slips: Sequence[Slip], *, by: Actor) -> None:
    """What units owe as answers fits the slips: one that was answered is done, one that is over counts no more."""
    duties.fit([(slip, [_owed(slip)]) for slip in slips if slip.answer_by], by=by)


def _owed(slip: Slip) -> Standing:
    title = f"{slip.number} {slip.title}"[:300]
    spec = DutySpec(Duty.Kind.SLIP, title, slip.unit, slip.why, slip.number[-PERIOD:], due=slip.answer_by)
    done = slip.ended_on if slip.state in (State.ANSWERED, State.DONE) else None
    over = slip.ended_on if slip.state in (State.FOLLOWED, State.OVER) else None
    return Standing(spec, Life(slip.on, over), done)

"""What is known of duties, as `soilrules.supervision` asks for it: many at once, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from soildesk.core.models import Division, Duty
from soildesk.plans.queries.told import SUBJECT as TASK
from soildesk.plans.queries.told import progress_days
from soildesk.supervision.models import Extension, Importance, Slip, Suspension
from soildesk.supervision.models.matters import matter_of
from soildesk.supervision.queries.places import of_place
from soilrules.supervision.facts import Answered, DutyFacts, Span, Term

SELF = (Duty.Kind.SLIP,)
"""Duties that supervision itself makes: no slip is written about the answer to a slip."""


def supervised(place: Division, known: Iterable[Division]) -> QuerySet[Duty]:
    """The dated duties of departments that belong to a place. What firms owe is reminded by letter, not by slips."""
    rows = Duty.objects.filter(of_place(place, known), unit__isnull=False, due__isnull=False, live_from__isnull=False)
    return rows.exclude(kind__in=SELF)


def to_look_at(rows: QuerySet[Duty], since: date | None, until: date) -> QuerySet[Duty]:
    """Those of which something new may be due: what had ended before the last run was looked at then."""
    rows = rows.filter(live_from__lte=until)
    if since is not None:
        rows = rows.filter(Q(done_on=None) | Q(done_on__gte=since), Q(live_until=None) | Q(live_until__gte=since))
    return rows.select_related("unit")


def facts_of(duties: Sequence[Duty]) -> Mapping[int, DutyFacts]:
    """What is known of each duty, by its key."""
    matters = {duty.pk: matter_of(duty) for duty in duties}
    names = set(matters.values()) if len(duties) < 500 else None
    tasks = {duty.subject_id for duty in duties if duty.subject_type == TASK}
    told = progress_days(tasks) if tasks else {}
    moved, rested = _extensions(names)
    suspended, important, answers = _suspensions(names), _important(names), _answers(names)
    return {
        duty.pk: DutyFacts(
            live=Span(duty.live_from, duty.live_until) if duty.live_from else None,
            terms=_terms(duty, moved[matters[duty.pk]]),
            done_on=duty.done_on,
            issued_on=duty.issued_on,
            progress=tuple(told.get((duty.subject_id, duty.unit_id or 0), ())) if _is_worked_on(duty) else None,
            answers=tuple(answers[matters[duty.pk]]),
            suspended=tuple(suspended[matters[duty.pk]]),
            rested=tuple(rested[matters[duty.pk]]),
            important_since=important.get(matters[duty.pk]),
        )
        for duty in duties
    }


def _is_worked_on(duty: Duty) -> bool:
    """Whether units tell how it goes before it is done: of tasks they do; the report of a standing task is itself the telling."""
    return duty.subject_type == TASK and duty.kind != Duty.Kind.STANDING_CHECK


def _of(model: Any, names: set[str] | None, **wanted: Any) -> QuerySet[Any]:
    rows = model.objects.filter(**wanted)
    return rows if names is None else rows.filter(matter__in=names)


def _terms(duty: Duty, moves: Sequence[Extension]) -> tuple[Term, ...]:
    """The terms a duty had: the first one, those it was moved to, and what its record says now where that is another."""
    start = duty.live_from or date.min
    if not moves:
        return (Term(start, duty.due),)
    found = [Term(start, moves[0].due_before)]
    found += [Term(one.decided_on or one.asked_on, one.due_granted) for one in moves]
    if found[-1].due != duty.due:
        found.append(Term(found[-1].since, duty.due))
    return tuple(found)


def _extensions(names: set[str] | None) -> tuple[dict[str, list[Extension]], dict[str, list[Span]]]:
    moved: dict[str, list[Extension]] = defaultdict(list)
    rested: dict[str, list[Span]] = defaultdict(list)
    for one in _of(Extension, names, state=Extension.State.GRANTED).order_by("decided_on", "id"):
        if one.moved:
            moved[one.matter].append(one)
        elif one.due_granted > one.decided_on:
            rested[one.matter].append(Span(one.decided_on, one.due_granted))
    return moved, rested


def _suspensions(names: set[str] | None) -> dict[str, list[Span]]:
    """The days on which the escalation rests: to the day that was said, or to that on which it was ended."""
    found: dict[str, list[Span]] = defaultdict(list)
    rows = _of(Suspension, names, since__isnull=False)
    for matter, since, until, ended in rows.values_list("matter", "since", "until", "ended_on"):
        end = min(until, ended) if ended else until
        if end > since:
            found[matter].append(Span(since, end))
    return found


def _important(names: set[str] | None) -> dict[str, date]:
    rows = _of(Importance, names, until=None)
    return dict(rows.values_list("matter", "since"))


def _answers(names: set[str] | None) -> dict[str, list[Answered]]:
    found: dict[str, list[Answered]] = defaultdict(list)
    rows = _of(Slip, names, answered_on__isnull=False)
    for matter, key, on in rows.values_list("matter", "key", "answered_on"):
        found[matter].append(Answered(key, on))
    return found

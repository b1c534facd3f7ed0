"""Duties of records with a page of their own, as 今日 shows them: late, due soon, or without any term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from soildesk.core.calendar import working_calendar
from soildesk.core.duties import state_of
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soilrules.deadlines import State

SOON = 14


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing owed, the record it stands on, and whose it is."""

    kind: str
    collection: str
    uid: UUID
    title: str
    unit_id: int | None
    due: date | None
    late: bool = False


def waiting(
    actor: Actor, on: date, kinds: Collection[str], records: Mapping[Any, str], *, ahead: int | None = SOON
) -> list[Waiting]:
    """The open duties of some kinds the actor sees; those with a term first, in its order.

    `records` names the collection of each model whose rows may owe; `ahead` how many days before its term one is shown
    (None: from the day it is owed).
    """
    rows = Duty.objects.visible_to(actor)
    if ahead is not None:
        rows = rows.filter(Q(due=None) | Q(due__lte=on + timedelta(days=ahead)))
    found = list(rows.filter(kind__in=kinds).open_on(on).order_by("due", "pk"))
    keys: dict[str, list[int]] = defaultdict(list)
    for one in found:
        keys[one.subject_type].append(one.subject_id)
    named = {model._meta.label_lower: (model, collection) for model, collection in records.items()}
    uids = {
        (label, pk): uid
        for label, pks in keys.items()
        for pk, uid in named[label][0].objects.filter(pk__in=pks).values_list("pk", "uid")
    }
    calendar = working_calendar() if found else None
    told = [
        Waiting(
            one.kind, named[label][1], uids[label, one.subject_id], one.title, one.unit_id, one.due,
            state_of(one, on, calendar) is State.OVERDUE,
        )
        for one in found
        for label in (one.subject_type,)
    ]  # fmt: skip
    return sorted(told, key=lambda one: (one.due is None, one.due or on))

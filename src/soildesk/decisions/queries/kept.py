"""Questions put to the gate and what was added to them afterwards."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Case, QuerySet, When
from django.utils import timezone

from soildesk.core.permissions import Actor
from soildesk.decisions.models import GateBatch, GateGround, GateQuery, OpinionRequest, ProvinceQuery
from soildesk.enterprises.queries.firms import town

WORST_FIRST = ("blocked", "cannot_say", "conditions", "pass")


def _after(day: date) -> datetime:
    """The first moment after a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def asked(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[GateQuery]:
    """The questions put up to a day."""
    rows = GateQuery.objects.visible_to(actor).filter(asked_at__lt=_after(on))
    rows = rows if known_on is None else rows.filter(asked_at__lte=known_on)
    return rows.annotate(town=town())


def query_called(actor: Actor, uid: str | UUID) -> GateQuery | None:
    """A question by its key, where the actor sees it."""
    rows = GateQuery.objects.visible_to(actor).select_related("follows", "asked_by", "owner_department", "batch")
    return rows.filter(uid=uid).first()


def query_named(actor: Actor, name: str) -> GateQuery | None:
    """A question by its key or its number, where the actor sees it."""
    try:
        return query_called(actor, UUID(name))
    except ValueError:
        return GateQuery.objects.visible_to(actor).filter(number=name).first()


def requested(actor: Actor, request: str) -> GateQuery | None:
    """The answer a request of the actor's own gave before."""
    rows = GateQuery.objects.visible_to(actor).filter(asked_by=actor.person)
    return rows.filter(request=request).first()


def by_token(token: str) -> GateQuery | None:
    """The question a certificate was made of."""
    return GateQuery.objects.filter(token=token).select_related("owner_department__division").first()


def chain(query: GateQuery) -> list[GateQuery]:
    """A question and those it follows, the latest first."""
    found: list[GateQuery] = []
    one: GateQuery | None = query
    while one is not None:
        found.append(one)
        one = one.follows
    return found


def followed_by(query: GateQuery) -> list[GateQuery]:
    """The later questions that followed one."""
    return list(GateQuery.objects.filter(follows=query).order_by("asked_at", "pk"))


def province_of(query: GateQuery) -> list[ProvinceQuery]:
    """What the national system said, of a question and those it follows; the latest first."""
    rows = ProvinceQuery.objects.filter(query__in=[one.pk for one in chain(query)])
    return list(rows.select_related("recorded_by"))


def grounds_of(query: GateQuery) -> list[GateGround]:
    """The written grounds of a question and those it follows, the earliest first."""
    return list(GateGround.objects.filter(query__in=[one.pk for one in chain(query)]).select_related("by"))


def opinions_of(query: GateQuery) -> list[OpinionRequest]:
    """The opinions asked for on a question and those it follows."""
    rows = OpinionRequest.objects.filter(query__in=[one.pk for one in chain(query)])
    return list(rows.select_related("asked_of", "asked_from", "query"))


def opinions(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[OpinionRequest]:
    """The opinions asked for up to a day."""
    rows = OpinionRequest.objects.visible_to(actor).filter(asked_on__lte=on)
    rows = rows if known_on is None else rows.filter(recorded_at__lte=known_on)
    return rows.annotate(town=town())


def opinion_called(actor: Actor, uid: str | UUID) -> OpinionRequest | None:
    """A request for an opinion by its key, where the actor sees it."""
    rows = OpinionRequest.objects.visible_to(actor).select_related("query", "asked_of", "asked_from", "recorded_by")
    return rows.filter(uid=uid).first()


def batches(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[GateBatch]:
    """The batches asked up to a day."""
    rows = GateBatch.objects.visible_to(actor).filter(asked_at__lt=_after(on))
    return rows if known_on is None else rows.filter(asked_at__lte=known_on)


def of_batch(batch: GateBatch) -> QuerySet[GateQuery]:
    """The answers of a batch, the worst first, then in the order of its rows."""
    rank = Case(*(When(decision=one, then=at) for at, one in enumerate(WORST_FIRST)), default=len(WORST_FIRST))
    return GateQuery.objects.filter(batch=batch).order_by(rank, "row")


def batch_called(actor: Actor, uid: str | UUID) -> GateBatch | None:
    """A batch by its key, where the actor sees it."""
    return GateBatch.objects.visible_to(actor).select_related("asked_by").filter(uid=uid).first()

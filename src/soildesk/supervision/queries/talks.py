"""Reads of talks and what was promised in them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor
from soildesk.monitoring.queries.network import short_name
from soildesk.plans.queries.states import end_of
from soildesk.supervision.models import Talk, TalkPromise

VERIFIED = Q(promises__state=TalkPromise.State.VERIFIED)


def talks(actor: Actor | None, on: date) -> QuerySet[Talk]:
    """Talks, with how many promises there are and how many were verified."""
    return (
        Talk.objects.visible_to(actor)
        .filter(made_at__lt=end_of(on))
        .annotate(
            office=short_name("owner_department"),
            promised=Count("promises", distinct=True),
            verified=Count("promises", filter=VERIFIED, distinct=True),
        )
    )


def talk_of(actor: Actor, uid: UUID) -> Talk | None:
    """One talk the actor sees."""
    rows = Talk.objects.visible_to(actor).select_related(
        "owner_department", "letter", "made_by", "held_by", "closed_by"
    )
    return rows.filter(uid=uid).first()


def units_of(talk: Talk) -> list[Department]:
    """Who is asked."""
    return list(talk.units.order_by("pk"))


def promises_of(talk: Talk) -> list[TalkPromise]:
    """What was promised: everybody of the talk sees it."""
    return list(talk.promises.select_related("unit", "reported_by", "verified_by", "talk"))


def promise_of(actor: Actor, uid: UUID) -> TalkPromise | None:
    """One promise the actor sees."""
    rows = TalkPromise.objects.visible_to(actor).select_related("talk", "unit", "owner_department")
    return rows.filter(uid=uid).first()


def duty_of(one: TalkPromise) -> Duty | None:
    """The duty of a promise: what says late."""
    return Duty.objects.for_subject(one).first()


def late_on(on: date) -> Q:
    """Talks with a promise that is late."""
    label = TalkPromise._meta.label_lower
    late = Duty.objects.late_on(on).filter(subject_type=label).values("subject_id")
    return Q(pk__in=TalkPromise.objects.filter(pk__in=late).values("talk_id"))

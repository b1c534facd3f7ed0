"""The local rules of owners, as a list and as they hold at a place on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from soildesk.core.models import Division
from soildesk.core.permissions import Actor, divisions_of
from soildesk.monitoring.models import OwnerRule
from soildesk.monitoring.queries.network import short_name, town


def rules(actor: Actor | None, on: date) -> QuerySet[OwnerRule]:
    """Every rule in reach, those that ended too."""
    rows = OwnerRule.objects.visible_to(actor)
    return rows.annotate(place=town(), leads_name=short_name("leads"))


def places(actor: Actor) -> QuerySet[Division]:
    """The divisions an actor may register rules for."""
    return Division.objects.filter(divisions_of(actor)).order_by("path")


def rule_of(actor: Actor, uid: UUID) -> OwnerRule | None:
    """One rule, if the actor sees it."""
    return OwnerRule.objects.visible_to(actor).select_related("leads").filter(uid=uid).first()


def holding(paths: Sequence[str], on: date) -> list[OwnerRule]:
    """The rules of a place and of those above it on a day: the smallest place first, there the newest."""
    rows = OwnerRule.objects.filter(Q(until=None) | Q(until__gt=on), division_path__in=paths, since__lte=on)
    found = rows.select_related("leads").prefetch_related("supports")
    return sorted(found, key=lambda one: (len(one.division_path), bool(one.lands), one.since, one.pk), reverse=True)

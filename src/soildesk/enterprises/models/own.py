"""Rows of enterprises, and who sees them: the offices by their scope, a representative those of the own enterprise alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Q

from soildesk.core.models import RoleGrant, ScopedQuerySet
from soildesk.core.models.versions import VersionQuerySet

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


def represented(actor: Actor) -> Q:
    """Rows of the enterprises an actor speaks for today."""
    model = apps.get_model("enterprises", "Representative")
    counts = Q(until__isnull=True) | Q(until__gt=actor.today)
    mine = model.objects.filter(counts, person=actor.person, since__lte=actor.today)
    return Q(enterprise_id__in=mine.values("enterprise_id"))


class OwnQuerySet(ScopedQuerySet):
    """Rows with an `enterprise`."""

    def visible_to(self, actor: Actor | None) -> Self:
        """Those within the actor's divisions; a representative sees those of the own enterprise."""
        seen = super().visible_to(actor)
        if actor is None or actor.person is None or not actor.has_role(RoleGrant.Role.ENTERPRISE):
            return seen
        return seen | self.filter(represented(actor))


class OwnVersionQuerySet(OwnQuerySet, VersionQuerySet):
    """Versions with an `enterprise`."""

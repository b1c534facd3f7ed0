"""Rows that belong to a division and a department: keys, and the one place where reads are scoped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from uuid_utils.compat import uuid7

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


def new_uid() -> UUID:
    """A UUIDv7: the name of a row at every edge (URL, file, API)."""
    return uuid7()


class ScopedQuerySet(models.QuerySet):
    """Every list, count, export and search starts with `visible_to`."""

    def visible_to(self, actor: Actor) -> Self:
        """Rows within the actor's divisions; no actor, no rows."""
        from soildesk.core.permissions import scope_condition

        return self.filter(scope_condition(actor, self.model))


class ScopedModel(models.Model):
    """Base of every scoped table."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    division_path = models.CharField(max_length=80, db_index=True)
    owner_department = models.ForeignKey("core.Department", models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

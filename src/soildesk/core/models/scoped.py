"""Rows that belong to a division and a department: keys, and the one place where reads are scoped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from uuid_utils.compat import uuid7

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


def new_uid() -> UUID:
    """A UUIDv7: the name of a row at every edge (URL, file, API)."""
    return uuid7()


Scope = Callable[["Actor | None", type[models.Model]], models.Q]
_scope: list[Scope] = []


def scope_by(scope: Scope) -> Scope:
    """Say which function scopes reads: `soildesk.core.permissions`, which stands above the tables."""
    _scope[:] = [scope]
    return scope


class ScopedQuerySet(models.QuerySet):
    """Every list, count, export and search starts with `visible_to`."""

    def visible_to(self, actor: Actor | None) -> Self:
        """Rows within the actor's divisions; no actor, no rows."""
        return self.filter(_scope[0](actor, self.model))


class ScopedModel(models.Model):
    """Base of every scoped table."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    division_path = models.CharField(max_length=80, db_index=True)
    owner_department = models.ForeignKey("core.Department", models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

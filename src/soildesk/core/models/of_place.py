"""Rows of a place: everybody who works there works on the same ground, points and results."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from soildesk.core.paths import above


class OfPlace(models.Model):
    """Rows seen by every department of the place, not only by the one that keeps them."""

    class Meta:
        abstract = True

    @classmethod
    def scope_for_department(cls, grant: Any) -> Q:
        """All rows at or below the grant's division."""
        return Q(division_path__startswith=grant.division.path)


class HandedDown(OfPlace):
    """Rows that the places below work by: a town sees what its district decided, as far as `handed_down` says."""

    handed_down: ClassVar[Q] = Q()

    class Meta:
        abstract = True

    @classmethod
    def scope_for_department(cls, grant: Any) -> Q:
        """Those of the place, and what was handed down from the places above it."""
        return super().scope_for_department(grant) | Q(division_path__in=above(grant.division.path)) & cls.handed_down

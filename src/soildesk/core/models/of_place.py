"""Rows of a place: everybody who works there works on the same ground, points and results."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q


class OfPlace(models.Model):
    """Rows seen by every department of the place, not only by the one that keeps them."""

    class Meta:
        abstract = True

    @classmethod
    def scope_for_department(cls, grant: Any) -> Q:
        """All rows at or below the grant's division."""
        return Q(division_path__startswith=grant.division.path)

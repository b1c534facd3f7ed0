"""Rows that are kept for every day they counted and every day they were known (bitemporal)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models.scoped import ScopedModel, ScopedQuerySet


class VersionQuerySet(ScopedQuerySet):
    """Versions of things."""

    def as_known(self, known_on: datetime | None = None) -> Self:
        """The versions of every day, as known at `known_on` (now, without it)."""
        known = Q(superseded_at__isnull=True)
        if known_on is not None:
            known = Q(recorded_at__lte=known_on) & (known | Q(superseded_at__gt=known_on))
        return self.filter(known)

    def standing(self, on: date, known_on: datetime | None = None) -> Self:
        """Those that say how things were on the day `on`."""
        return self.as_known(known_on).filter(Q(since__lte=on), Q(until__isnull=True) | Q(until__gt=on))


class Version(ScopedModel):
    """One version of a thing: true from `since` to the day before `until`, known from `recorded_at` on.

    A version is never edited: a change writes new ones and gives the old its `superseded_at`
    (`soildesk.core.versions`). `identity` names the foreign key to the thing itself.
    """

    identity: str = ""

    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    superseded_at = models.DateTimeField(_("被更正时间"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        "core.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )
    reason = models.CharField(_("原因"), max_length=300, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_later", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            )
        ]

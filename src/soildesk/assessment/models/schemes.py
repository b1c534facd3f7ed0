"""Which scheme a place assesses by in a year: the shipped scheme with what the place changed, one row a version."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Division, OfPlace, ScopedModel


class SchemeAdoption(OfPlace, ScopedModel):
    """One version of a scheme as a place put it into force for a year. Never edited: another version supersedes it.

    `own` is the whole scheme where the office wrote it itself, empty where it is a shipped one. `changes` is what differs from
    that, by the id of the item, deduction or veto.
    """

    scheme = models.CharField(max_length=60)
    title = models.CharField(_("考核方案"), max_length=120)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("考核地区"))
    year = models.PositiveSmallIntegerField(_("年度"))
    version = models.PositiveIntegerField(_("版本"))
    document = models.CharField(_("文号"), max_length=80)
    ground = models.CharField(_("依据和说明"), max_length=300, blank=True)
    own = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    adopted_at = models.DateTimeField(_("采用时间"))
    adopted_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-year", "scheme", "-version"]
        constraints = [
            models.UniqueConstraint(name="adoption_version_once", fields=["division", "scheme", "year", "version"]),
            models.UniqueConstraint(
                name="adoption_one_in_force", fields=["division", "scheme", "year"], condition=Q(superseded_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.year}）"

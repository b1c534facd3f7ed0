"""What rows of this room share that are told once and never edited."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import OfPlace, ScopedModel


class Told(OfPlace, ScopedModel):
    """A fact told by somebody: never edited, superseded with a reason where it was wrong."""

    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.ForeignKey(
        "core.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )
    superseded_at = models.DateTimeField(_("被更正时间"), null=True, blank=True)
    reason = models.CharField(_("更正原因"), max_length=300, blank=True)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

"""What the dates of the records show of a firm, kept so that the office is told of it at once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import OfPlace, ScopedModel


class Candidate(OfPlace, ScopedModel):
    """One thing that may be a problem: a person records it or sets it aside, and the problem bears its `origin`.

    Follows from the records alone; one that they show no more is `gone_at` and comes back with them.
    """

    origin = models.CharField(max_length=160, unique=True)
    enterprise = models.ForeignKey("enterprises.Enterprise", models.PROTECT, related_name="+")
    on = models.DateField(_("日期"))
    words = models.JSONField(default=dict)  # the sentence by language
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(name="candidate_of_firm", fields=["enterprise"], condition=Q(gone_at=None))]

    def __str__(self) -> str:
        return self.origin

"""The published document a plan was read from."""

from __future__ import annotations

from django.db import models

from soildesk.core.models import ScopedModel


class PlanDocument(ScopedModel):
    """The text as published, kept as read: every span in this room counts characters of `text`."""

    file_name = models.CharField(max_length=200, blank=True)  # blank: pasted
    file_sha256 = models.CharField(max_length=64, db_index=True)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64, db_index=True)
    reader = models.CharField(max_length=60)  # reader version that made the draft
    read_at = models.DateTimeField()
    read_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

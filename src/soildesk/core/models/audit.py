"""The append-only chain of acts."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One act. `digest` closes over the entry and the digest before it; rows are never changed or deleted.

    The chain is proof, not a source for queries of the business; it holds no personal data beyond
    the id of who acted. `data` of a bulk act carries count and hash of its batch.
    """

    at = models.DateTimeField()
    actor_uid = models.UUIDField(null=True)  # null: a named system actor, see `actor_name`
    actor_name = models.CharField(max_length=40)  # username or system actor's name
    act = models.CharField(max_length=80, db_index=True)  # plans.plan.published
    subject_type = models.CharField(max_length=60)
    subject_uid = models.CharField(max_length=64, db_index=True)
    division_path = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

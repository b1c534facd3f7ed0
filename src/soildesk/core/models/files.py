"""Attachments: stored once by hash, reached only through the record that uses them."""

from __future__ import annotations

from django.db import models

from soildesk.core.models.scoped import new_uid


class Attachment(models.Model):
    """One stored file. Same bytes, same row; the path under SOILDESK_HOME/attachments is `sha256[:2]/sha256`."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()  # bytes
    media_type = models.CharField(max_length=120)
    stored_at = models.DateTimeField()


class FileUse(models.Model):
    """A record's use of a file, under the name its uploader gave. Access is the record's: one file may serve many."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="uses")
    subject_type = models.CharField(max_length=60)  # "plans.task"
    subject_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=400, blank=True)
    kind = models.CharField(max_length=40, blank=True)  # "source", "evidence", "scan"
    added_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

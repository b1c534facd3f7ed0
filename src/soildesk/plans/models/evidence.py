"""Documents a task is proved by: named beforehand, filed by those who owe them, looked at by another person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import new_uid
from soildesk.plans.models.tasks import PlanTask
from soildesk.plans.models.work import Assignment


class AskedDocument(models.Model):
    """One document a task is to be proved by; of each unit on the task, or one for the whole task."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    task = models.ForeignKey(PlanTask, models.CASCADE, related_name="asked_documents")
    name = models.CharField(_("材料名称"), max_length=120)
    shows = models.CharField(_("应当写明"), max_length=200, blank=True)
    each_unit = models.BooleanField(_("各单位都要报"), default=False)
    asked_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["task_id", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_asked_document_per_name", fields=["task", "name"], condition=Q(dropped_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.name


class DocumentFiling(models.Model):
    """One file given for an asked document, and what the person who looked at it said. The newest of a unit counts."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("待核对")
        ACCEPTED = "accepted", _("核对通过")
        REFUSED = "refused", _("不符合要求")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    document = models.ForeignKey(AskedDocument, models.CASCADE, related_name="filings")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, blank=True, related_name="filings")
    use = models.ForeignKey("core.FileUse", models.PROTECT, related_name="+")
    filed_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    filed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    checked_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        ordering = ["-filed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="checked_filings_name_their_day",
                condition=Q(outcome="waiting", checked_at__isnull=True)
                | ~Q(outcome="waiting") & Q(checked_at__isnull=False),
            )
        ]

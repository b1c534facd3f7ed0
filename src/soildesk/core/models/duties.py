"""The one table of duties: whatever somebody owes by a day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models.scoped import ScopedModel


class Duty(ScopedModel):
    """One thing owed by one unit. Lateness is said by `soilrules.deadlines.state` alone.

    `subject_type`/`subject_id` name the record that made it. `due` is null for standing and
    undetermined duties. `live_from`/`live_until` bound the days on which it counts (a plan that is
    history owes nothing); both null only while a plan is not published, and then it is not live.
    """

    class Kind(models.TextChoices):
        MILESTONE = "milestone", _("任务节点")
        STANDING_CHECK = "standing_check", _("长期任务填报")
        ASSIGNMENT = "assignment", _("分办")
        REVIEW_DATE = "review_date", _("复核日期")
        RECEIPT = "receipt", _("签收")
        CLOSING = "closing", _("总结")

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(_("事项"), max_length=300)
    unit = models.ForeignKey("core.Department", models.PROTECT, null=True, blank=True, related_name="duties")
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    period = models.CharField(_("期次"), max_length=20, blank=True)  # "2026Q3"
    period_start = models.DateField(null=True, blank=True)
    due = models.DateField(_("时限"), null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)  # due before this day: 下发前已到期, never late
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    standing = models.BooleanField(default=False)
    internal = models.BooleanField(_("内部时限"), default=False)
    provisional = models.BooleanField(_("暂定"), default=False)
    live_from = models.DateField(null=True, blank=True)
    live_until = models.DateField(null=True, blank=True)  # first day on which it no longer counts
    evidence = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["unit", "due"]),
            models.Index(name="duty_open_due", fields=["due"], condition=Q(done_on__isnull=True)),
        ]

"""The ledger at work: fan-out to units, receipts, progress, the rhythm of standing tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import ScopedModel, ScopedQuerySet
from soildesk.plans.models.plans import Plan
from soildesk.plans.models.tasks import PlanTask

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


class OfTaskQuerySet(ScopedQuerySet):
    """Rows that are read exactly when the plan of their task is."""

    def visible_to(self, actor: Actor) -> Self:
        """Rows of tasks in plans the actor may read."""
        return self.filter(task__plan_id__in=list(Plan.objects.visible_to(actor).values_list("pk", flat=True)))


class Assignment(ScopedModel):
    """分办: one task at one unit. Everybody who may read the plan sees its state; only the unit and the office act on it."""

    class State(models.TextChoices):
        SENT = "sent", _("待签收")
        RECEIVED = "received", _("已签收")
        UNDER_WAY = "under_way", _("办理中")
        REPORTED = "reported", _("已报完成")
        VERIFIED = "verified", _("已核实")
        RETURNED = "returned", _("已退回")
        MISDIRECTED = "misdirected", _("申请改派")
        WITHDRAWN = "withdrawn", _("已撤销")

    task = models.ForeignKey(PlanTask, models.CASCADE, related_name="assignments")
    department = models.ForeignKey("core.Department", models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=12)
    unit = models.ForeignKey("plans.TaskUnit", models.SET_NULL, null=True, related_name="assignments")
    state = models.CharField(max_length=12, choices=State, default=State.SENT)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    reported_on = models.DateField(_("报完成日期"), null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    returned_why = models.CharField(max_length=300, blank=True)

    objects = OfTaskQuerySet.as_manager()

    class Meta:
        ordering = ["task_id", "id"]
        constraints = [
            models.UniqueConstraint(name="one_assignment_per_unit", fields=["task", "department"]),
        ]
        indexes = [models.Index(fields=["department", "state"])]


class ProgressEntry(models.Model):
    """What a unit said about its task, in its words, for a period or a milestone. Corrected by a newer entry, never edited."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="entries")
    milestone = models.ForeignKey("plans.Milestone", models.SET_NULL, null=True, blank=True, related_name="entries")
    period = models.CharField(max_length=20, blank=True)  # 2026Q3 for standing tasks
    text = models.TextField(_("进展"))
    claims_done = models.BooleanField(default=False)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    unfinished_why = models.CharField(_("未办原因"), max_length=300, blank=True)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    via = models.CharField(max_length=20, default="desk")  # desk | sheet | command
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    superseded_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]


class StandingOrder(models.Model):
    """What a standing task means this year: ours, never the plan's (内部时限)."""

    class Rhythm(models.TextChoices):
        MONTH = "month", _("每月")
        QUARTER = "quarter", _("每季度")
        HALF = "half", _("每半年")
        YEAR = "year", _("每年")

    task = models.OneToOneField(PlanTask, models.CASCADE, related_name="standing_order")
    action = models.CharField(_("今年做什么"), max_length=300, blank=True)
    result_form = models.CharField(_("成果形式"), max_length=120, blank=True)
    person = models.CharField(_("责任人"), max_length=40, blank=True)
    rhythm = models.CharField(_("填报周期"), max_length=8, choices=Rhythm, default=Rhythm.QUARTER)


class SheetIssue(models.Model):
    """A 分办 sheet that went out to a unit without an account; what comes back is an import of kit."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sheets")
    department = models.ForeignKey("core.Department", models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    rows = models.JSONField(default=list)  # assignment uids with the state they had when the sheet was made

"""Clauses a plan prints without a unit: read, no tasks, for a person to take up or leave."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from soildesk.plans.models.plans import OfPlanQuerySet, Plan
from soildesk.plans.models.tasks import PlanTask


class UnassignedClause(models.Model):
    """One clause that names no unit. It owes nothing; taken up, it is a task under review like any other."""

    class Decision(models.TextChoices):
        OPEN = "", _("待决定")
        TAKEN = "taken", _("已列为任务")
        LEFT = "left", _("不列为任务")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="unassigned")
    position = models.PositiveIntegerField()
    number = models.CharField(_("序号"), max_length=40, blank=True)
    section = models.JSONField(default=list)  # headings, outermost first
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(_("条款"))
    part = models.PositiveSmallIntegerField(default=0)
    line = models.PositiveIntegerField(default=0)
    reading = models.JSONField(default=dict)  # text and title with their spans, as of a task
    decision = models.CharField(max_length=5, choices=Decision, blank=True, default=Decision.OPEN)
    task = models.OneToOneField(PlanTask, models.SET_NULL, null=True, blank=True, related_name="clause")
    decided_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "position"]

    def __str__(self) -> str:
        return self.heading

    @property
    def heading(self) -> str:
        """What it is called in lists."""
        return self.title or self.text[:40]

    @property
    def words(self) -> str:
        """Its text behind a run-in title, so that the title is not read twice."""
        return self.text[self.reading.get("body_start", 0) :].strip() or self.text

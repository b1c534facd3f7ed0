"""Tasks of a plan, as read and as accepted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import RoleGrant, ScopedModel
from soildesk.plans.models.plans import OfPlanQuerySet, Plan


class PlanTask(ScopedModel):
    """One task. `reading` keeps what the reader found (values, spans, confidence); the columns are what counts now."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("待审核")
        ACCEPTED = "accepted", _("已采纳")
        REJECTED = "rejected", _("不采纳")
        MERGED = "merged", _("已并入")
        SPLIT = "split", _("已拆分")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks")
    position = models.PositiveIntegerField()
    number = models.CharField(_("序号"), max_length=40, blank=True)
    section = models.JSONField(default=list)  # headings, outermost first
    section_key = models.CharField(max_length=400, blank=True)  # the same, joined by " / ", for filters and order
    title = models.CharField(_("重点工作"), max_length=200, blank=True)
    text = models.TextField(_("目标任务"))
    deadline_text = models.CharField(_("完成时限"), max_length=200, blank=True)
    origin = models.CharField(max_length=8)  # body | table | added
    part = models.PositiveSmallIntegerField(default=0)
    line = models.PositiveIntegerField(default=0)
    reading = models.JSONField(default=dict)
    confidence = models.FloatField(default=1.0)  # the lowest of its fields
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    accepted_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    decided_why = models.CharField(max_length=200, blank=True)
    came_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")  # split of
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "position"]
        indexes = [
            models.Index(fields=["plan", "position"]),
            models.Index(fields=["plan", "status", "position"]),
            models.Index(fields=["plan", "section_key"]),
        ]

    def __str__(self) -> str:
        return self.heading

    @classmethod
    def scope_for_department(cls, grant: RoleGrant) -> Q:
        """A department's own tasks are those it works on (a task taken from it is not), and those of plans it keeps."""
        at_work = models.Exists(
            grant.department.assignments.filter(task=models.OuterRef("pk")).exclude(state="withdrawn")
        )
        return Q(at_work) | Q(owner_department_id=grant.department_id)

    @property
    def heading(self) -> str:
        """What the task is called in lists."""
        return self.title or self.text[:40]


class TaskUnit(models.Model):
    """A unit on a task: the name as printed, its role, why it is there, and which department that is today."""

    class Match(models.TextChoices):
        CERTAIN = "certain", _("已对应")
        DOUBTFUL = "doubtful", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        GROUP = "group", _("分办至各单位")
        NONE = "none", _("未对应")

    task = models.ForeignKey(PlanTask, models.CASCADE, related_name="units")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("单位"), max_length=120)
    role = models.CharField(max_length=12)  # soilrules.plantext.draft.Role
    source = models.CharField(max_length=12)  # soilrules.plantext.draft.UnitSource, or "added"
    spans = models.JSONField(default=list)
    because = models.JSONField(default=list)  # spans of the bracket, cell, clause or heading
    inherited = models.BooleanField(default=False)  # from a universal clause
    confidence = models.FloatField(default=1.0)
    department = models.ForeignKey("core.Department", models.PROTECT, null=True, blank=True, related_name="+")
    match = models.CharField(max_length=10, choices=Match, default=Match.NONE)
    match_note = models.CharField(max_length=200, blank=True)
    overruled_by = models.ForeignKey("plans.PlanConflict", models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey("plans.PlanConflict", models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["task_id", "position"]
        indexes = [models.Index(fields=["department", "task"])]


class UnitAnswer(models.Model):
    """A person's answer to a printed name the desk could not place alone; asked once, remembered for the division."""

    division = models.ForeignKey("core.Division", models.PROTECT, related_name="+")
    printed = models.CharField(max_length=120)
    departments = models.ManyToManyField("core.Department", related_name="+")
    answered_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_answer_per_name", fields=["division", "printed"])]


class Milestone(models.Model):
    """One term of a task. A plan's own date is never moved here; dates we set ourselves are `internal`."""

    task = models.ForeignKey(PlanTask, models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16)  # soilrules.deadlines.model.DeadlineKind
    text = models.CharField(_("时限表述"), max_length=200)
    what = models.CharField(_("节点"), max_length=200, blank=True)
    spans = models.JSONField(default=list)
    first = models.DateField(null=True, blank=True)
    last = models.DateField(_("时限"), null=True, blank=True)
    alternatives = models.JSONField(default=list)
    month = models.PositiveSmallIntegerField(null=True, blank=True)
    day = models.PositiveSmallIntegerField(null=True, blank=True)
    event = models.CharField(max_length=120, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    count_unit = models.CharField(max_length=14, blank=True)
    completion = models.BooleanField(default=True)
    confidence = models.FloatField(default=1.0)
    internal = models.BooleanField(_("内部时限"), default=False)
    review_on = models.DateField(_("复核日期"), null=True, blank=True)  # asked of a person where the words fix no day
    overruled_by = models.ForeignKey("plans.PlanConflict", models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey("plans.PlanConflict", models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["task_id", "position"]
        constraints = [
            models.CheckConstraint(
                name="milestone_window_in_order",
                condition=Q(first__isnull=True) | Q(last__isnull=True) | Q(last__gte=models.F("first")),
            )
        ]


class TaskEvent(models.Model):
    """What happened to a task, for its history page. The audit chain proves it; this is what people read."""

    task = models.ForeignKey(PlanTask, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=40)  # accepted, corrected, split, received, reported …
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey("core.Department", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["task", "-at"])]

"""The list of problems 问题清单: one problem, whatever it came from, settled by one person and accepted by another."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import Department, OfPlace, ScopedModel


class Problem(OfPlace, ScopedModel):
    """One problem: source, fact, clause, unit, deadline, evidence, acceptance by another person, 销号.

    `violation` is a type of soilrules.enterprises.violations or empty; `clause` the text as it was cited on the day.
    `origin` names the record it came from ("enterprises.finding:…", "monitoring.alert:<uid>"): one record, one problem.
    """

    class Source(models.TextChoices):
        VISIT = "visit", _("现场检查")
        RECORD = "record", _("台账比对")  # found by the desk from dates and records
        INSPECTORATE = "inspectorate", _("生态环境保护督察")
        AUDIT = "audit", _("审计")
        LETTER = "letter", _("信访投诉")
        SUPERIOR = "superior", _("上级交办")
        SELF = "self", _("自查")

    class State(models.TextChoices):
        OPEN = "open", _("整改中")
        ANSWERED = "answered", _("待验收")
        SETTLED = "settled", _("已销号")
        DISMISSED = "dismissed", _("不属实")

    LIVE = (State.OPEN, State.ANSWERED)

    number = models.CharField(_("编号"), max_length=40, unique=True)
    source = models.CharField(_("来源"), max_length=12, choices=Source)
    document = models.CharField(_("来源文号"), max_length=120, blank=True)
    origin = models.CharField(max_length=160, blank=True)
    found_on = models.DateField(_("发现日期"))
    fact = models.CharField(_("问题事实"), max_length=1000)
    violation = models.CharField(max_length=60, blank=True)
    clause = models.CharField(_("对应条款"), max_length=300, blank=True)
    acted_on = models.DateField(_("行为发生日期"), null=True, blank=True)  # the last day of an act that went on
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, null=True, blank=True, related_name="problems"
    )
    object_name = models.CharField(_("涉及对象"), max_length=160, blank=True)
    unit = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("督促整改单位")
    )
    requirement = models.CharField(_("整改要求"), max_length=500, blank=True)
    due = models.DateField(_("整改时限"), null=True, blank=True)
    due_body = models.CharField(_("时限由谁规定"), max_length=120, blank=True)  # a body above; empty: `due_set_by`
    due_set_by = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    measure = models.CharField(_("整改情况"), max_length=1000, blank=True)
    answered_on = models.DateField(_("整改完成日期"), null=True, blank=True)
    answered_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    settled_on = models.DateField(_("销号日期"), null=True, blank=True)
    settled_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    geometry = GeometryField(_("位置"), kind="Point", null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-found_on", "-id"]
        constraints = [
            models.UniqueConstraint(name="problem_of_one_record", fields=["origin"], condition=~Q(origin="")),
            models.CheckConstraint(
                name="problem_settled_has_a_day", condition=~Q(state="settled") | Q(settled_on__isnull=False)
            ),
            models.CheckConstraint(
                name="problem_settled_by_another",
                condition=~Q(state="settled")
                | Q(settled_by__isnull=True)
                | Q(answered_by__isnull=True)
                | ~Q(settled_by=F("answered_by")),
            ),
        ]
        indexes = [
            SpatialIndex("geometry", name="problem_geometry"),
            models.Index(name="problem_open", fields=["state", "due"]),
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def scope_for_department(cls, grant: Any) -> Q:
        """Rows of the place, and those the department sees to wherever they lie."""
        return super().scope_for_department(grant) | Q(unit_id=grant.department_id)


class ProblemAct(models.Model):
    """One act on a problem. Only added."""

    class Kind(models.TextChoices):
        FOUND = "found", _("登记")
        ASSIGNED = "assigned", _("交办")
        MEASURE = "measure", _("整改进展")
        ANSWERED = "answered", _("报请验收")
        RETURNED = "returned", _("验收退回")
        SETTLED = "settled", _("验收销号")
        EXTENDED = "extended", _("调整时限")
        DISMISSED = "dismissed", _("核实不属实")
        REOPENED = "reopened", _("重新打开")

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="acts")
    kind = models.CharField(_("环节"), max_length=10, choices=Kind)
    on = models.DateField(_("日期"))
    note = models.CharField(_("内容"), max_length=1100, blank=True)
    due = models.DateField(null=True, blank=True)  # the term after an act that set one
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]


class Penalty(models.Model):
    """A punishment an authority decided for a problem: registered here, never worked out here."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="penalties")
    number = models.CharField(_("决定书文号"), max_length=80)
    decided_on = models.DateField(_("决定日期"))
    authority = models.CharField(_("决定机关"), max_length=120)
    content = models.CharField(_("处罚内容"), max_length=500)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["decided_on", "id"]
        constraints = [models.UniqueConstraint(name="penalty_once", fields=["problem", "number"])]

    def __str__(self) -> str:
        return self.number

"""Joint meetings 联席会议: agenda, who is invited, the minutes whose decisions become tasks."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Department, Person, ScopedModel


class Meeting(ScopedModel):
    """One meeting. Its decisions are the tasks of `plan`, which is read from the minutes and accepted as plans are."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("准备中")
        CALLED = "called", _("已通知")
        HELD = "held", _("已召开")

    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveSmallIntegerField(_("次序"))
    title = models.CharField(_("名称"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PREPARING)
    on = models.DateField(_("会议日期"))
    hour = models.CharField(_("时间"), max_length=20, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    chair = models.CharField(_("主持人"), max_length=60, blank=True)
    note = models.TextField(_("会议要求"), blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    called_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    held_on = models.DateField(_("召开日期"), null=True, blank=True)
    absent = models.CharField(_("缺席说明"), max_length=300, blank=True)
    minutes_number = models.CharField(_("纪要文号"), max_length=80, blank=True)
    minutes_text = models.TextField(_("会议纪要"), blank=True)
    minutes_digest = models.CharField(max_length=64, blank=True)
    minutes_at = models.DateTimeField(null=True, blank=True)
    minutes_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    plan = models.OneToOneField("plans.Plan", models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(name="meeting_serial_once", fields=["owner_department", "year", "serial"]),
            models.CheckConstraint(
                name="meeting_held_has_a_day",
                condition=~Q(state="held") | Q(held_on__isnull=False) & ~Q(minutes_digest=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_for_department(cls, grant: Any) -> Q:
        """A department sees the meetings it prepares, and those it was called to."""
        called = MeetingUnit.objects.filter(department_id=grant.department_id)
        return Q(owner_department_id=grant.department_id) | Q(pk__in=called.values("meeting_id")) & ~Q(
            state=cls.State.PREPARING
        )


class MeetingUnit(models.Model):
    """A department that is invited, and whether it came."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="units")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    came = models.BooleanField(_("到会"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="meeting_unit_once", fields=["meeting", "department"])]


class AgendaItem(models.Model):
    """One matter of the agenda. What was proposed from the records names its record; the office may write others."""

    class Kind(models.TextChoices):
        RED = "red", _("红色督办")
        CONFLICT = "conflict", _("填报与核算不一致")
        EXTENSION = "extension", _("延期未获同意")
        PROBLEM = "problem", _("问题逾期未销号")
        ROUND = "round", _("调度未填报")
        COORDINATION = "coordination", _("提请协调")
        DECISION = "decision", _("上次议定未完成")
        OWN = "own", _("其他")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("来源"), max_length=12, choices=Kind, default=Kind.OWN)
    text = models.CharField(_("议题"), max_length=300)
    unit = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    why = models.CharField(_("情况"), max_length=300, blank=True)
    url = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=80, blank=True)  # which record it was proposed from, so that it is proposed once

    class Meta:
        ordering = ["meeting_id", "position", "id"]

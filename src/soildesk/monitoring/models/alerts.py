"""Warnings 预警 that somebody must close. (`Alert` in code: `Warning` is Python's own.)"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import Department, OfPlace, ScopedModel
from soildesk.monitoring.models.batches import Result
from soildesk.monitoring.models.campaigns import Campaign
from soildesk.monitoring.models.points import Medium, Point


class Alert(OfPlace, ScopedModel):
    """One warning: one event at one point, whatever rules it meets. It ends only by an act: closed or merged.

    `key` is the event it stands for (soilrules.monitoring): a second finding of the same event joins the open alert.
    `findings` are rule id, mark and message of each rule met; `expected` says what was weighed and did not silence it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待处置")
        WORKING = "working", _("处置中")
        ANSWERED = "answered", _("待审核销号")
        CLOSED = "closed", _("已销号")
        MERGED = "merged", _("已并入")

    class Level(models.TextChoices):
        NOTICE = "notice", _("提示")
        WARNING = "warning", _("预警")
        ALARM = "alarm", _("警报")

    class Tier(models.TextChoices):
        COUNTY = "county", _("县级")
        CITY = "city", _("市级")
        PROVINCE = "province", _("省级")

    LIVE = (State.OPEN, State.WORKING, State.ANSWERED)

    number = models.CharField(_("编号"), max_length=40, unique=True)
    key = models.CharField(max_length=160, db_index=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    level = models.CharField(_("等级"), max_length=8, choices=Level)
    tier = models.CharField(_("层级"), max_length=8, choices=Tier, default=Tier.COUNTY)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="alerts")
    point = models.ForeignKey(Point, models.PROTECT, null=True, blank=True, related_name="alerts")
    medium = models.CharField(_("介质"), max_length=16, choices=Medium)
    analyte = models.CharField(_("分析项目"), max_length=60)
    title = models.CharField(_("事项"), max_length=200)
    findings = models.JSONField(default=list)
    expected = models.JSONField(default=list)
    results = models.ManyToManyField(Result, related_name="alerts")
    owner = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("处置单位")
    )
    owner_basis = models.CharField(_("分工依据"), max_length=200, blank=True)
    with_units = models.ManyToManyField(Department, related_name="+", verbose_name=_("配合单位"))
    due = models.DateField(_("时限"), null=True, blank=True)
    opened_on = models.DateField(_("预警日期"))
    opened_at = models.DateTimeField()
    closed_on = models.DateField(_("销号日期"), null=True, blank=True)
    geometry = GeometryField(_("位置"), kind="Point", null=True, blank=True)  # of the point when the warning was opened
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="alert_one_live_of_an_event",
                fields=["division_path", "key"],
                condition=Q(state__in=("open", "working", "answered")),
            ),
            models.CheckConstraint(
                name="alert_closed_has_a_day", condition=~Q(state="closed") | Q(closed_on__isnull=False)
            ),
        ]
        indexes = [SpatialIndex("geometry", name="alert_geometry")]

    def __str__(self) -> str:
        return self.title


class AlertAct(models.Model):
    """One act on a warning: taken up, a measure with its evidence, answered, closed, merged, escalated, reopened. Only added."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("生成")
        JOINED = "joined", _("再次触发")
        ASSIGNED = "assigned", _("指定处置单位")
        TAKEN = "taken", _("接办")
        MEASURE = "measure", _("处置措施")
        ANSWERED = "answered", _("申请销号")
        RETURNED = "returned", _("退回")
        CLOSED = "closed", _("销号")
        MERGED = "merged", _("并入")
        ESCALATED = "escalated", _("上报")
        EXTENDED = "extended", _("调整时限")

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="acts")
    kind = models.CharField(_("环节"), max_length=10, choices=Kind)
    on = models.DateField(_("日期"))
    note = models.CharField(_("内容"), max_length=1000, blank=True)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

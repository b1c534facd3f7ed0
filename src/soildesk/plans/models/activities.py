"""宣传培训: activities of publicity and training, from the day they are planned to the day they count."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import OfPlace, ScopedModel
from soildesk.plans.models.tasks import PlanTask


class Activity(OfPlace, ScopedModel):
    """One training or one event for the public. It is cancelled and entered anew, never edited; each step keeps its moment."""

    class Kind(models.TextChoices):
        LAW = "law", _("法规培训")
        TECHNICAL = "technical", _("专业技术培训")
        PUBLICITY = "publicity", _("宣传活动")

    class Audience(models.TextChoices):
        ENFORCEMENT = "enforcement", _("环境执法人员")
        MONITORING = "monitoring", _("监测技术人员")
        MANAGERS = "managers", _("土壤环境管理人员")
        FIRMS = "firms", _("重点单位和企业")
        PUBLIC = "public", _("社会公众")
        SCHOOLS = "schools", _("学校师生")
        OTHER = "other", _("其他")

    class State(models.TextChoices):
        PLANNED = "planned", _("待开展")
        HELD = "held", _("待认定")
        COUNTED = "counted", _("已认定")
        CANCELLED = "cancelled", _("已取消")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    topic = models.CharField(_("主题"), max_length=200)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    audience = models.CharField(_("对象"), max_length=12, choices=Audience)
    planned_on = models.DateField(_("计划日期"))
    venue = models.CharField(_("地点"), max_length=160, blank=True)
    task = models.ForeignKey(PlanTask, models.PROTECT, null=True, blank=True, related_name="activities")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PLANNED)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    held_on = models.DateField(_("开展日期"), null=True, blank=True)
    people = models.PositiveIntegerField(_("参加人数"), null=True, blank=True)
    told = models.CharField(_("开展情况"), max_length=1000, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    held_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    counted_at = models.DateTimeField(null=True, blank=True)
    counted_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(_("取消原因"), max_length=300, blank=True)

    class Meta:
        ordering = ["-planned_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="held_activities_say_when_and_how_many",
                condition=Q(held_at__isnull=True) | Q(held_on__isnull=False, people__gt=0),
            ),
            models.CheckConstraint(
                name="counted_activities_were_held",
                condition=~Q(state="counted") | Q(held_at__isnull=False, counted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="cancelled_activities_say_why",
                condition=~Q(state="cancelled") | ~Q(cancelled_why="") & Q(cancelled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.topic}"

"""Slips 督办单: papers that were sent, each once, with what was said and what was answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Person
from soildesk.supervision.models.matters import OfMatter


class Slip(OfMatter):
    """One slip of one matter by one rule for one term. What it says never changes; what was answered comes once.

    `owner_department` is the office that issued it. `on` is the day it was due to be issued; `recorded_at` when it was
    made out. A reminder is no slip: it has no number and asks for no answer. `why` is what stands on the paper, `said` the
    same by its message id and arguments; slips from before it was kept have none.
    """

    class Colour(models.TextChoices):
        NONE = "none", _("到期提醒")
        BLUE = "blue", _("蓝色")
        YELLOW = "yellow", _("黄色")
        RED = "red", _("红色")

    class State(models.TextChoices):
        WAITING = "waiting", _("待答复")
        ANSWERED = "answered", _("已答复")
        DONE = "done", _("事项已办结")
        FOLLOWED = "followed", _("未答复，已升级")
        OVER = "over", _("事项或时限已变更")
        TOLD = "told", _("已提醒")

    class Answer(models.TextChoices):
        REASON = "reason", _("未办及原因")
        MISDIRECTED = "misdirected", _("转错了")
        PROGRESS = "progress", _("已报进展")

    key = models.CharField(max_length=60)
    rule = models.CharField(max_length=30)
    number = models.CharField(_("编号"), max_length=60, blank=True)
    colour = models.CharField(_("颜色"), max_length=8, choices=Colour)
    on = models.DateField(_("发出日期"))
    due = models.DateField(_("事项时限"))
    why = models.CharField(_("缘由"), max_length=300)
    said = models.JSONField(default=dict, blank=True)
    basis = models.CharField(_("依据"), max_length=300)
    mark = models.CharField(max_length=10)
    to = models.JSONField(_("发送"), default=list)
    proposes = models.CharField(_("建议"), max_length=20, blank=True)
    important = models.BooleanField(_("重要事项"), default=False)
    follows = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="followed_by")
    state = models.CharField(_("状态"), max_length=10, choices=State)
    answer_by = models.DateField(_("答复时限"), null=True, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answer_kind = models.CharField(_("答复"), max_length=12, choices=Answer, blank=True)
    answer = models.CharField(_("答复内容"), max_length=500, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(name="slip_once", fields=["matter", "key"]),
            models.UniqueConstraint(
                name="slip_number_once", fields=["owner_department", "number"], condition=~Q(number="")
            ),
            models.CheckConstraint(
                name="answered_slip_has_a_day", condition=~Q(state="answered") | Q(answered_on__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="slip_open", fields=["state", "unit"]),
            models.Index(name="slip_of_duty", fields=["duty", "on"]),
        ]

    def __str__(self) -> str:
        return self.number or self.title

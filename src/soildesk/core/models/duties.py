"""The one table of duties: whatever somebody owes by a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models.scoped import ScopedModel, ScopedQuerySet

if TYPE_CHECKING:
    from soildesk.core.models.people import RoleGrant


class DutyQuerySet(ScopedQuerySet):
    """The answers of `soilrules.deadlines.state` as SQL conditions; a test proves both equal."""

    def live_on(self, day: date) -> Self:
        """Duties that count on `day`: published, and not yet history."""
        return self.filter(Q(live_until__isnull=True) | Q(live_until__gt=day), live_from__lte=day)

    def open_on(self, day: date) -> Self:
        """Live duties not done by the end of `day`."""
        return self.live_on(day).filter(Q(done_on__isnull=True) | Q(done_on__gt=day))

    def late_on(self, day: date) -> Self:
        """Live duties overdue on `day`; a term that had passed before issue is never late."""
        return self._owed_on(day).filter(due__lt=day)

    def due_within(self, day: date, days: int) -> Self:
        """Live duties still to be done from `day` to `days` calendar days later, both included."""
        return self._owed_on(day).filter(due__gte=day, due__lte=day + timedelta(days=days))

    def of_unit(self, unit_id: int) -> Self:
        """Duties owed by one department."""
        return self.filter(unit_id=unit_id)

    def for_subject(self, subject: models.Model) -> Self:
        """Duties one record made."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)

    def _owed_on(self, day: date) -> Self:
        return self.open_on(day).filter(Q(issued_on__isnull=True) | Q(due__gte=F("issued_on")), due__isnull=False)


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
        PATROL = "land.patrol", _("巡查")
        SAMPLING = "monitoring.sampling", _("采样任务")
        CAMPAIGN = "monitoring.campaign", _("监测任务")
        SHARE = "monitoring.share", _("监测数据共享")
        ALERT = "monitoring.alert", _("预警处置")
        ENTERPRISE = "enterprises.duty", _("企业义务")
        FILING = "enterprises.filing", _("企业申报审核")
        HAZARD = "enterprises.hazard", _("隐患整改")
        INVESTIGATION = "enterprises.case", _("异常数据调查")
        PROBLEM = "oversight.problem", _("问题整改")
        VISIT = "oversight.visit", _("现场检查")
        PLOT_NOTICE = "plots.notice", _("地块书面通知")
        PLOT_CANDIDATE = "plots.candidate", _("疑似地块线索核实")
        PLOT_REVIEW = "plots.review", _("地块报告评审")
        PLOT_CONTROL = "plots.control", _("地块管控")
        FARM_CLASS = "farmland.class", _("耕地类别划分")
        FARM_TASK = "farmland.task", _("受污染耕地任务")
        FARM_TEST = "farmland.test", _("农产品临田检测")
        FARM_GRAIN = "farmland.grain", _("超标粮食处置")
        FARM_FIGURE = "farmland.figure", _("农业投入品数据说明")
        OPINION = "decisions.opinion", _("书面意见答复")
        SLIP = "supervision.slip", _("督办单答复")
        SHEET = "supervision.sheet", _("调度填报")
        LETTER = "supervision.letter", _("函件答复")
        TALK = "supervision.talk", _("约谈整改")
        REPORT = "reporting.report", _("报表报送")
        ASSESSMENT = "assessment.self", _("考核自评")

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(_("事项"), max_length=300)
    unit = models.ForeignKey("core.Department", models.PROTECT, null=True, blank=True, related_name="duties")
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    period = models.CharField(_("期次"), max_length=20, blank=True)  # "2026Q3"
    period_start = models.DateField(null=True, blank=True)
    due = models.DateField(_("时限"), null=True, blank=True)
    since = models.DateField(null=True, blank=True)  # day of the event a term of working days runs from
    working_days = models.PositiveSmallIntegerField(null=True, blank=True)  # "5个工作日"; `due` is computed from it
    issued_on = models.DateField(null=True, blank=True)  # due before this day: 下发前已到期, never late
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    standing = models.BooleanField(default=False)
    internal = models.BooleanField(_("内部时限"), default=False)
    provisional = models.BooleanField(_("暂定"), default=False)
    live_from = models.DateField(null=True, blank=True)
    live_until = models.DateField(null=True, blank=True)  # first day on which it no longer counts
    moved_from = models.DateField(null=True, blank=True)  # the term of its record that was moved, while that stands
    moved_to = models.DateField(null=True, blank=True)
    evidence = models.JSONField(default=list)

    objects = DutyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["unit", "due"]),
            models.Index(name="duty_open_due", fields=["due"], condition=Q(done_on__isnull=True)),
            models.Index(name="duty_done", fields=["done_on"], condition=Q(done_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_for_department(cls, grant: RoleGrant) -> Q:
        """A department sees what it owes and what it made others owe."""
        return Q(unit_id=grant.department_id) | Q(owner_department_id=grant.department_id)

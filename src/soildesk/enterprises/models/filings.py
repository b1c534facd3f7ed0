"""What enterprises file 申报, and the dated facts 事项 their duties follow from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import OfPlace, ScopedModel
from soildesk.enterprises.models.firms import Enterprise
from soildesk.enterprises.models.own import OwnQuerySet


class Filing(OfPlace, ScopedModel):
    """One filing of one enterprise for one period or subject: drafted, submitted, returned with reasons, accepted.

    `data` holds the fields of its form (soildesk.enterprises.filingforms); files are attached. `on_paper`: an office
    entered what the firm sent on paper. What is public of it can be seen from `released_on`.
    """

    class Kind(models.TextChoices):
        TOXIC_REPORT = "toxic_report", _("有毒有害物质排放年报")
        HAZARD_REPORT = "hazard_report", _("土壤和地下水污染隐患排查报告")
        SELFMON_PLAN = "selfmon_plan", _("自行监测方案")
        SELFMON_DATA = "selfmon_data", _("自行监测报告")
        TANK_INFO = "tank_info", _("地下储罐信息")
        DEMOLITION_PLAN = "demolition_plan", _("拆除活动污染防治方案")
        DEMOLITION_REPORT = "demolition_report", _("拆除活动总结报告")
        BASELINE = "baseline", _("新改扩建项目现状调查")
        SURVEY = "survey", _("土壤污染状况调查报告")
        LETTER = "letter", _("土壤污染防治责任书")
        INSURANCE = "insurance", _("环境污染责任保险")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审核")
        RETURNED = "returned", _("已退回")
        ACCEPTED = "accepted", _("已接收")
        WITHDRAWN = "withdrawn", _("已撤回")

    LIVE = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.ACCEPTED)

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="filings")
    number = models.CharField(_("编号"), max_length=40, unique=True)
    kind = models.CharField(_("申报事项"), max_length=20, choices=Kind)
    period = models.CharField(_("期次"), max_length=20, blank=True)  # "2026"
    subject = models.CharField(_("对象"), max_length=80, blank=True)  # which demolition, tank or project
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    data = models.JSONField(default=dict)
    on_paper = models.BooleanField(_("纸质报送由单位代录"), default=False)
    submitted_on = models.DateField(_("报送日期"), null=True, blank=True)
    accepted_on = models.DateField(_("接收日期"), null=True, blank=True)
    released_on = models.DateField(_("公开日期"), null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="filing_one_of_a_period",
                fields=["enterprise", "kind", "period", "subject"],
                condition=Q(state__in=("draft", "submitted", "returned", "accepted")),
            ),
        ]
        indexes = [models.Index(name="filing_of_kind", fields=["kind", "period", "state"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period or self.subject}".strip()


class FilingAct(models.Model):
    """One act on a filing: the rounds between firm and office. Only added."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("起草")
        SUBMITTED = "submitted", _("报送")
        RETURNED = "returned", _("退回")
        ACCEPTED = "accepted", _("接收")
        WITHDRAWN = "withdrawn", _("撤回")
        RECEIPT = "receipt", _("备案回执")
        RELEASED = "released", _("公开")

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="acts")
    kind = models.CharField(_("环节"), max_length=10, choices=Kind)
    on = models.DateField(_("日期"))
    note = models.CharField(_("意见"), max_length=1000, blank=True)
    data = models.JSONField(default=dict)  # what was submitted in this round
    department = models.ForeignKey("core.Department", models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]


class Happening(OfPlace, ScopedModel):
    """One dated fact of an enterprise that duties follow from or are done by. Never edited: superseded and told anew.

    `kind` is an EventKind of soilrules.enterprises; `subject` tells which demolition, tank, project or anomaly it is.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="happenings")
    kind = models.CharField(_("事项"), max_length=40)
    on = models.DateField(_("日期"))
    period = models.CharField(_("期次"), max_length=20, blank=True)
    subject = models.CharField(_("对象"), max_length=80, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    filing = models.ForeignKey(Filing, models.PROTECT, null=True, blank=True, related_name="happenings")
    evidence = models.CharField(
        _("凭据"), max_length=80, blank=True
    )  # "monitoring.alert:<uid>", "enterprises.filing:<uid>"
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["on", "id"]
        indexes = [models.Index(name="happening_of_firm", fields=["enterprise", "on"], condition=Q(superseded_at=None))]


class DutyCard(OfPlace, ScopedModel):
    """The duty card 义务清单 of one enterprise and year: the record its rows in the one table of duties belong to.

    What is owed is computed from facts by soilrules.enterprises; this is what reminders and 今日 read.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="cards")
    year = models.PositiveSmallIntegerField(_("年度"))
    made_at = models.DateTimeField()

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="card_of_a_year", fields=["enterprise", "year"])]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.year}"


class Investigation(OfPlace, ScopedModel):
    """An investigation 调查 opened because data are abnormal: it closes only with a conclusion."""

    class State(models.TextChoices):
        OPEN = "open", _("调查中")
        CLOSED = "closed", _("已办结")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="investigations")
    number = models.CharField(_("编号"), max_length=40, unique=True)
    alert = models.CharField(max_length=40, blank=True, db_index=True)  # uid of the warning of the monitoring room
    title = models.CharField(_("事项"), max_length=200)
    findings = models.JSONField(default=list)  # rule id, mark, message and basis as found
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    opened_on = models.DateField(_("立项日期"))
    due = models.DateField(_("时限"), null=True, blank=True)
    conclusion = models.CharField(_("结论"), max_length=1000, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    closed_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(name="investigation_of_alert", fields=["alert"], condition=~Q(alert="")),
            models.CheckConstraint(
                name="investigation_closed_with_words", condition=~Q(state="closed") | ~Q(conclusion="")
            ),
        ]

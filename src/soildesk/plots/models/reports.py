"""Reports on plots, their rounds of review, the opinions, the quality forms, and the experts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, ScopedModel
from soildesk.plots.models.plots import Plot


class Report(OfPlace, ScopedModel):
    """One report on one plot through all rounds of its review. The file is attached; nobody retypes it.

    `contents` holds only what a gate, a list or an indicator reads (soilrules.plots.reports names the fields of each kind);
    `conclusion` is the report's own, `computed` what the desk judged from the bound results: a difference must be explained.
    `targets` are target values with the numbers the report gives of them (`queries.reporttargets` reads them);
    `groundwater_class` is the class of GB/T 14848 the report holds its groundwater against, or `own`: against its targets.
    `covers` is the ground the report speaks of, for the planned use `use_planned`.
    """

    class Kind(models.TextChoices):
        PRELIMINARY = "preliminary", _("初步调查报告")
        DETAILED = "detailed", _("详细调查报告")
        ASSESSMENT = "risk_assessment", _("风险评估报告")
        CONTROL_PLAN = "control_plan", _("风险管控方案")
        REMEDIATION_PLAN = "remediation_plan", _("修复方案")
        EVALUATION = "effect_evaluation", _("效果评估报告")
        AFTERCARE = "aftercare", _("后期管理报告")

    class Groundwater(models.TextChoices):
        FIRST = "I", _("GB/T 14848 Ⅰ类")
        SECOND = "II", _("GB/T 14848 Ⅱ类")
        THIRD = "III", _("GB/T 14848 Ⅲ类")
        FOURTH = "IV", _("GB/T 14848 Ⅳ类")
        OWN = "own", _("报告自定的目标值")

    class State(models.TextChoices):
        DRAFT = "draft", _("登记中")
        SUBMITTED = "submitted", _("待完整性审查")
        REVIEWING = "reviewing", _("评审中")
        RETURNED = "returned", _("退回修改")
        ACCEPTED = "accepted", _("评审通过")
        WITHDRAWN = "withdrawn", _("已撤回")

    plot = models.ForeignKey(Plot, models.PROTECT, related_name="reports")
    number = models.CharField(_("编号"), max_length=40, unique=True)
    kind = models.CharField(_("报告类别"), max_length=20, choices=Kind)
    title = models.CharField(_("报告名称"), max_length=200)
    author = models.CharField(_("编制单位"), max_length=160)
    author_code = models.CharField(_("编制单位统一社会信用代码"), max_length=18, blank=True, db_index=True)
    client = models.CharField(_("委托单位"), max_length=160, blank=True)
    credit_record = models.CharField(_("信用系统业绩登记号"), max_length=80, blank=True)
    finished_on = models.DateField(_("编制完成日期"))
    use_system = models.CharField(max_length=20, blank=True)
    use_planned = models.CharField(_("评价所依据的规划用途"), max_length=20, blank=True)
    contents = models.JSONField(default=dict)
    conclusion = models.CharField(_("报告结论"), max_length=30, blank=True)  # a conclusion of soilrules.plots.reports
    computed = models.JSONField(default=dict)  # outcome, governing analyte, rule set, edition, day of judgement
    explained = models.CharField(_("结论差异说明"), max_length=1000, blank=True)
    targets = models.JSONField(default=list)
    groundwater_class = models.CharField(_("地下水评价标准"), max_length=4, choices=Groundwater, blank=True)
    groundwater_explained = models.CharField(_("地下水差异说明"), max_length=1000, blank=True)
    density_explained = models.CharField(_("布点数量说明"), max_length=1000, blank=True)
    batches = models.ManyToManyField("monitoring.Batch", related_name="+", blank=True)
    covers = GeometryField(_("报告范围"), kind="MultiPolygon", null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    accepted_on = models.DateField(_("通过日期"), null=True, blank=True)
    filed_on = models.DateField(_("备案日期"), null=True, blank=True)
    published_on = models.DateField(_("公开日期"), null=True, blank=True)
    published_until = models.DateField(_("公开截止"), null=True, blank=True)
    address = models.CharField(_("公开网址"), max_length=300, blank=True)
    receipt = models.CharField(_("全国系统回执号"), max_length=80, blank=True)
    uploaded_on = models.DateField(_("上传日期"), null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            SpatialIndex("covers", name="plotreport_covers"),
            models.Index(name="plotreport_of_plot", fields=["plot", "kind", "state"]),
            models.Index(name="plotreport_by_author", fields=["author_code", "kind"]),
        ]

    def __str__(self) -> str:
        return self.title


class ReportAct(models.Model):
    """One act on a report: the rounds between consultant and offices. Only added."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("登记")
        SUBMITTED = "submitted", _("提交")
        COMPLETE = "complete", _("完整性审查通过")
        RETURNED = "returned", _("退回修改")
        JUDGED = "judged", _("数据评价")
        OPINION = "opinion", _("评审意见")
        OVERRULED = "overruled", _("专家意见的书面说明")
        FORM = "form", _("质量检查")
        ACCEPTED = "accepted", _("评审通过")
        FILED = "filed", _("备案")
        PUBLISHED = "published", _("公开")
        UPLOADED = "uploaded", _("上传")
        RECHECKED = "rechecked", _("抽查复核")
        WITHDRAWN = "withdrawn", _("撤回")

    report = models.ForeignKey(Report, models.PROTECT, related_name="acts")
    kind = models.CharField(_("环节"), max_length=10, choices=Kind)
    round = models.PositiveSmallIntegerField(_("轮次"))
    on = models.DateField(_("日期"))
    note = models.CharField(_("意见"), max_length=1000, blank=True)
    data = models.JSONField(default=dict)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]


class Expert(OfPlace, ScopedModel):
    """An expert of the review pool. Personal data: name, phone."""

    name = models.CharField(_("姓名"), max_length=60)
    employer = models.CharField(_("工作单位"), max_length=160)
    employer_code = models.CharField(_("单位统一社会信用代码"), max_length=18, blank=True)
    speciality = models.CharField(_("专业"), max_length=120, blank=True)
    pool = models.CharField(_("专家库"), max_length=120, blank=True)
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    until = models.DateField(_("聘期至"), null=True, blank=True)
    person = models.OneToOneField("core.Person", models.PROTECT, null=True, blank=True, related_name="+")  # the account
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class PanelSeat(models.Model):
    """A seat on the panel of one round: an expert who was asked for an opinion; who is bound to a party leaves it, and it is kept."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="seats")
    round = models.PositiveSmallIntegerField(_("轮次"))
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="seats")
    on = models.DateField(_("邀请日期"))
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    left_on = models.DateField(_("回避日期"), null=True, blank=True)
    left_for = models.CharField(_("回避原因"), max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(name="one_seat_in_a_round", fields=["report", "round", "expert"])]


class Opinion(models.Model):
    """One opinion in one round: of an office that reviews jointly, of the province, or of an expert. Only added."""

    class Side(models.TextChoices):
        ECOLOGY = "ecology", _("生态环境部门")
        RESOURCES = "resources", _("自然资源部门")
        EXPERT = "expert", _("专家")

    class Verdict(models.TextChoices):
        PASS = "pass", _("通过")
        REVISE = "revise", _("修改后通过")
        FAIL = "fail", _("不通过")

    report = models.ForeignKey(Report, models.PROTECT, related_name="opinions")
    round = models.PositiveSmallIntegerField(_("轮次"))
    side = models.CharField(_("评审方"), max_length=10, choices=Side)
    level = models.CharField(_("机关层级"), max_length=12, blank=True)  # county, city, province; of an office
    department = models.ForeignKey("core.Department", models.PROTECT, null=True, blank=True, related_name="+")
    authority = models.CharField(_("机关"), max_length=120, blank=True)  # a body above that is no department here
    expert = models.ForeignKey(Expert, models.PROTECT, null=True, blank=True, related_name="opinions")
    declared_interest = models.CharField(_("利害关系声明"), max_length=300, blank=True)
    verdict = models.CharField(_("意见"), max_length=8, choices=Verdict)
    text = models.CharField(_("具体意见"), max_length=2000, blank=True)
    dissent = models.BooleanField(_("不同意见"), default=False)
    document = models.CharField(_("文号"), max_length=120, blank=True)
    on = models.DateField(_("日期"))
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                name="opinion_of_somebody",
                condition=Q(department__isnull=False) | Q(expert__isnull=False) | ~Q(authority=""),
            ),
        ]


class QualityForm(models.Model):
    """One filled quality form of one round; its verdict is computed and nobody writes over it. Only added."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="forms")
    round = models.PositiveSmallIntegerField(_("轮次"))
    form = models.CharField(_("表"), max_length=20)  # of soilrules.plots.quality_forms
    edition = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)  # item number → yes, no, unsupported, not_applicable
    remarks = models.JSONField(default=dict)  # item number → text
    verdict = models.CharField(_("结论"), max_length=20)
    on = models.DateField(_("日期"))
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]


class Recheck(OfPlace, ScopedModel):
    """A reproducible lot of reports that are checked again: who was in the urn, the seed, who was drawn."""

    year = models.PositiveSmallIntegerField(_("年度"))
    seed = models.CharField(_("随机种子"), max_length=80)
    urn = models.JSONField(default=list)  # numbers of reports
    drawn = models.JSONField(default=list)
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

"""Safe use and strict control: plans, measures, what is known to work, zones, tasks, and the rates a superior approved."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import HandedDown
from soildesk.farmland.models.told import Told
from soildesk.farmland.models.units import Unit


class UsePlan(HandedDown, Told):
    """A plan for units: made by the farming office, approved by the government of the same level, uploaded.

    The four blocks are those of the law on safe use; a groundwater plan is made by the ecology office.
    """

    class Kind(models.TextChoices):
        SAFE_USE = "safe_use", _("安全利用方案")
        STRICT = "strict", _("严格管控方案")
        CROPS = "crops", _("种植结构调整或者退耕还林还草计划")
        REMEDIATION = "remediation", _("治理与修复方案")
        GROUNDWATER = "groundwater", _("地下水和饮用水源风险管控方案")
        YEAR = "year", _("年度工作方案")
        GARDEN = "garden", _("园地（林地）安全利用方案")
        EMERGENCY = "emergency", _("超标农产品应急处置预案")
        PROTECTION = "protection", _("耕地土壤环境保护方案")

    handed_down = Q(approved_on__isnull=False)

    number = models.CharField(_("编号"), max_length=40, unique=True)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    title = models.CharField(_("名称"), max_length=200)
    first_year = models.PositiveSmallIntegerField(_("起始年度"))
    last_year = models.PositiveSmallIntegerField(_("截止年度"))
    units = models.ManyToManyField(Unit, related_name="plans", verbose_name=_("涉及单元"))
    agronomy = models.CharField(_("农艺调控、替代种植"), max_length=1000, blank=True)
    monitoring = models.CharField(_("协同监测与评价"), max_length=1000, blank=True)
    training = models.CharField(_("技术指导和培训"), max_length=1000, blank=True)
    other = models.CharField(_("其他措施"), max_length=1000, blank=True)
    made_by = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("编制单位"))
    made_on = models.DateField(_("编制日期"))
    approval = models.CharField(_("批准文号"), max_length=120, blank=True)
    approved_by = models.CharField(_("批准机关"), max_length=120, blank=True)
    approved_on = models.DateField(_("批准日期"), null=True, blank=True)
    uploaded_on = models.DateField(_("上传日期"), null=True, blank=True)
    receipt = models.CharField(_("上传回执"), max_length=120, blank=True)
    worker_code = models.CharField(_("实施单位统一社会信用代码"), max_length=18, blank=True)
    evaluator_code = models.CharField(_("效果评估单位统一社会信用代码"), max_length=18, blank=True)  # never the worker
    evaluated_on = models.DateField(_("效果评估日期"), null=True, blank=True)


class Technique(HandedDown, Told):
    """A technique or variety known to work 技术库、品种清单; where it worked follows from measures and tests of produce.

    `recommended`: it stood on the recommended list when it was entered. From the first stay on, its stays alone say so.
    """

    class What(models.TextChoices):
        TECHNIQUE = "technique", _("技术")
        VARIETY = "variety", _("品种")

    what = models.CharField(_("类型"), max_length=10, choices=What)
    name = models.CharField(_("名称"), max_length=120)
    measure = models.CharField(_("措施种类"), max_length=20, blank=True)  # a key of soilrules.farmland.measures
    crop = models.CharField(_("适用作物"), max_length=120, blank=True)
    elements = models.CharField(_("针对元素"), max_length=120, blank=True)
    conditions = models.CharField(_("适用条件"), max_length=300, blank=True)
    dose = models.CharField(_("用量和方法"), max_length=300, blank=True)
    source = models.CharField(_("来源"), max_length=200)
    recommended = models.BooleanField(_("列入推荐清单"), default=False)


class Recommendation(Told):
    """A stay of a technique or variety on the recommended list 推荐清单: from a day by a paper, until a day for a reason."""

    technique = models.ForeignKey(Technique, models.PROTECT, related_name="recommendations")
    since = models.DateField(_("列入日期"))
    until = models.DateField(_("移出日期"), null=True, blank=True)  # the first day it stands there no more
    document = models.CharField(_("列入依据"), max_length=200)
    left_for = models.CharField(_("移出依据和原因"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recommendation_ends_after_it_starts", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
            models.UniqueConstraint(
                name="one_open_recommendation", fields=["technique"], condition=Q(until=None, superseded_at=None)
            ),
        ]


class UnitMeasure(Told):
    """A measure carried out on ground of a unit in a year. It counts with evidence: a paper named here or a file attached.

    `area_m2` never exceeds the unit. Without a shape it is known only that so much of the unit was treated.
    """

    class Evidence(models.TextChoices):
        IMAGE = "image", _("图片")
        VIDEO = "video", _("视频")
        DOCUMENT = "document", _("文件方案")
        RECEIPT = "receipt", _("收据发票")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="measures")
    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("措施"), max_length=20)  # a key of soilrules.farmland.measures
    area_m2 = models.DecimalField(_("措施面积"), max_digits=14, decimal_places=2)
    geometry = GeometryField(_("措施范围"), kind="MultiPolygon", null=True, blank=True)
    started_on = models.DateField(_("开始日期"), null=True, blank=True)
    finished_on = models.DateField(_("到位日期"), null=True, blank=True)
    evidence = models.CharField(_("佐证类型"), max_length=10, choices=Evidence, blank=True)
    evidence_name = models.CharField(_("佐证名称或者编号"), max_length=200, blank=True)
    cost_yuan = models.DecimalField(_("费用（元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    doer = models.CharField(_("实施主体"), max_length=160, blank=True)
    crop = models.CharField(_("作物"), max_length=80, blank=True)
    technique = models.ForeignKey(Technique, models.PROTECT, null=True, blank=True, related_name="measures")
    plan = models.ForeignKey(UsePlan, models.PROTECT, null=True, blank=True, related_name="measures")

    class Meta:
        indexes = [
            SpatialIndex("geometry", name="unitmeasure_geometry"),
            models.Index(name="unitmeasure_year", fields=["year", "unit"], condition=Q(superseded_at=None)),
        ]


class Guidance(Told):
    """A visit of the expert group or a training: when, where, who taught, how many came; papers are attached."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("专家指导")
        TRAINING = "training", _("技术培训")

    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    on = models.DateField(_("日期"))
    topic = models.CharField(_("主题"), max_length=200)
    place = models.CharField(_("地点"), max_length=160, blank=True)
    experts = models.CharField(_("专家"), max_length=300)
    attendees = models.PositiveIntegerField(_("参加人数"), null=True, blank=True)
    advice = models.CharField(_("意见和建议"), max_length=1000, blank=True)
    units = models.ManyToManyField(Unit, related_name="guidance", verbose_name=_("涉及单元"))


class ProhibitedZone(HandedDown, Told):
    """A zone where certain produce must not be grown 特定农产品禁止生产区域: proposed, approved by the government, announced."""

    handed_down = Q(approved_on__isnull=False)

    number = models.CharField(_("编号"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=160)
    produce = models.CharField(_("禁止生产的农产品"), max_length=300)  # parted by 、
    units = models.ManyToManyField(Unit, related_name="zones", verbose_name=_("涉及单元"))
    proposed_on = models.DateField(_("提出日期"))
    proposal = models.CharField(_("建议文号"), max_length=120, blank=True)
    approved_on = models.DateField(_("批准日期"), null=True, blank=True)
    approval = models.CharField(_("批准文号"), max_length=120, blank=True)
    authority = models.CharField(_("批准机关"), max_length=120, blank=True)
    announced_on = models.DateField(_("公告日期"), null=True, blank=True)
    address = models.CharField(_("公告网址"), max_length=300, blank=True)
    sign_on = models.DateField(_("标识设置日期"), null=True, blank=True)
    until = models.DateField(_("解除日期"), null=True, blank=True)
    geometry = GeometryField(_("范围"), kind="MultiPolygon")

    class Meta:
        indexes = [SpatialIndex("geometry", name="prohibitedzone_geometry")]


class AreaTask(Told):
    """So much ground to bring under measures in a year, given to a town or village; progress is counted from measures."""

    class Kind(models.TextChoices):
        SAFE_USE = "safe_use", _("安全利用")
        STRICT = "strict", _("严格管控")
        CROPS = "crops", _("种植结构调整")
        FOREST_GRASS = "forest_grass", _("退耕还林还草")
        GARDEN = "garden", _("园地安全利用")

    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("任务"), max_length=14, choices=Kind)
    division = models.ForeignKey("core.Division", models.PROTECT, related_name="+", verbose_name=_("承担地区"))
    unit_in_charge = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    area_m2 = models.DecimalField(_("任务面积"), max_digits=14, decimal_places=2)
    due = models.DateField(_("时限"), null=True, blank=True)
    document = models.CharField(_("下达文号"), max_length=120, blank=True)


class ControlReport(Told):
    """A periodic report 风险管控定期报告 of whoever is liable for polluted ground: asked for by a day, received with its paper.

    How often is not fixed by the law: the assessment report, the plan or the office says, in `asked_by`.
    """

    number = models.CharField(_("编号"), max_length=40, unique=True)
    party = models.CharField(_("土壤污染责任人"), max_length=160)
    party_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    period = models.CharField(_("报告期"), max_length=20)
    due = models.DateField(_("时限"))
    asked_by = models.CharField(_("报告要求的依据"), max_length=200)
    units = models.ManyToManyField(Unit, related_name="control_reports", verbose_name=_("涉及单元"))
    received_on = models.DateField(_("收到日期"), null=True, blank=True)
    measures = models.CharField(_("管控措施落实情况"), max_length=1000, blank=True)
    monitoring = models.CharField(_("监测与评价结果"), max_length=1000, blank=True)

    class Meta:
        indexes = [models.Index(name="controlreport_due", fields=["due"], condition=Q(superseded_at=None))]


class ApprovedRate(Told):
    """A rate as the superior approved it 上级核定值: a fact of its own beside the one we count."""

    year = models.PositiveSmallIntegerField(_("年度"))
    division = models.ForeignKey("core.Division", models.PROTECT, related_name="+", verbose_name=_("地区"))
    rate = models.DecimalField(_("核定值（%）"), max_digits=7, decimal_places=4)
    method = models.CharField(_("核算方法"), max_length=20, blank=True)  # of soilrules.farmland.rates
    number = models.CharField(_("核定文号"), max_length=120)
    authority = models.CharField(_("核定机关"), max_length=120)
    on = models.DateField(_("核定日期"))
    explained = models.CharField(_("差异说明"), max_length=500, blank=True)

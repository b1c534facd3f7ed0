"""Classes of farmland 土壤环境质量类别: what was approved, and what we propose until somebody approves it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import HandedDown, OfPlace, ScopedModel, Version
from soildesk.farmland.models.told import Told
from soildesk.farmland.models.units import Unit, UnitVersion


class FarmlandClass(models.TextChoices):
    """The three classes of the law, the words of soilrules.farmland."""

    PRIORITY = "priority", _("优先保护类")
    SAFE_USE = "safe_use", _("安全利用类")
    STRICT = "strict", _("严格管控类")


class ClassDecision(HandedDown, Told):
    """One approval of classes by the province's government, registered by us: number, day, file. It decides, not we."""

    number = models.CharField(_("批准文号"), max_length=120)
    title = models.CharField(_("标题"), max_length=200)
    authority = models.CharField(_("批准机关"), max_length=120)
    authority_why = models.CharField(_("机关核对说明"), max_length=300, blank=True)  # where its name does not tell
    decided_on = models.DateField(_("批准日期"))
    since = models.DateField(_("生效日期"))
    receipt = models.CharField(_("上传回执"), max_length=120, blank=True)  # of the national system
    uploaded_on = models.DateField(_("上传日期"), null=True, blank=True)

    class Meta:
        ordering = ["-since", "-id"]


class UnitClass(OfPlace, Version):
    """The class of a unit in a period 现行类别: the only one measures, locks and rates go by."""

    identity = "unit"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="classes")
    farmland_class = models.CharField(_("现行类别"), max_length=10, choices=FarmlandClass)
    controlling = models.CharField(_("控制元素"), max_length=120, blank=True)  # slugs of soilrules.analytes, by 、
    area_m2 = models.DecimalField(_("批准面积"), max_digits=14, decimal_places=2, null=True, blank=True)
    decision = models.ForeignKey(ClassDecision, models.PROTECT, related_name="classes")

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="unitclass_one_open",
                fields=["unit"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
        ]
        indexes = [models.Index(name="unitclass_standing", fields=["unit", "since"], condition=Q(superseded_at=None))]


class Classification(OfPlace, ScopedModel):
    """One putting into classes 类别划分: of which units, from which rounds, by which rule set, and how far it is.

    Draft → checked in the field → reviewed → sent to the province → approved (then `decision`), or given up.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草案")
        CHECKING = "checking", _("外业核实")
        REVIEW = "review", _("会审")
        SENT = "sent", _("已报省级")
        APPROVED = "approved", _("已批准")
        GIVEN_UP = "given_up", _("已终止")

    class Why(models.TextChoices):
        FIRST = "first", _("初次划分")
        USE_CHANGE = "use_change", _("土地用途变更")
        MONITORING = "monitoring", _("土壤环境例行监测")
        CO_MONITORING = "co_monitoring", _("土壤和农产品协同监测")
        STANDARD = "standard", _("标准更新")
        OTHER = "other", _("其他")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=160)
    why = models.CharField(_("事由"), max_length=14, choices=Why)
    on = models.DateField(_("评价基准日"))
    soil_rounds = models.ManyToManyField("monitoring.Campaign", related_name="+", verbose_name=_("土壤监测任务"))
    produce_rounds = models.ManyToManyField("monitoring.Campaign", related_name="+", verbose_name=_("农产品监测任务"))
    ruleset = models.CharField(_("规则集"), max_length=40)  # of soilrules.farmland.rulesets
    switches = models.JSONField(default=list)  # ["majority", "soil_ii_severe"]
    standards_on = models.DateField(_("标准适用日"), null=True, blank=True)  # None: the day of each sample
    local_limits = models.BooleanField(_("采用地方标准"), default=True)  # limits of the place beside the national ones
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    decision = models.ForeignKey(ClassDecision, models.PROTECT, null=True, blank=True, related_name="classifications")
    job = models.UUIDField(null=True, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    told = models.JSONField(default=dict)  # what computing met: units, points, results left out and why, editions
    sent_on = models.DateField(_("报送日期"), null=True, blank=True)
    sent_document = models.CharField(_("报送文号"), max_length=120, blank=True)
    left_out_why = models.CharField(_("暂不报批单元的说明"), max_length=300, blank=True)
    given_up_why = models.CharField(_("终止原因"), max_length=300, blank=True)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]


class UnitProposal(OfPlace, ScopedModel):
    """The class we propose for a unit 建议类别, with all that led to it; seen by reviewers, in force for nobody.

    `detail`: element by element what soil and produce said, as soilrules.farmland.units told it. `proposed` is empty
    where nobody can say. `settled` is what the review settled on where it differs, with its ground.
    """

    classification = models.ForeignKey(Classification, models.PROTECT, related_name="proposals")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="proposals")
    version = models.ForeignKey(UnitVersion, models.PROTECT, related_name="+")  # the ground it was computed on
    proposed = models.CharField(_("建议类别"), max_length=10, choices=FarmlandClass, blank=True)
    soil_only = models.CharField(_("土壤单独评价"), max_length=10, choices=FarmlandClass, blank=True)
    controlling = models.CharField(_("控制元素"), max_length=120, blank=True)
    detail = models.JSONField(default=dict)
    before = models.CharField(_("原类别"), max_length=10, choices=FarmlandClass, blank=True)
    settled = models.CharField(_("会审类别"), max_length=10, choices=FarmlandClass, blank=True)
    settled_why = models.CharField(_("会审理由"), max_length=300, blank=True)
    computed_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)  # computed anew

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="proposal_once", fields=["classification", "unit"], condition=Q(superseded_at__isnull=True)
            )
        ]


class ClassTrial(OfPlace, ScopedModel):
    """What a classification would come to by other terms 试算: as it was asked and as it was found; it changes nothing.

    `found`: areas by class before and after, the units that differ (version, before, after, controlling elements), editions.
    """

    classification = models.ForeignKey(Classification, models.PROTECT, related_name="trials")
    ruleset = models.CharField(_("规则集"), max_length=40)
    switches = models.JSONField(default=list)
    standards_on = models.DateField(_("标准适用日"), null=True, blank=True)
    local_limits = models.BooleanField(_("采用地方标准"), default=True)
    job = models.UUIDField(null=True, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    found = models.JSONField(default=dict)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]


class FieldCheck(Told):
    """A unit's bounds looked at in the field 边界核实; photos are attached."""

    classification = models.ForeignKey(Classification, models.PROTECT, related_name="checks")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="checks")
    on = models.DateField(_("核实日期"))
    fits = models.BooleanField(_("边界相符"), null=True)
    use_fits = models.BooleanField(_("利用方式相符"), null=True)
    found = models.CharField(_("发现"), max_length=500, blank=True)


class ClassOpinion(Told):
    """What a department says of a classification; both agriculture and ecology must have agreed before it is sent."""

    class Verdict(models.TextChoices):
        AGREE = "agree", _("同意")
        RETURN = "return", _("退回修改")

    classification = models.ForeignKey(Classification, models.PROTECT, related_name="opinions")
    department = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("会审单位"))
    on = models.DateField(_("日期"))
    verdict = models.CharField(_("意见"), max_length=8, choices=Verdict)
    opinion = models.CharField(_("说明"), max_length=500, blank=True)


class Trigger(Told):
    """Something that asks for a new look at a unit's class 动态调整线索; a person takes it up or puts it aside."""

    class State(models.TextChoices):
        OPEN = "open", _("待核实")
        TAKEN = "taken", _("已启动调整")
        DISMISSED = "dismissed", _("不调整")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="triggers")
    why = models.CharField(_("事由"), max_length=14, choices=Classification.Why)
    on = models.DateField(_("日期"))
    key = models.CharField(max_length=160)  # what it is about, so that one event is one trigger
    what = models.CharField(_("内容"), max_length=500)
    proposed = models.CharField(_("建议类别"), max_length=10, choices=FarmlandClass, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    classification = models.ForeignKey(Classification, models.PROTECT, null=True, blank=True, related_name="triggers")
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    closed_why = models.CharField(_("办结说明"), max_length=300, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="trigger_once", fields=["unit", "key"], condition=Q(superseded_at__isnull=True)
            )
        ]

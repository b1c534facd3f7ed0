"""Campaigns 监测任务: what is to be sampled where, the record made in the field, and whose hands a sample went through."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, ScopedModel
from soildesk.monitoring.models.points import Grade, Medium, Point


class Campaign(OfPlace, ScopedModel):
    """One round of monitoring with its design. Its data are internal unless it says otherwise."""

    class Kind(models.TextChoices):
        CENSUS = "census", _("普查")
        DETAILED = "detailed", _("详查")
        ROUTINE = "routine", _("例行监测")
        SPECIAL = "special", _("专项监测")
        PERIMETER = "perimeter", _("周边监测")
        JOINT = "joint", _("协同监测")
        SURVEY = "survey", _("地块调查")
        EFFECT = "effect", _("效果评估")

    class Stage(models.TextChoices):
        """The stage of a survey of a plot, which the density of its design depends on."""

        INITIAL = "initial", _("初步调查")
        DETAILED = "detailed", _("详细调查")

    class Unit(models.TextChoices):
        """What the design of a district lies on, which the density of a census or a detailed survey depends on."""

        CULTIVATED = "cultivated", _("耕地")
        FOREST_GRASS = "forest_grass", _("林地草地")
        UNUSED = "unused", _("未利用地")
        KEY_AREA = "key_area", _("重点区域")
        PLAIN_AREA = "plain_area", _("一般区域")

    class State(models.TextChoices):
        DRAFT = "draft", _("编制中")
        RUNNING = "running", _("实施中")
        CLOSED = "closed", _("已完成")

    class Codes(models.TextChoices):
        """How sample codes are dealt; neither says anything of the point."""

        RANDOM = "random", _("随机编号")
        SEQUENTIAL = "sequential", _("顺序编号")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    stage = models.CharField(_("调查阶段"), max_length=12, choices=Stage, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DRAFT)
    media = models.JSONField(_("介质"), default=list)  # values of Medium
    analytes = models.JSONField(_("分析项目"), default=list)  # slugs of soilrules.analytes
    standard = models.CharField(_("评价标准"), max_length=20, blank=True)  # where the point does not say
    use = models.CharField(_("评价用途"), max_length=40, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    organiser = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("组织单位"))
    laboratory = models.CharField(_("检测机构"), max_length=120, blank=True)
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("完成时限"))
    closed_on = models.DateField(_("完成日期"), null=True, blank=True)
    unit_kind = models.CharField(_("布点对象"), max_length=12, choices=Unit, blank=True)
    suspected = models.BooleanField(_("疑似污染地块"), null=True, blank=True)  # None: nobody said
    area_m2 = models.FloatField(_("面积"), null=True, blank=True)
    geometry = GeometryField(_("范围"), kind="MultiPolygon", null=True, blank=True)
    grade = models.CharField(_("数据分级"), max_length=10, choices=Grade, default=Grade.INTERNAL)
    codes = models.CharField(_("样品编号方式"), max_length=10, choices=Codes, default=Codes.RANDOM)
    parallel_percent = models.PositiveSmallIntegerField(_("密码平行样比例（%）"), default=10)
    closing_note = models.CharField(_("未完成情况说明"), max_length=500, blank=True)
    shared_on = models.DateField(_("数据共享日期"), null=True, blank=True)
    shared_receipt = models.CharField(_("共享回执"), max_length=120, blank=True)
    created_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(name="campaign_ends_later", condition=Q(ends_on__gte=F("starts_on"))),
        ]
        indexes = [SpatialIndex("geometry", name="campaign_geometry")]

    def __str__(self) -> str:
        return self.title


class SamplingTask(OfPlace, ScopedModel):
    """One sample to be taken: of which point, which depth, under which code. The code is all the laboratory sees.

    `parallel_of` names the sample this one is the blind parallel of; the laboratory is not told.
    """

    class Role(models.TextChoices):
        ORDINARY = "ordinary", _("普通样品")
        PARALLEL = "parallel", _("密码平行样")
        BLANK = "blank", _("空白样")
        MATERIAL = "material", _("质控样")

    class State(models.TextChoices):
        PLANNED = "planned", _("待采样")
        SAMPLED = "sampled", _("已采样")
        RECEIVED = "received", _("已送检")
        DROPPED = "dropped", _("取消")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="tasks")
    point = models.ForeignKey(Point, models.PROTECT, null=True, blank=True, related_name="tasks")
    code = models.CharField(_("样品编号"), max_length=60)
    role = models.CharField(_("样品类别"), max_length=10, choices=Role, default=Role.ORDINARY)
    parallel_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parallels")
    medium = models.CharField(_("介质"), max_length=16, choices=Medium)
    depth_from_cm = models.PositiveIntegerField(_("上界深度"), null=True, blank=True)
    depth_to_cm = models.PositiveIntegerField(_("下界深度"), null=True, blank=True)
    unit = models.ForeignKey(
        "core.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("采样单位")
    )
    due = models.DateField(_("时限"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.PLANNED)
    dropped_reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    planned_at = GeometryField(
        _("设计位置"), kind="Point", null=True, blank=True
    )  # its point's, or of a place without one

    class Meta:
        ordering = ["campaign", "code"]
        constraints = [models.UniqueConstraint(name="task_code_once", fields=["campaign", "code"])]
        indexes = [SpatialIndex("planned_at", name="task_planned_at")]

    def __str__(self) -> str:
        return self.code

    @classmethod
    def scope_for_department(cls, grant: Any) -> Q:
        """All of the place, and what the department is to take elsewhere: a grid of the district names its units."""
        return super().scope_for_department(grant) | Q(unit_id=grant.department_id)


class FieldRecord(OfPlace, ScopedModel):
    """What was written down where a sample was taken: the only source of what is known of a sample.

    Never edited: a correction is a new record with its reason, the former keeps its `superseded_at`. Four photographs
    (东南西北) are attached. Personal data: sampler, witness.
    """

    task = models.ForeignKey(SamplingTask, models.PROTECT, related_name="records")
    sampled_at = models.DateTimeField(_("采样时间"))
    point = GeometryField(_("采样位置"), kind="Point", null=True, blank=True)
    accuracy_m = models.FloatField(_("定位精度"), null=True, blank=True)
    depth_from_cm = models.PositiveIntegerField(_("上界深度"), null=True, blank=True)
    depth_to_cm = models.PositiveIntegerField(_("下界深度"), null=True, blank=True)
    land_use = models.CharField(_("土地利用"), max_length=40, blank=True)  # use of GB 15618 as found: paddy, other …
    crop = models.CharField(_("作物"), max_length=40, blank=True)
    weather = models.CharField(_("天气"), max_length=40, blank=True)
    texture = models.CharField(_("质地"), max_length=40, blank=True)
    colour = models.CharField(_("颜色"), max_length=40, blank=True)
    odour = models.CharField(_("气味"), max_length=40, blank=True)
    moisture = models.CharField(_("湿度"), max_length=40, blank=True)
    readings = models.JSONField(_("现场检测"), default=dict)  # {"ph": "6.8", "temperature_c": "14.2"}
    container = models.CharField(_("容器与保存"), max_length=80, blank=True)
    distance_m = models.FloatField(_("距点位"), null=True, blank=True)
    place_reason = models.CharField(_("位置说明"), max_length=200, blank=True)  # far from the point, or without GPS
    sampler = models.CharField(_("采样人"), max_length=60)
    witness = models.CharField(_("见证人"), max_length=60, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    reason = models.CharField(_("更正原因"), max_length=300, blank=True)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(name="task_one_record", fields=["task"], condition=Q(superseded_at__isnull=True)),
        ]
        indexes = [SpatialIndex("point", name="fieldrecord_point")]

    def __str__(self) -> str:
        return str(self.task)


class Custody(models.Model):
    """One hand-over of a sample (流转): from whom to whom, in which condition. Rows are only added. Personal data: names."""

    class Step(models.TextChoices):
        PACKED = "packed", _("装箱")
        HANDED = "handed", _("交接")
        RECEIVED = "received", _("实验室接收")
        REJECTED = "rejected", _("拒收")

    task = models.ForeignKey(SamplingTask, models.PROTECT, related_name="custody")
    slip = models.CharField(_("流转单号"), max_length=40, db_index=True)  # samples handed over together
    step = models.CharField(_("环节"), max_length=10, choices=Step)
    at = models.DateTimeField(_("时间"))
    from_name = models.CharField(_("交样人"), max_length=60, blank=True)
    to_name = models.CharField(_("收样人"), max_length=60, blank=True)
    condition = models.CharField(_("样品状况"), max_length=120, blank=True)
    temperature_c = models.FloatField(_("保存温度"), null=True, blank=True)
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

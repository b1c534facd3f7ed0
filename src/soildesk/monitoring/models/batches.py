"""Laboratory batches 检测批次: the file as it came, what its check found, its results and their quality control."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import OfPlace, RoleGrant, ScopedModel, ScopedQuerySet
from soildesk.monitoring.models.campaigns import Campaign, SamplingTask
from soildesk.monitoring.models.points import Grade, Medium, Point

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


class BatchQuerySet(ScopedQuerySet):
    """Batches."""

    def visible_to(self, actor: Actor | None) -> Self:
        """Those within the actor's divisions; somebody of a laboratory sees the ones he sent himself."""
        seen = super().visible_to(actor)
        if actor is None or actor.person is None or not actor.has_role(RoleGrant.Role.LABORATORY):
            return seen
        return seen | self.filter(by=actor.person)


class Batch(OfPlace, ScopedModel):
    """One file of results for a campaign. Its results are seen by others from the moment it is accepted.

    The data file stands in core.files under `data`, the report under `report`; their hashes are bound here. The same
    file comes in once. While it is loading, `worker` and `heartbeat_at` say who is at it, and `rows` how far it is.
    `understood` is what the file was taken for; `drawn` are the cells somebody compares by eye with the report, drawn
    by `seed`. Who sent it has said that nothing in it is a state secret (`no_secrets`).
    """

    class State(models.TextChoices):
        LOADING = "loading", _("读入中")
        CHECKED = "checked", _("待审核")
        RETURNED = "returned", _("已退回")
        ACCEPTED = "accepted", _("已接收")
        FLAGGED = "flagged", _("带标记接收")

    ACCEPTED_STATES = (State.ACCEPTED, State.FLAGGED)

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="batches")
    number = models.CharField(_("批次编号"), max_length=40, unique=True)
    laboratory = models.CharField(_("检测机构"), max_length=120, blank=True)
    cma = models.CharField(_("CMA 编号"), max_length=40, blank=True)
    report_number = models.CharField(_("报告编号"), max_length=80, blank=True)
    reported_on = models.DateField(_("报告日期"), null=True, blank=True)
    file_name = models.CharField(_("数据文件"), max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    report_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.LOADING)
    rows = models.PositiveIntegerField(_("结果数"), default=0)
    samples = models.PositiveIntegerField(_("样品数"), default=0)
    errors = models.PositiveIntegerField(_("错误"), default=0)
    warnings = models.PositiveIntegerField(_("警告"), default=0)
    quality = models.JSONField(default=dict)  # verdicts of the quality control by analyte
    understood = models.JSONField(default=dict)
    seed = models.PositiveIntegerField(default=0)
    drawn = models.JSONField(default=list)  # [{"row", "cell", "sample", "analyte", "text", "same": true|false|null}]
    no_secrets = models.BooleanField(_("不含涉密内容"), default=False)
    worker = models.CharField(max_length=120, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    job = models.UUIDField(null=True, blank=True)
    returned_reason = models.CharField(_("退回原因"), max_length=500, blank=True)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="batch_file_once",
                fields=["campaign", "sha256", "by"],  # a laboratory does not learn what another sent
                condition=~Q(state="returned"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def receipt(self) -> str:
        """What a laboratory knows the batch by: a running number would tell it of the batches of others."""
        return self.uid.hex[-10:].upper()


class BatchFinding(models.Model):
    """One finding of the check of a batch's file: a place in the file, a rule, and the message by id and parameters."""

    class Severity(models.TextChoices):
        ERROR = "error", _("错误")
        WARNING = "warning", _("警告")
        INFO = "info", _("提示")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="findings")
    row = models.PositiveIntegerField(_("行"))
    column = models.CharField(_("列"), max_length=80, blank=True)
    rule = models.CharField(_("规则"), max_length=60)
    severity = models.CharField(_("程度"), max_length=8, choices=Severity)
    zh = models.CharField(_("说明"), max_length=500)
    en = models.CharField(max_length=500)

    class Meta:
        ordering = ["row", "id"]


class ResultQuerySet(ScopedQuerySet):
    """Results of laboratories."""

    def accepted(self) -> Self:
        """Results of accepted batches that no correction replaced."""
        return self.filter(batch__state__in=Batch.ACCEPTED_STATES, superseded_at__isnull=True)


class Result(OfPlace, ScopedModel):
    """One result as the laboratory gave it. Never overwritten: a correction is a new row that names the one it `corrects`.

    `value` is the number in `unit`; null where it is no number. Below the detection limit `censored` is true and
    `value` null. `qualifier` is the laboratory's own; those of validator and interpreter are rows of `Qualifier`.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="results")
    task = models.ForeignKey(SamplingTask, models.PROTECT, null=True, related_name="results")
    point = models.ForeignKey(Point, models.PROTECT, null=True, related_name="results")
    sample = models.CharField(_("样品编号"), max_length=60)
    analyte = models.CharField(_("分析项目"), max_length=60)  # slug of soilrules.analytes
    printed = models.CharField(_("检测值（原文）"), max_length=60)
    medium = models.CharField(_("介质"), max_length=16, choices=Medium)
    value = models.FloatField(_("检测值"), null=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    censored = models.BooleanField(_("未检出"), default=False)
    detection_limit = models.FloatField(_("检出限"), null=True)
    more_than = models.FloatField(null=True)
    qualifier = models.CharField(_("实验室标记"), max_length=20, blank=True)
    depth_cm = models.CharField(_("深度"), max_length=20, blank=True)
    method = models.CharField(_("方法"), max_length=120, blank=True)
    sampled_on = models.DateField(_("采样日期"), null=True)
    analysed_on = models.DateField(_("分析日期"), null=True)
    row = models.PositiveIntegerField(_("行"))  # in the file
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    reason = models.CharField(_("更正原因"), max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="result_series", fields=["point", "analyte", "sampled_on"]),
            models.Index(name="result_of_batch", fields=["batch", "sample", "analyte"]),
            models.Index(name="result_of_day", fields=["sampled_on", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.sample} {self.analyte}"


class Qualifier(models.Model):
    """What a validator or an interpreter says of a result; the laboratory's own mark stands in the result."""

    class Role(models.TextChoices):
        VALIDATOR = "validator", _("审核")
        INTERPRETER = "interpreter", _("解释")

    class Code(models.TextChoices):
        VALID = "valid", _("有效")
        ESTIMATED = "estimated", _("估计值")
        QUESTIONABLE = "questionable", _("存疑")
        REJECTED = "rejected", _("弃用")
        BACKGROUND = "background", _("地质背景")
        OUTLIER = "outlier", _("离群")

    result = models.ForeignKey(Result, models.CASCADE, related_name="qualifiers")
    role = models.CharField(_("角色"), max_length=12, choices=Role)
    code = models.CharField(_("标记"), max_length=14, choices=Code)
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_qualifier_of_a_role", fields=["result", "role"], condition=Q(superseded_at__isnull=True)
            ),
        ]


class QualitySample(models.Model):
    """One measurement of the quality control of a batch, in mg/kg as printed: a blank, a pair, a spike, a material."""

    class Kind(models.TextChoices):
        BLANK = "blank", _("空白")
        PAIR = "pair", _("平行双样")
        SPIKE = "spike", _("加标回收")
        MATERIAL = "material", _("标准物质")
        BLIND = "blind", _("密码平行样")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="quality_samples")
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    analyte = models.CharField(_("分析项目"), max_length=60)
    name = models.CharField(_("样品或物质编号"), max_length=80)
    medium = models.CharField(_("介质"), max_length=16, choices=Medium, blank=True)  # of its sample; blank: of none
    unit = models.CharField(_("单位"), max_length=20)
    first = models.CharField(_("测定值1"), max_length=30)  # as printed: "0.12", "<0.01"
    second = models.CharField(_("测定值2"), max_length=30, blank=True)
    added = models.DecimalField(_("加标量"), max_digits=16, decimal_places=6, null=True, blank=True)
    certified = models.DecimalField(_("标准值"), max_digits=16, decimal_places=6, null=True, blank=True)
    uncertainty = models.DecimalField(_("不确定度"), max_digits=16, decimal_places=6, null=True, blank=True)
    detection_limit = models.DecimalField(_("检出限"), max_digits=16, decimal_places=6, null=True, blank=True)
    row = models.PositiveIntegerField(_("行"), default=0)

    class Meta:
        ordering = ["analyte", "kind", "row", "id"]


class ExportRequest(OfPlace, ScopedModel):
    """Somebody wants graded results as a file; somebody else says yes or no. The file names both and the number.

    `query` is the selection of the list of results, `on` the day it speaks of; `rows` were counted when it was asked.
    Personal data: names of people stand in the file.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("待批准")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未批准")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    query = models.CharField(max_length=1000, blank=True)
    on = models.DateField(_("截至"))
    rows = models.PositiveIntegerField(_("结果数"))
    grade = models.CharField(_("数据分级"), max_length=10, choices=Grade)  # the highest among the rows
    purpose = models.CharField(_("用途"), max_length=300)
    recipient = models.CharField(_("接收单位"), max_length=120)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey("core.Person", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("批准意见"), max_length=300, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return self.number

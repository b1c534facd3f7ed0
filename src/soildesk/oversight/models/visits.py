"""Who is inspected this year, drawn by risk and by a lot anybody can draw again, and the visits made."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, ScopedModel
from soildesk.enterprises.models import Enterprise


class InspectionPlan(OfPlace, ScopedModel):
    """One plan of inspections: from whom was drawn, with which weights and seed. Firms never see it."""

    class State(models.TextChoices):
        DRAWN = "drawn", _("已抽取")
        IN_FORCE = "in_force", _("执行中")
        CLOSED = "closed", _("已完成")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=160)
    year = models.PositiveSmallIntegerField(_("年度"))
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    wanted = models.PositiveIntegerField(_("抽取数量"))
    list_key = models.CharField(_("名录"), max_length=40, blank=True)  # from which list; empty: all firms at work
    seed = models.CharField(_("随机种子"), max_length=64)
    seed_source = models.CharField(_("种子来源"), max_length=200)  # where and when it was published before the drawing
    weights = models.JSONField(default=dict)  # what raised the chance, with its mark
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAWN)
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-year", "-id"]

    def __str__(self) -> str:
        return self.title


class Drawing(models.Model):
    """One firm in the lot: its weight and why, its place in the order, and whether it was drawn."""

    plan = models.ForeignKey(InspectionPlan, models.CASCADE, related_name="drawings")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    weight = models.DecimalField(_("权重"), max_digits=8, decimal_places=3)
    reasons = models.JSONField(default=list)
    unknown = models.JSONField(default=list)  # facts nobody knew: they added nothing
    order = models.PositiveIntegerField(_("次序"))
    drawn = models.BooleanField(_("抽中"), default=False)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(name="drawing_once", fields=["plan", "enterprise"])]


class Visit(OfPlace, ScopedModel):
    """One visit to a firm: by whom, what was seen, with photos. A correction is a new row of the same number.

    What was found is on the list of problems; photographs stay with the row they came with.
    """

    class Found(models.TextChoices):
        NOTHING = "nothing", _("未发现问题")
        PROBLEMS = "problems", _("发现问题")
        NOT_MET = "not_met", _("未能检查")

    plan = models.ForeignKey(InspectionPlan, models.PROTECT, null=True, blank=True, related_name="visits")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="visits")
    number = models.CharField(_("编号"), max_length=40)  # a correction keeps it
    on = models.DateField(_("检查日期"))
    inspectors = models.CharField(_("检查人员"), max_length=200)
    found = models.CharField(_("结果"), max_length=10, choices=Found)
    note = models.CharField(_("检查情况"), max_length=2000, blank=True)
    point = GeometryField(_("位置"), kind="Point", null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [
            SpatialIndex("point", name="visit_point"),
            models.Index(name="visit_of_firm", fields=["enterprise", "-on"], condition=Q(superseded_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(name="visit_stands_once", fields=["number"], condition=Q(superseded_at=None))
        ]

    def __str__(self) -> str:
        return self.number

"""Interpolated surfaces 插值图: how one was asked for, what came of it, and its classes as ground for the map."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, ScopedModel
from soildesk.monitoring.models.campaigns import Campaign
from soildesk.monitoring.models.points import Medium


class Surface(OfPlace, ScopedModel):
    """One surface of an analyte of a campaign, made by a job. It is as graded as the campaign its data come from.

    `report` is everything an official needs to trust it (points, variogram, cross-validation, assumptions in both
    languages); where nothing honest follows from the data the state is unknown and `reason` says why. The grids stand
    in core.files as GeoTIFF, by their kind.
    """

    class State(models.TextChoices):
        WORKING = "working", _("计算中")
        MAPPED = "mapped", _("已成图")
        UNKNOWN = "unknown", _("不能成图")

    class Method(models.TextChoices):
        KRIGING = "kriging", _("普通克里金")
        INVERSE_DISTANCE = "inverse_distance", _("反距离加权")

    class Scale(models.TextChoices):
        LOG = "log", _("对数")
        RAW = "raw", _("原值")

    class Stale(models.TextChoices):
        ACCEPTED = "accepted", _("制图后又接收了结果")
        CORRECTED = "corrected", _("制图后有结果被更正或弃用")
        REJUDGED = "rejudged", _("制图后结果重新评价，结论或限值有变化")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="surfaces")
    analyte = models.CharField(_("分析项目"), max_length=60)  # slug of soilrules.analytes
    medium = models.CharField(_("介质"), max_length=16, choices=Medium)
    depth = models.CharField(_("深度"), max_length=20, blank=True)  # "0–20"; empty: every depth that was sampled
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    method = models.CharField(_("方法"), max_length=20, choices=Method, default=Method.KRIGING)
    scale = models.CharField(_("插值尺度"), max_length=4, choices=Scale, default=Scale.LOG)
    substitute = models.CharField(_("未检出按"), max_length=30, blank=True)  # soilrules.statistics.Substitute
    cell_m = models.FloatField(_("格距"))
    reach_m = models.FloatField(_("有效距离"), null=True, blank=True)  # asked for; None: the range of the variogram
    limit = models.FloatField(_("限值"), null=True, blank=True)
    limit_source = models.CharField(_("限值来源"), max_length=120, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WORKING)
    reason = models.JSONField(default=dict)  # {"zh", "en"}
    report = models.JSONField(default=dict)
    outdated_at = models.DateTimeField(null=True, blank=True)  # what it was drawn from changed then; it stays as it is
    outdated_why = models.CharField(_("过时的原因"), max_length=10, choices=Stale, blank=True)
    job = models.UUIDField(null=True, blank=True)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.campaign} {self.analyte}"


class SurfaceBand(OfPlace, ScopedModel):
    """The ground of one class of a surface: contents against the limit, or the probability that it is exceeded."""

    class Shows(models.TextChoices):
        CONTENTS = "contents", _("含量")
        PROBABILITY = "probability", _("超标概率")

    surface = models.ForeignKey(Surface, models.CASCADE, related_name="bands")
    shows = models.CharField(_("图面"), max_length=12, choices=Shows)
    band = models.PositiveSmallIntegerField(_("分级"))  # from 0, the lowest
    low = models.FloatField(_("下界"), null=True)
    high = models.FloatField(_("上界"), null=True)
    area_m2 = models.FloatField(_("面积"))
    geometry = GeometryField(_("范围"), kind="MultiPolygon")

    class Meta:
        ordering = ["surface", "shows", "band"]
        constraints = [models.UniqueConstraint(name="surface_band_once", fields=["surface", "shows", "band"])]
        indexes = [SpatialIndex("geometry", name="surfaceband_geometry")]

    def __str__(self) -> str:
        return f"{self.surface} {self.band}"

"""Plots not developed for now 暂不开发利用: their zone, yearly control plan, rounds of inspection."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, ScopedModel, Version
from soildesk.plots.models.plots import Plot


class ControlZone(OfPlace, Version):
    """A control zone 管控区域: proposed by the county's bureau, in force only by the approval of the government."""

    identity = "plot"

    plot = models.ForeignKey(Plot, models.PROTECT, related_name="zones")
    proposed_on = models.DateField(_("提出日期"))
    approved_on = models.DateField(_("批准日期"), null=True, blank=True)
    approval = models.CharField(_("批准文号"), max_length=120, blank=True)
    authority = models.CharField(_("批准机关"), max_length=120, blank=True)
    measures = models.CharField(_("管控措施"), max_length=500, blank=True)
    announced_on = models.DateField(_("公告日期"), null=True, blank=True)
    sign_on = models.DateField(_("标识设置日期"), null=True, blank=True)
    geometry = GeometryField(_("范围"), kind="MultiPolygon")

    class Meta(Version.Meta):
        indexes = [SpatialIndex("geometry", name="controlzone_geometry")]


class ControlYear(OfPlace, ScopedModel):
    """The control plan 管控计划 of one plot and year: filed by a day, its four media monitored by days."""

    plot = models.ForeignKey(Plot, models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField(_("年度"))
    due = models.DateField(_("报送时限"), null=True, blank=True)
    due_basis = models.CharField(_("时限依据"), max_length=300, blank=True)
    media_basis = models.CharField(_("监测时限依据"), max_length=300, blank=True)
    filed_on = models.DateField(_("报送日期"), null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)  # when that was written down
    content = models.CharField(_("内容"), max_length=1000, blank=True)
    media_due = models.JSONField(default=dict)  # soil, groundwater, surface_water, air → day
    media_done = models.JSONField(default=dict)  # medium → {"on", "batch": its number or "", "at"}
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="control_year_once", fields=["plot", "year"])]


class ControlRound(OfPlace, ScopedModel):
    """One inspection round on a plot under control. Photos are attached. What is not answered is unknown (null).

    Never edited: what was written wrongly is superseded with the reason. What is said of it later stands beside it: the
    measure against a spread, or why what was found is no violation.
    """

    plot = models.ForeignKey(Plot, models.PROTECT, related_name="rounds")
    on = models.DateField(_("日期"))
    unrelated_building = models.BooleanField(_("发现与管控修复无关的建设"), null=True)
    sign_intact = models.BooleanField(_("标识完好"), null=True)
    spread = models.BooleanField(_("发现污染扩散"), null=True)
    in_use = models.BooleanField(_("发现擅自使用"), null=True)
    note = models.CharField(_("情况"), max_length=500, blank=True)
    measure = models.CharField(_("防止扩散的措施"), max_length=500, blank=True)
    measure_on = models.DateField(_("采取措施日期"), null=True, blank=True)
    no_violation = models.CharField(_("不登记为违规的理由"), max_length=300, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("作废原因"), max_length=300, blank=True)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-id"]

"""Unused land 未利用地 and the patrols that look after it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, ScopedModel, Version, new_uid


class UnusedLand(models.Model):
    """One piece of unused land under our own number."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("编号"), max_length=40, unique=True)

    def __str__(self) -> str:
        return self.number


class UnusedLandVersion(OfPlace, Version):
    """What is said of a piece of unused land in a period."""

    identity = "land"

    class Kind(models.TextChoices):
        BARE = "bare", _("裸地")
        SAND = "sand", _("沙地")
        SALINE = "saline", _("盐碱地")
        GRASS = "grass", _("其他草地")
        SHOAL = "shoal", _("滩涂")
        OTHER = "other", _("其他")

    land = models.ForeignKey(UnusedLand, models.PROTECT, related_name="versions")
    name = models.CharField(_("名称"), max_length=120)
    code = models.CharField(_("图斑编号"), max_length=80, blank=True, db_index=True)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    is_reserve = models.BooleanField(_("耕地后备资源"), default=False)
    patrol_every_months = models.PositiveSmallIntegerField(_("巡查周期（月）"), default=6)
    keeper = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("管护单位"))
    area_m2 = models.FloatField(_("计算面积"), editable=False)
    geometry = GeometryField(_("范围"), kind="MultiPolygon")

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="unused_one_open_version",
                fields=["land"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
        ]
        indexes = [
            SpatialIndex("geometry", name="unused_geometry"),
            models.Index(name="unused_standing", fields=["land", "since"], condition=Q(superseded_at=None)),
        ]

    def __str__(self) -> str:
        return self.name


class Patrol(OfPlace, ScopedModel):
    """One visit to a piece of unused land: what was seen, where, by whom. Never edited; a correction is a new visit.

    What was found stays open until somebody writes down what was done about it (`closed_on`).
    """

    class Found(models.TextChoices):
        NOTHING = "nothing", _("未见异常")
        DUMPING = "dumping", _("倾倒堆放")
        POLLUTION = "pollution", _("疑似污染")
        OCCUPATION = "occupation", _("占用开发")
        OTHER = "other", _("其他异常")

    land = models.ForeignKey(UnusedLand, models.PROTECT, related_name="patrols")
    on = models.DateField(_("巡查日期"))
    found = models.CharField(_("发现"), max_length=12, choices=Found)
    note = models.CharField(_("情况说明"), max_length=500, blank=True)
    action = models.CharField(_("已采取措施"), max_length=500, blank=True)
    point = GeometryField(_("位置"), kind="Point", null=True, blank=True)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    closed_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [
            SpatialIndex("point", name="patrol_point"),
            models.Index(name="patrol_of_land", fields=["land", "-on"]),
        ]

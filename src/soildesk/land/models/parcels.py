"""Parcels 地块 (宗地, 图斑): a thing of its own number, what is said of it through time, and where it came from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, Version, new_uid


class Parcel(models.Model):
    """One parcel under our own number; it stays the same while its facts change, and ends where it is split or merged."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("登记编号"), max_length=40, unique=True)

    def __str__(self) -> str:
        return self.number


SORTED_BY = ("name", "code", "use_now", "use_planned")
"""What a list of all standing parcels is sorted by, each in an index of its own; not the first day: as a bound of every
question it would tempt SQLite to read by it and sort the rest."""


class ParcelVersion(OfPlace, Version):
    """What is said of a parcel in a period. Personal data: holder, where the holder is a person."""

    identity = "parcel"

    class Kind(models.TextChoices):
        LOT = "lot", _("宗地")
        PATCH = "patch", _("图斑")
        PLOT = "plot", _("地块")

    class HolderKind(models.TextChoices):
        STATE = "state", _("国有")
        COLLECTIVE = "collective", _("集体")
        ORGANISATION = "organisation", _("单位")
        PERSON = "person", _("个人")

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="versions")
    kind = models.CharField(_("类别"), max_length=8, choices=Kind, default=Kind.PLOT)
    name = models.CharField(_("名称"), max_length=120, blank=True)
    code = models.CharField(_("外部代码"), max_length=80, blank=True, db_index=True)
    """The code the office that sent it knows it by (宗地代码, 图斑编号); an opaque string."""
    location = models.CharField(_("坐落"), max_length=200, blank=True)
    use_system = models.CharField(_("用地分类标准"), max_length=20, blank=True)  # a family of soilrules' land codes
    use_now = models.CharField(_("现状用途代码"), max_length=20, blank=True)
    use_planned = models.CharField(_("规划用途代码"), max_length=20, blank=True)
    holder = models.CharField(_("使用权人"), max_length=120, blank=True)
    holder_kind = models.CharField(_("权属性质"), max_length=12, choices=HolderKind, blank=True)
    area_m2 = models.FloatField(_("计算面积"), editable=False)  # ellipsoidal, by soilrules.geodesy
    area_of_record_m2 = models.DecimalField(_("登记面积"), max_digits=14, decimal_places=2, null=True, blank=True)
    geometry = GeometryField(_("范围"), kind="MultiPolygon")
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="parcel_one_open_version",
                fields=["parcel"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
        ]
        indexes = [
            SpatialIndex("geometry", name="parcelversion_geometry"),
            models.Index(name="parcelversion_standing", fields=["parcel", "since"], condition=Q(superseded_at=None)),
            models.Index(name="parcelversion_area", fields=["-area_m2"]),
            *(
                models.Index(name=f"parcelversion_by_{name}", fields=[name, "id"], condition=Q(superseded_at=None))
                for name in SORTED_BY
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code or str(self.parcel)


class ParcelCode(models.Model):
    """Another code a parcel is known by (不动产单元号, 供地编号 …): an opaque string under a named scheme, dated."""

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="codes")
    scheme = models.CharField(_("编码体系"), max_length=40)
    code = models.CharField(_("代码"), max_length=80, db_index=True)
    since = models.DateField(_("起"), null=True, blank=True)
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="parcel_code_once", fields=["parcel", "scheme", "code"])]


class LineageEvent(models.Model):
    """A split, a merger or a change of boundary on a day."""

    class Kind(models.TextChoices):
        SPLIT = "split", _("分割")
        MERGE = "merge", _("合并")
        BOUNDARY = "boundary", _("界线调整")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    kind = models.CharField(_("方式"), max_length=8, choices=Kind)
    on = models.DateField(_("日期"))
    document = models.CharField(_("依据文号"), max_length=80, blank=True)
    reason = models.CharField(_("原因"), max_length=300)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


class LineageLink(models.Model):
    """How much of an ancestor's ground a descendant stands on, in m²; the pieces of an ancestor sum to it."""

    event = models.ForeignKey(LineageEvent, models.PROTECT, related_name="links")
    ancestor = models.ForeignKey(Parcel, models.PROTECT, related_name="descendants")
    descendant = models.ForeignKey(Parcel, models.PROTECT, related_name="ancestors")
    area_m2 = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(name="lineage_link_once", fields=["event", "ancestor", "descendant"])]

"""Monitoring points 监测点位: a place of its own number, and what is said of it through time."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, Version, new_uid


class Medium(models.TextChoices):
    """What is sampled."""

    SOIL = "soil", _("土壤")
    GROUNDWATER = "groundwater", _("地下水")
    SURFACE_WATER = "surface_water", _("地表水")
    IRRIGATION = "irrigation", _("灌溉水")
    AIR = "air", _("环境空气")
    SEDIMENT = "sediment", _("底泥沉积物")
    PRODUCE = "produce", _("农产品")


class Grade(models.TextChoices):
    """How far data may go (数据分级): rows are internal unless somebody said otherwise."""

    PUBLIC = "public", _("可公开")
    INTERNAL = "internal", _("内部")
    SENSITIVE = "sensitive", _("敏感")  # leaves the house with an approval and a watermark only


class Point(models.Model):
    """One monitoring point under our own number; it stays the same while its facts change."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("编号"), max_length=40, unique=True)

    def __str__(self) -> str:
        return self.number


class PointVersion(OfPlace, Version):
    """What is said of a point in a period."""

    identity = "point"

    class Level(models.TextChoices):
        NATIONAL = "national", _("国控")
        PROVINCE = "province", _("省控")
        CITY = "city", _("市控")
        COUNTY = "county", _("县控")
        ENTERPRISE = "enterprise", _("企业")

    class Kind(models.TextChoices):
        BASELINE = "baseline", _("基础点位")
        RISK = "risk", _("风险监控点位")
        BACKGROUND = "background", _("背景点位")
        ROUTINE = "routine", _("例行监测点位")
        SELF = "self", _("自行监测点位")
        PERIMETER = "perimeter", _("周边监测点位")
        EFFECT = "effect", _("效果评估点位")
        JOINT = "joint", _("协同监测点位")  # soil and the produce that grows on it
        SPECIAL = "special", _("专项监测点位")  # where a grid or a survey was sampled once

    class UnitClass(models.TextChoices):
        """The monitoring unit of an enterprise (重点监测单元) that the point stands in; empty: nobody said."""

        FIRST = "first", _("一类单元")  # holds facilities whose leaks are not easily seen
        SECOND = "second", _("二类单元")
        NONE = "none", _("不在重点监测单元内")

    class Layer(models.TextChoices):
        """What a point of soil samples; empty: by its depth."""

        SURFACE = "surface", _("表层")
        DEEP = "deep", _("深层")

    class YesNo(models.TextChoices):
        """A fact that may be unknown; empty: nobody said."""

        YES = "yes", _("是")
        NO = "no", _("否")

    class Openness(models.TextChoices):
        """What the public sees of the place."""

        EXACT = "exact", _("公开准确位置")
        CELL = "cell", _("公开所在网格")
        CLOSED = "closed", _("不公开")

    point = models.ForeignKey(Point, models.PROTECT, related_name="versions")
    name = models.CharField(_("名称"), max_length=120)
    code = models.CharField(_("外部代码"), max_length=80, blank=True, db_index=True)  # an opaque string
    level = models.CharField(_("级别"), max_length=12, choices=Level)
    kind = models.CharField(_("点位类型"), max_length=12, choices=Kind)
    medium = models.CharField(_("介质"), max_length=16, choices=Medium)
    depth_from_cm = models.PositiveIntegerField(_("上界深度"), null=True, blank=True)
    depth_to_cm = models.PositiveIntegerField(_("下界深度"), null=True, blank=True)
    standard = models.CharField(_("评价标准"), max_length=20, blank=True)  # a family of soilrules.standards
    use = models.CharField(_("评价用途"), max_length=40, blank=True)  # use of that standard: paddy, class1, III …
    planned_use = models.CharField(_("规划用途代码"), max_length=20, blank=True)
    crop = models.CharField(_("作物"), max_length=40, blank=True)
    frequency_months = models.PositiveSmallIntegerField(_("监测周期（月）"), null=True, blank=True)
    keeper = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("负责单位"))
    unit_class = models.CharField(_("监测单元类别"), max_length=8, choices=UnitClass, blank=True)
    layer = models.CharField(_("土壤层位"), max_length=8, choices=Layer, blank=True)
    near_sensitive = models.CharField(_("临近地下水环境敏感区"), max_length=4, choices=YesNo, blank=True)
    control = models.CharField(_("对照点"), max_length=4, choices=YesNo, blank=True)  # up the flow, beyond the source
    source = models.CharField(_("关联污染源"), max_length=120, blank=True)
    source_code = models.CharField(_("关联污染源代码"), max_length=80, blank=True, db_index=True)  # an opaque string
    parcel = models.ForeignKey("land.Parcel", models.PROTECT, null=True, blank=True, related_name="+")
    openness = models.CharField(_("公开程度"), max_length=8, choices=Openness, default=Openness.CLOSED)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    geometry = GeometryField(_("位置"), kind="Point")
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="point_one_open_version",
                fields=["point"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
            models.CheckConstraint(
                name="point_depth_in_order",
                condition=Q(depth_from_cm__isnull=True)
                | Q(depth_to_cm__isnull=True)
                | Q(depth_to_cm__gt=F("depth_from_cm")),
            ),
        ]
        indexes = [
            SpatialIndex("geometry", name="point_geometry"),
            models.Index(name="point_standing", fields=["point", "since"], condition=Q(superseded_at=None)),
        ]

    def __str__(self) -> str:
        return self.name


class PublicPoint(models.Model):
    """What the public sees of a standing version: never more of its place than its openness says, nothing where closed.

    Written anew with every act on the point; the public is answered from this table alone.
    """

    version = models.OneToOneField(PointVersion, models.CASCADE, related_name="public")
    point = models.ForeignKey(Point, models.CASCADE, related_name="+")
    name = models.CharField(_("名称"), max_length=120, blank=True)  # of points whose place is open: names tell places
    level = models.CharField(_("级别"), max_length=12, choices=PointVersion.Level)
    kind = models.CharField(_("点位类型"), max_length=12, choices=PointVersion.Kind)
    medium = models.CharField(_("介质"), max_length=16, choices=Medium)
    openness = models.CharField(_("公开程度"), max_length=8, choices=PointVersion.Openness)
    geometry = GeometryField(_("位置"))  # the point itself, or the middle of its cell

    class Meta:
        indexes = [SpatialIndex("geometry", name="publicpoint_geometry")]

    def __str__(self) -> str:
        return str(self.point)


class Background(models.Model):
    """One recorded geological background 地质背景 of an analyte in an area."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("编号"), max_length=40, unique=True)

    def __str__(self) -> str:
        return self.number


class BackgroundVersion(OfPlace, Version):
    """What is known of a background: contents up to `upper` are of the ground itself, by the document named."""

    identity = "background"

    background = models.ForeignKey(Background, models.PROTECT, related_name="versions")
    name = models.CharField(_("名称"), max_length=120)
    analyte = models.CharField(_("分析项目"), max_length=60)  # slug of soilrules.analytes
    upper = models.DecimalField(_("背景上限"), max_digits=14, decimal_places=6)
    unit = models.CharField(_("单位"), max_length=12)
    document = models.CharField(_("依据"), max_length=200)
    geometry = GeometryField(_("范围"), kind="MultiPolygon")

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="background_one_open_version",
                fields=["background"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
        ]
        indexes = [
            SpatialIndex("geometry", name="background_geometry"),
            models.Index(name="background_standing", fields=["background", "since"], condition=Q(superseded_at=None)),
        ]

    def __str__(self) -> str:
        return self.name

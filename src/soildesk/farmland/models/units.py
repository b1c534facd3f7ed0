"""Evaluation units 评价单元: homogeneous ground, who tills it, and how it came out of other units."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, Version, new_uid
from soildesk.farmland.models.told import Told


class Unit(models.Model):
    """One evaluation unit under our own number; it stays the same while its facts change."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("单元编号"), max_length=40, unique=True)

    def __str__(self) -> str:
        return self.number


class UnitVersion(OfPlace, Version):
    """What is said of a unit in a period. Personal data: field_chief, forest_chief.

    Its class is not said here: that is what was approved (`UnitClass`). `pollution` is the degree the survey of farmland
    told, which the safe-use rate of years before 2021 is counted by. Yes-or-no facts are null where nobody knows.
    """

    identity = "unit"

    class Ground(models.TextChoices):
        CROPLAND = "cropland", _("耕地")
        GARDEN = "garden", _("园地")
        FOREST = "forest", _("林地")  # forest that grows food 种植食用林产品
        GRASS = "grass", _("草地")
        OTHER = "other", _("其他农用地")

    class Use(models.TextChoices):  # uses of GB 15618, the words of soilrules.standards
        PADDY = "paddy", _("水田")
        ROTATION = "rotation", _("水旱轮作")
        ORCHARD = "orchard", _("果园")
        OTHER = "other", _("其他")

    class Pollution(models.TextChoices):
        NONE = "none", _("未污染")
        SLIGHT = "slight", _("轻微")
        LIGHT = "light", _("轻度")
        MODERATE = "moderate", _("中度")
        HEAVY = "heavy", _("重度")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="versions")
    name = models.CharField(_("单元名称"), max_length=120)
    code = models.CharField(_("外部代码"), max_length=80, blank=True, db_index=True)  # of the province's map, opaque
    ground = models.CharField(_("地类"), max_length=10, choices=Ground)
    use = models.CharField(_("利用方式"), max_length=10, choices=Use, blank=True)
    location = models.CharField(_("坐落"), max_length=200, blank=True)
    soil_type = models.CharField(_("土壤类型"), max_length=80, blank=True)
    topography = models.CharField(_("地形部位"), max_length=80, blank=True)
    source = models.CharField(_("周边污染源"), max_length=200, blank=True)
    industry_near = models.BooleanField(_("周边 2 km 有工矿企业"), null=True)
    irrigation = models.CharField(_("灌溉水源"), max_length=120, blank=True)
    crop = models.CharField(_("主要作物"), max_length=80, blank=True)
    basic_farmland = models.BooleanField(_("永久基本农田"), null=True)
    pollution = models.CharField(_("污染程度（详查）"), max_length=10, choices=Pollution, blank=True)
    pollution_source = models.CharField(_("污染程度依据"), max_length=160, blank=True)
    field_chief = models.CharField(_("田长"), max_length=60, blank=True)
    forest_chief = models.CharField(_("林长"), max_length=60, blank=True)
    keeper = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    area_m2 = models.FloatField(_("计算面积"), editable=False)  # ellipsoidal, by soilrules.geodesy
    area_of_record_m2 = models.DecimalField(_("登记面积"), max_digits=14, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    geometry = GeometryField(_("范围"), kind="MultiPolygon")
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="farmunit_one_open_version",
                fields=["unit"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
        ]
        indexes = [
            SpatialIndex("geometry", name="farmunit_geometry"),
            models.Index(name="farmunit_standing", fields=["unit", "since"], condition=Q(superseded_at=None)),
        ]

    def __str__(self) -> str:
        return self.name


class UnitChange(Told):
    """Units that were divided, joined or given other bounds on a day. The sum of areas stays what it was."""

    class Kind(models.TextChoices):
        SPLIT = "split", _("拆分")
        MERGE = "merge", _("合并")
        RESHAPE = "reshape", _("调整边界")

    kind = models.CharField(_("方式"), max_length=8, choices=Kind)
    on = models.DateField(_("日期"))
    document = models.CharField(_("依据"), max_length=120, blank=True)
    why = models.CharField(_("原因"), max_length=300)


class UnitLink(models.Model):
    """Ground that went from one unit to another by a change."""

    change = models.ForeignKey(UnitChange, models.PROTECT, related_name="links")
    before = models.ForeignKey(Unit, models.PROTECT, related_name="went_to")
    after = models.ForeignKey(Unit, models.PROTECT, related_name="came_from")
    area_m2 = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(name="farmunit_link_once", fields=["change", "before", "after"])]


class Household(Told):
    """A household that tills ground of a unit (落地到户). Internal data; personal: head, phone."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="households")
    head = models.CharField(_("户主"), max_length=60)
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    contract = models.CharField(_("承包合同编号"), max_length=80, blank=True)
    transferee = models.CharField(
        _("流转受让方"), max_length=120, blank=True
    )  # takes over the duty to protect the soil
    area_m2 = models.DecimalField(_("面积"), max_digits=14, decimal_places=2)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        ordering = ["head", "id"]
        indexes = [models.Index(name="household_of_unit", fields=["unit"], condition=Q(superseded_at=None))]


class StandsFor(Told):
    """A point that stands for a unit although it does not lie in it, or must not count there, with the reason."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="points")
    point = models.ForeignKey("monitoring.Point", models.PROTECT, related_name="+")
    counts = models.BooleanField(_("计入"), default=True)
    why = models.CharField(_("理由"), max_length=300)
    since = models.DateField(_("起"))

"""Inputs, wastes and water: figures of towns by year, large holdings, what is put on land, water that was traced."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, ScopedModel, Version, new_uid
from soildesk.farmland.models.told import Told
from soildesk.farmland.models.units import Unit


class TownReturn(OfPlace, ScopedModel):
    """The figures of one town and year together: what the town owes an explanation of hangs on it."""

    year = models.PositiveSmallIntegerField(_("年度"))
    division = models.ForeignKey("core.Division", models.PROTECT, related_name="+", verbose_name=_("镇街"))

    class Meta:
        constraints = [models.UniqueConstraint(name="town_return_once", fields=["year", "division"])]

    def __str__(self) -> str:
        return f"{self.year} {self.division}"


class TownFigure(Told):
    """One figure of one town and year. The statistics bureau's table comes in as it is; a town only explains.

    A figure of a county or city stands beside those of its towns: what the bureau gives for the whole.
    """

    class Source(models.TextChoices):
        STATISTICS = "statistics", _("统计年报")
        TOWN = "town", _("镇街填报")
        DEPARTMENT = "department", _("部门填报")

    year = models.PositiveSmallIntegerField(_("年度"))
    division = models.ForeignKey("core.Division", models.PROTECT, related_name="+", verbose_name=_("镇街"))
    figure = models.CharField(_("指标"), max_length=30)  # a key of soilrules.farmland.inputs
    value = models.DecimalField(_("数值"), max_digits=18, decimal_places=4)
    source = models.CharField(_("来源"), max_length=12, choices=Source)
    document = models.CharField(_("佐证"), max_length=200, blank=True)
    explained = models.CharField(_("异常说明"), max_length=500, blank=True)
    explained_at = models.DateTimeField(null=True, blank=True)
    explained_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="town_figure_once",
                fields=["year", "division", "figure"],
                condition=Q(superseded_at__isnull=True),
            )
        ]


class Holding(models.Model):
    """A holding with duties of its own, under our number; it stays the same while its facts change."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("编号"), max_length=40, unique=True)

    def __str__(self) -> str:
        return self.number


class HoldingVersion(OfPlace, Version):
    """What is said of a holding in a period: greenhouses, livestock farms, buyers and mills of grain, parks, dealers.

    Yes-or-no facts are null where nobody knows. `outlet` says where waste water goes out; `outlet_checked_on` the day
    somebody looked for an outlet, whether there is one or not.
    """

    identity = "holding"

    class Kind(models.TextChoices):
        GREENHOUSE = "greenhouse", _("设施种植主体")
        LIVESTOCK = "livestock", _("规模养殖场")
        BUYER = "buyer", _("粮食收购加工企业")
        PARK = "park", _("园林绿化养护单位")
        DEALER = "dealer", _("农资经营门店")
        RECOVERY = "recovery", _("废旧农膜和包装回收站点")
        LABORATORY = "laboratory", _("农产品检测机构")

    class Form(models.TextChoices):
        COOPERATIVE = "cooperative", _("农民专业合作社")
        COMPANY = "company", _("农业企业")
        HOUSEHOLD = "household", _("农户")
        OTHER = "other", _("其他")

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="versions")
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    form = models.CharField(_("主体类型"), max_length=12, choices=Form, blank=True)
    name = models.CharField(_("名称"), max_length=160)
    code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    location = models.CharField(_("地址"), max_length=200, blank=True)
    area_m2 = models.DecimalField(_("设施种植面积"), max_digits=14, decimal_places=2, null=True, blank=True)
    produce = models.CharField(_("农产品或者畜种"), max_length=160, blank=True)
    edible = models.BooleanField(_("种植食用农产品"), null=True)
    equipped = models.BooleanField(_("配套粪污处理设施"), null=True)
    has_outlet = models.BooleanField(_("有生产废水排放口"), null=True)
    outlet = models.CharField(_("废水排放口"), max_length=160, blank=True)
    outlet_checked_on = models.DateField(_("排放口排查日期"), null=True, blank=True)
    licence = models.CharField(_("检测资质证书编号"), max_length=120, blank=True)
    licence_until = models.DateField(_("检测资质有效期至"), null=True, blank=True)
    geometry = GeometryField(_("位置"), kind="Point", null=True, blank=True)
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Version.Meta):
        indexes = [
            SpatialIndex("geometry", name="holdingversion_geometry"),
            models.Index(name="holdingversion_standing", fields=["holding", "since"], condition=Q(superseded_at=None)),
        ]


class SoilCheck(Told):
    """After produce of a holding was above its limit: whether the soil may be why, and the monitoring that followed."""

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="soil_checks")
    on = models.DateField(_("日期"))
    soil_suspected = models.BooleanField(_("可能因土壤原因"))
    ground = models.CharField(_("判断理由"), max_length=300)
    monitored_on = models.DateField(_("土壤监测日期"), null=True, blank=True)
    report_number = models.CharField(_("监测报告编号"), max_length=120, blank=True)
    found = models.CharField(_("监测结论"), max_length=300, blank=True)


class InputEntry(Told):
    """A line of a holding's ledger of inputs and wastes 农业投入品台账, which is kept for years."""

    class Kind(models.TextChoices):
        FERTILISER = "fertiliser", _("肥料")
        PESTICIDE = "pesticide", _("农药")
        FILM = "film", _("农用薄膜")
        PACKS = "packs", _("农药包装废弃物")
        OLD_FILM = "old_film", _("废旧农用薄膜")
        VET_DRUG = "vet_drug", _("兽药")
        FEED = "feed", _("饲料和饲料添加剂")
        MANURE = "manure", _("畜禽粪污")

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="inputs")
    on = models.DateField(_("日期"))
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    name = models.CharField(_("名称"), max_length=120)
    amount_kg = models.DecimalField(_("数量（kg）"), max_digits=14, decimal_places=3)
    thickness_mm = models.DecimalField(_("地膜厚度（mm）"), max_digits=6, decimal_places=4, null=True, blank=True)
    highly_toxic = models.BooleanField(_("高毒农药"), null=True)
    from_to = models.CharField(_("来源或者去向"), max_length=160, blank=True)
    paid_yuan = models.DecimalField(_("付给交回人（元）"), max_digits=12, decimal_places=2, null=True, blank=True)


class InputCheck(Told):
    """An input sampled where it is made, sold or used, or a farm looked at: whether it keeps to what it must, and what was done where not."""

    class Kind(models.TextChoices):
        FERTILISER = "fertiliser", _("肥料")
        PESTICIDE = "pesticide", _("农药")
        FILM = "film", _("农用薄膜")
        FEED = "feed", _("兽药和饲料添加剂")
        MANURE = "manure", _("养殖场粪污处理和利用")

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="checks", verbose_name=_("被抽检主体"))
    on = models.DateField(_("抽检日期"))
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    product = models.CharField(_("产品名称"), max_length=160)
    maker = models.CharField(_("生产企业"), max_length=160, blank=True)
    thickness_mm = models.DecimalField(_("地膜厚度（mm）"), max_digits=6, decimal_places=4, null=True, blank=True)
    report_number = models.CharField(_("检测报告编号"), max_length=120, blank=True)
    passes = models.BooleanField(_("合格"), null=True)
    done = models.CharField(_("处理情况"), max_length=300, blank=True)


class FilmPoint(models.Model):
    """A point where film left in the soil is watched 地膜残留监测点, under our number."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("编号"), max_length=40, unique=True)

    def __str__(self) -> str:
        return self.number


class FilmPointVersion(OfPlace, Version):
    """What is said of such a point in a period."""

    identity = "point"

    point = models.ForeignKey(FilmPoint, models.PROTECT, related_name="versions")
    name = models.CharField(_("名称"), max_length=120)
    crop = models.CharField(_("作物"), max_length=80, blank=True)
    covered_years = models.PositiveSmallIntegerField(_("覆膜年限"), null=True, blank=True)
    geometry = GeometryField(_("位置"), kind="Point")
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Version.Meta):
        indexes = [
            SpatialIndex("geometry", name="filmpointversion_geometry"),
            models.Index(name="filmpoint_standing", fields=["point", "since"], condition=Q(superseded_at=None)),
        ]


class FilmResidue(Told):
    """How much film was found in the ploughed layer at a point."""

    point = models.ForeignKey(FilmPoint, models.PROTECT, related_name="residues")
    on = models.DateField(_("采样日期"))
    kg_per_ha = models.DecimalField(_("残留量（kg/hm²）"), max_digits=10, decimal_places=3)
    depth_cm = models.DecimalField(_("采样深度（cm）"), max_digits=6, decimal_places=1, null=True, blank=True)
    report_number = models.CharField(_("报告编号"), max_length=120, blank=True)


class Spreading(Told):
    """Sludge, compost or manure put on farmland: how much, where, and what its test said."""

    class Kind(models.TextChoices):
        SLUDGE = "sludge", _("污泥")
        COMPOST = "compost", _("堆肥")
        MANURE = "manure", _("畜禽粪污")
        OTHER = "other", _("其他")

    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="spreadings")
    on = models.DateField(_("日期"))
    tonnes = models.DecimalField(_("数量（吨）"), max_digits=14, decimal_places=3)
    area_m2 = models.DecimalField(_("施用面积"), max_digits=14, decimal_places=2, null=True, blank=True)
    origin = models.CharField(_("来源单位"), max_length=160)
    report_number = models.CharField(_("检测报告编号"), max_length=120, blank=True)
    within = models.BooleanField(_("检测达标"), null=True)


class WaterTrace(Told):
    """What was found of where polluted irrigation water comes from, and what was done about it 溯源."""

    point = models.ForeignKey("monitoring.Point", models.PROTECT, related_name="+", verbose_name=_("灌溉水点位"))
    on = models.DateField(_("日期"))
    analytes = models.CharField(_("超标项目"), max_length=200)
    year = models.PositiveSmallIntegerField(_("年度"))
    found = models.CharField(_("溯源结论"), max_length=500)
    source = models.CharField(_("污染来源"), max_length=160, blank=True)
    done = models.CharField(_("采取的措施"), max_length=500, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)

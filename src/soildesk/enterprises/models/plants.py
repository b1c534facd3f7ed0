"""The inside of a plant: its plan, its places and facilities, inspection for hazards, and their rectification."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, ScopedModel, Version, new_uid
from soildesk.enterprises.models.firms import Enterprise
from soildesk.enterprises.models.own import OwnQuerySet, OwnVersionQuerySet


class PlantPlan(OfPlace, ScopedModel):
    """A drawing or scan of a plant on which facilities and hazards are placed; the picture is attached."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="plans")
    title = models.CharField(_("名称"), max_length=120)
    on = models.DateField(_("图纸日期"))
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return self.title


class Facility(models.Model):
    """One key place or facility 重点场所、重点设施设备 under our own number."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("编号"), max_length=40, unique=True)

    def __str__(self) -> str:
        return self.number


class FacilityVersion(OfPlace, Version):
    """What is said of a facility in a period; the tank's fields are those that law asks to be reported.

    `kind` is a kind of soilrules.enterprises.inspection; `x` and `y` are shares (0 to 1) of the plan's width and height.
    """

    identity = "facility"

    class UnitClass(models.TextChoices):
        FIRST = "first", _("一类单元")
        SECOND = "second", _("二类单元")

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="versions")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="facility_versions")
    code = models.CharField(_("企业编号"), max_length=60, blank=True)
    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类型"), max_length=40)
    area_name = models.CharField(_("所在区域"), max_length=80, blank=True)
    activity = models.CharField(_("涉及工业活动"), max_length=120, blank=True)
    substances = models.CharField(_("有毒有害物质"), max_length=200, blank=True)
    hidden = models.BooleanField(_("隐蔽性重点设施设备"), null=True)
    unit = models.CharField(_("监测单元"), max_length=60, blank=True)
    unit_class = models.CharField(_("单元类别"), max_length=8, choices=UnitClass, blank=True)
    underground_tank = models.BooleanField(_("地下储罐"), default=False)
    installed_on = models.DateField(_("投用日期"), null=True, blank=True)
    service_years = models.PositiveSmallIntegerField(_("设计使用年限"), null=True, blank=True)
    tank_type = models.CharField(_("储罐类型"), max_length=60, blank=True)
    spec = models.CharField(_("规格"), max_length=80, blank=True)
    position = models.CharField(_("位置说明"), max_length=120, blank=True)
    use_state = models.CharField(_("使用情况"), max_length=60, blank=True)
    plan = models.ForeignKey(PlantPlan, models.PROTECT, null=True, blank=True, related_name="facilities")
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    geometry = GeometryField(_("位置"), kind="Point", null=True, blank=True)
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    objects = OwnVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="facility_one_open_version",
                fields=["facility"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
            models.CheckConstraint(
                name="facility_on_the_plan",
                condition=Q(x__isnull=True, y__isnull=True) | Q(x__gte=0, x__lte=1, y__gte=0, y__lte=1),
            ),
        ]
        indexes = [
            SpatialIndex("geometry", name="facility_geometry"),
            models.Index(name="facility_standing", fields=["enterprise", "since"], condition=Q(superseded_at=None)),
        ]

    def __str__(self) -> str:
        return self.name


class FacilityRecord(OfPlace, ScopedModel):
    """One dated record of a facility, first of all of a buried tank: patrol, repair, monitoring. Only added."""

    class Kind(models.TextChoices):
        PATROL = "patrol", _("巡查")
        REPAIR = "repair", _("维修")
        MONITORING = "monitoring", _("渗漏监测")
        TEST = "test", _("密闭性检测")
        EMPTIED = "emptied", _("停用清罐")

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="records")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="facility_records")
    kind = models.CharField(_("记录类型"), max_length=10, choices=Kind)
    on = models.DateField(_("日期"))
    abnormal = models.BooleanField(_("发现异常"), default=False)
    note = models.CharField(_("情况"), max_length=500)
    by_whom = models.CharField(_("经手人"), max_length=60, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return self.note


class Inspection(OfPlace, ScopedModel):
    """One inspection of a plant for hazards 隐患排查, by the edition of its day.

    `left_out` says why facilities were left without an answer when it was finished.
    """

    class Cause(models.TextChoices):
        FIRST = "first", _("首次排查")
        REGULAR = "regular", _("定期排查")
        ANOMALY = "anomaly", _("监测异常后排查")
        PROJECT = "project", _("新改扩建后排查")

    class State(models.TextChoices):
        UNDER_WAY = "under_way", _("进行中")
        FINISHED = "finished", _("已完成")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="inspections")
    number = models.CharField(_("编号"), max_length=40, unique=True)
    cause = models.CharField(_("缘由"), max_length=8, choices=Cause)
    edition = models.CharField(_("依据版本"), max_length=60)
    inspector = models.CharField(_("排查单位"), max_length=120, blank=True)
    began_on = models.DateField(_("开始日期"))
    finished_on = models.DateField(_("完成日期"), null=True, blank=True)
    left_out = models.CharField(_("未排查的原因"), max_length=500, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.UNDER_WAY)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-began_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="inspection_finished_has_a_day", condition=~Q(state="finished") | Q(finished_on__isnull=False)
            ),
            models.UniqueConstraint(
                name="inspection_one_under_way", fields=["enterprise"], condition=Q(state="under_way")
            ),
        ]

    def __str__(self) -> str:
        return self.number


class InspectionAnswer(models.Model):
    """What was found for one check item at one facility."""

    class Answer(models.TextChoices):
        FINE = "fine", _("符合")
        HAZARD = "hazard", _("隐患")
        NOT_APPLICABLE = "not_applicable", _("不涉及")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="answers")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="answers")
    item = models.CharField(max_length=60)  # of soilrules.enterprises.inspection
    answer = models.CharField(_("结果"), max_length=14, choices=Answer)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_answer_of_an_item", fields=["inspection", "facility", "item"]),
        ]


class Hazard(OfPlace, ScopedModel):
    """One hazard 隐患: found, rectified, verified by another person. Photos before and after are attached.

    One written down by mistake is dropped 误登撤销 with the reason: it stays and counts nowhere.
    """

    class State(models.TextChoices):
        FOUND = "found", _("待整改")
        RECTIFIED = "rectified", _("待验收")
        VERIFIED = "verified", _("已销号")
        DROPPED = "dropped", _("误登撤销")

    LIVE = (State.FOUND, State.RECTIFIED)

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="hazards")
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="hazards")
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, blank=True, related_name="hazards")
    number = models.CharField(_("编号"), max_length=40, unique=True)
    item = models.CharField(max_length=60, blank=True)
    what = models.CharField(_("隐患点"), max_length=300)
    suggestion = models.CharField(_("整改建议"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.FOUND)
    found_on = models.DateField(_("发现日期"))
    due = models.DateField(_("整改时限"), null=True, blank=True)
    measure = models.CharField(_("整改措施"), max_length=500, blank=True)
    responsible = models.CharField(_("整改责任人"), max_length=60, blank=True)
    rectified_on = models.DateField(_("整改完成日期"), null=True, blank=True)
    rectified_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    verified_on = models.DateField(_("验收日期"), null=True, blank=True)
    verified_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    plan = models.ForeignKey(PlantPlan, models.PROTECT, null=True, blank=True, related_name="hazards")
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-found_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="hazard_verified_by_another",
                condition=~Q(state="verified")
                | Q(verified_on__isnull=False, rectified_on__isnull=False)
                & (
                    Q(verified_by__isnull=True)
                    | Q(rectified_by__isnull=True)
                    | ~Q(verified_by=models.F("rectified_by"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.what


class HazardAct(models.Model):
    """One act on a hazard. Only added."""

    class Kind(models.TextChoices):
        FOUND = "found", _("发现")
        RECTIFIED = "rectified", _("整改")
        RETURNED = "returned", _("验收退回")
        VERIFIED = "verified", _("验收销号")
        EXTENDED = "extended", _("调整时限")
        DROPPED = "dropped", _("误登撤销")

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="acts")
    kind = models.CharField(_("环节"), max_length=10, choices=Kind)
    on = models.DateField(_("日期"))
    note = models.CharField(_("内容"), max_length=500, blank=True)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

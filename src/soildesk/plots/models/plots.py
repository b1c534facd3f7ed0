"""Construction-land plots 建设用地地块: what is said of them through time, what happened to them, and where that put them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import HandedDown, OfPlace, ScopedModel, Version, new_uid


class Plot(models.Model):
    """One plot under our own number. The national system's code is a fact of its versions, an opaque string."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("地块编号"), max_length=40, unique=True)

    def __str__(self) -> str:
        return self.number


class PlotVersion(OfPlace, Version):
    """What is said of a plot in a period. Personal data: holder, where it is a person, and responsible_person.

    Where a plot stands in its life is not said here: that follows from its events (`PlotStage`, `Membership`).
    Facts that rules ask for are yes, no, or unknown (null): silence is never no.
    """

    identity = "plot"

    class Responsible(models.TextChoices):
        KNOWN = "known", _("已确定")
        NOT_IDENTIFIABLE = "not_identifiable", _("无法认定")
        DISPUTED = "disputed", _("有争议")
        SUCCESSION = "succession", _("由承继者承担")

    class HolderKind(models.TextChoices):
        ORGANISATION = "organisation", _("单位")
        GOVERNMENT = "government", _("政府（收储机构）")
        PERSON = "person", _("个人")

    plot = models.ForeignKey(Plot, models.PROTECT, related_name="versions")
    name = models.CharField(_("地块名称"), max_length=160)
    code = models.CharField(_("全国系统地块编码"), max_length=80, blank=True, db_index=True)
    location = models.CharField(_("坐落"), max_length=200, blank=True)
    bounds = models.CharField(_("四至"), max_length=300, blank=True)
    use_system = models.CharField(_("用地分类标准"), max_length=20, blank=True)  # of both uses, as a parcel's
    use_now = models.CharField(_("现状用途代码"), max_length=20, blank=True)
    use_planned = models.CharField(_("规划用途代码"), max_length=20, blank=True)
    industry = models.CharField(_("原用途行业代码"), max_length=8, blank=True)  # GB/T 4754
    holder = models.CharField(_("土地使用权人"), max_length=160, blank=True)
    holder_kind = models.CharField(_("使用权人类别"), max_length=12, choices=HolderKind, blank=True)
    holder_code = models.CharField(_("使用权人统一社会信用代码"), max_length=18, blank=True)
    recalled_on = models.DateField(_("土地使用权收回日期"), null=True, blank=True)
    responsible_state = models.CharField(_("责任人认定"), max_length=20, choices=Responsible, blank=True)
    responsible = models.CharField(_("土壤污染责任人"), max_length=160, blank=True)  # an organisation
    responsible_person = models.CharField(_("个人责任人姓名"), max_length=160, blank=True)
    responsible_code = models.CharField(_("责任人统一社会信用代码"), max_length=18, blank=True)
    risk_level = models.CharField(_("风险等级"), max_length=20, blank=True)  # as the city decided; its words
    pollutants = models.CharField(_("主要污染物"), max_length=300, blank=True)  # parted by 、
    depth_m = models.FloatField(_("污染深度（m）"), null=True, blank=True)
    volume_m3 = models.FloatField(_("污染土方量（m³）"), null=True, blank=True)
    groundwater_polluted = models.BooleanField(_("地下水受污染"), null=True)
    developed = models.BooleanField(_("已开发利用"), null=True)
    high_risk = models.BooleanField(_("筛查为污染风险较高"), null=True)  # before any survey, as in planning
    area_m2 = models.FloatField(_("计算面积"), editable=False)  # ellipsoidal, by soilrules.geodesy
    area_of_record_m2 = models.DecimalField(_("登记面积"), max_digits=14, decimal_places=2, null=True, blank=True)
    parcel = models.ForeignKey("land.Parcel", models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("备注"), max_length=300, blank=True)
    ground_document = models.CharField(_("范围调整依据"), max_length=120, blank=True)  # why ground was let go of
    geometry = GeometryField(_("范围"), kind="MultiPolygon")
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="plot_one_open_version",
                fields=["plot"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
            models.UniqueConstraint(
                name="plot_one_national_code",
                fields=["code"],
                condition=Q(superseded_at__isnull=True, until__isnull=True) & ~Q(code=""),
            ),
        ]
        indexes = [
            SpatialIndex("geometry", name="plotversion_geometry"),
            models.Index(name="plotversion_standing", fields=["plot", "since"], condition=Q(superseded_at=None)),
        ]

    def __str__(self) -> str:
        return self.name


class PlotEvent(OfPlace, ScopedModel):
    """One dated fact of a plot's life. Never edited: superseded with a reason and told anew.

    `kind` is an event of soilrules.plots.life; `data` holds what its guards read (numbers, codes, verdicts), as said on
    the day. An event another body decides carries that body and its document: we register it, it decides.
    """

    plot = models.ForeignKey(Plot, models.PROTECT, related_name="events")
    kind = models.CharField(_("事项"), max_length=40)
    on = models.DateField(_("日期"))
    authority = models.CharField(_("决定机关"), max_length=120, blank=True)
    level = models.CharField(_("机关层级"), max_length=12, blank=True)  # county, city, province
    document = models.CharField(_("文号"), max_length=120, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    data = models.JSONField(default=dict)  # facts of soilrules.plots.life by key, days as ISO text
    covered = GeometryField(_("结论覆盖范围"), kind="MultiPolygon", null=True, blank=True)  # of an exit
    report = models.ForeignKey("plots.Report", models.PROTECT, null=True, blank=True, related_name="events")
    notice = models.ForeignKey("plots.ListNotice", models.PROTECT, null=True, blank=True, related_name="events")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["on", "id"]
        indexes = [
            SpatialIndex("covered", name="plotevent_covered"),
            models.Index(name="plotevent_standing", fields=["plot", "on"], condition=Q(superseded_at=None)),
        ]


class PlotStage(OfPlace, Version):
    """Where a plot stands in its life in a period, as its events say: written by them, read by lists and the gate.

    Words are those of soilrules.plots.state; a plot nothing is asked of has no row. `exit`: by which of the three exits it
    left (survey, assessment, effect), else empty. `covered` is the ground that exit covers: the extent of its report.
    """

    identity = "plot"

    class Stage(models.TextChoices):
        S0 = "S0", _("疑似")
        S1 = "S1", _("初步调查")
        S2 = "S2", _("详细调查")
        S3 = "S3", _("风险评估")
        S4 = "S4", _("风险管控")
        S5 = "S5", _("治理与修复")
        S6 = "S6", _("效果评估")
        RELEASED = "released", _("已解除")
        REMOVED = "removed", _("已移出名录")

    class Exit(models.TextChoices):
        SURVEY = "survey", _("调查未超标")
        ASSESSMENT = "assessment", _("风险可接受")
        EFFECT = "effect", _("效果评估达标并移出名录")

    plot = models.ForeignKey(Plot, models.PROTECT, related_name="stages")
    stage = models.CharField(_("阶段"), max_length=10, choices=Stage)
    exit = models.CharField(_("解除途径"), max_length=12, choices=Exit, blank=True)
    event = models.ForeignKey(PlotEvent, models.PROTECT, null=True, related_name="+")
    covered = GeometryField(_("结论覆盖范围"), kind="MultiPolygon", null=True, blank=True)

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="plotstage_one_open",
                fields=["plot"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
        ]
        indexes = [
            SpatialIndex("covered", name="plotstage_covered"),
            models.Index(name="plotstage_standing", fields=["stage", "since"], condition=Q(superseded_at=None)),
        ]


class ListNotice(HandedDown, ScopedModel):
    """One notice by which the deciding authority put plots on a list or took them off; we register it, it decides."""

    list_key = models.CharField(_("名单（名录）"), max_length=12, db_index=True)  # of soilrules.plots.lists
    number = models.CharField(_("文号"), max_length=120)
    title = models.CharField(_("标题"), max_length=200)
    lot = models.CharField(_("批次"), max_length=40, blank=True)
    authority = models.CharField(_("发布机关"), max_length=120)
    level = models.CharField(_("机关层级"), max_length=12)  # county, city, province
    acting_for = models.CharField(
        _("以何机关名义"), max_length=120, blank=True
    )  # a 分局 in the name of the city's bureau
    authority_why = models.CharField(_("机关核对说明"), max_length=300, blank=True)  # where the name does not tell
    decided_on = models.DateField(_("成文日期"))
    published_on = models.DateField(_("公布日期"), null=True, blank=True)
    address = models.CharField(_("公布网址"), max_length=300, blank=True)
    since = models.DateField(_("生效日期"))
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    handed_down = Q(published_on__isnull=False)  # whoever lives there may read that too

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(name="plot_notice_once", fields=["division_path", "list_key", "number"]),
        ]

    def __str__(self) -> str:
        return self.title


class Membership(OfPlace, Version):
    """One stay of one plot on one list, from the event and notice that put it there to those that took it off."""

    identity = "plot"

    plot = models.ForeignKey(Plot, models.PROTECT, related_name="memberships")
    list_key = models.CharField(_("名单（名录）"), max_length=12)
    event = models.ForeignKey(PlotEvent, models.PROTECT, related_name="entered")
    event_out = models.ForeignKey(PlotEvent, models.PROTECT, null=True, blank=True, related_name="left")
    notice = models.ForeignKey(ListNotice, models.PROTECT, null=True, blank=True, related_name="entered")
    notice_out = models.ForeignKey(ListNotice, models.PROTECT, null=True, blank=True, related_name="left")
    reason_in = models.CharField(_("列入原因"), max_length=300, blank=True)
    reason_out = models.CharField(_("移出原因"), max_length=300, blank=True)

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="membership_one_open",
                fields=["plot", "list_key"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="membership_standing", fields=["list_key", "since"], condition=Q(superseded_at=None)),
        ]

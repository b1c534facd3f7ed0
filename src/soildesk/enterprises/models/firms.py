"""Enterprises 企业: who they are, where they stand and stood, who went before and after them, and who speaks for them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, ScopedModel, Version, new_uid
from soildesk.enterprises.models.own import OwnVersionQuerySet


class Enterprise(models.Model):
    """One enterprise under our own number; its credit code is a fact of its versions, for codes are corrected too."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("编号"), max_length=40, unique=True)

    def __str__(self) -> str:
        return self.number


class EnterpriseVersion(OfPlace, Version):
    """What is said of an enterprise in a period. Personal data: legal_person, contact_name, contact_phone.

    Only an enterprise that has ceased may have no credit code: many did before there were any.
    The facts that rules ask for are yes, no, or unknown (null): silence is never no.
    """

    identity = "enterprise"

    class State(models.TextChoices):
        OPERATING = "operating", _("在产")
        SUSPENDED = "suspended", _("停产")
        CLOSED = "closed", _("关闭")
        RELOCATED = "relocated", _("搬迁")
        BANKRUPT = "bankrupt", _("破产")
        DEREGISTERED = "deregistered", _("注销登记")

    class PermitLevel(models.TextChoices):
        KEY = "key", _("重点管理")
        SIMPLIFIED = "simplified", _("简化管理")
        REGISTERED = "registered", _("登记管理")
        NONE = "none", _("无需许可")

    class PermitState(models.TextChoices):
        VALID = "valid", _("有效")
        EXPIRED = "expired", _("过期")
        CANCELLED = "cancelled", _("注销")
        REVOKED = "revoked", _("撤销")
        WITHDRAWN = "withdrawn", _("吊销")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="versions")
    name = models.CharField(_("单位名称"), max_length=160)
    former_names = models.CharField(_("曾用名"), max_length=300, blank=True)  # parted by 、
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, db_index=True)
    industry = models.CharField(_("行业代码"), max_length=8, blank=True)  # GB/T 4754
    address = models.CharField(_("地址"), max_length=200, blank=True)
    park = models.CharField(_("所在园区"), max_length=120, blank=True)
    state = models.CharField(_("生产状态"), max_length=12, choices=State, default=State.OPERATING)
    permit_number = models.CharField(_("排污许可证编号"), max_length=40, blank=True)
    permit_level = models.CharField(_("排污许可管理类别"), max_length=12, choices=PermitLevel, blank=True)
    permit_state = models.CharField(_("许可证状态"), max_length=12, choices=PermitState, blank=True)
    permit_until = models.DateField(_("许可证有效期至"), null=True, blank=True)
    above_scale = models.BooleanField(_("规模以上"), null=True)
    handles_toxic = models.BooleanField(_("涉及有毒有害物质"), null=True)
    discharges_cadmium = models.BooleanField(_("排放镉等重金属"), null=True)
    has_tanks = models.BooleanField(_("有地下储罐"), null=True)
    near_sensitive = models.BooleanField(_("周边 1 公里内有地下水环境敏感区"), null=True)
    high_risk_ground = models.BooleanField(_("位于潜在高风险地块"), null=True)
    produces_waste = models.BooleanField(_("产生危险废物"), null=True)
    handles_waste = models.BooleanField(_("经营危险废物"), null=True)
    legal_person = models.CharField(_("法定代表人"), max_length=60, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=60, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    geometry = GeometryField(_("位置"), kind="Point", null=True, blank=True)
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    objects = OwnVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="enterprise_one_open_version",
                fields=["enterprise"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
            models.UniqueConstraint(  # one firm under two names is one firm
                name="enterprise_one_credit_code",
                fields=["credit_code"],
                condition=Q(superseded_at__isnull=True, until__isnull=True) & ~Q(credit_code=""),
            ),
        ]
        indexes = [
            SpatialIndex("geometry", name="enterprise_geometry"),
            models.Index(name="enterprise_standing", fields=["enterprise", "since"], condition=Q(superseded_at=None)),
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """One piece of ground on which enterprises stand or stood, under our own number."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("编号"), max_length=40, unique=True)

    def __str__(self) -> str:
        return self.number


class SiteVersion(OfPlace, Version):
    """Which enterprise uses a site in a period, and for what: the answer to who stood here when."""

    identity = "site"

    class Kind(models.TextChoices):
        PLANT = "plant", _("生产厂区")
        STORE = "store", _("仓储")
        TREATMENT = "treatment", _("污水集中处理设施")
        WASTE = "waste", _("固体废物处置设施")
        TAILINGS = "tailings", _("尾矿库")
        YARD = "yard", _("工业固体废物堆存场所")
        OTHER = "other", _("其他")

    site = models.ForeignKey(Site, models.PROTECT, related_name="versions")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="site_versions")
    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind, default=Kind.PLANT)
    document = models.CharField(_("依据"), max_length=200, blank=True)
    parcel = models.ForeignKey("land.Parcel", models.PROTECT, null=True, blank=True, related_name="+")
    area_m2 = models.FloatField(_("计算面积"), editable=False)
    geometry = GeometryField(_("范围"), kind="MultiPolygon")
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    objects = OwnVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="site_one_open_version",
                fields=["site"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
        ]
        indexes = [
            SpatialIndex("geometry", name="site_geometry"),
            models.Index(name="site_standing", fields=["site", "since"], condition=Q(superseded_at=None)),
        ]

    def __str__(self) -> str:
        return self.name


class Succession(OfPlace, ScopedModel):
    """One enterprise follows another from a day on. Never edited; one that was wrong is superseded."""

    class Kind(models.TextChoices):
        MERGED = "merged", _("合并")
        SPLIT = "split", _("分立")
        TAKEN_OVER = "taken_over", _("承继")  # takes over the plant and its debts
        SITE_ONLY = "site_only", _("仅接用场地")

    before = models.ForeignKey(Enterprise, models.PROTECT, related_name="followed_by")
    after = models.ForeignKey(Enterprise, models.PROTECT, related_name="follows")
    kind = models.CharField(_("方式"), max_length=12, choices=Kind)
    on = models.DateField(_("日期"))
    document = models.CharField(_("依据"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="succession_of_two", condition=~Q(before=F("after"))),
            models.UniqueConstraint(
                name="succession_once", fields=["before", "after"], condition=Q(superseded_at__isnull=True)
            ),
        ]


class Representative(models.Model):
    """A person who speaks for an enterprise: sees its own card and files for it, and nothing else."""

    person = models.ForeignKey("core.Person", models.CASCADE, related_name="represents")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="representatives")
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    granted_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="representative_ends_later", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
            models.UniqueConstraint(
                name="representative_once", fields=["person", "enterprise"], condition=Q(until__isnull=True)
            ),
        ]

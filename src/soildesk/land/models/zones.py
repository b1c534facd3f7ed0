"""Zones: layers whose boundaries another body decides (红线, 水源保护区, 永久基本农田 …), kept edition by edition."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, ScopedModel


class Layer(OfPlace, ScopedModel):
    """A layer an office keeps: what it shows, who decides its boundaries, whether the public may see its editions."""

    class Kind(models.TextChoices):
        BASIC_FARMLAND = "basic_farmland", _("永久基本农田")
        PRIORITY_FARMLAND = "priority_farmland", _("优先保护类耕地集中区")
        FOOD_ZONE = "food_zone", _("粮食生产功能区和重要农产品生产保护区")
        WATER_SOURCE = "water_source", _("饮用水水源保护区")
        RED_LINE = "red_line", _("生态保护红线")
        PARK = "park", _("工业园区")
        CONTROL_ZONE = "control_zone", _("土壤污染管控区")
        PLANNING = "planning", _("规划用地")
        DIVISION = "division", _("行政区界线")
        OTHER = "other", _("其他图层")

    code = models.SlugField(_("图层代码"), max_length=40, unique=True)
    title = models.CharField(_("图层名称"), max_length=80)
    kind = models.CharField(_("类别"), max_length=20, choices=Kind, default=Kind.OTHER)
    authority = models.CharField(_("划定机关"), max_length=120, blank=True)
    attributes = models.JSONField(default=list)  # [{"name", "title", "type"}] of the last accepted edition
    class_attribute = models.CharField(_("分级字段"), max_length=60, blank=True)  # coloured by this attribute
    is_public = models.BooleanField(_("可公开"), default=False)  # its published editions answer without login
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "title"]

    def __str__(self) -> str:
        return self.title


class LayerEdition(models.Model):
    """One edition of a layer: counts from `since` until the next edition does (or `until`), known from `recorded_at`.

    Nobody edits a boundary here: the authority sends a new edition, or a corrected one that supersedes the old.
    """

    class State(models.TextChoices):
        LOADING = "loading", _("读入中")
        ACCEPTED = "accepted", _("已采用")

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="editions")
    title = models.CharField(_("版本"), max_length=120, blank=True)
    document = models.CharField(_("批准文号"), max_length=120, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.LOADING)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    attributes = models.JSONField(default=list)  # the columns this edition brought, as Layer.attributes
    features = models.PositiveIntegerField(_("图斑数"), default=0)
    area_m2 = models.FloatField(_("面积"), default=0)
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="editions")

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(
                name="layer_edition_ends_later", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
            models.UniqueConstraint(
                name="layer_edition_once_a_day",
                fields=["layer", "since"],
                condition=Q(state="accepted", superseded_at__isnull=True),
            ),
        ]

    @property
    def mu(self) -> float:
        """Its area in 亩."""
        return round(self.area_m2 * 3 / 2000, 2)


class Zone(OfPlace, ScopedModel):
    """One feature of an edition, as the file said it."""

    edition = models.ForeignKey(LayerEdition, models.CASCADE, related_name="zones")
    code = models.CharField(_("代码"), max_length=80, blank=True, db_index=True)
    name = models.CharField(_("名称"), max_length=120, blank=True)
    level = models.CharField(_("分级"), max_length=60, blank=True)  # the value of the layer's class_attribute
    attributes = models.JSONField(default=dict)
    area_m2 = models.FloatField(_("面积"), default=0)
    geometry = GeometryField(_("范围"))

    class Meta:
        indexes = [
            SpatialIndex("geometry", name="zone_geometry"),
            models.Index(name="zone_area", fields=["edition", "-area_m2"]),
            *(
                models.Index(name=f"zone_by_{name}", fields=["edition", name, "id"])
                for name in ("code", "name", "level")
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code

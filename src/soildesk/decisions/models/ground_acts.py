"""What offices did with ground: permits, contracts, approvals, images of use. Watches read their order."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, ScopedModel


class GroundAct(OfPlace, ScopedModel):
    """One dated act on a ground 用地办理事项: by which office, by which document, for which use; or what an image showed.

    `act` is an act of soilrules.gate, or what an image or a walk showed (soildesk.decisions.actwords.SEEN); such a thing came
    between `not_seen_on`, the last look without it, and its day. Never edited: superseded.
    """

    act = models.CharField(_("事项"), max_length=40)
    on = models.DateField(_("日期"))
    not_seen_on = models.DateField(_("此前最近一次未见"), null=True, blank=True)
    use_system = models.CharField(_("用地分类标准"), max_length=20, blank=True)
    use = models.CharField(_("用途代码"), max_length=40, blank=True)
    project = models.CharField(_("项目名称"), max_length=160, blank=True)
    unit = models.CharField(_("用地单位"), max_length=160, blank=True)
    office = models.CharField(_("办理机关"), max_length=120, blank=True)
    document = models.CharField(_("文号"), max_length=120, blank=True)
    related = models.BooleanField(_("属于风险管控或修复工程"), null=True)
    area_m2 = models.FloatField(_("计算面积"), editable=False)
    geometry = GeometryField(_("范围"), kind="MultiPolygon")
    query = models.ForeignKey("decisions.GateQuery", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [SpatialIndex("geometry", name="groundact_geometry")]

    def __str__(self) -> str:
        return self.project or self.document or self.act

"""Results of the assessment of hazardous-waste management 危险废物规范化环境管理评估, as its own system gives them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import OfPlace, ScopedModel
from soildesk.enterprises.models.firms import Enterprise
from soildesk.enterprises.models.own import OwnQuerySet


class WasteAssessment(OfPlace, ScopedModel):
    """One result of one firm and year, as a producer or as an operator. Never edited: superseded and told anew.

    A firm assessed by the county may be checked again by others in the year: each round of each body is a result.
    """

    class Kind(models.TextChoices):
        PRODUCER = "producer", _("产废单位")
        OPERATOR = "operator", _("经营单位")

    class Round(models.TextChoices):
        ALL = "all", _("全面评估")
        SPOT = "spot", _("抽查")

    class Level(models.TextChoices):
        PASSES = "passes", _("达标")
        MOSTLY = "mostly", _("基本达标")
        FAILS = "fails", _("不达标")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="waste_assessments")
    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("类别"), max_length=8, choices=Kind)
    round = models.CharField(_("方式"), max_length=4, choices=Round, default=Round.ALL)
    body = models.CharField(_("评估单位"), max_length=120, blank=True)
    on = models.DateField(_("评估日期"))
    score = models.PositiveSmallIntegerField(_("得分"), null=True, blank=True)
    level = models.CharField(_("结果"), max_length=6, choices=Level)
    veto = models.CharField(_("否决情形"), max_length=200, blank=True)
    document = models.CharField(_("依据文件"), max_length=200, blank=True)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="waste_assessment_once",
                fields=["enterprise", "year", "kind", "round", "body"],
                condition=Q(superseded_at=None),
            ),
            models.CheckConstraint(name="waste_spot_check_has_a_body", condition=~Q(round="spot") | ~Q(body="")),
        ]
        indexes = [
            models.Index(name="waste_assessment_of_year", fields=["year", "kind"], condition=Q(superseded_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_kind_display()} {self.get_round_display()}"

"""Which rows behind a self-assessment were drawn to be looked at, and what was found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.assessment.models.assessments import Assessment


class Draw(models.Model):
    """One draw: seed, share, method and what there was to draw from; anybody can draw the same again."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="draws")
    seed = models.CharField(_("随机种子"), max_length=80)
    share = models.DecimalField(_("抽取比例"), max_digits=5, decimal_places=4)
    method = models.CharField(max_length=40)
    population = models.JSONField(default=dict)  # item → keys of its rows
    digest = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.seed}"


class DrawnRow(models.Model):
    """One row that was drawn, and whether it is as the record says."""

    class Outcome(models.TextChoices):
        TRUE = "true", _("属实")
        FALSE = "false", _("不属实")

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="rows")
    item = models.CharField(max_length=60)
    key = models.CharField(max_length=160)
    name = models.CharField(max_length=300)
    outcome = models.CharField(_("核查结果"), max_length=5, choices=Outcome, blank=True)
    note = models.CharField(_("核查情况"), max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="drawn_row_once", fields=["draw", "item", "key"]),
            models.CheckConstraint(name="drawn_row_checked_in_words", condition=Q(outcome="") | ~Q(note="")),
        ]

    def __str__(self) -> str:
        return self.name

"""Sites whose health risk is worked out, and every run that was made for them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import ScopedModel


class Unchanging(ScopedModel):
    """A row that is written once: what was computed stays as it was; a changed input makes a new row."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row the first time; a second time is a fault of the program."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} {self.uid} is kept as it was computed: make a new one.")
        super().save(*args, **kwargs)


class RiskSite(ScopedModel):
    """A piece of land an assessor works on."""

    division = models.ForeignKey("core.Division", models.PROTECT, related_name="+", verbose_name=_("行政区划"))
    name = models.CharField(_("地块名称"), max_length=120)
    address = models.CharField(_("位置"), max_length=200, blank=True)
    planned_use = models.CharField(_("规划用途"), max_length=120, blank=True)
    former_use = models.CharField(_("曾经用途"), max_length=120, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["division_path", "name", "id"]

    def __str__(self) -> str:
        return self.name


class RiskDraft(models.Model):
    """The form of a site as one person left it; gone once a run is made of it."""

    site = models.ForeignKey(RiskSite, models.CASCADE, related_name="drafts")
    person = models.ForeignKey("core.Person", models.CASCADE, related_name="+")
    content = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_risk_draft_per_person", fields=["site", "person"])]


class RiskRun(Unchanging):
    """One assessment: what went in, what came out, and everything it rests on, frozen as it was that day."""

    class Outcome(models.TextChoices):
        UNACCEPTABLE = "unacceptable", _("超过可接受水平")
        UNKNOWN = "unknown", _("不能判断")
        ACCEPTABLE = "acceptable", _("可接受")

    site = models.ForeignKey(RiskSite, models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField(_("序次"))
    remark = models.CharField(_("说明"), max_length=200, blank=True)
    input = models.JSONField()  # the case as `soildesk risk` takes it
    input_sha256 = models.CharField(max_length=64)
    result = models.JSONField()  # soilrules.risk.Assessment.as_json("zh")
    result_en = models.JSONField()
    basis = models.JSONField()  # soildesk.standards.riskbasis: parameters, toxicity, screening values as they stood
    land_class = models.PositiveSmallIntegerField(_("用地类别"))
    parameter_set = models.CharField(_("参数集"), max_length=60)
    edition = models.CharField(_("版本"), max_length=60)
    version = models.CharField(max_length=30)  # of soilrules
    outcome = models.CharField(_("结论"), max_length=12, choices=Outcome)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["site_id", "-number"]
        constraints = [models.UniqueConstraint(name="risk_run_numbered_once", fields=["site", "number"])]

    def __str__(self) -> str:
        return f"{self.site} · {self.number}"


class RiskUncertainty(Unchanging):
    """What a run becomes when some of its inputs are drawn from distributions."""

    run = models.ForeignKey(RiskRun, models.PROTECT, related_name="uncertainties")
    draws = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    sampler = models.CharField(max_length=20)
    uncertain = models.JSONField()  # {name: {kind, …, because}}
    result = models.JSONField()  # percentiles and tornado by substance
    version = models.CharField(max_length=30)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["run_id", "-at"]

"""Judgements 评价: the verdict on every result of a campaign by the standards of a day; the first ones stay."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import OfPlace, ScopedModel
from soildesk.monitoring.models.batches import Batch, Result
from soildesk.monitoring.models.campaigns import Campaign


class Judgement(OfPlace, ScopedModel):
    """One judging of the accepted results of a campaign: what called for it, by which tables, and what came of it.

    A trial by the standards of another day (`as_if_on`) changes nothing that stands. `rulings` are what verdicts
    share: limits, edition, basis, mark and the sentence; the counts are of the whole campaign afterwards.
    """

    class Why(models.TextChoices):
        ACCEPTED = "accepted", _("批次接收")
        STANDARD = "standard", _("标准变更")
        PH = "ph", _("pH 变更")
        USE = "use", _("用途变更")
        CORRECTED = "corrected", _("结果更正")
        AS_IF = "as_if", _("按指定日期试判")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="judgements")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="judgements")
    why = models.CharField(_("事由"), max_length=10, choices=Why)
    as_if_on = models.DateField(_("判定日期"), null=True, blank=True)
    rules_version = models.CharField(max_length=30)
    fingerprint = models.CharField(max_length=16)  # of the tables
    standards = models.JSONField(default=list)  # printed names of the editions used
    rulings = models.JSONField(default=list)
    rows = models.PositiveIntegerField(_("结果数"), default=0)
    changed = models.PositiveIntegerField(_("结论变化"), default=0)  # verdicts that were another before
    meets = models.PositiveIntegerField(_("未超标"), default=0)
    exceeds_screening = models.PositiveIntegerField(_("超筛选值"), default=0)
    exceeds_control = models.PositiveIntegerField(_("超管制值"), default=0)
    exceeds = models.PositiveIntegerField(_("超标"), default=0)
    unknown = models.PositiveIntegerField(_("无法判断"), default=0)
    rejected = models.PositiveIntegerField(_("弃用"), default=0)  # results a validator rejected, left out
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(name="judgement_of_campaign", fields=["campaign", "-at"])]


class ResultVerdict(models.Model):
    """The verdict on one result; what it rests on is ruling number `ruling` of its judgement.

    `analyte` is what was judged: the result's own, or a sum of which the result is the first component of its sample.
    It stands until a later judgement says otherwise (`superseded_at`); one that says the same writes nothing.
    """

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="verdicts")
    result = models.ForeignKey(Result, models.CASCADE, related_name="verdicts")
    analyte = models.CharField(_("评价项目"), max_length=60)  # slug of soilrules.analytes
    verdict = models.CharField(_("结论"), max_length=18)  # soilrules.verdict.Outcome
    cause = models.CharField(_("无法判断的原因"), max_length=40, blank=True)
    factor = models.FloatField(_("倍数"), null=True)  # value over the first limit
    ruling = models.PositiveIntegerField()
    day = models.DateField(_("判定依据的日期"), null=True)  # whose edition was asked
    ph = models.FloatField("pH", null=True)  # of the sample, as it was then known
    trial = models.BooleanField(default=False)  # of a judgement by another day's standards
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="result_one_verdict", fields=["result"], condition=Q(superseded_at__isnull=True, trial=False)
            ),
        ]
        indexes = [
            models.Index(
                name="verdict_grave",
                fields=["judgement", "verdict"],
                condition=~Q(verdict="meets"),
            ),
        ]


class Expected(models.Model):
    """Why a result over a limit is no warning of its own: what was weighed, sentence by sentence. Only added."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="expected")
    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="expected")
    verdict = models.CharField(_("结论"), max_length=18)
    reasons = models.JSONField(default=list)  # [{"id", "zh", "en"}]
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="result_one_expectation", fields=["result"], condition=Q(superseded_at__isnull=True)
            ),
        ]

"""One assessment of one place in a year, what is said of each item, objections, and what is proposed to follow."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.assessment.models.schemes import SchemeAdoption
from soildesk.core.models import Department, Division, OfPlace, ScopedModel
from soilrules.assessment.life import State as LifeState


class Assessment(OfPlace, ScopedModel):
    """A place assessed under a version of a scheme. It lies in the assessed place; its owner is the office that assesses.

    `facts` is what the records said when they were last read (`read_at`), each figure with its rows; after the self-assessment
    is signed they stay, and checks correct beside them. `snapshot` and `digest` freeze the result; after that nothing changes.
    """

    class State(models.TextChoices):
        OPENED = LifeState.OPENED.value, _("自评中")
        SELF_ASSESSED = LifeState.SELF_ASSESSED.value, _("已报自评，待核查")
        CHECKED = LifeState.CHECKED.value, _("已告知初核结果")
        OBJECTED = LifeState.OBJECTED.value, _("有异议")
        FINAL = LifeState.FINAL.value, _("已核定")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    adoption = models.ForeignKey(SchemeAdoption, models.PROTECT, related_name="assessments")
    scheme = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField(_("年度"))
    place = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("被考核地区"))
    unit = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("自评单位"))
    state = models.CharField(_("状态"), max_length=14, choices=State, default=State.OPENED)
    due = models.DateField(_("自评时限"))
    on = models.DateField(_("数据截至"))
    known_on = models.DateField(_("按何日已知的记录"))
    facts = models.JSONField(default=dict)
    read_at = models.DateTimeField()
    worst = models.DecimalField(_("最低得分"), max_digits=5, decimal_places=2, null=True, blank=True)
    best = models.DecimalField(_("最高得分"), max_digits=5, decimal_places=2, null=True, blank=True)
    grade = models.CharField(_("等次"), max_length=20, blank=True)
    opened_at = models.DateTimeField(_("发起时间"))
    opened_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    self_note = models.CharField(_("自评说明"), max_length=500, blank=True)
    self_worst = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    self_best = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    self_digest = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(_("签报时间"), null=True, blank=True)
    signed_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    returned_why = models.CharField(_("退回原因"), max_length=300, blank=True)
    announced_at = models.DateTimeField(_("告知时间"), null=True, blank=True)
    announced_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(_("核定时间"), null=True, blank=True)
    finished_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    document = models.CharField(_("文号"), max_length=80, blank=True)
    snapshot = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-year", "-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(name="assessment_once", fields=["place", "scheme", "year"]),
            models.CheckConstraint(
                name="assessment_final_is_frozen",
                condition=~Q(state=LifeState.FINAL.value) | (Q(finished_at__isnull=False) & ~Q(digest="") & ~Q(document="")),
            ),
            models.CheckConstraint(
                name="assessment_signed_has_a_moment", condition=Q(state=LifeState.OPENED.value) | Q(signed_at__isnull=False)
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="assessment_year", fields=["year", "scheme"])]

    def __str__(self) -> str:
        return self.number


class ItemResult(models.Model):
    """What is said of one item, deduction or veto: by the assessed, and by those who check. Files of evidence hang on it.

    A value is a share in percent, or a number of cases. `checked_value` is the value that counts in the end.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="results")
    item = models.CharField(max_length=60)
    self_value = models.DecimalField(_("自评值"), max_digits=12, decimal_places=4, null=True, blank=True)
    self_na = models.BooleanField(_("不适用"), default=False)
    self_remark = models.CharField(_("自评说明"), max_length=500, blank=True)
    self_at = models.DateTimeField(null=True, blank=True)
    self_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    checked_value = models.DecimalField(_("核定值"), max_digits=12, decimal_places=4, null=True, blank=True)
    checked_na = models.BooleanField(default=False)
    checked_why = models.CharField(_("核定依据"), max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="item_result_once", fields=["assessment", "item"]),
            models.CheckConstraint(
                name="item_checked_says_why", condition=Q(checked_at__isnull=True) | ~Q(checked_why="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.item}"


class Objection(OfPlace, ScopedModel):
    """What the assessed say against a result, and the answer. `item` empty: against the whole."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="objections")
    item = models.CharField(max_length=60, blank=True)
    text = models.CharField(_("异议"), max_length=1000)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    upheld = models.BooleanField(_("是否采纳"), null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="assessment_objection_answered",
                condition=Q(upheld__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Proposal(OfPlace, ScopedModel):
    """What the scheme says may follow. The desk proposes; a person takes it up or leaves it, and acts elsewhere."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待决定")
        ACCEPTED = "accepted", _("采纳")
        REFUSED = "refused", _("不采纳")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="proposals")
    rule = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    words = models.CharField(_("建议"), max_length=300)
    bodies = models.JSONField(default=list)
    basis = models.CharField(_("依据"), max_length=300)
    mark = models.CharField(_("把握"), max_length=8)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    why = models.CharField(_("理由"), max_length=300, blank=True)
    document = models.CharField(_("文号"), max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="assessment_proposal_once", fields=["assessment", "rule"]),
            models.CheckConstraint(
                name="assessment_proposal_decided_says_why", condition=Q(state="proposed") | ~Q(why="")
            ),
        ]

    def __str__(self) -> str:
        return self.words[:40]

"""What is said of a duty that is supervised: it is important, its term is to be extended, its escalation rests.

A row keeps the duty and, should the duty go, what it was about. `matter` names what is owed whatever row it stands in.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Department, Duty, Person, ScopedModel


def matter_of(duty: Duty) -> str:
    """The name of what is owed: the same record, kind, unit, period and words are the same matter."""
    told = (duty.subject_type, duty.subject_id, duty.kind, duty.unit_id, duty.period, duty.title)
    return hashlib.sha256("\n".join(map(str, told)).encode()).hexdigest()[:32]


class OfMatter(ScopedModel):
    """Rows about a duty, with what it was about."""

    duty = models.ForeignKey(Duty, models.SET_NULL, null=True, blank=True, related_name="+")
    matter = models.CharField(max_length=32, db_index=True)
    title = models.CharField(_("事项"), max_length=300)
    kind = models.CharField(_("事项类别"), max_length=20, choices=Duty.Kind.choices)
    unit = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+", verbose_name=_("责任单位"))

    class Meta:
        abstract = True

    @classmethod
    def about(cls, duty: Duty) -> dict[str, Any]:
        """The columns that say which duty a row is about."""
        return {
            "duty": duty,
            "matter": matter_of(duty),
            "title": duty.title,
            "kind": duty.kind,
            "unit_id": duty.unit_id,
            "division_path": duty.division_path,
            "owner_department_id": duty.owner_department_id,
        }

    @classmethod
    def scope_for_department(cls, grant: Any) -> Q:
        """A department sees what is about its own duties and about those it made others owe."""
        return Q(unit_id=grant.department_id) | Q(owner_department_id=grant.department_id)


class Importance(OfMatter):
    """A matter that is an important one: its slips begin a colour higher."""

    ground = models.CharField(_("依据"), max_length=200)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True, blank=True)
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(name="important_once", fields=["matter"], condition=Q(until=None)),
            models.CheckConstraint(
                name="importance_ends_after_it_starts", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]


class Extension(OfMatter):
    """A request for more time, asked before the term. Granted inside, it moves our own term; a term somebody else set is moved
    by that body alone, with its number and paper."""

    class State(models.TextChoices):
        ASKED = "asked", _("待审批")
        GRANTED = "granted", _("已同意")
        REFUSED = "refused", _("未同意")

    class How(models.TextChoices):
        INTERNAL = "internal", _("内部时限")
        BY_BODY = "by_body", _("由规定时限的机关批准")

    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED)
    reason = models.CharField(_("申请理由"), max_length=500)
    due_before = models.DateField(_("原时限"))
    due_wanted = models.DateField(_("申请延至"))
    asked_on = models.DateField(_("申请日期"))
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    how = models.CharField(_("方式"), max_length=10, choices=How, blank=True)
    due_granted = models.DateField(_("同意延至"), null=True, blank=True)
    body = models.CharField(_("批准机关"), max_length=120, blank=True)
    document = models.CharField(_("批准文号"), max_length=120, blank=True)
    decided_on = models.DateField(_("审批日期"), null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(_("审批意见"), max_length=300, blank=True)
    moved = models.BooleanField(default=False)  # whether the term of the duty is another one by it

    class Meta:
        ordering = ["-asked_on", "-id"]
        constraints = [
            models.UniqueConstraint(name="one_open_request", fields=["matter"], condition=Q(state="asked")),
            models.CheckConstraint(name="asked_before_the_term", condition=Q(asked_on__lte=F("due_before"))),
            models.CheckConstraint(name="asks_for_later", condition=Q(due_wanted__gt=F("due_before"))),
            models.CheckConstraint(
                name="another_body_by_its_number", condition=~Q(state="granted", how="by_body") | ~Q(document="")
            ),
        ]


class Suspension(OfMatter):
    """挂账: the escalation rests for a season or for works, to a day. It never says that something is not late."""

    class State(models.TextChoices):
        ASKED = "asked", _("待审批")
        GRANTED = "granted", _("已挂账")
        REFUSED = "refused", _("未同意")
        ENDED = "ended", _("已销账")

    class Cause(models.TextChoices):
        SEASON = "season", _("农时、汛期等季节原因")
        WORKS = "works", _("工程施工周期")
        PROCEDURE = "procedure", _("等待上级审批或者法定程序")
        OTHER = "other", _("其他")

    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED)
    cause = models.CharField(_("原因"), max_length=10, choices=Cause)
    ground = models.CharField(_("说明"), max_length=500)
    until = models.DateField(_("挂账至"))  # the first day on which the escalation goes on
    asked_on = models.DateField(_("申请日期"))
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    since = models.DateField(_("自"), null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(_("审批日期"), null=True, blank=True)
    decision = models.CharField(_("审批意见"), max_length=300, blank=True)
    ended_on = models.DateField(_("销账日期"), null=True, blank=True)
    ended_why = models.CharField(_("销账说明"), max_length=300, blank=True)

    class Meta:
        ordering = ["-asked_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_suspension", fields=["matter"], condition=Q(state__in=["asked", "granted"])
            ),
            models.CheckConstraint(
                name="suspension_granted_has_a_start", condition=~Q(state="granted") | Q(since__isnull=False)
            ),
            models.CheckConstraint(
                name="suspension_ends_after_it_starts", condition=Q(since=None) | Q(until__gt=F("since"))
            ),
        ]

"""调度: a round for a place, a period and some plans; the sheet of each unit in it, and every time a sheet was signed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Department, Division, HandedDown, Person, ScopedModel


class DispatchRound(HandedDown, ScopedModel):
    """One round: the units of the tasks of some plans say how things stand on a day. `on` is the day of the records.

    `snapshot` is what the round said when it was closed; until then everything is read from the sheets and records.
    """

    class State(models.TextChoices):
        OPEN = "open", _("填报中")
        CLOSED = "closed", _("已结束")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    period = models.CharField(_("调度期"), max_length=10)
    first = models.DateField()
    last = models.DateField()
    plans: Any = models.ManyToManyField("plans.Plan", related_name="+")
    plan_set = models.CharField(max_length=64)  # SHA-256 of the plans' names, in order
    on = models.DateField(_("数据截至"))
    due = models.DateField(_("填报时限"))
    items = models.JSONField(default=list)  # what units are ranked by, ids of soilrules.supervision.ranking
    note = models.CharField(_("填报要求"), max_length=500, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    opened_on = models.DateField(_("发起日期"))
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(_("结束日期"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    close_note = models.CharField(_("结束说明"), max_length=500, blank=True)
    snapshot = models.JSONField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-first", "-id"]
        constraints = [
            models.UniqueConstraint(name="one_round_a_period", fields=["division", "period", "plan_set"]),
            models.CheckConstraint(name="round_of_a_known_day", condition=Q(on__lte=F("opened_on"))),
            models.CheckConstraint(name="round_due_after_it_opens", condition=Q(due__gte=F("opened_on"))),
            models.CheckConstraint(
                name="closed_round_has_its_day", condition=~Q(state="closed") | Q(closed_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DispatchSheet(ScopedModel):
    """The sheet of one unit in a round: `records` are read for it, `words` are what no record knows, as the unit saved them
    last."""

    class State(models.TextChoices):
        OPEN = "open", _("待填报")
        SIGNED = "signed", _("已签报")
        RETURNED = "returned", _("已退回")
        MISSING = "missing", _("未报")

    round = models.ForeignKey(DispatchRound, models.PROTECT, related_name="sheets")
    unit = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    due = models.DateField(_("填报时限"))  # that of the round, or the one given when it was returned
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    records = models.JSONField(default=dict)  # what the registers said of the unit's tasks when it was filled
    read_at = models.DateTimeField()
    words = models.JSONField(default=dict)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    signed_on = models.DateField(_("签报日期"), null=True, blank=True)

    class Meta:
        ordering = ["round_id", "id"]
        constraints = [
            models.UniqueConstraint(name="one_sheet_a_unit", fields=["round", "unit"]),
            models.CheckConstraint(
                name="signed_sheet_has_its_day", condition=~Q(state="signed") | Q(signed_on__isnull=False)
            ),
        ]
        indexes = [models.Index(name="sheet_of_unit", fields=["unit", "state"])]

    def __str__(self) -> str:
        return f"{self.round} {self.unit}"

    @classmethod
    def scope_for_department(cls, grant: Any) -> Q:
        """A unit sees its own sheets and those of the rounds it opened."""
        return Q(unit_id=grant.department_id) | Q(owner_department_id=grant.department_id)


class Signing(models.Model):
    """One time a sheet was signed: what it said, fixed by a hash. Sent back, it stays as it was, with the reason."""

    sheet = models.ForeignKey(DispatchSheet, models.PROTECT, related_name="signings")
    turn = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    on_behalf = models.BooleanField(default=False)  # by the office, for a unit without an account
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    returned_why = models.CharField(_("退回原因"), max_length=500, blank=True)

    class Meta:
        ordering = ["sheet_id", "turn"]
        constraints = [
            models.UniqueConstraint(name="signed_once_a_turn", fields=["sheet", "turn"]),
            models.UniqueConstraint(name="one_standing_signing", fields=["sheet"], condition=Q(returned_at=None)),
            models.CheckConstraint(name="returned_with_a_reason", condition=Q(returned_at=None) | ~Q(returned_why="")),
        ]

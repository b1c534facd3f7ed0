"""What is due to whom and when: one row for one report of one period of one place."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Department, OfPlace, ScopedModel


class ReportDue(OfPlace, ScopedModel):
    """One report that is owed. Late is said of its duty alone (`core.duties`).

    `origin` is the key of the rule it came from, or empty for one a person put into the calendar; `form` the kind of the desk
    that fills it, empty where none does. `basis` is the clause or citation as it was on the day it was entered.
    """

    kind = models.CharField(max_length=60, blank=True)
    origin = models.CharField(max_length=160, blank=True)
    title = models.CharField(_("报表"), max_length=160)
    form = models.CharField(_("填报表式"), max_length=40, blank=True)
    sender = models.CharField(_("报送单位"), max_length=120)
    receiver = models.CharField(_("报送对象"), max_length=160)
    year = models.PositiveSmallIntegerField(_("年度"))
    period = models.CharField(_("期次"), max_length=20)
    period_first = models.DateField()
    period_last = models.DateField()
    due = models.DateField(_("时限"), null=True, blank=True)
    provisional = models.BooleanField(_("暂定"), default=False)
    basis = models.CharField(_("依据"), max_length=400)
    mark = models.CharField(_("把握"), max_length=8)
    unit = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("承办单位"))
    dropped_why = models.CharField(_("不报原因"), max_length=300, blank=True)
    dropped_on = models.DateField(null=True, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due", "id"]
        constraints = [
            models.UniqueConstraint(
                name="report_due_once", fields=["division_path", "origin", "period"], condition=~Q(origin="")
            ),
            models.CheckConstraint(
                name="report_dropped_says_why", condition=Q(dropped_on__isnull=True) | ~Q(dropped_why="")
            ),
        ]
        indexes = [models.Index(name="report_due_year", fields=["year", "due"])]

    def __str__(self) -> str:
        return f"{self.title}（{self.period}）"

    @classmethod
    def scope_for_department(cls, grant: Any) -> Q:
        """Rows of the place, and those the department prepares."""
        return super().scope_for_department(grant) | Q(unit_id=grant.department_id)

"""Talks 约谈: the notice, the day, what was said, what was promised and what came of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Department, Person, ScopedModel
from soildesk.supervision.models.letters import Letter


class Talk(ScopedModel):
    """One talk, by a notice of the body that holds it or by its answer to our proposal (`letter`)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("待约谈")
        HELD = "held", _("整改中")
        CLOSED = "closed", _("已销号")

    letter = models.OneToOneField(Letter, models.PROTECT, related_name="talk")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PLANNED)
    title = models.CharField(_("约谈事由"), max_length=200)
    body = models.CharField(_("约谈机关"), max_length=120)
    document = models.CharField(_("依据文号"), max_length=120)
    units = models.ManyToManyField(Department, related_name="+")
    planned_on = models.DateField(_("约谈日期"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    held_on = models.DateField(_("实际日期"), null=True, blank=True)
    chair = models.CharField(_("约谈人"), max_length=120, blank=True)
    attended = models.CharField(_("被约谈人"), max_length=300, blank=True)
    minutes = models.TextField(_("约谈记录"), blank=True)
    digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    held_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(_("销号日期"), null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_why = models.CharField(_("销号说明"), max_length=300, blank=True)

    class Meta:
        ordering = ["-planned_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="talk_held_has_a_day", condition=Q(state="planned") | Q(held_on__isnull=False) & ~Q(digest="")
            )
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_for_department(cls, grant: Any) -> Q:
        """A department sees the talks it prepared, and those it is asked to."""
        asked = cls.units.through.objects.filter(department_id=grant.department_id)
        return Q(owner_department_id=grant.department_id) | Q(pk__in=asked.values("talk_id"))


class TalkPromise(ScopedModel):
    """One thing a unit promised in a talk 整改要求, with its day; the office looks at what was done."""

    class State(models.TextChoices):
        OPEN = "open", _("整改中")
        REPORTED = "reported", _("待核实")
        VERIFIED = "verified", _("已核实")

    talk = models.ForeignKey(Talk, models.CASCADE, related_name="promises")
    position = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    text = models.CharField(_("整改要求"), max_length=300)
    due = models.DateField(_("时限"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    result = models.CharField(_("整改情况"), max_length=500, blank=True)
    reported_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    verified_on = models.DateField(_("核实日期"), null=True, blank=True)
    verified_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    remark = models.CharField(_("核实意见"), max_length=300, blank=True)

    class Meta:
        ordering = ["talk_id", "position"]
        constraints = [
            models.CheckConstraint(name="promise_done_has_a_day", condition=Q(state="open") | Q(done_on__isnull=False))
        ]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def scope_for_department(cls, grant: Any) -> Q:
        """A department sees its own promises and those of talks it prepared."""
        return Q(owner_department_id=grant.department_id) | Q(unit_id=grant.department_id)

"""What a place says of supervision: which of its departments is what, from when which rules hold, up to which day they were run."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Department, Division, OfPlace, ScopedModel
from soilrules.supervision.authorities import Body


class Office(OfPlace, ScopedModel):
    """A department of a place that is, in supervision, the bureau, the campaign office, the government or the superior."""

    BODIES = (
        (Body.BUREAU.value, _("牵头部门")),
        (Body.CAMPAIGN_OFFICE.value, _("指挥部办公室")),
        (Body.GOVERNMENT.value, _("本级人民政府")),
        (Body.SUPERIOR.value, _("上级机关")),
    )

    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("部门"))
    body = models.CharField(_("在督办中是"), max_length=20, choices=BODIES)
    ground = models.CharField(_("依据"), max_length=200)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    named_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        ordering = ["division_path", "id"]
        constraints = [
            models.UniqueConstraint(
                name="supervision_office_once", fields=["division", "department", "body"], condition=Q(until=None)
            ),
            models.UniqueConstraint(
                name="one_campaign_office",
                fields=["division"],
                condition=Q(until=None, body=Body.CAMPAIGN_OFFICE.value),
            ),
            models.CheckConstraint(
                name="supervision_office_ends_after_it_starts", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}（{self.get_body_display()}）"


class SlipRules(OfPlace, ScopedModel):
    """One version of the rules of slips of a place, from a day on; with `in_use` false nothing is issued from that day."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    since = models.DateField(_("自"))
    in_use = models.BooleanField(_("启用"), default=True)
    changes = models.JSONField(default=dict)  # rule id → what differs from the customary rule
    colours = models.JSONField(default=dict)  # colour → what it is called here
    ground = models.CharField(_("依据"), max_length=300, blank=True)
    set_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["division_path", "since", "id"]


class Run(OfPlace, ScopedModel):
    """One time the slips of a place were made out: up to which day, and how many there were."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    until = models.DateField()
    issued = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-until", "-id"]
        constraints = [models.UniqueConstraint(name="one_run_a_day", fields=["division", "until"])]

"""Whose warnings are, as a place says it 属地规则: dated rows, each with where it comes from."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Department, OfPlace, ScopedModel


class OwnerRule(OfPlace, ScopedModel):
    """Who leads the disposal of warnings on some media and lands in a division and all below it, from a day on.

    `media` are keys of Medium; `lands` are soilrules.monitoring.owners.Land, none of them for any land. Never edited:
    a rule ends by its last day, and another one begins; acts stand in the audit.
    """

    class Force(models.TextChoices):
        MUST = "must", _("文件规定")
        DEFAULT = "default", _("商定的工作分工")

    media = models.JSONField(_("介质"), default=list)
    lands = models.JSONField(_("用地"), default=list)
    leads = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("牵头单位"))
    supports = models.ManyToManyField(Department, related_name="+", verbose_name=_("配合单位"))
    force = models.CharField(_("效力"), max_length=8, choices=Force, default=Force.MUST)
    source = models.CharField(_("依据"), max_length=300)  # document, number and clause
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)  # the first day on which it no longer holds
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["division_path", "-since", "-id"]
        constraints = [
            models.CheckConstraint(name="owner_rule_days", condition=Q(until__isnull=True) | Q(until__gte=F("since"))),
        ]

    def __str__(self) -> str:
        return self.source

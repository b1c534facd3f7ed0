"""Who leads a unit: slips and letters "to the leader" reach that person."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Department, Person


class UnitLeader(models.Model):
    """The person a department is led by, as far as supervision writes to it. Personal data: the name of an account."""

    department = models.OneToOneField(Department, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("主要负责人"))

"""The working-day calendar: State Council notices as rows."""

from __future__ import annotations

from django.db import models


class CalendarDay(models.Model):
    """A day on which the notice departs from Monday-to-Friday. Years without a notice are provisional."""

    day = models.DateField(unique=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=120)

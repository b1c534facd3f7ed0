"""Divisions 行政区划: province, city, county, town, village, with dated codes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def valid_on(day: date) -> Q:
    """Rows whose half-open period `[since, until)` covers `day`; an empty bound is open."""
    return (Q(since__isnull=True) | Q(since__lte=day)) & (Q(until__isnull=True) | Q(until__gt=day))


def is_valid(row: Any, day: date) -> bool:
    """Whether the period of a row that was read covers `day`: what `valid_on` asks of rows in the store."""
    return (row.since is None or row.since <= day) and (row.until is None or row.until > day)


class Division(models.Model):
    """One division under one code of GB/T 2260 (or the 9- and 12-digit codes below county).

    A code that changes is a new row and a `DivisionSuccession`; codes are never rewritten.
    `path` is the codes from the province down, each closed by a slash: `99/9901/990101/`.
    """

    class Level(models.TextChoices):
        COUNTRY = "country", _("全国")
        PROVINCE = "province", _("省级")
        CITY = "city", _("市级")
        COUNTY = "county", _("县级")
        TOWN = "town", _("乡级")
        VILLAGE = "village", _("村级")

    code = models.CharField(_("代码"), max_length=12)
    name = models.CharField(_("名称"), max_length=80)
    level = models.CharField(_("级别"), max_length=10, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=80, db_index=True)
    since = models.DateField(_("起"), null=True, blank=True)
    until = models.DateField(_("止"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(name="division_code_once_open", fields=["code"], condition=Q(until__isnull=True)),
            models.CheckConstraint(
                name="division_ends_after_it_starts",
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gt=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DivisionSuccession(models.Model):
    """A code went over into another on a day (撤县设区, 合并, 改码)."""

    old = models.ForeignKey(Division, models.PROTECT, related_name="successors")
    new = models.ForeignKey(Division, models.PROTECT, related_name="predecessors")
    on = models.DateField(_("日期"))
    ground = models.CharField(_("依据"), max_length=200, blank=True)


class DivisionAttribute(models.Model):
    """A dated attribute of a division, e.g. `涉农` for a town."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="attributes")
    name = models.CharField(_("属性"), max_length=40)
    since = models.DateField(_("起"), null=True, blank=True)
    until = models.DateField(_("止"), null=True, blank=True)
    ground = models.CharField(_("依据"), max_length=200, blank=True)

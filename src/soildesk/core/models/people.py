"""Departments with their names through time, people, and who may do what where."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models.places import Division
from soildesk.core.models.scoped import new_uid


class Department(models.Model):
    """A department, town government or other body that can be made responsible (部门、镇街、单位).

    `function` names the line of work across places (ecology, agriculture …), so that the same
    line is found in every division.
    """

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("部门")
        TOWN = "town", _("镇街")
        GOVERNMENT = "government", _("政府")
        OTHER = "other", _("其他单位")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    name = models.CharField(_("全称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind, default=Kind.DEPARTMENT)
    function = models.CharField(_("条线"), max_length=40, blank=True)
    division = models.ForeignKey(Division, models.PROTECT, related_name="departments")
    since = models.DateField(_("起"), null=True, blank=True)
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        ordering = ["division__path", "id"]
        constraints = [
            models.UniqueConstraint(
                name="department_name_once_per_division", fields=["division", "name"], condition=Q(until__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class DepartmentAlias(models.Model):
    """Another name a document may print for a department (发改委 = 发展和改革委员会)."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="aliases")
    name = models.CharField(_("别名"), max_length=80, db_index=True)
    confirmed_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="alias_once_per_department", fields=["department", "name"])]


class DepartmentSuccession(models.Model):
    """Duties of one department went to another on a day (改名, 合并, 职能划转). It proposes, never assumes."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("改名")
        MERGED = "merged", _("合并")
        TRANSFERRED = "transferred", _("职能划转")

    old_name = models.CharField(_("原名称"), max_length=80, db_index=True)
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+")
    new = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="predecessors")
    new_name = models.CharField(_("现名称"), max_length=80, blank=True)
    on = models.DateField(_("日期"))
    kind = models.CharField(_("方式"), max_length=12, choices=Kind)
    ground = models.CharField(_("依据"), max_length=200, blank=True)


class PersonManager(BaseUserManager["Person"]):
    """People are made by `soildesk.core.services.people`, with an audit entry; this is what Django itself needs."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username=username)

    def working_in(self, departments: Iterable[int]) -> models.QuerySet[Person]:
        """Who works in some departments and may sign in. Firms, laboratories and experts whose account an office keeps do not:
        what the office is told is not for them.
        """
        rows = self.filter(department_id__in=list(departments), is_active=True)
        outside, inside = Q(role__in=OUTSIDE), ~Q(role__in=OUTSIDE)
        holders = RoleGrant.objects.values("person")
        return rows.exclude(Q(pk__in=holders.filter(outside)) & ~Q(pk__in=holders.filter(inside)))


class Person(AbstractBaseUser):
    """Somebody who logs in. Personal data: name, phone."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    username = models.CharField(_("用户名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="people")
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(default=False)
    otp_secret = models.CharField(max_length=64, blank=True)
    otp_last_step = models.BigIntegerField(default=0)  # the last 30 s step used: a code counts once
    otp_wrong = models.PositiveSmallIntegerField(default=0)  # wrong codes since the last right one
    otp_wrong_at = models.DateTimeField(null=True, blank=True)
    otp_confirmed_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonManager()

    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A role held in one department for one division and all below it, in a period. Closed by default."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("系统管理员")
        OFFICER = "officer", _("经办人")  # reads plans, edits the ledger, makes duties
        ISSUER = "issuer", _("方案签发人")  # settles conflicts, accepts, publishes, closes
        DEPARTMENT = "department", _("责任单位人员")  # fills in progress and evidence of its own department
        TOWN = "town", _("镇街人员")
        READER = "reader", _("查阅")
        AUDITOR = "auditor", _("审计")
        LABORATORY = "laboratory", _("检测机构人员")  # checks and sends files of results, sees its own
        ENTERPRISE = "enterprise", _("企业人员")  # files for the enterprise it represents, sees that one alone
        EXPERT = "expert", _("评审专家")  # gives opinions on reports it was asked to review, sees those alone

    person = models.ForeignKey(Person, models.CASCADE, related_name="grants")
    role = models.CharField(_("角色"), max_length=12, choices=Role)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    since = models.DateField(_("起"), null=True, blank=True)
    until = models.DateField(_("止"), null=True, blank=True)
    granted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grant_ends_after_it_starts",
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gt=F("since")),
            )
        ]


OUTSIDE = frozenset({RoleGrant.Role.LABORATORY, RoleGrant.Role.ENTERPRISE, RoleGrant.Role.EXPERT})
"""Roles of people outside the offices: they see what is their own, by the rooms' own words, and no other row."""

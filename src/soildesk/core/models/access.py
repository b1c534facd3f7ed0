"""What login keeps beside the person: old passwords, recovery codes and tokens of programs, as hashes only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from soildesk.core.models.scoped import new_uid


class OldPassword(models.Model):
    """A password hash a person used before, so that it is not used again."""

    person = models.ForeignKey("core.Person", models.CASCADE, related_name="old_passwords")
    encoded = models.CharField(max_length=200)
    set_at = models.DateTimeField()


class RecoveryCode(models.Model):
    """One single-use code for a person whose second factor is lost."""

    person = models.ForeignKey("core.Person", models.CASCADE, related_name="recovery_codes")
    encoded = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class Token(models.Model):
    """A key by which a program acts as its owner, kept as a hash only; it opens machine addresses and never a page."""

    class Scope(models.TextChoices):
        READ = "read", _("只读")
        WRITE = "write", _("读写")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    person = models.ForeignKey("core.Person", models.CASCADE, related_name="tokens")
    prefix = models.CharField(_("令牌开头"), max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(_("权限"), max_length=5, choices=Scope, default=Scope.READ)
    note = models.CharField(_("用途"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("签发时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

"""What login keeps beside the person: old passwords and recovery codes, as hashes only."""

from __future__ import annotations

from django.db import models


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

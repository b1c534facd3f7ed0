"""Mail that goes out besides the messages of the desk: kept until it was sent."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Department


class MailAddress(models.Model):
    """The address at which a department reads the mail of supervision."""

    department = models.OneToOneField(Department, models.CASCADE, related_name="+")
    address = models.EmailField(_("督办邮箱"))


class Mail(models.Model):
    """One letter in the queue. It stays until it was sent; what failed is tried again later."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["queued_at", "id"]
        indexes = [models.Index(name="mail_to_send", fields=["sent_at", "next_try_at"])]
